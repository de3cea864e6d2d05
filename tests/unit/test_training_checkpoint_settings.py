"""A checkpoint of another training: the difference is named, and nothing changes."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from torch import nn

from tests.unit.small_training import (
    NUM_STEPS,
    RECIPE,
    Small,
    assert_same_numbers,
    leave_after,
    make_model,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A checkpoint of a training that was left after its first step."""
    path = tmp_path / "checkpoint.safetensors"
    leave_after(Small(path=path).steps(make_model()), 1)
    return path


def error_of(path: Path, **changes: object) -> str:
    with pytest.raises(ValueError, match="was made with") as caught:
        next(Small(path=path, **changes).steps(make_model()))
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda model: model.append(nn.Linear(3, 3)), "8.bias"),
        (lambda model: model.__setitem__(0, nn.Conv2d(1, 5, 3)), "0.bias"),
        (lambda model: model.pop(1), "1.bias"),
    ],
)
def test_another_network_is_refused_and_not_changed(
    path: Path, change: Callable, name: str
):
    model = make_model(3)
    change(model)
    same = copy.deepcopy(model)
    with pytest.raises(ValueError, match="the checkpoint is of another netw") as caught:
        next(Small(path=path).steps(model))
    assert str(caught.value) == (
        f"the checkpoint is of another network: {name!r} differs; build the model it "
        "was made with"
    )
    assert_same_numbers(model, same)


@pytest.mark.parametrize(
    ("changes", "was"),
    [
        ({"learning_rate": 0.1}, "learning_rate 0.05, not 0.1"),
        ({"epochs": 4}, "epochs 3, not 4"),
        ({"schedule": "constant"}, "schedule 'one_cycle', not 'constant'"),
        ({"weight_decay": 0.0}, "weight_decay 0.001, not 0.0"),
        ({"name": "other", "epochs": 4}, "recipe 'small', not 'other'"),
    ],
)
def test_another_recipe_is_refused(path: Path, changes: dict, was: str):
    assert error_of(path, recipe=replace(RECIPE, **changes)) == (
        f"checkpoint.safetensors was made with {was}: resume with the same settings, "
        "or start afresh in another folder"
    )


def test_drops_are_compared_as_they_were_written(tmp_path: Path):
    steps = replace(RECIPE, schedule="steps", drops=(0.3, 0.7))
    small = Small(recipe=steps, path=tmp_path / "one.safetensors")
    leave_after(small.steps(make_model()), 2)
    assert len(list(small.steps(make_model()))) == 3 * (NUM_STEPS + 1) - 2
    other = replace(steps, drops=(0.3, 0.8))
    assert "was made with drops [0.3, 0.7], not [0.3, 0.8]: " in error_of(
        small.path, recipe=other
    )


def test_another_precision_or_setting_of_the_caller_is_refused(path: Path):
    message = error_of(path, precision="bfloat16")
    assert "was made with precision 'float32', not 'bfloat16'" in message
    message = error_of(path, settings={"seed": 1})
    assert "was made with seed None, not 1: resume with the same" in message
