"""Check of notebook 14: a saliency by hand, which asks the network and leaves it."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.inside import attribution
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
    same_tensor,
)
from alexnet_lib.learning.result import CheckResult, failed

TOLERANCE = 1e-5


class Seen(nn.Sequential):
    """A small network that notes how many pictures each pass held."""

    def forward(self, images: Tensor) -> Tensor:
        self.passes: list[int] = [*getattr(self, "passes", []), len(images)]
        return super().forward(images)


def small_network(seed: int, height: int = 6, width: int = 6) -> Seen:
    """Two channels in, four classes out; in train mode, with a batch normalisation."""
    draw = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        layers = {
            "conv": nn.Conv2d(2, 3, 3, padding=1),
            "norm": nn.BatchNorm2d(3),
            "tanh": nn.Tanh(),
            "flatten": nn.Flatten(),
            "fc": nn.Linear(3 * height * width, 4),
        }
    network = Seen(OrderedDict(layers))
    for parameter in network.parameters():
        parameter.data = torch.randn(parameter.shape, generator=draw)
    network.norm.running_mean = torch.randn(3, generator=draw)
    network.norm.running_var = 0.5 + torch.rand(3, generator=draw)
    return network


def some_pictures(count: int, seed: int, height: int = 6, width: int = 6) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(count, 2, height, width, generator=draw)


def any_saliency(
    *,
    score: Callable[[Tensor, Tensor], Tensor] | None = None,
    size: Callable[[Tensor], Tensor] = torch.abs,
    channels: Callable[[Tensor], Tensor] = lambda g: g.amax(dim=1),
    evaluates: bool = True,
) -> Callable:
    """A saliency as it should be, and whatever goes wrong with one."""

    def wrong(model: nn.Module, images: Tensor, classes: Sequence[int]) -> Tensor:
        model.train(not evaluates)
        inputs = images.detach().clone().requires_grad_()
        labels = torch.as_tensor(classes)
        chosen = (score or _logit)(model(inputs), labels)
        (gradient,) = torch.autograd.grad(chosen.sum(), inputs)
        return channels(size(gradient))

    return wrong


def _logit(logits: Tensor, labels: Tensor) -> Tensor:
    return logits.gather(1, labels.unsqueeze(1))


def _share(logits: Tensor, labels: Tensor) -> Tensor:
    return _logit(logits.softmax(dim=1), labels)


SALIENCY_MISTAKES = (
    Mistake(
        name="probability",
        says="softmax came first: a probability also rises when other logits fall",
        function=any_saliency(score=_share),
    ),
    Mistake(
        name="loss",
        says="you took the gradient of the loss: that asks what would mend the answer",
        function=any_saliency(
            score=lambda logits, labels: F.cross_entropy(
                logits, labels, reduction="sum"
            )
        ),
    ),
    Mistake(
        name="all classes",
        says="all logits were added up: one was asked for, of each picture its own",
        function=any_saliency(score=lambda logits, labels: logits),
    ),
    Mistake(
        name="signed",
        says="the sign counted: a pixel that would lower the logit is as important",
        function=any_saliency(size=lambda gradient: gradient),
    ),
    Mistake(
        name="mean of the channels",
        says="the channels were averaged: of each pixel the largest was asked for",
        function=any_saliency(channels=lambda gradient: gradient.mean(dim=1)),
    ),
    Mistake(
        name="train mode",
        says="the network was in train mode: there a picture depends on its neighbours",
        function=any_saliency(evaluates=False),
    ),
    Mistake(
        name="the picture",
        says="the picture were its own explanation: with other weights the map stays "
        "the same, so it says nothing of the network",
        function=lambda model, images, classes: images.abs().amax(dim=1),
    ),
)


@exercise("saliency")
def check_saliency(student: Callable[[nn.Module, Tensor, Any], Tensor]) -> CheckResult:
    """`saliency(model, images, classes)`: values, and what is left behind."""
    cases = [
        Case(
            args=(small_network(seed), some_pictures(count, seed), classes),
            hint="one logit of each picture, its gradient, its size, of the channels "
            "the largest",
            call=f"saliency(network {seed}, {count} pictures, {classes})",
        )
        for seed, count, classes in ((1, 3, [2, 0, 3]), (2, 1, [1]), (3, 2, [0, 0]))
    ]
    result = check_function(
        student,
        name="saliency",
        reference=attribution.saliency,
        cases=cases,
        mistakes=SALIENCY_MISTAKES,
        compare=same_tensor(TOLERANCE),
        show_answer=lambda answer: type(answer).__name__,
    )
    return _left_behind(student) or result if result.status == "passed" else result


def _left_behind(student: Callable) -> CheckResult | None:
    network, images = small_network(4), some_pictures(2, 4)
    student(network, images, [1, 2])
    if any(parameter.grad is not None for parameter in network.parameters()):
        return failed(
            "right numbers, but the weights have a .grad now, and the next backward "
            "adds to it: `torch.autograd.grad(score, inputs)` leaves none",
            "gradients left",
        )
    if images.requires_grad:
        return failed(
            "right numbers, but the caller's pictures want gradients now: work on a "
            "clone",
            "the caller's pictures",
        )
    if not network.training:
        return failed(
            "right numbers, but the network came in train mode and stays in eval mode: "
            "put it back",
            "mode left",
        )
    return None
