"""`train --resume`: what goes on, what has finished, and what is somebody else's."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from alexnet_lib.__main__ import main
from alexnet_lib.commands import network, train
from alexnet_lib.training.loop import train_steps
from alexnet_lib.training.records import load_record
from tests.unit.small_data import small_data
from tests.unit.small_training import without_times

RUN = ("--epochs", "2", "--batch-size", "100", "--precision", "float32")
UNFINISHED, FINISHED = "checkpoint.safetensors", "run.json"


@pytest.fixture(autouse=True)
def _small_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "load", small_data)


@pytest.fixture
def stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> Path:
    """The folder of a run that was interrupted after its second step of six."""
    out = tmp_path / "run"

    def stopping(*args: object, **kwargs: object) -> Iterator:
        for number, result in enumerate(train_steps(*args, **kwargs), 1):
            yield result
            if number == 2:
                raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(network, "train_steps", stopping)
        assert main(["train", *RUN, "--out", str(out)]) == 130
    *_, hint, line = capsys.readouterr().err.splitlines()
    assert hint.split("\r")[-1].strip() == (
        f"{out} keeps what was done: --resume goes on with it"
    )
    assert line == "interrupted"
    assert files(out) == [UNFINISHED]
    return out


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "load", small_data)
        assert main(["train", *RUN, "--out", str(out)]) == 0
    return out


def files(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir())


def resume(capsys: pytest.CaptureFixture, out: Path, *arguments: str) -> dict:
    status = main(["train", *RUN, *arguments, "--out", str(out), "--resume", "--json"])
    stdout, err = capsys.readouterr()
    assert status == 0, err
    return json.loads(stdout)


def refused(capsys: pytest.CaptureFixture, out: Path, *arguments: str) -> str:
    assert main(["train", *RUN, *arguments, "--out", str(out)]) == 2
    stdout, err = capsys.readouterr()
    assert stdout == ""
    return err.splitlines()[-1].split("\r")[-1].strip()


# --- goes on ---
def test_an_unfinished_run_goes_on_and_clears_up(stopped: Path, whole: Path, capsys):
    result = resume(capsys, stopped)
    ours, theirs = (load_record(folder / FINISHED) for folder in (stopped, whole))
    assert without_times(ours.curve) == without_times(theirs.curve)
    assert ours.confusion == theirs.confusion
    assert result["test_accuracy"] == theirs.test_accuracy
    assert UNFINISHED not in files(stopped)


def test_an_empty_or_new_folder_starts_afresh(tmp_path: Path, whole: Path, capsys):
    (tmp_path / "empty").mkdir()
    expected = load_record(whole / FINISHED).test_accuracy
    for name in ("empty", "new"):
        assert resume(capsys, tmp_path / name)["test_accuracy"] == expected


def test_a_finished_run_succeeds_at_once(whole: Path, capsys, monkeypatch):
    monkeypatch.setattr(train, "record_job", lambda *_, **__: pytest.fail("trained"))
    (whole / UNFINISHED).write_bytes(b"left by a process killed at its last breath")
    result = resume(capsys, whole)
    run = load_record(whole / FINISHED)
    assert result["test_accuracy"] == run.test_accuracy
    assert result["seconds"] == run.seconds
    assert not (whole / UNFINISHED).exists()


# --- is another run ---
@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--variant", "LENET5"), "variant"),
        (("--epochs", "3"), "recipe"),
        (("--recipe", "quick_plain"), "recipe"),
        (("--seed", "1"), "seed"),
        (("--dataset", "MNIST"), "dataset"),
        (("--resize", "36"), "resize"),
        (("--train-limit", "200"), "number of images"),
    ],
)
def test_a_finished_run_of_another_kind_is_named(
    whole: Path, capsys, arguments: tuple, what: str
):
    before = (whole / FINISHED).read_bytes()
    assert refused(capsys, whole, *arguments, "--resume") == (
        f"{whole} holds a finished run with another {what}: name a new folder with "
        "--out"
    )
    assert (whole / FINISHED).read_bytes() == before


def drawn(name: str = "FashionMNIST", root: object = None):
    return replace(small_data(name), source="stand-in")


def test_a_finished_run_on_real_pictures_is_none_on_the_stand_in(
    whole: Path, capsys, monkeypatch
):
    monkeypatch.setattr(train, "load", drawn)
    message = refused(capsys, whole, "--resume")
    assert "holds a finished run with another source: name a new folder" in message


@pytest.mark.parametrize(
    ("arguments", "was"),
    [
        (("--variant", "LENET5"), "recipe 'lenet_relu', not 'lenet_sigmoid'"),
        (("--variant", "LENET5_RELU_AVG", "--recipe", "lenet_relu"), "variant 'LENET5"),
        (("--learning-rate", "0.1"), "learning_rate 0.3, not 0.1"),
        (("--seed", "1"), "seed 0, not 1"),
        (("--dataset", "MNIST"), "dataset 'FashionMNIST', not 'MNIST'"),
        (("--resize", "36"), "resize 28, not 36"),
        (("--train-limit", "200"), "train_images 300, not 200"),
        (("--precision", "bfloat16"), "precision 'float32', not 'bfloat16'"),
    ],
)
def test_an_unfinished_run_of_another_kind_is_named(
    stopped: Path, capsys, arguments: tuple, was: str
):
    before = (stopped / UNFINISHED).read_bytes()
    message = refused(capsys, stopped, *arguments, "--resume")
    assert message.startswith(f"{UNFINISHED} was made with {was}")
    assert message.endswith(
        ": resume with the same settings, or start afresh in another folder"
    )
    assert (stopped / UNFINISHED).read_bytes() == before
    assert files(stopped) == [UNFINISHED]


def test_an_unfinished_run_on_real_pictures_does_not_go_on_with_the_stand_in(
    stopped: Path, capsys, monkeypatch
):
    monkeypatch.setattr(train, "load", drawn)
    message = refused(capsys, stopped, "--resume")
    assert message.startswith(f"{UNFINISHED} was made with source None, not 'stand-in'")


# --- is in use ---
def test_a_used_folder_without_resume_says_how_to_go_on(stopped: Path, capsys):
    assert refused(capsys, stopped) == (
        f"{stopped} is in use: --resume goes on with it, or name a new folder with "
        "--out, or remove it yourself"
    )


@pytest.mark.parametrize(
    "name", ["thesis.txt", "weights.safetensors", "film.mp4.part", "other"]
)
def test_strange_files_are_left_alone(tmp_path: Path, capsys, name: str):
    """Weights without a checkpoint are somebody's work too."""
    (tmp_path / name).write_text("precious")
    assert refused(capsys, tmp_path, "--resume") == (
        f"{tmp_path} holds {name}, which is of no training: name a new folder with "
        "--out"
    )
    assert files(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "precious"


def test_what_killed_processes_left_is_no_strange_file(stopped: Path, capsys):
    for name in (UNFINISHED, "weights.safetensors", FINISHED):
        (stopped / f"{name}.4711.part").write_bytes(b"half")
    resume(capsys, stopped)
    assert not list(stopped.glob("*.part"))


def test_a_spoilt_checkpoint_or_record_is_one_line(stopped: Path, whole: Path, capsys):
    content = (stopped / UNFINISHED).read_bytes()
    (stopped / UNFINISHED).write_bytes(content[:-9])
    message = refused(capsys, stopped, "--resume")
    assert message.startswith(f"{UNFINISHED} is not a whole checkpoint (")
    (stopped / FINISHED).write_text("{")
    assert refused(capsys, stopped, "--resume").startswith("run.json is not JSON: ")
