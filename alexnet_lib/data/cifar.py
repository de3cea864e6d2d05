"""CIFAR-10: the published batches through torchvision, or a copy made of JPEG files.

The published batches are pickles. A pickle is a program, so none is opened whose MD5 is
not the published one.
"""

import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from torch import Tensor

from alexnet_lib.data.catalogue import CIFAR10, CLASS_NAMES

Pair = tuple[Tensor, Tensor]  # images uint8 (N, 3, 32, 32), labels int64 (N,)

SIDE = 32
JPEG_FOLDER = "CIFAR10-jpeg"
JPEG_FILES = ("train.zip", "test.zip")
NEXT_STEP = "delete it and load again, or copy it anew: see data/README.md"


def missing(root: Path) -> list[str]:
    """The published files that are not here; none when the archive is."""
    if (root / CIFAR10.archive).is_file():
        return []
    folder = root / CIFAR10.folder
    return [name for name in CIFAR10.checksums if not (folder / name).is_file()]


def has_jpeg_copy(root: Path) -> bool:
    """Two archives of JPEG files lie in the folder `CIFAR10-jpeg` of this root."""
    return all((root / JPEG_FOLDER / name).is_file() for name in JPEG_FILES)


def read_published(root: Path) -> tuple[Pair, Pair]:
    """Training and test pairs as published; the archive is unpacked elsewhere.

    Raises OSError when a file is cut short or is not the published one.
    """
    folder = root / CIFAR10.folder
    if all((folder / name).is_file() for name in CIFAR10.checksums):
        return _read_batches(root)
    with TemporaryDirectory(prefix="cifar-10-") as elsewhere:
        _unpack(root / CIFAR10.archive, Path(elsewhere))
        return _read_batches(Path(elsewhere))


def read_jpeg_copy(root: Path, every: int = 1) -> tuple[Pair, Pair]:
    """Training and test pairs of the copy: one folder for each class in each archive.

    `every`: 10 takes each tenth picture only, for which one waits a tenth as long.
    Raises OSError when an archive is damaged, or its pictures are not CIFAR-10's.
    """
    folder = root / JPEG_FOLDER
    train, test = (_read_archive(folder / name, every) for name in JPEG_FILES)
    return train, test


def _read_batches(root: Path) -> tuple[Pair, Pair]:
    from torchvision import datasets
    from torchvision.datasets.utils import check_integrity

    for name, md5 in CIFAR10.checksums.items():
        path = root / CIFAR10.folder / name
        if not check_integrity(path, md5):
            raise OSError(f"{path} is not the published file: {NEXT_STEP}")
    pairs = []
    for train in (True, False):
        read = datasets.CIFAR10(root, train=train)
        images = torch.from_numpy(read.data).movedim(-1, 1).contiguous()
        pairs.append((images, torch.tensor(read.targets)))
    return pairs[0], pairs[1]


def _unpack(archive: Path, elsewhere: Path) -> None:
    from torchvision.datasets.utils import check_integrity

    if not check_integrity(archive, CIFAR10.archive_md5):
        raise OSError(f"{archive} is not the published file: {NEXT_STEP}")
    with tarfile.open(archive) as packed:
        packed.extractall(elsewhere, filter="data")


def _read_archive(path: Path, every: int) -> Pair:
    classes = {name: label for label, name in enumerate(CLASS_NAMES["CIFAR10"])}
    images, labels = [], []
    try:
        with zipfile.ZipFile(path) as packed:
            for name, content in _members(packed, every):
                folder = name.split("/")[0]
                if folder not in classes:
                    raise OSError(
                        f"{path} has a folder {folder!r}, which is no class of "
                        f"CIFAR-10: {NEXT_STEP}"
                    )
                images.append(_decode(content, f"{name} of {path}"))
                labels.append(classes[folder])
    except (zipfile.BadZipFile, EOFError) as error:
        raise OSError(
            f"{path} is cut short or damaged ({error}): {NEXT_STEP}"
        ) from error
    if not images:
        raise OSError(f"{path} holds no pictures: {NEXT_STEP}")
    stacked = torch.from_numpy(np.stack(images)).movedim(-1, 1).contiguous()
    return stacked, torch.tensor(labels)


def _members(packed: zipfile.ZipFile, every: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of files, in the order of the names."""
    names = [name for name in sorted(packed.namelist()) if not name.endswith("/")]
    for name in names[::every]:
        yield name, packed.read(name)


def _decode(content: bytes, name: str) -> np.ndarray:
    from PIL import Image

    try:
        picture = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    except OSError as error:
        raise OSError(f"{name} is no picture ({error}): {NEXT_STEP}") from error
    if picture.shape != (SIDE, SIDE, 3):
        height, width = picture.shape[:2]
        raise OSError(
            f"{name} has {width} x {height} pixels, not {SIDE} x {SIDE}: {NEXT_STEP}"
        )
    return picture
