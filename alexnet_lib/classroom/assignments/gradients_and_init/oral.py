"""Ten questions of two minutes each, made from what a student handed in."""

from alexnet_lib.classroom.assignments.gradients_and_init.own import Own
from alexnet_lib.classroom.assignments.parts import OralQuestion, Work, entry, last_line


def ask(own: Own, work: Work) -> list[OralQuestion]:
    """Each names something of the student's own: a number, a line, a bet."""
    return [
        *_on_the_curve(own, work),
        *_on_the_sick_run(own, work),
        *_on_starts(own, work),
    ]


def _on_the_curve(own: Own, work: Work) -> list[OralQuestion]:
    curve = own.curve
    line = last_line(work, "slope") or "(no line with a return)"
    chain = last_line(work, "chain_gradients") or "(no line with a return)"
    steepest = max((curve.slope(x / 100) for x in range(-400, 400)), default=0.0)
    return [
        OralQuestion(
            f"Your `slope` ends with `{line}`. What does it give at x = "
            f"{curve.cap + 5}, and what follows for a unit that always gets such an "
            f"input?",
            "0; its weights get no gradient, whatever the loss: it no longer learns",
        ),
        OralQuestion(
            f"Where is your curve steepest, and about how steep? Draw it: cap at "
            f"{curve.cap}.",
            f"about {steepest:.2f}; near 0, or a little to the right of it for x times "
            f"a sigmoid",
        ),
        OralQuestion(
            f"`chain_gradients` ends with `{chain}`. In which order did you go "
            f"through the layers, and which numbers of the way forward did you have to "
            f"keep?",
            "from the last to the first; the inputs of the layers and of the curve",
        ),
        OralQuestion(
            f"In the chain with the weights {own.chain[0]}, make the first weight ten "
            f"times as large. Does the gradient of the second one grow tenfold?",
            "not in general: the second layer's input goes through the curve, which "
            "bends and is level from the cap on",
        ),
    ]


def _on_the_sick_run(own: Own, work: Work) -> list[OralQuestion]:
    sick = own.sick
    return [
        OralQuestion(
            f"You wrote {entry(work, 'diagnosis', 'cause')!r}, in "
            f"{entry(work, 'diagnosis', 'where')!r}. Which two numbers of the table "
            f"say so, and which other cause do they rule out?",
            f"{sick.cause}, {sick.where}; the column of the outputs, then that of the "
            f"gradients",
        ),
        OralQuestion(
            f"You found the ratio {entry(work, 'diagnosis', 'ratio')!r}. With one rate "
            f"for all layers, which of them learns fastest at first?",
            f"{sick.ratio:.3g}; the one with the larger gradient norm, if there is any",
        ),
        OralQuestion(
            "What is the first thing you would change in that run, and which column of "
            "the table would show you that it helped?",
            f"the start of {sick.where} ({sick.cause}); outputs of about the same size "
            f"in every layer",
        ),
    ]


def _on_starts(own: Own, work: Work) -> list[OralQuestion]:
    start, reach = own.start, own.reach
    groups = start.layers[1].groups
    quoted = ", ".join(work.quoted) or "no number of your run"
    return [
        OralQuestion(
            f"You gave conv2 the standard deviation {entry(work, 'stds', 'conv2')!r}. "
            f"It has {groups} groups. With one group, would it be larger or smaller, "
            f"and by what factor?",
            f"{start.std(start.layers[1]):.4f}; smaller, by the root of {groups}",
        ),
        OralQuestion(
            f"You say that {entry(work, 'reach', 'layers')!r} layers bring the "
            f"gradient under 10 to the power of -{reach.exponent}. Is that what will "
            f"happen, or the best that can happen?",
            f"{reach.layers}; the best: every slope is at most {reach.steepest}",
        ),
        OralQuestion(
            f"Your bet was {entry(work, 'bet', 'steadiest')!r}, and you quote "
            f"{quoted}. Show it in the output. Would another draw of the weights give "
            f"the same?",
            "the line of the output; other numbers, mostly the same order",
        ),
    ]
