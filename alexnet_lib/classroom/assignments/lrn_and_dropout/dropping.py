"""Dropout by a rule of one's own: what is dropped together, and when it is scaled."""

import random
from dataclasses import dataclass, replace

from alexnet_lib.classroom.assignments.lrn_and_dropout.normalisation import (
    Maps,
    draw_maps,
    flat,
)

UNITS = {
    "number": "every number has a draw of its own, in the order in which they stand: "
    "channel by channel, row by row",
    "map": "every map is dropped or kept as a whole: one draw for each channel, in "
    "order",
    "place": "every pixel is dropped or kept in all channels together: one draw for "
    "each pixel of a map, row by row",
}
YEARS = {
    "today": "in training, what stays is divided by 1 - p; in testing nothing happens",
    "2012": "in training, what stays is left as it is; in testing, every number is "
    "multiplied by 1 - p",
}
SIDES = {  # which draws drop
    True: "a draw below p drops",
    False: "a draw of 1 - p or more drops",
}
KINDS = (  # not (number, today), which is an exercise
    ("map", "today"),
    ("map", "2012"),
    ("place", "today"),
    ("place", "2012"),
    ("number", "2012"),
)


@dataclass(frozen=True)
class DropRule:
    unit: str
    year: str
    low_drops: bool

    def drops(self, draw: float, p: float) -> bool:
        return draw < p if self.low_drops else draw >= 1 - p

    def scale(self, p: float, training: bool) -> float:
        if self.year == "today":
            return 1 / (1 - p) if training else 1.0
        return 1.0 if training else 1 - p

    def scaled(self, maps: Maps, draws: list[float], p: float, training: bool) -> Maps:
        """What would come out if no draw dropped anything."""
        scale = self.scale(p, training)
        return [[[scale * x for x in row] for row in rows] for rows in maps]

    def apply(self, maps: Maps, draws: list[float], p: float, training: bool) -> Maps:
        """Shape: (C, H, W) -> (C, H, W); the draws are not looked at in testing."""
        after = self.scaled(maps, draws, p, training)
        for c, rows in enumerate(after):
            for i, row in enumerate(rows):
                for j in range(len(row)):
                    place = i * len(row) + j
                    decides = {
                        "number": c * len(rows) * len(row) + place,
                        "map": c,
                        "place": place,
                    }
                    if training and self.drops(draws[decides[self.unit]], p):
                        row[j] = 0.0
        return after


Call = tuple[Maps, list[float], float, bool]  # maps, draws, p, training


def mistakes(rule: DropRule, call: Call) -> dict[str, Maps]:
    """What comes out by the usual mistakes in training, each with a hint."""
    maps, _draws, p, training = call
    right = rule.apply(*call)
    scale = rule.scale(p, training)
    other_year = "2012" if rule.year == "today" else "today"
    names = {"number": "a draw for each number", "map": "a draw for each channel"}
    names["place"] = "a draw for each pixel"

    def turned(kept: float, x: float) -> float:
        return 0.0 if kept else scale * x

    def times(factor: float) -> Maps:
        return [[[factor * x for x in row] for row in rows] for rows in right]

    return {
        "what should stay seems to be dropped, and the other way round": [
            [list(map(turned, *pair)) for pair in zip(*both, strict=True)]
            for both in zip(right, maps, strict=True)
        ],
        "other draws seem to drop: read which ones do": replace(
            rule, low_drops=not rule.low_drops
        ).apply(*call),
        "the right numbers are dropped; those that stay have another size": replace(
            rule, year=other_year
        ).apply(*call),
        "what stays seems to be divided by p, or multiplied by it": times(
            (1 - p) / p if rule.year == "today" else p
        ),
        "nothing is dropped, and the call says training": maps,
        **{
            f"it looks like {name}: read what is dropped together": replace(
                rule, unit=unit
            ).apply(*call)
            for unit, name in names.items()
            if unit != rule.unit
        },
    }


def draw_drop_rule(draw: random.Random) -> DropRule:
    unit, year = draw.choice(KINDS)
    return DropRule(unit, year, draw.choice((True, False)))


def draw_call(draw: random.Random, rule: DropRule, training: bool) -> Call:
    """A call in which every usual mistake would show; a draw for every number."""
    channels, height, width = draw.randint(2, 4), draw.randint(2, 3), draw.randint(2, 3)
    while True:
        maps = draw_maps(draw, channels, height, width)
        p = draw.choice((0.15, 0.2, 0.3, 0.35, 0.4, 0.6, 0.65, 0.7))
        draws = [round(draw.random(), 3) for _ in flat(maps)]
        if any(min(abs(x - p), abs(x - 1 + p)) < 0.005 for x in draws):
            continue  # no case may hang on the last digit of 1 - p
        in_training = (maps, draws, p, True)
        right = flat(rule.apply(*in_training))
        wrong = [flat(each) for each in mistakes(rule, in_training).values()]
        something_stays = all(map(any, [right, *wrong]))
        if 0.0 in right and right not in wrong and something_stays:
            return maps, draws, p, training
