"""`record`: rates are chosen, runs are trained once, and what was stopped goes on."""

import json
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file

from alexnet_lib.architecture.filters import FilterHistory, load_filters
from alexnet_lib.architecture.weights import load_weights
from alexnet_lib.commands import rates, record
from alexnet_lib.commands.experiments import Experiment
from alexnet_lib.commands.job import Job
from alexnet_lib.training.recipes import find_recipe
from alexnet_lib.training.records import load_record
from alexnet_lib.training.run import Diverged, Run
from tests.unit.small_data import small_data
from tests.unit.small_training import without_times

RECIPE = replace(find_recipe("lenet_relu"), epochs=2, batch_size=30)
NUM_STEPS = 20


def job(variant: str = "LENET5_RELU", **changes: object) -> Job:
    values = {"recipe": RECIPE, "seed": 0, "precision": "float32"} | changes
    return Job(variant=variant, experiment="tiny", **values)


TINY = Experiment(
    runs={
        "tiny_relu_seed0": job(),
        "tiny_relu_seed1": job(seed=1),
        "tiny_avg_seed0": job("LENET5_RELU_AVG"),
    },
    shipped={"tiny_relu_seed0": "tiny.safetensors"},
    filters={"tiny_relu_seed0": "filters_tiny.safetensors"},
)


