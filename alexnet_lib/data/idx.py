"""Read the IDX files of MNIST and its relatives, and believe none of them unchecked.

An IDX file: two zero bytes, the type of its numbers (8 = unsigned byte), the number of
axes, the length of each axis (big-endian, 4 bytes), then the numbers.
"""

import gzip
import hashlib
import zlib
from math import prod
from pathlib import Path

import numpy as np

from alexnet_lib.data.catalogue import DataFile

UNSIGNED_BYTE = 8
NEXT_STEP = (
    "delete it and load again, or copy it anew from the source in data/README.md"
)


def read_idx(path: Path, file: DataFile) -> np.ndarray:
    """The numbers of one file, packed (`.gz`) or not, as a writable uint8 array.

    Shape: `file.shape`. Raises OSError when the file cannot be read, is cut short or
    is not byte for byte the published one.
    """
    stored = _read_bytes(path)
    packed = path.suffix == ".gz"
    content = _unpack(path, stored, file) if packed else stored
    _check_header(path, content, file)
    expected = file.packed_md5 if packed else file.unpacked_md5
    found = hashlib.md5(stored, usedforsecurity=False).hexdigest()
    if found != expected:
        raise OSError(
            f"{path} has MD5 {found}, the published file has {expected}: {NEXT_STEP}"
        )
    numbers = np.frombuffer(content, np.uint8, offset=_header_length(file))
    return numbers.reshape(file.shape).copy()  # frombuffer alone is read-only


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OSError(
            f"cannot read {path} ({error.strerror}): make it readable, or name another "
            "folder with ALEXNET_DATA"
        ) from error


def _unpack(path: Path, stored: bytes, file: DataFile) -> bytes:
    try:
        return gzip.decompress(stored)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OSError(
            f"{path} is cut short or damaged ({len(stored):,} bytes, the published "
            f"file has {file.packed_bytes:,}): {NEXT_STEP}"
        ) from error


def _header_length(file: DataFile) -> int:
    return 4 + 4 * len(file.shape)


def _check_header(path: Path, content: bytes, file: DataFile) -> None:
    magic = bytes([0, 0, UNSIGNED_BYTE, len(file.shape)])
    if content and content[:4] != magic:
        raise OSError(
            f"{path} begins with the bytes '{content[:4].hex(' ')}', not with "
            f"'{magic.hex(' ')}': it is not this data set's file; {NEXT_STEP}"
        )
    starts = range(4, _header_length(file), 4)
    shape = tuple(int.from_bytes(content[i : i + 4], "big") for i in starts)
    if len(content) >= _header_length(file) and shape != file.shape:
        raise OSError(
            f"{path} holds numbers of shape {shape}, the published file of shape "
            f"{file.shape}: {NEXT_STEP}"
        )
    expected = _header_length(file) + prod(file.shape)
    if len(content) != expected:
        raise OSError(
            f"{path} holds {len(content):,} bytes unpacked, the published file "
            f"{expected:,}: {NEXT_STEP}"
        )
