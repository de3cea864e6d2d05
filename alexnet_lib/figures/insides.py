"""Figures of what is inside a network: spectra, kernels, neighbours, attributions."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from alexnet_lib.figures.pictures import contact_sheet
from alexnet_lib.figures.walls import filter_tiles, square_columns, tile


def plot_sizes(ax: Axes, spectra: Mapping[str, np.ndarray]) -> str:
    """Singular values of several matrices, each relative to its first, on a log axis.

    Where they fall by ten orders of magnitude, the dimensions end.
    """
    said = []
    for (name, sizes), marker in zip(spectra.items(), "osD^v", strict=False):
        relative = np.maximum(np.asarray(sizes) / sizes[0], 1e-17)
        ax.plot(range(1, len(relative) + 1), relative, marker, markersize=4, label=name)
        count = int((relative > 1e-9).sum())
        said.append(f"{name}: {count} of {len(relative)}")
    ax.set_yscale("log")
    ax.set(xlabel="number of the direction", ylabel="size, relative to the first")
    ax.set_title("Beyond the last direction there is only rounding")
    ax.legend()
    return f"Directions of windows by size; above rounding are, {'; '.join(said)}."


def plot_kernel_parts(
    axes: np.ndarray, kernels: np.ndarray, seen: np.ndarray, shares: Sequence[float]
) -> str:
    """Kernels, what the data can see of them, and the rest: three rows on one scale.

    kernels, seen: (n, k, k); shares: what is seen of each kernel's energy; axes (3, n).
    """
    bound = float(np.abs(kernels).max())
    rows = {"as it is": kernels, "seen": seen, "the rest": kernels - seen}
    for line, (name, parts) in zip(axes, rows.items(), strict=True):
        for ax, part in zip(line, parts, strict=True):
            ax.imshow(part, cmap="RdBu_r", vmin=-bound, vmax=bound)
            ax.set(xticks=[], yticks=[])
        line[0].set_ylabel(name)
    for ax, share in zip(axes[0], shares, strict=True):
        ax.set_title(f"{100 * share:.0f} % seen", fontsize=10)
    return (
        f"{len(kernels)} kernels on one scale, red positive, blue negative. Of their "
        f"energy the data see {100 * min(shares):.0f} to {100 * max(shares):.0f} %. "
        "The seen parts are smooth; the rest looks like noise."
    )


def plot_wall(ax: Axes, kernels: np.ndarray, name: str) -> str:
    """All kernels of a first layer on one scale, side by side.

    kernels: (N, C, k, k) with one channel or three.
    """
    tiles, colours, scale = filter_tiles(kernels)
    sheet = tile(tiles, square_columns(len(tiles), 3))
    ax.imshow(sheet if colours is None else colours[sheet])
    ax.set(xticks=[], yticks=[])
    ax.set_title(f"{len(kernels)} filters of {name}", fontsize=11)
    size = " x ".join(map(str, kernels.shape[2:]))
    return f"{len(kernels)} filters of {name}, {size}, on one scale: {scale}."


def draw_neighbours(
    ax: Axes,
    images: np.ndarray,
    rows: np.ndarray,
    names: Sequence[str],
    labels: Sequence,
) -> str:
    """One line a query: the picture, then its neighbours, other labels framed.

    images: uint8 (N, H, W) and their labels; rows: (queries, count) numbers of
    pictures, the query first.
    """
    sheet = contact_sheet(images[rows.ravel()], rows.shape[1])
    ax.imshow(sheet, cmap="gray", vmin=0, vmax=255)
    pitch = images.shape[1] + 2
    ax.set_yticks(
        [line * pitch + pitch / 2 for line in range(len(rows))],
        labels=[names[int(labels[line[0]])] for line in rows],
    )
    ax.set_xticks([])
    ax.axvline(pitch - 1.5, color="C4", linewidth=2)
    ax.spines[:].set_visible(False)
    ax.set_title("Left of the line a test picture, right of it its neighbours in fc7")
    side, said = images.shape[1], []
    for number, line in enumerate(rows):
        own = labels[line[0]]
        for place, row in enumerate(line):
            if labels[row] != own:
                corner = place * pitch - 1, number * pitch - 1
                frame = {"fill": False, "edgecolor": "C1", "linewidth": 2}
                ax.add_patch(Rectangle(corner, side + 1, side + 1, **frame))
        same = sum(int(labels[row] == own) for row in line[1:])
        said.append(f"{names[int(own)]} {same} of {len(line) - 1}")
    return f"Pictures and their neighbours; of the same label are: {', '.join(said)}."


def plot_attributions(
    axes: Sequence[Axes], picture: np.ndarray, maps: Mapping[str, np.ndarray]
) -> str:
    """A picture, and beside it what several methods call important, each on its scale.

    picture: (H, W); maps: (h, w), stretched over the picture's area.
    """
    height, width = picture.shape
    extent = (-0.5, width - 0.5, height - 0.5, -0.5)
    axes[0].imshow(picture, cmap="gray")
    axes[0].set_title("the picture")
    said = []
    for ax, (name, values) in zip(axes[1:], maps.items(), strict=True):
        if values.min() < 0:
            bound = float(np.abs(values).max())
            limits = {"cmap": "RdBu_r", "vmin": -bound, "vmax": bound}
        else:
            limits = {"cmap": "gray", "vmin": 0, "vmax": float(values.max())}
        ax.imshow(values, extent=extent, **limits)
        ax.set_title(name)
        row, column = np.unravel_index(values.argmax(), values.shape)
        down, across = (row + 0.5) / values.shape[0], (column + 0.5) / values.shape[1]
        said.append(f"{name} {_place(down, across)}")
    for ax in axes:
        ax.set(xticks=[], yticks=[])
    return f"A picture and three answers to 'where?'. Largest: {'; '.join(said)}."


def _place(down: float, across: float) -> str:
    """'upper left', from two shares of the picture."""
    upright = ("upper", "middle", "lower")[min(2, int(3 * down))]
    sideways = ("left", "middle", "right")[min(2, int(3 * across))]
    return upright if upright == sideways else f"{upright} {sideways}"
