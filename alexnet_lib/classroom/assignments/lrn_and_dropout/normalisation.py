"""A normalisation of one's own: its constants, its ends, and what alpha multiplies.

Maps are plain nested lists, maps[channel][row][column].
"""

import random
from dataclasses import dataclass, replace

Maps = list[list[list[float]]]

EDGES = {
    "cut": "the window is cut: it has fewer channels there",
    "round": "the channels stand in a ring: next to the last one stands the first",
    "repeat": "for every neighbour that is missing, the end channel is counted again",
}
SHARES = {  # what alpha multiplies
    "sum": "the sum of the squares of the window",
    "n": "the sum of the squares of the window, divided by N",
    "there": "the sum of the squares of the window, divided by the number of channels "
    "that are in it",
}
KINDS = (  # not the paper's (cut, sum), which is an exercise, nor torch's (cut, n)
    ("cut", "there"),
    ("round", "sum"),
    ("round", "n"),
    ("repeat", "sum"),
    ("repeat", "n"),
)


@dataclass(frozen=True)
class Rule:
    """b[c] = a[c] / (k + alpha * energy) ** beta, for maps of at least n channels."""

    n: int  # odd
    k: float
    alpha: float
    beta: float
    edge: str
    share: str

    def window(self, channel: int, channels: int) -> list[int]:
        """The channels that are counted for one of them."""
        half = self.n // 2
        places = range(channel - half, channel + half + 1)
        match self.edge:
            case "cut":
                return [place for place in places if 0 <= place < channels]
            case "round":
                return [place % channels for place in places]
        return [min(max(place, 0), channels - 1) for place in places]

    def middle(self, channels: int) -> range:
        """The channels whose window needs no rule for the ends."""
        return range(self.n // 2, channels - self.n // 2)

    def energy(self, numbers: list[float]) -> float:
        """What alpha multiplies, of the numbers of one window."""
        total = sum(number**2 for number in numbers)
        match self.share:
            case "sum":
                return total
            case "n":
                return total / self.n
        return total / len(numbers)

    def divide(self, number: float, energy: float) -> float:
        return number / (self.k + self.alpha * energy) ** self.beta

    def normalise(self, maps: Maps, off_centre: int = 0) -> Maps:
        """Shape: (C, H, W) -> (C, H, W); `off_centre` moves the window, wrongly."""
        after = []
        for channel, rows in enumerate(maps):
            seen = self.window((channel + off_centre) % len(maps), len(maps))
            after.append(
                [
                    [
                        self.divide(x, self.energy([maps[c][i][j] for c in seen]))
                        for j, x in enumerate(row)
                    ]
                    for i, row in enumerate(rows)
                ]
            )
        return after


def mistakes(rule: Rule, maps: Maps) -> dict[str, Maps]:
    """What comes out by the usual mistakes, each with a hint that gives no answer."""
    over_pixels = [
        rule_on_rows(rule, rows) for rows in maps
    ]  # neighbours in place, not in channel
    in_place = [[list(row) for row in rows] for rows in maps]
    for channel in range(len(maps)):
        in_place[channel] = rule.normalise(in_place)[channel]
    other_shares = {
        f"alpha seems to multiply {SHARES[share]}": replace(rule, share=share)
        for share in SHARES
        if share != rule.share and (share != "there" or rule.edge == "cut")
    }
    other_edges = {
        f"at the ends it looks as though {EDGES[edge]}": replace(rule, edge=edge)
        for edge in EDGES
        if edge != rule.edge
    }
    return {
        "the window seems to reach over pixels: read other channels": over_pixels,
        "the window seems to begin at the channel: centre it": rule.normalise(
            maps, rule.n // 2
        ),
        "numbers seem to be read that were normalised already": in_place,
        **{name: wrong.normalise(maps) for name, wrong in other_shares.items()},
        **{name: wrong.normalise(maps) for name, wrong in other_edges.items()},
    }


def rule_on_rows(rule: Rule, rows: list[list[float]]) -> list[list[float]]:
    """The mistake of a window that lies along the pixels of a row."""
    half, after = rule.n // 2, []
    for row in rows:
        seen = [row[max(0, j - half) : j + half + 1] for j in range(len(row))]
        pairs = zip(row, seen, strict=True)
        after.append([rule.divide(x, rule.energy(near)) for x, near in pairs])
    return after


def flat(maps: Maps) -> list[float]:
    return [x for rows in maps for row in rows for x in row]


def draw_rule(draw: random.Random) -> Rule:
    edge, share = draw.choice(KINDS)
    return Rule(
        draw.choice((3, 5, 7)),
        draw.choice((1.5, 2.5, 3.0, 4.0)),
        draw.choice((0.002, 0.003, 0.005, 0.008)),
        draw.choice((0.5, 0.6, 0.8, 0.9)),
        edge,
        share,
    )


def draw_maps(draw: random.Random, channels: int, height: int, width: int) -> Maps:
    """Loud and quiet numbers of both signs, with one decimal, none of them 0."""

    def number() -> float:
        size = draw.choice((5, 20, 60))
        return draw.choice((-1, 1)) * (0.1 + round(draw.uniform(0, size), 1))

    return [
        [[round(number(), 1) for _ in range(width)] for _ in range(height)]
        for _ in range(channels)
    ]


def draw_example(draw: random.Random, rule: Rule) -> Maps:
    """Small maps on which every usual mistake shows."""
    while True:
        maps = draw_maps(draw, rule.n + 1, 1, 2)
        right = flat(rule.normalise(maps))
        wrong = mistakes(rule, maps).values()
        apart = [
            max(abs(a - b) for a, b in zip(right, flat(each), strict=True))
            for each in wrong
        ]
        if min(apart) > 0.02:
            return maps
