"""A training that is stopped goes on as if it had never stopped, bit for bit."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors import safe_open
from safetensors.torch import save_file

from alexnet_lib.training import train
from alexnet_lib.training.checkpoint import load_checkpoint
from alexnet_lib.training.results import EpochResult
from tests.unit.small_training import (
    NUM_RESULTS,
    NUM_STEPS,
    RECIPE,
    Small,
    assert_same_numbers,
    leave_after,
    make_model,
    without_times,
)

ADAMW = replace(
    RECIPE, optimizer="adamw", momentum=0.0, nesterov=False, learning_rate=0.01
)
STEPS = replace(RECIPE, schedule="steps", drops=(0.3, 0.7))
KINDS = {
    "own generator": Small(),
    "global generator": Small(own_generator=False),
    "plain": Small(recipe=replace(RECIPE, momentum=0.0, nesterov=False)),
    "adamw": Small(recipe=ADAMW),
    "steps": Small(recipe=STEPS),
    "bfloat16": Small(precision="bfloat16"),
    "adamw in bfloat16": Small(recipe=ADAMW, precision="bfloat16"),
    "validated": Small(validated=True, own_generator=False),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "checkpoint.safetensors"


@pytest.mark.parametrize("kind", KINDS)
def test_it_goes_on_from_every_place_as_if_never_stopped(kind: str, tmp_path: Path):
    never_stopped = make_model()
    whole = list(KINDS[kind].steps(never_stopped))
    assert len(whole) == NUM_RESULTS
    for count in range(1, NUM_RESULTS + 1):
        small = replace(KINDS[kind], path=tmp_path / f"{count}.safetensors")
        seen = leave_after(small.steps(make_model()), count)
        fresh = make_model(seed=99)
        went_on = list(small.steps(fresh, seed=99))
        assert_same_numbers(fresh, never_stopped)
        finished = [each for each in seen if isinstance(each, EpochResult)]
        assert went_on[: len(finished)] == finished  # the very seconds
        together = seen + went_on[len(finished) :]
        assert without_times(together) == without_times(whole), f"stopped at {count}"


def test_it_may_be_stopped_after_every_single_step(path: Path):
    never_stopped = make_model()
    whole = list(Small().steps(never_stopped))
    seen = []
    for number in range(3 * NUM_STEPS):
        fresh = make_model(seed=number)
        for result in Small(path=path).steps(fresh, seed=number):
            if not isinstance(result, EpochResult):
                seen.append(result)
                break
    epochs = list(Small(path=path).steps(fresh := make_model(7), seed=7))
    assert seen == [each for each in whole if not isinstance(each, EpochResult)]
    assert without_times(epochs) == without_times(whole[NUM_STEPS :: NUM_STEPS + 1])
    assert_same_numbers(fresh, never_stopped)


def test_a_finished_run_yields_its_epochs_again_and_trains_no_more(path: Path):
    small = Small(path=path, validated=True)
    whole = list(small.steps(finished := make_model()))
    before = path.read_bytes()
    again = list(small.steps(fresh := make_model(5), seed=5))
    assert again == [each for each in whole if isinstance(each, EpochResult)]
    assert again[0].valid_accuracy is not None
    assert_same_numbers(fresh, finished)
    assert path.read_bytes() == before


def test_train_goes_on_as_well_and_gives_whole_epochs(path: Path):
    small = Small(path=path)
    whole = list(small.steps(finished := make_model()))
    path.unlink()
    leave_after(small.steps(make_model()), 7)  # two steps into the second epoch
    fresh = make_model(3)
    curve = list(train(fresh, **small.arguments(seed=3)))
    assert [row.epoch for row in curve] == [1, 2, 3]
    assert without_times(curve) == without_times(whole[NUM_STEPS :: NUM_STEPS + 1])
    assert_same_numbers(fresh, finished)


def test_without_a_checkpoint_nothing_is_written(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    list(Small().steps(make_model()))
    assert list(tmp_path.iterdir()) == []


def test_leaving_before_the_first_step_writes_nothing(path: Path):
    leave_after(Small(path=path).steps(make_model()), 0)
    assert not path.exists()


def test_the_time_of_an_epoch_is_that_of_all_its_parts(path: Path):
    leave_after(Small(path=path).steps(make_model()), 2)
    before = load_checkpoint(path).position
    assert before.seconds > 0
    assert (before.epoch, before.step, before.num_images) == (1, 2, 12)
    leave_after(Small(path=path).steps(make_model()), 1)
    after = load_checkpoint(path).position
    assert (after.epoch, after.step, after.num_images) == (1, 3, 18)
    assert after.seconds > before.seconds


def test_a_checkpoint_of_an_earlier_version_still_goes_on(path: Path):
    """Written before the seconds of the processor were counted."""
    never_stopped = make_model()
    list(Small().steps(never_stopped))
    leave_after(Small(path=path).steps(make_model()), 6)
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    position = json.loads(metadata["position"])
    del position["cpu_seconds"], position["curve"][0]["cpu_seconds"]
    save_file(tensors, path, metadata | {"position": json.dumps(position)})
    first, *_ = list(Small(path=path).steps(fresh := make_model(5), seed=5))
    assert first.cpu_seconds is None
    assert_same_numbers(fresh, never_stopped)


def test_the_file_holds_tensors_and_json_alone(path: Path):
    leave_after(Small(path=path).steps(make_model()), 6)
    found = load_checkpoint(path)
    assert found.settings["drops"] == []
    assert found.settings["precision"] == "float32"
    assert [row["epoch"] for row in found.position.curve] == [1]
    assert found.random.now.keys() == {"cpu", "order"}
    assert "optimizer.0.momentum_buffer" in found.tensors
    assert "model.1.running_mean" in found.tensors
