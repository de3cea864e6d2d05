"""What learners write for `conv2d_loops` when they err: wrong functions, by name."""

import numpy as np

from alexnet_lib.learning.checks.engine import Mistake


def torch_conv2d(
    image: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int
) -> np.ndarray:
    """What torch makes of it; the oracle of this check."""
    import torch
    from torch.nn import functional as F

    image, weight, bias = map(torch.from_numpy, (image, weight, bias))
    return F.conv2d(image[None], weight, bias, stride)[0].numpy()


def _flipped(image, weight, bias, stride):
    return torch_conv2d(image, weight[:, :, ::-1, ::-1].copy(), bias, stride)


def _last_channel(image, weight, bias, stride):
    return torch_conv2d(image[-1:], weight[:, -1:], bias, stride)


def _first_channel(image, weight, bias, stride):
    return torch_conv2d(image[:1], weight[:, :1], bias, stride)


def _channels_apart(image, weight, bias, stride):
    """One map for every kernel and every channel."""
    maps = [
        torch_conv2d(image[c : c + 1], weight[:, c : c + 1], bias, stride)
        for c in range(len(image))
    ]
    return np.stack(maps, axis=1)


def _bias_per_product(image, weight, bias, stride):
    return torch_conv2d(image, weight, bias * weight[0].size, stride)


def _bias_per_channel(image, weight, bias, stride):
    return torch_conv2d(image, weight, bias * len(image), stride)


def _no_bias(image, weight, bias, stride):
    return torch_conv2d(image, weight, 0 * bias, stride)


def _thinned_image(image, weight, bias, stride):
    return torch_conv2d(image[:, ::stride, ::stride].copy(), weight, bias, 1)


def _one_pixel_steps(image, weight, bias, stride):
    """The map has the right size, but the window moved by one pixel."""
    rows, cols = torch_conv2d(image, weight, bias, stride).shape[1:]
    return torch_conv2d(image, weight, bias, 1)[:, :rows, :cols]


def _swapped(image, weight, bias, stride):
    """weight[channel, kernel] for weight[kernel, channel]."""
    return torch_conv2d(image, np.swapaxes(weight, 0, 1).copy(), bias, stride)


def _turned(image, weight, bias, stride):
    """weight[o, c, column, row] for weight[o, c, row, column]."""
    return torch_conv2d(image, np.swapaxes(weight, 2, 3).copy(), bias, stride)


def _rows_for_columns(image, weight, bias, stride):
    return np.swapaxes(torch_conv2d(image, weight, bias, stride), 1, 2)


def _first_bias(image, weight, bias, stride):
    return torch_conv2d(image, weight, np.full_like(bias, bias[0]), stride)


def _mean(image, weight, bias, stride):
    return torch_conv2d(image, weight / weight[0].size, bias, stride)


def _one_kernel(image, weight, bias, stride):
    return torch_conv2d(image, weight, bias, stride)[0]


def _zeros_around(image, weight, bias, stride):
    margin = weight.shape[-1] // 2
    image = np.pad(image, ((0, 0), (margin, margin), (margin, margin)))
    return torch_conv2d(image, weight, bias, stride)


def _no_plus_one(image, weight, bias, stride):
    return torch_conv2d(image, weight, bias, stride)[:, :-1, :-1]


MISTAKES = tuple(
    Mistake(name=name, says=says, function=function)
    for name, says, function in (
        (
            "kernel flipped",
            "the kernel were turned by half a turn (that is the mathematician's "
            "convolution; networks do not turn it)",
            _flipped,
        ),
        (
            "last channel only",
            "each channel replaced what the one before it gave, so that only the last "
            "one counts",
            _last_channel,
        ),
        ("first channel only", "only channel 0 were looked at", _first_channel),
        (
            "channels not summed",
            "every channel had a map of its own: a kernel adds its channels up",
            _channels_apart,
        ),
        (
            "bias per product",
            "the bias were added to every product: it belongs once to each sum",
            _bias_per_product,
        ),
        (
            "bias per channel",
            "the bias were added once for every channel of the image",
            _bias_per_channel,
        ),
        ("bias forgotten", "there were no bias", _no_bias),
        (
            "stride on the input",
            "the stride thinned the pixels out, where it should space the windows",
            _thinned_image,
        ),
        (
            "stride ignored",
            "the window moved by one pixel, whatever the stride",
            _one_pixel_steps,
        ),
        (
            "channels swapped",
            "weight were (channels in, kernels): its first axis counts the kernels",
            _swapped,
        ),
        (
            "kernel transposed",
            "the rows of the kernel lay on the columns of the window",
            _turned,
        ),
        (
            "rows and columns swapped",
            "rows and columns had changed places, in the window or in the map",
            _rows_for_columns,
        ),
        (
            "first bias for all",
            "every kernel had the bias of the first: each has its own",
            _first_bias,
        ),
        ("mean", "the products were averaged: they are added up", _mean),
        (
            "one kernel only",
            "there were one kernel: weight holds several, and each makes a map",
            _one_kernel,
        ),
        ("padded", "zeros were laid around the image", _zeros_around),
        (
            "no plus one",
            "the steps were counted, not the positions: there is one more each way",
            _no_plus_one,
        ),
    )
)
