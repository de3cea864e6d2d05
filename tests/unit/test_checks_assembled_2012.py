"""The paper's network, put together wrongly in the ways of other sources."""

from typing import Any

import pytest
import torch
from torch import nn

from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import ALEXNET_2012, ALEXNET_TORCHVISION
from alexnet_lib.learning.checks.assembled_2012 import check_alexnet_2012
from tests.unit.checking import EqualsEverything, assert_check_is_fair, stub


def written(
    *,
    groups: int = 2,
    norm: Any = LocalResponseNorm,
    first: str = "crnp",
    pool: int = 3,
    classes: int = 1000,
    drop: str = "after",
    end: tuple = (),
) -> nn.Sequential:
    """The network in torch's words; `first` is the order in the first two layers."""

    def block(conv: nn.Conv2d) -> list[nn.Module]:
        parts = {"c": conv, "r": nn.ReLU(), "n": norm(), "p": nn.MaxPool2d(pool, 2)}
        return [parts[letter] for letter in first]

    before = [nn.Dropout()] if drop == "before" else []
    after = [nn.Dropout()] if drop == "after" else []
    return nn.Sequential(
        *block(nn.Conv2d(3, 96, 11, 4)),
        *block(nn.Conv2d(96, 256, 5, padding=2, groups=groups)),
        *(nn.Conv2d(256, 384, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(384, 384, 3, padding=1, groups=groups), nn.ReLU()),
        *(nn.Conv2d(384, 256, 3, padding=1, groups=groups), nn.ReLU()),
        *(nn.MaxPool2d(pool, 2), nn.Flatten()),
        *(*before, nn.Linear(9216, 4096), nn.ReLU(), *after),
        *(*before, nn.Linear(4096, 4096), nn.ReLU(), *after),
        nn.Linear(4096, classes),
        *end,
    )


def torch_norm(alpha: float, k: float) -> Any:
    return lambda: nn.LocalResponseNorm(5, alpha=alpha, beta=0.75, k=k)


def test_alexnet_2012():
    assert_check_is_fair(
        check_alexnet_2012,
        right=[
            lambda: build_model(ALEXNET_2012),
            written,
            lambda: written(norm=torch_norm(5e-4, 2.0)),
        ],
        wrong={
            "no groups": lambda: written(groups=1),
            "torchvision": lambda: build_model(ALEXNET_TORCHVISION),
            "ten classes": lambda: written(classes=10),
            "pool before norm": lambda: written(first="crpn"),
            "norm before ReLU": lambda: written(first="cnrp"),
            "no norm": lambda: written(norm=nn.Identity),
            "alpha on the mean": lambda: written(norm=torch_norm(1e-4, 2.0)),
            "torch's defaults": lambda: written(norm=lambda: nn.LocalResponseNorm(5)),
            "k left at 1": lambda: written(norm=torch_norm(5e-4, 1.0)),
            "no overlap": lambda: written(pool=2),
            "ReLU behind fc8": lambda: written(end=(nn.ReLU(),)),
            "dropout before": lambda: written(drop="before"),
            "no dropout": lambda: written(drop="no"),
        },
        todo=stub,
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (nn.Identity(), "alexnet_2012 should be a function that returns the network"),
        (lambda: 3, "alexnet_2012() should return a torch network, not int"),
        (lambda: 1 / 0, "alexnet_2012() raised ZeroDivisionError: division by zero"),
        (nn.Identity, "0 parameters, in other layers than the paper's"),
        (
            lambda: written(first="crn"),
            "a picture of 3 x 227 x 227 stopped it: ",
        ),
        (
            lambda: written(end=(nn.Softmax(1),)),
            "the right parameters, and other outputs in eval mode: compare the order",
        ),
        (
            lambda: written(end=(nn.Dropout(),)),
            "the right parameters, and other outputs in training: compare the order",
        ),
    ],
)
def test_what_is_said(answer, message):
    result = check_alexnet_2012(answer)
    assert result.status == "failed"
    assert result.message.startswith(message)


def test_it_says_what_passed_and_draws_nothing():
    before = torch.get_rng_state()
    result = check_alexnet_2012(written)
    assert result.message.startswith("60,965,224 parameters, and the reference's")
    assert torch.equal(torch.get_rng_state(), before)
    assert check_alexnet_2012(EqualsEverything()).status == "failed"
