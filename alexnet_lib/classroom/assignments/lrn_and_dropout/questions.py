"""The five questions of assignment 3, and what each part of them looks at."""

import random
from dataclasses import dataclass
from typing import Any

from alexnet_lib.classroom.assignments.lrn_and_dropout import dropping, places
from alexnet_lib.classroom.assignments.lrn_and_dropout.normalisation import (
    Rule,
    draw_maps,
    flat,
)
from alexnet_lib.classroom.assignments.lrn_and_dropout.own import Own
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
EXACT = near(1e-6)  # the same formula in another order
CLOSE = near(1e-3)  # four digits are asked for


def questions(own: Own, hidden: random.Random) -> tuple[Question, ...]:
    """All five; the calls of q1 and q4 are drawn from `hidden`."""
    return (
        _normalise(own.rule, hidden),
        _constants(own),
        _places(own),
        _drop(own, hidden),
        _diagnosis(own),
    )


def _part(points: int, about: str, *probes: Probe) -> Part:
    return Part(points=points, about=about, probes=probes)


def _entry(target: str, key: str, expected: Any, same: Same = CLOSE) -> Probe:
    return Probe(target=target, key=key, expected=expected, same=same)


def read_maps(answer: Any) -> list[float] | None:
    """The numbers of nested lists (C, H, W) in order; None for anything else."""
    if type(answer) is not list or any(type(rows) is not list for rows in answer):
        return None
    if any(type(row) is not list for rows in answer for row in rows):
        return None
    numbers = flat(answer)
    plain = all(type(x) in (int, float) for x in numbers)
    return numbers if plain else None


def same_rows(answer: Any, expected: list[list[float]]) -> bool:
    """The same rows of numbers, but for the last digits."""
    shape = [len(row) for row in expected]
    numbers = read_maps([answer])
    if numbers is None or [len(row) for row in answer] != shape:
        return False
    return all(map(EXACT, numbers, flat([expected])))


def same_zeros(answer: Any, expected: list) -> bool:
    """Zeros in the same places, whatever size the others have."""
    numbers, right = read_maps(answer), flat(expected)
    if numbers is None or len(numbers) != len(right):
        return False
    return all((a == 0) == (b == 0) for a, b in zip(numbers, right, strict=True))


def same_sizes(answer: Any, expected: list) -> bool:
    """What is not 0 has the size that it has when nothing is dropped."""
    numbers, whole = read_maps(answer), flat(expected)
    if numbers is None or len(numbers) != len(whole):
        return False
    kept = [(a, b) for a, b in zip(numbers, whole, strict=True) if a]
    return bool(kept) and all(EXACT(a, b) for a, b in kept)


def same_maps(answer: Any, expected: list) -> bool:
    return (
        type(answer) is list
        and len(answer) == len(expected)
        and all(map(same_rows, answer, expected))
    )


def same_sides(answer: Any, expected: list[int]) -> bool:
    """A list of as many whole numbers."""
    same_length = type(answer) is list and len(answer) == len(expected)
    return same_length and all(map(same_int, answer, expected))


def _normalise(rule: Rule, hidden: random.Random) -> Question:
    def probes(size: tuple[int, int], at_the_ends: bool) -> list[Probe]:
        found: list[Probe] = []
        for _ in range(HIDDEN_CASES):
            channels = rule.n + hidden.randint(1, 4)
            maps = draw_maps(hidden, channels, *size)
            right = rule.normalise(maps)
            middle = rule.middle(channels)
            ends = [c for c in range(channels) if c not in middle]
            found += [
                Probe(
                    target="normalise",
                    args=(maps,),
                    key=channel,
                    expected=right[channel],
                    same=same_rows,
                )
                for channel in (ends if at_the_ends else middle)
            ]
        return found

    return Question(
        name="q1",
        target="normalise",
        parts=(
            _part(
                1,
                "channels whose whole window is there, maps of one pixel",
                *probes((1, 1), False),
            ),
            _part(
                2,
                "the first and the last channels, maps of one pixel",
                *probes((1, 1), True),
            ),
            _part(
                1,
                "channels whose whole window is there, maps of several pixels",
                *probes((2, 3), False),
            ),
        ),
    )


def _constants(own: Own) -> Question:
    printed = own.printed
    entries = {
        "the alpha that makes the two agree": ("other_alpha", printed.other_alpha),
        "the gain of the lone number": ("lone_gain", printed.lone_gain),
        "the energy that halves the gain": ("half_energy", printed.half_energy),
    }
    parts = [
        _part(1, about, _entry("constants", key, expected))
        for about, (key, expected) in entries.items()
    ]
    return Question(name="q2", target="constants", parts=tuple(parts))


@dataclass(frozen=True)
class SameOrder:
    """True where a pair commutes, else a picture that tells its orders apart."""

    row: places.Row
    rule: Rule
    pair: str

    def __call__(self, answer: Any, commutes: bool) -> bool:
        if commutes:
            return answer is True
        return places.tells_apart(self.row, self.rule, self.pair)(answer)


def _places(own: Own) -> Question:
    row, parts = own.row, []
    for pair, commutes in row.commutes().items():
        same = SameOrder(row, own.rule, pair)
        about = f"{pair}: that they commute, or a picture that shows that they do not"
        parts.append(_part(1, about, _entry("order", pair, commutes, same)))
    sides = {"overlapping": row.sides(row.window), "apart": row.sides(row.stride)}
    parts.append(
        _part(
            1,
            "the sides behind windows that overlap, and behind windows that do not",
            *(_entry("order", key, each, same_sides) for key, each in sides.items()),
        )
    )
    saved = _entry("order", "saved", row.numbers_saved, same_int)
    parts.append(_part(1, "how many numbers need no normalising", saved))
    return Question(name="q3", target="order", parts=tuple(parts))


def _drop(own: Own, hidden: random.Random) -> Question:
    rule = own.drop
    looks = {
        "which numbers are dropped in training": (True, rule.apply, same_zeros),
        "the size of what stays in training": (True, rule.scaled, same_sizes),
        "what comes out in testing": (False, rule.apply, same_maps),
    }
    parts = []
    for about, (training, right, same) in looks.items():
        probes = []
        while len(probes) < HIDDEN_CASES:
            call = dropping.draw_call(hidden, rule, training)
            if call != own.call:
                expected = right(*call)
                probes.append(
                    Probe(target="drop", args=call, expected=expected, same=same)
                )
        parts.append(_part(1, about, *probes))
    return Question(name="q4", target="drop", parts=tuple(parts))


def _diagnosis(own: Own) -> Question:
    mistake = _entry("diagnosis", "mistake", own.report.mistake, same_word)
    factor = _entry("diagnosis", "factor", own.report.factor)
    return Question(
        name="q5",
        target="diagnosis",
        parts=(
            _part(2, "the mistake that made the report", mistake),
            _part(1, "the mistake, together with its factor", mistake, factor),
        ),
    )
