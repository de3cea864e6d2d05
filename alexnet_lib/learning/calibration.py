"""How sure the reader was, and how often that was right.

`outcomes.yaml` holds what came out of every prediction of the course.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import fmean

import yaml

from alexnet_lib.learning import progress
from alexnet_lib.learning.predictions import CONFIDENCES


@dataclass(frozen=True)
class Bet:
    """A prediction whose outcome is known; `confidence` is a share, None = not said."""

    key: str
    confidence: float | None
    right: bool


@dataclass(frozen=True)
class Level:
    """All bets made with one word of confidence."""

    word: str
    said: float  # the share that the word stands for
    right: int
    bets: int


@cache
def outcomes() -> dict[str, str | None]:
    """What came out, by the key of the prediction; None where nothing settles it."""
    path = files("alexnet_lib.learning") / "outcomes.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def settled_bets() -> list[Bet]:
    """The reader's own predictions, of all notebooks, whose outcome is known."""
    found = []
    for key, kept in sorted(progress.read("predictions").items()):
        outcome = outcomes().get(key)
        if outcome is not None:
            confidence = CONFIDENCES.get(kept["confidence"])
            found.append(Bet(key, confidence, kept["option"] == outcome))
    return found


def brier_score(bets: Sequence[Bet]) -> float | None:
    """Mean of (confidence - what came out)^2: 0 is best, 0.25 is 50 % on everything.

    Bets without a confidence are left out; None when there are no others.
    """
    errors = [(b.confidence - b.right) ** 2 for b in bets if b.confidence is not None]
    return fmean(errors) if errors else None  # `sum` rounds by the Python version


def levels(bets: Sequence[Bet]) -> list[Level]:
    """For each word of confidence that was used: how often it was right."""
    found = []
    for word, said in CONFIDENCES.items():
        chosen = [bet.right for bet in bets if bet.confidence == said]
        if chosen:
            found.append(Level(word, said, sum(chosen), len(chosen)))
    return found


def in_words(bets: Sequence[Bet]) -> str:
    """The score and one line for each level, or what to do when there is none."""
    score = brier_score(bets)
    if score is None:
        return (
            f"{len(bets)} bets settled, none with a confidence: choose one of "
            f"{', '.join(CONFIDENCES)} under a prediction, and run this cell again"
        )
    lines = [f"{sum(bet.right for bet in bets)} of {len(bets)} bets right"]
    lines += [
        f"  {level.word} ({level.said:.0%}): {level.right} of {level.bets} right"
        for level in levels(bets)
    ]
    return "\n".join([*lines, f"Brier score {score:.3f} (0 is best)"])
