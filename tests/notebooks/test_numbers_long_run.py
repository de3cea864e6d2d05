"""What notebook 07 says of six recorded runs is what their records say."""

import re
from pathlib import Path

import pytest

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.variants import find_variant, resized
from alexnet_lib.classroom.source import read_source
from alexnet_lib.learning import recorded
from alexnet_lib.learning.checks.curves import causes_by_letter, without_labels

pytestmark = pytest.mark.notebooks
SOURCE = Path(__file__).resolve().parents[2] / "notebooks/source/07_the_long_run.py"
SICK = recorded.runs("sick")


def text() -> str:
    cells = read_source(SOURCE).cells
    return " ".join(" ".join(c.source.split()) for c in cells if c.cell_type != "code")


def test_the_solution_names_the_right_letters():
    [solution] = re.findall(r"A healthy.*?By eye", text())
    told = dict(re.findall(r"\b([A-F]) ([a-z ]+?)[,.]", solution))
    assert told == causes_by_letter(SICK)


def test_the_pair_can_be_told_apart_by_its_validation_losses():
    of = {cause: without_labels(SICK)[x] for x, cause in causes_by_letter(SICK).items()}
    pairs = zip(of["healthy"].curve, of["validated in train mode"].curve, strict=True)
    assert sum(b.valid_loss > a.valid_loss for a, b in pairs) >= 6  # of eight


def test_how_the_sick_runs_look():
    last = {x: run.curve[-1] for x, run in without_labels(SICK).items()}
    of = {cause: last[x] for x, cause in causes_by_letter(SICK).items()}
    low, high = of["rate too low"], of["rate too high"]
    assert high.train_accuracy < 0.12  # guessing
    assert low.train_accuracy < 0.3 < low.valid_accuracy  # dropout hides it
    by_heart = of["overfitting"], of["shuffled labels"]
    assert all(row.train_accuracy > 0.99 for row in by_heart)
    assert by_heart[0].valid_accuracy > 0.8
    assert by_heart[1].valid_accuracy < 0.15
    few = [run.train_images for run in without_labels(SICK).values()]
    assert sorted(few)[:3] == [2200, 2200, 11000]


def test_112_pixels_take_less_work_than_28():
    fitted = find_variant("ALEXNET_QUARTER_BN_28")
    at_112 = resized(find_variant("ALEXNET_QUARTER_BN"), (1, 112, 112))
    work = [sum(row.macs for row in summarize(spec)) for spec in (at_112, fitted)]
    assert work[0] < work[1]
