"""The network for coloured pictures: wide first-layer filters that the data fill."""

import re

import torch

from alexnet_lib import widgets
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import ALEXNET_COLOUR_32, ALEXNET_MODERN_32
from alexnet_lib.widgets.glass import window_basis
from tests.unit.glasses import pictures, untrained


def test_it_differs_from_its_sister_in_the_first_layer_alone():
    (ours, *rest), (theirs, *others) = (
        ALEXNET_COLOUR_32.layers,
        ALEXNET_MODERN_32.layers,
    )
    assert rest == others
    assert (ours.kernel_size, ours.stride, ours.padding) == (11, 1, 5)
    assert ours.out_channels == theirs.out_channels


def test_its_table_is_that_of_the_built_network():
    rows, model = summarize(ALEXNET_COLOUR_32), build_model(ALEXNET_COLOUR_32).eval()
    assert rows[0].out_shape == (48, 32, 32)  # at native resolution, nothing is skipped
    numbers = sum(parameter.numel() for parameter in model.parameters())
    assert sum(row.num_params for row in rows) == numbers
    assert numbers < 1_000_000
    assert model(torch.rand(2, 3, 32, 32)).shape == (2, 10)


def test_its_pictures_fill_the_whole_window():
    name, basis = window_basis(untrained("ALEXNET_COLOUR_32"), 32)
    assert name == "conv1"
    assert basis.shape == (11, 11)


def test_its_filters_are_shown_in_colours():
    explorer = widgets.explorer(untrained("ALEXNET_COLOUR_32"), pictures(9, channels=3))
    assert "48 filters of conv1, 11 x 11 in three colours" in explorer.words()
    assert "grey 0, a full colour" in explorer.words()
    assert len(re.findall("<img", explorer.static_html())) == 5
