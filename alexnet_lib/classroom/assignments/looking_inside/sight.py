"""Which units of a map see a pixel, and which pixels one unit sees."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

Windows = tuple[tuple[int, int, int], ...]  # kernel, stride, padding; picture first
NEAR = 3  # pixels from an end of the row


def map_sizes(windows: Windows, size: int) -> list[int]:
    """Units in each map, from the row of pixels to the last map; 0 where none fits."""
    sizes = [size]
    for kernel, stride, padding in windows:
        travel = sizes[-1] + 2 * padding - kernel
        sizes.append(travel // stride + 1 if travel >= 0 else 0)
    return sizes


def field(windows: Windows, size: int, unit: int) -> list[int]:
    """First and last pixel that a unit sees; [] where it sees padding only.

    What lies outside of a map is a zero of the padding, so the way back is cut at the
    ends of every map.
    """
    first = last = unit
    sizes = map_sizes(windows, size)[:-1]
    for (kernel, stride, padding), units in zip(
        reversed(windows), reversed(sizes), strict=True
    ):
        first = max(first * stride - padding, 0)
        last = min(last * stride - padding + kernel - 1, units - 1)
        if first > last:
            return []
    return [first, last]


def watchers(windows: Windows, size: int, pixel: int) -> list[int]:
    """First and last unit of the last map that see a pixel; [] where none does."""
    units = []
    for unit in range(map_sizes(windows, size)[-1]):
        seen = field(windows, size, unit)
        if seen and seen[0] <= pixel <= seen[1]:
            units.append(unit)
    return [units[0], units[-1]] if units else []


@dataclass(frozen=True)
class OwnUnit:
    """A unit near a corner of the last map of a picture that is not square."""

    windows: Windows
    height: int
    width: int
    row: int
    column: int

    @property
    def rows(self) -> list[int]:
        return field(self.windows, self.height, self.row)

    @property
    def columns(self) -> list[int]:
        return field(self.windows, self.width, self.column)


def draw_windows(draw: random.Random, size: int, padded: bool) -> Windows:
    """Two or three windows that leave no pixel between them out."""
    while True:
        windows = []
        for _ in range(draw.choice((2, 3))):
            kernel = draw.randint(2, 5)
            padding = draw.randint(1, kernel // 2) if padded else 0
            windows.append((kernel, draw.randint(1, min(kernel, 3)), padding))
        if map_sizes(tuple(windows), size)[-1] >= 3:
            return tuple(windows)


def draw_case(draw: random.Random, place: str) -> tuple[Windows, int, int]:
    """Windows, size and pixel. place: middle, start, end or unseen (by any unit)."""
    while True:
        size = draw.randint(14, 40)
        windows = draw_windows(draw, size, padded=place != "middle")
        pixel = {
            "middle": draw.randint(size // 3, 2 * size // 3),
            "start": draw.randrange(NEAR),
        }.get(place, size - 1 - draw.randrange(NEAR))
        units, last = watchers(windows, size, pixel), map_sizes(windows, size)[-1] - 1
        fits = {
            "middle": bool(units) and 0 < units[0] < units[1] < last,
            "start": bool(units) and units[0] == 0,
            "end": bool(units) and units[1] == last,
            "unseen": not units,
        }
        if fits[place]:
            return windows, size, pixel


def draw_unit(draw: random.Random) -> OwnUnit:
    """The last row of units, and the first column but one: cut on two sides."""
    while True:
        height, width = draw.sample(range(24, 41), 2)
        windows = draw_windows(draw, min(height, width), padded=True)
        down = map_sizes(windows, height)[-1]
        unit = OwnUnit(windows, height, width, down - 1, draw.randint(0, 1))
        uncut = 1 + sum(
            (kernel - 1) * _jump(windows[:place])
            for place, (kernel, *_) in enumerate(windows)
        )
        short = [_length(ends) < uncut for ends in (unit.rows, unit.columns)]
        if all(short):
            return unit


def _jump(windows: Windows) -> int:
    """Pixels from one unit to the next."""
    pixels = 1
    for _, stride, _ in windows:
        pixels *= stride
    return pixels


def _length(ends: Sequence[int]) -> int:
    return ends[1] - ends[0] + 1 if ends else 0
