"""Checks of notebook 05: the formula, whose alpha it is, and whose neighbours."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.learning.checks.compare import WrongKind, same_integer, same_number
from alexnet_lib.learning.checks.engine import (
    Case,
    check_function,
    check_value,
    exercise,
)
from alexnet_lib.learning.checks.response_norm_mistakes import (
    MISTAKES,
    torch_response_norm,
)
from alexnet_lib.learning.result import CheckResult

TOLERANCE = 1e-5  # relative: an answer in float32 is right, too
# shape (C, H, W), then size, alpha, beta, k; each with what to think of
CASES = (
    ((5, 1, 1), 3, 0.5, 0.75, 2.0, "one pixel: go through its channels on paper"),
    ((7, 2, 3), 5, 0.1, 0.75, 2.0, "the window of channel 0 has three channels"),
    ((4, 3, 3), 7, 0.2, 0.75, 2.0, "a window wider than all channels is cut twice"),
    ((3, 2, 2), 1, 0.3, 0.75, 2.0, "a window of 1 holds the channel alone"),
    ((6, 2, 2), 3, 0.4, 0.5, 1.5, "beta and k are arguments"),
)


@exercise("response_norm")
def check_response_norm(student: Callable[..., Tensor]) -> CheckResult:
    """`response_norm(a, size, alpha, beta, k)` of one picture, against torch."""
    return check_function(
        student,
        name="response_norm",
        reference=torch_response_norm,
        cases=_cases(),
        mistakes=MISTAKES,
        compare=same_maps,
        show_answer=lambda answer: f"a {type(answer).__name__}",
    )


def _cases() -> list[Case]:
    generator = torch.Generator().manual_seed(0)
    cases = []
    for shape, size, alpha, beta, k, hint in CASES:
        a = 3 * torch.randn(shape, generator=generator, dtype=torch.float64)
        call = f"response_norm of a {shape}, size {size}, beta {beta}, k {k}"
        cases.append(Case(args=(a, size, alpha, beta, k), hint=hint, call=call))
    return cases


def same_maps(answer: Any, expected: Tensor) -> str | None:
    """Maps of the same shape and numbers; what is no number differs in kind."""
    if type(answer) is not Tensor:
        return WrongKind(f"it should be a torch tensor, not {type(answer).__name__}")
    if answer.shape != expected.shape:
        return WrongKind(
            f"its shape is {tuple(answer.shape)}, which should be "
            f"{tuple(expected.shape)}: at the ends the window is cut, no channel is "
            "lost"
        )
    if answer.isnan().any() and not expected.isnan().any():
        return WrongKind(
            "one of these is no number: a negative one raised to a fraction?"
        )
    close = torch.isclose(
        answer.double(), expected, rtol=TOLERANCE, atol=1e-7, equal_nan=True
    )
    return None if close.all() else "some of its numbers differ"


@exercise("torch_alpha")
def check_torch_alpha(answer: Any) -> CheckResult:
    """The alpha with which torch's layer is the printed formula, n = 5 and 1e-4."""
    return check_value(
        answer,
        5e-4,
        name="torch_alpha",
        compare=same_number(1e-6),
        mistakes={
            "the same alpha": (1e-4, "torch multiplied the sum, as the paper prints"),
            "divided again": (
                2e-5,
                "torch had no division of its own, and you had to add one",
            ),
            "a square of pixels": (2.5e-3, "torch took the mean of 5 x 5 squares"),
            "half a window": (2e-4, "torch divided by the neighbours on one side"),
        },
        hint="write both denominators down: where does torch divide by n?",
    )


NUM_CHANNELS, TOWERS, SIZE = 96, 2, 5  # conv1 of 2012


def changed_channels(
    channels: int = NUM_CHANNELS, towers: int = TOWERS, size: int = SIZE
) -> list[int]:
    """Channels whose number changes when each tower normalises its own; measured."""
    ones = torch.ones(1, channels, 1, 1, dtype=torch.float64)
    together = LocalResponseNorm(size)(ones)
    apart = LocalResponseNorm(size, groups=towers)(ones)
    return (together != apart).flatten().nonzero().flatten().tolist()


@exercise("at_the_border")
def check_at_the_border(answer: Any) -> CheckResult:
    """The channels of conv1 that two towers normalise differently, counted from 0."""
    return check_value(
        answer,
        changed_channels(),
        name="at_the_border",
        compare=_same_numbers,
        mistakes={
            "counted from 1": (range(47, 51), "the first channel were number 1"),
            "one each side": (range(47, 49), "a window of 5 reached one channel away"),
            "n each way": (range(43, 53), "a window of 5 reached five channels away"),
            "one too many": (range(45, 51), "a window of 5 reached three channels"),
            "first tower only": (range(46, 48), "only the first tower had an end here"),
            "second tower only": (
                range(48, 50),
                "only the second tower had an end here",
            ),
            "outer ends": (
                (0, 1, 94, 95),
                "the outer ends counted: there the window is cut with one tower, too",
            ),
            "all ends": (
                (0, 1, *range(46, 50), 94, 95),
                "the outer ends counted, too: there the window is cut with one tower "
                "as well",
            ),
        },
        hint="the towers meet between 47 and 48: whose window reaches across?",
    )


def _same_numbers(answer: Any, expected: Iterable[int]) -> str | None:
    if type(answer) not in (list, tuple, set, range):
        return WrongKind(f"it should be a list of numbers, not {type(answer).__name__}")
    for each in answer:
        if isinstance(same_integer(each, 0), WrongKind):
            return WrongKind("each channel is a whole number, counted from 0")
    same = {int(each) for each in answer} == set(expected)
    return None if same else "those are other channels"
