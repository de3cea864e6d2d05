"""A small capstone that holds, for tests to spoil."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from alexnet_lib.learning import capstone
from alexnet_lib.learning.capstone import Experiment, Side
from alexnet_lib.learning.checks.capstone import check_capstone
from alexnet_lib.learning.result import CheckResult
from alexnet_lib.training import Recipe
from tests.unit.small_data import small_data

RECIPE = Recipe(name="one", learning_rate=0.1, epochs=1, batch_size=100, init="kaiming")
FAST = replace(RECIPE, name="fast", learning_rate=0.3)
EXPERIMENT = Experiment(
    question="Is a larger rate better?",
    sides={
        "small": Side(variant="LENET5_RELU", recipe=RECIPE),
        "large": Side(variant="LENET5_RELU", recipe=FAST),
    },
    expected="large",
    because="three steps are few",
    train_images=300,
)
CLAIM = "sixty-million"  # true: it cannot be overturned
FALSE_CLAIM = "two-layers-one-gb"


def make(folder: Path, experiment: Experiment = EXPERIMENT) -> Path:
    capstone.write_prediction(folder, experiment)
    capstone.run(folder, small_data())
    return capstone.write_page(folder, FALSE_CLAIM)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A capstone that holds; six trainings of three steps each."""
    here = tmp_path_factory.mktemp("capstone")
    with pytest.MonkeyPatch.context() as patch:  # before any test has its own
        patch.setenv("ALEXNET_PROGRESS", str(here.with_suffix(".json")))
        return make(here).parent


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(finished, tmp_path / "mine"))


def check(folder: Path) -> CheckResult:
    return check_capstone(folder / "page.html", small_data())
