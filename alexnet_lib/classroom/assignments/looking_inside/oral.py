"""Ten questions of two minutes each, made from what a student handed in."""

from alexnet_lib.classroom.assignments.looking_inside.own import RATE, STEPS, Own
from alexnet_lib.classroom.assignments.looking_inside.questions import sight_of
from alexnet_lib.classroom.assignments.parts import OralQuestion, Work, entry, last_line

NO_LINE = "(no line with a return)"


def ask(own: Own, work: Work) -> list[OralQuestion]:
    """Each names something of the student's own: a number, a line, a bet."""
    return [
        *_on_hooks_and_pixels(own, work),
        *_on_windows(own, work),
        *_on_surgery(own, work),
        *_on_the_map(own, work),
        *_on_the_run(own, work),
    ]


def _on_hooks_and_pixels(own: Own, work: Work) -> list[OralQuestion]:
    unit = own.unit
    given = own.listening.moment == "given"
    return [
        OralQuestion(
            f"Your `record` ends with `{last_line(work, 'record') or NO_LINE}`. Take "
            f"the copy out of your hook: which layers of a network would then be "
            f"recorded wrongly, and what would stand there?",
            "those that work in place themselves; what they gave"
            if given
            else "those in front of a layer that works in place; what that layer gave",
        ),
        OralQuestion(
            f"You listen to what a layer {'is given' if given else 'gives'}. Which of "
            f"the two ways to register a hook did you take, and would the other one "
            f"have done?",
            "before the layer works: afterwards an in-place layer has written over "
            "what it was given"
            if given
            else "after the layer has worked: before it there is no result",
        ),
        OralQuestion(
            f"You say that your unit sees the rows {entry(work, 'unit', 'rows')!r} of "
            f"{unit.height} and the columns {entry(work, 'unit', 'columns')!r} of "
            f"{unit.width}. One unit further to the inside, along each: what changes?",
            f"{unit.rows} and {unit.columns} are right; the far end moves by the "
            f"product of the strides, until the field lies inside and is whole",
        ),
    ]


def _on_windows(own: Own, work: Work) -> list[OralQuestion]:
    enlargement, right = own.enlargement, sight_of(own)
    return [
        OralQuestion(
            f"You found {entry(work, 'sight', 'one_window')!r} dimensions for one "
            f"window and {entry(work, 'sight', 'together')!r} for all of them. Your "
            f"lines are {enlargement.factor} times as long, the stride is "
            f"{enlargement.stride}. Where do the others come from?",
            f"{right['one_window']} and {right['together']}; windows begin at "
            f"different phases of the small pixels",
        ),
        OralQuestion(
            f"Of {enlargement.kernel**2} numbers of a kernel, "
            f"{entry(work, 'sight', 'no_gradient')!r} get no gradient, you say. Are "
            f"these numbers certain places in the kernel?",
            f"{right['no_gradient']} directions, not places: mixtures of all places, "
            f"at right angles to every window",
        ),
    ]


def _on_surgery(own: Own, work: Work) -> list[OralQuestion]:
    channels, share = own.surgery.operate(own.head)
    return [
        OralQuestion(
            f"In the example of part 4 you cut {channels}. What is the vote of channel "
            f"{channels[0]}, roughly, and why is it not its activation "
            f"{own.head.active[channels[0]]} times a weight?",
            f"{own.surgery.vote(own.head)[channels[0]]:.2f}; silence is "
            f"{own.surgery.level}, so the step is the activation minus that",
        ),
        OralQuestion(
            f"By chance, {share:.0%} of the choices of {len(channels)} channels do the "
            f"same. What would you conclude if it were 90 %? "
            f"`{last_line(work, 'operate') or NO_LINE}` is your last line.",
            "then the cut would say nothing about its channels: nearly any as many do "
            "it",
        ),
    ]


def _on_the_map(own: Own, work: Work) -> list[OralQuestion]:
    row, column, loss = own.map.strongest
    return [
        OralQuestion(
            f"You named the mistake {entry(work, 'diagnosis', 'mistake')!r}, and "
            f"{entry(work, 'diagnosis', 'loss')!r} as the largest loss. Which entry of "
            f"the posted map told you, and what does a negative entry of the right map "
            f"mean?",
            f"{own.map.mistake}; {loss:.2f} at row {row}, column {column}; covered "
            f"there, the class gains: these pixels speak against it",
        ),
    ]


def _on_the_run(own: Own, work: Work) -> list[OralQuestion]:
    bets = [entry(work, "bet", key) for key in ("seen", "unseen")]
    quoted = ", ".join(work.quoted) or "no number of your run"
    return [
        OralQuestion(
            f"Your bets were {bets[0]!r} answers and {bets[1]!r}, and you quote "
            f"{quoted}. Show it in the output. Which of the printed numbers would be "
            f"the same with another start?",
            "the cosine of the unseen part, and that no answer hangs on it",
        ),
        OralQuestion(
            f"The unseen part got no gradient, and yet its size changed. By what "
            f"factor, from rate {RATE}, decay {own.decay} and {STEPS} steps?",
            f"(1 - {RATE} x {own.decay}) to the power of {STEPS}: "
            f"{own.left_of_start:.3f}",
        ),
    ]
