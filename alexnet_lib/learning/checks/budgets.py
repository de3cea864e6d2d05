"""Checks of notebook 03: what a network holds in bytes, and what fits into a card."""

from math import prod
from typing import Any

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.memory import (
    BYTES_PER_NUMBER,
    GB,
    GIB,
    MB,
    MIB,
    training_memory,
)
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import ALEXNET_2012, ALEXNET_TORCHVISION
from alexnet_lib.learning.checks.engine import (
    check_table,
    check_value,
    exercise,
    same_choice,
    same_integer,
    same_number,
)
from alexnet_lib.learning.result import CheckResult

VERDICTS = ("true", "false", "wrong unit")
BATCH = 128  # the paper's mini-batch, section 5
CLOSE = 0.002  # relative: 208 will do for 208.03, MB will not do for MiB


@exercise("memory_claims")
def check_memory_claims(answers: Any) -> CheckResult:
    """A number with its unit and a verdict, for each of three sentences."""
    paper, theirs = training_memory(ALEXNET_2012), training_memory(ALEXNET_TORCHVISION)
    two = BYTES_PER_NUMBER * _numbers(ALEXNET_2012, "fc6", "fc7")
    activations = BATCH * paper.activations_per_image
    number, word = same_number(CLOSE), same_choice(VERDICTS)
    return check_table(
        answers,
        {
            "fc6_fc7_MiB": two / MIB,
            "nearly_1_GB": "false",
            "torchvision_MB": theirs.weights / MB,
            "file_of_233_MB": "wrong unit",
            "activations_128_MB": activations / MB,
            "mostly_weights": "false",
        },
        name="memory_claims",
        hints={
            "fc6_fc7_MiB": "numbers times bytes a number, divided by one MiB",
            "nearly_1_GB": "set your number of MiB beside 1000 MB",
            "torchvision_MB": "the same for torchvision's variant, in units of 10**6",
            "file_of_233_MB": "try your bytes in both units",
            "activations_128_MB": "every kept number of every layer, for 128 pictures",
            "mostly_weights": "compare with weights, gradients and momentum together",
        },
        mistakes={
            "fc6_fc7_MiB": {
                "MB": (two / MB, "a MiB had 10**6 bytes"),
                "numbers": (two / 4 / MIB, "a number took one byte"),
                "eight bytes": (2 * two / MIB, "a number took eight bytes (float64)"),
                "fc8 too": (
                    4 * _numbers(ALEXNET_2012, "fc6", "fc7", "fc8") / MIB,
                    "fc8 were one of the two",
                ),
                "whole network": (paper.weights / MIB, "all layers had been asked for"),
            },
            "nearly_1_GB": {
                "unit to blame": ("wrong unit", "another unit brought it near 1 GB"),
                "believed": ("true", "your number of MiB were nearly 1000"),
            },
            "torchvision_MB": {
                "MiB": (theirs.weights / MIB, "a MB had 2**20 bytes"),
                "numbers": (theirs.weights / 4 / MB, "a number took one byte"),
                "paper's network": (
                    paper.weights / MB,
                    "torchvision's network were the paper's",
                ),
            },
            "file_of_233_MB": {
                "believed": ("true", "MB and MiB were the same"),
                "no unit fits": ("false", "no unit made it 233"),
            },
            "activations_128_MB": {
                "one picture": (
                    paper.activations_per_image / MB,
                    "the mini-batch held one picture",
                ),
                "MiB": (activations / MIB, "a MB had 2**20 bytes"),
                "numbers": (activations / 4 / MB, "a number took one byte"),
                "flatten too": (
                    (activations + 4 * BATCH * _kept(ALEXNET_2012, "Flatten")) / MB,
                    "Flatten kept a copy of its own",
                ),
                "weights layers only": (
                    4 * BATCH * _kept(ALEXNET_2012, "Conv2d", "Linear") / MB,
                    "only layers with weights kept their outputs",
                ),
            },
            "mostly_weights": {
                "believed": ("true", "the three copies outweighed the activations"),
                "unit to blame": ("wrong unit", "a unit decided which is larger"),
            },
        },
        compare={
            "fc6_fc7_MiB": number,
            "nearly_1_GB": word,
            "torchvision_MB": number,
            "file_of_233_MB": word,
            "activations_128_MB": number,
            "mostly_weights": word,
        },
    )


@exercise("largest_batch")
def check_largest_batch(answer: Any) -> CheckResult:
    """The most pictures that fit into 3 * 10**9 bytes, an exact integer."""
    memory = training_memory(ALEXNET_2012)
    one, each = memory.weights, memory.activations_per_image
    right = memory.largest_batch(3 * GB)
    picture = BYTES_PER_NUMBER * prod(ALEXNET_2012.input_shape)
    flatten = BYTES_PER_NUMBER * _kept(ALEXNET_2012, "Flatten")
    weighted = BYTES_PER_NUMBER * _kept(ALEXNET_2012, "Conv2d", "Linear")
    rest = 3 * GB - 3 * one
    return check_value(
        answer,
        right,
        name="largest_batch",
        mistakes={
            "not rounded": (
                (3 * GB - 3 * one) / each,
                "a part of a picture fitted, too: round down, half a picture does not",
            ),
            "rounded up": (right + 1, "a picture that fits only in part still fitted"),
            "one copy forgotten": (
                (3 * GB - 2 * one) // each,
                "there were two numbers a parameter: gradient or momentum is missing",
            ),
            "two copies forgotten": (
                (3 * GB - one) // each,
                "there were the weights alone, without gradient and momentum",
            ),
            "weights forgotten": (3 * GB // each, "the parameters took no room"),
            "3 GiB": (memory.largest_batch(3 * GIB), "the card had 3 GiB, not 3 GB"),
            "batch counted once": (
                rest // (BATCH * each),
                "each picture needed the activations of a whole mini-batch",
            ),
            "numbers": (rest // (each // 4), "an activation took one byte"),
            "parameters in numbers": (
                (3 * GB - 3 * one // 4) // each,
                "a parameter took one byte",
            ),
            "flatten too": (rest // (each + flatten), "Flatten kept a copy"),
            "pictures too": (
                rest // (each + picture),
                "the pictures themselves were counted",
            ),
            "weights layers only": (
                rest // weighted,
                "only layers with weights kept their outputs",
            ),
        },
        compare=_whole_or_exact,
        hint="take what does not grow with the mini-batch away from the budget first",
    )


def _whole_or_exact(answer: Any, expected: int | float) -> str | None:
    """Whole numbers; a float is compared with the mistake that is one."""
    if isinstance(answer, float) and isinstance(expected, float):
        return same_number(1e-4)(answer, expected)
    return same_integer(answer, expected)


def _numbers(model_spec: ModelSpec, *names: str) -> int:
    return sum(row.num_params for row in summarize(model_spec) if row.name in names)


def _kept(model_spec: ModelSpec, *kinds: str) -> int:
    rows = summarize(model_spec)
    return sum(prod(row.out_shape) for row in rows if row.kind in kinds)
