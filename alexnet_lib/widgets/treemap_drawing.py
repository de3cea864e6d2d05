"""What the layers of a network cost, as a treemap over aligned bars, drawn as SVG.

Sliced in two steps: convolutions left, linear layers right, all others between them,
each column as wide as its share; in a column the layers from top to bottom, each as
high as its share. So a layer keeps its place when the measure changes, and the width of
a column is read off a ruler: lengths are compared more surely than areas.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alexnet_lib.figures.style import (
    LAYER_COLOURS,
    LAYER_HATCHES,
    OTHER_LAYER_COLOUR,
)
from alexnet_lib.widgets.svg import frame, text
from alexnet_lib.widgets.words import words_of

say = words_of("treemap")

COLUMNS = (say("convolutions"), say("other_layers"), say("linear_layers"))
CONVOLUTION, LINEAR = say("convolution"), say("linear")
POOLING, NORMALISATION = say("pooling"), say("normalisation")
WORDS = {
    "Conv2d": CONVOLUTION,
    "Linear": LINEAR,
    "MaxPool2d": POOLING,
    "AvgPool2d": POOLING,
    "AdaptiveAvgPool2d": POOLING,
    "LocalResponseNorm": NORMALISATION,
    "BatchNorm2d": NORMALISATION,
}
OTHER = say("other")
WIDTH, LEFT, MAP_TOP, MAP_WIDTH, MAP_HEIGHT = 760, 10, 58, 740, 290
BARS_TOP, BAR_LEFT, BAR_WIDTH, BAR_STEP = 384, 160, 590, 28
LETTER, LINE = 7.4, 17  # pixels: width of a typical letter at 13 px, height of a line
# how each hatch of the course's style is drawn in a square of 8 pixels
STROKES = {
    "": "",
    "//": "M0 8L8 0M-2 2L2 -2M6 10L10 6",
    "\\\\": "M0 0L8 8M-2 6L2 10M6 -2L10 2",
    "..": "M3 4h2",
    OTHER: "M1 4h6",
}


@dataclass(frozen=True)
class Cost:
    """What one layer costs; `kind` is the name of its class in `architecture.spec`."""

    layer: str
    kind: str
    value: int

    @property
    def column(self) -> str:
        return {"Conv2d": COLUMNS[0], "Linear": COLUMNS[2]}.get(self.kind, COLUMNS[1])


@dataclass(frozen=True)
class Tile:
    """One rectangle of the map, in parts of its width and height; y grows downwards."""

    cost: Cost
    share: float  # of the whole: the rectangle's area
    x: float
    y: float
    width: float
    height: float


def slice_and_dice(costs: Sequence[Cost]) -> list[Tile]:
    """The tiles of all layers that cost anything; their areas add up to 1."""
    total = sum(cost.value for cost in costs)
    tiles, x = [], 0.0
    for column in COLUMNS:
        members = [cost for cost in costs if cost.column == column and cost.value]
        inside = sum(cost.value for cost in members)
        y = 0.0
        for cost in members:
            width, height = inside / total, cost.value / inside
            tiles.append(Tile(cost, cost.value / total, x, y, width, height))
            y += height
        x += inside / total
    return tiles


def column_shares(costs: Sequence[Cost]) -> dict[str, float]:
    """How much of the whole each column holds, between 0 and 1; empty ones left out."""
    shares = dict.fromkeys(COLUMNS, 0.0)
    for tile in slice_and_dice(costs):
        shares[tile.cost.column] += tile.share
    return {column: share for column, share in shares.items() if share}


def percent(share: float) -> str:
    """'96.2 %'; 'under 0.1 %' or 'over 99.9 %' where rounding would hide a rest."""
    if 0.9995 <= share < 1 - 1e-9:
        return say("over")
    return f"{100 * share:.1f} %" if share >= 0.001 else say("under")


def describe_costs(network: str, measure: str, costs: Sequence[Cost]) -> str:
    """The map in words: the whole, its columns, and the three layers that lead."""
    total = sum(cost.value for cost in costs)
    columns = _listed(column_shares(costs))
    tiles = sorted(slice_and_dice(costs), key=lambda tile: -tile.share)[:3]
    leading = _listed({tile.cost.layer: tile.share for tile in tiles})
    return say(
        "sentence",
        network=network,
        total=total,
        measure=measure,
        columns=columns,
        leading=leading,
    )


def draw_treemap(measures: Mapping[str, Sequence[Cost]], chosen: str) -> str:
    """SVG of the chosen measure as a map, and of all measures as bars under it.

    measures: from what is counted, such as 'parameters', to one cost for each layer.
    """
    costs = measures[chosen]
    height = BARS_TOP + BAR_STEP * len(measures) + 36
    kinds = _kinds(measures)
    title = (
        f"{chosen}: {sum(c.value for c in costs):,}; {_listed(column_shares(costs))}"
    )
    parts = [
        text(LEFT, 18, title, bold=True),
        *_ruler(),
        *map(_tile, slice_and_dice(costs)),
        text(LEFT, BARS_TOP - 12, say("by_every_measure")),
    ]
    for number, (name, its_costs) in enumerate(measures.items()):
        y = BARS_TOP + BAR_STEP * number
        parts += _bar(y, name, its_costs, marked=name == chosen)
    parts += _key(kinds, height - 14)
    return frame(WIDTH, height, parts, "".join(map(_pattern, kinds)))


def _listed(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {percent(share)}" for name, share in shares.items())


def _kinds(measures: Mapping[str, Sequence[Cost]]) -> list[str]:
    """The words for the kinds that cost anything by any measure, for the key."""
    used = {c.kind for costs in measures.values() for c in costs if c.value}
    named = [word for kind, word in WORDS.items() if kind in used]
    others = [OTHER] if used - set(WORDS) else []
    return [*dict.fromkeys(named), *others]


def _pattern(word: str) -> str:
    """A pale tint under the kind's own hatch: dark letters stay readable on it."""
    kind = next((kind for kind, its in WORDS.items() if its == word), None)
    colour = LAYER_COLOURS.get(kind, OTHER_LAYER_COLOUR)
    stroke = STROKES[LAYER_HATCHES.get(kind, OTHER)]
    return (
        f'<pattern id="{_id(word)}" width="8" height="8" '
        f'patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="{colour}" '
        f'fill-opacity=".35"/><path d="{stroke}" stroke="{colour}" stroke-width="1.6"/>'
        "</pattern>"
    )


