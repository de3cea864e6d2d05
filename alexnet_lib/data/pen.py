"""A pen that never draws the same picture twice: for the stand-in."""

import numpy as np
from PIL import Image, ImageDraw

SIDE = 28
FINENESS = 4  # drawn four times as large, then averaged: soft edges
Points = list[tuple[float, float]]


class Pen:
    """Draws one picture, slightly moved, scaled and turned; shades are 0 to 255."""

    def __init__(self, random: np.random.Generator):
        self.random = random
        side = SIDE * FINENESS
        self.image = Image.new("L", (side, side))
        self.draw = ImageDraw.Draw(self.image)
        width, height = random.uniform(0.72, 1.02, 2)
        turn, slant = random.normal(0, 0.04), random.normal(0, 0.03)
        half = side / 2
        self.matrix = half * np.array([[width, slant - turn], [turn, height]])
        self.centre = half + half * random.uniform(-0.12, 0.12, 2)

    def vary(self, value: float, amount: float = 0.05) -> float:
        return value + amount * (2 * self.random.random() - 1)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def place(self, points: Points) -> list[tuple[float, float]]:
        placed = np.asarray(points) @ self.matrix.T + self.centre
        return [tuple(point) for point in placed.tolist()]

    def fill(self, points: Points, shade: float) -> None:
        self.draw.polygon(self.place(points), fill=int(np.clip(shade, 0, 255)))

    def mirror(self, right: Points, shade: float) -> None:
        self.fill(right + [(-x, y) for x, y in reversed(right)], shade)

    def line(self, points: Points, shade: float, width: float) -> None:
        pixels = max(1, round(width * SIDE * FINENESS / 2))
        shade = int(np.clip(shade, 0, 255))
        self.draw.line(self.place(points), fill=shade, width=pixels, joint="curve")

    def both_lines(self, points: Points, shade: float, width: float) -> None:
        self.line(points, shade, width)
        self.line([(-x, y) for x, y in points], shade, width)
