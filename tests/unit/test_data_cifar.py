"""CIFAR-10: tiny batches as published, a copy as JPEG files, the stand-in."""

import hashlib
import io
import pickle
import sys
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_lib import runtime
from alexnet_lib.commands import data as command
from alexnet_lib.data import CLASS_NAMES, catalogue, cifar, fetch, load, stand_in

NAMES = CLASS_NAMES["CIFAR10"]
BATCHES = [f"data_batch_{number}" for number in range(1, 6)]


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


@pytest.fixture
def contents(monkeypatch, tmp_path) -> dict[str, bytes]:
    """Two pictures in each batch, published as CIFAR-10 for the time of a test."""
    from torchvision import datasets

    random = np.random.default_rng(0)
    made = {}
    for number, name in enumerate([*BATCHES, "test_batch"]):
        rows = random.integers(0, 256, (2, 3 * 32 * 32), np.uint8)
        made[name] = pickle.dumps({"data": rows, "labels": [number, number + 1]})
    made["batches.meta"] = pickle.dumps({"label_names": list(NAMES)})
    checksums = {name: md5(content) for name, content in made.items()}
    tiny = replace(
        catalogue.CIFAR10, checksums=checksums, archive_md5=md5(packed(made))
    )
    monkeypatch.setattr(cifar, "CIFAR10", tiny)
    monkeypatch.setitem(catalogue.PUBLISHED, "CIFAR10", tiny)
    theirs = datasets.CIFAR10
    monkeypatch.setattr(
        theirs, "train_list", [[name, checksums[name]] for name in BATCHES]
    )
    monkeypatch.setattr(theirs, "test_list", [["test_batch", checksums["test_batch"]]])
    monkeypatch.setitem(theirs.meta, "md5", checksums["batches.meta"])
    monkeypatch.setattr(runtime, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(stand_in, "NUM_TRAIN", 20)
    monkeypatch.setattr(stand_in, "NUM_TEST", 10)
    return made


def packed(contents: dict[str, bytes]) -> bytes:
    """The archive, the same bytes each time."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in contents.items():
            entry = tarfile.TarInfo(f"{catalogue.CIFAR10.folder}/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def lay(root: Path, contents: dict[str, bytes]) -> Path:
    folder = root / catalogue.CIFAR10.folder
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


def jpeg(size: tuple[int, int] = (32, 32), mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, 99).save(file, "JPEG")
    return file.getvalue()


def lay_copy(root: Path, members: dict[str, bytes]) -> Path:
    """Both archives with these members; returns the first."""
    folder = root / cifar.JPEG_FOLDER
    folder.mkdir(parents=True)
    for name in cifar.JPEG_FILES:
        with zipfile.ZipFile(folder / name, "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content)
    return folder / cifar.JPEG_FILES[0]


def error_of_loading(root: Path, name: str = "CIFAR10") -> str:
    with pytest.raises(OSError, match=r".") as caught:
        load(name, root)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- as published ---
@pytest.mark.parametrize("archived", [False, True])
def test_reads_batches_and_archive_and_writes_nothing(tmp_path, contents, archived):
    root = tmp_path / "root"
    if archived:
        root.mkdir()
        (root / catalogue.CIFAR10.archive).write_bytes(packed(contents))
    else:
        lay(root, contents)
    before = sorted(root.rglob("*"))
    data = load("CIFAR10", root)
    assert (data.name, data.source, data.class_names) == ("CIFAR10", "given", NAMES)
    assert data.train_images.shape == (10, 3, 32, 32)
    assert data.train_images.dtype == torch.uint8
    rows = pickle.loads(contents["data_batch_1"])["data"]
    assert torch.equal(data.train_images[:2].flatten(1), torch.from_numpy(rows))
    assert data.train_labels.tolist() == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5]
    assert data.test_labels.tolist() == [5, 6]
    assert data.note == "CIFAR10: 10 training and 2 test pictures, as published"
    assert sorted(root.rglob("*")) == before


def test_a_pickle_that_is_not_the_published_one_is_never_opened(tmp_path, contents):
    class Trap:
        def __reduce__(self):
            return sys.exit, ("the pickle ran",)

    folder = lay(tmp_path, {**contents, "data_batch_3": pickle.dumps(Trap())})
    assert error_of_loading(tmp_path) == (
        f"{folder / 'data_batch_3'} is not the published file: delete it and load "
        "again, or copy it anew: see data/README.md"
    )


def test_an_archive_cut_short(tmp_path, contents):
    path = tmp_path / catalogue.CIFAR10.archive
    path.write_bytes(packed(contents)[:-100])
    assert f"{path} is not the published file" in error_of_loading(tmp_path)


def test_a_batch_is_missing_and_cannot_be_downloaded(tmp_path, contents):
    folder = lay(tmp_path, contents)
    (folder / "data_batch_2").unlink()
    assert error_of_loading(tmp_path) == (
        f"{folder} lacks data_batch_2, and the download failed (ALEXNET_OFFLINE is "
        "set): complete it by hand, see data/README.md"
    )


def test_a_download_lands_in_the_root(tmp_path, contents, monkeypatch):
    source = lay(tmp_path / "mirror", contents)
    script = (
        "import shutil, sys; from pathlib import Path; folder = Path(sys.argv[1]); "
        "(folder / 'cifar-10-python.tar.gz').write_bytes(b'0'); "
        f"shutil.copytree({str(source)!r}, folder / {source.name!r})"
    )
    monkeypatch.delenv("ALEXNET_OFFLINE")
    monkeypatch.setattr(
        fetch,
        "child_command",
        lambda published, folder: [sys.executable, "-S", "-c", script, str(folder)],
    )
    data = load("CIFAR10", tmp_path / "root")
    assert data.source == "downloaded"
    assert [path.name for path in (tmp_path / "root").iterdir()] == [source.name]
    assert load("CIFAR10", tmp_path / "root").source == "given"


def test_names_sizes_and_checksums_are_torchvisions():
    from torchvision import datasets

    theirs, ours = datasets.CIFAR10, catalogue.CIFAR10
    lists = [*theirs.train_list, *theirs.test_list]
    lists.append([theirs.meta["filename"], theirs.meta["md5"]])
    assert dict(ours.checksums) == {name: checksum for name, checksum in lists}
    assert (ours.folder, ours.archive) == (theirs.base_folder, theirs.filename)
    assert (ours.archive_md5, ours.probe_urls) == (theirs.tgz_md5, (theirs.url,))


# --- a copy as JPEG files ---
COPY = {"truck/1.jpg": jpeg(), "airplane/2.jpg": jpeg(), "cat/": b""}


@pytest.mark.parametrize("name", ["CIFAR10", "CIFAR10-jpeg"])
def test_a_copy_serves_and_says_that_it_is_one(tmp_path, contents, name):
    lay_copy(tmp_path, COPY)
    data = load(name, tmp_path)
    assert (data.name, data.source) == ("CIFAR10-jpeg", "given")
    assert data.note == (
        "CIFAR10: 2 training and 2 test pictures from a copy as JPEG files, not the "
        "published bytes"
    )
    assert data.train_images.shape == (2, 3, 32, 32)
    assert data.train_labels.tolist() == [0, 9]
    assert data.class_names == NAMES


def test_the_published_files_come_first(tmp_path, contents):
    lay(tmp_path, contents)
    lay_copy(tmp_path, COPY)
    assert load("CIFAR10", tmp_path).name == "CIFAR10"
    assert load("CIFAR10-jpeg", tmp_path).name == "CIFAR10-jpeg"


@pytest.mark.parametrize(
    ("members", "says"),
    [
        (
            {"lorry/1.jpg": jpeg()},
            "folder 'lorry', which is no class of CIFAR-10",
        ),
        ({"truck/1.jpg": jpeg((28, 30))}, "has 28 x 30 pixels, not 32 x 32"),
        ({"truck/1.jpg": b"none"}, "truck/1.jpg of {path} is no picture"),
        ({}, "{path} holds no pictures"),
    ],
)
def test_a_copy_of_something_else_is_refused(tmp_path, contents, members, says):
    path = lay_copy(tmp_path, members)
    assert says.format(path=path) in error_of_loading(tmp_path)


def test_a_copy_cut_short(tmp_path, contents):
    path = lay_copy(tmp_path, COPY)
    path.write_bytes(path.read_bytes()[:-30])
    assert f"{path} is cut short or damaged" in error_of_loading(tmp_path)


def test_no_copy_is_a_line_that_names_the_published_set(tmp_path, contents):
    assert error_of_loading(tmp_path, "CIFAR10-jpeg") == (
        f"{tmp_path / 'CIFAR10-jpeg'} lacks train.zip or test.zip: load 'CIFAR10' for "
        "the published files"
    )


def test_the_command_does_not_call_a_copy_verified(tmp_path, contents, capsys):
    lay_copy(tmp_path, COPY)
    arguments = type("Arguments", (), {"dataset": "CIFAR10", "root": str(tmp_path)})
    result = command.run(arguments)
    assert result["verified"] is False
    assert command.render(result).endswith(f"found in {tmp_path}")


# --- the stand-in ---
def test_the_stand_in_is_in_colour_and_says_how_to_try_again(tmp_path, contents):
    data = load("CIFAR10", tmp_path / "nowhere")
    assert data.source == "stand-in"
    assert data.train_images.shape == (20, 3, 32, 32)
    everything = torch.cat([data.train_labels, data.test_labels])
    assert everything.bincount().tolist() == [3] * 10
    assert data.note.endswith("try again: python -m alexnet_lib data --dataset CIFAR10")


def test_the_same_seed_draws_the_same_and_no_two_are_alike():
    images, labels = stand_in.draw("CIFAR10", 40, seed=1)
    again, _ = stand_in.draw("CIFAR10", 40, seed=1)
    assert np.array_equal(images, again)
    assert len(np.unique(images.reshape(40, -1), axis=0)) == 40
    assert np.bincount(labels).tolist() == [4] * 10
    assert images.shape == (40, 3, 32, 32)
    assert (images.std(axis=(0, 2, 3)) > 20).all()  # each channel says something


# --- the real pictures ---
@pytest.mark.needs_data
def test_the_real_copy_has_as_many_of_each_class(real_data_root):
    if not cifar.has_jpeg_copy(real_data_root):
        pytest.skip(f"no copy of CIFAR-10 in {real_data_root}")
    (images, labels), (tested, _) = cifar.read_jpeg_copy(real_data_root, every=10)
    assert labels.bincount().tolist() == [500] * 10
    assert (len(images), len(tested)) == (5_000, 1_000)
