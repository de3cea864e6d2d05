"""`python -m alexnet_lib train`: train a network and keep what came of it."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from alexnet_lib import runtime
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.commands.job import Job
from alexnet_lib.commands.network import record_job
from alexnet_lib.data import DataSet, load
from alexnet_lib.training import distributed
from alexnet_lib.training.checkpoint import remove_cut_off
from alexnet_lib.training.events import write_events
from alexnet_lib.training.recipes import Recipe, find_recipe
from alexnet_lib.training.records import load_record, save_record

HELP = "Train a network; the test images are looked at once, at the end."
# A minute on any machine; everything else is asked for by name.
VARIANT = "LENET5_RELU"
RECORD, WEIGHTS, CHECKPOINT = (
    "run.json",
    "weights.safetensors",
    "checkpoint.safetensors",
)
RECIPES_OF = {
    "LENET5": "lenet_sigmoid",
    "LENET5_SIGMOID_MAX": "lenet_sigmoid_max",
    "LENET5_RELU": "lenet_relu",
    "LENET5_RELU_AVG": "lenet_relu_avg",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("--variant", default=VARIANT, help=f"the network; default {VARIANT}")
    add("--recipe", help="how to train; default: the LeNet's own, else quick")
    add("--dataset", default="FashionMNIST", help="FashionMNIST, MNIST or CIFAR10")
    add("--data-root", type=Path, help="the folder of the data sets")
    add("--resize", type=int, help="side of the input in pixels; default: variant's")
    add("--epochs", type=int, help="default: the recipe's")
    add("--train-limit", type=int, help="train on the first N images only")
    add("--batch-size", type=int, help="default: the recipe's")
    add("--learning-rate", type=float, help="default: the recipe's")
    add("--precision", default="auto", help="auto, float32 or bfloat16")
    add(
        "--enlarge",
        default="bytes",
        choices=("bytes", "floats"),
        help="28 to 224 pixels as PIL does (default), or faster, together with conv1",
    )
    add("--device", default="auto", help="auto, cpu, cuda or mps")
    add("--seed", type=int, default=0, help="default 0")
    add("--out", type=Path, help="a new folder; default runs/VARIANT_RECIPE_seedN")
    add("--resume", action="store_true", help="go on with the run in this folder")
    add(
        "--checkpoint-every",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="write what --resume needs; default 60",
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Train, then write run.json, weights.safetensors and TensorBoard events."""
    job = _job(args)
    out = args.out or Path(
        "runs", f"{job.variant}_{job.recipe.name}_seed{job.seed}".lower()
    )
    with distributed.joined(runtime.pick_device(args.device)) as device:
        if not (args.resume and _has_finished(out, job, args.data_root)):
            if distributed.is_first():
                _make_ready(out, resume=args.resume)
            try:
                _train_into(out, job, args, str(device))
            except BaseException as error:
                if distributed.is_first():
                    _leave(out, error)
                raise
        if distributed.is_first():
            (out / CHECKPOINT).unlink(missing_ok=True)
        distributed.wait()
    finished = load_record(out / RECORD)
    return {
        "out": str(out),
        "weights": str(out / WEIGHTS),
        "test_accuracy": finished.test_accuracy,
        "epochs": finished.epochs,
        "seconds": finished.seconds,
    }


def _train_into(out: Path, job: Job, args: argparse.Namespace, device: str) -> None:
    data = _load(job.dataset, args.data_root)
    finished = record_job(
        job,
        data,
        weights=out / WEIGHTS,
        record_name=RECORD,
        device=device,
        checkpoint=out / CHECKPOINT,
        checkpoint_seconds=args.checkpoint_every,
        log=sys.stderr,
    )
    if distributed.is_first():
        write_events(out, finished)
        save_record(out / RECORD, finished)  # last: with it the run counts as finished


def _load(name: str, root: Path | None) -> DataSet:
    """The images; when they must be downloaded, one process does it."""
    if not distributed.is_first():
        distributed.wait()
    data = load(name, root=root)
    if distributed.is_first():
        distributed.wait()
    return data


