"""Checks of notebook 09: four flat runs and their causes, and a cure."""

from collections.abc import Callable
from math import isfinite, sqrt
from typing import Any

import torch
from torch import nn

from alexnet_lib.data import DataSet
from alexnet_lib.inside.examination import between_pictures, descend
from alexnet_lib.learning import clinic
from alexnet_lib.learning.checks.engine import check_table, exercise, same_choice
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

TARGET = 1.8  # mean loss of the last ten steps
WORDS = (*clinic.CAUSES, "units dead")

# (what it is, what was answered): "you answered as if ..."
CONFUSIONS = {
    ("start too small", "rate too small"): (
        "a larger rate would help. A rate multiplies a gradient: how large is it?"
    ),
    ("rate too small", "start too small"): (
        "nothing arrived at the last layer: look at the spread of its logits"
    ),
    ("start too small", "pictures too dark"): (
        "the pictures were at fault: read the first line, then the second"
    ),
    ("pictures too dark", "start too small"): (
        "the weights were at fault: read the first line. What is white there?"
    ),
    ("pictures too dark", "rate too small"): (
        "the rate were at fault: it is the one of the others. What does it multiply?"
    ),
    ("rate too small", "pictures too dark"): (
        "the pictures were at fault: read the first line, then the last"
    ),
    ("labels shuffled", "rate too small"): (
        "it could not learn: look what happened to the 20 pictures"
    ),
    ("labels shuffled", "start too small"): (
        "no gradient arrived: look what happened to the 20 pictures"
    ),
    ("labels shuffled", "pictures too dark"): (
        "the pictures were at fault: look what happened to the 20 pictures"
    ),
    ("rate too small", "labels shuffled"): (
        "it could learn by heart: look what happened to the 20 pictures"
    ),
    ("start too small", "labels shuffled"): (
        "it could learn by heart: look what happened to the 20 pictures"
    ),
    ("pictures too dark", "labels shuffled"): (
        "it could learn by heart: look what happened to the 20 pictures"
    ),
}
DEAD = "its units were silent: then the gradient would be exactly 0"


@exercise("flat_runs")
def check_flat_runs(answers: Any) -> CheckResult:
    """A cause for each of the four letters."""
    expected = clinic.causes_by_letter()
    mistakes: dict[str, dict[str, tuple[str, str]]] = {}
    for letter, cause in expected.items():
        mistakes[letter] = {
            f"{cause} taken for {answer}": (answer, says)
            for (true, answer), says in CONFUSIONS.items()
            if true == cause
        } | {f"{cause} taken for units dead": ("units dead", DEAD)}
    return check_table(
        answers,
        expected,
        name="flat_runs",
        hints=dict.fromkeys(expected, "go down its card, and stop at the first oddity"),
        mistakes=mistakes,
        compare=same_choice(WORDS),
    )


# --- make_ready -----------------------------------------------------------------------
@exercise("make_ready")
def check_make_ready(
    student: Callable[[nn.Sequential], float], pictures: DataSet
) -> CheckResult:
    """`make_ready(network)`: weights in place, and a rate, for a loss under 1.8."""
    if not callable(student):
        return failed(f"make_ready should be a function, not {type(student).__name__}")
    network = clinic.new_network()
    described, modules = repr(network), list(network.modules())
    before = {name: t.clone() for name, t in network.state_dict().items()}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        try:
            rate = student(network)
        except NotImplementedError:
            return todo("write the body of make_ready, then run this cell again")
        except Exception as error:  # whatever the learner's code raises is the finding
            return failed(f"make_ready raised {type(error).__name__}: {error}")
    if isinstance(rate, bool) or not isinstance(rate, int | float):
        return failed(f"it should give a learning rate, not {type(rate).__name__}")
    if not (rate > 0 and isfinite(rate)):
        return failed(f"the rate is {rate}: it should be above 0")
    same = all(a is b for a, b in zip(modules, network.modules(), strict=False))
    if repr(network) != described or not same:
        return failed(
            "the network has other layers now: only its weights and biases are yours",
            "architecture changed",
        )
    changed = [
        name
        for name, tensor in network.state_dict().items()
        if not torch.equal(tensor, before[name])
    ]
    return _measured(network, rate, pictures, changed)


def _measured(
    network: nn.Sequential, rate: float, pictures: DataSet, changed: list[str]
) -> CheckResult:
    batches = clinic.mini_batches(pictures)
    spreads = {
        name: layer.weight.std().item() / sqrt(2 / layer.weight.shape[1])
        for name, layer in network.named_children()
        if isinstance(layer, nn.Linear)
    }  # of each layer's weights, in Kaiming's
    with torch.no_grad():
        logits = between_pictures(network(batches[0][0]))
    losses = descend(network, batches, rate)
    reached = sum(losses[-10:]) / 10
    if reached < TARGET:
        return passed(
            f"first loss {losses[0]:.2f}, the last ten of {len(losses)} steps "
            f"{reached:.2f} on average, at rate {rate:g}"
        )
    flat = f"the last ten losses are {reached:.2f} on average, at rate {rate:g}"
    if not changed:
        return failed(
            f"{flat}. The weights are those it came with: no rate makes up for a "
            "gradient that does not arrive",
            "weights left",
        )
    return _why_flat(flat, spreads, logits, reached, losses)


def _why_flat(
    flat: str,
    spreads: dict[str, float],
    logits: float,
    reached: float,
    losses: list[float],
) -> CheckResult:
    """The five steps again, as far as they are the learner's."""
    hidden = [spread for name, spread in spreads.items() if name not in ("fc1", "fc10")]
    middle = sorted(hidden)[len(hidden) // 2]
    lines = {
        "all alike": (
            min(spreads.values()) < 1e-6,
            "all weights of a layer are alike: then its units learn the same thing, "
            "and are one unit",
        ),
        "fan_out for fan_in": (
            abs(spreads["fc1"] / sqrt(784 / 64) - 1) < 0.1,
            "the weights of fc1 are too large for its 784 inputs: fan_out was counted, "
            "not fan_in",
        ),
        "start too large": (
            logits > 100,
            f"at the start a logit varied by {logits:.0e} from picture to picture: "
            "each layer makes its numbers larger",
        ),
        "rate too high": (
            not isfinite(reached) or max(losses) > 3 * losses[0],
            "the loss went up, or beyond all numbers: a smaller rate",
        ),
        "torch's default": (
            abs(middle * sqrt(6) - 1) < 0.1,
            "the spread of the weights is torch's own: with ReLU each layer hands on "
            "a sixth of the squares",
        ),
        "start too small": (
            logits < 0.01,
            f"at the start a logit varied by {logits:.0e} from picture to picture: "
            "nearly nothing of a picture arrived",
        ),
        "Xavier for Kaiming": (
            abs(middle * sqrt(2) - 1) < 0.1,
            "the spread of the weights is Xavier's: behind a ReLU each layer hands on "
            "half of the squares, so the rate must make up for it: a start made for "
            "ReLU, or a larger rate",
        ),
    }
    for mistake, (found, says) in lines.items():
        if found:
            return failed(f"{flat}: {says}", mistake)
    return failed(
        f"{flat}, and it began at {losses[0]:.2f}: the start is sound, so the steps "
        "are too short, or too long",
        "rate",
    )
