"""Records: written, read again, and each fault named."""

import json
from pathlib import Path

import pytest

from alexnet_lib import runtime
from alexnet_lib.commands.experiments import EXPERIMENTS
from alexnet_lib.training import records
from alexnet_lib.training.events import write_events
from alexnet_lib.training.recipes import RECIPES
from alexnet_lib.training.records import (
    RunRecord,
    find_records,
    load_record,
    load_records,
    save_record,
)
from alexnet_lib.training.results import EpochResult

RECORD = RunRecord(
    recipe=RECIPES["quick"],
    variant="LENET5",
    dataset="FashionMNIST",
    source="given",
    resize=28,
    seed=3,
    train_images=60_000,
    epochs=2,
    test_accuracy=0.5,
    seconds=12.5,
    images_per_second=9600.0,
    device="a processor, float32",
    versions={"torch": "2.15.0"},
    curve=(
        EpochResult(1, 2.3, None, None, 6.0, 10_000.0),
        EpochResult(2, 1.1, 1.2, 0.55, 6.5, 9200.0),
    ),
    confusion=((3, 1), (3, 1)),
    experiment="a_grid",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "runs" / "one.json"
    save_record(path, RECORD)
    return path


def test_a_record_comes_back_equal(path: Path):
    assert load_record(path) == RECORD


def test_the_keys_are_those_of_the_contract(path: Path):
    assert list(json.loads(path.read_text())) == [
        *("format", "recipe", "variant", "dataset", "source", "resize", "seed"),
        *("train_images", "epochs", "test_accuracy", "seconds", "images_per_second"),
        *("device", "versions", "curve", "confusion", "experiment"),
    ]


def test_records_are_chosen_by_experiment(path: Path):
    alone = RunRecord(**{**vars(RECORD), "experiment": None})
    save_record(path.with_name("alone.json"), alone)
    assert load_records(path.parent) == [alone, RECORD]
    assert load_records(path.parent, experiment="a_grid") == [RECORD]
    assert load_records(path.parent / "nowhere") == []
    with pytest.raises(
        ValueError, match=r"no run of experiment 'b' in .*: there are a_g"
    ):
        load_records(path.parent, experiment="b")


def test_records_are_found_by_name_and_none_is_no_error(path: Path):
    save_record(path.with_name("alone.json"), RunRecord(**vars(RECORD)))
    found = find_records(path.parent, "a_grid")
    assert list(found) == ["alone", "one"]
    assert found["one"] == RECORD
    assert find_records(path.parent, "b") == {}
    assert find_records(path.parent / "nowhere", "a_grid") == {}


OPTIONAL = {"format", "experiment", "enlarge", "shipped_accuracy"}


@pytest.mark.parametrize("key", sorted(set(vars(RECORD)) - OPTIONAL))
def test_a_missing_key_is_named(path: Path, key: str):
    values = json.loads(path.read_text())
    del values[key]
    path.write_text(json.dumps(values))
    with pytest.raises(ValueError, match=f"one.json is not .*: the key '{key}' is mis"):
        load_record(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 9}, "format is 9: this course reads format 1"),
        ({"accuracy": 1}, "unknown key 'accuracy': the keys are recipe, variant"),
        ({"seed": "0"}, "'seed' must be a whole number, got '0'"),
        ({"epochs": 2.0}, "'epochs' must be a whole number, got 2.0"),
        ({"seconds": True}, "'seconds' must be a number, got True"),
        ({"variant": None}, "'variant' must be a text, got None"),
        ({"resize": "28"}, "'resize' must be a whole number or null, got '28'"),
        ({"versions": []}, r"'versions' must be an object, got \[\]"),
        ({"test_accuracy": 92.5}, "'test_accuracy' is 92.5: it must be from 0 to 1"),
        ({"curve": []}, "'curve' has 0 rows for 2 epochs"),
        ({"curve": [{"loss": 1}] * 2}, "each row of 'curve' must have epoch, train_lo"),
        ({"curve": [1, 2]}, "each row of 'curve' must have epoch, train_loss"),
        ({"confusion": [[1, 2]]}, "'confusion' must be a square of 1 lists of counts"),
        ({"recipe": {"lr": 1}}, "a recipe has no 'lr': its keys are"),
    ],
)
def test_each_fault_has_its_line(path: Path, changes: dict, message: str):
    values = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps(values))
    with pytest.raises(ValueError, match=f"one.json is not a run record: {message}"):
        load_record(path)


def test_what_is_not_json_or_not_an_object_is_said_so(path: Path):
    path.write_text("[]")
    with pytest.raises(ValueError, match="expected an object with keys, got list"):
        load_record(path)
    path.write_text("{")
    with pytest.raises(ValueError, match=r"one\.json is not JSON: "):
        load_record(path)


def test_tensorboard_reads_the_events(tmp_path: Path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    write_events(tmp_path, RECORD)
    events = EventAccumulator(str(tmp_path))
    events.Reload()
    losses = [(e.step, e.value) for e in events.Scalars("loss/train")]
    assert losses == [(1, pytest.approx(2.3)), (2, pytest.approx(1.1))]
    assert events.Scalars("accuracy/test")[0].value == 0.5
    assert len(events.Scalars("accuracy/validation")) == 1


# What these experiments ask is what happens with too few images.
FEW_IMAGES = ("sick", "augmentation", "dropout")
WHOLE = {"FashionMNIST": 60_000, "MNIST": 60_000, "CIFAR10-jpeg": 50_000}
# Test pictures of each class, where they are not equally many.
OF_CLASS = {"MNIST": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]}


def test_the_shipped_records_are_sound():
    folder = runtime.course_file("runs/quick_quarter_bn_seed0.json").parent
    for record in load_records(folder):
        assert record.source != "stand-in"
        few = record.experiment in FEW_IMAGES
        assert few or record.train_images == WHOLE[record.dataset]
        counts = [sum(row) for row in record.confusion]
        assert counts == OF_CLASS.get(record.dataset, [1000] * 10)
        right = sum(record.confusion[i][i] for i in range(10))
        assert right / 10_000 == record.test_accuracy


def test_the_shipped_records_are_found_by_what_the_command_calls_them():
    folder = runtime.course_file("runs/quick_quarter_bn_seed0.json").parent
    names = {run: name for name, each in EXPERIMENTS.items() for run in each.runs}
    found = {path.stem: load_record(path).experiment for path in folder.glob("*.json")}
    assert found == {run: names[run] for run in found}


def test_the_grid_is_complete():
    folder = runtime.course_file("runs/quick_quarter_bn_seed0.json").parent
    runs = load_records(folder, experiment="lenet_grid")
    assert sorted((run.variant, run.seed) for run in runs) == [
        (variant, seed)
        for variant in (
            *("LENET5", "LENET5_RELU", "LENET5_RELU_AVG", "LENET5_SIGMOID_MAX"),
        )
        for seed in range(3)
    ]
    for run in runs:
        assert run.recipe == RECIPES[run.recipe.name]


def test_a_record_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "run.json"
    records.write_whole(path, "the old one")

    def no_space(*args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(records.os, "replace", no_space)
        with pytest.raises(OSError, match="No space left"):
            records.write_whole(path, "the new one")
    assert path.read_text() == "the old one"
    assert [each.name for each in tmp_path.iterdir()] == ["run.json"]
