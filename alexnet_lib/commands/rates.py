"""The choice of a learning rate on validation images; `record` uses it."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean

from alexnet_lib.commands.job import Job
from alexnet_lib.commands.network import train_job
from alexnet_lib.data import DataSet
from alexnet_lib.training.records import write_whole
from alexnet_lib.training.run import Diverged

NUM_FINALISTS = 2

Accuracies = dict[str, list[float | None]]  # rate: one for each seed; None = diverged


def choose_rates(
    jobs: Sequence[Job],
    rates: Mapping[str, tuple[float, ...]],
    data: DataSet,
    path: Path,
    seeds: tuple[int, ...],
    num_images: int | None = None,
) -> dict[str, float]:
    """The best rate of each variant, and a file that shows how it was found.

    Every rate is tried from the first seed; the best two from the others as well, and
    the better mean wins. What the file holds already is not tried again. `jobs`: one of
    each variant or more, the first counts; `rates`: variant to the rates to try;
    `num_images`: of the training images, of which a twelfth judges.
    """
    table: dict[str, Accuracies] = {}
    if path.exists():
        table = json.loads(path.read_text())["valid_accuracy"]
    chosen = {}
    for variant, grid in rates.items():
        job = next(job for job in jobs if job.variant == variant)
        job = replace(job, train_limit=num_images)
        candidates = {rate: with_rate(job, rate) for rate in grid}
        tried = table.setdefault(variant, {})
        for rate in grid:
            _complete(table, candidates[rate], seeds[:1], seeds, data, path)
        by_first = sorted(grid, key=lambda rate: tried[str(rate)][0] or 0.0)
        finalists = by_first[-NUM_FINALISTS:]
        for rate in finalists:
            _complete(table, candidates[rate], seeds, seeds, data, path)
        means = {rate: mean(a or 0.0 for a in tried[str(rate)]) for rate in finalists}
        chosen[variant] = max(means, key=means.__getitem__)
    return chosen


def with_rate(job: Job, rate: float) -> Job:
    """The same job at another learning rate."""
    return replace(job, recipe=replace(job.recipe, learning_rate=rate))


def valid_accuracy(job: Job, data: DataSet) -> float | None:
    """After training on all but a twelfth of the training images; None if diverged."""
    try:
        *_, last = train_job(replace(job, validate=True), data).curve
    except Diverged:  # this rate is too high
        return None
    return round(last.valid_accuracy, 4)


def _complete(
    table: dict[str, Accuracies],
    job: Job,
    wanted: tuple[int, ...],
    seeds: tuple[int, ...],
    data: DataSet,
    path: Path,
) -> None:
    """Train from the wanted seeds that the table lacks; write it after each."""
    rate = job.recipe.learning_rate
    num_images = job.train_limit or len(data.train_images)
    num_valid = num_images // 12
    accuracies = table[job.variant].setdefault(str(rate), [])
    for seed in wanted[len(accuracies) :]:
        accuracies.append(valid_accuracy(replace(job, seed=seed), data))
        line = f"{job.variant}, rate {rate}, seed {seed}: {accuracies[-1]}"
        sys.stderr.write(line + "\n")
        notes = {
            "train_images": num_images - num_valid,
            "valid_images": num_valid,
            "seeds": seeds,
            "valid_accuracy": table,
        }
        write_whole(path, json.dumps(notes, indent=2) + "\n")
