"""The five questions of assignment 2, and what each part of them looks at."""

import random
from typing import Any

from alexnet_lib.classroom.assignments.gradients_and_init.curve import chain_gradients
from alexnet_lib.classroom.assignments.gradients_and_init.own import Own, draw_chain
from alexnet_lib.classroom.assignments.parts import (
    Part,
    Probe,
    Question,
    Same,
    all_near,
    near,
    same_int,
    same_word,
)

HIDDEN_CASES = 8  # calls for each part of a function
EXACT = 1e-6  # relative: the same formula in another order
PRINTED = 0.01  # relative: worked out from three printed digits


def questions(own: Own, hidden: random.Random) -> tuple[Question, ...]:
    """All five; the calls of q1 and q2 are drawn from `hidden`."""
    return (
        _slope(own, hidden),
        _chain(own, hidden),
        _diagnosis(own),
        _stds(own),
        _reach(own),
    )


def _part(points: int, about: str, *probes: Probe) -> Part:
    return Part(points=points, about=about, probes=probes)


def _entry(target: str, key: str, expected: Any, same: Same) -> Probe:
    return Probe(target=target, key=key, expected=expected, same=same)


def _slope(own: Own, hidden: random.Random) -> Question:
    cap = own.curve.cap

    def between(low: float, high: float) -> list[float]:
        return [round(hidden.uniform(low, high), 3) for _ in range(HIDDEN_CASES)]

    places = {
        "the slope left of 0": between(-4, -0.05),
        "the slope between 0 and the cap": between(0.05, cap - 0.05),
        "the slope beyond the cap": between(cap + 0.05, cap + 4),
        "the slope at 0 and at the cap itself": [0.0, cap],
    }
    parts = []
    for about, numbers in places.items():
        probes = [
            Probe(
                target="slope", args=(x,), expected=own.curve.slope(x), same=near(EXACT)
            )
            for x in numbers
        ]
        parts.append(_part(1, about, *probes))
    return Question(name="q1", target="slope", parts=tuple(parts))


def _chain(own: Own, hidden: random.Random) -> Question:
    kinds = {
        "the gradient of a chain of one layer": (1, (1,)),
        "the gradients of a chain of two layers": (1, (2,)),
        "the gradients of longer chains": (2, (3, 4, 5, 6)),
    }
    parts = []
    for about, (points, depths) in kinds.items():
        probes = []
        for _ in range(HIDDEN_CASES):
            weights, x, target = draw_chain(hidden, hidden.choice(depths))
            right = chain_gradients(own.curve, weights, x, target)
            probes.append(
                Probe(
                    target="chain_gradients",
                    args=(weights, x, target),
                    expected=right,
                    same=all_near(EXACT),
                )
            )
        parts.append(_part(points, about, *probes))
    return Question(name="q2", target="chain_gradients", parts=tuple(parts))


def _diagnosis(own: Own) -> Question:
    cause = _entry("diagnosis", "cause", own.sick.cause, same_word)
    where = _entry("diagnosis", "where", own.sick.where, same_word)
    ratio = _entry("diagnosis", "ratio", own.sick.ratio, near(PRINTED))
    return Question(
        name="q3",
        target="diagnosis",
        parts=(
            _part(2, "what is wrong with the run", cause),
            _part(1, "what is wrong, together with where", cause, where),
            _part(1, "how the gradient changes from last to first layer", ratio),
        ),
    )


def _stds(own: Own) -> Question:
    parts = [
        _part(
            1,
            f"the standard deviation for conv{number}",
            _entry("stds", f"conv{number}", own.start.std(layer), near(PRINTED / 10)),
        )
        for number, layer in enumerate(own.start.layers, start=1)
    ]
    return Question(name="q4", target="stds", parts=tuple(parts))


def _reach(own: Own) -> Question:
    shrink = _entry("reach", "shrink", own.reach.shrink, near(EXACT))
    layers = _entry("reach", "layers", own.reach.layers, same_int)
    return Question(
        name="q5",
        target="reach",
        parts=(
            _part(1, "the factor of one layer", shrink),
            _part(2, "how many layers it takes", layers),
        ),
    )
