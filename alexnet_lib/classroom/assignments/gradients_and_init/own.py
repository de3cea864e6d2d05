"""What is drawn for one student: a curve, a sick run, first weights, a depth."""

import random
from dataclasses import dataclass

from alexnet_lib.classroom.assignments.gradients_and_init.curve import Curve, draw_curve
from alexnet_lib.classroom.assignments.gradients_and_init.sick_run import (
    SickRun,
    draw_sick_run,
)
from alexnet_lib.classroom.assignments.gradients_and_init.start import (
    Reach,
    Start,
    draw_reach,
    draw_start,
)


@dataclass(frozen=True)
class Own:
    """A student's own numbers."""

    curve: Curve
    sick: SickRun
    start: Start
    reach: Reach
    chain: tuple[list[float], float, float]  # shown with its answer
    depth: int  # of the network that the student runs


def draw(numbers: random.Random) -> Own:
    return Own(
        draw_curve(numbers),
        draw_sick_run(numbers),
        draw_start(numbers),
        draw_reach(numbers),
        draw_chain(numbers, 2),
        numbers.randint(10, 16),
    )


def draw_chain(numbers: random.Random, depth: int) -> tuple[list[float], float, float]:
    """Weights, input and target of a chain, with two decimals."""
    weights = [
        numbers.choice((-1, 1)) * round(numbers.uniform(0.4, 1.6), 2)
        for _ in range(depth)
    ]
    return (
        weights,
        round(numbers.uniform(0.2, 1.5), 2),
        round(numbers.uniform(-1, 1), 2),
    )
