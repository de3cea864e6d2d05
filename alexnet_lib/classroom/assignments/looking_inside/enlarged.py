"""What windows can see of an enlarged line, exactly, and of rows with faint directions.

Ranks of enlarged lines are counted in fractions: no rounding decides.
"""

import random
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import sqrt

ENLARGEMENTS = ("copied", "mixed", "smoothed")
MEASURES = {"largest": (0.01, 0.02, 0.05), "energy": (0.001, 0.002, 0.005)}
Rows = list[list[float]]


@dataclass(frozen=True)
class Enlargement:
    """A line of `small` pixels made longer, and the windows that are laid on it."""

    kind: str
    small: int
    factor: int
    kernel: int
    stride: int

    def enlarge(self, line: list) -> list:
        last = len(line) - 1
        copied = [pixel for pixel in line for _ in range(self.factor)]
        match self.kind:
            case "copied":
                return copied
            case "smoothed":
                return [
                    (a + b) / 2
                    for a, b in zip(copied, [*copied[1:], copied[-1]], strict=True)
                ]
        longer = []
        for place in range(len(copied)):
            where = Fraction(2 * place + 1, 2 * self.factor) - Fraction(1, 2)
            where = min(max(where, Fraction(0)), Fraction(last))
            left = int(where)
            share = where - left
            right = line[min(left + 1, last)]
            longer.append((1 - share) * line[left] + share * right)
        return longer

    def windows(self) -> list[list[list[Fraction]]]:
        """[window][line] -> its pixels, for lines of which one pixel is 1."""
        lines = [
            self.enlarge([Fraction(i == j) for j in range(self.small)])
            for i in range(self.small)
        ]
        starts = range(0, len(lines[0]) - self.kernel + 1, self.stride)
        return [[line[s : s + self.kernel] for line in lines] for s in starts]

    @property
    def place(self) -> int:
        """The window of which is asked alone: one in the middle."""
        return len(self.windows()) // 2

    @cached_property
    def one_window(self) -> int:
        return rank(self.windows()[self.place])

    @cached_property
    def together(self) -> int:
        return rank([row for window in self.windows() for row in window])


def rank(rows: list[list[Fraction]]) -> int:
    """How many directions the rows span, by elimination."""
    rows, found = [list(row) for row in rows], 0
    for column in range(len(rows[0])):
        pivot = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        top = rows[found]
        for i in range(found + 1, len(rows)):
            if rows[i][column]:
                times = rows[i][column] / top[column]
                rows[i] = [a - times * b for a, b in zip(rows[i], top, strict=True)]
        found += 1
    return found


def draw_enlargement(draw: random.Random) -> Enlargement:
    """One window alone sees less than all of them, and all of them not everything."""
    while True:
        factor = draw.choice((3, 4, 5, 6))
        own = Enlargement(
            draw.choice(ENLARGEMENTS),
            draw.randint(6, 9),
            factor,
            draw.randint(6, 9),
            draw.choice((2, 3, 4)),
        )
        if own.one_window < own.together < own.kernel:
            return own


@dataclass(frozen=True)
class Tolerance:
    """When a direction counts: by its singular value, or by its square."""

    measure: str  # against the largest one, or against the sum of all squares
    least: float

    def count(self, sizes: list[float]) -> int:
        """How many of these singular values count."""
        if self.measure == "largest":
            return sum(size > self.least * max(sizes) for size in sizes)
        energy = sum(size**2 for size in sizes)
        return sum(size**2 > self.least * energy for size in sizes)


@dataclass(frozen=True)
class Spread:
    """Rows with known singular values, and a kernel to lay on them."""

    rows: Rows
    kernel: list[float]
    dimensions: int
    part: list[float]  # of the kernel, in the directions that count


def draw_tolerance(draw: random.Random) -> Tolerance:
    measure = draw.choice(list(MEASURES))
    return Tolerance(measure, draw.choice(MEASURES[measure]))


def draw_spread(
    draw: random.Random,
    tolerance: Tolerance,
    *,
    length: int = 7,
    faint: bool = False,
    scale: float = 1,
) -> Spread:
    """Rows that span a few directions; faint: some on both sides of the tolerance."""
    strong = draw.randint(2, 3)
    shares = [1.0] + [draw.uniform(0.4, 0.9) for _ in range(strong - 1)]
    if faint:
        below = [draw.uniform(0.3, 0.6) for _ in range(draw.randint(1, 2))]
        above = [draw.uniform(1.8, 3.0) for _ in range(draw.randint(1, 2))]
        shares += [tolerance.least * times for times in above + below]
    if tolerance.measure == "energy":
        bright = sum(shares[strong:])
        dark = sum(shares[:strong])
        shares = [s * (1 - bright) / dark for s in shares[:strong]] + shares[strong:]
        sizes = [sqrt(share) for share in shares]
    else:
        sizes = shares
    sizes = [scale * size for size in sizes]
    directions = _at_right_angles(draw, len(sizes), length)
    mixes = _at_right_angles(draw, len(sizes), length + 2)
    rows = [
        [
            sum(
                s * u[i] * v[j]
                for s, u, v in zip(sizes, mixes, directions, strict=True)
            )
            for j in range(length)
        ]
        for i in range(length + 2)
    ]
    kernel = [round(draw.uniform(-2, 2), 2) for _ in range(length)]
    count = tolerance.count(sizes)
    part = [0.0] * length
    for direction in directions[:count]:
        times = sum(a * b for a, b in zip(direction, kernel, strict=True))
        part = [a + times * b for a, b in zip(part, direction, strict=True)]
    return Spread(rows, kernel, count, part)


def _at_right_angles(draw: random.Random, count: int, length: int) -> Rows:
    """So many directions of length 1."""
    found: Rows = []
    while len(found) < count:
        row = [draw.gauss(0, 1) for _ in range(length)]
        for _ in range(2):  # the second time takes what rounding left
            for other in found:
                times = sum(a * b for a, b in zip(row, other, strict=True))
                row = [a - times * b for a, b in zip(row, other, strict=True)]
        size = sqrt(sum(a * a for a in row))
        if size > 0.1:
            found.append([a / size for a in row])
    return found
