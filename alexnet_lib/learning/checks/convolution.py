"""Check of notebook 01: convolution as loops."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from alexnet_lib.learning.checks.convolution_mistakes import MISTAKES, torch_conv2d
from alexnet_lib.learning.checks.engine import (
    Case,
    check_function,
    exercise,
)
from alexnet_lib.learning.result import CheckResult

# (C, H, W) of the image, kernels, side of a kernel, stride, what to think of. First as
# many kernels as channels, and as many rows as columns: a mistake that swaps two of
# them then answers, and is named.
SHAPES = (
    ((1, 3, 3), 1, 3, 1, "one position, nine products: multiply and add by hand"),
    ((2, 4, 4), 2, 3, 1, "two channels: the sum goes over both"),
    ((1, 7, 7), 1, 3, 2, "the window moves by the stride, in pixels"),
    ((3, 7, 7), 3, 2, 2, "what no longer fits whole is left out"),
)
LAST_SHAPES = (
    ((2, 5, 4), 2, 3, 1, "five rows, four columns"),
    ((3, 8, 7), 3, 2, 2, "the rows end elsewhere than the columns"),
    ((2, 5, 5), 3, 3, 1, "three kernels give three maps, however many channels"),
    ((4, 5, 6), 2, 3, 1, "fewer kernels than channels"),
    ((3, 9, 9), 1, 5, 3, "one kernel for three channels"),
)
AXES = ("kernels", "rows", "columns")  # of what the function gives back
TOLERANCE = 1e-4  # absolute; learners may compute in float32


def same_array(answer: Any, expected: np.ndarray) -> str | None:
    """A NumPy array of the same shape, equal within the tolerance."""
    if type(answer) is not np.ndarray:
        return f"it should be a NumPy array, not {type(answer).__name__}"
    if answer.shape != expected.shape:
        return _wrong_shape(answer.shape, expected.shape)
    if answer.dtype.kind not in "fiu":
        return f"it should hold numbers, not {answer.dtype}"
    difference = np.abs(answer - expected)
    if np.isfinite(difference).all() and difference.max(initial=0) <= TOLERANCE:
        return None
    return "some of its numbers differ"


def _wrong_shape(shape: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Which axes are missing, too many or of another length."""
    said = f"its shape is {shape}; its axes should be ({', '.join(AXES)})"
    if len(shape) != len(expected):
        return f"{said}: {len(AXES)} of them, not {len(shape)}"
    pairs = zip(AXES, shape, expected, strict=True)
    return f"{said}. Count the {' and the '.join(n for n, a, b in pairs if a != b)}"


def _explained(student: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """The learner's function; an error of shapes says what may lie behind it."""

    @functools.wraps(student)
    def run(*args: Any) -> np.ndarray:
        try:
            return student(*args)
        except (IndexError, ValueError) as error:
            if not any(word in str(error) for word in ("broadcast", "out of bounds")):
                raise
            raise type(error)(
                f"{error}. Does your window leave the picture? Count the positions at "
                "which it lies whole on it, along the rows and along the columns"
            ) from error

    return run


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
    student = _explained(student) if callable(student) else student
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
