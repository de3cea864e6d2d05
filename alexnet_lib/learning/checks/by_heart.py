"""Checks of notebook 06: where dropout stands, and a network that learns by heart."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.spec import Dropout
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.data import Batches, DataSet, mean_and_std
from alexnet_lib.learning.checks.engine import (
    check_table,
    exercise,
    same_choice,
    same_integer,
)
from alexnet_lib.learning.heads import BY_HEART, build_head
from alexnet_lib.learning.result import CheckResult, failed, passed, todo
from alexnet_lib.training import evaluate

# --- placement ------------------------------------------------------------------------
PAPER, TORCHVISION = "ALEXNET_2012", "ALEXNET_TORCHVISION"
WHO = ("paper", "torchvision", "both", "neither")


def numbers_dropped_from(variant: str) -> list[int]:
    """How many numbers of a picture pass each dropout layer, in the order of layers."""
    spec = find_variant(variant)
    rows = zip(spec.layers, summarize(spec), strict=True)
    return [row.in_shape[0] for layer, row in rows if isinstance(layer, Dropout)]


def right_placement() -> dict[str, Any]:
    """What the tables of both networks say."""
    paper, other = numbers_dropped_from(PAPER), numbers_dropped_from(TORCHVISION)
    return {
        "paper, first": paper[0],
        "paper, second": paper[1],
        "torchvision, first": other[0],
        "torchvision, second": other[1],
        "pool5 is dropped by": "torchvision",
        "fc7's output is dropped by": "paper",
    }


@exercise("placement")
def check_placement(answers: Any) -> CheckResult:
    """Numbers that pass each dropout layer, and who drops what."""
    expected = right_placement()
    hidden, flat = expected["paper, first"], expected["torchvision, first"]
    half = "half of them had been asked for: how many pass the layer, dropped or not?"
    mistakes: dict[str, dict[str, tuple[Any, str]]] = {
        "paper, first": {
            "input for output": (
                flat,
                "the inputs of fc6 were dropped, not its outputs",
            ),
            "half": (hidden // 2, half),
            "parameters": (
                flat * hidden + hidden,
                "dropout acted on parameters: it acts on what a layer puts out",
            ),
        },
        "paper, second": {
            "fc8": (1000, "it stood behind fc8: no logit is ever dropped"),
            "half": (hidden // 2, half),
        },
        "torchvision, first": {
            "output for input": (
                hidden,
                "the outputs of fc6 were dropped first: what stands before fc6?",
            ),
            "half": (flat // 2, half),
            "maps": (
                256,
                "whole maps of pool5 were dropped: its numbers are, one by one",
            ),
        },
        "torchvision, second": {
            "behind fc8": (1000, "it stood behind fc8: no logit is ever dropped"),
            "first again": (flat, "both layers stood in the same place"),
            "half": (hidden // 2, half),
        },
    }
    choice = same_choice(WHO)
    mistakes["pool5 is dropped by"] = {
        f"pool5: {who}": (who, "drop5 were not in one table only: look where it is")
        for who in WHO
        if who != expected["pool5 is dropped by"]
    }
    mistakes["fc7's output is dropped by"] = {
        f"fc7: {who}": (who, "drop7 were not in one table only: look where it is")
        for who in WHO
        if who != expected["fc7's output is dropped by"]
    }
    return check_table(
        answers,
        expected,
        name="placement",
        hints={
            key: "read the row of the table: its input is what passes"
            for key in expected
        },
        mistakes=mistakes,
        compare={
            key: same_integer if isinstance(right, int) else choice
            for key, right in expected.items()
        },
    )


# --- by_heart -------------------------------------------------------------------------
FEW, OTHERS, DROPOUT = 200, 1000, 0.5
TARGET, SECONDS = 0.99, 20
MiniBatches = Sequence[tuple[Tensor, Tensor]]


def few_and_others(pictures: DataSet) -> tuple[MiniBatches, MiniBatches]:
    """200 training pictures in mini-batches of 20, and 1,000 others of one size.

    Shape: pairs of images (n, 1, 28, 28), mean 0 and deviation 1, and labels (n,).
    """
    images, labels = pictures.train_images, pictures.train_labels
    others = min(OTHERS, len(images) - FEW)
    scale = mean_and_std(images[:FEW])
    size = BY_HEART.batch_size
    few = Batches(images[:FEW], labels[:FEW], size, normalise=scale)
    rest = Batches(images[-others:], labels[-others:], others, normalise=scale)
    return list(few), list(rest)


@exercise("by_heart")
def check_by_heart(
    student: Callable[[nn.Module, MiniBatches, MiniBatches], tuple[float, float]],
    pictures: DataSet,
) -> CheckResult:
    """`by_heart(network, few, others)`: 0.99 of the few within 20 s, and the gap."""
    if not callable(student):
        return failed(f"by_heart should be a function, not {type(student).__name__}")
    few, others = few_and_others(pictures)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = build_head(DROPOUT)
        before = [parameter.clone() for parameter in network.parameters()]
        started = time.process_time()
        try:
            answer = student(network, few, others)
        except NotImplementedError:
            return todo("write the body of by_heart, then run this cell again")
        except Exception as error:  # whatever the learner's code raises is the finding
            return failed(f"by_heart raised {type(error).__name__}: {error}")
        seconds = time.process_time() - started
    pairs = zip(before, network.parameters(), strict=True)
    if all(torch.equal(old, new) for old, new in pairs):
        return failed(
            "the network that was given has the weights it came with: train that one, "
            "not one of your own",
            "not trained",
        )
    return _by_heart_verdict(answer, network, few, others, seconds)


def _by_heart_verdict(
    answer: Any,
    network: nn.Module,
    few: MiniBatches,
    others: MiniBatches,
    seconds: float,
) -> CheckResult:
    numbers = _two_numbers(answer)
    if numbers is None:
        return failed(
            "by_heart should give two numbers, the accuracies on `few` and on `others`"
        )
    seen, new = (evaluate(network, pairs).accuracy for pairs in (few, others))
    if seen < TARGET:
        return failed(
            f"in eval mode the network is right on {seen:.1%} of the {FEW}: train on",
            "too early",
        )
    if new >= TARGET:
        return failed(
            f"{new:.1%} of the others are right as well: they were trained on, and now "
            "there is nothing left to measure a gap with",
            "others learned",
        )
    if seconds > SECONDS:
        return failed(
            f"it took {seconds:.0f} s of the processor, and {SECONDS} are allowed: "
            f"stop as soon as {TARGET:.0%} are right",
            "too slow",
        )
    if max(numbers) > 1:
        return failed("accuracies here are shares, from 0 to 1", "percent")
    first, second = numbers
    near = 0.5 / FEW  # half a picture
    if abs(first - seen) < near and abs(second - new) < near:
        return passed(
            f"{seen:.1%} of the {FEW} known by heart after {seconds:.1f} s of the "
            f"processor, {new:.1%} of others: a gap of {100 * (seen - new):.0f} points"
        )
    if abs(first - new) < near and abs(second - seen) < near:
        return failed("your two accuracies are in the other order", "swapped")
    if abs(first - seen) < near and abs(second - seen) < near:
        return failed(
            "both accuracies are those of the training pictures: a gap shows on "
            "pictures that were not trained on",
            "no gap",
        )
    if abs(second - new) < near and first < seen:
        return failed(
            f"you say {first:.1%} of the few, and in eval mode it is {seen:.1%}: you "
            "measured with dropout on, or while the weights still moved",
            "measured while training",
        )
    return failed(
        f"you say {first:.1%} and {second:.1%}; in eval mode it is {seen:.1%} of the "
        f"few and {new:.1%} of the others",
        "measured otherwise",
    )


def _two_numbers(answer: Any) -> tuple[float, float] | None:
    if type(answer) not in (tuple, list) or len(answer) != 2:
        return None
    numbers = [each.item() if type(each) is Tensor else each for each in answer]
    if any(type(each) not in (int, float) for each in numbers):
        return None
    return float(numbers[0]), float(numbers[1])
