"""The choice of a learning rate on validation images; `record` uses it."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from statistics import mean

import torch

from alexnet_lib import runtime
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.data import Batches, DataSet, split
from alexnet_lib.training.loop import train
from alexnet_lib.training.recipes import Recipe, find_recipe
from alexnet_lib.training.records import write_whole

NUM_VALID = 5_000
# No recorded run has these seeds: a rate is not chosen to suit a seed. One seed is not
# enough: at a high rate a sigmoid network may sit still for seven epochs, or for two.
SEEDS = (100, 101, 102)
NUM_FINALISTS = 2

Accuracies = dict[str, list[float | None]]  # rate: one for each seed; None = diverged


def choose_rates(
    networks: dict[str, str],
    rates: dict[str, tuple[float, ...]],
    data: DataSet,
    path: Path,
) -> dict[str, float]:
    """The best rate of each variant, and a file that shows how it was found.

    Every rate is tried from the first seed; the best two from the others as well, and
    the better mean wins. What the file holds already is not tried again. `networks`:
    variant to recipe; `rates`: variant to the rates to try.
    """
    table: dict[str, Accuracies] = {}
    if path.exists():
        table = json.loads(path.read_text())["valid_accuracy"]
    chosen = {}
    for variant, grid in rates.items():
        recipe = find_recipe(networks[variant])
        candidates = {rate: replace(recipe, learning_rate=rate) for rate in grid}
        tried = table.setdefault(variant, {})
        for rate in grid:
            _complete(table, variant, candidates[rate], SEEDS[:1], data, path)
        by_first = sorted(grid, key=lambda rate: tried[str(rate)][0] or 0.0)
        finalists = by_first[-NUM_FINALISTS:]
        for rate in finalists:
            _complete(table, variant, candidates[rate], SEEDS, data, path)
        means = {rate: mean(a or 0.0 for a in tried[str(rate)]) for rate in finalists}
        chosen[variant] = max(means, key=means.__getitem__)
    return chosen


def valid_accuracy(
    variant: str, recipe: Recipe, data: DataSet, seed: int
) -> float | None:
    """After training on all but 5,000 training images; the test images stay shut."""
    generator = torch.Generator().manual_seed(seed)
    images, labels, valid_images, valid_labels = split(
        data.train_images, data.train_labels, NUM_VALID, generator
    )
    runtime.seed_everything(seed)
    model = build_model(find_variant(variant))
    initialize(model, recipe.init)
    batches = Batches(
        images, labels, recipe.batch_size, shuffle=True, generator=generator
    )
    valid_batches = Batches(valid_images, valid_labels, 250)
    try:
        *_, last = train(model, batches, recipe, valid_batches)
    except RuntimeError:  # the loss was no longer a number: this rate is too high
        return None
    return round(last.valid_accuracy, 4)


def _complete(
    table: dict[str, Accuracies],
    variant: str,
    recipe: Recipe,
    seeds: tuple[int, ...],
    data: DataSet,
    path: Path,
) -> None:
    """Train from the seeds that the table lacks; write it after each."""
    accuracies = table[variant].setdefault(str(recipe.learning_rate), [])
    for seed in seeds[len(accuracies) :]:
        accuracies.append(valid_accuracy(variant, recipe, data, seed))
        line = f"{variant}, rate {recipe.learning_rate}, seed {seed}: {accuracies[-1]}"
        sys.stderr.write(line + "\n")
        notes = {
            "train_images": len(data.train_images) - NUM_VALID,
            "valid_images": NUM_VALID,
            "seeds": SEEDS,
            "valid_accuracy": table,
        }
        write_whole(path, json.dumps(notes, indent=2) + "\n")
