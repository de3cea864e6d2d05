"""The layers that torch lacks, or defines differently from 2012."""

from collections.abc import Sequence
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.architecture.arithmetic import overhang


class LocalResponseNorm(nn.Module):
    r"""Divide each activation by the energy of its neighbours in channel (section 3.3).

        b[c] = a[c] / (k + alpha * sum_{j in window(c)} a[j]^2) ** beta

    The window is `size` channels wide, centred on c and cut at the first and last
    channel; with `groups` of 2 each half of the channels keeps to itself, as on the two
    GPUs. With `alpha_on="sum"` alpha multiplies the sum, as printed in the paper; with
    "mean" it multiplies the sum / size, as in the 2012 code, Caffe and
    `torch.nn.LocalResponseNorm`.

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
        # bfloat16 has eight bits for a number: 2 + 0.004 would be 2 again
        wide = a.float() if a.dtype in (torch.bfloat16, torch.float16) else a
        alpha = self.alpha if self.alpha_on == "sum" else self.alpha / self.size
        return (wide / (self.k + alpha * self._energy(wide)) ** self.beta).to(a.dtype)

    def _energy(self, a: Tensor) -> Tensor:
        """Sum of the squares in the window of each channel; shape as `a`."""
        before, after = self.size // 2, (self.size - 1) // 2
        squares = a.square().unflatten(1, (self.groups, -1))  # (N, groups, C', H, W)
        squares = F.pad(squares, (0, 0, 0, 0, before, after))
        windows = squares.unfold(2, self.size, 1)  # (N, groups, C', H, W, size)
        return windows.sum(dim=-1).flatten(1, 2)  # (N, C, H, W)

    def extra_repr(self) -> str:
        return (
            f"size={self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}, "
            f"alpha_on={self.alpha_on!r}, groups={self.groups}"
        )


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
