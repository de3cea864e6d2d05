"""The layers torch lacks, against torch where it has them and against the loops."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_lib.architecture import reference
from alexnet_lib.architecture.layers import (
    CeilConv2d,
    CeilMaxPool2d,
    LocalResponseNorm,
)


def draw(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)


@pytest.mark.parametrize("size", range(1, 10))
@pytest.mark.parametrize("channels", [1, 4, 11])
def test_response_norm_equals_torch_in_both_conventions(size, channels):
    a = draw(2, channels, 3, 2) * 10
    expected = nn.LocalResponseNorm(size, alpha=0.3, beta=0.6, k=1.5)(a)
    mean = LocalResponseNorm(size, 0.3, 0.6, 1.5, alpha_on="mean")(a)
    printed = LocalResponseNorm(size, 0.3 / size, 0.6, 1.5)(a)
    torch.testing.assert_close(mean, expected, rtol=0, atol=1e-12)
    torch.testing.assert_close(printed, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("size", range(1, 10))
@pytest.mark.parametrize("alpha_on", ["sum", "mean"])
@pytest.mark.parametrize("groups", [1, 2])
def test_response_norm_equals_the_loops(size, alpha_on, groups):
    """Edges included: six channels and windows of up to nine."""
    a = draw(2, 6, 2, 3, seed=size) * 10
    ours = LocalResponseNorm(size, 0.2, alpha_on=alpha_on, groups=groups)(a)
    for image, expected in zip(ours, a, strict=True):
        loops = reference.local_response_norm(
            expected.numpy(), size, 0.2, alpha_on=alpha_on, groups=groups
        )
        np.testing.assert_allclose(image.numpy(), loops, rtol=0, atol=1e-12)


def test_response_norm_by_hand():
    """One pixel of ones: three channels, a window of three, so 2, 3 and 2 squares."""
    ones = torch.ones(1, 3, 1, 1, dtype=torch.float64)
    ours = LocalResponseNorm(size=3, alpha=1.0, beta=1.0, k=0.0)(ones)
    assert ours.flatten().tolist() == [1 / 2, 1 / 3, 1 / 2]


def test_the_two_conventions_differ_by_the_size_of_the_window():
    a = draw(1, 8, 2, 2) * 30
    printed, source = LocalResponseNorm(), LocalResponseNorm(alpha_on="mean")
    assert not torch.allclose(printed(a), source(a), rtol=1e-4)
    five_times = LocalResponseNorm(alpha=5e-4, alpha_on="mean")
    torch.testing.assert_close(printed(a), five_times(a), rtol=1e-12, atol=0)


def test_response_norm_has_the_gradient_of_its_formula():
    norm = LocalResponseNorm(3, alpha=0.5, groups=2)
    a = draw(1, 4, 2, 2).requires_grad_()
    assert torch.autograd.gradcheck(norm, (a,))


def test_bfloat16_loses_only_what_the_number_loses():
    """Inside it counts in float32: 2 + 1e-4 * energy is 2 in bfloat16."""
    a = draw(1, 16, 4, 4, dtype=torch.bfloat16) * 10
    ours = LocalResponseNorm()(a)
    exact = LocalResponseNorm()(a.double())
    assert ours.dtype == torch.bfloat16
    assert LocalResponseNorm()(a.float()).dtype == torch.float32
    torch.testing.assert_close(ours, exact.bfloat16(), rtol=1e-2, atol=0)
    torch.testing.assert_close(ours.double(), exact, rtol=2**-8, atol=0)


def test_response_norm_prints_its_convention():
    assert repr(LocalResponseNorm(groups=2)) == (
        "LocalResponseNorm(size=5, alpha=0.0001, beta=0.75, k=2.0, alpha_on='sum', "
        "groups=2)"
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: LocalResponseNorm()(torch.zeros(3, 227, 227)),
            "expected a batch (N, C, H, W), got shape (3, 227, 227)",
        ),
        (
            lambda: LocalResponseNorm(groups=2)(torch.zeros(1, 3, 2, 2)),
            "3 channels do not divide into 2 groups: choose a number that divides them",
        ),
        (
            lambda: LocalResponseNorm(alpha_on="max"),
            "alpha_on is 'max': it must be 'sum' or 'mean'",
        ),
        (
            lambda: LocalResponseNorm(size=0),
            "a window of 0 channels has nothing to add up: size must be >= 1",
        ),
    ],
)
def test_errors_say_what_to_do(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


CEIL_CASES = [
    # size, kernel, stride, padding
    (8, 3, 2, 0),
    (9, 3, 2, 0),
    (10, 4, 3, 1),
    (11, 5, 4, 2),
    (7, 2, 3, 0),
    (24, 11, 4, 0),
]


@pytest.mark.parametrize(("size", "kernel", "stride", "padding"), CEIL_CASES)
@pytest.mark.parametrize("groups", [1, 2])
def test_ceil_convolution_equals_the_loops(size, kernel, stride, padding, groups):
    layer = CeilConv2d(4, 6, kernel, stride, padding, groups=groups).double()
    images = draw(2, 4, size, size + 1)
    ours = layer(images).detach().numpy()
    for image, output in zip(images, ours, strict=True):
        loops = reference.conv2d(
            image.numpy(),
            layer.weight.detach().numpy(),
            layer.bias.detach().numpy(),
            stride,
            padding,
            groups,
            rounding="ceil",
        )
        np.testing.assert_allclose(output, loops, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("size", "kernel", "stride", "padding"), CEIL_CASES)
def test_ceil_pooling_equals_the_loops(size, kernel, stride, padding):
    images = draw(2, 3, size, size + 1) - 5  # negative: a zero outside would win
    ours = CeilMaxPool2d(kernel, stride, padding)(images)
    for image, output in zip(images, ours, strict=True):
        loops = reference.max_pool2d(image.numpy(), kernel, stride, padding, "ceil")
        assert np.array_equal(output.numpy(), loops)


def test_torch_s_own_ceil_mode_is_a_third_rule():
    """It drops a window that starts beyond the left padding and the image."""
    images = torch.zeros(1, 1, 5, 5)
    assert CeilMaxPool2d(1, 3)(images).shape == (1, 1, 3, 3)
    assert nn.MaxPool2d(1, 3, ceil_mode=True)(images).shape == (1, 1, 2, 2)


def test_ceil_layers_keep_torch_s_parameters():
    layer = CeilConv2d(3, 96, 11, stride=4)
    assert set(layer.state_dict()) == {"weight", "bias"}
    assert layer(torch.zeros(1, 3, 224, 224)).shape == (1, 96, 55, 55)
    assert repr(layer).endswith("rounding='ceil')")
    assert repr(CeilMaxPool2d(3, 2)).endswith("rounding='ceil')")
