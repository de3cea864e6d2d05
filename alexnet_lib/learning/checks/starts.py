"""Checks of notebook 09: the spread that keeps a signal, and what was set in 2012."""

from collections.abc import Callable
from math import sqrt
from typing import Any

import torch

from alexnet_lib.learning.checks.compare import WrongKind, same_number
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    check_table,
    exercise,
)
from alexnet_lib.learning.configuration import LAYERS, starts
from alexnet_lib.learning.result import CheckResult

TOLERANCE = 0.05  # of a standard deviation found by drawing
# in_channels, out_channels, kernel_size, groups; what to think of
STD_CASES = (
    (256, 384, 3, 1, "conv3: how many numbers does one output add up?"),
    (96, 256, 5, 2, "conv2 has two groups: an output sees half of the channels"),
    (384, 256, 3, 2, "conv5: groups again"),
    (4096, 1000, 1, 1, "fc8, as a window of one pixel"),
    (8, 64, 5, 1, "few inputs, many outputs"),
)


def fan_in(in_channels: int, kernel_size: int, groups: int) -> int:
    """How many numbers one output is the weighted sum of."""
    return in_channels // groups * kernel_size**2


def right_std(
    in_channels: int, out_channels: int, kernel_size: int, groups: int
) -> float:
    """Kaiming's: the mean square behind ReLU stays as it was."""
    return sqrt(2 / fan_in(in_channels, kernel_size, groups))


def _mistake(name: str, says: str, function: Callable) -> Mistake:
    return Mistake(name=name, says=says, function=function)


STD_MISTAKES = (
    _mistake(
        "Xavier for Kaiming",
        "inputs and outputs were averaged: sqrt(2 / (fan_in + fan_out)) is Xavier's, "
        "and knows nothing of a ReLU",
        lambda i, o, k, g: sqrt(2 / (fan_in(i, k, g) + o * k * k)),
    ),
    _mistake(
        "fan_out for fan_in",
        "the outputs were counted: an output adds up its inputs",
        lambda i, o, k, g: sqrt(2 / (o * k * k)),
    ),
    _mistake(
        "no ReLU",
        "all of the signal came through: a ReLU takes half of the squares away",
        lambda i, o, k, g: sqrt(1 / fan_in(i, k, g)),
    ),
    _mistake(
        "groups forgotten",
        "an output saw all channels, in a layer with groups too",
        lambda i, o, k, g: sqrt(2 / (i * k * k)),
    ),
    _mistake(
        "channels only",
        "a window had one pixel: an output adds up kernel_size * kernel_size of each "
        "channel",
        lambda i, o, k, g: sqrt(2 / (i // g)),
    ),
    _mistake(
        "kernel not squared",
        "a window had only one side",
        lambda i, o, k, g: sqrt(2 / (i // g * k)),
    ),
    _mistake(
        "variance",
        "the variance had been asked for: its root is the standard deviation",
        lambda i, o, k, g: 2 / fan_in(i, k, g),
    ),
    _mistake(
        "bound of a uniform draw",
        "you gave the bound of a uniform draw: it is sqrt(3) times as large",
        lambda i, o, k, g: sqrt(6 / fan_in(i, k, g)),
    ),
)


@exercise("kaiming_std")
def check_kaiming_std(student: Callable[[int, int, int, int], float]) -> CheckResult:
    """`kaiming_std(in_channels, out_channels, kernel_size, groups)`, within 5 %."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return check_function(
            student,
            name="kaiming_std",
            reference=right_std,
            cases=[Case(args=tuple(args), hint=hint) for *args, hint in STD_CASES],
            mistakes=STD_MISTAKES,
            compare=same_number(TOLERANCE),
            show_answer=lambda answer: (
                f"{float(answer):.4g}" if isinstance(answer, float) else repr(answer)
            ),
        )


# --- set_in_2012 ----------------------------------------------------------------------
WIDER, ONES = "std 0.03", "bias 1"
CONVOLUTIONS = frozenset(LAYERS[:5])
EVERYTHING = frozenset(LAYERS)


def right_sets() -> dict[str, frozenset[str]]:
    """The layers with 0.03, and those whose biases are 1."""
    found = starts()
    return {
        WIDER: frozenset(name for name, (std, _) in found.items() if std == 0.03),
        ONES: frozenset(name for name, (_, bias) in found.items() if bias == 1),
    }


def same_layers(answer: Any, expected: frozenset[str]) -> str | None:
    """A set, list or tuple of the course's names of layers."""
    if type(answer) not in (set, frozenset, list, tuple):
        return WrongKind(f"it should be a set of layers, not {type(answer).__name__}")
    if unknown := [name for name in answer if name not in LAYERS]:
        return WrongKind(
            f"{unknown[0]!r} is no layer of ours: they are {', '.join(LAYERS)}"
        )
    if frozenset(answer) == expected:
        return None
    if frozenset(answer) < expected:
        return "right as far as it goes, but some are missing"
    return "those are other layers"


@exercise("set_in_2012")
def check_set_in_2012(answers: Any) -> CheckResult:
    """Two sets of layers, read from the listing of configuration 145."""
    expected = right_sets()
    wider, ones = expected[WIDER], expected[ONES]
    return check_table(
        answers,
        expected,
        name="set_in_2012",
        hints={
            WIDER: "read initW, line by line",
            ONES: "read initB, line by line; no initB means 0",
        },
        mistakes={
            WIDER: {
                "as the paper": (
                    frozenset(),
                    "the paper's sentence held for the code: 0.01 in each layer",
                ),
                "all convolutions": (
                    CONVOLUTIONS,
                    "the convolutions had it, and the linear layers not",
                ),
                "by bias": (ones, "0.03 went with the biases of 1"),
                "conv3 only": (
                    frozenset({"conv3"}),
                    "only the layer that reads both towers had it",
                ),
                "grouped ones": (
                    frozenset({"conv2", "conv4", "conv5"}),
                    "the layers with two groups had it",
                ),
            },
            ONES: {
                "fc8 as well": (
                    ones | {"fc8"},
                    "all linear layers had it: fc1000 has no initB",
                ),
                "conv3 as well": (
                    ones | {"conv3"},
                    "all from conv2 on had it: conv3a has no initB",
                ),
                "by std": (wider, "the biases of 1 went with 0.03"),
                "zeros": (EVERYTHING - ones, "those without initB had been asked for"),
                "all": (EVERYTHING, "a missing initB meant 1: it means 0"),
                "convolutions only": (
                    ones & CONVOLUTIONS,
                    "only convolutions had it: fc2048a is fc6, fc2048ba is fc7",
                ),
            },
        },
        compare=same_layers,
    )
