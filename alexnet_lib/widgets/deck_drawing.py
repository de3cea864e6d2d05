"""What the ablation deck shows: chips on parts, and what undoing each part cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from alexnet_lib.learning.undone import Effect
from alexnet_lib.widgets.words import words_of

say = words_of("deck")

WIDTH, ROW, TOP, LEFT, CHIPS, PANEL = 860, 34, 62, 208, 240, 330  # pixels
CHIPS_IN_ALL = 100
BLUE, ORANGE, GREY = "#0072b2", "#b35900", "#6b6b6b"


@dataclass(frozen=True, kw_only=True)
class Table:
    """What lies on the table. One number of chips for each effect."""

    effects: Sequence[Effect]
    own: Sequence[int]
    votes: Sequence[int]  # chips of all who voted, summed
    voters: int
    revealed: bool


def range_words(effect: Effect) -> str:
    """How many points are lost without a part, from seed to seed."""
    least, most = effect.lost
    if least > 0:
        return say("lost", least=least, most=most)
    if most < 0:
        return say("gained", least=-most, most=-least)
    return say("seeds_do_not_say", gained=-least, lost=most)


def on_what_matters(effects: Sequence[Effect], chips: Sequence[int]) -> int:
    """Chips on parts without which every seed is worse."""
    pairs = zip(effects, chips, strict=True)
    return sum(number for effect, number in pairs if effect.matters)


def describe_table(table: Table) -> str:
    """The chips, and when revealed the losses: caption and alt text in one."""
    laid, votes = _piles(table, table.own), _piles(table, table.votes)
    said = [say("your_chips", laid=laid) if laid else say("none_laid")]
    if left := CHIPS_IN_ALL - sum(table.own):
        said.append(say("in_your_hand", count=left))
    if table.voters:
        said.append(say.counted("vote_of", table.voters, votes=votes))
    if not table.revealed:
        return " ".join([*said, say("still_covered")])
    parts = "; ".join(f"{e.part}: {range_words(e)}" for e in _by_loss(table.effects))
    said.append(say("three_seeds", parts=parts))
    if sum(table.own):
        mine = on_what_matters(table.effects, table.own)
        said.append(say("well_laid", count=mine))
    if table.voters:
        share = 100 * on_what_matters(table.effects, table.votes) / sum(table.votes)
        said.append(say("well_laid_class", percent=share))
    return " ".join(said)


def _piles(table: Table, chips: Sequence[int]) -> str:
    pairs = zip(table.effects, chips, strict=True)
    return ", ".join(say("pile", count=n, part=e.part) for e, n in pairs if n)


def _by_loss(effects: Sequence[Effect]) -> list[Effect]:
    return sorted(effects, key=lambda effect: -sum(effect.lost))


def draw_table(table: Table) -> str:
    """SVG: a row for each part, with chips on the left and losses on the right."""
    height = TOP + ROW * len(table.effects) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="14">'
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        _text(LEFT, 20, say("legend_chips"), BLUE),
        _text(LEFT, 40, say("legend_class") if table.voters else "", ORANGE),
        _text(LEFT + CHIPS + 50, 20, say("legend_points"), "black"),
    ]
    low, high = _scale(table.effects)
    if table.revealed:
        parts += _axis(low, high, height)
    else:
        x = LEFT + CHIPS + 50
        parts.append(
            f'<rect x="{x}" y="{TOP - 4}" width="{PANEL}" height="{height - TOP - 24}" '
            f'fill="#eeeeee" stroke="{GREY}"/>'
        )
        parts.append(_text(x + PANEL / 2, TOP + 30, say("covered"), GREY, "middle"))
    for row, effect in enumerate(table.effects):
        parts += _row(table, row, effect, low, high)
    return "".join([*parts, "</svg>"])


def _scale(effects: Sequence[Effect]) -> tuple[float, float]:
    """Points at the left and the right edge: all ranges and 0, and some air."""
    ends = [0.0, *(end for effect in effects for end in effect.lost)]
    air = 0.05 * (max(ends) - min(ends)) or 1.0
    return min(ends) - air, max(ends) + air


def _place(points: float, low: float, high: float) -> float:
    return LEFT + CHIPS + 50 + PANEL * (points - low) / (high - low)


def _axis(low: float, high: float, height: int) -> list[str]:
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50) if (high - low) / s <= 8)
    parts, tick = [], -(-low // step) * step
    while tick <= high:
        x = _place(tick, low, high)
        colour, wide = ("black", 1.5) if abs(tick) < 1e-9 else ("#dddddd", 1)
        parts.append(
            f'<path d="M{x:.1f} {TOP - 6}V{height - 26}" stroke="{colour}" '
            f'stroke-width="{wide}"/>'
        )
        written = f"{tick + 0.0:g}"  # never "-0"
        parts.append(_text(x, height - 10, written, "black", "middle"))
        tick += step
    return parts


def _row(table: Table, row: int, effect: Effect, low: float, high: float) -> list[str]:
    y = TOP + ROW * row
    own, width = table.own[row], CHIPS * table.own[row] / CHIPS_IN_ALL
    parts = [
        _text(LEFT - 8, y + 18, effect.part, "black", "end"),
        f'<rect x="{LEFT}" y="{y + 4}" width="{width:.1f}" height="20" '
        f'fill="#a9cde2" stroke="{BLUE}"/>',
        _text(LEFT + CHIPS + 12, y + 19, str(own) if own else "", BLUE),
    ]
    if table.voters:
        x = LEFT + CHIPS * table.votes[row] / max(1, sum(table.votes))
        parts.append(
            f'<path d="M{x:.1f} {y + 7}l7 7l-7 7l-7 -7z" fill="{ORANGE}" '
            'stroke="white"/>'
        )
    if table.revealed:
        left, right = (_place(end, low, high) for end in effect.lost)
        middle = y + 14
        colour = BLUE if effect.matters else GREY
        parts.append(
            f'<rect x="{left:.1f}" y="{middle - 6}" width="{max(2, right - left):.1f}" '
            f'height="12" fill="{colour}" fill-opacity="0.5" stroke="{colour}"/>'
        )
    return parts


def _text(x: float, y: float, words: str, fill: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )
