"""What goes wrong with checkpoint files: one clear line, and the old one stays."""

import errno
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from alexnet_lib.training import checkpoint as files
from alexnet_lib.training.checkpoint import load_checkpoint
from tests.unit.small_training import (
    Small,
    assert_same_numbers,
    leave_after,
    make_model,
)

AGAIN = "remove it and start again"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A checkpoint of a training that was left after its first step."""
    path = tmp_path / "run" / "checkpoint.safetensors"
    leave_after(Small(path=path).steps(make_model()), 1)
    return path


def error_of(path: Path) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the caller reads it
        next(Small(path=path).steps(make_model()))
    message = str(caught.value)
    assert "\n" not in message
    return message


# --- writing ---
def full_disk(patch: pytest.MonkeyPatch, path: Path) -> None:
    def fsync(number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    patch.setattr(files.os, "fsync", fsync)


def full_device(patch: pytest.MonkeyPatch, path: Path) -> None:
    """The system's own full disk stands where the new file would be written."""
    path.with_name(f"{path.name}.{os.getpid()}.part").symlink_to("/dev/full")
    patch.setattr(files, "remove_cut_off", lambda path: None)


def read_only_folder(patch: pytest.MonkeyPatch, path: Path) -> None:
    def open_(self: Path, mode: str = "r") -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    patch.setattr(files.Path, "open", open_)


def lost_disk(patch: pytest.MonkeyPatch, path: Path) -> None:
    def replace_(*args: object) -> None:
        raise OSError("gone")

    patch.setattr(files.os, "replace", replace_)


WAYS = [
    (full_disk, "no room"),
    (read_only_folder, "Permission denied"),
    (lost_disk, "gone"),
]
if os.path.exists("/dev/full"):
    WAYS.append((full_device, "no room"))


@pytest.mark.parametrize(("way", "why"), WAYS)
def test_a_write_that_fails_says_why_and_leaves_the_one_before(
    way: Callable, why: str, path: Path
):
    never_stopped = make_model()
    list(Small().steps(never_stopped))
    before = path.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        way(patch, path)
        with pytest.raises(OSError, match="cannot write the checkpoint") as caught:
            list(Small(path=path).steps(make_model()))
    assert str(caught.value) == (
        f"cannot write the checkpoint {str(path)!r} (0 MB): {why}; free some space or "
        "choose another folder"
    )
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]
    list(Small(path=path).steps(fresh := make_model()))
    assert_same_numbers(fresh, never_stopped)


def test_a_file_where_the_folder_should_be(tmp_path: Path):
    (tmp_path / "run").write_text("in the way")
    with pytest.raises(OSError, match=r"\(0 MB\): (File exists|Not a directory); free"):
        list(Small(path=tmp_path / "run" / "one.safetensors").steps(make_model()))
    assert (tmp_path / "run").read_text() == "in the way"


def test_what_a_killed_process_left_is_cleared_away(path: Path):
    left = path.with_name(f"{path.name}.12345.part")
    other = path.with_name("other.safetensors.12345.part")
    for part in (left, other):
        part.write_bytes(b"half a file")
    list(Small(path=path).steps(make_model()))
    assert not left.exists()
    assert other.exists(), "the file of somebody else"


# --- reading ---
class Payload:
    """What a pickle may do to whoever opens it."""

    def __reduce__(self) -> tuple:
        return os.mkdir, ("unpickled",)


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"",
        lambda content: b"no safetensors at all, but long enough",
        lambda content: content[:-1],
        lambda content: content[:20],
        cut,
        lambda content: pickle.dumps(Payload()),
    ],
    ids=["empty", "other", "one byte short", "header cut", "half", "pickle"],
)
def test_what_is_no_whole_file_is_refused(
    path: Path, spoil: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    path.write_bytes(spoil(path.read_bytes()))
    message = error_of(path)
    assert message.startswith("checkpoint.safetensors is not a whole checkpoint (")
    assert message.endswith(f"): {AGAIN}, or bring back a copy")
    assert not (tmp_path / "unpickled").exists()


def test_what_torch_saved_is_refused_unopened(path: Path):
    torch.save({"model": torch.zeros(3)}, path)
    assert error_of(path).startswith("checkpoint.safetensors is not a whole checkpoint")


def rewrite(path: Path, metadata: dict[str, str | None], drop: str = "-") -> None:
    """The same file with other metadata, or without the tensors named so."""
    with safe_open(path, framework="pt") as file:
        found = file.metadata() | metadata
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    save_file(
        {name: t for name, t in tensors.items() if not name.startswith(drop)},
        path,
        {key: value for key, value in found.items() if value is not None},
    )


@pytest.mark.parametrize("format_", ["alexnet-course-weights-1", None])
def test_another_kind_of_file_is_named(path: Path, format_: str | None):
    rewrite(path, {"format": format_})
    assert error_of(path) == (
        f"checkpoint.safetensors has format {format_!r}, not "
        "'alexnet-course-checkpoint-1': it is no checkpoint of this course"
    )


@pytest.mark.parametrize(
    ("metadata", "drop"),
    [
        ({"position": None}, "-"),
        ({"position": "{"}, "-"),
        ({"position": json.dumps({"place": 3})}, "-"),
        ({"position": json.dumps([1, 2])}, "-"),
        ({"settings": None}, "-"),
        ({}, "random.now."),
        ({}, "random.epoch_start.cpu"),
    ],
)
def test_a_file_that_does_not_say_where_it_stood(path: Path, metadata: dict, drop: str):
    rewrite(path, metadata, drop)
    message = error_of(path)
    start = "checkpoint.safetensors does not say where the training stood ("
    assert message.startswith(start)
    assert message.endswith(f"): {AGAIN}")


def test_a_missing_file_is_an_error_for_who_asks_for_it(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"no checkpoint .*: start with"):
        load_checkpoint(tmp_path / "none.safetensors")
