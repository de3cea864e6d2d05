"""One axis of a picture with the windows that slide along it, drawn as SVG."""

from dataclasses import dataclass
from typing import Literal

from alexnet_lib.architecture.arithmetic import (
    overhang,
    same_padding,
    window_output_size,
)
from alexnet_lib.widgets.svg import BLUE, GREY, ORANGE, RED, frame, text
from alexnet_lib.widgets.words import words_of

say = words_of("ruler")

Rule = Literal["floor", "ceil", "SAME"]
RULES: tuple[Rule, ...] = ("floor", "ceil", "SAME")

WIDTH, CELL, LEFT = 760, 24, 20
SHOWN = 30  # pixels in the close-up of the right edge


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Where the windows of one axis lie, in pixels; pixel 0 is the picture's first."""

    size: int
    kernel_size: int
    stride: int
    left: int  # zeros before pixel 0
    right: int  # zeros behind the last pixel
    positions: int
    hanging: int  # pixels of the last window beyond picture and padding
    raw: float  # what the formula says before rounding

    def start(self, number: int) -> int:
        """First pixel of window `number`, counted from 1."""
        return (number - 1) * self.stride - self.left

    @property
    def end(self) -> int:
        """One past the last pixel that exists, padding included."""
        return self.size + self.right


def place_windows(
    size: int, kernel_size: int, stride: int, padding: int, rule: Rule
) -> Windows:
    """Lay the windows by one of the three rules; SAME chooses its own padding."""
    left, right = padding, padding
    if rule == "SAME":
        left, right = same_padding(size, kernel_size, stride)
        positions, hanging = -(-size // stride), 0
    else:
        positions = window_output_size(size, kernel_size, stride, padding, rule)
        hanging = overhang(size, kernel_size, stride, padding, rule)
    return Windows(
        size=size,
        kernel_size=kernel_size,
        stride=stride,
        left=left,
        right=right,
        positions=positions,
        hanging=hanging,
        raw=(size + left + right - kernel_size) / stride + 1,
    )


def describe_windows(windows: Windows, rule: Rule) -> str:
    """The same thing said in words: the formula, the number, and what happens last."""
    w = windows
    zeros = f" + {w.left} + {w.right}" if w.left or w.right else ""
    formula = f"({w.size}{zeros} - {w.kernel_size}) / {w.stride} + 1 = {w.raw:g}"
    said = say.counted("positions", w.positions, rule=rule, formula=formula) + " "
    last = w.start(w.positions) + w.kernel_size
    if w.hanging >= w.kernel_size:
        return said + say("outside")
    if w.hanging:
        return said + say.counted("hangs", w.hanging)
    if last < w.end:
        missing = w.start(w.positions + 1) + w.kernel_size - w.end
        left_out = say.counted("would_need", missing, number=w.positions + 1)
        return f"{said}{left_out} {_unread(w, last)}"
    return said + say("exactly")


def _unread(w: Windows, last: int) -> str:
    """What lies behind the last window: pixels of the picture, zeros, or both."""
    pixels, zeros = max(0, w.size - last), w.end - max(last, w.size)
    if not zeros:
        return say.counted("unread_pixels", pixels)
    if not pixels:
        return say.counted("unread_zeros", zeros)
    both = say.counted("pixels", pixels), say.counted("zeros", zeros)
    return say("unread_both", pixels=both[0], zeros=both[1])


def draw_window_ruler(windows: Windows, rule: Rule) -> str:
    """SVG of the whole axis and of its right edge, enlarged; see `describe_windows`."""
    hatch = (
        '<pattern id="zeros" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="2" height="6" fill="{ORANGE}"/>'
        "</pattern>"
    )
    return frame(WIDTH, 226, [*_overview(windows), *_close_up(windows)], hatch)


def _overview(w: Windows) -> list[str]:
    """The picture's axis as a bar, and a tick where each window starts."""
    span = max(w.end + w.hanging, w.start(w.positions) + w.kernel_size) + w.left
    scale = (WIDTH - 2 * LEFT) / span

    def x(pixel: float) -> float:
        return LEFT + (pixel + w.left) * scale

    parts = [text(LEFT, 18, say("each_tick", count=w.size))]
    parts.append(
        f'<rect x="{x(-w.left):.1f}" y="26" width="{(w.end + w.left) * scale:.1f}" '
        f'height="14" fill="url(#zeros)" stroke="{ORANGE}"/>'
        f'<rect x="{x(0):.1f}" y="26" width="{w.size * scale:.1f}" height="14" '
        f'fill="#d9d9d9" stroke="{GREY}"/>'
    )
    for number in range(1, w.positions + 1):
        at = x(w.start(number))
        parts.append(
            f'<line x1="{at:.1f}" y1="44" x2="{at:.1f}" y2="54" stroke="{BLUE}"/>'
        )
    return parts


def _close_up(w: Windows) -> list[str]:
    """The last pixels one by one, the last windows under them, and the one left out."""
    dropped = w.positions + 1
    leaves_out = not w.hanging and w.start(w.positions) + w.kernel_size < w.end
    rim = w.start(dropped) + w.kernel_size if leaves_out else w.end + w.hanging
    first = max(-w.left, rim - SHOWN)

    def x(pixel: float) -> float:
        return LEFT + (pixel - first) * CELL * 0.99

    key = say("legend")
    parts = [
        text(LEFT, 84, say("right_edge")),
        text(WIDTH - 430, 84, key, GREY),
    ]
    for pixel in range(first, rim):
        inside, zero = 0 <= pixel < w.size, pixel < 0 or w.size <= pixel < w.end
        fill = "#d9d9d9" if inside else "url(#zeros)" if zero else "white"
        dash = "" if inside or zero else 'stroke-dasharray="3 3" '
        parts.append(
            f'<rect x="{x(pixel):.1f}" y="92" width="{CELL - 2}" height="24" {dash}'
            f'fill="{fill}" stroke="{GREY}"/>'
        )
        if inside and (w.size - pixel) % 2:  # all of them would touch one another
            middle = x(pixel) + CELL / 2 - 1
            parts.append(text(middle, 109, str(pixel), anchor="middle", halo=True))
    for row, number in enumerate(range(max(1, w.positions - 1), w.positions + 1)):
        parts += _bar(w, number, 124 + 34 * row, x, first)
    if leaves_out:
        parts += _bar(w, dropped, 192, x, first, left_out=True)
    return parts


def _bar(w: Windows, number: int, y: int, x, first: int, left_out=False) -> list[str]:
    """One window under the pixels it covers, with its number and what it lacks."""
    start, stop = max(first, w.start(number)), w.start(number) + w.kernel_size
    colour, dash = (RED, 'stroke-dasharray="5 4" ') if left_out else (BLUE, "")
    fill = "white" if left_out else "#cfe6f5"
    parts = [
        f'<rect x="{x(start):.1f}" y="{y}" width="{(stop - start) * CELL * 0.99:.1f}" '
        f'height="26" rx="4" {dash}fill="{fill}" stroke="{colour}" stroke-width="2"/>'
    ]
    over = stop - w.end
    if over > 0:
        parts.append(
            f'<rect x="{x(w.end):.1f}" y="{y + 2}" width="{over * CELL * 0.99:.1f}" '
            f'height="22" fill="url(#zeros)"/>'
        )
    words = say("bar", number=number)
    if left_out:
        words = say("bar_short", number=number, count=over)
    elif over > 0:
        words = say("bar_over", number=number, count=over)
    parts.append(text(x(start) + 8, y + 18, words, halo=True))
    return parts
