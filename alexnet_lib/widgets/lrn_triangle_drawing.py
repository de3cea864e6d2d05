"""The LRN triangle as SVG: who reads what, and what is left of the unit."""

from collections.abc import Sequence
from math import ceil, log10

from alexnet_lib.widgets.lrn_triangle_rules import (
    BATCH,
    CODE,
    HOME,
    LOUDEST,
    PICTURES,
    PRINTED,
    QUIET,
    RULES,
    SIDE,
    UNIT,
    Scene,
    answers,
    numbers,
    short,
)
from alexnet_lib.widgets.svg import BLUE, FAINT, GREEN, GREY, ORANGE, frame, text
from alexnet_lib.widgets.words import words_of

say = words_of("triangle")

WIDTH, HEIGHT = 800, 316  # pixels
LEFT, CELL, SMALL, GAP = 14, 27, 24, 7
X0, X1, Y0, Y1 = 362, 640, 34, 262  # the curves
COLOURS = {PRINTED: BLUE, CODE: ORANGE, BATCH: GREEN}
DASHES = {PRINTED: "", CODE: "8 4", BATCH: "2 4"}
STEPS = 48  # points of a curve
LOWEST = -2.0


def draw_scene(scene: Scene) -> str:
    """SVG of what each rule reads, and of the unit over the loudness."""
    stripes = (
        '<pattern id="loud" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
        '<rect width="3" height="6" fill="#f2b705"/></pattern>'
    )
    parts = [
        *_what_lrn_reads(scene),
        *_what_batch_norm_reads(scene),
        *_legend(),
        *_curves(scene),
    ]
    return frame(WIDTH, HEIGHT, parts, stripes)


def _what_lrn_reads(scene: Scene) -> list[str]:
    """The channels at the unit's pixel in a row, a bracket under the window."""
    picture, _, row, col = HOME
    column = numbers()[picture, :, row, col].tolist()
    parts = [text(LEFT, 22, say("your_pixel"), bold=True)]
    for channel, value in enumerate(column):
        place = (picture, channel, row, col)
        parts += _cell(scene, place, LEFT + channel * CELL, 32, CELL, value)
    first, last = scene.window[0], scene.window[-1] + 1
    start, end = LEFT + first * CELL + 2, LEFT + last * CELL - 2
    parts.append(_bracket(start, end, 66))
    return [
        *parts,
        text(LEFT, 94, _reads(say("lrn"), len(scene.window), scene, PRINTED)),
    ]


def _what_batch_norm_reads(scene: Scene) -> list[str]:
    """The unit's channel in every picture, a bracket under all of it."""
    parts = [text(LEFT, 132, say("your_channel", count=PICTURES), bold=True)]
    maps = numbers()[:, HOME[1]].tolist()
    for picture in range(PICTURES):
        left = LEFT + picture * (SIDE * SMALL + GAP)
        for row in range(SIDE):
            for col in range(SIDE):
                place = (picture, HOME[1], row, col)
                x, y = left + col * SMALL, 142 + row * SMALL
                parts += _cell(scene, place, x, y, SMALL, maps[picture][row][col])
    end = LEFT + PICTURES * (SIDE * SMALL + GAP) - GAP
    parts.append(_bracket(LEFT + 2, end - 2, 218))
    words = _reads(BATCH, PICTURES * SIDE**2, scene, BATCH)
    return [*parts, text(LEFT, 246, words)]


def _reads(rule: str, count: int, scene: Scene, key: str) -> str:
    if count == 1:
        return say("reads_alone", rule=rule)
    entry = "reads_with" if key in scene.heard_by else "reads_without"
    return say(entry, rule=rule, count=count)


def _legend() -> list[str]:
    y = 274
    return [
        f'<rect x="{LEFT}" y="{y}" width="16" height="16" fill="{BLUE}"/>',
        text(LEFT + 22, y + 13, say("your_unit")),
        f'<rect x="{LEFT + 104}" y="{y}" width="16" height="16" fill="url(#loud)" '
        'stroke="black" stroke-width="2"/>',
        text(LEFT + 126, y + 13, say("the_loud_one")),
    ]


