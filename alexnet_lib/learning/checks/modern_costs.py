"""Checks of notebook 13: what another first layer costs, and another end."""

from dataclasses import replace
from math import prod
from typing import Any

from alexnet_lib.architecture.arithmetic import LayerSummary, summarize
from alexnet_lib.architecture.small_pictures import RANK
from alexnet_lib.architecture.spec import Conv2d, Linear, ModelSpec
from alexnet_lib.architecture.variants import (
    ALEXNET_SMALL_32,
    ALEXNET_SMALL_32_FC,
    ALEXNET_SMALL_32_LOW_RANK,
    ALEXNET_TORCHVISION,
)
from alexnet_lib.learning.checks.engine import check_table, exercise
from alexnet_lib.learning.result import CheckResult

CLASSES = 10


def for_cifar(small_stem: bool) -> ModelSpec:
    """torchvision's network with ten classes: enlarged pictures, or a 3 x 3 stem."""
    conv1, *others, fc8 = ALEXNET_TORCHVISION.layers
    assert isinstance(conv1, Conv2d)
    assert isinstance(fc8, Linear)
    fc8 = replace(fc8, out_features=CLASSES)
    if not small_stem:
        layers = (conv1, *others, fc8)
        return replace(ALEXNET_TORCHVISION, name="enlarged to 224", layers=layers)
    conv1 = replace(conv1, kernel_size=3, stride=1, padding=1)
    return ModelSpec(
        name="3 x 3 first layer at 32",
        input_shape=(3, 32, 32),
        layers=(conv1, *others, fc8),
    )


def rows_of(spec: ModelSpec) -> dict[str, LayerSummary]:
    return {row.name: row for row in summarize(spec)}


# --- stem_costs -----------------------------------------------------------------------
def right_stem_costs() -> dict[str, int]:
    """What both tables say."""
    large, small = rows_of(for_cifar(False)), rows_of(for_cifar(True))
    return {
        "numbers in a picture of 224": prod(for_cifar(False).input_shape),
        "conv1, 11 x 11 at 224": large["conv1"].macs,
        "conv1, 3 x 3 at 32": small["conv1"].macs,
        "side behind pool5": small["pool5"].out_shape[1],
        "different numbers for fc6": prod(small["pool5"].out_shape),
    }


