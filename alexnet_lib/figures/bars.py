"""One bar for each class, drawn as SVG, and the same thing said in words."""

from collections.abc import Mapping, Sequence
from html import escape

from alexnet_lib.figures.style import Shown, image_tag

WIDTH, ROW, LEFT, LONGEST = 520, 26, 104, 180  # pixels
BLUE, PALE = "#0072b2", "#a9cde2"


def share_text(share: float) -> str:
    """0.973 as '97 %'; what is not quite all or nothing does not become so."""
    if 0.995 <= share < 1:
        return "over 99 %"
    if 0 < share < 0.005:
        return "under 1 %"
    return f"{round(100 * share)} %"


def draw_class_bars(
    names: Sequence[str],
    shares: Sequence[float],
    marks: Mapping[int, str] | None = None,
) -> str:
    """SVG of one bar per class; `marks` puts a word behind some of them.

    shares: in [0, 1], one for each name. The longest bar is the darkest, and bold.
    """
    if len(names) != len(shares):
        raise ValueError(
            f"{len(shares)} shares for {len(names)} names: give one for each"
        )
    height, top = ROW * len(names) + 8, _largest(shares)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="14">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
    ]
    for row, (name, share) in enumerate(zip(names, shares, strict=True)):
        mark = (marks or {}).get(row, "")
        parts.append(_bar(row, name, share, mark, bold=row == top))
    return "".join([*parts, "</svg>"])


def describe_class_bars(
    names: Sequence[str], shares: Sequence[float], most: int = 3
) -> str:
    """The longest bars in words: 'Shirt 61 %, Coat 22 %, Pullover 9 %'."""
    order = sorted(range(len(names)), key=lambda i: -shares[i])[:most]
    return ", ".join(f"{names[i]} {share_text(shares[i])}" for i in order)


def show_class_bars(names: Sequence[str], shares: Sequence[float], title: str) -> Shown:
    """The bars under a title that says the finding, for the end of a cell."""
    alt = f"{title}. {describe_class_bars(names, shares)}."
    drawing = image_tag(draw_class_bars(names, shares).encode(), alt, kind="svg+xml")
    return Shown(f"<p><b>{escape(title)}</b></p>{drawing}", alt)


def _largest(shares: Sequence[float]) -> int:
    return max(range(len(shares)), key=lambda i: shares[i])


def _bar(row: int, name: str, share: float, mark: str, bold: bool) -> str:
    y, length = 4 + row * ROW, max(1.0, share * LONGEST)
    weight = ' font-weight="bold"' if bold else ""
    words = share_text(share) + (f" ◀ {mark}" if mark else "")
    return (
        f'<text x="{LEFT - 8}" y="{y + 17}" text-anchor="end"{weight}>{escape(name)}'
        f'</text><rect x="{LEFT}" y="{y + 3}" width="{length:.1f}" height="{ROW - 6}" '
        f'fill="{BLUE if bold else PALE}" stroke="{BLUE}"/>'
        f'<text x="{LEFT + length + 6:.1f}" y="{y + 17}"{weight}>{escape(words)}</text>'
    )
