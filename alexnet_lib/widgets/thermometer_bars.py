"""Gradients and activations of each layer as bars on one logarithmic scale, in SVG."""

from collections.abc import Sequence
from math import log10

from alexnet_lib.inside.statistics import LayerStatistics
from alexnet_lib.widgets.svg import BLUE, FAINT, GREY, ORANGE, frame, text
from alexnet_lib.widgets.words import words_of

say = words_of("thermometer")

LOWEST, HIGHEST = -12, 2  # powers of ten at the ends of both scales
THIN = 1e-6  # a gradient below this is marked: the dashed line of the picture
WIDTH, TOP, ROW, LEFT, PANEL, GAP = 760, 62, 17, 74, 280, 62  # pixels


def short(value: float) -> str:
    """A number of two digits: '0.41', '36', '3.7e-9', and '0' for what has vanished."""
    if value == 0 or 0.01 <= abs(value) < 1000:
        return f"{value:.2g}"
    mantissa, _, power = f"{value:.1e}".partition("e")
    return f"{mantissa}e{int(power)}"


def describe_layers(title: str, layers: Sequence[LayerStatistics]) -> str:
    """The same thing said in words: what comes back, what goes forward, and the end."""
    first, last = layers[0], layers[-1]
    if last.gradient_norm == 0:
        back = say("too_small")
    else:
        ratio = first.gradient_norm / last.gradient_norm
        back = say(
            "ratio",
            ratio=short(ratio),
            first=short(first.gradient_norm),
            last=short(last.gradient_norm),
        )
    forward = say(
        "forward",
        first=short(first.activation_std),
        last=short(layers[-2].activation_std),
        layer=len(layers) - 1,
    )
    verdict = _verdict(layers)
    return say("sentence", title=title, back=back, forward=forward, verdict=verdict)


def _verdict(layers: Sequence[LayerStatistics]) -> str:
    first, last = layers[0].gradient_norm, layers[-1].gradient_norm
    ratio = first / last if last else 1.0
    if ratio < 0.01:
        return say("dies")
    if first < 1e-3:
        return say("tiny")
    if ratio > 100:
        return say("grows")
    return say("arrives")


def draw_layers(layers: Sequence[LayerStatistics]) -> str:
    """SVG: one row per layer, the first on top; see `describe_layers`."""
    height = TOP + ROW * len(layers) + 16
    gradients = [layer.gradient_norm for layer in layers]
    spreads = [layer.activation_std for layer in layers]
    names = [text(8, _y(row) + 13, name) for row, name in enumerate(_names(layers))]
    stripes = (
        '<pattern id="stripes" width="6" height="6" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="#f6d7a8"/><rect width="3" height="6" '
        f'fill="{ORANGE}"/></pattern>'
    )
    parts = [
        *names,
        *_panel(LEFT, say("gradient_norm"), gradients, BLUE),
        *_panel(
            LEFT + PANEL + GAP,
            say("deviation"),
            spreads,
            "url(#stripes)",
        ),
    ]
    return frame(WIDTH, height, parts, stripes)


def _names(layers: Sequence[LayerStatistics]) -> list[str]:
    numbers = range(1, len(layers) + 1)
    return [say("layer", number=number) for number in numbers]


def _y(row: int) -> float:
    return TOP + ROW * row


def _x(left: float, value: float) -> float:
    """Where a number lies in its panel; what is off the scale lies at its end."""
    power = LOWEST if value <= 0 else min(max(log10(value), LOWEST), HIGHEST)
    return left + PANEL * (power - LOWEST) / (HIGHEST - LOWEST)


def _panel(left: float, title: str, values: Sequence[float], fill: str) -> list[str]:
    bottom = _y(len(values))
    parts = [text(left, 18, title, bold=True)]
    for power in range(LOWEST, HIGHEST + 1, 2):
        x = _x(left, 10.0**power)
        dash = ' stroke-dasharray="5 3"' if 10.0**power == THIN else ""
        colour = GREY if dash else FAINT
        parts.append(
            f'<path d="M{x:.1f} {TOP - 6}V{bottom:.0f}" stroke="{colour}"{dash}/>'
        )
        if power % 4 == 0 or dash:
            label = f"1e{power}" if power else "1"
            parts.append(text(x, TOP - 12, label, anchor="middle"))
    for row, value in enumerate(values):
        y, end = _y(row), _x(left, value)
        parts.append(
            f'<rect x="{left:.1f}" y="{y + 2:.0f}" width="{end - left:.1f}" '
            f'height="{ROW - 4}" fill="{fill}"/>'
        )
        below = "◀ " if value < 10.0**LOWEST else ""
        parts.append(text(end + 4, y + 13, below + short(value), halo=True))
    return parts
