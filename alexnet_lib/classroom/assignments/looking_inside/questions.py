"""The five questions of assignment 5, and what each part of them looks at."""

import random
from collections.abc import Callable, Iterable
from typing import Any

from alexnet_lib.classroom.assignments.looking_inside import listening, sight
from alexnet_lib.classroom.assignments.looking_inside.enlarged import draw_spread
from alexnet_lib.classroom.assignments.looking_inside.own import Own
from alexnet_lib.classroom.assignments.looking_inside.surgery import draw_head
from alexnet_lib.classroom.assignments.parts import (
    Part,
    Probe,
    Question,
    Same,
    near,
    same_int,
    same_word,
)

HIDDEN_CASES = 8  # calls for each part of a function
EXACT = near(1e-6)  # the same sum in another order
SHORT = near(5e-3)  # two decimals are enough
CLOSE = 1e-3  # of the largest entry: two ways to project


def questions(own: Own, hidden: random.Random) -> tuple[Question, ...]:
    """All five; the calls of q1 to q4 are drawn from `hidden`."""
    return (
        _listening(own, hidden),
        _sight(own, hidden),
        _windows(own, hidden),
        _surgery(own, hidden),
        _diagnosis(own),
    )


def same_list(answer: Any, expected: list) -> bool:
    """The same whole numbers and texts in lists of the same make."""
    if type(expected) is not list:
        return type(answer) is type(expected) and answer == expected
    return (
        type(answer) is list
        and len(answer) == len(expected)
        and all(map(same_list, answer, expected))
    )


def same_vector(answer: Any, expected: list[float]) -> bool:
    """As many numbers, each within a share of the largest one expected."""
    if type(answer) is not list or len(answer) != len(expected):
        return False
    if any(type(number) not in (int, float) for number in answer):
        return False
    most = CLOSE * max(abs(number) for number in expected)
    return all(abs(a - b) <= most for a, b in zip(answer, expected, strict=True))


def _part(points: int, about: str, probes: Iterable[Probe]) -> Part:
    return Part(points=points, about=about, probes=tuple(probes))


def _entries(target: str, expected: dict[str, Any], same: Same) -> list[Probe]:
    """One probe for each entry of a dict that the student fills in."""
    return [
        Probe(target=target, key=key, expected=value, same=same)
        for key, value in expected.items()
    ]


def _some(draw: Callable[[], Any]) -> list:
    return [draw() for _ in range(HIDDEN_CASES)]


def _listening(own: Own, hidden: random.Random) -> Question:
    kinds = {
        "networks that call their layers in another order": {"shuffled": True},
        "networks whose layers work in place": {"in_place": True},
        "networks that call a layer more than once": {"repeated": True},
    }
    parts = []
    for about, wanted in kinds.items():
        cases = _some(lambda wanted=wanted: listening.draw_case(hidden, **wanted))
        probes = [
            Probe(
                target="heard",
                args=case.args,
                expected=own.listening.record(case),
                same=same_list,
            )
            for case in cases
        ]
        parts.append(_part(1, about, probes))
    left = [
        Probe(
            target="left_behind",
            args=case.args,
            expected=[0, 0, case.answer],
            same=same_list,
        )
        for case in _some(lambda: listening.draw_case(hidden))
    ]
    parts.append(
        _part(
            1, "what your hooks leave behind after a pass, and after a breakdown", left
        )
    )
    return Question(name="q1", target="record", parts=tuple(parts))


def _sight(own: Own, hidden: random.Random) -> Question:
    kinds = {
        "pixels in the middle of a row without padding": ("middle",),
        "pixels near the ends of a padded row": ("start", "end", "unseen"),
    }
    parts = []
    for about, places in kinds.items():
        probes = []
        for number in range(HIDDEN_CASES):
            place = places[number % len(places)]
            windows, size, pixel = sight.draw_case(hidden, place)
            right = sight.watchers(windows, size, pixel)
            args = ([list(window) for window in windows], size, pixel)
            probes.append(
                Probe(target="watchers", args=args, expected=right, same=same_list)
            )
        parts.append(_part(1, about, probes))
    ends = {"rows": own.unit.rows, "columns": own.unit.columns}
    entries = _entries("unit", ends, same_list)
    parts.append(_part(1, "what your unit sees of the picture", entries))
    return Question(name="q2", target="watchers", parts=tuple(parts))


def _windows(own: Own, hidden: random.Random) -> Question:
    tolerance = own.tolerance
    scaled = _some(
        lambda: draw_spread(hidden, tolerance, scale=10 ** hidden.choice((-7, -6, 5)))
    )
    faint = _some(lambda: draw_spread(hidden, tolerance, faint=True))
    plain = _some(lambda: draw_spread(hidden, tolerance))
    kinds = {
        "the dimensions of rows on any scale": (scaled, 0),
        "the dimensions of rows with faint directions": (faint, 0),
        "the part of the kernel that makes a difference": (plain, 1),
    }
    parts = []
    for about, (spreads, key) in kinds.items():
        probes = [
            Probe(
                target="seen",
                args=(spread.rows, spread.kernel),
                key=key,
                expected=(spread.dimensions, spread.part)[key],
                same=(same_int, same_vector)[key],
            )
            for spread in spreads
        ]
        parts.append(_part(1, about, probes))
    entries = _entries("sight", sight_of(own), same_int)
    parts.append(_part(1, "what the windows of your enlargement see", entries))
    return Question(name="q3", target="seen", parts=tuple(parts))


def sight_of(own: Own) -> dict[str, int]:
    """What the student's own windows see, and what is left over."""
    together, kernel = own.enlargement.together, own.enlargement.kernel
    return {
        "one_window": own.enlargement.one_window,
        "together": together,
        "of_a_picture": together**2,
        "no_gradient": kernel**2 - together**2,
    }


def _surgery(own: Own, hidden: random.Random) -> Question:
    kinds = {
        "pictures for which one channel is enough": (1, False, 0),
        "pictures for which several channels are cut": (2, True, 0),
        "the share of all choices that changes the answer": (1, True, 1),
    }
    parts = []
    for about, (points, several, key) in kinds.items():
        heads = _some(lambda s=several: draw_head(hidden, own.surgery, several=s))
        probes = [
            Probe(
                target="operate",
                args=head.args,
                key=key,
                expected=own.surgery.operate(head)[key],
                same=(same_list, EXACT)[key],
            )
            for head in heads
        ]
        parts.append(_part(points, about, probes))
    return Question(name="q4", target="operate", parts=tuple(parts))


def _diagnosis(own: Own) -> Question:
    row, column, loss = own.map.strongest
    mistake = _entries("diagnosis", {"mistake": own.map.mistake}, same_word)
    place = _entries("diagnosis", {"row": row, "column": column}, same_int)
    largest = _entries("diagnosis", {"loss": loss}, SHORT)
    return Question(
        name="q5",
        target="diagnosis",
        parts=(
            _part(1, "which mistake is in the posted map", mistake),
            _part(1, "where the right map is largest", place),
            _part(1, "how large it is there", largest),
        ),
    )
