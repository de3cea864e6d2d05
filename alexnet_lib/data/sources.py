"""The data sets of the course: found on disk, downloaded, or drawn by code."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from alexnet_lib import runtime
from alexnet_lib.data import cifar, stand_in
from alexnet_lib.data.catalogue import (
    CLASS_NAMES,
    Published,
    PublishedArchive,
    find_published,
)
from alexnet_lib.data.fetch import DownloadFailed, Progress, cache_root, fetch
from alexnet_lib.data.idx import read_idx

Source = Literal["given", "downloaded", "stand-in"]
Pair = tuple[Tensor, Tensor]  # images, labels


@dataclass(frozen=True, kw_only=True, eq=False)
class DataSet:
    """Images and labels as they are stored, and where they came from.

    Shape: images uint8 (N, C, H, W) in 0..255; labels int64 (N,).
    `source`: "given" was on disk, "downloaded" was fetched just now, "stand-in" was
    drawn by code. `note` is a line for the reader; it names no folder.
    """

    name: str
    source: Source
    note: str
    class_names: tuple[str, ...] = field(repr=False)
    train_images: Tensor = field(repr=False)
    train_labels: Tensor = field(repr=False)
    test_images: Tensor = field(repr=False)
    test_labels: Tensor = field(repr=False)
    root: Path | None = field(repr=False)


def load(
    name: str = "FashionMNIST",
    root: str | Path | None = None,
    *,
    progress: Progress | None = None,
    retry: bool = False,
) -> DataSet:
    """A data set by its torchvision name: "FashionMNIST", "MNIST" or "CIFAR10".

    Reads torchvision's layout, packed or not, and writes nothing where it reads. What
    is missing is downloaded; when that fails the stand-in is returned, whose `note`
    says why. `progress(bytes_arrived, bytes_in_all)` is called while downloading;
    `retry` tries again although it failed within ten minutes. "CIFAR10-jpeg" is a copy
    of CIFAR-10 as JPEG files, which also serves as "CIFAR10" where only it lies.

    Raises ValueError for an unknown name, and OSError when files are there but
    wrong, unreadable or incomplete, or when the disk is full.
    """
    wanted = data_root(root)
    if name == cifar.JPEG_FOLDER:
        return _read_jpeg_copy(wanted)
    published = find_published(name)
    for place in dict.fromkeys((wanted, cache_root())):
        if not find_missing(place, published):
            return _read(place, published, "given")
    if published.name == "CIFAR10" and cifar.has_jpeg_copy(wanted):
        return _read_jpeg_copy(wanted)
    try:
        place = fetch(published, wanted, progress, retry)
    except DownloadFailed as error:
        missing = find_missing(wanted, published)
        if len(missing) < len(published.file_names):
            raise FileNotFoundError(
                f"{wanted / published.folder} lacks {', '.join(missing)}, and the "
                f"download failed ({error}): complete it by hand, see data/README.md"
            ) from error
        return _draw(published, str(error))
    return _read(place, published, "downloaded")


def data_root(root: str | Path | None = None) -> Path:
    """The argument, else `ALEXNET_DATA`, else the checkout's `data/`, else a cache."""
    if named := root or os.environ.get("ALEXNET_DATA"):
        return Path(named).expanduser()
    checkout = runtime.checkout()
    return checkout / "data" if checkout else cache_root()


def _present(root: Path, published: Published) -> dict[str, Path]:
    """The published files in this root, by name, the unpacked one where both lie."""
    raw = root / published.name / "raw"
    try:
        found = set(os.listdir(raw))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise OSError(
            f"cannot read the folder {raw} ({error.strerror}): make it readable, or "
            "name another with ALEXNET_DATA"
        ) from error
    paths = {}
    for file in published.files:
        for stored in (file.name, file.name + ".gz"):
            if stored in found:
                paths[file.name] = raw / stored
                break
    return paths


def find_missing(root: Path, published: Published | PublishedArchive) -> list[str]:
    """The files of a data set that do not lie in this root, packed or not."""
    if isinstance(published, PublishedArchive):
        return cifar.missing(root)
    present = _present(root, published)
    return [name for name in published.file_names if name not in present]


def _read(
    root: Path, published: Published | PublishedArchive, source: Source
) -> DataSet:
    if isinstance(published, PublishedArchive):
        train, test = cifar.read_published(root)
    else:
        train, test = _read_idx_files(root, published)
    note = (
        f"{published.name}: {len(train[1]):,} training and {len(test[1]):,} test "
        "pictures, as published"
    )
    return _data_set(published.name, source, note, train, test, root)


def _read_idx_files(root: Path, published: Published) -> tuple[Pair, Pair]:
    paths = _present(root, published)
    train_images, train_labels, test_images, test_labels = (
        torch.from_numpy(read_idx(paths[file.name], file)) for file in published.files
    )
    return (
        (train_images.unsqueeze(1), train_labels.long()),  # (N, 1, H, W)
        (test_images.unsqueeze(1), test_labels.long()),
    )


def _read_jpeg_copy(root: Path) -> DataSet:
    if not cifar.has_jpeg_copy(root):
        raise FileNotFoundError(
            f"{root / cifar.JPEG_FOLDER} lacks {' or '.join(cifar.JPEG_FILES)}: load "
            "'CIFAR10' for the published files"
        )
    train, test = cifar.read_jpeg_copy(root)
    note = (
        f"CIFAR10: {len(train[1]):,} training and {len(test[1]):,} test pictures from "
        "a copy as JPEG files, not the published bytes"
    )
    return _data_set(cifar.JPEG_FOLDER, "given", note, train, test, root)


def _data_set(
    name: str, source: Source, note: str, train: Pair, test: Pair, root: Path | None
) -> DataSet:
    return DataSet(
        name=name,
        source=source,
        note=note,
        class_names=CLASS_NAMES["CIFAR10" if name == cifar.JPEG_FOLDER else name],
        train_images=train[0],
        train_labels=train[1],
        test_images=test[0],
        test_labels=test[1],
        root=root,
    )


def _draw(published: Published | PublishedArchive, reason: str) -> DataSet:
    num_train, num_test = stand_in.NUM_TRAIN, stand_in.NUM_TEST
    drawn, kinds = stand_in.draw(published.name, num_train + num_test)
    images, labels = torch.from_numpy(drawn), torch.from_numpy(kinds)
    if images.ndim == 3:
        images = images.unsqueeze(1)  # (N, 1, H, W)
    name = "" if published.name == "FashionMNIST" else f" --dataset {published.name}"
    note = (
        f"stand-in for {published.name}: {num_train:,} training and {num_test:,} test "
        "pictures drawn by code, because the published ones are not here and could "
        f"not be downloaded ({reason}); to try again: python -m alexnet_lib data{name}"
    )
    train = images[:num_train], labels[:num_train]
    test = images[num_train:], labels[num_train:]
    return _data_set(published.name, "stand-in", note, train, test, None)
