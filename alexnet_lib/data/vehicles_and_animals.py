"""Six animals and four vehicles in colour, a few polygons each, no two alike.

Coordinates as for the garments: x runs from -1 (left) to 1, y from -1 (top) to 1.
"""

from collections.abc import Callable

import numpy as np

from alexnet_lib.data.pen import FINENESS, SIDE, Pen, Points

MARGIN = 2  # pixels around the pen's sheet: 28 + 2 * 2 = 32
SKY, GRASS, SEA, STREET = (150, 190, 230), (110, 150, 80), (60, 100, 150), (120,) * 3


def airplane(pen: Pen) -> None:
    wing = pen.vary(0.35, 0.1)
    pen.fill(
        [(-0.95, 0), (-0.7, -0.12), (0.95, -0.06), (0.95, 0.08), (-0.7, 0.12)], 220
    )
    pen.fill([(-0.2, 0), (wing, -0.75), (wing + 0.2, -0.75), (0.25, 0)], 190)
    pen.fill([(-0.2, 0), (wing, 0.75), (wing + 0.2, 0.75), (0.25, 0)], 190)
    pen.fill([(0.7, -0.05), (0.95, -0.4), (1.0, -0.05)], 230)


def automobile(pen: Pen) -> None:
    pen.fill([(-0.95, 0.35), (-0.9, 0), (0.9, -0.05), (0.95, 0.35)], 220)
    roof = pen.vary(-0.45, 0.08)
    pen.fill([(-0.55, 0), (-0.3, roof), (0.35, roof), (0.6, 0)], 170)
    _wheels(pen, (-0.55, 0.55), 0.4, 0.2)


def truck(pen: Pen) -> None:
    pen.fill(
        [(-0.95, 0.4), (-0.95, -0.1), (-0.6, -0.45), (-0.35, -0.45), (-0.35, 0.4)], 230
    )
    top = pen.vary(-0.75, 0.08)
    pen.fill([(-0.28, 0.4), (-0.28, top), (0.98, top), (0.98, 0.4)], 190)
    _wheels(pen, (-0.65, 0.2, 0.65), 0.45, 0.17)


def ship(pen: Pen) -> None:
    pen.fill([(-1, 0.2), (1, 0.15), (0.75, 0.6), (-0.7, 0.6)], 200)
    for x in (-0.4, 0.05):
        height = pen.vary(-0.35, 0.2)
        pen.fill([(x, 0.2), (x, height), (x + 0.3, height), (x + 0.3, 0.2)], 240)


def bird(pen: Pen) -> None:
    _body(pen, 0, 0.1, 0.45, 0.28)
    _body(pen, -0.5, -0.25, 0.2, 0.18)
    pen.fill([(-0.68, -0.3), (-1, -0.2), (-0.68, -0.16)], 250)
    pen.fill([(0, 0), (pen.vary(0.75, 0.15), -0.65), (0.45, 0.15)], 160)
    pen.both_lines([(0.08, 0.35), (0.1, 0.8)], 200, 0.05)


def cat(pen: Pen) -> None:
    _body(pen, 0, 0.1, 0.6, 0.55)
    pen.mirror([(0.15, -0.4), (0.5, -0.95), (0.6, -0.1)], 210)
    pen.both_lines([(0.2, 0.25), (0.9, pen.vary(0.15, 0.15))], 120, 0.03)
    _eyes(pen, 0.25, 0.0)


def deer(pen: Pen) -> None:
    _body(pen, 0.2, 0.1, 0.5, 0.22)
    pen.line([(-0.2, 0.05), (-0.45, -0.4)], 210, 0.2)
    _body(pen, -0.55, -0.45, 0.22, 0.12)
    for x in (-0.15, 0.05, 0.4, 0.6):
        pen.line([(x, 0.2), (x, 0.95)], 180, 0.06)
    tip = pen.vary(-0.95, 0.05)
    pen.line([(-0.45, -0.5), (-0.6, tip)], 240, 0.05)
    pen.line([(-0.4, -0.5), (-0.15, tip)], 240, 0.05)


def dog(pen: Pen) -> None:
    _body(pen, 0, -0.05, 0.5, 0.6)
    _body(pen, 0, 0.35, 0.3, 0.3)
    drop = pen.vary(0.45, 0.12)
    pen.mirror([(0.35, -0.6), (0.8, -0.35), (0.75, drop), (0.5, 0.1)], 120)
    _eyes(pen, 0.22, -0.15)


def frog(pen: Pen) -> None:
    _body(pen, 0, 0.35, 0.85, 0.4)
    for x in (-0.4, 0.4):
        _body(pen, x, -0.1, 0.22, 0.22)
    _eyes(pen, 0.4, -0.12)
    pen.line([(-0.5, 0.45), (0, pen.vary(0.6, 0.08)), (0.5, 0.45)], 90, 0.05)


def horse(pen: Pen) -> None:
    _body(pen, 0.15, 0.05, 0.6, 0.3)
    pen.fill([(-0.5, 0.1), (-0.75, -0.75), (-0.45, -0.8), (-0.1, -0.1)], 210)
    pen.fill(
        [(-0.7, -0.8), (-1, pen.vary(-0.35, 0.1)), (-0.8, -0.3), (-0.5, -0.6)], 230
    )
    for x in (-0.3, -0.1, 0.45, 0.65):
        pen.line([(x, 0.2), (x, 0.95)], 190, 0.12)
    pen.line([(0.7, -0.1), (0.95, 0.5)], 100, 0.1)


KINDS: tuple[tuple[Callable[[Pen], None], tuple[int, int, int]], ...] = (
    (airplane, SKY),
    (automobile, STREET),
    (bird, SKY),
    (cat, GRASS),
    (deer, GRASS),
    (dog, GRASS),
    (frog, SEA),
    (horse, GRASS),
    (ship, SEA),
    (truck, STREET),
)


def draw_kind(label: int, random: np.random.Generator) -> np.ndarray:
    """One picture before its background, in a colour of its own. Shape: (3, 32, 32)."""
    draw, ground = KINDS[label]
    pen = Pen(random)
    draw(pen)
    shape = np.asarray(pen.image.reduce(FINENESS), np.float32) / 255  # (28, 28)
    shape = np.pad(shape, MARGIN)
    side = SIDE + 2 * MARGIN
    light = np.linspace(1.15, 0.85, side, dtype=np.float32)[None, :, None]
    colour = random.uniform(40, 255, 3).astype(np.float32)[:, None, None]
    place = np.asarray(ground, np.float32) + random.normal(0, 25, 3).astype(np.float32)
    seen = shape > 0
    picture = np.where(seen, shape * colour, place[:, None, None] * light)
    grain = random.normal(0, 10, (3, side, side)).astype(np.float32)
    return (picture + grain).clip(0, 255).astype(np.uint8)


def _wheels(pen: Pen, places: tuple[float, ...], y: float, radius: float) -> None:
    for x in places:
        pen.fill(_ellipse(x, y, radius, radius), 60)


def _body(pen: Pen, x: float, y: float, width: float, height: float) -> None:
    pen.fill(_ellipse(x, y, width, height), 200)


def _eyes(pen: Pen, x: float, y: float) -> None:
    for side in (-1, 1):
        pen.fill(_ellipse(side * x, y, 0.08, 0.08), 30)


def _ellipse(x: float, y: float, width: float, height: float) -> Points:
    turns = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    return [(x + width * np.cos(turn), y + height * np.sin(turn)) for turn in turns]
