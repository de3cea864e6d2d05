"""`python -m alexnet_lib record EXPERIMENT`: the runs that the notebooks replay."""

import argparse
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from alexnet_lib import runtime
from alexnet_lib.architecture.low_rank import project_outputs
from alexnet_lib.architecture.weights import load_weights, save_weights
from alexnet_lib.commands.evaluate import evaluate_weights
from alexnet_lib.commands.experiments import EXPERIMENTS, Experiment
from alexnet_lib.commands.job import Job
from alexnet_lib.commands.network import record_job
from alexnet_lib.commands.rates import choose_rates, with_rate
from alexnet_lib.data import Batches, DataSet, load
from alexnet_lib.training.events import write_events
from alexnet_lib.training.records import RunRecord, load_record, save_record

HELP = "Record the runs that the notebooks replay; what is there is not run again."

NUM_LOOKED_AT = 2_000  # training images that say which outputs a layer really has


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("experiment", help=f"one of {', '.join(EXPERIMENTS)}")
    parser.add_argument("--only", metavar="RUN", help="this run of the experiment")
    parser.add_argument("--data-root", type=Path, help="the folder of the data sets")
    parser.add_argument(
        "--out",
        type=Path,
        help="for runs/ and weights/; default: the checkout's data",
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Choose the rates, then train what has no record yet. Stop and start at will."""
    if args.experiment not in EXPERIMENTS:
        raise ValueError(
            f"no experiment named {args.experiment!r}: "
            f"they are {', '.join(EXPERIMENTS)}"
        )
    experiment = EXPERIMENTS[args.experiment]
    if args.only and args.only not in experiment.runs:
        raise ValueError(
            f"no run named {args.only!r} in {args.experiment}: "
            f"they are {', '.join(experiment.runs)}"
        )
    out = args.out or _checkout_data()
    return record(args.experiment, experiment, out, args.data_root, args.only)


def record(
    name: str,
    experiment: Experiment,
    out: Path,
    data_root: Path | None = None,
    only: str | None = None,
) -> dict[str, Any]:
    """Write OUT/runs/RUN.json for each run that is not there yet.

    An unfinished run is kept in OUT/runs/unfinished/RUN, and goes on from there.
    """
    runs = {only: experiment.runs[only]} if only else experiment.runs
    rates: dict[str, float] = {}
    variants = {job.variant for job in runs.values()}
    if tried := {v: grid for v, grid in experiment.rates.items() if v in variants}:
        first = next(iter(runs.values()))
        rates_file = out / "runs" / "rates" / f"{name}.json"
        data = _real_data(first.dataset, data_root)
        rates = choose_rates(
            list(runs.values()),
            tried,
            data,
            rates_file,
            experiment.rate_seeds,
            experiment.rate_images,
        )
    accuracies: dict[str, float] = {}
    for run_name, job in runs.items():
        path = out / "runs" / f"{run_name}.json"
        if not path.exists():
            if job.variant in rates:
                job = with_rate(job, rates[job.variant])
            _record_run(run_name, job, experiment, out, data_root)
        accuracies[run_name] = load_record(path).test_accuracy
    return {"experiment": name, "out": str(out), "test_accuracy": accuracies}


def render(result: dict[str, Any]) -> str:
    """One line for each run."""
    rows = result["test_accuracy"].items()
    return "\n".join(f"{name:<40} {accuracy:.2%}" for name, accuracy in rows)


def _record_run(
    name: str, job: Job, experiment: Experiment, out: Path, data_root: Path | None
) -> None:
    data = _real_data(job.dataset, data_root)
    path = out / "runs" / f"{name}.json"
    unfinished = out / "runs" / "unfinished" / name
    unfinished.mkdir(parents=True, exist_ok=True)
    for cut_off in unfinished.glob("*.part"):
        cut_off.unlink()
    sys.stderr.write(f"{name}\n")
    finished = record_job(
        job,
        data,
        weights=unfinished / "weights.safetensors",
        record_name=path.name,
        checkpoint=unfinished / "checkpoint.safetensors",
        filters=unfinished / "filters.safetensors"
        if name in experiment.filters
        else None,
        log=sys.stderr,
    )
    finished = _ship(name, experiment, unfinished, out / "weights", data, finished)
    write_events(unfinished, finished)
    save_record(path, finished)  # last: with it the run counts as finished
    (unfinished / "checkpoint.safetensors").unlink(missing_ok=True)


def _ship(
    name: str,
    experiment: Experiment,
    made: Path,
    weights: Path,
    data: DataSet,
    finished: RunRecord,
) -> RunRecord:
    """Put the files made by a run where the course finds them, made smaller if asked.

    The record then also holds the accuracy of the smaller file.
    """
    weights.mkdir(parents=True, exist_ok=True)
    if name in experiment.filters:
        shutil.copy(made / "filters.safetensors", weights / experiment.filters[name])
    if name not in experiment.shipped:
        return finished
    target = weights / experiment.shipped[name]
    if name not in experiment.ranks:
        shutil.copy(made / "weights.safetensors", target)
        return finished
    loaded = load_weights(made / "weights.safetensors")
    first = Batches(
        data.train_images[:NUM_LOOKED_AT],
        data.train_labels[:NUM_LOOKED_AT],
        100,
        resize=loaded.resize,
        normalise=loaded.normalise,
    )
    ranks = experiment.ranks[name]
    project_outputs(loaded.model, (images for images, _ in first), ranks)
    save_weights(
        target,
        loaded.model,
        variant=loaded.variant,
        dataset=loaded.dataset,
        resize=loaded.resize,
        normalise=loaded.normalise,
        class_names=loaded.class_names,
        record=loaded.record,
        ranks={f"{layer}.weight": rank for layer, rank in ranks.items()},
    )
    smaller = evaluate_weights(load_weights(target), data)
    return replace(finished, shipped_accuracy=smaller.accuracy)


def _real_data(name: str, root: Path | None) -> DataSet:
    data = load(name, root=root)
    if data.source == "stand-in":
        raise RuntimeError(f"records are made from the real images only: {data.note}")
    return data


def _checkout_data() -> Path:
    root = runtime.checkout()
    if root is None:
        raise ValueError("there is no checkout to write into: name a folder with --out")
    return root / "data"
