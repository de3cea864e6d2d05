"""Six runs without labels: one is healthy, the others are sick; really computed.

A network of one hidden layer learns points in plain loops, one point a step. A rate
that is too high makes much of little, so the steps call no function whose last digit
differs between machines or Pythons: the same secret gives the same curves everywhere.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum, log, sqrt
from operator import mul

NUMBERS, HIDDEN, CLASSES = 8, 12, 3
JUDGES = 60  # points to judge by
Point = tuple[list[float], int]


@dataclass(frozen=True)
class Score:
    """Accuracy in whole percent, and mean loss with two decimals."""

    accuracy: int
    loss: float


@dataclass(frozen=True)
class Epoch:
    trained: Score  # counted while the epoch ran
    validated: Score
    in_train_mode: Score  # validated with dropout on


class Network:
    """Linear, ReLU, dropout, linear; the last number of a row is the bias."""

    def __init__(self, draw: random.Random, dropout: float):
        self.draw, self.dropout = draw, dropout
        self.first = [_weights(draw, NUMBERS, 1.0) for _ in range(HIDDEN)]
        self.second = [_weights(draw, HIDDEN, 0.5) for _ in range(CLASSES)]

    def hidden(self, numbers: list[float], training: bool) -> list[float]:
        kept = [max(0.0, fsum(map(mul, row, numbers)) + row[-1]) for row in self.first]
        if training and self.dropout:
            p = self.dropout
            kept = [0.0 if self.draw.random() < p else h / (1 - p) for h in kept]
        return kept

    def shares(self, hidden: list[float]) -> list[float]:
        """Probabilities of the classes."""
        logits = [fsum(map(mul, row, hidden)) + row[-1] for row in self.second]
        powers = [_exp(logit - max(logits)) for logit in logits]
        total = fsum(powers)
        return [power / total for power in powers]

    def step(self, point: Point, rate: float) -> tuple[bool, float]:
        """One step down; whether the network was right before it, and the loss."""
        numbers, label = point
        hidden = self.hidden(numbers, training=True)
        shares = self.shares(hidden)
        errors = [share - (c == label) for c, share in enumerate(shares)]
        back = [
            fsum(map(mul, errors, column)) for column in zip(*self.second, strict=True)
        ]
        for error, row in zip(errors, self.second, strict=True):
            _move(row, hidden, rate * error)
        for flow, h, row in zip(back, hidden, self.first, strict=False):
            if h:
                _move(row, numbers, rate * flow / (1 - self.dropout))
        return _judged(shares, label)


def _exp(x: float) -> float:
    """About e ** x for x up to 0, by squaring: sixteen digits alike everywhere."""
    power = max(0.0, 1 + x / 1024)
    for _ in range(10):
        power *= power
    return power


def _move(row: list[float], inputs: list[float], step: float) -> None:
    row[:] = [w - step * x for w, x in zip(row, (*inputs, 1.0), strict=True)]


def _judged(shares: list[float], label: int) -> tuple[bool, float]:
    return max(shares) == shares[label], -log(max(shares[label], 1e-30))


def _weights(draw: random.Random, inputs: int, times: float) -> list[float]:
    size = times * sqrt(6 / inputs)
    return [draw.uniform(-size, size) for _ in range(inputs)] + [0.0]


def draw_points(draw: random.Random, spread: float, *counts: int) -> list[list[Point]]:
    """Sets of points around one centre for each class, in turn."""
    centres = [
        [draw.choice((-spread, spread)) for _ in range(NUMBERS)] for _ in range(CLASSES)
    ]

    def point(number: int) -> Point:
        label = number % CLASSES
        noise = [
            draw.random() + draw.random() + draw.random() - 1.5 for _ in centres[0]
        ]
        return [x + 2 * n for x, n in zip(centres[label], noise, strict=True)], label

    return [[point(number) for number in range(count)] for count in counts]


def _score(judged: list[tuple[bool, float]]) -> Score:
    right, loss = zip(*judged, strict=True)
    return Score(round(100 * sum(right) / len(right)), round(fsum(loss) / len(loss), 2))


def train(
    network: Network, points: list[Point], judges: list[Point], rate: float, epochs: int
) -> Iterator[Epoch]:
    """One point a step, in another order in every epoch."""
    points = list(points)
    for _ in range(epochs):
        network.draw.shuffle(points)
        scores = [_score([network.step(point, rate) for point in points])]
        for training in (False, True):
            judged = [
                _judged(network.shares(network.hidden(numbers, training)), label)
                for numbers, label in judges
            ]
            scores.append(_score(judged))
        yield Epoch(*scores)
