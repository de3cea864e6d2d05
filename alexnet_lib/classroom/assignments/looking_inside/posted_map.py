"""An occlusion map that somebody posted, and the mistake in it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from math import exp

CLASSES, APART = 3, 0.02  # between entries that tell two maps apart, as printed
Map = list[list[float]]
Profile = tuple[int, ...]


@dataclass(frozen=True)
class Looker:
    """A picture, three classes that look for patterns in it, and a covering square."""

    picture: Map
    detectors: tuple[tuple[tuple[Profile, Profile], ...], ...]  # [class][k]: rows, cols
    cover: float
    side: int
    step: int

    def logits(self, picture: Map) -> list[float]:
        """Of each detector the sum of row x column x pixel, and no less than 0."""
        found = []
        for pairs in self.detectors:
            sums = [
                sum(
                    r * c * pixel
                    for r, line in zip(rows, picture, strict=True)
                    for c, pixel in zip(columns, line, strict=True)
                )
                for rows, columns in pairs
            ]
            found.append(sum(max(0.0, value) for value in sums))
        return found

    @property
    def ranking(self) -> list[int]:
        """Classes, the one that is named first."""
        logits = self.logits(self.picture)
        return sorted(range(CLASSES), key=lambda c: -logits[c])

    def occlusion(
        self,
        *,
        cover: float | None = None,
        side: int | None = None,
        label: int | None = None,
        shares: bool = False,
        stays: bool = False,
    ) -> Map:
        """What a class loses under the square at each place; options are mistakes."""
        cover = self.cover if cover is None else cover
        label = self.ranking[0] if label is None else label
        scores = softmax if shares else list
        picture = [list(line) for line in self.picture]
        whole = scores(self.logits(picture))[label]
        tops = range(0, len(picture) - self.side + 1, self.step)
        found = []
        for top in tops:
            line = []
            for left in tops:
                if not stays:
                    picture = [list(row) for row in self.picture]
                for row in picture[top : top + (side or self.side)]:
                    row[left : left + (side or self.side)] = [cover] * (
                        side or self.side
                    )
                line.append(whole - scores(self.logits(picture))[label])
            found.append(line)
        return found


def softmax(logits: list[float]) -> list[float]:
    powers = [exp(logit - max(logits)) for logit in logits]
    return [power / sum(powers) for power in powers]


MISTAKES: dict[str, Callable[[Looker], Map]] = {
    "covered with 0": lambda own: own.occlusion(cover=0.0),
    "gain in place of loss": lambda own: [[-x for x in row] for row in own.occlusion()],
    "the runner-up's logit": lambda own: own.occlusion(label=own.ranking[1]),
    "shares in place of logits": lambda own: own.occlusion(shares=True),
    "rows and columns exchanged": lambda own: [
        list(row) for row in zip(*own.occlusion(), strict=True)
    ],
    "a square one pixel smaller": lambda own: own.occlusion(side=own.side - 1),
    "squares that stay covered": lambda own: own.occlusion(stays=True),
}


@dataclass(frozen=True)
class PostedMap:
    """What was posted, what was wrong with it, and what the right map shows."""

    looker: Looker
    mistake: str

    @property
    def posted(self) -> Map:
        return MISTAKES[self.mistake](self.looker)

    @property
    def strongest(self) -> tuple[int, int, float]:
        """Row and column of the position that costs the class most, and how much."""
        right = self.looker.occlusion()
        return max(
            ((i, j, x) for i, row in enumerate(right) for j, x in enumerate(row)),
            key=lambda entry: entry[2],
        )

    def as_text(self) -> str:
        """The map as it was posted, two decimals."""
        rows = [
            "".join(f"{round(value, 2) + 0.0:9.2f}" for value in row)  # no -0.00
            for row in self.posted
        ]
        return "\n".join(rows)


def draw_posted_map(draw: random.Random) -> PostedMap:
    """Every mistake gives another map, and the right one has one strongest place."""
    mistake = draw.choice(list(MISTAKES))  # each is as likely, whatever the picture
    while True:
        size, side, step = draw.choice(((6, 3, 1), (7, 3, 2), (6, 2, 2), (8, 4, 2)))
        looker = Looker(
            [[draw.randint(1, 9) / 10 for _ in range(size)] for _ in range(size)],
            tuple(
                tuple((_profile(draw, size), _profile(draw, size)) for _ in range(2))
                for _ in range(CLASSES)
            ),
            draw.choice((0.3, 0.4, 0.6, 0.7)),
            side,
            step,
        )
        if _is_clear(looker):
            return PostedMap(looker, mistake)


def _profile(draw: random.Random, size: int) -> Profile:
    return tuple(draw.choice((-1, 0, 1, 1)) for _ in range(size))


def _is_clear(looker: Looker) -> bool:
    first, second = (looker.logits(looker.picture)[c] for c in looker.ranking[:2])
    right = looker.occlusion()
    maps = [right, *(make(looker) for make in MISTAKES.values())]
    differ = [
        _distance(a, b) > APART for i, a in enumerate(maps) for b in maps[i + 1 :]
    ]
    *_, next_best, best = sorted(value for row in right for value in row)
    nothing = [abs(value) < APART for row in maps[3] for value in row]
    return (
        first - second > 0.2
        and all(differ)
        and best > 0.5
        and best - next_best > 0.1
        and sum(nothing) < len(nothing) / 2  # of the runner-up's: it can be told
    )


def _distance(a: Map, b: Map) -> float:
    """The largest difference of two entries."""
    pairs = zip(a, b, strict=True)
    return max(abs(x - y) for s, t in pairs for x, y in zip(s, t, strict=True))
