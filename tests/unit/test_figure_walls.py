"""Sheets of tiles, their shades and frames; numbers to sort kernels by."""

import math
import re

import numpy as np
import pytest
import torch

from alexnet_lib.figures.walls import (
    FRAME,
    GAP,
    SHADES,
    filter_tiles,
    frame,
    map_shades,
    palette,
    shades,
    square_columns,
    tile,
)
from alexnet_lib.inside.kernels import frequencies, norms, orientations


def test_every_tile_is_where_it_belongs():
    tiles = np.arange(5 * 2 * 3, dtype=np.uint8).reshape(5, 2, 3)
    sheet = tile(tiles, columns=2)
    assert sheet.shape == (3 * 3 + 1, 2 * 4 + 1)
    for number, one in enumerate(tiles):
        row, column = divmod(number, 2)
        top, left = 1 + 3 * row, 1 + 4 * column
        assert (sheet[top : top + 2, left : left + 3] == one).all()
    assert (sheet == GAP).sum() == sheet.size - tiles.size


def test_one_tile_is_framed():
    sheet = tile(np.zeros((4, 3, 3), np.uint8), columns=2, framed=3)
    assert (sheet == FRAME).sum() == 5 * 5 - 3 * 3
    assert (sheet[5:8, 5:8] == 0).all()
    assert (sheet[4, 4:9] == FRAME).all()


def test_a_frame_beyond_the_edge_is_cut():
    sheet = np.zeros((6, 6), np.uint8)
    frame(sheet, -3, 2, 5, 2, index=9)
    assert (sheet == 9).any()
    frame(sheet, 4, 4, 10, 10, index=9)


def test_colours_have_grey_gaps():
    sheet = tile(np.zeros((2, 2, 2, 3), np.uint8), columns=2)
    assert sheet.shape == (4, 7, 3)
    assert (sheet[0] == 128).all()


@pytest.mark.parametrize(
    "tiles", [np.zeros((2, 2), np.uint8), np.zeros((2, 2, 2)), np.zeros((0, 2, 2), "B")]
)
def test_what_is_no_row_of_tiles_is_refused(tiles):
    with pytest.raises(ValueError, match=r"expected tiles \(N, H, W\) uint8, got"):
        tile(tiles, columns=2)


def test_shades_are_even_and_cut_off():
    found = shades(np.array([-1.0, 0.0, 0.5, 1.0, 2.0], np.float32), 0, 1)
    assert found.tolist() == [0, 0, 126, 252, 252]
    assert shades(np.zeros(3, np.float32), 0, 0).tolist() == [0, 0, 0]


def test_zero_is_white_where_there_are_negative_numbers():
    found, colours, words = map_shades(np.array([[-1.0, 0.0, 3.0]], np.float32))
    assert words == "blue -3, white 0, red 3"
    assert (colours[found[0, 1]] > 240).all()
    assert found[0, 2] == SHADES - 1
    found, colours, words = map_shades(np.array([[0.0, 2.0]], np.float32))
    assert words == "black 0, white 2"
    assert colours[found[0]].tolist() == [[0, 0, 0], [255, 255, 255]]
    assert len(palette("gray")) == 256


def test_filters_are_drawn_on_one_scale():
    grey = np.zeros((2, 1, 2, 2), np.float32)
    grey[1] = -0.5
    tiles, colours, words = filter_tiles(grey)
    assert words == "blue -0.5, white 0, red 0.5"
    assert tiles[1].max() == 0
    assert colours is not None
    tiles, colours, words = filter_tiles(grey.repeat(3, axis=1))
    assert tiles.shape == (2, 2, 2, 3)
    assert colours is None
    assert tiles[0, 0, 0].tolist() == [127, 127, 127]
    with pytest.raises(ValueError, match="kernels of 24 channels are no pictures"):
        filter_tiles(np.zeros((2, 24, 5, 5)))


@pytest.mark.parametrize("count", [1, 2, 24, 96, 4096])
def test_sheets_are_wider_than_high(count):
    columns = square_columns(count)
    assert 1 <= columns <= count
    assert columns >= -(-count // columns)


# --- sorting kernels ------------------------------------------------------------------
def stripes(degrees: float, cycles: float, side: int = 11) -> torch.Tensor:
    """Stripes that run this way: 0 lying, 90 standing. Shape: (1, 1, side, side)."""
    row, column = torch.meshgrid(*[torch.arange(side).double()] * 2, indexing="ij")
    angle = math.radians(degrees)
    across = row * math.cos(angle) + column * math.sin(angle)  # rows count downwards
    return torch.cos(2 * math.pi * cycles * across)[None, None]


@pytest.mark.parametrize("degrees", [0, 30, 60, 90, 120, 150])
def test_orientation_is_the_way_the_stripes_run(degrees):
    (found,) = orientations(stripes(degrees, 0.2)).tolist()
    off = abs(found - degrees) % 180
    assert min(off, 180 - off) < 5


def test_frequency_is_that_of_the_stripes():
    found = [frequencies(stripes(20, cycles)).item() for cycles in (0.1, 0.2, 0.35)]
    assert found == sorted(found)
    assert found[1] == pytest.approx(0.2, abs=0.05)


def test_norm_is_the_root_of_the_sum_of_squares():
    assert norms(torch.full((2, 3, 2, 2), 2.0)).tolist() == pytest.approx([48**0.5] * 2)


def test_kernels_have_four_axes():
    with pytest.raises(ValueError, match=re.escape("expected kernels (N, C, k, k)")):
        frequencies(torch.zeros(11, 11))