def _id(word: str) -> str:
    """Its first words, without what an address in a drawing cannot hold."""
    return "".join(filter(str.isalnum, word.partition(",")[0]))


def _box(x: float, y: float, width: float, height: float, word: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="url(#{_id(word)})" stroke="#333333"/>'
    )


def _ruler() -> list[str]:
    """Ten steps of ten percent over the map."""
    parts = []
    for tenth in range(11):
        x = LEFT + MAP_WIDTH * tenth / 10
        parts.append(f'<path d="M{x:.1f} {MAP_TOP - 8}v6" stroke="#333333"/>')
        anchor = {0: "start", 10: "end"}.get(tenth, "middle")
        label = f"{10 * tenth} %"
        parts.append(text(x, MAP_TOP - 12, label, anchor=anchor))
    return parts


def _tile(tile: Tile) -> str:
    """The rectangle, and as much of its label as it has room for."""
    x, y = LEFT + tile.x * MAP_WIDTH, MAP_TOP + tile.y * MAP_HEIGHT
    width, height = tile.width * MAP_WIDTH, tile.height * MAP_HEIGHT
    box = _box(x, y, width, height, WORDS.get(tile.cost.kind, OTHER))
    name, share = tile.cost.layer, percent(tile.share)
    upright = _fitting(name, share, width, height)
    turned = [] if upright else _fitting(name, share, height, width)
    lines = upright or turned
    cx, cy = x + width / 2, y + height / 2
    top = cy + 5 - LINE / 2 * (len(lines) - 1)
    around = (cx, cy) if turned else None
    return box + "".join(
        text(cx, top + LINE * i, w, anchor="middle", halo=True, turned=around)
        for i, w in enumerate(lines)
    )


def _fitting(name: str, share: str, width: float, height: float) -> list[str]:
    """The fullest label that fits into so many pixels, as lines; [] when none does."""
    for lines in ([f"{name}  {share}"], [name, share], [name]):
        wide = max(map(len, lines)) * LETTER
        if wide <= width - 4 and len(lines) * LINE <= height:
            return lines
    return []


def _bar(y: float, name: str, costs: Sequence[Cost], marked: bool) -> list[str]:
    """One measure as a bar of 100 %, cut into the three columns."""
    parts = [text(LEFT, y + 15, ("▶ " if marked else "") + name, bold=marked)]
    x = float(BAR_LEFT)
    word = dict(zip(COLUMNS, (CONVOLUTION, OTHER, LINEAR), strict=True))
    for column, share in column_shares(costs).items():
        width = share * BAR_WIDTH
        parts.append(_box(x, y, width, 20, word[column]))
        if width > len(percent(share)) * LETTER:
            parts.append(
                text(x + width / 2, y + 15, percent(share), anchor="middle", halo=True)
            )
        x += width
    return parts


def _key(words: Sequence[str], y: float) -> list[str]:
    """A patch and a word for each kind."""
    parts, x = [], float(LEFT)
    for word in words:
        parts += [_box(x, y - 12, 22, 15, word), text(x + 28, y, word)]
        x += 28 + len(word) * LETTER + 18
    return parts
