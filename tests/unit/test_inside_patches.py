"""What windows see of an enlarged picture: the rank, the projection, fresh noise."""

import re

import pytest
import torch
import torch.nn.functional as F

from alexnet_lib.architecture.phases import line_windows as phase_windows
from alexnet_lib.inside.patches import (
    dimensions,
    line_basis,
    line_windows,
    seen_part,
    seen_share,
    window_ranks,
    with_fresh_noise,
)

ALEXNET = (28, 224, 11, 4)  # small, large, kernel, stride


def basis(padding: int = 1) -> torch.Tensor:
    return line_basis(line_windows(*ALEXNET, padding))


def picture_windows(padding: int, side: int = 28) -> torch.Tensor:
    """All 11 x 11 windows of a few random pictures. Shape: (n, 121)."""
    draw = torch.Generator().manual_seed(0)
    small = torch.rand(20, 1, side, side, generator=draw, dtype=torch.float64)
    large = F.interpolate(small, size=224, mode="bilinear")
    windows = F.unfold(large, 11, padding=padding, stride=4)
    return windows.transpose(1, 2).flatten(0, 1)


def kernels(count: int = 5, channels: int = 1, side: int = 11) -> torch.Tensor:
    draw = torch.Generator().manual_seed(1)
    return torch.randn(count, channels, side, side, generator=draw)


# --- the rank -------------------------------------------------------------------------
@pytest.mark.parametrize(("padding", "rank"), [(0, 16), (1, 25)])
def test_a_lines_rank_squared_is_the_rank_of_real_windows(padding, rank):
    assert dimensions(picture_windows(padding)) == rank
    assert basis(padding).shape == (11, int(rank**0.5))


@pytest.mark.parametrize("padding", [0, 1])
def test_windows_are_those_of_the_phases(padding):
    """Two ways to the same matrix; the other one is in the architecture's room."""
    like = torch.zeros(1, dtype=torch.float64)
    ours = line_windows(*ALEXNET, padding)
    torch.testing.assert_close(ours, phase_windows(padding, like), rtol=0, atol=1e-14)


def test_with_padding_the_phases_see_different_numbers_of_dimensions():
    inside = window_ranks(line_windows(*ALEXNET, 1))[2:-2]
    assert set(inside) == {3, 4}  # 9, 12 or 16 of a window in the picture
    assert window_ranks(line_windows(*ALEXNET, 0))[2:-2] == [3] * 50


@pytest.mark.parametrize(("side", "rank"), [(56, 5), (112, 8), (224, 11)])
def test_the_larger_the_picture_that_was_taken_the_more_is_seen(side, rank):
    found = line_basis(line_windows(side, 224, 11, 4, 1))
    assert found.shape[1] == rank
    assert dimensions(picture_windows(1, side)) == rank**2


def test_at_native_resolution_all_is_seen():
    found = line_basis(line_windows(28, 28, 5, 1, 2))
    assert found.shape == (5, 5)
    torch.testing.assert_close(seen_part(kernels(side=5), found), kernels(side=5))


def test_different_padding_at_the_two_ends():
    one = line_windows(28, 224, 11, 4, (3, 0))
    assert torch.equal(one, line_windows(28, 224, 11, 4, 3)[: len(one)])


def test_small_numbers_are_dimensions_too():
    rows = picture_windows(0)
    assert dimensions(1e-6 * rows) == dimensions(1e6 * rows) == 16


# --- the projection -------------------------------------------------------------------
@pytest.mark.parametrize("padding", [0, 1])
def test_outputs_do_not_know_the_rest(padding):
    """On any enlarged picture the projected kernels give the same maps."""
    weight = kernels().double()
    draw = torch.Generator().manual_seed(2)
    small = torch.rand(3, 1, 28, 28, generator=draw, dtype=torch.float64)
    large = F.interpolate(small, size=224, mode="bilinear")
    whole = F.conv2d(large, weight, stride=4, padding=padding)
    seen = seen_part(weight, basis(padding))
    again = F.conv2d(large, seen, stride=4, padding=padding)
    assert (whole - again).abs().max() < 1e-12 * whole.abs().max()
    assert (seen - weight).norm() > 0.5 * weight.norm()  # and yet most of it is gone


def test_the_gradient_has_no_unseen_part():
    weight = kernels().double().requires_grad_()
    large = F.interpolate(torch.rand(2, 1, 28, 28).double(), size=224, mode="bilinear")
    F.conv2d(large, weight, stride=4, padding=1).square().sum().backward()
    gradient = weight.grad
    unseen = gradient - seen_part(gradient, basis())
    assert unseen.norm() < 1e-12 * gradient.norm()


def test_projecting_twice_is_projecting_once():
    once = seen_part(kernels().double(), basis())
    torch.testing.assert_close(seen_part(once, basis()), once, rtol=0, atol=1e-12)


def test_it_equals_the_projection_of_whole_windows():
    """Against least squares on the windows themselves, as 121 numbers."""
    rows = picture_windows(1)
    span = torch.linalg.svd(rows, full_matrices=False)[2][:25]  # (25, 121)
    weight = kernels().double()
    expected = (weight.flatten(1) @ span.T @ span).view_as(weight)
    torch.testing.assert_close(seen_part(weight, basis()), expected, rtol=0, atol=1e-9)


def test_colours_are_projected_each_by_itself():
    weight = kernels(channels=3)
    found = seen_part(weight, basis())
    for channel in range(3):
        one = seen_part(weight[:, channel], basis())
        torch.testing.assert_close(found[:, channel], one)
    assert found.dtype == torch.float32


# --- fresh noise ----------------------------------------------------------------------
def test_fresh_noise_changes_only_what_is_unseen():
    weight = kernels()
    other = with_fresh_noise(weight, basis(), torch.Generator().manual_seed(3))
    seen = seen_part(weight, basis())
    torch.testing.assert_close(seen_part(other, basis()), seen, rtol=0, atol=1e-5)
    old, new = weight - seen, other - seen
    assert new.norm() == pytest.approx(old.norm().item(), rel=1e-4)
    cosine = (old * new).sum() / (old.norm() * new.norm())
    assert abs(cosine) < 0.2


def test_fresh_noise_follows_its_generator():
    one, again, other = (
        with_fresh_noise(kernels(), basis(), torch.Generator().manual_seed(seed))
        for seed in (4, 4, 5)
    )
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_where_all_is_seen_there_is_nothing_to_replace():
    full = line_basis(line_windows(28, 28, 5))
    torch.testing.assert_close(with_fresh_noise(kernels(side=5), full), kernels(side=5))


def test_share_of_the_energy():
    share = seen_share(kernels(2000), basis())
    assert share.shape == (2000,)
    assert share.mean().item() == pytest.approx(25 / 121, abs=0.01)  # random kernels
    seen = seen_part(kernels(), basis())
    torch.testing.assert_close(seen_share(seen, basis()), torch.ones(5).double())
    assert seen_share(torch.zeros(1, 1, 11, 11), basis()).item() == 1


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda: line_windows(28, 20, 11),
            "a window of 11 on a line of 28 pixels enlarged to 20: give 1 <= small <= "
            "large, and a window that fits",
        ),
        (lambda: line_windows(2, 8, 11, 1, 1), "a window of 11 on a line of 2 pixels"),
        (
            lambda: seen_part(kernels(side=5), basis()),
            "kernels (5, 1, 5, 5) do not fit a basis (11, 5): its first number must be "
            "the side of a kernel",
        ),
    ],
)
def test_what_does_not_fit_is_said(ask, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        ask()
