"""The loops that define the course's layers, against torch in float64."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from alexnet_lib.architecture import reference

RANDOM = np.random.default_rng(0)


def draw(*shape: int) -> np.ndarray:
    return RANDOM.normal(size=shape)


@pytest.mark.parametrize(
    ("shape", "c_out", "kernel", "stride", "padding", "groups"),
    [
        ((1, 5, 5), 1, 3, 1, 0, 1),
        ((3, 7, 9), 4, 3, 2, 1, 1),
        ((4, 6, 6), 6, 2, 1, 0, 2),
        ((6, 8, 7), 6, 5, 3, 2, 3),
        ((2, 15, 12), 3, 11, 4, 0, 1),
        ((4, 5, 5), 4, 1, 2, 0, 4),
    ],
)
def test_convolution_equals_torch(shape, c_out, kernel, stride, padding, groups):
    image = draw(*shape)
    weight = draw(c_out, shape[0] // groups, kernel, kernel)
    bias = draw(c_out)
    expected = F.conv2d(
        *(torch.from_numpy(array) for array in (image[None], weight, bias)),
        stride,
        padding,
        groups=groups,
    )
    ours = reference.conv2d(image, weight, bias, stride, padding, groups)
    np.testing.assert_allclose(ours, expected[0].numpy(), rtol=0, atol=1e-12)


def test_convolution_without_a_bias_counts_by_hand():
    image = np.arange(9.0).reshape(1, 3, 3)
    ours = reference.conv2d(image, np.ones((1, 1, 2, 2)))
    assert ours.tolist() == [[[8.0, 12.0], [20.0, 24.0]]]


def test_ceil_adds_zeros_at_the_bottom_and_right():
    """224 pixels, 11 wide, stride 4: 3 pixels hang over (layer.py:1004)."""
    image, weight = draw(1, 8, 8), draw(2, 1, 3, 3)
    wider = np.pad(image, [(0, 0), (0, 1), (0, 1)])
    ours = reference.conv2d(image, weight, stride=2, rounding="ceil")
    assert ours.shape == (2, 4, 4)
    assert np.array_equal(ours, reference.conv2d(wider, weight, stride=2))
    assert np.array_equal(ours[:, :3, :3], reference.conv2d(image, weight, stride=2))


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding"),
    [(5, 2, 2, 0), (6, 3, 2, 0), (7, 3, 2, 1), (4, 4, 1, 2), (9, 2, 3, 0)],
)
def test_max_pooling_equals_torch(size, kernel, stride, padding):
    image = draw(3, size, size + 1)
    expected = F.max_pool2d(torch.from_numpy(image[None]), kernel, stride, padding)
    ours = reference.max_pool2d(image, kernel, stride, padding)
    assert np.array_equal(ours, expected[0].numpy())


def test_max_pooling_by_ceil_never_picks_the_padding():
    """Negative numbers would lose against a zero outside the image."""
    image = -np.arange(1.0, 17.0).reshape(1, 4, 4)
    ours = reference.max_pool2d(image, 3, 2, rounding="ceil")
    assert ours.tolist() == [[[-1.0, -3.0], [-9.0, -11.0]]]


def test_max_pooling_has_the_paper_s_window_by_default():
    assert reference.max_pool2d(draw(1, 13, 13)).shape == (1, 6, 6)


@pytest.mark.parametrize("size", range(1, 10))
def test_response_norm_equals_torch(size):
    """torch multiplies the mean of the squares; the paper's alpha is 1 / size of it."""
    a = draw(7, 3, 2) * 10
    torchs = torch.nn.LocalResponseNorm(size, alpha=0.3, beta=0.75, k=2.0)
    expected = torchs(torch.from_numpy(a[None]))[0].numpy()
    mean = reference.local_response_norm(a, size, alpha=0.3, alpha_on="mean")
    printed = reference.local_response_norm(a, size, alpha=0.3 / size, alpha_on="sum")
    np.testing.assert_allclose(mean, expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(printed, expected, rtol=0, atol=1e-12)


def test_response_norm_of_two_groups_is_that_of_each_half():
    a = draw(8, 2, 2)
    halves = [reference.local_response_norm(half, alpha=0.5) for half in (a[:4], a[4:])]
    ours = reference.local_response_norm(a, alpha=0.5, groups=2)
    assert np.array_equal(ours, np.concatenate(halves))
    assert not np.allclose(ours, reference.local_response_norm(a, alpha=0.5))


def test_kernels_for_other_channels_are_refused():
    with pytest.raises(ValueError, match="these kernels take") as caught:
        reference.conv2d(draw(3, 5, 5), draw(4, 2, 3, 3), groups=2)
    assert str(caught.value) == (
        "these kernels take 4 channels (2 x 2), the image has 3: change the image or "
        "the kernels"
    )
