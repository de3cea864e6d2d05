"""Gradient norms, activation spreads and dead units: against autograd, nothing left."""

import re

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.architecture.deep import build_deep
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import RACE_TANH
from alexnet_lib.inside.statistics import (
    GradientRecorder,
    dead_units,
    layer_statistics,
)
from alexnet_lib.learning.checks.gradients import hooks_on

IMAGES = torch.linspace(0, 1, 4 * 28 * 28).view(4, 1, 28, 28)
LABELS = torch.arange(4)


@pytest.fixture
def model() -> nn.Sequential:
    torch.manual_seed(0)
    return build_model(RACE_TANH)


def loss_of(model: nn.Module) -> Tensor:
    return F.cross_entropy(model(IMAGES), LABELS)


def test_the_norms_are_those_of_the_gradients(model):
    with GradientRecorder(model) as recorder:
        loss_of(model).backward()
    assert list(recorder.norms) == ["conv1", "conv2", "conv3", "fc4"]
    for name, norm in recorder.norms.items():
        gradient = model.get_submodule(name).weight.grad
        assert norm == pytest.approx(gradient.square().sum().sqrt().item(), rel=1e-5)


def test_a_second_pass_overwrites_and_does_not_add_up(model):
    with GradientRecorder(model) as recorder:
        loss_of(model).backward()
        first = recorder.norms
        loss_of(model).backward()
    assert recorder.norms == pytest.approx(first, rel=1e-5)
    assert model.fc4.weight.grad.norm() == pytest.approx(2 * first["fc4"], rel=1e-4)


def test_a_norm_whose_square_is_too_small_for_float32_is_no_zero():
    layer = nn.Linear(1, 1)
    with GradientRecorder(nn.Sequential(layer)) as recorder:
        (layer.weight.sum() * 1e-30).backward()
    assert recorder.norms["0"] == pytest.approx(1e-30)


@pytest.mark.parametrize("kind", [None, RuntimeError, KeyboardInterrupt])
def test_no_hook_stays_behind(model, kind):
    recorder = GradientRecorder(model)

    def run() -> None:
        with recorder:
            assert hooks_on(model) == 4
            if kind is not None:
                raise kind

    if kind is None:
        run()
    else:
        with pytest.raises(kind):
            run()
    assert hooks_on(model) == 0


def test_frozen_layers_are_left_out(model):
    model.conv1.weight.requires_grad_(False)
    with GradientRecorder(model) as recorder:
        loss_of(model).backward()
    assert list(recorder.norms) == ["conv2", "conv3", "fc4"]


def test_messages(model):
    with pytest.raises(ValueError, match="no layer whose weights learn: are they froz"):
        GradientRecorder(nn.Sequential(nn.ReLU()))
    with pytest.raises(
        RuntimeError, match=r"call backward\(\) inside the `with` block"
    ):
        _ = GradientRecorder(model).norms


def test_statistics_of_each_layer_by_hand():
    torch.manual_seed(1)
    model = build_deep("sigmoid", 3)
    rows = layer_statistics(model, IMAGES, LABELS)
    assert [row.name for row in rows] == ["fc1", "fc2", "fc3"]
    first = torch.sigmoid(model.fc1(IMAGES.flatten(1)))
    second = torch.sigmoid(model.fc2(first))
    spreads = [first.std(), second.std(), model.fc3(second).std()]
    assert [row.activation_std for row in rows] == pytest.approx(
        [spread.item() for spread in spreads], rel=1e-5
    )
    loss_of(model).backward()
    assert rows[0].gradient_norm == pytest.approx(model.fc1.weight.grad.norm().item())


def test_what_a_layer_hands_on_lies_behind_its_pooling(model):
    rows = layer_statistics(model, IMAGES, LABELS)
    handed_on = model[:3](IMAGES)  # convolution, tanh, pooling
    assert rows[0].activation_std == pytest.approx(handed_on.std().item(), rel=1e-5)


def test_looking_changes_nothing(model):
    model.train()
    loss_of(model).backward()
    before = {n: (p.clone(), p.grad.clone()) for n, p in model.named_parameters()}
    layer_statistics(model, IMAGES, LABELS)
    assert hooks_on(model) == 0
    assert model.training
    for name, parameter in model.named_parameters():
        assert torch.equal(parameter, before[name][0])
        assert torch.equal(parameter.grad, before[name][1])


def test_dead_units_of_linear_layers_and_of_maps():
    activations = torch.tensor([[0.0, 1, 0, 0], [0, 0, 0, 1e-9], [0, 2, 0, 0]])
    assert dead_units(activations) == [0, 2]
    maps = torch.zeros(2, 3, 2, 2)
    maps[1, 0, 1, 1] = 3
    assert dead_units(maps) == [1, 2]
    assert dead_units(torch.ones(5, 2)) == []


@pytest.mark.parametrize("shape", [(3,), (0, 4), (2, 3, 4)])
def test_dead_units_of_something_else(shape):
    message = (
        f"expected (N, units) or (N, maps, H, W) with at least one image, got {shape}"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        dead_units(torch.zeros(shape))
