"""Checks of notebook 01: LeNet against AlexNet, and networks over several seeds."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.spec import Conv2d, Dropout, Linear, ModelSpec
from alexnet_lib.architecture.variants import (
    ALEXNET_2012,
    ALEXNET_ONE_TOWER,
    ALEXNET_TORCHVISION,
    LENET5,
)
from alexnet_lib.learning.checks.engine import (
    Compare,
    check_table,
    exercise,
    same_choice,
    same_integer,
    same_number,
)
from alexnet_lib.learning.proofs.beginnings import recorded, separate_pairs
from alexnet_lib.learning.result import CheckResult

PAPER_SIDE = 224  # pixels, as the paper writes it; its windows fit 227
ACTIVATIONS = ("sigmoid", "tanh", "ReLU")
POOLINGS = ("average 2/2", "average 3/2", "max 2/2", "max 3/2")  # window / stride


def totals(model_spec: ModelSpec) -> tuple[int, int]:
    """Parameters and multiply-adds of a network."""
    rows = summarize(model_spec)
    return sum(row.num_params for row in rows), sum(row.macs for row in rows)


def learned(model_spec: ModelSpec) -> int:
    """Layers with weights."""
    return sum(isinstance(layer, Conv2d | Linear) for layer in model_spec.layers)


def first_maps(model_spec: ModelSpec) -> int:
    """Kernels of the first convolution."""
    return next(x.out_channels for x in model_spec.layers if isinstance(x, Conv2d))


HINTS = {
    "extra_learned_layers": "count what has weights in each, and subtract",
    "input_side_ratio": "sides in pixels, the paper's divided by LeNet's",
    "first_maps_ratio": "kernels of the first convolution, divided",
    "parameters_ratio": "AlexNet's total divided by LeNet's",
    "multiply_adds_ratio": "the sum of .macs over all rows, divided",
    "activation": "the paper's section 3.1 is about it",
    "pooling": "the paper's section 3.4 gives s = 2 and z = 3",
    "dropout_layers": "look for the kind Dropout among the paper's layers",
}


@exercise("differences")
def check_differences(answers: Any) -> CheckResult:
    """Eight differences between LeNet-5 (sigmoid, average) and the paper's network."""
    (params, macs), (old_params, old_macs) = totals(ALEXNET_2012), totals(LENET5)
    tower_params, tower_macs = totals(ALEXNET_ONE_TOWER)
    torchvision_params, torchvision_macs = totals(ALEXNET_TORCHVISION)
    old_side, old_maps = LENET5.input_shape[1], first_maps(LENET5)
    expected = {
        "extra_learned_layers": learned(ALEXNET_2012) - learned(LENET5),
        "input_side_ratio": PAPER_SIDE / old_side,
        "first_maps_ratio": first_maps(ALEXNET_2012) / old_maps,
        "parameters_ratio": params / old_params,
        "multiply_adds_ratio": macs / old_macs,
        "activation": "ReLU",
        "pooling": "max 3/2",
        "dropout_layers": sum(isinstance(x, Dropout) for x in ALEXNET_2012.layers),
    }
    ten = (10, "a tutorial's 'ten times' were right: count")
    one_tower = "the network without groups had been counted"
    torchvision = "torchvision's network had been counted"
    inverted = "LeNet had been divided by AlexNet"
    mistakes = {
        "extra_learned_layers": {
            "all layers": (learned(ALEXNET_2012), "LeNet's had not been subtracted"),
            "poolings too": (4, "poolings had weights"),
        },
        "input_side_ratio": {
            "ten times": ten,
            "area": ((PAPER_SIDE / old_side) ** 2, "pixels were counted, not a side"),
        },
        "first_maps_ratio": {
            "ten times": ten,
            "difference": (first_maps(ALEXNET_2012) - old_maps, "they were subtracted"),
            "torchvision": (first_maps(ALEXNET_TORCHVISION) / old_maps, torchvision),
        },
        "parameters_ratio": {
            "inverted": (old_params / params, inverted),
            "difference": (params - old_params, "they were subtracted"),
            "one tower": (tower_params / old_params, one_tower),
            "torchvision": (torchvision_params / old_params, torchvision),
        },
        "multiply_adds_ratio": {
            "inverted": (old_macs / macs, inverted),
            "parameters": (params / old_params, "parameters were multiply-adds"),
            "one tower": (tower_macs / old_macs, one_tower),
            "torchvision": (torchvision_macs / old_macs, torchvision),
        },
        "activation": {"LeNet's": ("sigmoid", "LeNet had been asked about")},
        "pooling": {
            "LeNet's": ("average 2/2", "LeNet had been asked about"),
            "not overlapping": ("max 2/2", "the windows stood side by side"),
        },
        "dropout_layers": {
            "every linear layer": (3, "the last linear layer had one as well"),
            "none": (0, "the table of LeNet had been searched"),
        },
    }
    return check_table(
        answers,
        expected,
        name="differences",
        hints=HINTS,
        mistakes=mistakes,
        compare={
            "extra_learned_layers": same_integer,
            "input_side_ratio": same_number(0.02),  # 227 / 28 is as good
            "first_maps_ratio": same_number(),
            "parameters_ratio": same_number(1e-3),
            "multiply_adds_ratio": same_number(1e-3),
            "activation": same_choice(ACTIVATIONS),
            "pooling": same_choice(POOLINGS),
            "dropout_layers": same_integer,
        },
    )


