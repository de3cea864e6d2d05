"""The recorded race of notebook 04: three activations, several rates and seeds."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from math import inf
from pathlib import Path
from statistics import mean
from typing import Any

from alexnet_lib import runtime
from alexnet_lib.training.recipes import Recipe, recipe_from_dict

FORMAT = "alexnet-course-race-1"
FILE = "runs/race/fashion_mnist.json"
RACERS = {"ReLU": "RACE_RELU", "tanh": "RACE_TANH", "sigmoid": "RACE_SIGMOID"}
LOWEST_TARGET = 0.1  # training error at which a recorded run was stopped


@dataclass(frozen=True, kw_only=True)
class Run:
    """One training: its error on the training images, epoch by epoch, from 0 to 1.

    Each is counted while the weights change, as the training goes. `end` is "arrived"
    (at LOWEST_TARGET), "diverged" (the loss was no number), or "given up".
    """

    variant: str
    learning_rate: float
    seed: int
    errors: tuple[float, ...]
    end: str
    cpu_seconds: float


@dataclass(frozen=True, kw_only=True)
class Race:
    """All runs, and what they have in common; the recipe's own rate counts for none."""

    dataset: str
    source: str
    train_images: int  # the first so many of the data set
    recipe: Recipe
    rate_seeds: tuple[int, ...]  # for the choice of the rates
    seeds: tuple[int, ...]  # for the race
    device: str
    versions: dict[str, str]
    runs: tuple[Run, ...]

    def rates(self, activation: str) -> tuple[float, ...]:
        """The learning rates tried with "ReLU", "tanh" or "sigmoid", rising."""
        variant = find_racer(activation)
        return tuple(
            sorted({r.learning_rate for r in self.runs if r.variant == variant})
        )

    def find(self, activation: str, rate: float, seed: int) -> Run:
        """One run; ValueError when it is not recorded."""
        wanted = (find_racer(activation), rate, seed)
        for run in self.runs:
            if (run.variant, run.learning_rate, run.seed) == wanted:
                return run
        known = ", ".join(f"{each:g}" for each in self.rates(activation))
        raise ValueError(
            f"no run of {activation} at rate {rate} from seed {seed}: the rates are "
            f"{known}; the seeds {list(self.rate_seeds)} and {list(self.seeds)}"
        )

    def epochs(
        self, activation: str, rate: float, target: float, seeds: Sequence[int]
    ) -> list[int | None]:
        """Epochs that the run from each seed took to the target error, None if never.

        target: training error, LOWEST_TARGET or more; ValueError below, where the
        recorded runs were stopped.
        """
        if not LOWEST_TARGET <= target < 1:
            raise ValueError(
                f"target is {target}: the runs were stopped at {LOWEST_TARGET}, "
                "choose from there up to 1"
            )
        runs = (self.find(activation, rate, seed) for seed in seeds)
        return [epochs_to(run.errors, target) for run in runs]

    def own_rate(self, activation: str, target: float) -> float:
        """The rate at which the rate seeds reach the target in the fewest epochs.

        By the mean; a rate at which one of them never arrives is out.
        """
        means = self.mean_epochs(activation, target, self.rate_seeds)
        best = min(means, key=means.__getitem__)
        if means[best] == inf:
            raise ValueError(
                f"{activation} reaches a training error of {target} at no rate from "
                "all seeds: choose a higher target"
            )
        return best

    def mean_epochs(
        self, activation: str, target: float, seeds: Sequence[int]
    ) -> dict[float, float]:
        """Rate: mean epochs to the target; infinite where one run never arrives."""
        means = {}
        for rate in self.rates(activation):
            epochs = self.epochs(activation, rate, target, seeds)
            means[rate] = inf if None in epochs else mean(epochs)
        return means


def epochs_to(errors: Sequence[float], target: float) -> int | None:
    """The first epoch, counted from 1, with this error or less; None if none has."""
    reached = (number for number, e in enumerate(errors, start=1) if e <= target)
    return next(reached, None)


def find_racer(activation: str) -> str:
    """The variant that races with this activation; ValueError for another word."""
    if activation not in RACERS:
        raise ValueError(f"no racer {activation!r}: they are {', '.join(RACERS)}")
    return RACERS[activation]


@cache
def recorded_race() -> Race:
    """The race that the course ships."""
    return load_race(runtime.course_file(FILE))


def save_race(path: Path, race: Race) -> None:
    """Write the race as JSON, one run a line; whoever reads meanwhile sees it whole."""
    values = asdict(race)
    runs = ",\n".join(f"    {json.dumps(run)}" for run in values.pop("runs"))
    head = [f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in values.items()]
    lines = [f'  "format": "{FORMAT}"', *head, f'  "runs": [\n{runs}\n  ]']
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    unfinished.replace(path)


def load_race(path: Path) -> Race:
    """Read a race; ValueError of one line when it is none."""
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if values.pop("format") != FORMAT:
            raise KeyError("format")
        runs = tuple(Run(**r | {"errors": tuple(r["errors"])}) for r in values["runs"])
        seeds = {key: tuple(values[key]) for key in ("rate_seeds", "seeds")}
        recipe = recipe_from_dict(values["recipe"])
        return Race(**values | seeds | {"recipe": recipe, "runs": runs})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path.name} is no recorded race ({type(error).__name__}: {error}): "
            "record it again with python -m alexnet_lib race"
        ) from error
