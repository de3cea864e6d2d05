"""Ten questions of two minutes each, made from what a student handed in."""

from alexnet_lib.classroom.assignments.arithmetic_and_cost import network
from alexnet_lib.classroom.assignments.arithmetic_and_cost.network import weighted_rows
from alexnet_lib.classroom.assignments.arithmetic_and_cost.own import Own
from alexnet_lib.classroom.assignments.arithmetic_and_cost.questions import parts_at
from alexnet_lib.classroom.assignments.arithmetic_and_cost.wrong_table import describe
from alexnet_lib.classroom.assignments.parts import OralQuestion, Work, entry, last_line


def ask(own: Own, work: Work) -> list[OralQuestion]:
    """Each names something of the student's own: a number, a line, a bet."""
    return [
        *_on_sizes(own, work),
        *_on_counts(own, work),
        *_on_cost(own, work),
        *_on_the_run(own, work),
    ]


def _on_sizes(own: Own, work: Work) -> list[OralQuestion]:
    size, kernel, stride, padding, gap = own.examples[1]
    now = own.rule.positions(size, kernel, stride, padding, gap)
    wider = own.rule.positions(size + 1, kernel, stride, padding, gap)
    line = last_line(work, "positions")
    about_line = (
        f"`positions` ends with `{line}`. Which part of it counts the start, and what "
        f"would a row of exactly one window give without that part?"
        if line
        else "`positions` has no last line with a return. Say in words what it should "
        "do, and where you stopped."
    )
    parted = parts_at(own)
    ours, theirs = (
        network.sides(own.network, own.rule),
        network.torch_sides(own.network),
    )
    return [
        OralQuestion(
            f"Without the notebook: by your rule, how many positions has a window of "
            f"{kernel} at stride {stride} over {size} pixels with padding {padding}? "
            f"And over {size + 1} pixels?",
            f"{now}, then {wider}; the way in pixels first, then the steps",
        ),
        OralQuestion(
            about_line, "the `+ 1`; without it, no position where there is one"
        ),
        OralQuestion(
            f"You wrote {entry(work, 'sides', parted)!r} for the side behind {parted}. "
            f"torch finds {theirs[parted]} there. Which words of your rule make the "
            f"difference?",
            f"{ours[parted]} by the rule; the padding or the last step, whichever the "
            f"rule changes",
        ),
    ]


def _on_counts(own: Own, work: Work) -> list[OralQuestion]:
    layer, mistake = own.wrong.layer, own.wrong.mistake
    rows = describe(own.network)
    conv2 = rows["conv2"]
    named = entry(work, "diagnosis", "mistake")
    return [
        OralQuestion(
            f"You named the row {entry(work, 'diagnosis', 'layer')!r} and the mistake "
            f"{named!r}. Which number of the posted table told you, and which other "
            f"mistake did you rule out, by which number?",
            f"{layer}, {mistake}; right are {own.wrong.right[0]:,} parameters and "
            f"{own.wrong.right[1]:,} multiply-adds",
        ),
        OralQuestion(
            "conv2 of your network has two groups. Make it one. What becomes of its "
            "side, its parameters and its multiply-adds?",
            f"the same side; weights {conv2.weights:,} double and the {conv2.outputs} "
            f"biases stay; the multiply-adds double",
        ),
        OralQuestion(
            "Which layer of your network holds the most parameters, and how often does "
            "one of its weights work for one picture?",
            _most_parameters(own),
        ),
    ]


def _most_parameters(own: Own) -> str:
    rows = weighted_rows(own.network)
    name = max(rows, key=lambda name: rows[name].num_params)
    uses = describe(own.network)[name].positions
    return f"{name}, with {rows[name].num_params:,}; {uses:,} time(s)"


def _on_cost(own: Own, work: Work) -> list[OralQuestion]:
    block, budget = own.block, own.budget
    three, five = block.cost(64, 64, 3, 10), block.cost(64, 64, 5, 10)
    batch = budget.largest_batch(own.network)
    line = last_line(work, "block_cost") or "(no line with a return)"
    return [
        OralQuestion(
            f"Your `block_cost` ends with `{line}`. From kernels of 3 to kernels of 5: "
            f"which of the two steps gets dearer, and by about what factor?",
            f"64 to 64 channels on a side of 10: {three} becomes {five}; the steps: "
            f"{block.steps}",
        ),
        OralQuestion(
            f"You say that {entry(work, 'budget', 'largest_batch')!r} pictures fit "
            f"into {budget.size} {budget.unit}. On a card twice as large, is it "
            f"exactly twice as many? Why?",
            f"{batch:,} fit; more than twice as many on the larger card, for what is "
            f"kept whatever the mini-batch is paid once",
        ),
    ]


def _on_the_run(own: Own, work: Work) -> list[OralQuestion]:
    bets = [entry(work, "bet", key) for key in ("one_picture", "sixteen_pictures")]
    quoted = ", ".join(work.quoted) or "no number of your run"
    return [
        OralQuestion(
            f"Your bets were {bets[0]!r} for one picture and {bets[1]!r} for sixteen. "
            f"Which of them did the run refute, and what had you not thought of?",
            "the bet beside the printed shares; that time does not follow the "
            "multiply-adds, least of all for one picture",
        ),
        OralQuestion(
            f"You quote {quoted}. Show it in the output. Which of your numbers would "
            f"be the same on another machine?",
            "the shares of the multiply-adds stay; the shares of the time do not",
        ),
    ]
