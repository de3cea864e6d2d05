"""What is drawn for one student: rules, a unit, windows, a head, a posted map."""

import random
from dataclasses import dataclass

from alexnet_lib.classroom.assignments.looking_inside import listening, sight, surgery
from alexnet_lib.classroom.assignments.looking_inside.enlarged import (
    Enlargement,
    Spread,
    Tolerance,
    draw_enlargement,
    draw_spread,
    draw_tolerance,
)
from alexnet_lib.classroom.assignments.looking_inside.posted_map import (
    PostedMap,
    draw_posted_map,
)

RATE, STEPS = 0.1, 200  # of the training that the student runs


@dataclass(frozen=True)
class Own:
    """A student's own numbers; the examples are shown with their answers."""

    listening: listening.ListeningRule
    heard: listening.Case
    watched: tuple[sight.Windows, int, int]
    unit: sight.OwnUnit
    enlargement: Enlargement
    tolerance: Tolerance
    spread: Spread
    surgery: surgery.SurgeryRule
    head: surgery.Head
    map: PostedMap
    decay: float  # weight decay of the training

    @property
    def left_of_start(self) -> float:
        """What weight decay alone leaves of a weight that gets no gradient."""
        return (1 - RATE * self.decay) ** STEPS


def draw(numbers: random.Random) -> Own:
    tolerance, cutting = draw_tolerance(numbers), surgery.draw_rule(numbers)
    return Own(
        listening=listening.draw_rule(numbers),
        heard=listening.draw_case(numbers, repeated=True),
        watched=sight.draw_case(numbers, "middle"),
        unit=sight.draw_unit(numbers),
        enlargement=draw_enlargement(numbers),
        tolerance=tolerance,
        spread=draw_spread(numbers, tolerance, length=4),
        surgery=cutting,
        head=surgery.draw_head(numbers, cutting, several=True),
        map=draw_posted_map(numbers),
        decay=numbers.choice((0.005, 0.01, 0.02, 0.03)),
    )
