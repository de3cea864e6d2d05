"""Two towers: which kernel reads which map, what crosses, and how much of it."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from alexnet_lib.figures.style import LAYER_COLOURS, SERIES_COLOURS

FIRST, SECOND = SERIES_COLOURS[0], SERIES_COLOURS[1]
HATCHES = ("", "//")  # the second card, where there is no colour
WIDE, HIGH = 0.72, 0.62  # of a box, in steps from layer to layer


def draw_reading(ax: Axes, num_maps: int, num_kernels: int, groups: int) -> str:
    """A square for each kernel and map: filled where the kernel reads the map."""
    size = num_kernels // groups, num_maps // groups
    reads = np.kron(np.eye(groups), np.ones(size))  # (num_kernels, num_maps)
    for kernel, row in enumerate(reads):
        for channel, filled in enumerate(row):
            group = kernel // size[0]
            look = {"facecolor": "white", "edgecolor": "#b0b0b0"}
            if filled:
                colour = SERIES_COLOURS[group % len(SERIES_COLOURS)]
                look = {
                    "facecolor": colour,
                    "edgecolor": "white",
                    "hatch": HATCHES[group % 2],
                }
            ax.add_patch(_square(channel, kernel, **look))
    ax.set(
        xlim=(-0.5, num_maps - 0.5),
        ylim=(num_kernels - 0.5, -0.5),
        xticks=range(num_maps),
        yticks=range(num_kernels),
        xlabel="map that comes in",
        ylabel="kernel",
        title=f"groups {groups}: a kernel reads {size[1]} maps",
        aspect="equal",
    )
    ax.spines[:].set_visible(False)
    return (
        f"with {groups} group{'s' * (groups > 1)} each of {num_kernels} kernels reads "
        f"{size[1]} of {num_maps} maps"
    )


def _square(column: int, row: int, **look: object) -> FancyBboxPatch:
    return FancyBboxPatch(
        (column - 0.45, row - 0.45), 0.9, 0.9, boxstyle="square,pad=0", **look
    )


def draw_towers(
    ax: Axes, layers: Mapping[str, tuple[str, str]], one_tower: Sequence[str]
) -> str:
    """Layers from left to right on two cards, with a line for everything that is read.

    layers: name -> (kind, reads), in order; reads is 'picture', 'own half' or 'both
    halves'. `one_tower` names the layers that stand on the first card only.
    """
    ys = (1.0, -1.0)
    ax.text(-1, 0, "picture", ha="center", va="center", rotation=90)
    sources = [(-1.0, 0.0)]
    for column, (name, (kind, what)) in enumerate(layers.items()):
        boxes = [(column, ys[0])] if name in one_tower else [(column, y) for y in ys]
        for x, y in boxes:
            crosses = [s for s in sources if what != "own half" or s[1] == y]
            for left, level in crosses:
                other = what == "both halves" and level != y
                ax.plot(
                    (left + (WIDE / 2 if left >= 0 else 0.2), x - WIDE / 2),
                    (level, y),
                    color=SERIES_COLOURS[1] if other else "#404040",
                    linestyle="-" if other else ":",
                    linewidth=2.2 if other else 1.4,
                )
            ax.add_patch(_box(x, y, LAYER_COLOURS[kind]))
            ax.text(x, y, name, ha="center", va="center", color="white", weight="bold")
        sources = boxes
    for y, card in zip(ys, ("card 0", "card 1"), strict=True):
        ax.text(-0.9, 1.55 * y, card, ha="left", va="center")
    ax.set(xlim=(-1.4, len(layers) - 0.4), ylim=(-2, 2))
    ax.set_axis_off()
    crossing = [name for name, (_, what) in layers.items() if what == "both halves"]
    return (
        f"Two rows of boxes, {', '.join(layers)}. Thick orange lines cross from one "
        f"row to the other in front of {', '.join(crossing)}; dotted lines stay in "
        "their row"
    )


def _box(x: float, y: float, colour: str) -> FancyBboxPatch:
    return FancyBboxPatch(
        (x - WIDE / 2, y - HIGH / 2),
        WIDE,
        HIGH,
        boxstyle="round,pad=0,rounding_size=0.1",
        facecolor=colour,
        edgecolor="white",
    )


def plot_crossing(ax: Axes, networks: Mapping[str, Mapping[str, int]]) -> str:
    """Numbers that arrive from the other card for one picture: a bar for each layer.

    networks: label -> layer -> numbers; the layers are those of the first network.
    """
    labels = list(networks)
    names = list(dict.fromkeys(name for each in networks.values() for name in each))
    height = 0.8 / len(labels)
    for row, label in enumerate(labels):
        values = [networks[label].get(name, 0) for name in names]
        places = [k + (row - (len(labels) - 1) / 2) * height for k in range(len(names))]
        ax.barh(
            places,
            values,
            height,
            label=label,
            color=SERIES_COLOURS[row],
            hatch=HATCHES[row % 2],
            edgecolor="white",
        )
        for place, value in zip(places, values, strict=True):
            ax.text(value, place, f" {value:,}", va="center", fontsize=10)
    ax.set(yticks=range(len(names)), yticklabels=names)
    ax.set_xlabel("numbers from the other card, one picture, forward")
    ax.invert_yaxis()
    ax.margins(x=0.15)
    ax.legend(loc="lower right")
    sums = (f"{label} {sum(each.values()):,}" for label, each in networks.items())
    return f"In all: {', '.join(sums)} numbers"
