"""Cutting channels of a head until it names another class, and what chance does."""

import random
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import fmean

CLASSES, CHANNELS, MOST_CUT = 3, 7, 4
APART = 0.05  # between two logits or two votes: no rounding decides
VOTES = ("the class itself", "its lead over the runner-up", "its lead over the mean")
LEVELS = (-0.4, -0.2, 0.2, 0.4)  # what a silent channel gives
Weights = list[list[float]]


@dataclass(frozen=True)
class Head:
    """A last layer, its weights as [class][channel], and one picture's channels."""

    weights: Weights
    biases: list[float]
    active: list[float]

    @property
    def args(self) -> tuple:
        return self.weights, self.biases, self.active

    def logits(self, active: list[float] | None = None) -> list[float]:
        active = self.active if active is None else active
        return [
            bias + sum(w * a for w, a in zip(row, active, strict=True))
            for row, bias in zip(self.weights, self.biases, strict=True)
        ]

    def named(self, cut: tuple[int, ...] = (), level: float = 0.0) -> int:
        """The class that is named when these channels give `level`."""
        logits = self.logits(self.silenced(cut, level))
        return logits.index(max(logits))

    def silenced(self, cut: tuple[int, ...], level: float) -> list[float]:
        return [level if c in cut else a for c, a in enumerate(self.active)]


@dataclass(frozen=True)
class SurgeryRule:
    """What a channel's vote is for, and what a silent channel gives."""

    votes: str
    level: float

    def vote(self, head: Head) -> list[float]:
        """What each channel's silence would take from the class that is named."""
        logits = head.logits()
        first, second, *_ = sorted(range(CLASSES), key=lambda c: -logits[c])
        others = [row for c, row in enumerate(head.weights) if c != first]
        found = []
        for channel, active in enumerate(head.active):
            weight = head.weights[first][channel]
            match self.votes:
                case "its lead over the runner-up":
                    weight -= head.weights[second][channel]
                case "its lead over the mean":
                    weight -= fmean(row[channel] for row in others)
            found.append(weight * (active - self.level))
        return found

    def channels(self, head: Head) -> list[int]:
        """Those that are cut, in order; [] where no cut changes the answer."""
        votes, said = self.vote(head), head.named()
        order = sorted(range(CHANNELS), key=lambda c: -votes[c])
        for count in range(1, CHANNELS + 1):
            if head.named(tuple(order[:count]), self.level) != said:
                return order[:count]
        return []

    def by_chance(self, head: Head, count: int) -> float:
        """Of all choices of so many channels, the share that changes the answer."""
        said = head.named()
        choices = list(combinations(range(CHANNELS), count))
        return fmean(head.named(cut, self.level) != said for cut in choices)

    def operate(self, head: Head) -> list:
        cut = self.channels(head)
        return [cut, self.by_chance(head, len(cut))]


def draw_rule(draw: random.Random) -> SurgeryRule:
    return SurgeryRule(draw.choice(VOTES), draw.choice(LEVELS))


def draw_head(draw: random.Random, rule: SurgeryRule, *, several: bool) -> Head:
    """One cut is enough, by every rule; or several are needed, and the rules differ."""
    others = [SurgeryRule(votes, rule.level) for votes in VOTES if votes != rule.votes]
    while True:
        head = Head(
            [
                [draw.randint(-20, 20) / 10 for _ in range(CHANNELS)]
                for _ in range(CLASSES)
            ],
            [draw.randint(-10, 10) / 10 for _ in range(CLASSES)],
            [draw.randint(5, 20) / 10 for _ in range(CHANNELS)],
        )
        cut = rule.channels(head)
        theirs = [other.channels(head) for other in others]
        wanted = (
            2 <= len(cut) <= MOST_CUT and all(other != cut for other in theirs)
            if several
            else len(cut) == 1 and all(other == cut for other in theirs)
        )
        if wanted and _is_clear(head, rule):
            return head


def _is_clear(head: Head, rule: SurgeryRule) -> bool:
    """No two votes, logits of the uncut head, or leading ones of a cut lie too near."""
    uncut = sorted(head.logits())  # all of them: who comes second matters, too
    if any(b - a < APART for a, b in pairwise(uncut)):
        return False
    for votes in VOTES:
        found = sorted(SurgeryRule(votes, rule.level).vote(head))
        if any(b - a < APART for a, b in pairwise(found)):
            return False
    for count in range(MOST_CUT + 1):
        for cut in combinations(range(CHANNELS), count):
            *_, second, first = sorted(head.logits(head.silenced(cut, rule.level)))
            if first - second < APART / 10:
                return False
    return True
