"""What the drawings of the widgets share: their colours, their letters, their frame.

A test draws them all and measures: letters of 13 pixels and more, in a contrast of 4.5
to 1 with what is under them; shapes of 3 to 1 with the white page, but for `FAINT`.
"""

from collections.abc import Iterable
from html import escape

BLUE, ORANGE, GREEN, RED = "#0072b2", "#b35900", "#00664b", "#b3261e"
GREY = "#555555"  # for letters and edges that stand back
PALE_BLUE = "#a9cde2"  # a surface; its edge is drawn in BLUE
FAINT = "#dddddd"  # lines that only guide the eye: the numbers are written, too
SIZE = 13  # pixels, of the smallest letters


def frame(width: float, height: float, parts: Iterable[str], defs: str = "") -> str:
    """The whole drawing, on white. defs: patterns that its parts fill shapes with."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif">'
        f"{f'<defs>{defs}</defs>' if defs else ''}"
        f'<rect width="{width}" height="{height}" fill="white"/>{"".join(parts)}</svg>'
    )


def text(
    x: float,
    y: float,
    words: str,
    colour: str = "black",
    anchor: str = "start",
    size: int = SIZE,
    *,
    bold: bool = False,
    halo: bool = False,
    turned: tuple[float, float] | None = None,
) -> str:
    """Words whose baseline begins, ends or has its middle at (x, y), in pixels.

    halo: in a white outline, to stand on hatches. turned: upwards, around this point.
    """
    more = ' font-weight="bold"' if bold else ""
    more += ' stroke="white" stroke-width="3" paint-order="stroke"' if halo else ""
    if turned is not None:
        more += f' transform="rotate(-90 {turned[0]:.1f} {turned[1]:.1f})"'
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" '
        f'text-anchor="{anchor}"{more}>{escape(words)}</text>'
    )
