"""Making a capstone: prediction, runs, page, and what is refused on the way."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from alexnet_lib import learning
from alexnet_lib.learning import capstone
from alexnet_lib.learning.capstone import Side
from tests.unit.made_capstone import (
    CLAIM,
    EXPERIMENT,
    FALSE_CLAIM,
    RECIPE,
    check,
    finished,
    folder,
)
from tests.unit.small_data import small_data

__all__ = ["finished", "folder"]  # fixtures


def test_a_prediction_cannot_be_changed_behind_its_runs(folder: Path):
    capstone.write_prediction(folder, EXPERIMENT)  # the same again: nothing happens
    with pytest.raises(ValueError, match="a prediction comes before its runs"):
        capstone.write_prediction(folder, replace(EXPERIMENT, expected="small"))


def test_no_run_without_a_prediction(tmp_path: Path):
    with pytest.raises(ValueError, match="no prediction yet: call write_prediction"):
        capstone.run(tmp_path, small_data())


def test_what_is_there_is_not_run_again(folder: Path):
    before = (folder / "small_0.safetensors").stat().st_mtime_ns
    (folder / "small_1.json").unlink()
    capstone.run(folder, small_data())
    assert (folder / "small_0.safetensors").stat().st_mtime_ns == before
    assert check(folder).mistake != "missing file"


def test_a_run_leaves_the_readers_random_numbers_alone(tmp_path: Path):
    capstone.write_prediction(tmp_path, EXPERIMENT)
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    capstone.run(tmp_path, small_data())
    assert torch.equal(torch.rand(2), expected)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sides": {}}, "0 sides: an experiment compares two"),
        (
            {"expected": "huge"},
            "expected is 'huge': it must be one of small, large, the",
        ),
        (
            {
                "sides": {
                    "a b": EXPERIMENT.sides["small"],
                    "c": EXPERIMENT.sides["large"],
                },
                "expected": "c",
            },
            "'a b' names a file: letters, digits and _ only",
        ),
        (
            {
                "sides": {
                    "small": Side(variant="ALEXNET_2012", recipe=RECIPE),
                    "large": EXPERIMENT.sides["large"],
                }
            },
            "ALEXNET_2012 takes pictures of (3, 227, 227): choose a network for (1, 28",
        ),
    ],
)
def test_experiments_that_are_none(changes: dict, message: str):
    with pytest.raises(ValueError, match=re.escape(message)):
        replace(EXPERIMENT, **changes)


def test_a_page_wants_a_claim_that_is_overturned(folder: Path):
    with pytest.raises(ValueError, match="sixty-million is true, says its proof"):
        capstone.write_page(folder, CLAIM)
    with pytest.raises(ValueError, match="no claim 'sixty'"):
        capstone.write_page(folder, "sixty")


def test_the_page_has_the_ledger_and_escapes_what_was_written(folder: Path):
    learning.fill("LRN", costs="<script>", buys="0.1 points", verdict="not told apart")
    text = capstone.write_page(folder, FALSE_CLAIM).read_text()
    assert "not told apart" in text
    assert "<script>" not in text
    assert "The ledger: 1 rows begun" in text
    assert "1 of 10 rows" in check(folder).message


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ([0.9, 0.8], [0.7, 0.6], "one"),
        ([0.5, 0.6], [0.7, 0.8], "other"),
        ([0.5, 0.75], [0.7, 0.8], capstone.OVERLAP),
        ([0.7], [0.7], capstone.OVERLAP),
    ],
)
def test_what_came_out(first, second, said):
    assert capstone.came_out({"one": first, "other": second}) == said
