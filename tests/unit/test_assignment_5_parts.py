"""Assignment 5, part by part: solved copies earn all, each mistake loses its part."""

import re

import pytest

from alexnet_lib.classroom.solutions import exercises
from tests.unit.earned import copy_of, lost, names_of

STUDENTS = tuple("abcdefghijkl")
FEW = STUDENTS[:6]


def solution(student: str, question: int) -> str:
    return exercises(copy_of(5, student).solution)[question - 1].code


def changed(student: str, question: int, pattern: str, instead: str) -> str:
    """The solution of a question with one thing written otherwise."""
    code, count = re.subn(pattern, instead, solution(student, question))
    assert count, f"{pattern} is not in the solution of question {question}"
    return code


def made_order(student: str) -> str:
    latest = copy_of(5, student).own.listening.latest_first
    return f"""
right = record

def record(network, numbers, names):
    made = [*network.layers]
    calls = right(network, numbers, names)
    return sorted(calls, key=lambda call: made.index(call[0]), reverse={latest})
"""


def other_calls(student: str) -> str:
    first = "[c for i, c in enumerate(calls) if c[0] not in [o[0] for o in calls[:i]]]"
    every = copy_of(5, student).own.listening.calls == "every"
    return changed(student, 1, r"kept = .*", f"kept = {first if every else 'calls'}")


def other_measure(student: str) -> str:
    tolerance = copy_of(5, student).own.tolerance
    swapped = {
        "largest": f"sizes**2 > {tolerance.least} * (sizes**2).sum()",
        "energy": f"sizes > {tolerance.least} * sizes[0]",
    }[tolerance.measure]
    return only(student, "seen", 3, r"directions\[.*\]", f"directions[{swapped}]")


def only(student: str, name: str, question: int, pattern: str, instead: str) -> str:
    """The same for a function of a solution; the table beside it stays as it was."""
    code = changed(student, question, pattern, instead)
    return code[: code.index("\n\n\n")] if "\n\n\n" in code else code


def wrapped(name: str, body: str) -> str:
    """A function that asks the right one, and does something to its answer."""
    return f"""
right = {name}

def {name}(*args):
    answer = right(*args)
{body}
"""


# what a student wrote, and the only part that it loses
MISTAKES = {
    "layers in the order in which they were made": ("q1.1", made_order),
    "no copy": (
        "q1.2",
        lambda s: changed(s, 1, r"\[\*(given|result)\]", r"\1"),
    ),
    "the wrong calls of a layer": ("q1.3", other_calls),
    "hooks that stay": ("q1.4", lambda s: changed(s, 1, r"handle\.remove\(\)", "pass")),
    "hooks that stay after a breakdown": (
        "q1.4",
        lambda s: changed(s, 1, r"try:|finally:", "if True:"),
    ),
    "no padding taken for half a kernel": (
        "q2.1",
        lambda s: only(
            s,
            "watchers",
            2,
            r"(        size = \(size)",
            r"        padding = padding or kernel // 2\n\1",
        ),
    ),
    "not cut at the ends of the maps": (
        "q2.2",
        lambda s: only(s, "watchers", 2, r"max\((.*), 0\)", r"\1"),
    ),
    "a unit too many in a padded map": (
        "q2.2",
        lambda s: only(
            s, "watchers", 2, r"// stride \+ 1", "// stride + 1 + (padding > 0)"
        ),
    ),
    "a pixel that nobody sees given to the last unit": (
        "q2.2",
        lambda s: wrapped("watchers", "    return answer or [0, 0]"),
    ),
    "rows and columns of the unit exchanged": (
        "q2.3",
        lambda s: "unit = {'rows': unit['columns'], 'columns': unit['rows']}",
    ),
    "the unit's field not cut at the edge": (
        "q2.3",
        lambda s: "unit['columns'] = [unit['columns'][0] - 1, unit['columns'][1]]",
    ),
    "a tolerance that is no ratio": (
        "q3.1",
        lambda s: only(
            s, "seen", 3, r" \* (sizes\[0\]|\(sizes\*\*2\)\.sum\(\))\]", "]"
        ),
    ),
    "every direction counted": (
        "q3.2",
        lambda s: only(
            s, "seen", 3, r"directions\[.*\]", "directions[sizes > 1e-9 * sizes[0]]"
        ),
    ),
    "another measure than one's own": ("q3.2", other_measure),
    "what the windows do not see": (
        "q3.3",
        lambda s: wrapped(
            "seen",
            "    return [answer[0], [a - b for a, b in zip(args[1], answer[1])]]",
        ),
    ),
    "one window for all": (
        "q3.4",
        lambda s: "sight['together'] = sight['one_window']",
    ),
    "a line for a picture": ("q3.4", lambda s: "sight['no_gradient'] = 3"),
    "at least two cuts": (
        "q4.1",
        lambda s: changed(s, 4, r"range\(1, len\(a\)\)", "range(2, len(a))"),
    ),
    "channels by their number": (
        "q4.2",
        lambda s: wrapped("operate", "    return [sorted(answer[0]), answer[1]]"),
    ),
    "one channel by chance": (
        "q4.3",
        lambda s: changed(
            s,
            4,
            r"combinations\(range\(len\(a\)\), count\)",
            "combinations(range(7), 1)",
        ),
    ),
    "the other share": (
        "q4.3",
        lambda s: wrapped("operate", "    return [answer[0], 1 - answer[1]]"),
    ),
    "another mistake": ("q5.1", lambda s: "diagnosis['mistake'] = 'no'"),
    "pixels for positions": ("q5.2", lambda s: "diagnosis['row'] += 2"),
    "a neighbour": ("q5.2", lambda s: "diagnosis['column'] += 1"),
    "the posted number": ("q5.3", lambda s: "diagnosis['loss'] *= -1"),
    "a number that is a text": (
        "q5.3",
        lambda s: "diagnosis['loss'] = str(diagnosis['loss'])",
    ),
}


