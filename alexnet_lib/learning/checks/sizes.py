"""Checks of notebook 02: sizes of layers."""

import random
from collections.abc import Callable
from math import ceil
from typing import Any

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.variants import ALEXNET_2012
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    check_table,
    exercise,
)
from alexnet_lib.learning.result import CheckResult

# (size, kernel_size, stride, padding), each there to catch one mistake
CASES = (
    ((5, 3, 1, 0), "slide a 3-wide window over 5 pixels by hand and count"),
    ((5, 5, 1, 0), "a window as wide as the input fits exactly once"),
    ((32, 5, 1, 2), "padding adds pixels on both sides"),
    ((227, 11, 4, 0), "the stride divides the window's travel, not the input"),
    ((6, 3, 2, 0), "the last partial step does not count"),
    ((224, 11, 4, 1), "54.75: a step that does not fit whole is not taken"),
)
RANDOM_CASES = 400

MISTAKES = (
    Mistake(
        name="padding forgotten",
        says="there were no padding",
        function=lambda n, k, s, p: (n - k) // s + 1,
    ),
    Mistake(
        name="padding once",
        says="padding were counted once, on one side only",
        function=lambda n, k, s, p: (n + p - k) // s + 1,
    ),
    Mistake(
        name="rounded up",
        says="the last, partial step counted (it rounds up)",
        function=lambda n, k, s, p: ceil((n + 2 * p - k) / s) + 1,
    ),
    Mistake(
        name="no plus one",
        says="the steps were counted, not the positions: there is one more",
        function=lambda n, k, s, p: (n + 2 * p - k) // s,
    ),
    Mistake(
        name="stride divides the input",
        says="the stride divided the whole input, not the window's travel",
        function=lambda n, k, s, p: (n + 2 * p) // s - k + 1,
    ),
    Mistake(
        name="rounded to nearest",
        says="a step that fits by more than half were taken",
        function=lambda n, k, s, p: round((n + 2 * p - k) / s + 1),
    ),
    Mistake(
        name="true division",
        says="a fraction of a window could be placed: / where // belongs",
        function=lambda n, k, s, p: (n + 2 * p - k) / s + 1,
    ),
)


def torch_output_size(size: int, kernel_size: int, stride: int, padding: int) -> int:
    """What torch makes of a row of `size` pixels; the oracle of this check."""
    import torch
    from torch.nn import functional as F

    row = torch.empty(1, 1, size, device="meta")  # shapes only, no numbers
    kernel = torch.empty(1, 1, kernel_size, device="meta")
    return F.conv1d(row, kernel, stride=stride, padding=padding).shape[-1]


def _cases() -> list[Case]:
    draw = random.Random(0)
    cases = [Case(args=args, hint=hint) for args, hint in CASES]
    while len(cases) < len(CASES) + RANDOM_CASES:
        size, kernel_size = draw.randint(1, 256), draw.randint(1, 15)
        stride, padding = draw.randint(1, 6), draw.randint(0, 5)
        if kernel_size <= size + 2 * padding:
            args = (size, kernel_size, stride, padding)
            cases.append(Case(args=args, hint="work this one out on paper"))
    return cases


@exercise("conv_out")
def check_conv_out(student: Callable[[int, int, int, int], int]) -> CheckResult:
    """`conv_out(size, kernel_size, stride, padding)` against torch, 406 cases."""
    return check_function(
        student,
        name="conv_out",
        reference=torch_output_size,
        cases=_cases(),
        mistakes=MISTAKES,
    )


SIDE_HINTS = {
    "conv1": "an 11-wide window at stride 4 over 227 pixels",
    "pool1": "a 3-wide window at stride 2 over what conv1 gives",
    "conv2": "a 5-wide window with two zeros on each side",
    "pool2": "3-wide at stride 2 again",
    "conv3": "a 3-wide window with one zero on each side",
    "conv4": "the same window as conv3",
    "conv5": "the same window once more",
    "pool5": "3-wide at stride 2, for the last time",
}
SIDE_MISTAKES = {
    "conv1": {
        "one too few": (
            54,
            "the picture had 224 pixels, or the first position were not counted",
        ),
        "padding 2": (
            56,
            "there were two zeros on each side, or the stride divided 227",
        ),
    },
    "pool1": {
        "one too few": (26, "the first position were not counted"),
        "rounded up": (28, "the pooling windows were 2 wide and rounded up"),
    },
    "conv2": {"padding forgotten": (23, "conv2 had no padding")},
    "pool2": {"rounded up": (14, "27 were halved and rounded up")},
    "conv3": {"padding forgotten": (11, "conv3 had no padding")},
    "conv4": {"padding forgotten": (9, "conv3 and conv4 had no padding")},
    "conv5": {"padding forgotten": (7, "the three 3x3 layers had no padding")},
    "pool5": {"rounded up": (7, "13 were halved and rounded up")},
}


@exercise("sides_227")
def check_sides_227(answers: Any) -> CheckResult:
    """The side of the map behind each window layer of the paper's network, 227 in."""
    rows = {row.name: row for row in summarize(ALEXNET_2012)}
    expected = {name: rows[name].out_shape[1] for name in SIDE_HINTS}
    return check_table(
        answers,
        expected,
        name="sides_227",
        hints=SIDE_HINTS,
        mistakes=SIDE_MISTAKES,
    )
