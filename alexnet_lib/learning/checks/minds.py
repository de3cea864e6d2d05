"""Check of notebook 10: changes after which a network says something else."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import LENET5_RELU
from alexnet_lib.data import Batches, DataSet
from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo
from alexnet_lib.training import Recipe, evaluation, train

# Each takes and gives a batch (N, C, H, W) of pictures in [0, 1].
CHANGES: dict[str, Callable[[Tensor], Tensor]] = {
    "mirror": lambda images: images.flip(-1),
    "upside down": lambda images: images.flip(-2),
    "half turn": lambda images: images.flip((-2, -1)),
    "two pixels to the right": lambda images: images.roll(2, dims=-1),
    "half as bright": lambda images: images / 2,
}
READER = Recipe(
    name="reader",
    learning_rate=0.05,
    momentum=0.9,
    schedule="one_cycle",
    epochs=3,
    batch_size=64,
)
NUM_TRAIN = 6_000  # as many as the stand-in has
FOOLED, KEPT = 0.5, 0.25  # shares of the answers: at least, at most
KEYS = ("change", "digit", "kept")
SHOWN = ("mirror", 2)  # the page prints what becomes of it


def train_reader(digits: DataSet, seed: int = 0) -> nn.Sequential:
    """LeNet after three epochs on the first 6,000 digits, as notebook 10 trains it."""
    images, labels = digits.train_images[:NUM_TRAIN], digits.train_labels[:NUM_TRAIN]
    with torch.random.fork_rng(devices=[]):  # the notebook's own draws are left alone
        torch.manual_seed(seed)
        network = build_model(LENET5_RELU)
        initialize(network, READER.init)
        batches = Batches(images, labels, READER.batch_size, shuffle=True)
        for _result in train(network, batches, READER):
            pass
    return network


def share_changed(
    network: nn.Module,
    images: Tensor,
    labels: Tensor,
    change: Callable[[Tensor], Tensor],
) -> float:
    """Of the pictures that the network names right, the share that it then does not.

    Shape: images (N, C, H, W) in [0, 1], labels (N,).
    """
    with evaluation.mode(network, training=False), torch.no_grad():
        right = network(images).argmax(dim=1) == labels
        if not right.any():
            raise ValueError(
                f"the network names none of these {len(images)} pictures right: there "
                "is no answer that could change"
            )
        after = network(change(images[right])).argmax(dim=1)
    return (after != labels[right]).double().mean().item()


@exercise("fooled")
def check_fooled(answers: Any, digits: DataSet) -> CheckResult:
    """A change and a digit that it spoils, and one that it leaves alone."""
    if not isinstance(answers, dict):
        return failed(f"fooled should be a dict, not {type(answers).__name__}")
    if unknown := sorted(set(map(str, answers)) - set(KEYS)):
        return failed(f"fooled has a key that was not asked for: {unknown[0]!r}")
    missing = [key for key in KEYS if answers.get(key) is None]
    if len(missing) == len(KEYS):
        return todo("fill in fooled, then run this cell again")
    if missing:
        return todo(f"fooled[{missing[0]!r}] is still open")
    change, digit, kept = (answers[key] for key in KEYS)
    if type(change) is not str or change not in CHANGES:
        return failed(
            f"fooled['change']: {change!r} is not one of {', '.join(CHANGES)}",
            "not on the list",
        )
    for key in KEYS[1:]:
        if type(answers[key]) is not int or not 0 <= answers[key] <= 9:
            return failed(
                f"fooled[{key!r}]: {answers[key]!r} is not a digit, an int from 0 to 9",
                "no digit",
            )
    if digit == kept:
        return failed(
            f"the same digit, {digit}, cannot be spoilt and kept at once", "same digit"
        )
    if (change, digit) == SHOWN:
        return failed(
            "mirror: the two is on the page; find another change, or another digit",
            "the page's example",
        )
    return _measured(change, digit, kept, digits)


def _measured(change: str, digit: int, kept: int, digits: DataSet) -> CheckResult:
    network = train_reader(digits)
    spoilt, left = (
        _share_of_digit(network, digits, number, change) for number in (digit, kept)
    )
    if spoilt < FOOLED:
        harmless = change in ("two pixels to the right", "half as bright")
        reason = "; a digit stays that digit under this change" if harmless else ""
        return failed(
            f"{change}: the network changes its mind on {spoilt:.0%} of the pictures "
            f"of {digit}, which is less than half{reason}",
            "harmless change" if harmless else "too few",
        )
    if left > KEPT:
        return failed(
            f"{change}: {digit} is spoilt ({spoilt:.0%}), but {kept} is as well "
            f"({left:.0%}): which digit looks the same after it?",
            "kept one is spoilt too",
        )
    return passed(
        f"{change}: another answer for {spoilt:.0%} of {digit}, {left:.0%} of {kept}"
    )


def _share_of_digit(
    network: nn.Module, digits: DataSet, digit: int, change: str
) -> float:
    chosen = digits.test_labels == digit
    images, labels = digits.test_images[chosen] / 255, digits.test_labels[chosen]
    return share_changed(network, images, labels, CHANGES[change])
