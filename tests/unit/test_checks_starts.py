"""Checks of notebook 09 on spreads of weights, with answers a class really gives."""

from math import sqrt

import pytest
import torch

from alexnet_lib.architecture.initialisation import BIAS_ONE, STD_2012, STD_SOURCE
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import ALEXNET_2012
from alexnet_lib.learning import configuration
from alexnet_lib.learning.checks import starts
from tests.unit.checking import EqualsEverything, assert_check_is_fair, raiser, stub


# --- kaiming_std ----------------------------------------------------------------------
def by_formula(in_channels, out_channels, kernel_size, groups):
    return sqrt(2 / (in_channels // groups * kernel_size * kernel_size))


def by_drawing(in_channels, out_channels, kernel_size, groups):
    fan_in = in_channels // groups * kernel_size**2
    before = torch.randn(500, fan_in).relu()
    behind = (before @ torch.randn(fan_in, 1000)).relu()
    return (before.square().mean() / behind.square().mean()).sqrt().item()


def by_torch(in_channels, out_channels, kernel_size, groups):
    conv = torch.nn.Conv2d(in_channels, out_channels, kernel_size, groups=groups)
    torch.nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    return conv.weight.std()


def fans(i, o, k, g):
    return i // g * k * k, o * k * k


def test_kaiming_std():
    assert_check_is_fair(
        starts.check_kaiming_std,
        right=[by_formula, by_drawing, by_torch],
        wrong={
            "Xavier for Kaiming": lambda *a: sqrt(2 / sum(fans(*a))),
            "fan_out for fan_in": lambda *a: sqrt(2 / fans(*a)[1]),
            "no ReLU": lambda *a: fans(*a)[0] ** -0.5,
            "groups forgotten": lambda i, o, k, g: by_formula(i, o, k, 1),
            "channels only": lambda i, o, k, g: by_formula(i, o, 1, g),
            "kernel not squared": lambda i, o, k, g: sqrt(2 / (i // g * k)),
            "variance": lambda *a: 2 / fans(*a)[0],
            "bound of a uniform draw": lambda *a: sqrt(6 / fans(*a)[0]),
        },
        todo=stub,
    )


def test_a_wrong_answer_by_drawing_is_named_as_well():
    def without_relu(i, o, k, g):
        fan_in = i // g * k * k
        x = torch.randn(2000, fan_in)
        return (
            (x.square().mean() / (x @ torch.randn(fan_in, 100)).var()) ** 0.5
        ).item()

    assert starts.check_kaiming_std(without_relu).mistake == "no ReLU"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (raiser, "kaiming_std(256, 384, 3, 1) raised ZeroDivisionError"),
        (lambda *a: None, "kaiming_std(256, 384, 3, 1) gave None"),
        (lambda *a: "0.03", "it should be a number, not str"),
        (lambda *a: 0.5, "gave 0.5: that is another number. Hint: conv3: how many"),
        (0.03, "kaiming_std should be a function, not float"),
    ],
)
def test_kaiming_std_messages(answer, message):
    result = starts.check_kaiming_std(answer)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


def test_the_reader_s_random_numbers_stay_as_they_are():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    starts.check_kaiming_std(by_drawing)
    assert torch.equal(torch.rand(3), expected)


# --- set_in_2012 ----------------------------------------------------------------------
RIGHT = {
    "std 0.03": {"conv3", "conv4", "conv5"},
    "bias 1": {"conv2", "conv4", "conv5", "fc6", "fc7"},
}
CONVS = ["conv1", "conv2", "conv3", "conv4", "conv5"]
ALL = [*CONVS, "fc6", "fc7", "fc8"]


def wider(*names):
    return RIGHT | {"std 0.03": set(names)}


def ones(*names):
    return RIGHT | {"bias 1": set(names)}


def test_set_in_2012():
    assert_check_is_fair(
        starts.check_set_in_2012,
        right=[RIGHT, {key: sorted(names) for key, names in RIGHT.items()}],
        wrong={
            "as the paper": wider(),
            "all convolutions": wider(*CONVS),
            "by bias": wider(*RIGHT["bias 1"]),
            "conv3 only": wider("conv3"),
            "grouped ones": wider("conv2", "conv4", "conv5"),
            "fc8 as well": ones(*RIGHT["bias 1"], "fc8"),
            "conv3 as well": ones(*RIGHT["bias 1"], "conv3"),
            "by std": ones("conv3", "conv4", "conv5"),
            "zeros": ones("conv1", "conv3", "fc8"),
            "all": ones(*ALL),
            "convolutions only": ones("conv2", "conv4", "conv5"),
        },
        todo=dict.fromkeys(RIGHT),
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (wider("conv3a"), "'conv3a' is no layer of ours: they are conv1, conv2"),
        (wider("conv3", "conv5"), "right as far as it goes, but some are missing"),
        (wider("conv1", "fc6"), "those are other layers. Hint: read initW"),
        (RIGHT | {"bias 1": "conv2"}, "it should be a set of layers, not str"),
        (
            RIGHT | {"bias 1": EqualsEverything()},
            "a set of layers, not EqualsEverything",
        ),
    ],
)
def test_set_in_2012_messages(answer, message):
    result = starts.check_set_in_2012(answer)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


def test_the_listing_is_what_the_library_draws_by():
    found = configuration.starts()
    weighted = [n for n, layer in _children() if hasattr(layer, "weight")]
    assert list(found) == weighted
    assert {n: std for n, (std, _) in found.items() if std != STD_2012} == STD_SOURCE
    assert tuple(n for n, (_, bias) in found.items() if bias) == BIAS_ONE


def _children():
    with torch.device("meta"):
        return build_model(ALEXNET_2012).named_children()
