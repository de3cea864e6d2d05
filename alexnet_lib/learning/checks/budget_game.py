"""The budget game of notebook 13: small networks, one held-out split, one test."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from alexnet_lib.data import Batches, DataSet, mean_and_std, split
from alexnet_lib.learning import progress
from alexnet_lib.learning.checks.counted import (
    CannotCount,
    Cost,
    answer,
    count_cost,
    largest_layer,
)
from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo
from alexnet_lib.training import Recipe, train

MOST = Cost(parameters=1_000_000, macs=50_000_000)
IN_SHAPE = (3, 32, 32)
HELD_OUT = 1_000  # pictures
MOST_EPOCHS = 3
BY_CHANCE = 0.3  # nobody is right so often before the first step
SECTION = "budget"  # of the reader's own file
MakeNetwork = Callable[[], nn.Module]


# --- small_network --------------------------------------------------------------------
@exercise("small_network")
def check_small_network(student: MakeNetwork) -> CheckResult:
    """`small_network()` gives a new module within the budget, counted here."""
    if not callable(student) or isinstance(student, nn.Module):
        kind = type(student).__name__
        return failed(f"small_network should be a function, not {kind}")
    try:
        network = student()
    except NotImplementedError:
        return todo("write the body of small_network, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"small_network() raised {type(error).__name__}: {error}")
    if network is None or network is Ellipsis:
        return failed(f"small_network() gave {network}: does it end with a return?")
    if not isinstance(network, nn.Module):
        return failed(f"it should be an nn.Module, not {type(network).__name__}")
    if student() is network:
        return failed(
            "two calls gave the very same module: make a new one each time, or a "
            "second try goes on with the training of the first",
            "not new",
        )
    try:
        cost = count_cost(network, IN_SHAPE)
    except CannotCount as error:
        return failed(f"the network cannot be counted: {error}", "cannot be counted")
    except Exception as error:
        return failed(
            f"given three pictures {IN_SHAPE}, the network raised "
            f"{type(error).__name__}: {error}",
            "does not run",
        )
    if not any(each.requires_grad for each in network.parameters()):
        return failed("it has no parameter that could be trained", "nothing to train")
    return _within(cost, network)


def _within(cost: Cost, network: nn.Module) -> CheckResult:
    most = largest_layer(network)
    if cost.parameters > MOST.parameters:
        return failed(
            f"{cost.parameters:,} numbers kept, and {MOST.parameters:,} are allowed; "
            f"most of them in {most or 'the module itself'!r}. Buffers count as well",
            "too many parameters",
        )
    if cost.macs > MOST.macs:
        return failed(
            f"{cost.macs:,} multiply-adds for a picture, and {MOST.macs:,} are "
            "allowed: how large are the maps that the widest layers see? Every call of "
            "a layer counts",
            "too much work",
        )
    return passed(
        f"{cost.parameters:,} parameters, {cost.macs:,} multiply-adds for a picture"
    )


# --- the game -------------------------------------------------------------------------
@dataclass(frozen=True)
class Try:
    """One network that was trained and judged; shows itself as a line for the class."""

    number: int
    cost: Cost
    accuracy: float  # on the held-out pictures, from 0 to 1
    network: nn.Module = field(repr=False, compare=False)

    def __str__(self) -> str:
        return (
            f"try {self.number}: {self.accuracy:.1%} of the held-out pictures, "
            f"{self.cost.parameters:,} parameters, {self.cost.macs:,} multiply-adds"
        )


class BudgetGame:
    """Trains what it is given, on the same pictures for all who share a class seed."""

    def __init__(self, pictures: DataSet, class_seed: int):
        self.class_seed = class_seed
        generator = torch.Generator().manual_seed(class_seed)
        images, labels = pictures.train_images, pictures.train_labels
        held_out = min(HELD_OUT, len(images) // 4)
        *self._train, held_images, held_labels = split(
            images, labels, held_out, generator=generator
        )
        self.scale = mean_and_std(self._train[0])
        self._held_out = held_images, held_labels
        self._test = pictures.test_images, pictures.test_labels
        self._source = pictures.note
        self.tries: list[Try] = []

    def play(self, make_network: MakeNetwork, recipe: Recipe) -> Try | str:
        """Count, train and judge a new network; or one line that says why not."""
        result = check_small_network(make_network)
        if result.status != "passed":
            return f"not played: {result.message}"
        if recipe.epochs > MOST_EPOCHS:
            return (
                f"not played: {recipe.epochs} epochs, and {MOST_EPOCHS} are allowed, "
                "so that nobody wins by patience"
            )
        network = make_network()
        count_cost(network, IN_SHAPE)  # lazy layers take shape before the optimizer
        before, _ = self._judge(network, self._held_out)
        if before > BY_CHANCE:
            return (
                f"not played: before its first step the network is right on "
                f"{before:.1%} of the held-out pictures, so it was trained elsewhere"
            )
        order = torch.Generator().manual_seed(self.class_seed)
        batches = Batches(
            *self._train,
            recipe.batch_size,
            shuffle=True,
            normalise=self.scale,
            generator=order,
            drop_last=True,  # batch normalisation cannot do with a last one alone
        )
        for _result in train(network, batches, recipe):
            pass
        return self._entered(network)

    def _entered(self, network: nn.Module) -> Try | str:
        """Counted again: now it has seen pictures, and may have become another."""
        cost = count_cost(network, IN_SHAPE)
        accuracy, macs = self._judge(network, self._held_out)
        if macs != cost.macs:
            return (
                f"not entered: {macs:,} multiply-adds for a real picture, "
                f"{cost.macs:,} for a trial one"
            )
        if (verdict := _within(cost, network)).status != "passed":
            return f"not entered: {verdict.message}"
        found = Try(len(self.tries) + 1, cost, accuracy, network)
        self.tries.append(found)
        return found

    def open_test(self) -> str:
        """Test the best try; once for a class seed, whatever comes later."""
        key = f"class seed {self.class_seed}, {self._source.partition(':')[0]}"
        if said := progress.read(SECTION).get(key):
            return f"the test set was opened before, and stays closed. Then: {said}"
        if not self.tries:
            return "nothing to test yet, so the test set stays closed: play first"
        best = max(self.tries, key=lambda each: each.accuracy)
        tested, _ = self._judge(best.network, self._test)
        number = len(self.tries)
        said = f"{best}; test {tested:.1%}, chosen of {number} tr{_y(number)}"
        progress.write(SECTION, key, said)
        return said

    def _judge(
        self, network: nn.Module, pair: tuple[Tensor, Tensor]
    ) -> tuple[float, int]:
        """Accuracy from 0 to 1, and the multiply-adds that it took for a picture."""
        right, most = 0, 0
        for images, labels in Batches(*pair, 250, normalise=self.scale):
            logits, macs = answer(network, images)
            right += int((logits.argmax(dim=1) == labels).sum())
            most = max(most, macs)
        return right / len(pair[1]), most


def _y(number: int) -> str:
    return "y" if number == 1 else "ies"
