"""A file of the first layer's kernels at forty moments."""

import errno
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from alexnet_lib.architecture import filters as module
from alexnet_lib.architecture.filters import (
    FORMAT,
    NUM_MOMENTS,
    FilterHistory,
    load_filters,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "filters.safetensors"


def numbered(path: Path) -> FilterHistory:
    """A history of a layer whose weights say how many steps were done."""
    history = FilterHistory(path, "LENET5_RELU", nn.Conv2d(1, 2, 3))
    take_steps(history, 0)
    return history


def take_steps(history: FilterHistory, count: int) -> None:
    nn.init.constant_(history.layer.weight, count)


def run(history: FilterHistory, steps: range, in_all: int) -> None:
    for step in steps:
        take_steps(history, step)
        history.note(step / in_all)


# --- forty moments ---
def test_the_moments_go_from_0_to_1_and_are_denser_early(path: Path):
    history = numbered(path)
    history.start()
    run(history, range(1, 2_001), 2_000)
    found = load_filters(path)
    assert (found.variant, found.kernels.shape) == ("LENET5_RELU", (40, 2, 1, 3, 3))
    assert (found.fractions[0], found.fractions[-1]) == (0.0, 1.0)
    gaps = torch.tensor(found.fractions).diff()
    assert (gaps > 0).all()
    assert gaps[:13].max() < gaps[13:26].min() < gaps[13:26].max() < gaps[26:].min()
    # Each is the first step at which its moment had come, with that step's kernels.
    for moment, fraction, kernels in zip(
        history.moments, found.fractions, found.kernels, strict=True
    ):
        assert moment <= fraction + 1e-9
        assert fraction - moment < 1 / 2_000
        assert kernels.unique().item() == round(fraction * 2_000)


def test_of_few_steps_each_is_a_moment_and_the_last_is_there(path: Path):
    history = numbered(path)
    history.start()
    run(history, range(1, 11), 10)
    found = load_filters(path)
    assert found.fractions == tuple(step / 10 for step in range(11))
    assert found.kernels.flatten(1)[:, 0].tolist() == list(range(11))


def test_a_training_taken_up_again_replaces_what_it_does_again(path: Path):
    history = numbered(path)
    history.start()
    run(history, range(1, 1_001), 2_000)
    kernels = torch.full((2, 1, 3, 3), 500.0)
    again = FilterHistory(path, "LENET5_RELU", history.layer)
    again.go_on(0.25, kernels)
    assert load_filters(path).fractions[-1] <= 0.5
    run(again, range(501, 2_001), 2_000)
    found = load_filters(path)
    numbers = found.kernels.flatten(1)[:, 0].tolist()
    assert numbers == [round(2_000 * fraction) for fraction in found.fractions]
    assert len(numbers) == NUM_MOMENTS
    assert (found.fractions[0], found.fractions[-1]) == (0.0, 1.0)


# --- errors ---
def test_a_write_that_fails_leaves_the_file_before(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    history = numbered(path)
    history.start()
    before = path.read_bytes()

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        history.note(1.0)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_going_on_needs_the_file_of_the_same_training(path: Path):
    history = numbered(path)
    with pytest.raises(
        FileNotFoundError,
        match=r"filters.safetensors is missing, but its training is under way: bri",
    ):
        history.go_on(0.5, torch.zeros(2, 1, 3, 3))
    history.start()
    with pytest.raises(
        ValueError, match=r"is of LENET5_RELU, kernels \(2, 1, 3, 3\), not of"
    ):
        history.go_on(0.5, torch.zeros(2, 1, 5, 5))
    history.variant = "LENET5"
    with pytest.raises(ValueError, match=r"not of LENET5, \(2, 1, 3, 3\): name"):
        history.go_on(0.5, torch.zeros(2, 1, 3, 3))


def contents() -> Iterator[tuple[dict, dict, str]]:
    kernels = {"kernels": torch.zeros(2, 1, 1, 3, 3)}
    good = {"format": FORMAT, "variant": "LENET5", "fractions": json.dumps([0, 1])}
    unclear = "x.safetensors does not say which kernels it holds: fetch it again"
    yield (
        kernels,
        good | {"format": "weights"},
        "x.safetensors has format 'weights', not 'alexnet-course-filters-1': it is no "
        "filter file of this course",
    )
    yield {"other": kernels["kernels"]}, good, unclear
    yield kernels, good | {"fractions": "[0]"}, unclear
    yield kernels, {"format": FORMAT, "fractions": "[0, 1]"}, unclear
    yield kernels, {"format": FORMAT, "variant": "LENET5"}, unclear


@pytest.mark.parametrize(("tensors", "metadata", "message"), list(contents()))
def test_what_is_no_filter_file_is_refused(
    tmp_path: Path, tensors: dict, metadata: dict, message: str
):
    save_file(tensors, tmp_path / "x.safetensors", metadata)
    with pytest.raises(ValueError, match=r"^x") as caught:
        load_filters(tmp_path / "x.safetensors")
    assert str(caught.value) == message


def test_a_file_cut_off_or_missing_says_so(path: Path):
    with pytest.raises(FileNotFoundError, match=r"no filter file .*: see data/weights"):
        load_filters(path)
    numbered(path).start()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="is not a whole filter file") as caught:
        load_filters(path)
    assert str(caught.value).endswith("): fetch it again")
