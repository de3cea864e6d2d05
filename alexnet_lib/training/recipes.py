"""Ways to train, by name: everything but the network, the images and the seed."""

from dataclasses import dataclass, fields
from difflib import get_close_matches
from math import cos, isfinite, pi
from typing import Any, Literal, get_args

import torch
from torch import Tensor, nn

Optimizer = Literal["sgd", "adamw"]
Schedule = Literal["constant", "one_cycle"]
Augmentation = Literal["none", "flip"]

WARM_UP = 0.25  # share of the images seen before `one_cycle` reaches its peak rate


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How to train; `learning_rate` is the peak of the schedule.

    `init` and `standardise` are for the caller: the name of the initialisation of the
    weights, and whether images go in with mean 0 and standard deviation 1 (else as
    they are, in [0, 1]). Raises ValueError for a value that makes no sense.
    """

    name: str
    learning_rate: float
    epochs: int
    batch_size: int = 128
    optimizer: Optimizer = "sgd"
    momentum: float = 0.0  # AdamW has its own two averages and leaves this at 0
    nesterov: bool = False
    weight_decay: float = 0.0
    schedule: Schedule = "constant"
    augmentation: Augmentation = "none"
    init: str = "xavier"
    standardise: bool = False

    def __post_init__(self) -> None:
        choices = {
            "optimizer": get_args(Optimizer),
            "schedule": get_args(Schedule),
            "augmentation": get_args(Augmentation),
        }
        for field, allowed in choices.items():
            value = getattr(self, field)
            if value not in allowed:
                raise ValueError(
                    f"{field} is {value!r}: it must be one of {', '.join(allowed)}"
                )
        if not (self.learning_rate > 0 and isfinite(self.learning_rate)):
            raise ValueError(f"learning_rate is {self.learning_rate}: try 0.01")
        for field in ("epochs", "batch_size"):
            if getattr(self, field) < 1:
                raise ValueError(
                    f"{field} is {getattr(self, field)}: it must be 1 or more"
                )
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum is {self.momentum}: it must be in [0, 1)")
        if self.weight_decay < 0:
            raise ValueError(
                f"weight_decay is {self.weight_decay}: it must be 0 or more"
            )
        if self.nesterov and not self.momentum:
            raise ValueError("nesterov needs momentum above 0, got 0: try momentum=0.9")
        if self.optimizer == "adamw" and self.momentum:
            raise ValueError(
                f"momentum is {self.momentum}, but adamw has its own averages: set 0"
            )


# d2l's LeNet recipe (plain SGD, Xavier, batch 128, ten epochs) with the best rate on
# 5,000 validation images for each network (data/runs/rates/lenet_grid.json).
_LENET = {"epochs": 10, "batch_size": 128, "init": "xavier"}

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(name="d2l", learning_rate=0.01, epochs=10, init="xavier"),
        Recipe(
            name="quick",
            learning_rate=0.1,
            momentum=0.9,
            nesterov=True,
            schedule="one_cycle",
            epochs=4,
            init="kaiming",
            standardise=True,
        ),
        Recipe(name="lenet_sigmoid", learning_rate=3.0, **_LENET),
        Recipe(name="lenet_sigmoid_max", learning_rate=3.0, **_LENET),
        Recipe(name="lenet_relu", learning_rate=0.3, **_LENET),
        Recipe(name="lenet_relu_avg", learning_rate=0.3, **_LENET),
    )
}


def find_recipe(name: str) -> Recipe:
    """The recipe of this name, in capitals or not; ValueError with a suggestion."""
    if name.lower() in RECIPES:
        return RECIPES[name.lower()]
    close = get_close_matches(name.lower(), RECIPES, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"they are {', '.join(RECIPES)}"
    raise ValueError(f"no recipe named {name!r}: {hint}")


def recipe_from_dict(values: dict[str, Any]) -> Recipe:
    """The recipe a record holds; ValueError for a key that recipes do not have."""
    known = {field.name for field in fields(Recipe)}
    if extra := sorted(set(values) - known):
        raise ValueError(
            f"a recipe has no {extra[0]!r}: its keys are {', '.join(sorted(known))}"
        )
    try:
        return Recipe(**values)
    except TypeError as error:  # a missing key, or a number given as text
        raise ValueError(f"not a recipe: {error}") from error


def learning_rate_at(recipe: Recipe, fraction: float) -> float:
    """The rate when this fraction of all images has been seen, from 0 to 1.

    A fraction, not a count of steps: the schedule keeps its shape when the batch size
    changes. `one_cycle` rises in a line to the peak, then falls as a cosine to 0.
    """
    if recipe.schedule == "constant":
        return recipe.learning_rate
    if fraction < WARM_UP:
        return recipe.learning_rate * fraction / WARM_UP
    fallen = min(1.0, (fraction - WARM_UP) / (1 - WARM_UP))
    return recipe.learning_rate * (1 + cos(pi * fallen)) / 2


def make_optimizer(model: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's optimizer over all parameters that are not frozen."""
    parameters = [each for each in model.parameters() if each.requires_grad]
    if not parameters:
        raise ValueError(
            "the model has no parameters to train: are all of them frozen?"
        )
    if recipe.optimizer == "adamw":
        return torch.optim.AdamW(
            parameters, lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )
    return torch.optim.SGD(
        parameters,
        lr=recipe.learning_rate,
        momentum=recipe.momentum,
        nesterov=recipe.nesterov,
        weight_decay=recipe.weight_decay,
    )


def augment(images: Tensor, augmentation: Augmentation) -> Tensor:
    """Change training images at random; 'flip' mirrors half of them left to right.

    Shape: (N, C, H, W) -> (N, C, H, W). Draws from torch's global generator, as
    dropout does.
    """
    if augmentation == "none":
        return images
    mirrored = torch.rand(len(images), device=images.device) < 0.5
    return torch.where(mirrored.view(-1, 1, 1, 1), images.flip(-1), images)
