"""Check of notebook 10: the mean answer over ten crops."""

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_lib.data.transforms import ten_crop
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
    same_tensor,
)
from alexnet_lib.learning.result import CheckResult


def average_of_ten(model: nn.Module, images: Tensor, size: int) -> Tensor:
    """Mean class probabilities of the ten crops. Shape: (N, num_classes)."""
    return _of_views(model, ten_crop(images, size)).softmax(dim=-1).mean(dim=1)


def _of_views(model: nn.Module, views: Tensor) -> Tensor:
    """Logits of every view. Shape: (N, V, C, H, W) -> (N, V, num_classes)."""
    with torch.no_grad():
        return model(views.flatten(0, 1)).unflatten(0, views.shape[:2])


def _logits_averaged(model: nn.Module, images: Tensor, size: int) -> Tensor:
    return _of_views(model, ten_crop(images, size)).mean(dim=1).softmax(dim=-1)


def _logits_left(model: nn.Module, images: Tensor, size: int) -> Tensor:
    return _of_views(model, ten_crop(images, size)).mean(dim=1)


def _no_flips(model: nn.Module, images: Tensor, size: int) -> Tensor:
    five = ten_crop(images, size)[:, :5]
    return _of_views(model, five).softmax(dim=-1).mean(dim=1)


def _centre(model: nn.Module, images: Tensor, size: int) -> Tensor:
    centre = ten_crop(images, size)[:, 4:5]
    return _of_views(model, centre).softmax(dim=-1).mean(dim=1)


def _centre_and_mirror(model: nn.Module, images: Tensor, size: int) -> Tensor:
    two = ten_crop(images, size)[:, [4, 9]]
    return _of_views(model, two).softmax(dim=-1).mean(dim=1)


def _one_flip(model: nn.Module, images: Tensor, size: int) -> Tensor:
    six = ten_crop(images, size)[:, [0, 1, 2, 3, 4, 9]]
    return _of_views(model, six).softmax(dim=-1).mean(dim=1)


def _corners(model: nn.Module, images: Tensor, size: int) -> Tensor:
    eight = ten_crop(images, size)[:, [0, 1, 2, 3, 5, 6, 7, 8]]
    return _of_views(model, eight).softmax(dim=-1).mean(dim=1)


def _upside_down(model: nn.Module, images: Tensor, size: int) -> Tensor:
    five = ten_crop(images, size)[:, :5]
    views = torch.cat([five, five.flip(-2)], dim=1)
    return _of_views(model, views).softmax(dim=-1).mean(dim=1)


def _votes(model: nn.Module, images: Tensor, size: int) -> Tensor:
    logits = _of_views(model, ten_crop(images, size))
    winners = nn.functional.one_hot(logits.argmax(dim=-1), logits.shape[-1])
    return winners.double().mean(dim=1)


def _sum(model: nn.Module, images: Tensor, size: int) -> Tensor:
    return 10 * average_of_ten(model, images, size)


def _largest(model: nn.Module, images: Tensor, size: int) -> Tensor:
    shares = _of_views(model, ten_crop(images, size)).softmax(dim=-1)
    return shares.amax(dim=1)


def _mixed_up(model: nn.Module, images: Tensor, size: int) -> Tensor:
    """Ten whole batches behind one another, read as ten views of each picture."""
    views = ten_crop(images, size).transpose(0, 1).flatten(0, 1)
    with torch.no_grad():
        shares = model(views).softmax(dim=-1)
    return shares.reshape(len(images), 10, -1).mean(dim=1)


def _softmax_over_views(model: nn.Module, images: Tensor, size: int) -> Tensor:
    return _of_views(model, ten_crop(images, size)).softmax(dim=1).mean(dim=1)


MISTAKES = tuple(
    Mistake(name=name, says=says, function=function)
    for name, says, function in (
        (
            "logits averaged",
            "the softmax came behind the average: the paper averages what the softmax "
            "gives",
            _logits_averaged,
        ),
        ("no softmax", "logits were probabilities: there is no softmax", _logits_left),
        ("no flips", "there were five crops, none of them mirrored", _no_flips),
        ("centre only", "there were one crop, the middle one", _centre),
        (
            "centre and its mirror",
            "only the middle were cut out, and mirrored",
            _centre_and_mirror,
        ),
        ("one flip", "only the middle crop were mirrored: all five are", _one_flip),
        ("corners only", "the middle were left out", _corners),
        (
            "upside down",
            "the crops were turned upside down: they are mirrored left to right",
            _upside_down,
        ),
        ("votes", "each crop had one vote, however sure it is", _votes),
        ("summed", "the ten were added and not divided by ten", _sum),
        ("largest", "the surest crop decided for each class", _largest),
        (
            "pictures mixed up",
            "crops of different pictures were averaged: look at the order in which "
            "you join and part the axes",
            _mixed_up,
        ),
        (
            "softmax over the crops",
            "the ten crops of a class made 1 together: the classes of a crop do",
            _softmax_over_views,
        ),
    )
)


def _tiny_model(size: int, channels: int, num_classes: int = 4) -> nn.Module:
    """A linear classifier whose answers are neither sure nor even."""
    generator = torch.Generator().manual_seed(size)
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(channels * size**2, num_classes, dtype=torch.float64)
    )
    for parameter in model.parameters():
        values = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
        parameter.data = 1.5 * values
    return model.requires_grad_(False)


def _cases() -> list[Case]:
    generator = torch.Generator().manual_seed(0)
    cases = []
    for shape, size, hint in (
        ((1, 1, 5, 5), 3, "cut the ten crops of one picture, then average over them"),
        ((3, 1, 5, 5), 3, "three pictures: every row of the answer is one of them"),
        ((2, 3, 6, 8), 4, "a picture may be wider than it is high"),
    ):
        images = torch.rand(shape, generator=generator, dtype=torch.float64)
        call = f"average_of_ten(model, images of shape {shape}, {size})"
        args = (_tiny_model(size, shape[1]), images, size)
        cases.append(Case(args=args, hint=hint, call=call))
    return cases


@exercise("average_of_ten")
def check_average_of_ten(student: Callable[..., Tensor]) -> CheckResult:
    """`average_of_ten(model, images, size)` against the mean over `ten_crop`."""
    return check_function(
        _detached(student) if callable(student) else student,
        name="average_of_ten",
        reference=average_of_ten,
        cases=_cases(),
        mistakes=MISTAKES,
        compare=same_tensor(1e-5),
        show_answer=lambda answer: f"a {type(answer).__name__}",
    )


def _detached(student: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """The learner's function; an answer that still carries gradients is as good."""

    @functools.wraps(student)
    def run(*args: Any) -> Tensor:
        answer = student(*args)
        return answer.detach() if type(answer) is Tensor else answer

    return run
