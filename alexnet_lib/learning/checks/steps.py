"""Checks of notebook 07: one step of training by hand, and the hours of a long run."""

from collections.abc import Callable
from math import ceil
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
    same_number,
    same_tensor,
)
from alexnet_lib.learning.result import CheckResult
from alexnet_lib.training import Recipe, StepResult, train_steps

Step = Callable[[nn.Module, Tensor, Tensor, float], float]


# --- one step ------------------------------------------------------------------------
def tiny_network(seed: int) -> nn.Sequential:
    """A convolution, a normalisation and a linear layer, in eval mode."""
    torch_state = torch.get_rng_state()
    torch.manual_seed(seed)
    network = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3)
    )
    torch.set_rng_state(torch_state)
    return network.eval()


def two_batches(seed: int) -> list[tuple[Tensor, Tensor]]:
    """Two mini-batches of pictures of 4 x 4."""
    draw = torch.Generator().manual_seed(seed)
    return [
        (torch.rand(size, 1, 4, 4, generator=draw), torch.arange(size) % 3)
        for size in (6, 4)
    ]


def trained_by_us(seed: int, rate: float) -> Tensor:
    """Both losses, then all parameters after both steps of the course's trainer."""
    network, batches = tiny_network(seed), two_batches(seed)
    recipe = Recipe(name="by hand", learning_rate=rate, epochs=1)
    steps = train_steps(network, batches, recipe)
    losses = [step.loss for step in steps if isinstance(step, StepResult)]
    return _flat(losses, network)


def trained_with(step: Step) -> Callable[[int, float], Tensor | None]:
    """The same numbers, when `step` is taken on both mini-batches."""

    def train(seed: int, rate: float) -> Tensor | None:
        network = tiny_network(seed)
        losses = [step(network, *batch, rate) for batch in two_batches(seed)]
        if any(loss is None for loss in losses):
            return None
        losses = [x.item() if type(x) is Tensor else float(x) for x in losses]
        return _flat(losses, network)

    return train


def _flat(losses: list[float], network: nn.Module) -> Tensor:
    numbers = [parameter.detach().flatten() for parameter in network.parameters()]
    return torch.cat([torch.as_tensor(losses, dtype=torch.float32), *numbers])


def any_step(
    *,
    training: bool = True,
    clear: bool = True,
    scale: Callable[[Tensor], float] = lambda labels: 1.0,
    softmax: bool = False,
    sign: float = -1.0,
    use_rate: bool = True,
    only: Callable[[nn.Parameter], bool] = lambda parameter: True,
    loss_after: bool = False,
) -> Step:
    """A step as the trainer takes it, and whatever goes wrong with one."""

    def take(network: nn.Module, images: Tensor, labels: Tensor, rate: float) -> float:
        network.train(training)
        if clear:
            network.zero_grad()
        logits = network(images)
        loss = F.cross_entropy(logits.softmax(dim=1) if softmax else logits, labels)
        (loss * scale(labels)).backward()
        with torch.no_grad():
            for parameter in filter(only, network.parameters()):
                parameter += sign * (rate if use_rate else 1.0) * parameter.grad
            if loss_after:
                loss = F.cross_entropy(network(images), labels)
        return (loss * scale(labels)).item()

    return take


STEP_MISTAKES = {
    "gradients kept": (
        "the gradients of the step before had been left in .grad: backward() adds",
        any_step(clear=False),
    ),
    "sum": (
        "the loss were the sum over the pictures, not their mean",
        any_step(scale=len),
    ),
    "uphill": ("the weights moved along the gradient, uphill", any_step(sign=1.0)),
    "softmax first": (
        "a softmax came before cross_entropy, which takes logits",
        any_step(softmax=True),
    ),
    "eval mode": (
        "the network were still in eval mode: the trainer calls network.train()",
        any_step(training=False),
    ),
    "rate forgotten": (
        "the learning rate were 1, whatever is asked for",
        any_step(use_rate=False),
    ),
    "biases left out": (
        "only weights were changed, no biases",
        any_step(only=lambda parameter: parameter.ndim > 1),
    ),
    "nothing changed": (
        "the weights stayed as they are: `w = w - ...` makes a new tensor, and the "
        "network keeps the old one",
        any_step(only=lambda parameter: False),
    ),
    "loss afterwards": (
        "the loss were measured after the step; the trainer notes the one before",
        any_step(loss_after=True),
    ),
}