def _cell(
    scene: Scene, place: tuple, x: float, y: float, side: int, value: float
) -> list[str]:
    """One number in its square; the unit is blue, the loud one striped."""
    fill, colour, edge = "#eeeeee", GREY, f'stroke="{GREY}"'
    striped = place == scene.loud
    if place == HOME:
        fill, colour = BLUE, "white"
    elif striped:
        value, fill, colour = scene.loudness, "url(#loud)", "black"
        edge = 'stroke="black" stroke-width="2"'
    middle = x + side / 2 - 1
    return [
        f'<rect x="{x}" y="{y}" width="{side - 2}" height="{side - 2}" fill="{fill}" '
        f"{edge}/>",
        text(middle, y + side / 2 + 4, _brief(value), colour, "middle", halo=striped),
    ]


def _brief(value: float) -> str:
    return say("thousands", count=value / 1000) if value >= 1000 else f"{value:.0f}"


def _bracket(start: float, end: float, y: float) -> str:
    path = f"M{start} {y}v7H{end}v-7"
    return f'<path d="{path}" fill="none" stroke="black" stroke-width="1.5"/>'


def _curves(scene: Scene) -> list[str]:
    """The unit by each rule, from a quiet neighbour to a deafening one."""
    span = log10(LOUDEST / QUIET)
    points = [QUIET * 10 ** (span * step / STEPS) for step in range(STEPS + 1)]
    # the present state last: one call computes all of it
    found = answers(scene, [*points, scene.loudness])
    top = max(12.0, 1.05 * max(map(max, found.values())))

    def x(loudness: float) -> float:
        return X0 + (X1 - X0) * log10(loudness / QUIET) / span

    def y(value: float) -> float:
        return Y1 - (Y1 - Y0) * (max(value, LOWEST) - LOWEST) / (top - LOWEST)

    parts = [text(X0 - 26, 22, say("becomes", value=UNIT), bold=True)]
    parts += _axes(x, y, top)
    now = x(scene.loudness)
    parts.append(f'<path d="M{now:.1f} {Y0}V{Y1}" stroke="#949494" stroke-width="4"/>')
    for rule in RULES:
        *values, present = found[rule]
        line = " ".join(
            f"{x(p):.1f},{y(v):.1f}" for p, v in zip(points, values, strict=True)
        )
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{COLOURS[rule]}" '
            f'stroke-width="2.5" stroke-dasharray="{DASHES[rule]}"/>'
        )
        parts.append(_mark(rule, now, y(present)))
    heights = [y(found[rule][-2]) for rule in RULES]
    for rule, height in zip(RULES, _spread(heights), strict=True):
        words = f"{rule} {short(found[rule][-1])}"
        parts.append(text(X1 + 8, height + 4, words, colour=COLOURS[rule]))
    return parts


def _axes(x, y, top: float) -> list[str]:
    parts = []
    each = 2 if top <= 14 else 5 * ceil(top / 40)
    for value in range(0, int(top) + 1, each):
        shade = "#888888" if value in (0, UNIT) else FAINT
        parts.append(
            f'<path d="M{X0} {y(value):.1f}H{X1}" stroke="{shade}"/>'
            + text(X0 - 6, y(value) + 4, str(value), anchor="end")
        )
    loudness = QUIET
    while loudness <= LOUDEST:
        words = f"{loudness:,.0f}"
        parts.append(text(x(loudness), Y1 + 18, words, anchor="middle"))
        loudness *= 10
    middle = (X0 + X1) / 2
    return [*parts, text(middle, Y1 + 38, say("how_loud"), anchor="middle")]


def _mark(rule: str, x: float, y: float) -> str:
    """A circle, a square, a triangle: never colour alone."""
    look = f'fill="{COLOURS[rule]}" stroke="white"'
    if rule == PRINTED:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" {look}/>'
    if rule == CODE:
        return f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" {look}/>'
    return f'<path d="M{x:.1f} {y - 7:.1f}l7 12h-14z" {look}/>'


def _spread(heights: Sequence[float], room: float = 16) -> list[float]:
    """The same heights, moved down where two would lie on one another."""
    placed: dict[int, float] = {}
    lowest = float("-inf")
    for number in sorted(range(len(heights)), key=heights.__getitem__):
        lowest = max(heights[number], lowest + room)
        placed[number] = lowest
    return [placed[number] for number in range(len(heights))]