@pytest.fixture(autouse=True)
def _small_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "load", small_data)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one for each step that is trained."""
    done: list[int] = []
    step = Run._step

    def counted(self: Run, *args: object) -> object:
        done.append(self.position.step)
        return step(self, *args)

    monkeypatch.setattr(Run, "_step", counted)
    return done


def names(folder: Path, pattern: str = "*") -> list[str]:
    return sorted(path.name for path in folder.glob(pattern))


# --- runs ---
def test_each_run_gets_its_record_once(tmp_path: Path, steps: list[int]):
    first = record.record("tiny", TINY, tmp_path)
    assert list(first["test_accuracy"]) == list(TINY.runs)
    assert names(tmp_path / "runs", "*.json") == sorted(f"{n}.json" for n in TINY.runs)
    run = load_record(tmp_path / "runs" / "tiny_relu_seed1.json")
    assert (run.variant, run.seed, run.experiment) == ("LENET5_RELU", 1, "tiny")
    assert run.test_accuracy == first["test_accuracy"]["tiny_relu_seed1"]
    assert len(steps) == 3 * NUM_STEPS
    assert record.record("tiny", TINY, tmp_path) == first
    assert len(steps) == 3 * NUM_STEPS, "a finished run was trained again"
    lines = record.render(first).splitlines()
    assert lines[0].split()[0] == "tiny_relu_seed0"
    assert len(lines) == 3


def test_weights_and_filters_are_put_where_the_course_finds_them(tmp_path: Path):
    record.record("tiny", TINY, tmp_path, only="tiny_relu_seed0")
    loaded = load_weights(tmp_path / "weights" / "tiny.safetensors")
    assert loaded.record == "tiny_relu_seed0.json"
    stored = load_file(tmp_path / "weights" / "tiny.safetensors")
    assert {tensor.dtype for tensor in stored.values()} == {torch.float16}
    filters = load_filters(tmp_path / "weights" / "filters_tiny.safetensors")
    assert torch.equal(filters.kernels[-1], loaded.model.conv1.weight)
    assert names(tmp_path / "weights") == [
        "filters_tiny.safetensors",
        "tiny.safetensors",
    ]
    unfinished = tmp_path / "runs" / "unfinished" / "tiny_relu_seed0"
    assert names(unfinished, "*.safetensors") == [
        "filters.safetensors",
        "weights.safetensors",
    ]


def test_only_trains_one_run_and_the_rates_of_its_network(tmp_path: Path):
    grid = dict.fromkeys(("LENET5_RELU", "LENET5_RELU_AVG"), (0.01, 0.1))
    tiny = replace(TINY, rates=grid, rate_seeds=(7,))
    result = record.record("tiny", tiny, tmp_path, only="tiny_avg_seed0")
    assert list(result["test_accuracy"]) == ["tiny_avg_seed0"]
    assert names(tmp_path / "runs", "*.json") == ["tiny_avg_seed0.json"]
    found = json.loads((tmp_path / "runs" / "rates" / "tiny.json").read_text())
    assert list(found["valid_accuracy"]) == ["LENET5_RELU_AVG"]


def test_a_run_that_was_stopped_goes_on_and_is_the_same(
    tmp_path: Path, steps: list[int], monkeypatch: pytest.MonkeyPatch
):
    name, notes = "tiny_relu_seed0", iter(range(1, 1_000))

    def stop(self: FilterHistory, *args: object) -> None:
        if next(notes) == 13:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(FilterHistory, "note", stop)
        with pytest.raises(KeyboardInterrupt):
            record.record("tiny", TINY, tmp_path / "stopped", only=name)
    unfinished = tmp_path / "stopped" / "runs" / "unfinished" / name
    assert names(unfinished) == ["checkpoint.safetensors", "filters.safetensors"]
    cut_off = unfinished / "weights.safetensors.123.part"
    cut_off.write_bytes(b"half")
    assert not (tmp_path / "stopped" / "weights").exists()
    record.record("tiny", TINY, tmp_path / "stopped", only=name)
    assert len(steps) == NUM_STEPS
    record.record("tiny", TINY, tmp_path / "whole", only=name)
    stopped, whole = tmp_path / "stopped", tmp_path / "whole"
    ours, theirs = (
        load_file(f / "weights" / "tiny.safetensors") for f in (stopped, whole)
    )
    assert all(torch.equal(ours[key], theirs[key]) for key in theirs)
    curves = [load_record(f / "runs" / f"{name}.json").curve for f in (stopped, whole)]
    assert without_times(curves[0]) == without_times(curves[1])
    assert not cut_off.exists()
    assert not (unfinished / "checkpoint.safetensors").exists()


def test_the_stand_in_and_unknown_names_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def args(experiment: str, only: str | None = None) -> Namespace:
        return Namespace(experiment=experiment, only=only, data_root=None, out=tmp_path)

    drawn = replace(small_data(), source="stand-in")
    monkeypatch.setattr(record, "load", lambda name, root=None: drawn)
    with pytest.raises(RuntimeError, match="records are made from the real images on"):
        record.run(args("mnist"))
    with pytest.raises(
        ValueError, match="no experiment named 'grid': they are lenet_g"
    ):
        record.run(args("grid"))
    with pytest.raises(
        ValueError, match="no run named 'all' in mnist: they are mnist_mnist_seed0"
    ):
        record.run(args("mnist", only="all"))
    assert list(tmp_path.iterdir()) == []


# --- rates ---
class Trainer:
    """Stands for `train_job`: says what it was asked, and an accuracy for a rate."""

    def __init__(self, accuracy_of: Callable[[float, int], float | Exception]):
        self.asked: list[Job] = []
        self.accuracy_of = accuracy_of

    def __call__(self, asked: Job, data: object) -> SimpleNamespace:
        self.asked.append(asked)
        accuracy = self.accuracy_of(asked.recipe.learning_rate, asked.seed)
        if isinstance(accuracy, Exception):
            raise accuracy
        return SimpleNamespace(curve=[SimpleNamespace(valid_accuracy=accuracy)])


@pytest.fixture
def choose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable]:
    def run(trainer: Trainer, num_images: int | None = None) -> tuple[float, dict]:
        monkeypatch.setattr(rates, "train_job", trainer)
        path = tmp_path / "rates.json"
        grid, seeds = {"LENET5_RELU": (0.01, 0.1, 1.0)}, (100, 101, 102)
        chosen = rates.choose_rates(
            [job()], grid, small_data(), path, seeds, num_images
        )
        return chosen["LENET5_RELU"], json.loads(path.read_text())

    return run


def test_the_best_two_of_the_first_seed_are_tried_from_the_others(choose: Callable):
    accuracies = {0.01: (0.5, 0.9, 0.9), 0.1: (0.8, 0.6, 0.6), 1.0: (0.7, 0.7, 0.7)}
    trainer = Trainer(lambda rate, seed: accuracies[rate][seed - 100])
    chosen, notes = choose(trainer)
    assert chosen == 1.0  # mean 0.7 against 0.667; 0.01 was no finalist
    assert notes["valid_accuracy"]["LENET5_RELU"] == {
        "0.01": [0.5],
        "0.1": [0.8, 0.6, 0.6],
        "1.0": [0.7, 0.7, 0.7],
    }
    assert notes["seeds"] == [100, 101, 102]
    assert len(trainer.asked) == 7
    choose(trainer)
    assert len(trainer.asked) == 7, "what the file holds was tried again"


@pytest.mark.parametrize(
    ("num_images", "split"), [(None, (275, 25)), (240, (220, 20)), (60, (55, 5))]
)
def test_rates_are_tried_on_the_right_number_of_images(
    choose: Callable, num_images: int | None, split: tuple[int, int]
):
    trainer = Trainer(lambda rate, seed: rate)
    _, notes = choose(trainer, num_images)
    assert all(each.validate for each in trainer.asked)
    assert {each.train_limit for each in trainer.asked} == {num_images}
    assert (notes["train_images"], notes["valid_images"]) == split


def test_the_numbers_written_are_those_that_are_trained():
    trained = rates.train_job(
        job(recipe=replace(RECIPE, epochs=1), validate=True, train_limit=60),
        small_data(),
    )
    assert trained.train_images == 55
    assert trained.curve[0].valid_accuracy in {right / 5 for right in range(6)}


def test_a_rate_that_diverges_is_noted_and_another_error_is_not_hidden(
    choose: Callable, monkeypatch: pytest.MonkeyPatch
):
    chosen, notes = choose(Trainer(lambda r, s: Diverged("nan") if r == 1.0 else r))
    assert chosen == 0.1
    assert notes["valid_accuracy"]["LENET5_RELU"]["1.0"] == [None]
    monkeypatch.setattr(
        rates, "train_job", Trainer(lambda rate, seed: RuntimeError("out of memory"))
    )
    with pytest.raises(RuntimeError, match="out of memory"):
        rates.valid_accuracy(job(), small_data())


def test_a_real_divergence_is_one():
    hot = job(recipe=replace(RECIPE, learning_rate=1e38))
    assert rates.valid_accuracy(hot, small_data()) is None