@exercise("stem_costs")
def check_stem_costs(answers: Any) -> CheckResult:
    """Multiply-adds of two first layers, and what arrives at fc6 behind the second."""
    large, small = rows_of(for_cifar(False)), rows_of(for_cifar(True))
    weights = {"11": 3 * 11 * 11 * 64, "3": 3 * 3 * 3 * 64}
    places = prod(large["conv1"].out_shape[1:]), prod(small["conv1"].out_shape[1:])
    one_colour = "the picture had one colour: a kernel is as deep as its input"
    biases = "biases were multiply-adds: they are added, not multiplied"
    return check_table(
        answers,
        right_stem_costs(),
        name="stem_costs",
        hints={
            "numbers in a picture of 224": "height times width, for each colour",
            "conv1, 11 x 11 at 224": "weights of the layer times places of a kernel",
            "conv1, 3 x 3 at 32": "with padding 1 and stride 1 a kernel has as many "
            "places as the picture has pixels",
            "side behind pool5": "three poolings of 3 at stride 2, rounded down; here "
            "no convolution changes the side",
            "different numbers for fc6": "the average pool can only repeat what pool5 "
            "gave it",
        },
        mistakes={
            "numbers in a picture of 224": {
                "grey": (224 * 224, one_colour),
                "small": (3 * 32 * 32, "the picture were not enlarged"),
            },
            "conv1, 11 x 11 at 224": {
                "no stride": (
                    weights["11"] * 224 * 224,
                    "the kernel stood at each pixel: its stride is 4",
                ),
                "grey kernels": (weights["11"] // 3 * places[0], one_colour),
                "biases": ((weights["11"] + 64) * places[0], biases),
                "one kernel": (weights["11"] // 64 * places[0], "it had one kernel"),
            },
            "conv1, 3 x 3 at 32": {
                "no padding": (weights["3"] * 30 * 30, "there were no padding"),
                "grey small kernels": (weights["3"] // 3 * places[1], one_colour),
                "small biases": ((weights["3"] + 64) * places[1], biases),
                "one small kernel": (
                    weights["3"] // 64 * places[1],
                    "it had one kernel",
                ),
            },
            "side behind pool5": {
                "behind avgpool": (
                    small["avgpool"].out_shape[1],
                    "that were the average pool, which stands behind pool5",
                ),
                "halved": (4, "each pooling halved the side: its windows overlap"),
            },
            "different numbers for fc6": {
                "copies": (
                    small["flatten"].out_shape[0],
                    "copies were different numbers: how many left pool5?",
                ),
                "one map": (
                    prod(small["pool5"].out_shape[1:]),
                    "there were one map",
                ),
            },
        },
    )


# --- end_costs ------------------------------------------------------------------------
def parameters(rows: dict[str, LayerSummary], *names: str) -> int:
    return sum(rows[name].num_params for name in names)


def thin_parameters(n_in: int, n_out: int, rank: int) -> int:
    """Two linear layers with biases instead of one, through `rank` numbers."""
    return n_in * rank + rank + rank * n_out + n_out


def largest_saving_rank(n_in: int, n_out: int) -> int:
    """The largest rank at which two thin layers have fewer parameters than one."""
    whole = n_in * n_out + n_out
    ranks = range(1, min(n_in, n_out) + 1)
    return max(r for r in ranks if thin_parameters(n_in, n_out, r) < whole)


def right_end_costs() -> dict[str, int]:
    """What the tables of the three ends say."""
    dense, average, thin = (
        rows_of(spec)
        for spec in (ALEXNET_SMALL_32_FC, ALEXNET_SMALL_32, ALEXNET_SMALL_32_LOW_RANK)
    )
    (n_in,), (n_out,) = dense["fc6"].in_shape, dense["fc6"].out_shape
    return {
        "fc6, fc7 and fc8": parameters(dense, "fc6", "fc7", "fc8"),
        "average, then fc8": parameters(average, "fc8"),
        f"fc6 of rank {RANK}": parameters(thin, "fc6_thin", "fc6"),
        "largest rank that saves": largest_saving_rank(n_in, n_out),
    }


@exercise("end_costs")
def check_end_costs(answers: Any) -> CheckResult:
    """Parameters of three ends of one network."""
    dense, average = rows_of(ALEXNET_SMALL_32_FC), rows_of(ALEXNET_SMALL_32)
    ends = [dense[name] for name in ("fc6", "fc7", "fc8")]
    (n_in,), (n_out,) = dense["fc6"].in_shape, dense["fc6"].out_shape
    maps, side, _ = average["relu5"].out_shape
    no_biases = "there were no biases: each output has one"
    thin = n_in * RANK, RANK * n_out
    return check_table(
        answers,
        right_end_costs(),
        name="end_costs",
        hints={
            "fc6, fc7 and fc8": "inputs times outputs, and a bias for each output",
            "average, then fc8": "how many numbers are left of a map?",
            f"fc6 of rank {RANK}": "two linear layers, each with its biases",
            "largest rank that saves": "write both counts down, with biases, and ask "
            "for which rank the second is smaller",
        },
        mistakes={
            "fc6, fc7 and fc8": {
                "no biases": (sum(row.macs for row in ends), no_biases),
                "no fc8": (sum(r.num_params for r in ends[:2]), "fc8 were left out"),
                "no pool5": (
                    sum(r.num_params for r in ends)
                    + (maps * side * side - n_in) * n_out,
                    "pool5 were not there: conv5's maps of 8 x 8 were flattened",
                ),
            },
            "average, then fc8": {
                "no bias in fc8": (average["fc8"].macs, no_biases),
                "not averaged": (
                    maps * side * side * CLASSES + CLASSES,
                    "all places of the maps were kept, and none averaged",
                ),
            },
            f"fc6 of rank {RANK}": {
                "thin without biases": (sum(thin), no_biases),
                "one thin layer": (thin[0] + RANK, "the second layer were left out"),
                "one bias vector": (sum(thin) + n_out, "the thin layer had no biases"),
                "square": (RANK * RANK + RANK, "fc6 were 32 x 32: it keeps its ends"),
            },
            "largest rank that saves": {
                "even": (
                    n_in * n_out // (n_in + n_out),
                    "biases and equality did not count: at this rank nothing is saved",
                ),
                "any rank": (
                    min(n_in, n_out) - 1,
                    "every rank below the full one saved",
                ),
            },
        },
    )