@exercise("step_by_hand")
def check_step_by_hand(student: Step) -> CheckResult:
    """`step_by_hand(network, images, labels, rate)`: in place; gives the loss."""
    return check_function(
        trained_with(student) if callable(student) else student,
        name="step_by_hand",
        reference=trained_by_us,
        cases=[
            Case(
                args=(seed, rate),
                hint="compare forward, loss, backward, update, one after the other",
                call=f"two steps at rate {rate}",
            )
            for seed, rate in ((0, 0.1), (1, 0.03))
        ],
        mistakes=[
            Mistake(name=name, says=says, function=trained_with(step))
            for name, (says, step) in STEP_MISTAKES.items()
        ],
        compare=same_tensor(1e-5),
        show_answer=lambda answer: "other losses or other weights than the trainer",
    )


# --- the hours -----------------------------------------------------------------------
Hours = Callable[[float, int, int, int], float]
HOUR = 3600  # seconds


def right_hours(seconds: float, num_images: int, batch_size: int, epochs: int) -> float:
    """Hours of a training, from the seconds that two of its steps took together."""
    return seconds / 2 * ceil(num_images / batch_size) * epochs / HOUR


# seconds of two steps, pictures, in a mini-batch, epochs; each to catch one mistake
HOUR_CASES = (
    ((7.2, 100, 10, 1), "ten steps, and you know what two take"),
    ((3.0, 60_000, 128, 10), "60,000 is no multiple of 128: what is left is a step"),
    ((0.5, 1_000, 300, 3), "every epoch goes through all the pictures again"),
)
HOUR_MISTAKES: dict[str, tuple[str, Hours]] = {
    "two for one": (
        "the seconds given were those of one step",
        lambda s, n, b, e: 2 * right_hours(s, n, b, e),
    ),
    "rounded down": (
        "the last mini-batch of an epoch were left out",
        lambda s, n, b, e: s / 2 * (n // b) * e / HOUR,
    ),
    "not rounded": (
        "part of a mini-batch were part of a step: it is one, too",
        lambda s, n, b, e: s / 2 * (n / b) * e / HOUR,
    ),
    "one epoch": (
        "there were one epoch",
        lambda s, n, b, e: right_hours(s, n, b, 1),
    ),
    "in minutes": (
        "minutes were asked for",
        lambda s, n, b, e: 60 * right_hours(s, n, b, e),
    ),
    "in seconds": (
        "seconds were asked for",
        lambda s, n, b, e: HOUR * right_hours(s, n, b, e),
    ),
    "a step a picture": (
        "each picture had a step of its own",
        lambda s, n, b, e: s / 2 * n * e / HOUR,
    ),
    "seconds of a picture": (
        "a step were one picture of the mini-batch",
        lambda s, n, b, e: right_hours(s, n, b, e) / b,
    ),
}


@exercise("predict_hours")
def check_predict_hours(student: Hours) -> CheckResult:
    """`predict_hours(seconds, num_images, batch_size, epochs)`, from two steps."""
    return check_function(
        student,
        name="predict_hours",
        reference=right_hours,
        cases=[Case(args=args, hint=hint) for args, hint in HOUR_CASES],
        mistakes=[
            Mistake(name=name, says=says, function=function)
            for name, (says, function) in HOUR_MISTAKES.items()
        ],
        compare=same_number(1e-6),
        show_answer=_as_number,
    )


def _as_number(answer: Any) -> str:
    return f"{answer:.4g}" if isinstance(answer, int | float) else repr(answer)
