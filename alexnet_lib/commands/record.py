"""`python -m alexnet_lib record EXPERIMENT`: the runs that the notebooks replay."""

import argparse
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from alexnet_lib import runtime
from alexnet_lib.commands.rates import choose_rates
from alexnet_lib.commands.train import train_network
from alexnet_lib.data import DataSet, load
from alexnet_lib.training.recipes import Recipe, find_recipe
from alexnet_lib.training.records import load_record, save_record

HELP = "Record the runs that the notebooks replay; finished ones are skipped."


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A comparison: each network with its recipe, from each seed."""

    networks: dict[str, str]  # variant: recipe
    seeds: tuple[int, ...]
    rates: dict[str, tuple[float, ...]]  # variant: tried on validation images
    shipped: dict[str, str]  # run: the weights file made from it
    precision: str = "float32"


EXPERIMENTS = {
    "lenet_grid": Experiment(
        networks={
            "LENET5": "lenet_sigmoid",
            "LENET5_SIGMOID_MAX": "lenet_sigmoid_max",
            "LENET5_RELU_AVG": "lenet_relu_avg",
            "LENET5_RELU": "lenet_relu",
        },
        seeds=(0, 1, 2),
        rates={
            "LENET5": (0.1, 0.3, 1.0, 3.0, 10.0),
            "LENET5_SIGMOID_MAX": (0.1, 0.3, 1.0, 3.0, 10.0),
            "LENET5_RELU_AVG": (0.03, 0.1, 0.3, 1.0),
            "LENET5_RELU": (0.03, 0.1, 0.3, 1.0),
        },
        shipped={"lenet_grid_lenet5_relu_seed0": "lenet.safetensors"},
    ),
    "quick": Experiment(
        networks={"ALEXNET_QUARTER_BN": "quick"},
        seeds=(0,),
        rates={},  # the recipe's own
        shipped={"quick_quarter_bn_seed0": "quarter.safetensors"},
        precision="auto",
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("experiment", help=f"one of {', '.join(EXPERIMENTS)}")
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
    out = args.out or _checkout_data()
    data = load("FashionMNIST", root=args.data_root)
    if data.source == "stand-in":
        raise RuntimeError(f"records are made from the real images only: {data.note}")
    return record(args.experiment, EXPERIMENTS[args.experiment], data, out)


def record(
    name: str, experiment: Experiment, data: DataSet, out: Path
) -> dict[str, Any]:
    """Write OUT/runs/NAME_VARIANT_seedN.json for each run that is not there yet."""
    accuracies: dict[str, float] = {}
    rates_file = out / "runs" / "rates" / f"{name}.json"
    rates = choose_rates(experiment.networks, experiment.rates, data, rates_file)
    for seed in experiment.seeds:
        for variant, recipe_name in experiment.networks.items():
            short = variant.lower().removeprefix("alexnet_")
            run_name = f"{name}_{short}_seed{seed}"
            path = out / "runs" / f"{run_name}.json"
            if not path.exists():
                recipe = find_recipe(recipe_name)
                if variant in rates:
                    recipe = replace(recipe, learning_rate=rates[variant])
                _record_run(name, experiment, variant, recipe, seed, data, path, out)
            accuracies[run_name] = load_record(path).test_accuracy
    return {"experiment": name, "out": str(out), "test_accuracy": accuracies}


def render(result: dict[str, Any]) -> str:
    """One line for each run."""
    rows = result["test_accuracy"].items()
    return "\n".join(f"{name:<40} {accuracy:.2%}" for name, accuracy in rows)


def _record_run(
    name: str,
    experiment: Experiment,
    variant: str,
    recipe: Recipe,
    seed: int,
    data: DataSet,
    path: Path,
    out: Path,
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        weights = Path(scratch, "weights.safetensors")
        if path.stem in experiment.shipped:
            weights = out / "weights" / experiment.shipped[path.stem]
            weights.parent.mkdir(parents=True, exist_ok=True)
        finished = train_network(
            variant,
            recipe,
            data,
            weights=weights,
            record_name=path.name,
            seed=seed,
            precision=experiment.precision,
            experiment=name,
            log=sys.stderr,
        )
    save_record(path, finished)


def _checkout_data() -> Path:
    root = runtime.checkout()
    if root is None:
        raise ValueError("there is no checkout to write into: name a folder with --out")
    return root / "data"
