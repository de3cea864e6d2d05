"""conv1 on a picture enlarged eight times, worked out on the small picture itself.

Enlarging 28 to 224 pixels (bilinear, in floats) and sliding an 11 x 11 window over the
result by 4 are both linear, and both are the same along rows and along columns. So look
at one line of pixels first, with `padding` zeros at its ends:

- Window i starts at large pixel 4 i - padding and its 11 pixels are mixed from at most
  four small ones. Eight large pixels are one small one, so two steps are one small
  pixel: windows 0, 2, 4, ... all see the small pixels alike, and so do 1, 3, 5, ...
  These are the two phases. `window_maps` holds their 11 x 5 mixtures.
- A picture is the same twice. The 11 x 11 kernel W, seen from the small pixels, is the
  5 x 5 kernel  maps[r]^T W maps[c]  for windows of row phase r and column phase c.

What W does beyond that no picture can show: the output depends on 16 of its 121
dimensions with padding 0, on 25 with padding 1 (the rank of both maps, squared).
"""

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SMALL, SCALE = 28, 8  # pixels on a side; small to large
KERNEL, STRIDE = 11, 4  # conv1: the stride is half a small pixel
PHASES = SCALE // STRIDE
NEAR = 5  # four small pixels and, for the first window, what its padding changes


def line_windows(padding: int, like: Tensor) -> Tensor:
    """What each window sees of a small line: torch's own resize, of one pixel a time.

    [i, u, s] is the share of small pixel s in pixel u of window i.

    Shape: (54, 11, 28); type and device of `like`.
    """
    lines = torch.eye(SMALL, dtype=like.dtype, device=like.device)  # one pixel is 1
    large = F.interpolate(lines.unsqueeze(1), scale_factor=SCALE, mode="linear")
    padded = F.pad(large.squeeze(1), (padding, padding))  # (28, 224 + 2 padding)
    return padded.unfold(1, KERNEL, STRIDE).permute(1, 2, 0)


def neighbours(like: Tensor) -> Tensor:
    """Which small pixels windows 2m and 2m + 1 look at: m - 1, m, m + 1, m + 2.

    Beyond the ends the resize repeats the last pixel, so these do too. The fifth is
    small pixel 0 for m = 0, and nothing for the others.

    Shape: (27, 5, 28), zeros and ones.
    """
    lines = torch.eye(SMALL, dtype=like.dtype, device=like.device)
    repeated = F.pad(lines, (1, 1), mode="replicate")  # (28, 30)
    four = repeated.unfold(1, 4, 1).permute(1, 2, 0)  # (27, 4, 28)
    near = F.pad(four, (0, 0, 0, 1))  # (27, 5, 28)
    near[0, 4, 0] = 1
    return near


def window_maps(padding: int, like: Tensor) -> Tensor:
    """How a window of each phase mixes its 11 pixels from its five neighbours.

    line_windows[2m + r] == window_maps[r] @ neighbours[m] for all m and r.

    Shape: (2, 11, 5).
    """
    seen, near = line_windows(padding, like), neighbours(like)
    maps = like.new_zeros(PHASES, KERNEL, NEAR)
    maps[..., :4] = seen[2:4, :, :4]  # m = 1 is clear of the ends: pixels 0 to 3
    # Padding puts a zero where the resize would repeat pixel 0: take that away again.
    maps[0, :, 4] = (seen[0] - maps[0] @ near[0])[:, 0]
    return maps


def small_kernels(weight: Tensor, padding: int) -> Tensor:
    """The kernels as the small pixels meet them: maps[r]^T weight maps[c].

    Shape: (C, 1, 11, 11) -> (2, 5, 5, 2, C): row phase, neighbours, column phase.
    """
    maps = window_maps(padding, like=weight)
    # in the weights' own precision: bfloat16 would round twice
    with torch.autocast(weight.device.type, enabled=False):
        return torch.einsum("rua,ouv,cvb->rabco", maps, weight[:, 0], maps)


