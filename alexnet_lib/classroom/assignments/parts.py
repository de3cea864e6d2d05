"""What an assignment is made of: questions, their parts, and what each part asks.

A part is earned whole or not at all. `about` says what it looks at without saying what
is right: it stands in the student's report.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

Same = Callable[[Any, Any], bool]  # answer, expected
LARGEST = 1e300  # Python's whole numbers go on where its floats end


def same_int(answer: Any, expected: int) -> bool:
    return type(answer) is int and answer == expected


@cache
def near(tolerance: float) -> Same:
    """A number within a relative tolerance."""

    def same(answer: Any, expected: float) -> bool:
        if type(answer) not in (int, float) or abs(answer) > LARGEST:
            return False
        return abs(answer - expected) <= tolerance * abs(expected)

    return same


@cache
def all_near(tolerance: float) -> Same:
    """A list of as many numbers, each within a relative tolerance."""
    one = near(tolerance)

    def same(answer: Any, expected: Sequence[float]) -> bool:
        return (
            type(answer) is list
            and len(answer) == len(expected)
            and all(map(one, answer, expected))
        )

    return same


def same_word(answer: Any, expected: str) -> bool:
    """The same words; capitals and spaces do not count."""
    return type(answer) is str and _squeezed(answer) == _squeezed(expected)


def _squeezed(text: str) -> str:
    return "".join(text.lower().split())


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One look at what the student made: a value, or a call of a function."""

    target: str  # a name in the notebook
    expected: Any
    same: Same = same_int
    args: tuple | None = None  # None: the value itself
    key: str | int | None = None  # an entry of a dict, or a place in a list


@dataclass(frozen=True, kw_only=True)
class Part:
    points: int
    about: str
    probes: tuple[Probe, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    name: str  # as in grader.check("q1")
    target: str  # the name that the student fills in
    parts: tuple[Part, ...]

    @property
    def points(self) -> int:
        return sum(part.points for part in self.parts)


@dataclass(frozen=True)
class OralQuestion:
    """Two minutes at the table: what to ask, and what a good answer holds."""

    ask: str
    listen_for: str


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a student handed in, as far as it could be read."""

    answers: Mapping[str, Any]  # plain values by name; open or odd ones are missing
    functions: Mapping[str, str]  # source by name
    quoted: Sequence[str] = ()  # numbers of the explanation found in the run's output


def entry(work: Work, target: str, key: str) -> Any:
    """What the student filled in, or 'nothing'."""
    table = work.answers.get(target)
    value = table.get(key) if isinstance(table, dict) else None
    return "nothing" if value is None else value


def last_line(work: Work, name: str) -> str | None:
    """The last line of a function, which is what it returns."""
    lines = work.functions.get(name, "").strip().splitlines()
    return lines[-1].strip() if lines and "return" in lines[-1] else None


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One master and everything that is drawn for a student.

    `draw` makes the student's own numbers, `texts` what stands for each `{{name}}` of
    the master, `questions` what is asked (the hidden cases from the second generator).
    """

    number: int
    title: str
    source: str  # file name of the master in notebooks/assignments/
    draw: Callable[[random.Random], Any]
    texts: Callable[[Any], dict[str, str]]
    questions: Callable[[Any, random.Random], tuple[Question, ...]]
    oral: Callable[[Any, Work], list[OralQuestion]]
    explanation: str = "explanation"  # the name of the text that a person marks
    bet: str = "bet"  # the name of the bets that no program marks
    words: int = 80
    hand_points: int = 2
    memory: int = 2**30  # bytes that a student's code may use
