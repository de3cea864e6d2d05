"""Checks of notebook 11: a rate that works, and decay on weights only."""

import math
import numbers
from collections.abc import Callable, Iterable
from functools import cache
from statistics import mean
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.data import stand_in
from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.hand_schedules import DECAY
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

Groups = Callable[[nn.Module], list[dict[str, Any]]]

# --- a rate that works ---
NUM_PICTURES, BATCH, STEPS = 1_000, 100, 50
HIDDEN = 64
LAST = 10  # steps over which the loss is averaged in the end
GOAL = 0.8  # nats; the loss begins at about ln 10 or a little above


@cache
def _pictures() -> tuple[Tensor, Tensor]:
    """Garments drawn by code: the same for every reader, with data or without."""
    images, labels = stand_in.draw("FashionMNIST", NUM_PICTURES)
    return torch.from_numpy(images).float()[:, None] / 255, torch.from_numpy(labels)


def first_losses(learning_rate: float) -> list[float]:
    """The loss before each of 50 steps, momentum 0.9, from the same fresh weights.

    A network of two linear layers with 64 units between them, on batches of 100
    garments drawn by code.
    """
    images, labels = _pictures()
    generator = torch.Generator().manual_seed(0)
    # torch's own draw is skipped: it would use up the reader's random numbers
    first = nn.utils.skip_init(nn.Linear, images[0].numel(), HIDDEN)
    last = nn.utils.skip_init(nn.Linear, HIDDEN, 10)
    for layer in (first, last):
        nn.init.xavier_uniform_(layer.weight, generator=generator)
        nn.init.zeros_(layer.bias)
    network = nn.Sequential(nn.Flatten(), first, nn.ReLU(), last)
    sgd = torch.optim.SGD(network.parameters(), lr=learning_rate, momentum=0.9)
    losses = []
    for _step in range(STEPS):
        chosen = torch.randint(NUM_PICTURES, (BATCH,), generator=generator)
        loss = F.cross_entropy(network(images[chosen]), labels[chosen])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        losses.append(loss.item())
    return losses


@exercise("falling_rate")
def check_falling_rate(answer: Any) -> CheckResult:
    """Run the 50 steps at this rate; any rate that reaches the goal passes."""
    if answer is None or answer is Ellipsis:
        return todo("set falling_rate, then run this cell again")
    if type(answer) is Tensor and answer.numel() == 1:
        answer = answer.item()
    if isinstance(answer, bool) or not isinstance(answer, numbers.Real):
        kind = type(answer).__name__
        return failed(f"falling_rate should be a number, not {kind}")
    rate = float(answer)
    if not math.isfinite(rate):
        return failed(f"falling_rate is {rate}: it should be an ordinary number")
    if rate < 0:
        return failed("a rate below 0 goes up the gradient: the loss rises", "uphill")
    if rate == 0:
        return failed("at rate 0 no weight moves", "no step")
    losses = first_losses(rate)
    begun, reached = losses[0], mean(losses[-LAST:])
    said = f"at {rate:g} the loss went from {begun:.2f} to {reached:.2f}"
    if reached <= GOAL:
        return passed(said)
    if not math.isfinite(reached) or reached >= begun:
        return failed(
            f"at {rate:g} the loss went from {begun:.2f} up to {max(losses):.3g}: each "
            "step leaps over the valley",
            "diverged",
        )
    if mean(first_losses(rate / 3)[-LAST:]) < reached:
        return failed(f"{said}: a third of this rate gets lower", "too large")
    return failed(f"{said}: the right way, in steps that are too short", "too small")


# --- decay on weights only ---
def _networks() -> Iterable[nn.Module]:
    yield nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))
    yield nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 2, bias=False))


@exercise("decay_groups")
def check_decay_groups(student: Groups) -> CheckResult:
    """`decay_groups(model)`: the groups for SGD; one step shows what decays."""
    if not callable(student):
        kind = type(student).__name__
        return failed(f"decay_groups should be a function, not {kind}")
    for model in _networks():
        try:
            groups = student(model)
        except NotImplementedError:
            return todo("write the body of decay_groups, then run this cell again")
        except Exception as error:  # whatever the learner's code raises is the finding
            return failed(f"decay_groups raised {type(error).__name__}: {error}")
        fault = _fault(model, groups)
        if fault is not None:
            return failed(*fault)
    return passed(
        f"every weight decays by {DECAY:g} a step and unit of rate, no bias does"
    )


def _fault(model: nn.Module, groups: Any) -> tuple[str, str | None] | None:
    """(message, mistake) for the first thing that is wrong with these groups."""
    if groups is None:
        return "decay_groups gave None: does it end with a return?", None
    kind = type(groups).__name__
    if not isinstance(groups, list | tuple) or not all(
        isinstance(group, dict) and "params" in group for group in groups
    ):
        return f"return a list of dicts, each with its 'params', not {kind}", None
    groups = [{**group, "params": _listed(group["params"])} for group in groups]
    given = [id(each) for group in groups for each in group["params"]]
    if len(given) > len(set(given)):
        return (
            "a parameter stands in two groups: torch refuses that, because it could "
            "not know which decay is meant",
            "listed twice",
        )
    names = {id(each): name for name, each in model.named_parameters()}
    if set(given) - set(names):
        return "a group holds something that is no parameter of the model", None
    if left := [name for key, name in names.items() if key not in set(given)]:
        return f"{left[0]} is in no group: it would never be trained", "left out"
    return _wrong_decay(model, groups)


def _wrong_decay(
    model: nn.Module, groups: list[dict[str, Any]]
) -> tuple[str, str | None] | None:
    """Read the decays off one step in which every gradient is 0."""
    before = {}
    for name, each in model.named_parameters():
        nn.init.ones_(each)
        each.grad = torch.zeros_like(each)
        before[name] = each.ndim > 1
    # float32 holds 1 - 0.0005 to four digits, which is enough to tell decays apart
    torch.optim.SGD([{**group, "lr": 1.0} for group in groups]).step()
    decays = {
        n: 1 - each.detach().mean().item() for n, each in model.named_parameters()
    }
    weights = [decays[name] for name, is_weight in before.items() if is_weight]
    biases = [decays[name] for name, is_weight in before.items() if not is_weight]
    if not any(weights) and not any(biases):
        return "nothing decays: where is weight_decay?", "no decay"
    if not any(weights):
        return "the biases decay and the weights do not: exchange them", "exchanged"
    if any(biases):
        return "a bias decays, too", "biases decay"
    if not all(weights):
        return "some weights decay, others do not", "some weights"
    if any(abs(decay - DECAY) > 0.01 * DECAY for decay in weights):
        shown = f"{weights[0]:.2g}"
        return f"the weights decay by {shown}, which is not the paper's", "amount"
    return None


def _listed(params: Any) -> list[Tensor]:
    return [params] if isinstance(params, Tensor) else list(params)
