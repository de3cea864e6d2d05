"""Colour pictures beside one another, and the cloud of their pixels."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from alexnet_lib.figures.style import SERIES_COLOURS

MOST_POINTS = 2_000  # of a cloud; more would hide one another
WIDTHS = 2  # standard deviations on each side of the mean that an axis is drawn


def plot_pictures(
    axes: Sequence[Axes], images: np.ndarray, titles: Sequence[str]
) -> str:
    """Draw each picture under its title; say how much of them a screen cannot show.

    images: (N, 1 or 3, H, W), of which [0, 1] is shown and the rest cut off.
    """
    if images.ndim != 4 or images.shape[1] not in (1, 3):
        raise ValueError(
            f"expected pictures (N, 1 or 3, H, W), got shape {images.shape}"
        )
    for ax, image, title in zip(axes, images, titles, strict=True):
        shown = np.moveaxis(image, 0, -1).clip(0, 1)
        ax.imshow(shown.squeeze(), cmap="gray", vmin=0, vmax=1)
        ax.set_title(title, fontsize=10)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color="grey")  # else a white one is not seen
    outside = ((images < 0) | (images > 1)).mean(axis=(1, 2, 3))
    said = (
        f"{len(images)} pictures: {'; '.join(t.replace(chr(10), ' ') for t in titles)}."
    )
    if outside.max() < 0.005:
        return said
    most = int(outside.argmax())
    where = titles[most].replace("\n", " ")
    return f"{said} Of '{where}', {outside[most]:.0%} lies outside what can be shown."


def plot_colour_cloud(
    ax: Axes, pixels: np.ndarray, values: np.ndarray, vectors: np.ndarray
) -> str:
    """Pixels by their red and blue, each in its own colour, and the directions.

    pixels: (M, 3) in [0, 1]; values: (3,) variances; vectors: (3, 3), one a column.
    """
    some = pixels[:: max(1, len(pixels) // MOST_POINTS)]
    ax.scatter(some[:, 0], some[:, 2], c=some, s=6)
    middle = pixels.mean(axis=0)
    for number in range(2):  # the third is too short to be seen
        reach = WIDTHS * np.sqrt(values[number]) * vectors[:, number]
        ends = np.stack([middle - reach, middle + reach])
        style = {"color": SERIES_COLOURS[number], "linewidth": 3}
        ax.plot(ends[:, 0], ends[:, 2], **style, linestyle=("-", "--")[number])
        label = f"{number + 1}: {values[number] / values.sum():.0%}"
        ax.annotate(label, ends[1, [0, 2]], xytext=(4, 4), textcoords="offset points")
    ax.set(xlabel="red, 0 to 1", ylabel="blue, 0 to 1", aspect="equal")
    shares = values / values.sum()
    return (
        f"The pixels spread most along one direction, which holds {shares[0]:.0%} of "
        "their variance; the second direction holds "
        f"{shares[1]:.0%}, the third {shares[2]:.0%}."
    )
