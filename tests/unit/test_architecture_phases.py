"""The short way from 28 pixels to conv1's output, against the long way by torch."""

import re

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.architecture.layers import CeilConv2d
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.phases import (
    PhaseConv2d,
    line_windows,
    neighbours,
    phase_conv,
    window_maps,
)
from alexnet_lib.architecture.variants import ALEXNET_D2L, ALEXNET_QUARTER

DOUBLE = torch.zeros((), dtype=torch.float64)


def draw(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def enlarge(images: Tensor) -> Tensor:
    size = (224, 224)
    return F.interpolate(images, size=size, mode="bilinear", align_corners=False)


def long_way(images: Tensor, weight: Tensor, bias: Tensor, padding: int) -> Tensor:
    return F.conv2d(enlarge(images), weight, bias, stride=4, padding=padding)


@pytest.mark.parametrize("padding", [0, 1])
def test_values_and_gradients_are_those_of_the_long_way(padding):
    """Random pixels up to the border, where the padding's zeros begin."""
    images = draw(3, 1, 28, 28)
    weight = (draw(5, 1, 11, 11, seed=1) / 11).requires_grad_()
    bias = draw(5, seed=2).requires_grad_()
    grad_output = draw(3, 5, 54, 54, seed=3) / 54
    results = []
    for way in (phase_conv, long_way):
        output = way(images, weight, bias, padding)
        gradients = torch.autograd.grad(output, (weight, bias), grad_output)
        results.append((output.detach(), *gradients))
    for short, expected in zip(*results, strict=True):
        torch.testing.assert_close(short, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("padding", [0, 1])
def test_the_gradient_reaches_the_pixels(padding):
    images = draw(2, 1, 28, 28).requires_grad_()
    weight, bias = draw(4, 1, 11, 11, seed=1) / 11, draw(4, seed=2)
    short, expected = (
        torch.autograd.grad(way(images, weight, bias, padding).square().sum(), images)
        for way in (phase_conv, long_way)
    )
    torch.testing.assert_close(short, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("padding", [0, 1])
def test_five_neighbours_say_all_that_a_window_sees(padding):
    """Two phases and the neighbours rebuild all 54 windows, the ends included."""
    maps, near = window_maps(padding, DOUBLE), neighbours(DOUBLE)
    rebuilt = torch.einsum("rua,mas->mrus", maps, near).flatten(0, 1)
    assert rebuilt.shape == (54, 11, 28)
    torch.testing.assert_close(rebuilt, line_windows(padding, DOUBLE), rtol=0, atol=0)


def test_shares_of_one_window_by_hand():
    """Window 2 starts at large pixel 8, which is 7/16 small pixel 0 and 9/16 pixel 1.

    With padding 1 it starts at pixel 7: 9/16 and 7/16.
    """
    assert line_windows(0, DOUBLE)[2, 0, :3].tolist() == [7 / 16, 9 / 16, 0]
    assert line_windows(1, DOUBLE)[2, 0, :3].tolist() == [9 / 16, 7 / 16, 0]
    assert line_windows(1, DOUBLE)[0, 0].abs().sum() == 0  # the padding
    assert torch.equal(window_maps(0, DOUBLE)[..., 4], torch.zeros(2, 11))


@pytest.mark.parametrize(("padding", "seen"), [(0, 16), (1, 25)])
def test_most_of_an_11_by_11_kernel_cannot_be_seen(padding, seen):
    """Two kernels that agree in these dimensions give the same output on any image."""
    maps = window_maps(padding, DOUBLE).transpose(0, 1).flatten(1)  # (11, 10)
    assert torch.linalg.matrix_rank(maps) ** 2 == seen
    weight = draw(1, 1, 11, 11) / 11
    unseen = torch.eye(11, dtype=torch.float64) - maps @ torch.linalg.pinv(maps)
    changed = weight + unseen @ draw(1, 1, 11, 11, seed=1)
    images, bias = draw(2, 1, 28, 28, seed=2), torch.zeros(1, dtype=torch.float64)
    assert (changed - weight).abs().max() > 1
    torch.testing.assert_close(
        long_way(images, changed, bias, padding),
        long_way(images, weight, bias, padding),
        rtol=0,
        atol=1e-12,
    )


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_in_the_precisions_of_training(padding, precision):
    """Its mean error is that of the long way in bfloat16, half of it in float32."""
    torch.manual_seed(0)
    conv = nn.Conv2d(1, 24, 11, stride=4, padding=padding)
    images = draw(4, 1, 28, 28)
    exact = long_way(images, conv.weight.double(), conv.bias.double(), padding)
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == torch.bfloat16):
        short = PhaseConv2d(conv)(images.float())
        direct = conv(enlarge(images.float()))
    assert short.dtype == direct.dtype == precision
    error, usual = ((y - exact).square().mean().sqrt() for y in (short, direct))
    assert error < 1.2 * usual
    assert short.is_contiguous(memory_format=torch.channels_last)


def test_it_shares_the_parameters_and_their_names():
    conv = nn.Conv2d(1, 6, 11, stride=4, padding=1)
    seed = torch.get_rng_state()
    short = PhaseConv2d(conv)
    assert torch.equal(torch.get_rng_state(), seed)  # no new weights were drawn
    assert short.weight is conv.weight
    assert short.bias is conv.bias
    assert list(short.state_dict()) == list(conv.state_dict()) == ["weight", "bias"]
    short.load_state_dict(nn.Conv2d(1, 6, 11).state_dict())
    assert repr(short) == "PhaseConv2d(6 kernels, padding=1)"


def test_a_network_takes_it_in_place_of_conv1():
    model = build_model(ALEXNET_QUARTER).eval()
    images = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        expected = model(enlarge(images))
        names = list(model.state_dict())
        model.conv1 = PhaseConv2d(model.conv1)
        logits = model(images)
    assert list(model.state_dict()) == names
    torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("spec", [ALEXNET_QUARTER, ALEXNET_D2L], ids=lambda s: s.name)
def test_the_course_s_networks_have_such_a_conv1(spec):
    conv = spec.layers[0]
    assert (conv.kernel_size, conv.stride) == (11, 4)
    assert conv.padding in (0, 1)
    assert spec.input_shape == (1, 224, 224)


FITS = {
    "images28": torch.zeros(2, 1, 28, 28),
    "weight": torch.zeros(3, 1, 11, 11),
    "bias": torch.zeros(3),
    "padding": 1,
}


@pytest.mark.parametrize(
    ("wrong", "got"),
    [
        (
            {"images28": torch.zeros(2, 1, 32, 32)},
            "torch.float32 images (2, 1, 32, 32), weights (3, 1, 11, 11) and padding 1",
        ),
        (
            {"images28": torch.zeros(2, 1, 28, 28, dtype=torch.uint8)},
            "torch.uint8 images (2, 1, 28, 28), weights (3, 1, 11, 11) and padding 1",
        ),
        (
            {"weight": torch.zeros(3, 1, 7, 7)},
            "torch.float32 images (2, 1, 28, 28), weights (3, 1, 7, 7) and padding 1",
        ),
        (
            {"padding": 2},
            "torch.float32 images (2, 1, 28, 28), weights (3, 1, 11, 11) and padding 2",
        ),
    ],
)
def test_what_it_cannot_do_is_said(wrong, got):
    assert phase_conv(**FITS).shape == (2, 3, 54, 54)
    message = (
        "needs float images (N, 1, 28, 28), weights (C, 1, 11, 11) and padding 0 or 1, "
        f"got {got}: enlarge the images and use conv2d instead"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        phase_conv(**(FITS | wrong))


@pytest.mark.parametrize(
    "conv",
    [
        nn.Conv2d(3, 8, 11, stride=4),
        nn.Conv2d(1, 8, 11, stride=2),
        nn.Conv2d(1, 8, 7, stride=4),
        nn.Conv2d(1, 8, 11, stride=4, padding=2),
        nn.Conv2d(1, 8, 11, padding="same"),
        nn.Conv2d(1, 8, 11, stride=4, dilation=2),
        nn.Conv2d(1, 8, 11, stride=4, padding=1, padding_mode="reflect"),
        nn.Conv2d(1, 8, 11, stride=4, bias=False),
        CeilConv2d(1, 8, 11, stride=4),
    ],
    ids=repr,
)
def test_other_convolutions_are_refused(conv):
    message = (
        "needs Conv2d(1, C, kernel_size=11, stride=4) with a bias and padding 0 or 1, "
        f"got {conv}: enlarge the images instead"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        PhaseConv2d(conv)
