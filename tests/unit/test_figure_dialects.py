"""The figures of notebooks 15 and 16 draw what their words say."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.variants import ALEXNET_2012, CAFFENET
from alexnet_lib.figures.dialects import draw_orders, draw_zeros, order_of
from alexnet_lib.figures.towers import draw_reading, draw_towers, plot_crossing


@pytest.fixture
def ax() -> Iterator[Axes]:
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


@pytest.mark.parametrize(("groups", "filled"), [(1, 24), (2, 12)])
def test_a_filled_square_for_each_map_that_a_kernel_reads(ax, groups, filled):
    said = draw_reading(ax, 4, 6, groups)
    assert said.endswith(f"each of 6 kernels reads {filled // 6} of 4 maps")
    white = [to_hex(patch.get_facecolor()) for patch in ax.patches].count("#ffffff")
    assert len(ax.patches) == 24
    assert len(ax.patches) - white == filled


def test_thick_lines_cross_where_both_halves_are_read(ax):
    layers = {
        "conv1": ("Conv2d", "picture"),
        "conv2": ("Conv2d", "own half"),
        "fc3": ("Linear", "both halves"),
        "fc4": ("Linear", "both halves"),
    }
    said = draw_towers(ax, layers, one_tower=["fc4"])
    assert "cross from one row to the other in front of fc3, fc4; dotted" in said
    solid = [line for line in ax.lines if line.get_linestyle() == "-"]
    assert len(solid) == 2 + 1  # both ways to fc3, one way to fc4
    assert len(ax.patches) == 7


def test_a_bar_for_each_layer_and_network(ax):
    said = plot_crossing(ax, {"with": {"a": 0, "b": 5}, "without": {"a": 1000, "b": 5}})
    assert said == "In all: with 5, without 1,005 numbers"
    assert [patch.get_width() for patch in ax.patches] == [0, 5, 1000, 5]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_the_order_of_layers_in_letters(ax):
    kinds = {
        table.name: [row.kind for row in summarize(table)]
        for table in (ALEXNET_2012, CAFFENET)
    }
    paper, caffenet = map(order_of, kinds.values())
    assert paper.startswith("C r N P C r N P C")
    assert caffenet.startswith("C r P N C r P N C")
    said = draw_orders(ax, kinds)
    assert said == "; ".join(f"{n}: {order_of(k)}" for n, k in kinds.items())
    assert len(ax.patches) == len(paper.split()) + len(caffenet.split())


def test_zeros_stand_where_they_are_said_to_stand(ax):
    said = draw_zeros(ax, np.ones((8, 8)), (3, 0, 3, 0), "D")
    assert said == "D: zeros 3 left, 3 top"
    (image,) = ax.images
    shown = np.asarray(image.get_array())
    assert shown.shape == (11, 11)
    assert shown[3:, 3:].all()
    assert shown.sum() == 64
    assert len(ax.texts) == 11 * 11 - 64
