"""Training curves as SVG, over seconds or epochs, up to a moment; and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from math import ceil, floor, log10

from alexnet_lib.figures.style import SERIES_COLOURS
from alexnet_lib.learning.recorded import Moment, percent_range, range_text
from alexnet_lib.widgets.svg import FAINT, frame, text
from alexnet_lib.widgets.words import words_of

say = words_of("board")

SECONDS, EPOCHS = say("seconds"), say("epochs")
LIVE = "#000000"
WIDTH, HEIGHT = 760, 380
LEFT, RIGHT, TOP, BOTTOM = 62, 520, 16, 330  # of the area of the curves, in pixels
LIVE_SHAPE = '<path d="M0 -5L5 0L0 5L-5 0Z"'
SHAPES = (  # around 0, 0
    '<circle r="4"',
    '<rect x="-4" y="-4" width="8" height="8"',
    '<path d="M0 -5L5 4L-5 4Z"',
    '<rect x="-2" y="-5" width="4" height="10"',
    '<path d="M-5 -2h3v-3h4v3h3v4h-3v3h-4v-3h-3z"',
)

Runs = Sequence[Sequence[Moment]]


@dataclass(frozen=True)
class View:
    """What a drawing shows: along which axis, and up to which place on it."""

    axis: str  # SECONDS (on a scale of powers of ten) or EPOCHS
    low: float
    high: float
    until: float
    floor: float  # the lowest accuracy on the other axis

    def place(self, moment: Moment) -> float:
        """Where a moment stands on the axis, in its unit."""
        return moment.seconds if self.axis == SECONDS else moment.epochs

    def x(self, value: float) -> float:
        """Pixels from the left."""
        if self.axis == SECONDS:
            share = (log10(value) - log10(self.low)) / log10(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return LEFT + share * (RIGHT - LEFT)

    def y(self, accuracy: float) -> float:
        """Pixels from the top."""
        return BOTTOM - (accuracy - self.floor) / (1 - self.floor) * (BOTTOM - TOP)


def view_of(groups: Mapping[str, Runs], axis: str, share: float = 1.0) -> View:
    """The view that holds all curves, shown up to this share of its axis."""
    every = _every(groups)
    accuracies = [m.train_accuracy for m in every]
    accuracies += [m.valid_accuracy for m in every if m.valid_accuracy is not None]
    lowest = floor(10 * min(accuracies, default=0.0)) / 10
    lowest = min(lowest, 0.9)
    if axis == EPOCHS:
        high = max((m.epochs for m in every), default=1.0)
        return View(axis, 0.0, high, share * high, lowest)
    seconds = [max(m.seconds, 1e-3) for m in every] or [1.0, 10.0]
    low = 10.0 ** floor(log10(min(seconds)))
    high = max(10.0 ** ceil(log10(max(seconds))), 10 * low)
    return View(axis, low, high, low * (high / low) ** share, lowest)


def _every(groups: Mapping[str, Runs]) -> list[Moment]:
    return [moment for runs in groups.values() for run in runs for moment in run]


def shown(run: Sequence[Moment], view: View) -> list[Moment]:
    """The moments that lie before the place up to which the view goes."""
    return [m for m in run if view.place(m) <= view.until * (1 + 1e-9)]


def draw_board(groups: Mapping[str, Runs], view: View, live: str | None = None) -> str:
    """SVG of all runs; training accuracy in lines, validation dashed and hollow.

    live: the name of the group that is drawn in black.
    """
    parts = _axes(view)
    styles = zip(cycle(SERIES_COLOURS), cycle(SHAPES), strict=False)
    for row, (name, runs) in enumerate(groups.items()):
        colour, shape = (LIVE, LIVE_SHAPE) if name == live else next(styles)
        for run in runs:
            parts += _curve(shown(run, view), view, colour, shape)
        y = TOP + 14 + 22 * row
        parts.append(_mark(RIGHT + 18, y - 4, colour, shape))
        parts.append(text(RIGHT + 30, y, name, bold=name == live))
    if any(m.valid_accuracy is not None for m in _every(groups)):
        y = TOP + 14 + 22 * len(groups)
        parts.append(text(RIGHT + 12, y, say("hollow")))
    if view.until < view.high:
        x = view.x(view.until)
        parts.append(_line(x, TOP, x, BOTTOM, "#666666", "4 3"))
    return frame(WIDTH, HEIGHT, parts)


def describe_board(groups: Mapping[str, Runs], view: View) -> str:
    """Where each group of runs stands at this moment, in a sentence."""
    said = "; ".join(_standing(name, runs, view) for name, runs in groups.items())
    said = said or say("no_runs")
    if view.axis == SECONDS:
        return say("after_seconds", seconds=_number(view.until), runs=said)
    return say("after_epochs", epochs=view.until, runs=said)


def _standing(name: str, runs: Runs, view: View) -> str:
    last = [found[-1] for run in runs if (found := shown(run, view))]
    if not last:
        return say("stands_nowhere", name=name)
    words = percent_range([m.train_accuracy for m in last])
    valid = [m.valid_accuracy for m in last if m.valid_accuracy is not None]
    if valid:
        words = say("with_validation", train=words, valid=percent_range(valid))
    epochs = range_text([m.epochs for m in last], ".3g")
    seconds = range_text([m.seconds for m in last], ",.0f")
    return say("stands", name=name, shares=words, epochs=epochs, seconds=seconds)


def _axes(view: View) -> list[str]:
    parts = []
    tenths = range(round(10 * view.floor), 11)
    step = 2 if len(tenths) > 6 else 1
    for tenth in tenths[::step]:
        y = view.y(tenth / 10)
        parts.append(_line(LEFT, y, RIGHT, y, FAINT))
        parts.append(text(LEFT - 8, y + 4, f"{10 * tenth} %", anchor="end"))
    for value in _ticks(view):
        x = view.x(value)
        parts.append(_line(x, BOTTOM, x, BOTTOM + 5, "#333333"))
        parts.append(text(x, BOTTOM + 20, _number(value), anchor="middle"))
    name = say("scale_seconds") if view.axis == SECONDS else EPOCHS
    parts.append(text((LEFT + RIGHT) / 2, BOTTOM + 40, name, anchor="middle"))
    parts.append(_line(LEFT, BOTTOM, RIGHT, BOTTOM, "#333333"))
    parts.append(_line(LEFT, TOP, LEFT, BOTTOM, "#333333"))
    return parts


def _ticks(view: View) -> list[float]:
    if view.axis == SECONDS:
        powers = range(round(log10(view.low)), round(log10(view.high)) + 1)
        return [10.0**power for power in powers]
    tens = 10.0 ** floor(log10(view.high / 6))
    step = next(n * tens for n in (1, 2, 5, 10) if n * tens >= view.high / 6)
    return [step * number for number in range(floor(view.high / step) + 1)]


def _curve(run: Sequence[Moment], view: View, colour: str, shape: str) -> list[str]:
    train = [(view.x(view.place(m)), view.y(m.train_accuracy)) for m in run]
    valid = [
        (view.x(view.place(m)), view.y(m.valid_accuracy))
        for m in run
        if m.valid_accuracy is not None
    ]
    parts = [_path(train, colour), _path(valid, colour, "5 4")]
    parts += [_mark(x, y, colour, shape) for x, y in train]
    return parts + [_mark(x, y, colour, shape, hollow=True) for x, y in valid]


def _path(points: list[tuple[float, float]], colour: str, dashes: str = "") -> str:
    if len(points) < 2:
        return ""
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<polyline points="{places}" fill="none" stroke="{colour}" '
        f'stroke-width="1.6"{dash}/>'
    )


def _mark(x: float, y: float, colour: str, shape: str, hollow: bool = False) -> str:
    fill = "white" if hollow else colour
    return (
        f'<g transform="translate({x:.1f} {y:.1f})">{shape} fill="{fill}" '
        f'stroke="{colour}"/></g>'
    )


def _line(x: float, y: float, x2: float, y2: float, colour: str, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}"{dashes}/>'
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.3g}"
