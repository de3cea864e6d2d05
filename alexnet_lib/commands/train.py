"""`python -m alexnet_lib train`: train a network and keep what came of it."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import torch

from alexnet_lib import runtime
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import find_variant, resized
from alexnet_lib.architecture.weights import load_weights, save_weights
from alexnet_lib.commands.evaluate import check_data, evaluate_weights
from alexnet_lib.data import Batches, DataSet, load
from alexnet_lib.training.events import write_events
from alexnet_lib.training.loop import train
from alexnet_lib.training.precision import pick_precision
from alexnet_lib.training.recipes import Recipe, find_recipe
from alexnet_lib.training.records import RunRecord, save_record

HELP = "Train a network; the test images are looked at once, at the end."
# A minute on any machine; everything else is asked for by name.
VARIANT = "LENET5_RELU"
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
    add("--dataset", default="FashionMNIST", help="FashionMNIST or MNIST")
    add("--data-root", type=Path, help="the folder of the data sets")
    add("--resize", type=int, help="side of the input in pixels; default: variant's")
    add("--epochs", type=int, help="default: the recipe's")
    add("--train-limit", type=int, help="train on the first N images only")
    add("--batch-size", type=int, help="default: the recipe's")
    add("--learning-rate", type=float, help="default: the recipe's")
    add("--precision", default="auto", help="auto, float32 or bfloat16")
    add("--device", default="auto", help="auto, cpu, cuda or mps")
    add("--seed", type=int, default=0, help="default 0")
    add("--out", type=Path, help="a new folder; default runs/VARIANT_RECIPE_seedN")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Train, then write run.json, weights.safetensors and TensorBoard events."""
    variant = args.variant.upper()
    find_variant(variant)
    recipe = _recipe(args, variant)
    _check_numbers(args)
    runtime.pick_device(args.device)
    out = args.out or Path("runs", f"{variant}_{recipe.name}_seed{args.seed}".lower())
    _make_empty(out)
    try:
        return _train_into(out, variant, recipe, args)
    except BaseException:
        if not any(out.iterdir()):
            out.rmdir()
        raise


def _train_into(
    out: Path, variant: str, recipe: Recipe, args: argparse.Namespace
) -> dict[str, Any]:
    data = load(args.dataset, root=args.data_root)
    record = train_network(
        variant,
        recipe,
        data,
        weights=out / "weights.safetensors",
        record_name="run.json",
        seed=args.seed,
        resize=args.resize,
        train_limit=args.train_limit,
        precision=args.precision,
        device=args.device,
        log=sys.stderr,
    )
    save_record(out / "run.json", record)
    write_events(out, record)
    return {
        "out": str(out),
        "weights": str(out / "weights.safetensors"),
        "test_accuracy": record.test_accuracy,
        "epochs": record.epochs,
        "seconds": record.seconds,
    }


def train_network(
    variant: str,
    recipe: Recipe,
    data: DataSet,
    *,
    weights: Path,
    record_name: str,
    seed: int,
    resize: int | None = None,
    train_limit: int | None = None,
    precision: str = "auto",
    device: str = "auto",
    experiment: str | None = None,
    log: TextIO | None = None,
) -> RunRecord:
    """Train one network from a seed, write its weights, and give its record.

    The test accuracy is that of the file written, whose weights are float16.
    """
    spec = find_variant(variant)
    channels, side = (
        spec.input_shape[0],
        resize if resize is not None else spec.input_shape[-1],
    )
    spec = resized(spec, (channels, side, side))
    check_data(spec, data)
    images, labels = _first(data, train_limit)
    normalise = mean_and_std(images) if recipe.standardise else None

    torch_device = runtime.pick_device(device)
    picked = pick_precision(precision, torch_device)
    if log:
        log.write(
            f"{spec.name}, recipe {recipe.name}, {len(images):,} images of {data.name} "
            f"({data.source}) at {side} pixels\n"
            f"{torch_device} in {picked.name} ({picked.reason}). {data.note}\n"
        )
    runtime.seed_everything(seed)
    model = build_model(spec)
    initialize(model, recipe.init)
    batches = Batches(
        images,
        labels,
        recipe.batch_size,
        shuffle=True,
        resize=side,
        normalise=normalise,
        generator=torch.Generator().manual_seed(seed),
        device=torch_device,
    )
    curve = tuple(
        train(
            model,
            batches,
            recipe,
            device=torch_device,
            precision=picked.name,
            progress=log or False,
        )
    )
    save_weights(
        weights,
        model,
        variant=variant,
        dataset=data.name,
        resize=side,
        normalise=normalise,
        class_names=data.class_names,
        record=record_name,
        dtype=torch.float16,
    )
    tested = evaluate_weights(load_weights(weights), data, torch_device)
    seconds = sum(row.seconds for row in curve)
    return RunRecord(
        recipe=recipe,
        variant=variant,
        dataset=data.name,
        source=data.source,
        resize=side,
        seed=seed,
        train_images=len(images),
        epochs=len(curve),
        test_accuracy=tested.accuracy,
        seconds=round(seconds, 2),
        images_per_second=round(len(images) * len(curve) / seconds, 1),
        device=f"{runtime.device_name(torch_device)}, {picked.name}",
        versions=runtime.environment_report(),
        curve=curve,
        confusion=tested.confusion,
        experiment=experiment,
    )


def mean_and_std(images: torch.Tensor) -> tuple[list[float], list[float]]:
    """Of each channel, on the scale from 0 to 1. Shape: uint8 (N, C, H, W)."""
    values = torch.arange(256, dtype=torch.float64) / 255
    mean, std = [], []
    for channel in images.unbind(dim=1):
        share = channel.flatten().bincount(minlength=256).double() / channel.numel()
        centre = (share * values).sum()
        mean.append(round(centre.item(), 4))
        std.append(round((share * (values - centre).square()).sum().sqrt().item(), 4))
    return mean, std


def render(result: dict[str, Any]) -> str:
    """What was reached, and what to do with it."""
    return (
        f"test accuracy {result['test_accuracy']:.2%} after {result['epochs']} epochs "
        f"and {result['seconds']:.0f} seconds of training\n"
        f"weights: {result['weights']}\n"
        f"curves:  tensorboard --logdir {result['out']}"
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


def _check_numbers(args: argparse.Namespace) -> None:
    """What torch or NumPy would refuse later, and less clearly."""
    if args.resize is not None and args.resize < 1:
        raise ValueError(f"--resize is {args.resize}: give a side of 1 pixel or more")
    if not 0 <= args.seed < 2**32:
        raise ValueError(f"--seed is {args.seed}: it must be from 0 to {2**32 - 1}")


def _make_empty(out: Path) -> None:
    """Make the folder now: a long run must not fail at its last step."""
    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise ValueError(
            f"{out} is in use: name a new folder with --out, or remove it yourself"
        )
    out.mkdir(parents=True, exist_ok=True)


def _first(data: DataSet, limit: int | None) -> tuple[torch.Tensor, torch.Tensor]:
    """The first `limit` training images: the published order is already shuffled."""
    if limit is None:
        return data.train_images, data.train_labels
    if not 1 <= limit <= len(data.train_images):
        raise ValueError(
            f"--train-limit is {limit}: {data.name} has {len(data.train_images):,} "
            "training images, choose from 1 to that"
        )
    return data.train_images[:limit], data.train_labels[:limit]
