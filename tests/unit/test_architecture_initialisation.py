"""Starting weights: their spread, their biases, and who else draws the same."""

import re
from math import sqrt

import pytest
import torch
from torch import Generator, nn

from alexnet_lib.architecture.initialisation import INITIALISATIONS, initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import ALEXNET_QUARTER, LENET5, resized

WITH_BIAS_ONE = {"conv2", "conv4", "conv5", "fc6", "fc7"}  # section 5 of the paper


@pytest.fixture
def model() -> nn.Sequential:
    return build_model(resized(ALEXNET_QUARTER, (1, 80, 80)))


def weights_of(model: nn.Module) -> dict[str, nn.Module]:
    return {
        name: layer
        for name, layer in model.named_children()
        if isinstance(layer, nn.Conv2d | nn.Linear)
    }


def assert_normal(layer: nn.Module, std: float) -> None:
    """Mean and spread as drawn, to five standard errors of this many numbers."""
    weight = layer.weight.detach()
    error = std / sqrt(weight.numel())
    assert abs(weight.mean()) < 5 * error
    assert abs(weight.std() - std) < 5 * error
    outside = (weight.abs() > 2 * std).double().mean()
    assert outside > 0.02  # 4.6 % of a normal distribution, none of a uniform one


def test_torch_leaves_everything(model):
    before = {name: t.clone() for name, t in model.state_dict().items()}
    assert initialize(model, "torch") is None
    assert all(torch.equal(t, before[n]) for n, t in model.state_dict().items())


def test_paper_2012(model):
    initialize(model, "paper_2012", Generator().manual_seed(0))
    for name, layer in weights_of(model).items():
        assert_normal(layer, 0.01)
        assert set(layer.bias.tolist()) == {1.0 if name in WITH_BIAS_ONE else 0.0}


def test_source_2012(model):
    """`layers-145.cfg`: 0.03 in conv3 to conv5; conv3 has no initB, which means 0."""
    initialize(model, "source_2012", Generator().manual_seed(0))
    for name, layer in weights_of(model).items():
        assert_normal(layer, 0.03 if name in {"conv3", "conv4", "conv5"} else 0.01)
        assert set(layer.bias.tolist()) == {1.0 if name in WITH_BIAS_ONE else 0.0}


def test_kaiming_keeps_the_signal_level(model):
    initialize(model, "kaiming", Generator().manual_seed(0))
    for layer in weights_of(model).values():
        fan_in = layer.weight[0].numel()
        assert_normal(layer, sqrt(2 / fan_in))
        assert not layer.bias.any()


def test_xavier_is_d2l_s_formula_and_leaves_biases(model):
    biases = {n: layer.bias.clone() for n, layer in weights_of(model).items()}
    initialize(model, "xavier", Generator().manual_seed(0))
    for name, layer in weights_of(model).items():
        receptive = layer.weight[0, 0].numel()
        fan_in = layer.weight.shape[1] * receptive
        fan_out = layer.weight.shape[0] * receptive
        bound = sqrt(6 / (fan_in + fan_out))
        assert layer.weight.abs().max() <= bound
        assert abs(layer.weight.std() - bound / sqrt(3)) < 0.05 * bound
        assert torch.equal(layer.bias, biases[name])


@pytest.mark.needs_extra("d2l")
def test_xavier_draws_what_d2l_draws(model):
    from d2l import torch as d2l

    torch.manual_seed(3)
    initialize(model, "xavier")
    ours = {name: t.clone() for name, t in model.state_dict().items()}
    torch.manual_seed(3)
    model.apply(d2l.init_cnn)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, ours[name])


@pytest.mark.parametrize("name", [n for n in INITIALISATIONS if n != "torch"])
def test_a_generator_decides_everything(name):
    drawn = []
    for seed in (1, 1, 2):
        model = build_model(LENET5)
        initialize(model, name, Generator().manual_seed(seed))
        drawn.append(model.conv1.weight.detach())
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])


def test_batch_normalisation_is_left_alone():
    model = nn.Sequential()
    model.add_module("conv2", nn.Conv2d(1, 2, 3))
    model.add_module("norm2", nn.BatchNorm2d(2))
    initialize(model, "paper_2012")
    assert model.norm2.weight.tolist() == [1.0, 1.0]
    assert model.norm2.bias.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "paper2012",
            "no initialisation named 'paper2012': did you mean 'paper_2012'?",
        ),
        (
            "orthogonal",
            "no initialisation named 'orthogonal': they are torch, xavier, kaiming, "
            "paper_2012, source_2012",
        ),
        (
            "paper_2012",
            "the 2012 biases go to layers named conv2, conv4, conv5, fc6, fc7, this "
            "model has 0: build it with build_model, or choose 'kaiming'",
        ),
    ],
)
def test_errors_say_what_to_do(name, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        initialize(nn.Sequential(nn.Linear(2, 2)), name)
