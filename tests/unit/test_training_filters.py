"""The filter file of a training, whatever happens on the way."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from alexnet_lib.architecture.filters import NUM_MOMENTS, FilterHistory, load_filters
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.commands.job import Job
from alexnet_lib.commands.network import Trained, train_job
from alexnet_lib.training.recipes import find_recipe
from tests.unit.small_data import small_data

NUM_STEPS = 60
JOB = Job(
    variant="LENET5_RELU",
    recipe=replace(find_recipe("lenet_relu"), epochs=2, batch_size=10),
    seed=4,
    precision="float32",
)


def train(folder: Path) -> Trained:
    return train_job(
        JOB,
        small_data(),
        checkpoint=folder / "checkpoint.safetensors",
        filters=folder / "filters.safetensors",
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trained, Path]:
    folder = tmp_path_factory.mktemp("whole")
    return train(folder), folder / "filters.safetensors"


def test_it_begins_before_the_first_step_and_ends_with_the_final_weights(
    whole: tuple[Trained, Path],
):
    trained, path = whole
    found = load_filters(path)
    torch.manual_seed(JOB.seed)
    untrained = build_model(JOB.spec)
    initialize(untrained, JOB.recipe.init)
    assert torch.equal(found.kernels[0], untrained.conv1.weight.half().float())
    final = trained.model.conv1.weight.detach()
    assert torch.equal(found.kernels[-1], final.half().float())
    assert not torch.equal(found.kernels[0], found.kernels[-1])
    assert (len(found.fractions), found.fractions[-1]) == (NUM_MOMENTS, 1.0)


def stopped_after(
    folder: Path, steps: int, patch: pytest.MonkeyPatch, *, noted: bool
) -> None:
    """Stop the training at this call of `note`, just before or just after it."""
    calls, note = iter(range(1, 1_000)), FilterHistory.note

    def stop(self: FilterHistory, *args: object) -> None:
        here = next(calls) == steps
        if noted or not here:
            note(self, *args)
        if here:
            raise KeyboardInterrupt

    with patch.context() as inside:
        inside.setattr(FilterHistory, "note", stop)
        with pytest.raises(KeyboardInterrupt):
            train(folder)


def assert_same_file(path: Path, other: Path) -> None:
    ours, theirs = load_filters(path), load_filters(other)
    assert ours.fractions == theirs.fractions
    assert torch.equal(ours.kernels, theirs.kernels)


@pytest.mark.parametrize("noted", [True, False])
@pytest.mark.parametrize("steps", [1, 30, NUM_STEPS])
def test_stopped_and_gone_on_the_file_is_the_same(
    tmp_path: Path,
    whole: tuple[Trained, Path],
    monkeypatch: pytest.MonkeyPatch,
    steps: int,
    noted: bool,
):
    stopped_after(tmp_path, steps, monkeypatch, noted=noted)
    train(tmp_path)
    assert_same_file(tmp_path / "filters.safetensors", whole[1])


def test_a_checkpoint_older_than_the_file_gives_the_same_file(
    tmp_path: Path, whole: tuple[Trained, Path], monkeypatch: pytest.MonkeyPatch
):
    """As after SIGKILL: moments were noted that no checkpoint knows of."""
    checkpoint, kept = tmp_path / "checkpoint.safetensors", tmp_path / "kept"
    stopped_after(tmp_path, 7, monkeypatch, noted=True)
    shutil.copy(checkpoint, kept)
    stopped_after(tmp_path, 20, monkeypatch, noted=True)
    shutil.copy(kept, checkpoint)
    train(tmp_path)
    assert_same_file(tmp_path / "filters.safetensors", whole[1])


def test_a_fresh_start_does_not_keep_the_moments_of_another_run(
    tmp_path: Path, whole: tuple[Trained, Path]
):
    layer = nn.Conv2d(1, 6, 5, padding=2)
    history = FilterHistory(tmp_path / "filters.safetensors", "LENET5_RELU", layer)
    history.start()
    for step in range(1, 31):
        history.note(step / NUM_STEPS)
    train(tmp_path)
    assert_same_file(tmp_path / "filters.safetensors", whole[1])
