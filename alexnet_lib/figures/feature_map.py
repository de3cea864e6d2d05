"""A kernel at work on a picture."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes


def plot_feature_map(
    axes: Sequence[Axes], picture: np.ndarray, kernel: np.ndarray, found: np.ndarray
) -> str:
    """A picture, a kernel and the map the kernel makes of it, on three Axes.

    picture: (H, W) in [0, 1]; kernel: (k, k); found: (H', W').
    """
    left, middle, right = axes
    left.imshow(picture, cmap="gray", vmin=0, vmax=1)
    left.set(title=f"picture, {' x '.join(map(str, picture.shape))} pixels")
    bound = float(np.abs(kernel).max())
    middle.imshow(kernel, cmap="RdBu_r", vmin=-bound, vmax=bound)
    for (row, col), weight in np.ndenumerate(kernel):
        colour = "black" if weight == 0 else "white"
        middle.text(
            col, row, f"{weight:+g}" if weight else "0", color=colour, ha="center"
        )
    middle.set(title="one kernel", xticks=[], yticks=[])
    bound = float(np.abs(found).max())
    drawn = right.imshow(found, cmap="RdBu_r", vmin=-bound, vmax=bound)
    right.set(title=f"its feature map, {' x '.join(map(str, found.shape))}")
    right.figure.colorbar(drawn, ax=right, shrink=0.8, label="sum of products")
    for ax in (left, right):
        ax.set(xlabel="column, pixels", ylabel="row, pixels")
    high, low = (
        np.unravel_index(f(found), found.shape)[1] for f in (np.argmax, np.argmin)
    )
    return (
        f"A picture, a kernel of {kernel.shape[0]} x {kernel.shape[1]} weights, and "
        f"the feature map: its largest number, {found.max():+.1f}, stands in column "
        f"{high}, its smallest, {found.min():+.1f}, in column {low}; over even "
        "areas it is 0."
    )
