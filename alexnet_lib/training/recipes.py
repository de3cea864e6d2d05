"""Ways to train, by name: everything but the network, the images and the seed."""

from dataclasses import dataclass, fields
from difflib import get_close_matches
from itertools import pairwise
from math import cos, isfinite, pi
from typing import Any, Literal, get_args

import torch
from torch import nn

from alexnet_lib.training.augmentation import Augmentation

Optimizer = Literal["sgd", "adamw"]
Schedule = Literal["constant", "one_cycle", "steps"]
DecayOn = Literal["all", "weights"]

WARM_UP = 0.25  # share of the images seen before `one_cycle` reaches its peak rate


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How to train; `learning_rate` is the peak of the schedule.

    `init` and `standardise` are for the caller: the name of the initialisation of the
    weights, and whether images go in with mean 0 and standard deviation 1 (else as
    they are, in [0, 1]). `label_smoothing` is the share of each label that is spread
    over all classes. Raises ValueError for a value that makes no sense.
    """

    name: str
    learning_rate: float
    epochs: int
    batch_size: int = 128
    optimizer: Optimizer = "sgd"
    momentum: float = 0.0  # AdamW has its own two averages and leaves this at 0
    nesterov: bool = False
    weight_decay: float = 0.0
    decay_on: DecayOn = "all"  # "weights" spares the biases and normalisations
    label_smoothing: float = 0.0
    schedule: Schedule = "constant"
    drops: tuple[float, ...] = ()  # `steps`: shares of the training, rate / 10 at each
    augmentation: Augmentation = "none"
    init: str = "xavier"
    standardise: bool = False

    def __post_init__(self) -> None:
        choices = {
            "optimizer": get_args(Optimizer),
            "schedule": get_args(Schedule),
            "augmentation": get_args(Augmentation),
            "decay_on": get_args(DecayOn),
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
        if not 0 <= self.label_smoothing < 1:
            raise ValueError(
                f"label_smoothing is {self.label_smoothing}: it must be in [0, 1)"
            )
        if bool(self.drops) != (self.schedule == "steps"):
            raise ValueError(
                f"drops is {self.drops} with schedule {self.schedule!r}: 'steps' needs "
                "the shares of the training at which the rate falls, the others none"
            )
        rising = all(a < b for a, b in pairwise((0, *self.drops, 1)))
        if not rising:
            raise ValueError(
                f"drops is {self.drops}: give rising shares between 0 and 1"
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
_QUICK = {
    "momentum": 0.9,
    "nesterov": True,
    "schedule": "one_cycle",
    "init": "kaiming",
    "standardise": True,
}

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        # The book's, section 8.1: the same update from the first step to the last.
        Recipe(name="d2l", learning_rate=0.01, epochs=10, init="xavier"),
        # The paper's, section 5: the rate was divided by 10 three times; the released
        # code's log has epochs 25, 51 and (its first layer only) 67 of 91.
        Recipe(
            name="paper_2012",
            learning_rate=0.01,
            momentum=0.9,
            weight_decay=5e-4,
            decay_on="weights",
            schedule="steps",
            drops=(25 / 91, 51 / 91, 67 / 91),
            epochs=91,
            init="paper_2012",
        ),
        Recipe(
            name="course",
            learning_rate=0.02,
            momentum=0.9,
            nesterov=True,
            weight_decay=5e-4,
            decay_on="weights",
            label_smoothing=0.1,
            schedule="one_cycle",
            augmentation="flip",
            epochs=10,
            init="kaiming",
            standardise=True,
        ),
        Recipe(name="quick", learning_rate=0.1, epochs=4, **_QUICK),
        # `quick` for networks without batch normalisation, which bear a smaller rate;
        # the same at one rate; and with more epochs, for few images.
        Recipe(name="quick_plain", learning_rate=0.02, epochs=4, **_QUICK),
        Recipe(
            name="quick_constant",
            learning_rate=0.01,
            epochs=4,
            **_QUICK | {"schedule": "constant"},
        ),
        Recipe(name="few_images", learning_rate=0.01, epochs=40, **_QUICK),
        # For colour pictures of 32 pixels, and what a decade changed.
        Recipe(
            name="modern",
            learning_rate=0.1,
            epochs=6,
            weight_decay=5e-4,
            decay_on="weights",
            augmentation="flip_crop",
            **_QUICK,
        ),
        # An MNIST tutorial's: torch's own initialisation, plain SGD, batches of 64.
        Recipe(
            name="mnist_tutorial",
            learning_rate=0.01,
            batch_size=64,
            epochs=3,
            init="torch",
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
    values = {**values, "drops": tuple(values.get("drops", ()))}
    try:
        return Recipe(**values)
    except TypeError as error:  # a missing key, or a number given as text
        raise ValueError(f"not a recipe: {error}") from error


def learning_rate_at(recipe: Recipe, fraction: float) -> float:
    """The rate when this fraction of all images has been seen, from 0 to 1.

    A fraction, not a count of steps: the schedule keeps its shape when the batch size
    changes. `one_cycle` rises in a line to the peak, then falls as a cosine to 0;
    `steps` is divided by 10 at each of the recipe's `drops`, as by hand in 2012.
    """
    if recipe.schedule == "constant":
        return recipe.learning_rate
    if recipe.schedule == "steps":
        return recipe.learning_rate / 10 ** sum(fraction >= d for d in recipe.drops)
    if fraction < WARM_UP:
        return recipe.learning_rate * fraction / WARM_UP
    fallen = min(1.0, (fraction - WARM_UP) / (1 - WARM_UP))
    return recipe.learning_rate * (1 + cos(pi * fallen)) / 2


def make_optimizer(model: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's optimizer over all parameters that are not frozen.

    In torch's fused form where there is one: the same update in one pass over the
    numbers, five times faster for AdamW.
    """
    parameters = [each for each in model.parameters() if each.requires_grad]
    if not parameters:
        raise ValueError(
            "the model has no parameters to train: are all of them frozen?"
        )
    fused = all(each.device.type in ("cpu", "cuda") for each in parameters)
    # A matrix or a stack of kernels decays; a list of biases or of scales does not.
    decaying = [p for p in parameters if recipe.decay_on == "all" or p.ndim > 1]
    spared = [p for p in parameters if recipe.decay_on == "weights" and p.ndim <= 1]
    groups = [{"params": decaying, "weight_decay": recipe.weight_decay}]
    if spared:
        groups.append({"params": spared, "weight_decay": 0.0})
    if recipe.optimizer == "adamw":
        return torch.optim.AdamW(groups, lr=recipe.learning_rate, fused=fused)
    return torch.optim.SGD(
        groups,
        lr=recipe.learning_rate,
        momentum=recipe.momentum,
        nesterov=recipe.nesterov,
        fused=fused,
    )
