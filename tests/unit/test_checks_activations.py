"""The checks of slopes and of depth, with the answers a class really gives."""

import math
from statistics import median

import pytest
import torch
from torch import Tensor

from alexnet_lib.architecture.deep import build_deep
from alexnet_lib.inside.statistics import layer_statistics
from alexnet_lib.learning.checks import activations
from tests.unit.checking import EqualInt, EqualsEverything, assert_check_is_fair, stub


# --- slopes ---------------------------------------------------------------------------
def right_slopes(x: Tensor) -> dict[str, Tensor]:
    s, t = x.sigmoid(), x.tanh()
    return {"sigmoid": s - s * s, "tanh": (1 - t) * (1 + t), "ReLU": (x > 0).float()}


def slopes_by_autograd(x: Tensor) -> dict[str, Tensor]:
    functions = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "ReLU": torch.relu}
    return {
        n: activations.by_autograd(function, x) for n, function in functions.items()
    }


def with_sigmoid(function):
    return lambda x: right_slopes(x) | {"sigmoid": function(x.sigmoid(), x)}


def with_tanh(function):
    return lambda x: right_slopes(x) | {"tanh": function(x.tanh(), x)}


def with_relu(function):
    return lambda x: right_slopes(x) | {"ReLU": function(x)}


def test_slopes():
    assert_check_is_fair(
        activations.check_slopes,
        right=[right_slopes, slopes_by_autograd],
        wrong={
            "function itself": with_sigmoid(lambda s, x: s),
            "x for the value": with_sigmoid(lambda s, x: x - x * x),
            "squared": with_sigmoid(lambda s, x: s * s),
            "tanh's rule": with_sigmoid(lambda s, x: (1 - s) * (1 + s)),
            "minus one": with_sigmoid(lambda s, x: s * s - s),
            "not squared": with_tanh(lambda t, x: 1 - t),
            "sigmoid's rule": with_tanh(lambda t, x: t - t * t),
            "always 1": with_relu(lambda x: x * 0 + 1),
            "sign": with_relu(lambda x: (x > 0).float() - (x < 0).float()),
            "upside down": with_relu(lambda x: (x < 0).float()),
            "1 at the kink": with_relu(lambda x: (x >= 0).float()),
            "half at the kink": with_relu(lambda x: 0.5 + 0.5 * x.sign()),
        },
        todo=stub,
    )


@pytest.mark.parametrize(
    "function",
    [
        with_tanh(lambda t, x: t),
        with_tanh(lambda t, x: 1 - x * x),
        with_relu(lambda x: x.clamp(min=0)),
    ],
)
def test_the_same_mistake_is_named_in_each_of_the_three(function):
    named = activations.check_slopes(function).mistake
    assert named in ("function itself", "x for the value")


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            with_sigmoid(lambda s, x: (-x).exp() / (1 + (-x).exp()) ** 2),
            'slopes(x)["sigmoid"] at x = [-200.0, 200.0] gave slopes nan, 0: one of '
            "these is no number. Something too large was divided by something too lar",
        ),
        (
            with_relu(lambda x: x.relu() / x),
            'slopes(x)["ReLU"] at x = [-1.0, 0.0, 1.0] gave slopes 0, nan, 1: one of',
        ),
        (
            with_relu(lambda x: torch.heaviside(x, torch.tensor(0.3))),
            'slopes(x)["ReLU"] at x = [-1.0, 0.0, 1.0] gave slopes 0, 0.3, 1: some of '
            "its numbers differ. Hint: at 0 do as torch does: ask autograd",
        ),
        (
            lambda x: [right_slopes(x)],
            "slopes(x) should be a dict with the keys sigmoid, tanh, ReLU, not list",
        ),
        (
            lambda x: {"relu": x},
            "slopes(x) has the keys relu: they should be sigmoid, tanh, ReLU",
        ),
        (lambda x: None, "does slopes end with a return?"),
        (with_tanh(lambda t, x: 0.5), "it should be a torch tensor, not float"),
        (with_tanh(lambda t, x: t.sum()), "its shape is (), which should be (4,)"),
        (17, "slopes should be a function, not int"),
    ],
)
def test_slopes_messages(function, message):
    result = activations.check_slopes(function)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


def test_autograd_s_slope_at_the_kink_is_what_the_notebook_says():
    assert activations.by_autograd(torch.relu, torch.zeros(1)).item() == 0


# --- sigmoid_depth --------------------------------------------------------------------
def first_median(depth: int, start: str = "xavier") -> float:
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(64, 1, 28, 28, generator=generator)
    labels = torch.randint(10, (64,), generator=generator)
    norms = []
    for seed in range(5):
        torch.manual_seed(seed)
        network = build_deep("sigmoid", depth, start)
        norms.append(layer_statistics(network, images, labels)[0].gradient_norm)
    return median(norms)


@pytest.mark.parametrize(
    ("start", "depth"),
    [("xavier", activations.DEPTH), ("torch", 9), ("normal", 5), ("kaiming", 14)],
)
def test_the_depths_of_the_check_are_those_that_are_measured(start, depth):
    assert first_median(depth, start) < 1e-6 <= first_median(depth - 1, start)


def test_two_layers_have_about_1_and_each_further_one_leaves_a_quarter():
    assert math.ceil(math.log(1e-6) / math.log(0.25)) == 10
    assert 0.5 < first_median(2) < 2
    each = (first_median(12) / first_median(2)) ** (1 / 10)
    assert each == pytest.approx(0.25, abs=0.03)


def test_sigmoid_depth():
    assert_check_is_fair(
        activations.check_sigmoid_depth,
        right=[11, 12, 13],
        wrong={
            "a quarter a layer": 10,
            "torch's start": 9,
            "the paper's start": 5,
            "Kaiming's start": 14,
        },
        todo=None,
        at_least=3,
    )


@pytest.mark.parametrize("answer", [12.0, "12", True, EqualInt(3), 20, -12])
def test_sigmoid_depth_is_a_whole_number_near_the_right_one(answer):
    result = activations.check_sigmoid_depth(answer)
    assert (result.status, result.mistake) == ("failed", None)


def test_a_cheat_fails():
    cheat = activations.check_slopes(lambda x: EqualsEverything())
    assert cheat.status == "failed"