def phase_conv(
    images28: Tensor, weight: Tensor, bias: Tensor, padding: int = 0
) -> Tensor:
    """conv2d(enlarge(images28), weight, bias, stride=4, padding), without enlarging.

    One matrix product, whose rows are windows (two to a row, side by side) and whose
    result is in channels-last order. Gradients reach `weight` and `bias` themselves.

    Shape: images28 (N, 1, 28, 28) floats, weight (C, 1, 11, 11), bias (C,)
    -> (N, C, 54, 54).
    """
    _check(images28, weight, padding)
    near = neighbours(like=images28)
    patches = torch.einsum("mah,nhw,kbw->nmkab", near, images28[:, 0], near).flatten(3)
    patches = F.pad(patches, (0, 1), value=1.0)  # (N, 27, 27, 26): 1 meets the bias
    # Zeros stand where the kernels of the other row phase will be: twice the products,
    # but the rows of the result come out in order, and moving it would cost more.
    none = torch.zeros_like(patches)
    even, odd = torch.cat([patches, none], -1), torch.cat([none, patches], -1)
    rows = torch.stack([even, odd], 2).flatten(1, 2)  # (N, 54, 27, 52)

    kernels = small_kernels(weight, padding).flatten(1, 2).flatten(2)  # (2, 25, 2C)
    biases = bias.repeat(PHASES).expand(PHASES, 1, -1)  # (2, 1, 2C)
    pairs = rows @ torch.cat([kernels, biases], 1).flatten(0, 1)  # (N, 54, 27, 2C)
    return pairs.unflatten(3, (PHASES, -1)).flatten(2, 3).permute(0, 3, 1, 2)


class PhaseConv2d(nn.Module):
    """Stands for "enlarge to 224 pixels, then `conv`", with the parameters of `conv`.

        model.conv1 = PhaseConv2d(model.conv1)  # now feed 28 x 28 pixels

    The same `weight` and `bias`, by the same names: files of weights fit both ways.
    Forward and backward in bfloat16, 64 images, take half the time of the long way (one
    core of an AMD EPYC, channels last, for 24 and for 96 kernels).

    Shape: (N, 1, 28, 28) -> (N, C, 54, 54).
    """

    def __init__(self, conv: nn.Conv2d):
        super().__init__()
        window = conv.kernel_size, conv.stride, conv.dilation
        if (
            type(conv) is not nn.Conv2d
            or (conv.in_channels, conv.padding_mode) != (1, "zeros")
            or window != ((KERNEL, KERNEL), (STRIDE, STRIDE), (1, 1))
            or conv.padding not in ((0, 0), (1, 1))
            or conv.bias is None
        ):
            raise ValueError(
                f"needs Conv2d(1, C, kernel_size={KERNEL}, stride={STRIDE}) with a "
                f"bias and padding 0 or 1, got {conv}: enlarge the images instead"
            )
        self.weight, self.bias = conv.weight, conv.bias
        self.padding = conv.padding[0]

    def forward(self, images28: Tensor) -> Tensor:
        return phase_conv(images28, self.weight, self.bias, self.padding)

    def extra_repr(self) -> str:
        return f"{len(self.weight)} kernels, padding={self.padding}"


def enlarging(model: nn.Sequential) -> nn.Sequential:
    """The same layers and parameters for pictures of 28 pixels, enlarged by conv1."""
    first, *others = model.named_children()
    return nn.Sequential(
        OrderedDict([(first[0], PhaseConv2d(first[1])), *others]),
    )


def _check(images28: Tensor, weight: Tensor, padding: int) -> None:
    if (
        images28.shape[1:] != (1, SMALL, SMALL)
        or not images28.is_floating_point()
        or weight.shape[1:] != (1, KERNEL, KERNEL)
        or padding not in (0, 1)
    ):
        raise ValueError(
            f"needs float images (N, 1, {SMALL}, {SMALL}), weights (C, 1, {KERNEL}, "
            f"{KERNEL}) and padding 0 or 1, got {images28.dtype} images "
            f"{tuple(images28.shape)}, weights {tuple(weight.shape)} and padding "
            f"{padding}: enlarge the images and use conv2d instead"
        )
