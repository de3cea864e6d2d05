"""Checks of notebook 04: the slopes of activations, and what they do to depth."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from alexnet_lib.learning.checks.compare import WrongKind, same_integer
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    check_value,
    exercise,
    same_tensor,
)
from alexnet_lib.learning.result import CheckResult, failed, passed

FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "ReLU": torch.relu,
}
SLOPE_TOLERANCE = 1e-5
# x, what to think of
SLOPE_CASES = (
    ([-2.0, -0.5, 0.5, 2.0], "draw the curve and lay a ruler on it"),
    ([1.0, 3.0, 6.0], "far from 0 the two S-shaped curves are nearly flat"),
    ([[-1.5, 0.25], [0.75, 2.5]], "the slopes have the shape of x, whatever it is"),
)
KINK, FAR = [-1.0, 0.0, 1.0], [-200.0, 200.0]


def _bent(name: str, says: str, function: Callable[[Tensor], Tensor]) -> Mistake:
    return Mistake(name=name, says=says, function=function)


SLOPE_MISTAKES = {
    "sigmoid": (
        _bent(
            "function itself", "its value were asked for, not its slope", torch.sigmoid
        ),
        _bent(
            "x for the value", "x stood where sigmoid(x) belongs", lambda x: x * (1 - x)
        ),
        _bent("squared", "both factors were sigmoid(x)", lambda x: x.sigmoid() ** 2),
        _bent(
            "tanh's rule",
            "1 - value² held for it, which is tanh's rule",
            lambda x: 1 - x.sigmoid() ** 2,
        ),
        _bent(
            "minus one",
            "1 had been taken from the value, not the value from 1",
            lambda x: x.sigmoid() * (x.sigmoid() - 1),
        ),
    ),
    "tanh": (
        _bent("function itself", "its value were asked for, not its slope", torch.tanh),
        _bent("x for the value", "x stood where tanh(x) belongs", lambda x: 1 - x**2),
        _bent("not squared", "the value were not squared", lambda x: 1 - x.tanh()),
        _bent(
            "sigmoid's rule",
            "value * (1 - value) held for it, which is the sigmoid's rule",
            lambda x: x.tanh() * (1 - x.tanh()),
        ),
    ),
    "ReLU": (
        _bent("function itself", "its value were asked for, not its slope", torch.relu),
        _bent("always 1", "it let everything pass, below 0 too", torch.ones_like),
        _bent("sign", "it fell below 0: there it is flat", torch.sign),
        _bent("upside down", "it were flat above 0", lambda x: (x < 0).float()),
    ),
}
KINK_MISTAKES = (
    _bent("1 at the kink", "0 belonged to the rising half", lambda x: (x >= 0).float()),
    _bent(
        "half at the kink",
        "the slope at 0 were the mean of both sides. That would do for the eye; torch "
        "takes another of the numbers from 0 to 1",
        lambda x: torch.heaviside(x, torch.tensor(0.5)),
    ),
)


@exercise("slopes")
def check_slopes(student: Callable[[Tensor], dict[str, Tensor]]) -> CheckResult:
    """`slopes(x)`, a dict of three tensors, against autograd."""
    if not callable(student):
        return failed(f"slopes should be a function, not {type(student).__name__}")
    if wrong_kind := _not_a_dict(student):
        return wrong_kind
    for name in FUNCTIONS:
        kink = name == "ReLU"
        cases = [*SLOPE_CASES, (FAR, "exp(200) is more than a float32 can hold")]
        rounds = [(cases, SLOPE_MISTAKES[name])]
        if kink:
            hint = "at 0 do as torch does: ask autograd for the slope there"
            rounds.append(([(KINK, hint)], KINK_MISTAKES))
        for some, mistakes in rounds:
            result = check_function(
                _part(student, name),
                name="slopes",
                reference=lambda x, name=name: by_autograd(FUNCTIONS[name], x),
                cases=[_slope_case(name, x, hint) for x, hint in some],
                mistakes=mistakes,
                compare=same_slopes,
                show_answer=lambda slope: f"slopes {_listed(slope)}",
            )
            if result.status != "passed":
                return result
    return passed("all three agree with autograd, at the kink and far out, too")


def _not_a_dict(student: Callable[[Tensor], dict[str, Tensor]]) -> CheckResult | None:
    try:
        answer = student(torch.tensor(SLOPE_CASES[0][0]))
    except Exception:  # the cases say where
        return None
    if answer is None or answer is Ellipsis:
        return None  # so do they
    keys = ", ".join(FUNCTIONS)
    if not isinstance(answer, dict):
        kind = type(answer).__name__
        return failed(f"slopes(x) should be a dict with the keys {keys}, not {kind}")
    if set(answer) != set(FUNCTIONS):
        found = ", ".join(map(str, answer))
        return failed(f"slopes(x) has the keys {found}: they should be {keys}")
    return None


def by_autograd(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """The slope of a function of each number of x, as torch finds it."""
    x = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(function(x).sum(), x)
    return slope


def same_slopes(answer: Any, expected: Tensor) -> str | None:
    """Numbers of the same shape, and none of them nan or infinite."""
    if type(answer) is Tensor and not answer.isfinite().all():
        return WrongKind(
            "one of these is no number. Something too large was divided by "
            "something too large, or 0 by 0: which form avoids that?"
        )
    return same_tensor(SLOPE_TOLERANCE)(answer, expected)


def _slope_case(name: str, x: list, hint: str) -> Case:
    call = f'slopes(x)["{name}"] at x = {x}'
    return Case(args=(torch.tensor(x),), hint=hint, call=call)


def _part(student: Callable, name: str) -> Callable[[Tensor], Tensor]:
    """One entry of what the learner's function gives back."""

    def part(x: Tensor) -> Tensor:
        answer = student(x)
        if answer is None:
            return None
        return answer[name]

    return part


def _listed(values: Any) -> str:
    if type(values) is not Tensor:
        return f"of type {type(values).__name__}"
    return ", ".join(f"{float(value) + 0.0:.3g}" for value in values.flatten())


DEPTH = 12  # median of seeds 0 to 4; a test measures it
SLACK = 1  # layers, either way


@exercise("sigmoid_depth")
def check_sigmoid_depth(answer: Any) -> CheckResult:
    """Where the median of the first layer's gradient norm falls under 1e-6."""
    return check_value(
        answer,
        DEPTH,
        name="sigmoid_depth",
        compare=_near,
        mistakes={
            "a quarter a layer": (
                10,
                "the norm were 1 before the first layer. Measure: where does it begin?",
            ),
            "torch's start": (9, "the weights were torch's own; 'xavier' is asked for"),
            "the paper's start": (
                5,
                "the weights were N(0, 0.01); 'xavier' is asked for",
            ),
            "Kaiming's start": (
                14,
                "the weights were Kaiming's; 'xavier' is asked for",
            ),
        },
        hint="go through the depths, five seeds each, and stop at the first median "
        "under 1e-6",
    )


def _near(answer: Any, expected: int) -> str | None:
    """Near the right depth is right; a known mistake is meant exactly."""
    difference = same_integer(answer, expected)
    if difference is None or isinstance(difference, WrongKind) or expected != DEPTH:
        return difference
    return None if abs(int(answer) - expected) <= SLACK else difference
