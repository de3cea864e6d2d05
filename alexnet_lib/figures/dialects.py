"""One network in many dialects: its layers in order, and zeros around a picture."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from alexnet_lib.figures.style import (
    LAYER_COLOURS,
    LAYER_HATCHES,
    OTHER_LAYER_COLOUR,
    SERIES_COLOURS,
)

LETTERS = {
    "Conv2d": "C",
    "Linear": "F",
    "MaxPool2d": "P",
    "AvgPool2d": "P",
    "AdaptiveAvgPool2d": "P",
    "LocalResponseNorm": "N",
    "BatchNorm2d": "B",
    "ReLU": "r",
    "Dropout": "d",
    "ZeroPad2d": "0",
}
WORDS = {
    "C": "convolution",
    "F": "linear",
    "P": "pooling",
    "N": "normalisation",
    "r": "ReLU",
    "d": "dropout",
    "0": "zeros",
}


def order_of(kinds: Sequence[str]) -> str:
    """Kinds of layers as a row of letters, 'C r N P'; a Flatten has none."""
    return " ".join(LETTERS[kind] for kind in kinds if kind in LETTERS)


def draw_orders(ax: Axes, networks: Mapping[str, Sequence[str]]) -> str:
    """A row for each network, a box with a letter for each layer, in order.

    networks: name -> kinds of its layers.
    """
    longest = 0
    for row, kinds in enumerate(networks.values()):
        kept = [kind for kind in kinds if kind in LETTERS]
        longest = max(longest, len(kept))
        for column, kind in enumerate(kept):
            colour = LAYER_COLOURS.get(kind, "white")
            ax.add_patch(
                Rectangle(
                    (column - 0.45, row - 0.4),
                    0.9,
                    0.8,
                    facecolor=colour,
                    edgecolor="white" if kind in LAYER_COLOURS else OTHER_LAYER_COLOUR,
                    hatch=LAYER_HATCHES.get(kind, ""),
                )
            )
            ax.text(
                column,
                row,
                LETTERS[kind],
                ha="center",
                va="center",
                weight="bold",
                color="black",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            )
    ax.set(xlim=(-0.6, longest - 0.4), ylim=(len(networks) - 0.4, -0.6))
    ax.set_yticks(range(len(networks)), list(networks))
    ax.set_xticks([])
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.set_xlabel(", ".join(f"{letter} {word}" for letter, word in WORDS.items()))
    rows = (f"{name}: {order_of(kinds)}" for name, kinds in networks.items())
    return "; ".join(rows)


def draw_zeros(ax: Axes, picture: np.ndarray, zeros: Sequence[int], title: str) -> str:
    """A grey picture (H, W) with zeros around it: (left, right, top, bottom)."""
    left, right, top, bottom = zeros
    height, width = picture.shape
    padded = np.pad(picture, ((top, bottom), (left, right)))
    ax.imshow(padded, cmap="gray", vmin=0, vmax=picture.max(), interpolation="nearest")
    inside = np.zeros(padded.shape, dtype=bool)
    inside[top : top + height, left : left + width] = True
    for row, column in np.argwhere(~inside):
        ax.text(column, row, "0", color="white", ha="center", va="center", fontsize=10)
    ax.add_patch(
        Rectangle(
            (left - 0.5, top - 0.5),
            width,
            height,
            fill=False,
            edgecolor=SERIES_COLOURS[1],
            linewidth=2,
        )
    )
    ax.set(title=title, xticks=[], yticks=[])
    sides = zip(("left", "right", "top", "bottom"), zeros, strict=True)
    said = ", ".join(f"{count} {side}" for side, count in sides if count)
    return f"{title}: zeros {said or 'nowhere'}"
