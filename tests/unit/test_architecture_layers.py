"""Windows that hang over the edge, against the loops and against torch."""

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_lib.architecture import reference
from alexnet_lib.architecture.layers import CeilConv2d, CeilMaxPool2d


def draw(*shape: int):
    generator = torch.Generator().manual_seed(0)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


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