@pytest.mark.parametrize("student", STUDENTS)
def test_a_solved_copy_earns_everything(student):
    assert lost(copy_of(5, student)) == set()


@pytest.mark.parametrize("student", STUDENTS)
def test_an_example_is_reached_from_the_digits_that_are_printed(student):
    copy = copy_of(5, student)
    shown = copy.own.spread
    rows = [[round(x, 4) for x in row] for row in shown.rows]
    dimensions, part = names_of(copy)["seen"](rows, shown.kernel)
    assert dimensions == shown.dimensions
    for ours, exact in zip(part, shown.part, strict=True):
        assert abs(ours - round(exact, 2)) < 0.008  # the check allows 0.01


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_loses_its_part_and_no_other(mistake):
    part, code = MISTAKES[mistake]
    for student in FEW:
        assert lost(copy_of(5, student), code(student)) == {part}, student


def test_every_part_has_its_mistake():
    parts = {
        f"{question.name}.{place}"
        for question in copy_of(5, "a").questions
        for place, _ in enumerate(question.parts, start=1)
    }
    assert {part for part, _ in MISTAKES.values()} == parts


def test_the_students_cover_every_rule():
    """So that what is tried on a few is tried on all kinds of copies."""
    owns = [copy_of(5, student).own for student in STUDENTS]
    few = [copy_of(5, student).own for student in FEW]
    assert {own.listening.moment for own in few} == {"given", "gives"}
    assert {own.listening.calls for own in owns} == {"every", "first", "last"}
    assert {own.tolerance.measure for own in few} == {"largest", "energy"}
    assert len({own.surgery.votes for own in owns}) == 3
    assert len({own.enlargement.kind for own in owns}) == 3


def test_another_students_functions_earn_less():
    """The rules are the copy's own: what was written for another loses points."""
    ours, theirs = copy_of(5, "a").own, copy_of(5, "b").own
    assert ours.listening != theirs.listening
    assert ours.surgery != theirs.surgery
    code = solution("b", 1) + "\n\n" + solution("b", 4)
    assert lost(copy_of(5, "a"), code) >= {"q1.3", "q4.2", "q4.3"}


def test_no_hidden_case_is_an_example():
    for student in FEW:
        copy = copy_of(5, student)
        own = copy.own
        calls = [
            probe.args
            for question in copy.questions
            for part in question.parts
            for probe in part.probes
            if probe.args is not None
        ]
        shown = [own.heard.args, own.head.args, (own.spread.rows, own.spread.kernel)]
        windows, size, pixel = own.watched
        shown.append(([list(window) for window in windows], size, pixel))
        assert [args for args in shown if args in calls] == []
        assert len({repr(args) for args in calls}) > 60
