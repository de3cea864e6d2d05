"""The five questions of assignment 1, and what each part of them looks at."""

import random
from typing import Any

from alexnet_lib.architecture import memory
from alexnet_lib.classroom.assignments.arithmetic_and_cost import network
from alexnet_lib.classroom.assignments.arithmetic_and_cost.network import WINDOWS
from alexnet_lib.classroom.assignments.arithmetic_and_cost.own import Own, draw_window
from alexnet_lib.classroom.assignments.parts import (
    Part,
    Probe,
    Question,
    Same,
    near,
    same_int,
    same_word,
)

HIDDEN_CASES = 12  # calls for each part of a function
CLOSE = near(1e-3)  # four digits are asked for; MB and MiB are 5 % apart


def questions(own: Own, hidden: random.Random) -> tuple[Question, ...]:
    """All five; the calls of q1 and q4 are drawn from `hidden`."""
    return (
        _positions(own, hidden),
        _sides(own),
        _diagnosis(own),
        _block_cost(own, hidden),
        _budget(own),
    )


def _part(points: int, about: str, *probes: Probe) -> Part:
    return Part(points=points, about=about, probes=probes)


def _entries(
    target: str, expected: dict[str, Any], same: Same = same_int
) -> list[Probe]:
    """One probe for each entry of a dict that the student fills in."""
    return [
        Probe(target=target, key=key, expected=value, same=same)
        for key, value in expected.items()
    ]


def _positions(own: Own, hidden: random.Random) -> Question:
    kinds = {
        "windows without padding or gap whose steps fit whole": {"whole": True},
        "windows whose last step does not fit whole": {"whole": False},
        "windows over a padded row": {"padded": True},
        "windows with gaps between the pixels they read": {"padded": True, "gap": True},
    }
    parts, seen = [], set(own.examples)
    for about, wanted in kinds.items():
        probes: list[Probe] = []
        while len(probes) < HIDDEN_CASES:
            window = draw_window(hidden, **wanted)
            if window not in seen:  # never one whose answer is shown
                seen.add(window)
                right = own.rule.positions(*window)
                probes.append(Probe(target="positions", args=window, expected=right))
        parts.append(_part(1, about, *probes))
    return Question(name="q1", target="positions", parts=tuple(parts))


def _sides(own: Own) -> Question:
    ours = network.sides(own.network, own.rule)
    first, others = WINDOWS[:2], WINDOWS[2:]
    return Question(
        name="q2",
        target="sides",
        parts=(
            _part(
                1,
                "the sides behind conv1 and pool1, by your rule",
                *_entries("sides", {name: ours[name] for name in first}),
            ),
            _part(
                1,
                "the sides behind the other windows, by your rule",
                *_entries("sides", {name: ours[name] for name in others}),
            ),
            _part(
                1,
                "the first layer at which torch finds another side",
                *_entries("sides", {"parts_at": parts_at(own)}, same_word),
            ),
        ),
    )


def parts_at(own: Own) -> str:
    """The first window at which torch's side is not the house rule's."""
    ours, theirs = (
        network.sides(own.network, own.rule),
        network.torch_sides(own.network),
    )
    return next(name for name in WINDOWS if ours[name] != theirs[name])


def _diagnosis(own: Own) -> Question:
    layer = {"layer": own.wrong.layer}
    parameters, multiply_adds = own.wrong.right
    counts = {"parameters": parameters, "multiply_adds": multiply_adds}
    return Question(
        name="q3",
        target="diagnosis",
        parts=(
            _part(1, "which row is wrong", *_entries("diagnosis", layer, same_word)),
            _part(
                2,
                "the row together with the mistake that made it",
                *_entries(
                    "diagnosis", {**layer, "mistake": own.wrong.mistake}, same_word
                ),
            ),
            _part(1, "what the row should say", *_entries("diagnosis", counts)),
        ),
    )


def _block_cost(own: Own, hidden: random.Random) -> Question:
    calls = [
        (
            hidden.randrange(16, 129, 4),
            hidden.randrange(16, 129, 4),
            hidden.choice((3, 5, 7)),
            hidden.randint(4, 40),
        )
        for _ in range(HIDDEN_CASES)
    ]
    abouts = ("the parameters of your block", "the multiply-adds of your block")
    parts = []
    for place, about in enumerate(abouts):
        probes = [
            Probe(
                target="block_cost",
                args=call,
                key=place,
                expected=own.block.cost(*call)[place],
            )
            for call in calls
        ]
        parts.append(_part(2, about, *probes))
    return Question(name="q4", target="block_cost", parts=tuple(parts))


def _budget(own: Own) -> Question:
    fixed = own.budget.fixed(own.network) / memory.MB
    per_picture = own.budget.per_picture(own.network) / memory.MB
    fit = {"largest_batch": own.budget.largest_batch(own.network)}
    return Question(
        name="q5",
        target="budget",
        parts=(
            _part(
                1,
                "what is kept whatever the mini-batch, in MB",
                *_entries("budget", {"fixed_MB": fixed}, CLOSE),
            ),
            _part(
                1,
                "what each picture adds, in MB",
                *_entries("budget", {"per_picture_MB": per_picture}, CLOSE),
            ),
            _part(1, "how many pictures fit", *_entries("budget", fit)),
        ),
    )
