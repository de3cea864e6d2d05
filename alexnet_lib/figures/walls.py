"""Many small maps on one sheet: numbers in, palette indices out, in milliseconds.

A sheet holds indices into a palette of 256 colours. The first 253 are shades, then come
the gap between two tiles, the frame around a chosen one, and a mark on a picture.
"""

from functools import cache

import numpy as np

SHADES = 253  # of a palette
GAP, FRAME, MARK = 253, 254, 255
COLOURS = {GAP: (128, 128, 128), FRAME: (230, 159, 0), MARK: (213, 94, 0)}


@cache
def palette(name: str) -> np.ndarray:
    """A colour map of matplotlib's as a palette. Shape: uint8 (256, 3)."""
    from matplotlib import colormaps

    shades = colormaps[name](np.linspace(0, 1, SHADES))[:, :3]
    marks = np.array([COLOURS[index] for index in (GAP, FRAME, MARK)])
    return np.concatenate([np.round(255 * shades), marks]).astype(np.uint8)


def shades(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Numbers from low to high as shades 0 to 252; what lies beyond is cut off."""
    spread = max(float(high) - float(low), 1e-30)
    scaled = (values - np.float32(low)) * np.float32((SHADES - 1) / spread)
    return np.clip(scaled + np.float32(0.5), 0, SHADES - 1).astype(np.uint8)


def map_shades(maps: np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    """Shades on one scale for all, their palette, and the scale in words.

    Maps without negative numbers run from black, 0, to white; others have 0 in the
    middle, blue below it and red above.
    """
    low, high = float(maps.min()), float(maps.max())
    if low >= 0:
        words = f"black 0, white {high:.3g}"
        return shades(maps, 0, high), palette("gray"), words
    bound = max(-low, high)
    words = f"blue {-bound:.3g}, white 0, red {bound:.3g}"
    return shades(maps, -bound, bound), palette("RdBu_r"), words


def tile(
    tiles: np.ndarray, columns: int, gap: int = 1, framed: int | None = None
) -> np.ndarray:
    """Lay tiles side by side, row after row, with a gap around each; frame one of them.

    Shape: uint8 (N, H, W) -> uint8 (rows * (H + gap) + gap, columns * (W + gap) + gap).
    Colours too: (N, H, W, 3) -> (..., 3), with grey gaps and no frame.
    """
    if tiles.ndim not in (3, 4) or tiles.dtype != np.uint8 or not len(tiles):
        raise ValueError(
            f"expected tiles (N, H, W) uint8, got {tiles.dtype} {tiles.shape}"
        )
    n, height, width, *colours = tiles.shape
    rows = -(-n // columns)
    blank = COLOURS[GAP][0] if colours else GAP
    cells = np.full(
        (rows * columns, height + gap, width + gap, *colours), blank, np.uint8
    )
    cells[:n, gap:, gap:] = tiles
    cells = cells.reshape(rows, columns, height + gap, width + gap, *colours)
    sheet = cells.swapaxes(1, 2).reshape(
        rows * (height + gap), columns * (width + gap), *colours
    )
    edges = [(0, gap), (0, gap)] + [(0, 0)] * len(colours)
    sheet = np.pad(sheet, edges, constant_values=blank)
    if framed is not None and gap and not colours:
        row, column = divmod(framed, columns)
        frame(sheet, row * (height + gap), column * (width + gap), height, width, gap)
    return sheet


def frame(
    sheet: np.ndarray,
    top: int,
    left: int,
    height: int,
    width: int,
    thick: int = 1,
    index: int = FRAME,
) -> None:
    """Draw a frame whose outer corner is (top, left) around height x width pixels."""
    bottom, right = top + height + thick, left + width + thick
    area = sheet[max(top, 0) : bottom + thick, max(left, 0) : right + thick]
    area[:thick], area[-thick:] = index, index
    area[:, :thick], area[:, -thick:] = index, index


def filter_tiles(
    kernels: np.ndarray, bound: float | None = None
) -> tuple[np.ndarray, np.ndarray | None, str]:
    """Kernels as tiles on one scale, their palette, and the scale in words.

    bound: the largest number of the scale; by default that of the kernels.

    Shape: (N, 1, k, k) -> uint8 (N, k, k) and a palette; (N, 3, k, k) -> colours, uint8
    (N, k, k, 3), and None.
    """
    bound = bound or max(float(np.abs(kernels).max()), 1e-30)
    if kernels.shape[1] == 1:
        words = f"blue {-bound:.2g}, white 0, red {bound:.2g}"
        return shades(kernels[:, 0], -bound, bound), palette("RdBu_r"), words
    if kernels.shape[1] != 3:
        raise ValueError(
            f"kernels of {kernels.shape[1]} channels are no pictures: only 1 or 3 "
            "channels have colours"
        )
    colours = np.clip(127.5 + 127.5 * kernels / bound, 0, 255).astype(np.uint8)
    words = f"grey 0, a full colour {bound:.2g}"
    return colours.transpose(0, 2, 3, 1), None, words


def square_columns(count: int, ratio: float = 2.0) -> int:
    """How many columns make a sheet about `ratio` times as wide as it is high."""
    return max(1, min(count, round((ratio * count) ** 0.5)))
