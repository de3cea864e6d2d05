"""One step of a convolution, product by product, drawn as SVG."""

from dataclasses import dataclass

import numpy as np

from alexnet_lib.architecture.arithmetic import window_output_size
from alexnet_lib.widgets.svg import GREEN, GREY, ORANGE, frame, text
from alexnet_lib.widgets.words import words_of

say = words_of("stepper")

CELL, GAP, TOP = 30, 34, 30  # pixels: a number's box, between grids, above them


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """One position of a kernel on an image, and all that is computed there.

    image: (C, H, W) with its zeros around it; kernel: (C, k, k); row and col count
    positions, from 0. `feature_map` is the whole map, one number per position.
    """

    image: np.ndarray
    kernel: np.ndarray
    bias: float
    stride: int
    padding: int
    row: int
    col: int
    feature_map: np.ndarray

    @property
    def corner(self) -> tuple[int, int]:
        """Top-left pixel of the window, in pixels of the padded image."""
        return self.row * self.stride, self.col * self.stride

    @property
    def products(self) -> np.ndarray:
        """Pixel times weight, for every weight of the kernel. Shape: (C, k, k)."""
        (top, left), size = self.corner, self.kernel.shape[-1]
        window = self.image[:, top : top + size, left : left + size]
        return window * self.kernel

    @property
    def sums(self) -> list[float]:
        """What each channel contributes."""
        return [float(products.sum()) for products in self.products]

    @property
    def total(self) -> float:
        """The one number that this position gives."""
        return sum(self.sums) + self.bias

    @property
    def number(self) -> int:
        """Positions filled so far, in reading order; the first is 1."""
        return self.row * self.feature_map.shape[1] + self.col + 1


