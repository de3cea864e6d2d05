"""The capstone: a prediction, then runs of two sides, then a page. All in one folder.

`prediction.json` is written first, and each run keeps its fingerprint. A run is a
record and a weights file, which hold the same. `page.json` and `page.html` come last:
every number on the page can be had again from the other files.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

import torch

from alexnet_lib import runtime, training
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.architecture.weights import save_weights
from alexnet_lib.data import Batches, DataSet, mean_and_std
from alexnet_lib.learning.capstone_page import render
from alexnet_lib.learning.claims import claims
from alexnet_lib.learning.ledger_rows import ledger
from alexnet_lib.training.recipes import Recipe, recipe_from_dict
from alexnet_lib.training.records import (
    RunRecord,
    load_record,
    save_record,
    write_whole,
)

OVERLAP = "the seeds overlap"
SHAPE = (1, 28, 28)  # of the pictures: small enough for six runs while you wait
TEST_IMAGES = 2_000


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two things that are compared: a network, and how it is trained."""

    variant: str
    recipe: Recipe


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A question with two sides, and what its author expects before any run.

    `expected` is the side that will be better by every seed, or `OVERLAP`.
    """

    question: str
    sides: Mapping[str, Side]
    expected: str
    because: str
    seeds: tuple[int, ...] = (0, 1, 2)
    train_images: int = 1_000

    def __post_init__(self) -> None:
        if len(self.sides) != 2:
            raise ValueError(f"{len(self.sides)} sides: an experiment compares two")
        if self.expected not in (*self.sides, OVERLAP):
            known = ", ".join((*self.sides, OVERLAP))
            raise ValueError(
                f"expected is {self.expected!r}: it must be one of {known}"
            )
        for name, side in self.sides.items():
            if not name.isidentifier():
                raise ValueError(f"{name!r} names a file: letters, digits and _ only")
            shape = find_variant(side.variant).input_shape
            if shape != SHAPE:
                raise ValueError(
                    f"{side.variant} takes pictures of {shape}: choose a network for "
                    f"{SHAPE}, such as LENET5_RELU"
                )

    @property
    def runs(self) -> dict[str, tuple[str, int]]:
        """The name of each run, with its side and its seed."""
        numbered = product(self.sides, enumerate(self.seeds))
        return {f"{side}_{number}": (side, seed) for side, (number, seed) in numbered}


def write_prediction(folder: Path, experiment: Experiment) -> None:
    """Write the prediction down; once a run is there, it can no longer be changed."""
    path = Path(folder) / "prediction.json"
    text = json.dumps(asdict(experiment), indent=1) + "\n"
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    if any(Path(folder).glob("*.safetensors")):
        raise ValueError(
            f"there are runs in {path.parent.name} already: a prediction comes before "
            "its runs; choose an empty folder"
        )
    write_whole(path, text)


def read_prediction(folder: Path) -> Experiment:
    """The experiment as it was predicted; ValueError when the file holds another."""
    path = Path(folder) / "prediction.json"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        sides = {
            name: Side(variant=side["variant"], recipe=recipe_from_dict(side["recipe"]))
            for name, side in values["sides"].items()
        }
        return Experiment(**{**values, "sides": sides, "seeds": tuple(values["seeds"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{path.name} is not a prediction: {error}") from error


def fingerprint(folder: Path) -> str:
    """What a run notes of the prediction that was there when it began."""
    content = (Path(folder) / "prediction.json").read_bytes()
    return f"capstone {hashlib.sha256(content).hexdigest()[:16]}"


def run(folder: Path, pictures: DataSet) -> dict[str, list[float]]:
    """Train what is not there yet; the test accuracies of each side, in [0, 1]."""
    folder = Path(folder)
    if not (folder / "prediction.json").is_file():
        raise ValueError("there is no prediction yet: call write_prediction first")
    experiment, noted = read_prediction(folder), fingerprint(folder)
    for name, (side, seed) in experiment.runs.items():
        if not (folder / f"{name}.json").is_file():
            _run_one(folder / name, experiment, side, seed, pictures, noted)
    return accuracies(folder, experiment)


def accuracies(folder: Path, experiment: Experiment) -> dict[str, list[float]]:
    """Of each side, what its records say, seed by seed."""
    found: dict[str, list[float]] = {side: [] for side in experiment.sides}
    for name, (side, _seed) in experiment.runs.items():
        found[side].append(load_record(Path(folder) / f"{name}.json").test_accuracy)
    return found


def came_out(found: Mapping[str, list[float]]) -> str:
    """The side that is better by every seed, or that the seeds overlap."""
    (one, first), (other, second) = found.items()
    if min(first) > max(second):
        return one
    return other if min(second) > max(first) else OVERLAP


def write_page(folder: Path, claim_id: str) -> Path:
    """Make the page of the ledger, a claim that is overturned, and the experiment."""
    folder = Path(folder)
    if claim_id not in claims():
        raise ValueError(f"no claim {claim_id!r}: `claims()` has their names")
    finding = claims()[claim_id].prove()
    if finding.verdict == "true":
        raise ValueError(f"{claim_id} is true, says its proof: choose another claim")
    experiment = read_prediction(folder)
    found = accuracies(folder, experiment)
    page = {
        "claim": claim_id,
        "verdict": finding.verdict,
        "evidence": finding.evidence,
        "ledger": ledger().rows,
        "accuracies": found,
        "came_out": came_out(found),
    }
    write_whole(folder / "page.json", json.dumps(page, indent=1) + "\n")
    write_whole(folder / "page.html", render(experiment, page))
    return folder / "page.html"


def judging_batches(pictures: DataSet, normalise: Any) -> Batches:
    """The test pictures that a run is judged by: the first 2,000."""
    images, labels = pictures.test_images[:TEST_IMAGES], pictures.test_labels
    return Batches(images, labels[:TEST_IMAGES], 500, normalise=normalise)


def _run_one(
    path: Path,
    experiment: Experiment,
    side: str,
    seed: int,
    pictures: DataSet,
    noted: str,
) -> None:
    """One training; the weights file first, so that a record is never alone."""
    variant, recipe = experiment.sides[side].variant, experiment.sides[side].recipe
    images = pictures.train_images[: experiment.train_images]
    labels = pictures.train_labels[: experiment.train_images]
    normalise = mean_and_std(images) if recipe.standardise else None
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = build_model(find_variant(variant))
        initialize(model, recipe.init)
        batches = Batches(
            images, labels, recipe.batch_size, shuffle=True, normalise=normalise
        )
        curve = tuple(training.train(model, batches, recipe))
    judged = training.evaluate(model, judging_batches(pictures, normalise))
    seconds = sum(row.seconds for row in curve)
    record = RunRecord(
        recipe=recipe,
        variant=variant,
        dataset=pictures.name,
        source=pictures.source,
        resize=SHAPE[1],
        seed=seed,
        train_images=len(images),
        epochs=len(curve),
        test_accuracy=judged.accuracy,
        seconds=seconds,
        images_per_second=len(images) * len(curve) / seconds,
        device=runtime.device_name(torch.device("cpu")),
        versions={k: v for k, v in runtime.package_versions().items() if v},
        curve=curve,
        confusion=judged.confusion,
        experiment=noted,
    )
    save_weights(
        path.with_name(f"{path.name}.safetensors"),
        model,
        variant=variant,
        dataset=pictures.name,
        resize=SHAPE[1],
        normalise=normalise,
        class_names=pictures.class_names,
        record=asdict(record),
        dtype=torch.float32,
    )
    save_record(path.with_name(f"{path.name}.json"), record)
