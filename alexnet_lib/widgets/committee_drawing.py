"""What a dropout committee says: a bar for each class, in SVG and in words."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from alexnet_lib.figures.bars import share_text
from alexnet_lib.widgets.svg import BLUE, FAINT, GREY, ORANGE, PALE_BLUE, frame, text
from alexnet_lib.widgets.words import words_of

say = words_of("committee")

WIDTH, ROW, TOP, LEFT, PANEL = 760, 26, 64, 300, 330  # pixels
SIDE = 168  # of the picture, on the left


@dataclass(frozen=True, kw_only=True)
class Committee:
    """Answers to one picture. Shape: image (H, W), members (M, classes), whole (C,)."""

    image: np.ndarray
    number: int
    label: int
    names: Sequence[str]
    percent: int
    at_inputs: bool
    members: np.ndarray
    whole: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        return self.members.mean(axis=0)

    @property
    def votes(self) -> np.ndarray:
        """How many members name each class."""
        return np.bincount(self.members.argmax(axis=1), minlength=len(self.names))

    @property
    def difference(self) -> float:
        """The largest between the mean and the whole network, in percentage points."""
        return 100 * float(np.abs(self.mean - self.whole).max())


def describe_committee(committee: Committee) -> str:
    """Votes, mean and the whole network, in words: caption and alt text in one."""
    size, names = len(committee.members), committee.names
    votes = committee.votes
    order = [int(each) for each in np.argsort(-votes, kind="stable") if votes[each]]
    said = [
        say.counted("vote", int(votes[each]), name=names[each]) for each in order[:3]
    ]
    others = size - sum(int(votes[each]) for each in order[:3])
    said += [say("something_else", count=others)] if others else []
    first = int(committee.mean.argmax())
    whole = int(committee.whole.argmax())
    return say(
        "sentence",
        number=committee.number,
        label=names[committee.label],
        networks=say.counted("of_networks", size),
        dropped=say(
            "before_fc6" if committee.at_inputs else "behind_fc6",
            percent=committee.percent,
        ),
        votes=", ".join(said),
        mean=f"{names[first]} {share_text(committee.mean[first])}",
        whole=f"{names[whole]} {share_text(committee.whole[whole])}",
        same=say("same_answer" if first == whole else "another_answer"),
        points=committee.difference,
    )


def draw_committee(committee: Committee) -> str:
    """SVG: the picture; a row for each class with mean, spread, votes and the whole."""
    height = TOP + ROW * len(committee.names) + 12
    parts = [
        f'<image x="8" y="{TOP}" width="{SIDE}" height="{SIDE}" '
        f'style="image-rendering:pixelated" href="{_data_uri(committee.image)}"/>',
        text(LEFT, 20, say("legend_mean"), BLUE),
        text(LEFT, 42, say("legend_whole"), ORANGE),
        text(LEFT + PANEL + 14, 42, say("votes"), "black"),
    ]
    for share in (0, 25, 50, 75, 100):
        x = LEFT + PANEL * share / 100
        parts.append(f'<path d="M{x:.1f} {TOP - 6}V{height - 10}" stroke="{FAINT}"/>')
        if share in (0, 50, 100):
            parts.append(text(x, TOP - 9, f"{share} %", GREY, "middle"))
    for row, name in enumerate(committee.names):
        parts += _row(committee, row, name)
    return frame(WIDTH, height, parts)


def _row(committee: Committee, row: int, name: str) -> list[str]:
    y = TOP + ROW * row
    values = committee.members[:, row]
    if len(values) > 40:  # every so manyth, from lowest to highest: drawn in no time
        values = np.quantile(values, np.linspace(0, 1, 40))
    ticks = "".join(
        f"M{LEFT + PANEL * value:.1f} {y + 15}v7" for value in sorted(set(values))
    )
    bar = max(1.0, PANEL * committee.mean[row])
    x, middle = LEFT + PANEL * committee.whole[row], y + 8
    votes = int(committee.votes[row])
    mark = f" ◀ {say('label')}" if row == committee.label else ""
    return [
        text(LEFT - 8, y + 16, name, "black", "end"),
        f'<rect x="{LEFT}" y="{y + 3}" width="{bar:.1f}" height="11" '
        f'fill="{PALE_BLUE}" stroke="{BLUE}"/>',
        f'<path d="{ticks}" stroke="{BLUE}"/>',
        f'<path d="M{x:.1f} {middle - 6}l6 6l-6 6l-6 -6z" fill="{ORANGE}" '
        'stroke="white"/>',
        text(LEFT + PANEL + 14, y + 16, f"{votes or '–'}{mark}", "black"),
    ]


def _data_uri(image: np.ndarray) -> str:
    buffer = BytesIO()
    Image.fromarray(image).save(buffer, format="PNG", compress_level=1)
    return f"data:image/png;base64,{b64encode(buffer.getvalue()).decode()}"