@exercise("separate")
def check_separate(answers: Any) -> CheckResult:
    """The pairs of recorded LeNets whose ranges do not overlap, by two measures."""
    losses, accuracies = recorded("train_loss"), recorded("test_accuracy")
    by_loss, by_accuracy = separate_pairs(losses), separate_pairs(accuracies)
    first = separate_pairs(recorded("first_train_loss"))
    everything = {frozenset(pair) for pair in combinations(losses, 2)}
    means = (everything, "it were enough that two means differ")
    return check_table(
        answers,
        {"train_loss": by_loss, "test_accuracy": by_accuracy},
        name="separate",
        hints={
            "train_loss": "low is good: the worst run of the better network decides",
            "test_accuracy": "look for a gap between two bars, not between two marks",
        },
        mistakes={
            "train_loss": {
                "means differ": means,
                "overlapping": (everything - by_loss, "the overlapping pairs counted"),
                "first epoch": (first, "the loss of the first epoch were asked for"),
                "other measure": (by_accuracy, "test accuracy had been looked at"),
            },
            "test_accuracy": {
                "means differ": means,
                "other measure": (by_loss, "the training loss had been looked at"),
                "best run": (
                    _best_run(accuracies),
                    "the network with the best single run beat all the others",
                ),
            },
        },
        compare={
            "train_loss": same_pairs(sorted(losses)),
            "test_accuracy": same_pairs(sorted(losses)),
        },
    )


def _best_run(values: dict[str, list[float]]) -> set[frozenset[str]]:
    best = max(values, key=lambda name: max(values[name]))
    return {frozenset((best, other)) for other in values if other != best}


def same_pairs(names: Sequence[str]) -> Compare:
    """A set or list of pairs of these names, in either order."""

    def compare(answer: Any, expected: set[frozenset[str]]) -> str | None:
        if type(answer) not in (set, frozenset, list, tuple):
            kind = type(answer).__name__
            return f"it should be a set or a list of pairs, not {kind}"
        given = set()
        for pair in answers_as_lists(answer):
            if len(pair) != 2 or any(type(name) is not str for name in pair):
                return f"each entry is a pair of two names, got {pair!r}"
            if unknown := [name for name in pair if name not in names]:
                return f"there are no runs of {unknown[0]!r}"
            if pair[0] == pair[1]:
                return f"a network makes no pair with itself: {pair[0]}"
            given.add(frozenset(pair))
        if wrong := sorted(map(sorted, given - expected)):
            first, second = wrong[0]
            return f"the ranges of {first} and {second} overlap"
        return None if given == expected else "there are more pairs than those"

    return compare


def answers_as_lists(answer: Any) -> list[list[Any]]:
    """Each entry as a list; what is no pair at all becomes a list of itself."""
    return [
        list(pair) if type(pair) in (tuple, list, set, frozenset) else [pair]
        for pair in answer
    ]
