"""The data sets of the course: found on disk, downloaded, or drawn by code."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from alexnet_lib import runtime
from alexnet_lib.data import stand_in
from alexnet_lib.data.catalogue import Published, find_published
from alexnet_lib.data.fetch import DownloadFailed, Progress, cache_root, fetch
from alexnet_lib.data.idx import read_idx

Source = Literal["given", "downloaded", "stand-in"]


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
    """A data set by its torchvision name: "FashionMNIST" or "MNIST".

    Reads torchvision's layout, `<root>/<name>/raw/`, packed or not, and writes nothing
    where it reads. What is missing is downloaded; when that fails the stand-in is
    returned, whose `note` says why. `progress(bytes_arrived, bytes_in_all)` is called
    while downloading; `retry` tries again although it failed within ten minutes.

    Raises ValueError for an unknown name, and OSError when files are there but
    wrong, unreadable or incomplete, or when the disk is full.
    """
    published = find_published(name)
    wanted = data_root(root)
    for place in dict.fromkeys((wanted, cache_root())):
        if not _missing(place, published):
            return _read(place, published, "given")
    try:
        place = fetch(published, wanted, progress, retry)
    except DownloadFailed as error:
        missing = _missing(wanted, published)
        if len(missing) < len(published.files):
            raise FileNotFoundError(
                f"{wanted / name / 'raw'} lacks {', '.join(missing)}, and the download "
                f"failed ({error}): complete it by hand, see data/README.md"
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


def _missing(root: Path, published: Published) -> list[str]:
    present = _present(root, published)
    return [file.name for file in published.files if file.name not in present]


def _read(root: Path, published: Published, source: Source) -> DataSet:
    paths = _present(root, published)
    train_images, train_labels, test_images, test_labels = (
        torch.from_numpy(read_idx(paths[file.name], file)) for file in published.files
    )
    return DataSet(
        name=published.name,
        source=source,
        note=(
            f"{published.name}: {len(train_labels):,} training and "
            f"{len(test_labels):,} test pictures, as published"
        ),
        class_names=published.class_names,
        train_images=train_images.unsqueeze(1),  # (N, 1, H, W)
        train_labels=train_labels.long(),
        test_images=test_images.unsqueeze(1),
        test_labels=test_labels.long(),
        root=root,
    )


def _draw(published: Published, reason: str) -> DataSet:
    num_train, num_test = stand_in.NUM_TRAIN, stand_in.NUM_TEST
    drawn, kinds = stand_in.draw(published.name, num_train + num_test)
    images = torch.from_numpy(drawn).unsqueeze(1)  # (N, 1, H, W)
    labels = torch.from_numpy(kinds)
    return DataSet(
        name=published.name,
        source="stand-in",
        note=(
            f"stand-in for {published.name}: {num_train:,} training and "
            f"{num_test:,} test pictures drawn by code, because the "
            f"published ones are not here and could not be downloaded ({reason}); to "
            "try again: python -m alexnet_lib data"
        ),
        class_names=published.class_names,
        train_images=images[:num_train],
        train_labels=labels[:num_train],
        test_images=images[num_train:],
        test_labels=labels[num_train:],
        root=None,
    )
