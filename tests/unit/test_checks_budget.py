"""The counter of the budget game, against the course's tables and against cheats."""

import pytest
import torch
from torch import nn

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.learning.checks import counted
from alexnet_lib.learning.checks.budget_game import IN_SHAPE
from alexnet_lib.learning.checks.counted import CannotCount, Cost, count_cost
from tests.unit import budget_cheats as cheats
from tests.unit.budget_cheats import same_conv, tiny


@pytest.mark.parametrize(
    "variant",
    [
        *("ALEXNET_SMALL_32", "ALEXNET_SMALL_32_NO_BN", "ALEXNET_SMALL_32_FC"),
        *("ALEXNET_SMALL_32_LOW_RANK", "ALEXNET_MODERN_32", "LENET5_RELU"),
    ],
)
def test_the_counter_agrees_with_the_table(variant):
    spec = find_variant(variant)
    rows = summarize(spec)
    expected = Cost(sum(r.num_params for r in rows), sum(r.macs for r in rows))
    assert count_cost(build_model(spec), spec.input_shape) == expected


BARE = count_cost(tiny(), IN_SHAPE)
CONV = 3 * 3 * 3 * 3  # weights of a 3 x 3 convolution from 3 maps to 3
PLACES = 32 * 32


def test_bare_ends_cost_what_they_cost():
    assert Cost(40, 30) == BARE


@pytest.mark.parametrize(
    ("layer", "params", "macs"),
    [
        (same_conv(), CONV, CONV * PLACES),
        (nn.Conv2d(3, 3, 3, padding=1, groups=3, bias=False), 27, 27 * PLACES),
        (nn.ConvTranspose2d(3, 3, 2, stride=2, bias=False), 36, 36 * PLACES),
        (nn.Sequential(nn.BatchNorm2d(3), nn.GELU(), nn.Dropout2d()), 6, 0),
        (nn.PReLU(3), 3, 3 * PLACES),
    ],
)
def test_single_layers(layer, params, macs):
    found = count_cost(tiny(layer), IN_SHAPE)
    assert found.parameters - BARE.parameters == params
    assert found.macs - BARE.macs == macs


@pytest.mark.parametrize(
    ("cheat", "params", "times"),
    [
        (cheats.SharedModule, CONV, 3),
        (cheats.CalledOften, CONV, 9),
        (cheats.Functional, CONV, 1),
        (cheats.ByHand, CONV, 1),
        (cheats.InABuffer, 2 * CONV, 1),
        (cheats.Lazily, 2 * CONV, 1),
        (cheats.MadeInForward, 2 * CONV, 1),
        (cheats.NormWithLuggage, CONV + 3_006, 1),
    ],
)
def test_what_is_computed_is_counted_however_it_is_written(cheat, params, times):
    found = count_cost(cheat(), IN_SHAPE)
    assert found.parameters - BARE.parameters == params
    assert found.macs - BARE.macs == times * CONV * PLACES


def test_products_are_counted_outside_of_layers():
    assert count_cost(cheats.Products(), IN_SHAPE).macs - BARE.macs == 9 * PLACES


@pytest.mark.parametrize(
    ("cheat", "message"),
    [
        (cheats.NotRegistered, "aten.convolution is given 81 numbers that are neither"),
        (cheats.Numpy, "aten.lift_fresh, which this counter does not know"),
        (cheats.NumpyAtTheEnd, "aten.lift_fresh, which this counter does not know"),
        (cheats.Squares, "it computes with aten.pow, which this counter does not know"),
        (
            cheats.RandomWeights,
            "it computes with aten.rand, which this counter does not",
        ),
        (cheats.GrowsWithTheBatch, "it is another network from one call to the next"),
        (lambda: tiny()[:-1], "it gives shape (3, 3), which should be (3, 10)"),
    ],
)
def test_what_cannot_be_counted_is_refused(cheat, message):
    with pytest.raises(CannotCount) as caught:
        count_cost(cheat(), IN_SHAPE)
    assert message in str(caught.value)


def test_numbers_behind_a_parameter_are_counted():
    found = count_cost(cheats.SharedStorage(), IN_SHAPE)
    assert found.parameters - BARE.parameters == CONV + 1_000


def test_the_modes_of_all_parts_stay_as_they_were():
    network = tiny(same_conv(), nn.BatchNorm2d(3))
    network[1].eval()
    moments = network[1].running_mean.clone()
    count_cost(network, IN_SHAPE)
    assert [part.training for part in network] == [True, False, True, True, True]
    assert torch.equal(network[1].running_mean, moments)


def test_largest_layer():
    assert counted.largest_layer(tiny(same_conv())) == "0"
