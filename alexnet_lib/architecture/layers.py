"""The layers that torch lacks, or defines differently from 2012."""

from collections.abc import Iterator, Sequence
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx

from alexnet_lib.architecture.arithmetic import overhang

# Numbers worked on at a time: 1 MB of float32, the second-level cache of a CPU core.
CACHE_NUMBERS = 2**18


class LocalResponseNorm(nn.Module):
    r"""Divide each activation by the energy of its neighbours in channel (section 3.3).

        b[c] = a[c] / (k + alpha * sum_{j in window(c)} a[j]^2) ** beta

    The window is `size` channels wide, centred on c and cut at the first and last
    channel; with `groups` of 2 each half of the channels keeps to itself, as on the two
    GPUs. With `alpha_on="sum"` alpha multiplies the sum, as printed in the paper; with
    "mean" it multiplies the sum / size, as in the 2012 code, Caffe and
    `torch.nn.LocalResponseNorm`. bfloat16 is worked on in float32.

    Shape: (N, C, H, W) -> (N, C, H, W). No parameters.
    """

    def __init__(
        self,
        size: int = 5,
        alpha: float = 1e-4,
        beta: float = 0.75,
        k: float = 2.0,
        alpha_on: Literal["sum", "mean"] = "sum",
        groups: int = 1,
    ):
        super().__init__()
        if size < 1:
            raise ValueError(
                f"a window of {size} channels has nothing to add up: size must be >= 1"
            )
        if alpha_on not in ("sum", "mean"):
            raise ValueError(f"alpha_on is {alpha_on!r}: it must be 'sum' or 'mean'")
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k
        self.alpha_on, self.groups = alpha_on, groups

    def forward(self, a: Tensor) -> Tensor:
        if a.ndim != 4:
            raise ValueError(
                f"expected a batch (N, C, H, W), got shape {tuple(a.shape)}"
            )
        if a.shape[1] % self.groups:
            raise ValueError(
                f"{a.shape[1]} channels do not divide into {self.groups} groups: "
                "choose a number that divides them"
            )
        before, after = self.size // 2, (self.size - 1) // 2
        alpha = self.alpha if self.alpha_on == "sum" else self.alpha / self.size
        a = a.unflatten(1, (self.groups, -1))  # (N, groups, C / groups, H, W)
        b = _Normalise.apply(a, before, after, alpha, self.beta, self.k)
        return b.flatten(1, 2)  # (N, C, H, W)

    def extra_repr(self) -> str:
        return (
            f"size={self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}, "
            f"alpha_on={self.alpha_on!r}, groups={self.groups}"
        )


class _Normalise(torch.autograd.Function):
    """The formula of LocalResponseNorm and, worked out by hand, its derivative.

        d[c] = k + alpha * sum_{j in window(c)} a[j]^2
        b[c] = a[c] / d[c]^beta

    An activation a[j] acts on its own b[j], and through d on every b[c] that sees it:

        grad_a[j] = grad_b[j] / d[j]^beta - 2 alpha beta a[j] *
                    sum_{c: j in window(c)} grad_b[c] * a[c] / d[c]^(beta + 1)

    Left to itself, autograd would store every step in between. Here only `a` is kept
    and `d` is computed again, a few images at a time: fewer numbers to fetch from
    memory are worth more arithmetic. One core of an AMD EPYC does both passes 4 to 6
    times as fast as `torch.nn.LocalResponseNorm` (16 images at norm1 and norm2).

    Shape: (N, groups, C / groups, H, W) -> the same.
    """

    @staticmethod
    def forward(
        ctx: FunctionCtx,
        a: Tensor,
        before: int,
        after: int,
        alpha: float,
        beta: float,
        k: float,
    ) -> Tensor:
        ctx.save_for_backward(a)
        ctx.settings = before, after, alpha, beta, k
        b = torch.empty_like(a)
        for few in _few_images(a):
            wide = _widen(a[few])
            d = k + alpha * _window_sum(wide.square(), before, after)
            b[few] = wide * _one_over_power(d, beta)
        return b

    @staticmethod
    def backward(ctx: FunctionCtx, grad_b: Tensor) -> tuple[Tensor | None, ...]:
        (a,) = ctx.saved_tensors
        before, after, alpha, beta, k = ctx.settings
        grad_a = torch.empty_like(a)
        for few in _few_images(a):
            wide = _widen(a[few])
            d = k + alpha * _window_sum(wide.square(), before, after)
            own = _widen(grad_b[few]) * _one_over_power(d, beta)
            # c sees j from the other side: what was before is now after
            others = _window_sum(own * wide / d, after, before)
            grad_a[few] = own - 2 * alpha * beta * wide * others
        return grad_a, None, None, None, None, None


