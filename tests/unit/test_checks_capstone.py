"""The capstone's contract, and capstones that break it, each in its own way."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch

from alexnet_lib.architecture.weights import load_weights, save_weights
from alexnet_lib.learning import capstone
from alexnet_lib.learning.checks.capstone import check_capstone
from alexnet_lib.learning.content import hints_for
from tests.unit.checking import EqualsEverything
from tests.unit.made_capstone import CLAIM, EXPERIMENT, check, finished, folder, make
from tests.unit.small_data import small_data

__all__ = ["finished", "folder"]  # fixtures


def rewrite(path: Path, change) -> None:
    values = json.loads(path.read_text())
    change(values)
    path.write_text(json.dumps(values))


def test_a_capstone_that_holds(folder: Path):
    result = check(folder)
    assert result.status == "passed", result
    assert "6 runs computed again; predicted: large, came out: " in result.message
    assert "0 of 10 rows of the ledger begun" in result.message
    assert check_capstone(str(folder / "page.html"), small_data()).status == "passed"


def test_nothing_yet_is_to_do_and_has_hints():
    result = check_capstone(None, small_data())
    assert result.status == "todo"
    assert 1 <= len(hints_for(result.exercise)) <= 3
    assert check_capstone(EqualsEverything(), small_data()).status == "failed"


@pytest.mark.parametrize(
    "name",
    [
        "prediction.json",
        "page.json",
        "page.html",
        "small_1.json",
        "large_2.safetensors",
    ],
)
def test_missing_file(folder: Path, name: str):
    (folder / name).unlink()
    result = check(folder)
    assert result.mistake == "missing file"
    assert result.message == f"{name} is missing in mine"


@pytest.mark.parametrize("name", ["prediction.json", "page.json", "small_0.json"])
def test_file_that_is_no_json(folder: Path, name: str):
    (folder / name).write_text("{broken")
    assert check(folder).mistake == "unreadable file"


def test_number_changed_on_the_page(folder: Path):
    rewrite(folder / "page.json", lambda page: page["accuracies"]["small"].reverse())
    rewrite(folder / "page.json", lambda page: page["accuracies"]["small"].append(0.9))
    assert check(folder).mistake == "number changed"


def test_finding_changed_on_the_page(folder: Path):
    rewrite(folder / "page.json", lambda page: page.update(came_out="nothing"))
    assert check(folder).mistake == "number changed"


def test_page_that_says_something_else(folder: Path):
    text = (folder / "page.html").read_text()
    (folder / "page.html").write_text(text.replace("seed 1", "seed 7"))
    assert check(folder).mistake == "page changed"


def test_record_changed(folder: Path):
    rewrite(folder / "small_1.json", lambda record: record.update(test_accuracy=0.99))
    result = check(folder)
    assert result.mistake == "record changed"
    assert result.message.startswith("small_1.json is not the record")


def test_record_and_weights_file_made_by_hand(folder: Path):
    """The same invented number in both files; the weights know better."""
    path = folder / "large_0.safetensors"
    kept = load_weights(path)
    invented = kept.record | {"test_accuracy": 0.99}
    save_weights(
        path,
        kept.model,
        variant=kept.variant,
        dataset=kept.dataset,
        resize=kept.resize,
        normalise=kept.normalise,
        class_names=kept.class_names,
        record=invented,
        dtype=torch.float32,
    )
    rewrite(folder / "large_0.json", lambda record: record.update(test_accuracy=0.99))
    result = check(folder)
    assert result.mistake == "hand-made record"
    assert "large_0.json says 99.00%, and its weights name" in result.message


def test_weights_of_another_network(folder: Path):
    tensors = safetensors.torch.load_file(folder / "small_0.safetensors")
    safetensors.torch.save_file(tensors, folder / "small_0.safetensors")
    assert check(folder).mistake == "unreadable file"


def test_prediction_after_the_run(folder: Path):
    rewrite(folder / "prediction.json", lambda values: values.update(expected="small"))
    result = check(folder)
    assert result.mistake == "prediction after the run"


def test_run_of_another_experiment(folder: Path):
    for end in ("json", "safetensors"):
        shutil.copy(folder / f"large_0.{end}", folder / f"small_0.{end}")
    assert check(folder).mistake == "another run"


def test_two_seeds(tmp_path: Path):
    page = make(tmp_path, replace(EXPERIMENT, seeds=(0, 1)))
    result = check_capstone(page, small_data())
    assert result.mistake == "too few seeds"
    assert result.message.startswith("2 seeds a side: 3 are the least")


def test_the_same_seed_thrice(tmp_path: Path):
    page = make(tmp_path, replace(EXPERIMENT, seeds=(4, 4, 4)))
    assert check_capstone(page, small_data()).mistake == "same seed"


def test_the_same_run_under_another_seed(folder: Path):
    """Copied, and relabelled in both files."""
    kept = load_weights(folder / "small_0.safetensors")
    relabelled = kept.record | {"seed": 1}
    save_weights(
        folder / "small_1.safetensors",
        kept.model,
        variant=kept.variant,
        dataset=kept.dataset,
        resize=kept.resize,
        normalise=kept.normalise,
        class_names=kept.class_names,
        record=relabelled,
        dtype=torch.float32,
    )
    shutil.copy(folder / "small_0.json", folder / "small_1.json")
    rewrite(folder / "small_1.json", lambda record: record.update(seed=1))
    result = check(folder)
    assert result.mistake == "same run twice"
    assert "small_1 and small_0 have the same weights" in result.message


def test_two_sides_that_are_one(tmp_path: Path):
    same = {"small": EXPERIMENT.sides["small"], "other": EXPERIMENT.sides["small"]}
    page = make(tmp_path, replace(EXPERIMENT, sides=same, expected=capstone.OVERLAP))
    assert check_capstone(page, small_data()).mistake == "no difference"


@pytest.mark.parametrize("claim", [CLAIM, "no-such-claim"])
def test_claim_that_is_not_overturned(folder: Path, claim: str):
    rewrite(folder / "page.json", lambda page: page.update(claim=claim))
    assert check(folder).mistake == "claim not overturned"


def test_other_pictures(folder: Path):
    real = replace(small_data(), source="stand-in")
    result = check_capstone(folder / "page.html", real)
    assert result.mistake == "other pictures"
    assert "saw pictures that were given; these are stand-in" in result.message