def take_step(
    image: np.ndarray,
    kernel: np.ndarray,
    bias: float = 0.0,
    stride: int = 1,
    padding: int = 0,
    row: int = 0,
    col: int = 0,
) -> Step:
    """Lay the kernel on the image. Shape: image (C, H, W), kernel (C, k, k)."""
    if image.ndim != 3 or kernel.ndim != 3 or len(image) != len(kernel):
        raise ValueError(
            f"an image of shape {image.shape} and a kernel of shape {kernel.shape} do "
            "not go together: both are (channels, height, width), of equal channels"
        )
    size = kernel.shape[-1]
    rows, cols = (
        window_output_size(side, size, stride, padding) for side in image.shape[1:]
    )
    if not (0 <= row < rows and 0 <= col < cols):
        raise ValueError(
            f"there is no position ({row}, {col}): this map has {rows} rows and {cols} "
            "columns, counted from 0"
        )
    padded = np.pad(image, ((0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), (1, 2))
    windows = windows[:, ::stride, ::stride]  # (C, rows, cols, k, k)
    return Step(
        image=padded,
        kernel=kernel,
        bias=bias,
        stride=stride,
        padding=padding,
        row=row,
        col=col,
        feature_map=np.einsum("crsij,cij->rs", windows, kernel) + bias,
    )


def describe_step(step: Step) -> str:
    """The step in words: what each channel gives, their sum, and where it lands."""
    parts = ", ".join(
        say("gives", channel=channel, value=_number(value))
        for channel, value in enumerate(step.sums)
    )
    rows, cols = step.feature_map.shape
    return say(
        "sentence",
        row=step.row,
        column=step.col,
        gives=parts,
        sum=_sum(step),
        number=step.number,
        count=rows * cols,
        rows=rows,
        columns=cols,
    )


def draw_step(step: Step) -> str:
    """SVG: image, kernel, products and sum of each channel, and the map so far."""
    channels, side, _ = step.image.shape
    size = step.kernel.shape[-1]
    rows, cols = step.feature_map.shape
    kernel_x = 10 + side * CELL + GAP
    products_x = kernel_x + size * CELL + GAP
    sum_x = products_x + size * CELL + 12
    map_x = sum_x + 74
    band = side * CELL + TOP + 12
    width = map_x + max(cols * CELL, 230) + 10
    height = channels * band
    parts = []
    products, (top, left) = step.products, step.corner
    for channel in range(channels):
        y = channel * band + TOP
        lower = y + (side - size) * CELL / 2
        parts.append(text(10, y - 9, say("image", channel=channel)))
        parts += _grid(step.image[channel], 10, y, hatched=step.padding)
        parts.append(
            f'<rect x="{10 + left * CELL}" y="{y + top * CELL}" fill="none" '
            f'width="{size * CELL}" height="{size * CELL}" stroke="{ORANGE}" '
            'stroke-width="4"/>'
        )
        parts += _operator(kernel_x - GAP / 2, lower + size * CELL / 2, "×")
        parts.append(text(kernel_x, lower - 9, say("kernel", channel=channel)))
        parts += _grid(step.kernel[channel], kernel_x, lower, fill="#fbead9")
        parts += _operator(products_x - GAP / 2, lower + size * CELL / 2, "=")
        parts.append(text(products_x, lower - 9, say("products")))
        parts += _grid(products[channel], products_x, lower, fill="#f2f2f2")
        parts.append(text(sum_x, lower + size * CELL / 2 + 6, say("sum"), GREY))
        parts.append(
            text(
                sum_x + 32,
                lower + size * CELL / 2 + 6,
                _number(step.sums[channel]),
                GREEN,
                size=16,
                bold=True,
            )
        )
    map_y = (height - rows * CELL) / 2
    parts.append(text(map_x, map_y - 9, say("feature_map")))
    parts += _map(step, map_x, map_y)
    under = map_y + rows * CELL + 26
    parts.append(text(map_x, under, _sum(step), GREEN, size=16, bold=True))
    return frame(width, height, parts)


def _number(value: float) -> str:
    return f"{value + 0.0:g}"  # -0.0 becomes 0


def _sum(step: Step) -> str:
    terms = [f"({_number(x)})" if x < 0 else _number(x) for x in step.sums]
    terms.append(say("bias", value=_number(step.bias)))
    return f"{' + '.join(terms)} = {_number(step.total)}"


def _operator(x: float, y: float, sign: str) -> list[str]:
    return [text(x, y + 6, sign, GREY, "middle", 18)]


def _box(x: float, y: float, fill: str, stroke: str = "#8c8c8c", extra="") -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{CELL}" height="{CELL}" fill="{fill}" '
        f'stroke="{stroke}" {extra}/>'
    )


def _grid(
    numbers: np.ndarray, x: float, y: float, fill: str = "white", hatched: int = 0
) -> list[str]:
    """Numbers in boxes; the `hatched` outer rings are padding: dashed and grey."""
    parts, last = [], len(numbers) - 1
    for (row, col), value in np.ndenumerate(numbers):
        added = min(row, col, last - row, last - col) < hatched
        at_x, at_y = x + col * CELL, y + row * CELL
        dash = 'stroke-dasharray="3 3"' if added else ""
        parts.append(_box(at_x, at_y, "#eeeeee" if added else fill, extra=dash))
        colour = GREY if added else "black"
        parts.append(text(at_x + CELL / 2, at_y + 20, _number(value), colour, "middle"))
    return parts


def _map(step: Step, x: float, y: float) -> list[str]:
    """The map, filled up to this step; the present number has a thick frame."""
    parts, cols = [], step.feature_map.shape[1]
    for (row, col), value in np.ndenumerate(step.feature_map):
        at_x, at_y = x + col * CELL, y + row * CELL
        filled = row * cols + col < step.number
        parts.append(_box(at_x, at_y, "#ddf1ea" if filled else "white"))
        words = _number(value) if filled else "·"
        parts.append(text(at_x + CELL / 2, at_y + 20, words, anchor="middle"))
    at_x, at_y = x + step.col * CELL, y + step.row * CELL
    parts.append(_box(at_x, at_y, "none", ORANGE, 'stroke-width="4"'))
    return parts
