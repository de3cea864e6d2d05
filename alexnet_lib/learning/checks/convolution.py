"""Check of notebook 01: convolution as loops."""

from collections.abc import Callable
from typing import Any

import numpy as np

from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
)
from alexnet_lib.learning.result import CheckResult

# (C, H, W) of the image, kernels, side of a kernel, stride, what to think of. First as
# many kernels as channels: a mistake that swaps the two then answers, and is named.
SHAPES = (
    ((1, 3, 3), 1, 3, 1, "one position, nine products: multiply and add by hand"),
    ((2, 4, 4), 2, 3, 1, "two channels: the sum goes over both"),
    ((2, 5, 4), 2, 3, 1, "five rows, four columns"),
    ((1, 7, 7), 1, 3, 2, "the window moves by the stride, in pixels"),
    ((3, 8, 7), 3, 2, 2, "what no longer fits whole is left out"),
)
LAST_SHAPES = (
    ((2, 5, 5), 3, 3, 1, "three kernels give three maps, however many channels"),
    ((4, 5, 6), 2, 3, 1, "fewer kernels than channels"),
    ((3, 9, 9), 1, 5, 3, "one kernel for three channels"),
)
TOLERANCE = 1e-4  # absolute; learners may compute in float32


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
        ("padded", "zeros were laid around the image", _zeros_around),
        (
            "no plus one",
            "the steps were counted, not the positions: there is one more each way",
            _no_plus_one,
        ),
    )
)


def same_array(answer: Any, expected: np.ndarray) -> str | None:
    """A NumPy array of the same shape, equal within the tolerance."""
    if type(answer) is not np.ndarray:
        return f"it should be a NumPy array, not {type(answer).__name__}"
    if answer.shape != expected.shape:
        return f"its shape is {answer.shape}: think of what each axis counts"
    if answer.dtype.kind not in "fiu":
        return f"it should hold numbers, not {answer.dtype}"
    difference = np.abs(answer - expected)
    if np.isfinite(difference).all() and difference.max(initial=0) <= TOLERANCE:
        return None
    return "some of its numbers differ"


def _cases(shapes: tuple) -> list[Case]:
    draw = np.random.default_rng(0)
    cases = []
    for (channels, height, width), kernels, side, stride, hint in shapes:
        image = draw.normal(size=(channels, height, width))
        weight = draw.normal(size=(kernels, channels, side, side))
        bias = draw.normal(size=kernels)
        call = (
            f"conv2d_loops of an image {image.shape}, weight {weight.shape}, "
            f"stride {stride}"
        )
        args = (image, weight, bias, stride)
        cases.append(Case(args=args, hint=hint, call=call))
    return cases


@exercise("conv2d_loops")
def check_conv2d_loops(student: Callable[..., np.ndarray]) -> CheckResult:
    """`conv2d_loops(image, weight, bias, stride)` against torch."""
    for shapes in (SHAPES, LAST_SHAPES):
        result = check_function(
            student,
            name="conv2d_loops",
            reference=torch_conv2d,
            cases=_cases(shapes),
            mistakes=MISTAKES,
            compare=same_array,
            show_answer=lambda answer: f"a {type(answer).__name__}",
        )
        if result.status != "passed":
            return result
    return CheckResult("passed", f"{len(SHAPES + LAST_SHAPES)} cases agree with torch")
