"""LRN against the loops, against torch's layer, and its gradient against numbers."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_lib.architecture import layers, reference
from alexnet_lib.architecture.layers import LocalResponseNorm

LAYOUTS = pytest.mark.parametrize(
    "layout", [torch.contiguous_format, torch.channels_last], ids=["nchw", "nhwc"]
)


def draw(
    *shape: int,
    seed: int = 0,
    dtype: torch.dtype = torch.float64,
    layout: torch.memory_format = torch.contiguous_format,
):
    generator = torch.Generator().manual_seed(seed)
    numbers = torch.randn(*shape, generator=generator, dtype=torch.float64)
    return numbers.to(dtype, memory_format=layout)


def value_and_gradient(norm, a, grad_b):
    a = a.detach().requires_grad_()
    b = norm(a)
    b.backward(grad_b)
    return b.detach(), a.grad


@pytest.fixture
def small_cache(monkeypatch):
    """Batches of a few numbers fall into parts, as large ones do."""
    monkeypatch.setattr(layers, "CACHE_NUMBERS", 100)


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
@LAYOUTS
def test_response_norm_equals_the_loops(size, alpha_on, groups, layout):
    """Edges included: six channels and windows of up to nine."""
    a = draw(2, 6, 2, 3, seed=size, layout=layout) * 10
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


@pytest.mark.parametrize("size", range(1, 6))
@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("beta", [0.75, 0.6])
@LAYOUTS
def test_response_norm_has_the_gradient_of_its_formula(size, groups, beta, layout):
    norm = LocalResponseNorm(size, alpha=0.5, beta=beta, groups=groups)
    a = draw(2, 4, 2, 1, seed=size, layout=layout).requires_grad_()
    assert torch.autograd.gradcheck(norm, (a,))


@pytest.mark.parametrize("size", range(1, 10))
@pytest.mark.parametrize("beta", [0.75, 0.6])
@LAYOUTS
def test_response_norm_has_torch_s_gradient(size, beta, layout):
    """torch's own layer takes the mean, so its alpha is ours times the size."""
    a = draw(3, 7, 4, 5, layout=layout) * 10
    grad_b = draw(3, 7, 4, 5, seed=1)
    ours = LocalResponseNorm(size, 0.01, beta)
    torchs = nn.LocalResponseNorm(size, alpha=0.01 * size, beta=beta, k=2.0)
    for mine, theirs in zip(
        value_and_gradient(ours, a, grad_b),
        value_and_gradient(torchs, a, grad_b),
        strict=True,
    ):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-12)


@LAYOUTS
def test_response_norm_keeps_the_layout(layout):
    a = draw(2, 6, 4, 5, layout=layout)
    b, grad_a = value_and_gradient(LocalResponseNorm(groups=2), a, torch.ones_like(a))
    assert b.is_contiguous(memory_format=layout)
    assert grad_a.is_contiguous(memory_format=layout)


@LAYOUTS
def test_a_batch_in_parts_is_the_same_batch(small_cache, layout, monkeypatch):
    """Seven images of 60 numbers, one at a time; then all at once."""
    a, grad_b = draw(7, 6, 2, 5, layout=layout), draw(7, 6, 2, 5, seed=1)
    norm = LocalResponseNorm(4, alpha=0.1, groups=2)
    parts = value_and_gradient(norm, a, grad_b)
    monkeypatch.setattr(layers, "CACHE_NUMBERS", 2**18)
    whole = value_and_gradient(norm, a, grad_b)
    torch.testing.assert_close(parts, whole, rtol=0, atol=1e-15)


def test_tensors_that_are_views_of_others(small_cache):
    """Every second image and a cut border; a gradient of one number, spread out."""
    a = (draw(6, 8, 5, 7) * 10)[::2, 1:7, :, 2:]
    norm = LocalResponseNorm(alpha=0.1, groups=2)
    spread = torch.ones((), dtype=torch.float64).expand(3, 6, 5, 5)
    torch.testing.assert_close(
        value_and_gradient(norm, a, spread),
        value_and_gradient(norm, a.contiguous(), spread.contiguous()),
        rtol=0,
        atol=1e-15,
    )
    assert norm(a[:0]).shape == (0, 6, 5, 5)


def test_response_norm_leaves_its_input_alone():
    a = draw(2, 6, 3, 3).requires_grad_()
    before = a.detach().clone()
    LocalResponseNorm()(a).sum().backward()
    assert torch.equal(a.detach(), before)


def test_response_norm_without_a_gradient():
    """The same numbers, and nothing kept for a backward pass."""
    norm, a = LocalResponseNorm(), draw(2, 6, 3, 3)
    kept = norm(a.clone().requires_grad_())
    with torch.no_grad():
        inference = norm(a.clone().requires_grad_())
    assert kept.requires_grad
    for b in (norm(a), inference):
        assert not b.requires_grad
        assert torch.equal(b, kept.detach())


def test_response_norm_has_a_second_derivative(small_cache):
    norm = LocalResponseNorm(4, alpha=0.5, groups=2)
    a = draw(2, 6, 3, 3).requires_grad_()
    assert torch.autograd.gradgradcheck(norm, (a,))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@LAYOUTS
def test_autocast_changes_nothing_inside(dtype, layout):
    """Numbers come out in the type they came in with, worked on in float32."""
    a, grad_b = (
        draw(2, 16, 4, 4, seed=seed, dtype=dtype, layout=layout) * 10 for seed in (0, 1)
    )
    norm = LocalResponseNorm()
    plain = value_and_gradient(norm, a, grad_b)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        cast = value_and_gradient(norm, a, grad_b)
    assert [t.dtype for t in cast] == [dtype, dtype]
    torch.testing.assert_close(cast, plain, rtol=0, atol=0)


def test_behind_a_convolution_under_autocast():
    model = nn.Sequential(nn.Conv2d(3, 8, 3), LocalResponseNorm(alpha=0.1))
    images = draw(2, 3, 6, 6, dtype=torch.float32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        maps = model(images)
    maps.float().square().mean().backward()
    assert maps.dtype == torch.bfloat16
    assert model[0].weight.grad.abs().sum() > 0


@pytest.mark.parametrize("groups", [1, 2])
@LAYOUTS
def test_bfloat16_is_rounded_once(groups, layout):
    """Value and gradient: the exact formula on the same numbers, then 8 bits."""
    a, grad_b = (
        draw(2, 16, 4, 4, seed=seed, dtype=torch.bfloat16, layout=layout) * 10
        for seed in (0, 1)
    )
    norm = LocalResponseNorm(alpha=0.01, groups=groups)
    ours = value_and_gradient(norm, a, grad_b)
    exact = value_and_gradient(norm, a.double(), grad_b.double())
    for rounded, number in zip(ours, exact, strict=True):
        assert rounded.dtype == torch.bfloat16
        # half a step of 8 bits, and float32's own error where two terms cancel
        torch.testing.assert_close(rounded.double(), number, rtol=2**-8, atol=2e-5)


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
