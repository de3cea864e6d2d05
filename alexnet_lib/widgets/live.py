"""A training in slices: it can wait between any two of its mini-batches."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import islice

import torch
from torch import Tensor, nn

from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import ALEXNET_QUARTER_BN, resized
from alexnet_lib.architecture.weights import load_weights
from alexnet_lib.data import Batches, DataSet, mean_and_std, split
from alexnet_lib.learning.recorded import Moment, moments
from alexnet_lib.runtime import course_file
from alexnet_lib.training import (
    EpochResult,
    Recipe,
    StepResult,
    find_recipe,
    pick_precision,
    train_steps,
)
from alexnet_lib.training.precision import PrecisionName
from alexnet_lib.widgets.words import words_of

say = words_of("live")

POINTS = 10  # of a live curve, about
PIECE = 3, 40  # mini-batches between two of them, at least and at most
SMALL_SIDE = 112  # pixels, for a run that one waits for
NUM_VALID = 500  # pictures set aside to validate by, after each piece


class Pieces:
    """Short epochs: a few mini-batches, drawn anew each time from all the pictures."""

    def __init__(self, batches: Batches, steps: int):
        self.batches, self.steps = batches, min(steps, len(batches))
        self.generator = batches.generator

    def __len__(self) -> int:
        return self.steps

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        return islice(iter(self.batches), self.steps)

    @property
    def share(self) -> float:
        """What a piece is of an epoch."""
        return self.steps / len(self.batches)

    @property
    def num_images(self) -> int:
        """In an epoch, a whole one."""
        return self.batches.num_images


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a live run trains: a network that `make` builds, on pieces of the data."""

    name: str
    make: Callable[[], nn.Module]
    pieces: Pieces
    recipe: Recipe
    precision: PrecisionName
    valid: Batches | None = None

    def stretched(self, epochs: float) -> "Plan":
        """The same for so many epochs of the data, in about ten pieces or more."""
        fewest, most = PIECE
        batches = self.pieces.batches
        steps = max(fewest, min(most, round(epochs * len(batches) / POINTS)))
        pieces = Pieces(batches, steps)
        recipe = replace(self.recipe, epochs=max(2, round(epochs / pieces.share)))
        return replace(self, pieces=pieces, recipe=recipe)

    @property
    def total_images(self) -> float:
        """That its recipe goes through, some of them more than once."""
        return self.recipe.epochs * self.pieces.share * self.pieces.num_images

    def measure_speed(self) -> float:
        """Pictures a second, from two steps on this machine; a first one warms up."""
        with own_randomness(seed=0):
            few = Pieces(self.pieces.batches, 3)
            model, recipe = self.make(), replace(self.recipe, epochs=1)
            steps = train_steps(model, few, recipe, precision=self.precision)
            begun = [time.perf_counter() for step in steps if type(step) is StepResult]
        taken = (begun[-1] - begun[0]) / (len(begun) - 1)
        return self.pieces.batches.batch_size / taken


@contextmanager
def own_randomness(state: Tensor | None = None, seed: int | None = None) -> Iterator:
    """Draw from a state of its own inside the block; torch's own comes back after."""
    before = torch.get_rng_state()
    if seed is not None:
        torch.manual_seed(seed)
    elif state is not None:
        torch.set_rng_state(state)
    try:
        yield
    finally:
        torch.set_rng_state(before)


class LiveRun:
    """A training that goes on for as long as one asks, and then waits.

    Built from the plan with its own random numbers: what is trained does not depend on
    when it was made to wait, and other random numbers stay as they were.
    """

    def __init__(self, plan: Plan, seed: int = 0):
        self.plan = plan
        self.curve: list[EpochResult] = []  # a row for each piece
        self.step: StepResult | None = None  # the last one
        self.seconds = 0.0  # that it was given so far
        self.reason = ""  # why it cannot go on
        with own_randomness(seed=seed):
            if plan.pieces.generator is not None:
                plan.pieces.generator.manual_seed(seed)
            self.model = plan.make()
            self._steps = train_steps(
                self.model,
                plan.pieces,
                plan.recipe,
                plan.valid,
                precision=plan.precision,
            )
            self._state = torch.get_rng_state()

    @property
    def finished(self) -> bool:
        """Whether it has come to its end, or cannot go on."""
        return bool(self.reason)

    @property
    def fraction(self) -> float:
        """What is done of the whole, from 0 to 1."""
        return self.step.fraction if self.step else 0.0

    @property
    def moments(self) -> list[Moment]:
        """The curve so far; a moment for each piece."""
        return moments(self.curve, self.plan.pieces.share)

    @property
    def images_per_second(self) -> float | None:
        """Of the last piece."""
        return self.curve[-1].images_per_second if self.curve else None

    def advance(self, seconds: float) -> None:
        """Train until so many seconds have passed, at least one step, or to the end.

        An error or an interrupt ends the run and is passed on; its network is left in
        the modes it began with.
        """
        if self.finished:
            return
        begun = time.perf_counter()
        with own_randomness(self._state):
            try:
                self._train_until(begun + seconds)
            except BaseException as error:
                self.close(say("stopped", error=str(error) or type(error).__name__))
                raise
            finally:
                self._state = torch.get_rng_state()
                self.seconds += time.perf_counter() - begun

    def _train_until(self, until: float) -> None:
        for result in self._steps:
            if isinstance(result, EpochResult):
                self.curve.append(result)
            else:
                self.step = result
            if time.perf_counter() >= until:
                return
        self.close(say("at_its_end"))

    def close(self, reason: str = say("given_up")) -> None:
        """End the run for good; the network is in the modes it began with."""
        self._steps.close()
        self.reason = self.reason or reason


def fresh_plan(clothes: DataSet, side: int = SMALL_SIDE) -> Plan:
    """The quarter-width network from fresh weights, by the recipe `quick`."""
    spec = resized(ALEXNET_QUARTER_BN, (1, side, side))

    def make() -> nn.Module:
        model = build_model(spec)
        initialize(model, recipe.init)
        return model

    recipe, normalise = find_recipe("quick"), mean_and_std(clothes.train_images)
    return _plan(say("fresh"), make, clothes, recipe, side, normalise)


def take_over_plan(clothes: DataSet) -> Plan:
    """The shipped network, trained on at a tenth of its recipe's rate."""
    shipped = load_weights(course_file("weights/quarter.safetensors"))
    recipe = find_recipe("quick")
    recipe = replace(recipe, learning_rate=recipe.learning_rate / 10)

    def make() -> nn.Module:
        return deepcopy(shipped.model)

    side, normalise = shipped.resize, shipped.normalise
    return _plan(say("shipped"), make, clothes, recipe, side, normalise)


def _plan(
    name: str,
    make: Callable[[], nn.Module],
    clothes: DataSet,
    recipe: Recipe,
    side: int,
    normalise: tuple,
) -> Plan:
    aside = torch.Generator().manual_seed(0)
    parts = split(clothes.train_images, clothes.train_labels, NUM_VALID, aside)
    like = {"resize": side, "normalise": normalise}
    order = torch.Generator()
    batches = Batches(
        *parts[:2], recipe.batch_size, shuffle=True, generator=order, **like
    )
    return Plan(
        name=name,
        make=make,
        pieces=Pieces(batches, max(PIECE)),
        recipe=recipe,
        precision=pick_precision("auto").name,
        valid=Batches(*parts[2:], 250, **like),
    )
