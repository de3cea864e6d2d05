"""Ten questions of two minutes each, made from what a student handed in."""

from alexnet_lib.classroom.assignments.lrn_and_dropout.normalisation import (
    EDGES,
    SHARES,
)
from alexnet_lib.classroom.assignments.lrn_and_dropout.own import Own
from alexnet_lib.classroom.assignments.parts import OralQuestion, Work, entry, last_line


def ask(own: Own, work: Work) -> list[OralQuestion]:
    """Each names something of the student's own: a number, a line, a bet."""
    return [
        *_on_the_rule(own, work),
        *_on_places(own, work),
        *_on_dropout(own, work),
        *_on_the_run(own, work),
    ]


def _on_the_rule(own: Own, work: Work) -> list[OralQuestion]:
    rule, printed = own.rule, own.printed
    line = last_line(work, "normalise") or "(no line with a return)"
    return [
        OralQuestion(
            f"Your `normalise` ends with `{line}`. Which channels are read for channel "
            f"0, of {rule.n + 3} channels, and how often each?",
            f"{rule.window(0, rule.n + 3)}; {EDGES[rule.edge]}",
        ),
        OralQuestion(
            f"By your rule (k = {rule.k}, beta = {rule.beta}), what is the largest "
            f"gain that any number can have? Does the loudest number gain most?",
            f"k to the power of -beta, {rule.k**-rule.beta:.4f}, for numbers without "
            f"energy; the louder, the smaller the gain; alpha multiplies "
            f"{SHARES[rule.share]}",
        ),
        OralQuestion(
            f"You gave {entry(work, 'constants', 'other_alpha')!r} as the other alpha. "
            f"Who divides by {printed.n}, and why does nobody notice where all numbers "
            f"are near 1?",
            f"{printed.other_alpha:.6g}; torch does; alpha times a few squares of 1 is "
            f"nothing beside k = {printed.k}",
        ),
        OralQuestion(
            f"You wrote {entry(work, 'constants', 'half_energy')!r} for the energy "
            f"that halves the gain. Is it larger or smaller when k is doubled?",
            f"{printed.half_energy:.6g}; twice as large: alpha times energy counts "
            f"beside k only",
        ),
    ]


def _on_places(own: Own, work: Work) -> list[OralQuestion]:
    row, known = own.row, own.row.commutes()
    pair = next((name for name, commutes in known.items() if commutes), "act, norm")
    why = {
        "act, pool": "it keeps the order of any two numbers, or it is linear, as the "
        "pool is",
        "act, norm": "it changes no square, so the brackets are the same",
    }
    does = why[pair] if known[pair] else "no: it changes the squares of the neighbours"
    said = "True" if entry(work, "order", pair) is True else "a picture, or nothing"
    return [
        OralQuestion(
            f"For `{pair}` you gave {said}. Say why, for any numbers that come in.",
            does,
        ),
        OralQuestion(
            f"You found {entry(work, 'order', 'saved')!r} numbers saved by normalising "
            f"behind the pool of {row.window} at stride {row.stride}. Is the network "
            f"the same one then?",
            f"{row.numbers_saved:,}; no, these two never commute: another network, and "
            f"a cheaper one",
        ),
    ]


def _on_dropout(own: Own, work: Work) -> list[OralQuestion]:
    drop, report = own.drop, own.report
    line = last_line(work, "drop") or "(no line with a return)"
    return [
        OralQuestion(
            f"Your `drop` ends with `{line}`. A number 8.0, p = {own.call[2]}: what "
            f"are its mean in training and its value in testing?",
            f"both {8 * drop.scale(own.call[2], False):.4g}: that is what the scaling "
            f"is for",
        ),
        OralQuestion(
            f"You named {entry(work, 'diagnosis', 'mistake')!r} and the factor "
            f"{entry(work, 'diagnosis', 'factor')!r}. Which two numbers of the report "
            f"decide it, and which mistake do they rule out?",
            f"{report.mistake}, {report.factor:.4g}; the same place in training and in "
            f"predicting, or the zeros of two rows",
        ),
    ]


def _on_the_run(own: Own, work: Work) -> list[OralQuestion]:
    task = own.task
    quoted = ", ".join(work.quoted) or "no number of your run"
    return [
        OralQuestion(
            f"Your bet was {entry(work, 'bet', 'new_points')!r}, and you quote "
            f"{quoted}. Show it in the output. Do three seeds settle it?",
            "the lines of the output; ranges that part are the most that three seeds "
            "can say, and the points were the same in all",
        ),
        OralQuestion(
            f"Your {task.points} points have {task.numbers} numbers each. With ten "
            f"times as many points, what would become of the gap between own and new "
            f"points?",
            f"it shrinks, with dropout {task.p} or without: there is less to learn by "
            f"heart",
        ),
    ]
