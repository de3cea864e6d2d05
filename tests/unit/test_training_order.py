"""ReLU behind max pooling: the same numbers, for less work."""

import copy
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from alexnet_lib.architecture.compact import ALEXNET_QUARTER, ALEXNET_QUARTER_BN
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import (
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    ModelSpec,
    ReLU,
)
from alexnet_lib.architecture.variants import find_variant, resized
from alexnet_lib.training.order import relu_after_pool

PADDED = ModelSpec(
    name="a padded pool",
    input_shape=(2, 11, 11),
    layers=(
        Conv2d(name="conv1", out_channels=4, kernel_size=3),
        ReLU(name="relu1"),
        MaxPool2d(name="pool1", kernel_size=3, stride=2, padding=1),
        Conv2d(name="conv2", out_channels=3, kernel_size=3, padding=1),
        ReLU(name="relu2"),
        MaxPool2d(name="pool2", kernel_size=2, stride=2),
        Flatten(name="flatten"),
        Linear(name="fc3", out_features=5),
    ),
)
SPECS = {
    "LeNet": find_variant("LENET5_RELU"),
    "quarter": resized(ALEXNET_QUARTER, (1, 80, 80)),
    "quarter with batch norm": resized(ALEXNET_QUARTER_BN, (1, 80, 80)),
    "padding": PADDED,
    "ceil": replace(PADDED, input_shape=(2, 12, 12), rounding="ceil"),
}
MOVED = {"LeNet": 2, "quarter": 3, "quarter with batch norm": 3}


def gradients(model: nn.Module, images: Tensor) -> tuple[Tensor, list[Tensor]]:
    """Outputs, and gradients of images and parameters, with the same units dropped."""
    torch.manual_seed(5)
    images = images.clone().requires_grad_()
    logits = model(images)
    loss = (logits * torch.linspace(-1, 2, logits.shape[1]).to(logits)).square().sum()
    return logits, list(torch.autograd.grad(loss, [images, *model.parameters()]))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", SPECS)
def test_outputs_and_gradients_are_the_same_in_float64(name: str, training: bool):
    torch.manual_seed(0)
    model = build_model(SPECS[name]).double().train(training)
    images = torch.randn(3, *SPECS[name].input_shape, dtype=torch.float64)
    same = relu_after_pool(copy.deepcopy(model))
    logits, expected = gradients(model, images)
    found, of_same = gradients(same, images)
    assert torch.equal(found, logits)
    assert logits.abs().sum() > 0
    for ours, theirs in zip(of_same, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)
    kinds = [type(layer) for layer in same]
    pairs = list(pairwise(kinds))
    assert not any(a is nn.ReLU and issubclass(b, nn.MaxPool2d) for a, b in pairs)
    swapped = sum(issubclass(a, nn.MaxPool2d) and b is nn.ReLU for a, b in pairs)
    assert swapped == MOVED.get(name, 2)


@given(
    kernel_size=st.integers(1, 3),
    stride=st.integers(1, 3),
    padding=st.integers(0, 1),
    ceil_mode=st.booleans(),
    seed=st.integers(0, 2**31),
)
@settings(deadline=None, max_examples=60)
def test_ties_and_zeros_make_no_difference(
    kernel_size: int, stride: int, padding: int, ceil_mode: bool, seed: int
):
    """Whole numbers from -2 to 2: most windows have their largest number twice."""
    generator = torch.Generator().manual_seed(seed)
    pool = nn.MaxPool2d(
        kernel_size, stride, min(padding, kernel_size // 2), ceil_mode=ceil_mode
    )
    images = torch.randint(-2, 3, (2, 2, 7, 6), generator=generator).double()
    outputs = []
    for layers in (nn.Sequential(nn.ReLU(), pool), nn.Sequential(pool, nn.ReLU())):
        images = images.clone().requires_grad_()
        logits = layers(images)
        weights = torch.arange(1.0, logits.numel() + 1).double().view_as(logits)
        [gradient] = torch.autograd.grad((logits * weights).sum(), images)
        outputs.append((logits, gradient))
    assert torch.equal(outputs[0][0], outputs[1][0])
    assert torch.equal(outputs[0][1], outputs[1][1])


def test_layers_names_and_parameters_are_shared_and_the_model_stays():
    model = build_model(SPECS["quarter"])
    before = [name for name, _ in model.named_children()]
    same = relu_after_pool(model)
    after = [name for name, _ in same.named_children()]
    assert after[:3] == ["conv1", "pool1", "relu1"]
    assert sorted(after) == sorted(before) != after
    assert [name for name, _ in model.named_children()] == before
    for name, layer in same.named_children():
        assert getattr(model, name) is layer
    assert same.state_dict().keys() == model.state_dict().keys()
    for name, parameter in same.named_parameters():
        assert model.get_parameter(name) is parameter


HOOKS: list[Callable] = [
    lambda layer, hook: layer.register_forward_hook(hook),
    lambda layer, hook: layer.register_forward_pre_hook(hook),
    lambda layer, hook: layer.register_full_backward_hook(hook),
    lambda layer, hook: layer.register_full_backward_pre_hook(hook),
]


@pytest.mark.parametrize("register", HOOKS)
@pytest.mark.parametrize("index", [1, 2])
def test_a_watched_layer_stays_where_it_is(register: Callable, index: int):
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.ReLU(), nn.MaxPool2d(2)
    )
    handle = register(model[index], lambda *args: None)
    assert [type(layer) for layer in relu_after_pool(model)][1:] == [
        *(nn.ReLU, nn.MaxPool2d),
        *(nn.MaxPool2d, nn.ReLU),  # the other two are watched by nobody
    ]
    handle.remove()
    # The second pool takes both ReLUs behind it.
    assert isinstance(relu_after_pool(model)[1], nn.MaxPool2d)


@pytest.mark.parametrize("register", HOOKS)
def test_a_watched_model_is_given_back(register: Callable):
    """Its hooks are called when it is called, and not another in its place."""
    model = nn.Sequential(nn.ReLU(), nn.MaxPool2d(2))
    register(model, lambda *args: None)
    assert relu_after_pool(model) is model


def test_a_layer_used_twice_is_still_used_twice():
    relu = nn.ReLU()
    model = nn.Sequential(nn.Linear(4, 3), relu, nn.Linear(3, 2), relu)
    images = torch.randn(50, 4)
    assert torch.equal(relu_after_pool(model)(images), model(images))
    assert (model(images) >= 0).all()


class Named(nn.Sequential):
    """A Sequential with a forward of its own would lose it."""


@pytest.mark.parametrize(
    "model",
    [nn.Linear(2, 2), Named(nn.ReLU(), nn.MaxPool2d(2)), nn.ModuleList([nn.ReLU()])],
)
def test_anything_else_is_given_back_as_it_is(model: nn.Module):
    assert relu_after_pool(model) is model


@pytest.mark.parametrize(
    "layers",
    [
        (nn.LeakyReLU(), nn.MaxPool2d(2)),
        (nn.Sigmoid(), nn.MaxPool2d(2)),
        (nn.ReLU(), nn.AvgPool2d(2)),
        (nn.ReLU(), nn.BatchNorm2d(1), nn.MaxPool2d(2)),
    ],
)
def test_other_pairs_keep_their_order(layers: tuple[nn.Module, ...]):
    assert tuple(relu_after_pool(nn.Sequential(*layers))) == layers
