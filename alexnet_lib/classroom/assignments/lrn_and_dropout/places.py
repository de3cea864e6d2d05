"""Three layers in a row: which of them may change places, and what that saves."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from math import tanh

from alexnet_lib.classroom.assignments.lrn_and_dropout.normalisation import (
    Maps,
    Rule,
    flat,
)

FORMULAS = {  # in the student's notation; {s} is drawn
    "relu": "max(0.0, x)",
    "leaky": "max({s} * x, x)",
    "abs": "abs(x)",
    "minus": "-x",
    "times": "{s} * x",
    "tanh": "tanh({s} * x)",
}
SLOPES = {
    "relu": (1.0,),
    "leaky": (0.1, 0.2, 0.3),
    "abs": (1.0,),
    "minus": (1.0,),
    "times": (0.4, 2.5, 3.0),
    "tanh": (0.1, 0.2),
}
WITH_MAXIMUM = {"relu", "leaky", "times", "tanh"}  # they never turn an order round
WITH_MEAN = {"minus", "times"}  # the linear ones
WITH_NORM = {"abs", "minus"}  # they leave every square as it is
PAIRS = ("act, pool", "act, norm", "norm, pool")
APART = 1e-3  # relative difference that a counterexample must show
LARGEST = 12  # sides and channels of a counterexample


@dataclass(frozen=True)
class Row:
    """An activation, a pool and the normalisation, and the maps that they are given."""

    act: str
    slope: float
    reduce: str  # "max" or "mean"
    window: int
    stride: int  # smaller than the window: windows overlap
    channels: int
    side: int
    rounds_up: bool

    def activate(self, x: float) -> float:
        match self.act:
            case "relu":
                return max(0.0, x)
            case "leaky":
                return max(self.slope * x, x)
            case "abs":
                return abs(x)
            case "minus":
                return -x
            case "times":
                return self.slope * x
        return tanh(self.slope * x)

    def each(self, maps: Maps) -> Maps:
        return [[[self.activate(x) for x in row] for row in rows] for rows in maps]

    def pool(self, maps: Maps) -> Maps:
        """Shape: (C, H, W) -> (C, H', W'), rounded down."""
        return [self._pool_one(rows) for rows in maps]

    def _pool_one(self, rows: list[list[float]]) -> list[list[float]]:
        k, s = self.window, self.stride
        pooled = []
        for top in range(0, len(rows) - k + 1, s):
            pooled.append([])
            for left in range(0, len(rows[0]) - k + 1, s):
                seen = [x for row in rows[top : top + k] for x in row[left : left + k]]
                pooled[-1].append(
                    max(seen) if self.reduce == "max" else sum(seen) / k**2
                )
        return pooled

    def commutes(self) -> dict[str, bool]:
        """For each pair, whether its order makes no difference, whatever comes in."""
        with_pool = WITH_MAXIMUM if self.reduce == "max" else WITH_MEAN
        found = (self.act in with_pool, self.act in WITH_NORM, False)
        return dict(zip(PAIRS, found, strict=True))

    def sides(self, window: int) -> list[int]:
        """Sides behind three pools in a row, by the own rounding."""
        side, found = self.side, []
        for _ in range(3):
            way = side - window
            side = (
                -(-way // self.stride) if self.rounds_up else way // self.stride
            ) + 1
            found.append(side)
        return found

    @property
    def numbers_saved(self) -> int:
        """Numbers of a picture that need no normalising behind the pool."""
        return self.channels * (self.side**2 - self.sides(self.window)[0] ** 2)


def tells_apart(row: Row, rule: Rule, pair: str) -> Callable[[object], bool]:
    """Whether an answer is a picture on which the two orders of a pair differ."""

    def norm(maps: Maps) -> Maps:
        return rule.normalise(maps)

    steps = {"act": row.each, "pool": row.pool, "norm": norm}
    first, second = (steps[name] for name in pair.split(", "))

    def told(answer: object) -> bool:
        if not is_picture(answer, rule.n, row.window):
            return False
        one, other = flat(second(first(answer))), flat(first(second(answer)))
        gap = sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
        size = max(sum(a**2 for a in one), sum(b**2 for b in other))
        return gap > APART**2 * size

    return told


def is_picture(answer: object, channels: int, side: int) -> bool:
    """A nested list of numbers, (C, H, W), as large as is needed and not larger."""
    if type(answer) is not list or not channels <= len(answer) <= LARGEST:
        return False
    sizes = set()
    for rows in answer:
        if type(rows) is not list or any(type(row) is not list for row in rows):
            return False
        sizes.add((len(rows), *{len(row) for row in rows}))
        numbers = [x for row in rows for x in row]
        if any(type(x) not in (int, float) for x in numbers):
            return False
        if not all(abs(x) < 1e6 for x in numbers):
            return False
    size = sizes.pop()
    return not sizes and len(size) == 2 and all(side <= n <= LARGEST for n in size)


def draw_row(draw: random.Random) -> Row:
    while True:
        act = draw.choice(list(FORMULAS))
        window, stride = draw.choice(((3, 2), (4, 3), (5, 3), (5, 4)))
        row = Row(
            act,
            draw.choice(SLOPES[act]),
            draw.choice(("max", "mean")),
            window,
            stride,
            draw.randrange(24, 129, 8),
            draw.randrange(61, 120),
            draw.choice((True, False)),
        )
        of_the_notebook = (act, row.reduce) == ("relu", "max")
        if not of_the_notebook and row.sides(window) != row.sides(stride):
            return row
