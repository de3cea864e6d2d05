"""What notebook 12 says of the tutorial's recorded run is what its record says."""

from math import log
from pathlib import Path

import pytest

from alexnet_lib.classroom.source import read_source
from alexnet_lib.training.records import load_records

pytestmark = pytest.mark.notebooks
ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "notebooks/source/12_logging_checkpoints_resuming.py"


def test_the_tutorials_run_guesses_for_an_epoch_and_then_learns():
    cells = read_source(SOURCE).cells
    [said] = [c.source for c in cells if c.source.startswith("## 7")]
    said = " ".join(said.split())
    [run] = [r for r in load_records(ROOT / "data/runs") if r.experiment == "mnist"]
    recipe = run.recipe
    assert (recipe.optimizer, recipe.momentum, recipe.schedule) == (
        "sgd",
        0.0,
        "constant",
    )
    assert f"plain SGD at rate {recipe.learning_rate}" in said
    assert recipe.init == "torch"
    assert run.epochs == 3
    assert f"all {run.train_images:,} digits" in said
    assert run.dataset == "MNIST"
    assert run.source == "given"
    assert f"is {log(10):.2f}" in said
    first, *_, last = run.curve
    assert abs(first.train_loss - log(10)) < 0.01
    assert first.train_accuracy < 0.13
    assert last.train_accuracy > 0.9
