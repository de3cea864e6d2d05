"""Many small pictures on one sheet, and which kinds of them lie closest together."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

GAP = 2  # black pixels between two pictures


def contact_sheet(images: np.ndarray, columns: int) -> np.ndarray:
    """Lay pictures side by side, row after row.

    Shape: uint8 (N, H, W) -> uint8 (rows * (H + GAP) - GAP, columns * (W + GAP) - GAP).
    """
    if images.ndim != 3:
        raise ValueError(f"expected pictures (N, H, W), got shape {images.shape}")
    n, height, width = images.shape
    rows = -(-n // columns)
    sheet = np.zeros((rows * (height + GAP), columns * (width + GAP)), images.dtype)
    for number, image in enumerate(images):
        top = (number // columns) * (height + GAP)
        left = (number % columns) * (width + GAP)
        sheet[top : top + height, left : left + width] = image
    return sheet[:-GAP, :-GAP]


def draw_contact_sheet(
    ax: Axes,
    images: np.ndarray,
    labels: np.ndarray,
    class_names: Sequence[str],
    per_class: int = 12,
) -> str:
    """Draw the first pictures of each class, one row a class; say what is seen.

    images: uint8 (N, H, W); labels: (N,). A class without enough pictures raises.
    """
    rows = [
        _first_of(images, labels, number, per_class) for number in _range(class_names)
    ]
    sheet = contact_sheet(np.concatenate(rows), per_class)
    ax.imshow(sheet, cmap="gray", vmin=0, vmax=255)
    pitch = images.shape[1] + GAP
    middles = [row * pitch + images.shape[1] / 2 for row in _range(class_names)]
    ax.set_yticks(middles, labels=class_names)
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    one, other = closest_classes(images, labels, class_names)
    ax.set_title(f"On average, {one} and {other} differ least")
    return (
        f"{per_class} pictures of each of {len(class_names)} classes, one row a class. "
        f"The average pictures that differ least are those of {one} and {other}."
    )


def closest_classes(
    images: np.ndarray, labels: np.ndarray, class_names: Sequence[str]
) -> tuple[str, str]:
    """The two classes whose average pictures differ least, as a sum of squares."""
    means = np.stack(
        [images[labels == number].mean(axis=0) for number in _range(class_names)]
    )
    pairs = [(i, j) for i in _range(class_names) for j in range(i)]
    j, i = min(pairs, key=lambda pair: np.square(means[pair[0]] - means[pair[1]]).sum())
    return class_names[i], class_names[j]


def _range(class_names: Sequence[str]) -> range:
    return range(len(class_names))


def _first_of(
    images: np.ndarray, labels: np.ndarray, number: int, count: int
) -> np.ndarray:
    found = images[labels == number][:count]
    if len(found) < count:
        raise ValueError(
            f"class {number} has {len(found)} pictures, not {count}: ask for fewer"
        )
    return found
