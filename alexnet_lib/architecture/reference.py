"""Convolution, max pooling and LRN as plain loops: the definitions, made to be read.

One image at a time, without the batch axis. Slow on purpose; the tests hold torch's
layers and ours against these loops.
"""

from typing import Literal

import numpy as np

from alexnet_lib.architecture.arithmetic import overhang, window_output_size
from alexnet_lib.architecture.spec import Rounding


def conv2d(
    image: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    stride: int = 1,
    padding: int = 0,
    groups: int = 1,
    rounding: Rounding = "floor",
) -> np.ndarray:
    """Slide every kernel over the image; each output is a sum of products.

    Shape: image (C, H, W), weight (C_out, C / groups, k, k), bias (C_out,)
    -> (C_out, H', W'). Zeros stand outside the image.
    """
    c_out, c_in, k, _ = weight.shape
    if len(image) != c_in * groups:
        raise ValueError(
            f"these kernels take {c_in * groups} channels ({groups} x {c_in}), the "
            f"image has {len(image)}: change the image or the kernels"
        )
    _, height, width = image.shape
    rows = window_output_size(height, k, stride, padding, rounding)
    cols = window_output_size(width, k, stride, padding, rounding)
    padded = pad(image, k, stride, padding, rounding, value=0.0)

    output = np.zeros((c_out, rows, cols), dtype=np.result_type(image, weight))
    for c in range(c_out):
        group = c // (c_out // groups)
        maps = padded[group * c_in : (group + 1) * c_in]  # what this kernel sees
        for row in range(rows):
            for col in range(cols):
                top, left = row * stride, col * stride
                window = maps[:, top : top + k, left : left + k]  # (c_in, k, k)
                output[c, row, col] = (window * weight[c]).sum()
        if bias is not None:
            output[c] += bias[c]
    return output


def max_pool2d(
    image: np.ndarray,
    kernel_size: int = 3,
    stride: int = 2,
    padding: int = 0,
    rounding: Rounding = "floor",
) -> np.ndarray:
    """Keep the largest number of every window, in each channel by itself.

    Shape: (C, H, W) -> (C, H', W'). Minus infinity stands outside the image.
    """
    channels, height, width = image.shape
    rows = window_output_size(height, kernel_size, stride, padding, rounding)
    cols = window_output_size(width, kernel_size, stride, padding, rounding)
    padded = pad(image, kernel_size, stride, padding, rounding, value=-np.inf)

    output = np.zeros((channels, rows, cols), dtype=image.dtype)
    for c in range(channels):
        for row in range(rows):
            for col in range(cols):
                top, left = row * stride, col * stride
                window = padded[c, top : top + kernel_size, left : left + kernel_size]
                output[c, row, col] = window.max()
    return output


def local_response_norm(
    a: np.ndarray,
    size: int = 5,
    alpha: float = 1e-4,
    beta: float = 0.75,
    k: float = 2.0,
    alpha_on: Literal["sum", "mean"] = "sum",
    groups: int = 1,
) -> np.ndarray:
    """Divide each map by the energy of its neighbours in channel (section 3.3).

    Shape: (C, H, W) -> (C, H, W). `alpha_on="mean"` divides the energy by `size`, also
    where the window is cut at the first and last channel of a group.
    """
    per_group = len(a) // groups
    b = np.empty_like(a)
    for c in range(len(a)):
        first_of_group = c // per_group * per_group
        last_of_group = first_of_group + per_group - 1
        first = max(first_of_group, c - size // 2)
        last = min(last_of_group, c + (size - 1) // 2)
        energy = sum(a[j] ** 2 for j in range(first, last + 1))  # (H, W)
        if alpha_on == "mean":
            energy = energy / size
        b[c] = a[c] / (k + alpha * energy) ** beta
    return b


def pad(
    image: np.ndarray,
    kernel_size: int,
    stride: int,
    padding: int,
    rounding: Rounding,
    value: float,
) -> np.ndarray:
    """Put `padding` pixels on each side, and the overhang at the bottom and right.

    Shape: (C, H, W) -> (C, H + ..., W + ...).
    """
    sides = [(0, 0)]
    for size in image.shape[1:]:
        over = overhang(size, kernel_size, stride, padding, rounding)
        sides.append((padding, padding + over))
    return np.pad(image, sides, constant_values=value)