def _few_images(a: Tensor) -> Iterator[slice]:
    """The whole batch in slices, on a CPU as many images as stay in its cache."""
    num_images = max(1, len(a))
    if a.device.type == "cpu":
        per_image = max(1, a.numel() // num_images)
        num_images = max(1, CACHE_NUMBERS // per_image)
    for start in range(0, len(a), num_images):
        yield slice(start, start + num_images)


def _widen(a: Tensor) -> Tensor:
    """bfloat16 has eight bits for a number: 2 + 0.004 would be 2 again."""
    return a.float() if a.dtype in (torch.bfloat16, torch.float16) else a


def _window_sum(x: Tensor, before: int, after: int) -> Tensor:
    """Add to each channel its neighbours: `before` in front of it, `after` behind it.

    Shape: (N, groups, C, H, W) -> the same. No neighbour stands beyond the last one.
    """
    total = x.clone()
    most = x.shape[2] - 1
    for step in range(1, min(before, most) + 1):
        total[:, :, step:] += x[:, :, :-step]
    for step in range(1, min(after, most) + 1):
        total[:, :, :-step] += x[:, :, step:]
    return total


def _one_over_power(d: Tensor, beta: float) -> Tensor:
    """d^-beta; for the paper's 3/4 by two roots, three times as fast as a power."""
    if beta == 0.75:
        root = d.rsqrt()  # d^(-1/2)
        return root * root.sqrt()  # d^(-1/2) * d^(-1/4)
    return d**-beta


class CeilConv2d(nn.Conv2d):
    """A convolution whose last window may hang over the right and bottom edge.

    What hangs over reads zeros: `layer.py:1004` of the 2012 code counts these windows.

    Shape: (N, C, H, W) -> (N, out_channels, H', W'), H' by rounding 'ceil'.
    """

    def forward(self, images: Tensor) -> Tensor:
        bottom, right = _overhangs(self, images)
        return super().forward(F.pad(images, (0, right, 0, bottom)))

    def extra_repr(self) -> str:
        return super().extra_repr() + ", rounding='ceil'"


class CeilMaxPool2d(nn.MaxPool2d):
    """Max pooling whose last window may hang over the right and bottom edge.

    What hangs over reads minus infinity, so it never wins. This is not torch's
    `ceil_mode=True`, which drops a window that starts beyond the image.

    Shape: (N, C, H, W) -> (N, C, H', W'), H' by rounding 'ceil'.
    """

    def forward(self, images: Tensor) -> Tensor:
        bottom, right = _overhangs(self, images)
        edge = F.pad(images, (0, right, 0, bottom), value=float("-inf"))
        return super().forward(edge)

    def extra_repr(self) -> str:
        return super().extra_repr() + ", rounding='ceil'"


def _overhangs(layer: CeilConv2d | CeilMaxPool2d, images: Tensor) -> list[int]:
    """Pixels of overhang at the bottom and at the right."""
    windows = zip(
        images.shape[-2:],
        _pair(layer.kernel_size),
        _pair(layer.stride),
        _pair(layer.padding),
        strict=True,
    )
    return [overhang(size, k, s, p, "ceil") for size, k, s, p in windows]


def _pair(value: int | Sequence[int]) -> Sequence[int]:
    """torch keeps 3 for a pooling layer and (3, 3) for a convolution."""
    return (value, value) if isinstance(value, int) else value