def _leave(out: Path, error: BaseException) -> None:
    """No empty folder stays behind, and whoever stopped a run hears how to go on."""
    if out.is_dir() and not any(out.iterdir()):
        out.rmdir()
    if isinstance(error, KeyboardInterrupt) and (out / CHECKPOINT).is_file():
        sys.stderr.write(f"{out} keeps what was done: --resume goes on with it\n")


def render(result: dict[str, Any]) -> str:
    """What was reached, and what to do with it."""
    return (
        f"test accuracy {result['test_accuracy']:.2%} after {result['epochs']} epochs "
        f"and {result['seconds']:.0f} seconds of training\n"
        f"weights: {result['weights']}\n"
        f"curves:  tensorboard --logdir {result['out']}"
    )


def _job(args: argparse.Namespace) -> Job:
    """What was asked for; every mistake that can be seen now is seen now."""
    variant = args.variant.upper()
    find_variant(variant)
    recipe = _recipe(args, variant)
    if args.resize is not None and args.resize < 1:
        raise ValueError(f"--resize is {args.resize}: give a side of 1 pixel or more")
    if not 0 <= args.seed < 2**32:
        raise ValueError(f"--seed is {args.seed}: it must be from 0 to {2**32 - 1}")
    if not args.checkpoint_every >= 0:
        raise ValueError(
            f"--checkpoint-every is {args.checkpoint_every}: give seconds, 0 or more"
        )
    return Job(
        variant=variant,
        recipe=recipe,
        seed=args.seed,
        dataset=args.dataset,
        resize=args.resize,
        train_limit=args.train_limit,
        precision=args.precision,
        enlarge=args.enlarge,
    )


def _recipe(args: argparse.Namespace, variant: str) -> Recipe:
    recipe = find_recipe(args.recipe or RECIPES_OF.get(variant, "quick"))
    asked = {
        "epochs": args.epochs,
        "batch_size": args.batch_size,
        "learning_rate": args.learning_rate,
    }
    changes = {key: value for key, value in asked.items() if value is not None}
    return replace(recipe, **changes)


def _has_finished(out: Path, job: Job, data_root: Path | None) -> bool:
    """Whether the folder holds this very run, done; ValueError when another one."""
    if not (out / RECORD).is_file():
        return False
    found, data = load_record(out / RECORD), _load(job.dataset, data_root)
    for key, there, asked in (
        ("variant", found.variant, job.variant),
        ("recipe", found.recipe, job.recipe),
        ("seed", found.seed, job.seed),
        ("dataset", found.dataset, data.name),
        ("resize", found.resize, job.spec.input_shape[-1]),
        ("source", found.source == "stand-in", data.source == "stand-in"),
        (
            "number of images",
            found.train_images,
            job.train_limit or len(data.train_images),
        ),
    ):
        if there != asked:
            raise ValueError(
                f"{out} holds a finished run with another {key}: name a new folder "
                "with --out"
            )
    return True


def _make_ready(out: Path, *, resume: bool) -> None:
    """Make the folder now: a long run must not fail at its last step."""
    if out.is_dir() and resume:
        for name in (CHECKPOINT, WEIGHTS, RECORD):
            remove_cut_off(out / name)
    there = {path.name for path in out.iterdir()} if out.is_dir() else set()
    if out.is_file() or (there and not resume):
        hint = "--resume goes on with it, or " if CHECKPOINT in there else ""
        raise ValueError(
            f"{out} is in use: {hint}name a new folder with --out, or remove it "
            "yourself"
        )
    # A run writes its weights when it has a checkpoint; without one they are not its.
    ours = {CHECKPOINT, WEIGHTS} if CHECKPOINT in there else set()
    strange = sorted(
        name for name in there - ours if not name.startswith("events.out.tfevents.")
    )
    if strange:
        raise ValueError(
            f"{out} holds {strange[0]}, which is of no training: name a new folder "
            "with --out"
        )
    out.mkdir(parents=True, exist_ok=True)
