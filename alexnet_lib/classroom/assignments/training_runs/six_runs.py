"""What is done to each of the six runs, and what must show of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from alexnet_lib.classroom.assignments.training_runs.curves import (
    JUDGES,
    Epoch,
    Network,
    draw_points,
    train,
)

LETTERS, EPOCHS, LATE = "ABCDEF", 8, 4
SPREAD = 0.8  # how far apart the classes lie
CHANCE = 33  # percent, with three classes


@dataclass(frozen=True)
class Sickness:
    """How a run is made; one that does not show its cause is made again."""

    rates: tuple[float, ...]  # one of them is drawn
    shows: Callable[[list[Epoch]], bool]
    points: int = 60
    dropout: float = 0.4
    shuffled: bool = False


def _late(epochs: list[Epoch], look: str) -> float:
    """Mean accuracy over the last epochs."""
    return sum(getattr(epoch, look).accuracy for epoch in epochs[-LATE:]) / LATE


def _healthy(epochs: list[Epoch]) -> bool:
    lower = _late(epochs, "validated") - _late(epochs, "in_train_mode")
    learned = min(_late(epochs, "trained"), _late(epochs, "validated")) >= 65
    return learned and lower >= 6


def _thrown_about(epochs: list[Epoch]) -> bool:
    at_chance = all(epoch.trained.accuracy < 52 for epoch in epochs)
    return at_chance and min(epoch.trained.loss for epoch in epochs) > 5


def _creeps(epochs: list[Epoch]) -> bool:
    losses = [epoch.validated.loss for epoch in epochs]
    falls = all(later <= now for now, later in pairwise(losses))
    return falls and 0.9 < losses[-1] < losses[0] < 2 and _late(epochs, "trained") < 52


def _by_heart(epochs: list[Epoch]) -> bool:
    known = epochs[-1].trained.accuracy >= 90 and epochs[-1].trained.loss < 0.3
    worse = 52 <= _late(epochs, "validated") <= 74
    return known and worse and epochs[-1].validated.loss > 0.9


def _for_nothing(epochs: list[Epoch]) -> bool:
    known = epochs[-1].trained.accuracy >= 75
    return known and abs(_late(epochs, "validated") - CHANCE) < 9


SICKNESSES = {
    "healthy": Sickness((0.03, 0.04, 0.05), _healthy),
    "rate too high": Sickness((2.0, 3.0, 4.0), _thrown_about),
    "rate too low": Sickness((0.0003, 0.0004, 0.0006), _creeps),
    "overfitting": Sickness((0.1, 0.12), _by_heart, points=15, dropout=0.0),
    "shuffled labels": Sickness(
        (0.1, 0.12), _for_nothing, points=36, dropout=0.0, shuffled=True
    ),
}
MEASURED = "validated in train mode"  # the healthy run, once more
CAUSES = (*SICKNESSES, MEASURED)


@dataclass(frozen=True)
class SixRuns:
    runs: dict[str, tuple[Epoch, ...]]  # by letter
    causes: dict[str, str]  # by letter


@cache  # a second of plain loops
def six_runs(seed: int) -> SixRuns:
    draw = random.Random(seed)
    runs = {cause: draw_run(draw, each) for cause, each in SICKNESSES.items()}
    runs[MEASURED] = tuple(
        replace(epoch, validated=epoch.in_train_mode) for epoch in runs["healthy"]
    )
    causes = draw.sample(CAUSES, len(CAUSES))
    pairs = list(zip(LETTERS, causes, strict=True))
    return SixRuns({letter: runs[cause] for letter, cause in pairs}, dict(pairs))


def draw_run(draw: random.Random, sickness: Sickness) -> tuple[Epoch, ...]:
    """Runs are drawn until one shows what was done to it."""
    while True:
        points, judges = draw_points(draw, SPREAD, sickness.points, JUDGES)
        if sickness.shuffled:
            labels = draw.sample([label for _, label in points], len(points))
            points = [(x, new) for (x, _), new in zip(points, labels, strict=True)]
        network = Network(draw, sickness.dropout)
        rate = draw.choice(sickness.rates)
        epochs = list(train(network, points, judges, rate, EPOCHS))
        if sickness.shows(epochs):
            return tuple(epochs)


def as_text(runs: SixRuns) -> str:
    """A block of lines for each letter: accuracies in percent, and losses."""
    lines = []
    for letter, epochs in runs.runs.items():
        for name, scores in (
            ("training", [epoch.trained for epoch in epochs]),
            ("validation", [epoch.validated for epoch in epochs]),
        ):
            percents = "".join(f"{score.accuracy:4}" for score in scores)
            first, last = scores[0].loss, scores[-1].loss
            lines.append(
                f"{letter} {name:<11}{percents} %   loss {first:6.2f} to {last:6.2f}"
            )
            letter = " "
    return "\n".join(lines)
