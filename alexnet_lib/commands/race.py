"""`python -m alexnet_lib race`: the paper's Figure 1 on a small scale."""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import torch

from alexnet_lib import runtime
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.data import Batches, DataSet, load, mean_and_std
from alexnet_lib.learning.races import (
    FILE,
    LOWEST_TARGET,
    RACERS,
    Race,
    Run,
    load_race,
    save_race,
)
from alexnet_lib.training import Recipe, train

HELP = "Record the race of notebook 04: ReLU, tanh and sigmoid to one training error."

TRAIN_IMAGES = 1_280  # the first so many: ten mini-batches are an epoch
# As in the paper, section 3.1: nothing against overfitting, and own rates (below).
RECIPE = Recipe(
    name="race",
    learning_rate=0.05,
    momentum=0.9,
    epochs=100,
    init="xavier",
    standardise=True,
)
RATES = {
    "ReLU": (0.01, 0.03, 0.05, 0.1),
    "tanh": (0.03, 0.05, 0.1, 0.2),
    "sigmoid": (0.05, 0.1, 0.2, 0.5),
}
SEEDS = (0, 1, 2)
RATE_SEEDS = (100, 101, 102)  # a rate is not chosen to suit a seed of the race
TARGET = 0.25  # training error, the paper's


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--data-root", type=Path, help="the folder of the data sets")
    parser.add_argument(
        "--out", type=Path, help="the file; default: the checkout's own record"
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Train what the file does not hold yet, on one thread. Stop and start at will."""
    data = load(root=args.data_root)
    if data.source == "stand-in":
        raise RuntimeError(f"records are made from the real images only: {data.note}")
    path = args.out or _checkout_file()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # these layers are too small to be shared between cores
    try:
        race = record(path, data)
    finally:
        torch.set_num_threads(threads)
    return {"file": str(path), "target": TARGET, "epochs": standings(race)}


def render(result: dict[str, Any]) -> str:
    """One line for each activation."""
    return "\n".join(
        f"{activation:8} rate {found['rate']:g}: {found['epochs']} epochs to "
        f"{result['target']:.0%} training error, median {found['median']:g}"
        for activation, found in result["epochs"].items()
    )


def standings(race: Race, target: float = TARGET) -> dict[str, dict[str, Any]]:
    """Each activation at its own rate: epochs to the target from each seed."""
    found = {}
    for activation in RACERS:
        rate = race.own_rate(activation, target)
        epochs = race.epochs(activation, rate, target, race.seeds)
        arrived = [number for number in epochs if number is not None]
        found[activation] = {
            "rate": rate,
            "epochs": epochs,
            "median": median(arrived) if len(arrived) == len(epochs) else None,
        }
    return found


def record(path: Path, data: DataSet) -> Race:
    """Complete the file, run by run."""
    race = load_race(path) if path.exists() else _empty(data)
    for seed in (*RATE_SEEDS, *SEEDS):
        for activation, variant in RACERS.items():
            for rate in RATES[activation]:
                done = {(r.variant, r.learning_rate, r.seed) for r in race.runs}
                if (variant, rate, seed) not in done:
                    finished = run_to(LOWEST_TARGET, variant, rate, seed, data)
                    race = replace(race, runs=(*race.runs, finished))
                    save_race(path, race)
                    sys.stderr.write(_line(finished) + "\n")
    return race


def run_to(target: float, variant: str, rate: float, seed: int, data: DataSet) -> Run:
    """Train until an epoch has this error or less, at most the recipe's epochs."""
    images, labels = data.train_images[:TRAIN_IMAGES], data.train_labels[:TRAIN_IMAGES]
    recipe = replace(RECIPE, learning_rate=rate)
    runtime.seed_everything(seed)
    model = build_model(find_variant(variant))
    initialize(model, recipe.init)
    batches = Batches(
        images,
        labels,
        recipe.batch_size,
        shuffle=True,
        generator=torch.Generator().manual_seed(seed),
        normalise=mean_and_std(images),
    )
    errors: list[float] = []
    started, end = time.process_time(), "given up"
    try:
        for epoch in train(model, batches, recipe):
            errors.append(round(1 - epoch.train_accuracy, 4))
            if errors[-1] <= target:
                end = "arrived"
                break
    except RuntimeError:  # the loss was no longer a number: this rate is too high
        end = "diverged"
    return Run(
        variant=variant,
        learning_rate=rate,
        seed=seed,
        errors=tuple(errors),
        end=end,
        cpu_seconds=round(time.process_time() - started, 1),
    )


def _empty(data: DataSet) -> Race:
    return Race(
        dataset=data.name,
        source=data.source,
        train_images=TRAIN_IMAGES,
        recipe=RECIPE,
        rate_seeds=RATE_SEEDS,
        seeds=SEEDS,
        device=f"{runtime.device_name(torch.device('cpu'))}, float32",
        versions=runtime.environment_report(),
        runs=(),
    )


def _line(run: Run) -> str:
    return (
        f"{run.variant} rate {run.learning_rate:g} seed {run.seed}: {run.end} after "
        f"{len(run.errors)} epochs, {run.cpu_seconds:.1f} s of processor time"
    )


def _checkout_file() -> Path:
    root = runtime.checkout()
    if root is None:
        raise ValueError("there is no checkout to write into: name a file with --out")
    return root / "data" / FILE
