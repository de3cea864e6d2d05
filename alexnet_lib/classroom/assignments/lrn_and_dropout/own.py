"""What is drawn for one student: two rules, three layers, a report, a small task."""

import random
from dataclasses import dataclass

from alexnet_lib.classroom.assignments.lrn_and_dropout.colleague import (
    Report,
    draw_report,
)
from alexnet_lib.classroom.assignments.lrn_and_dropout.dropping import (
    Call,
    DropRule,
    draw_call,
    draw_drop_rule,
)
from alexnet_lib.classroom.assignments.lrn_and_dropout.normalisation import (
    Maps,
    Rule,
    draw_example,
    draw_rule,
)
from alexnet_lib.classroom.assignments.lrn_and_dropout.places import Row, draw_row
from alexnet_lib.classroom.assignments.lrn_and_dropout.printed import (
    Printed,
    draw_printed,
)


@dataclass(frozen=True)
class Task:
    """A network that learns few points by heart, with and without dropout."""

    points: int
    numbers: int  # of each point; three of them matter
    p: float
    seed: int


@dataclass(frozen=True)
class Own:
    """A student's own numbers."""

    rule: Rule
    example: Maps  # shown with what the rule makes of it
    printed: Printed
    row: Row
    drop: DropRule
    call: Call  # shown with what the rule makes of it
    report: Report
    task: Task


def draw(numbers: random.Random) -> Own:
    rule, drop = draw_rule(numbers), draw_drop_rule(numbers)
    return Own(
        rule,
        draw_example(numbers, rule),
        draw_printed(numbers),
        draw_row(numbers),
        drop,
        draw_call(numbers, drop, True),
        draw_report(numbers),
        Task(
            numbers.randrange(30, 61, 5),
            numbers.randrange(20, 41, 5),
            numbers.choice((0.3, 0.5, 0.6, 0.7)),
            numbers.randrange(1000),
        ),
    )
