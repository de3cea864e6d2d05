"""Get a data set, or published weights, from the network, or give up and say why."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from alexnet_lib import runtime
from alexnet_lib.data import download as child
from alexnet_lib.data.catalogue import (
    Published,
    PublishedArchive,
    PublishedWeights,
)

GIVE_UP_SECONDS = 15.0  # in all, while nobody has answered
START_SECONDS = 60.0  # then: to import torchvision on a busy machine, and a first byte
REMEMBER_SECONDS = 600.0
POLL_SECONDS = 0.1

AnySet = Published | PublishedArchive | PublishedWeights
Progress = Callable[[int, int], None]  # bytes arrived, bytes in all


class DownloadFailed(RuntimeError):
    """Nothing could be had from the network; the message is the reason."""


def fetch(
    published: AnySet,
    root: Path,
    progress: Progress | None = None,
    retry: bool = False,
) -> Path:
    """Download into `root`, else into the user's cache; return where the files lie.

    Works in a temporary folder and moves the checked files into place. Raises
    DownloadFailed when the network gives nothing (remembered for ten minutes, unless
    `retry`), and OSError when the disk is full or neither folder can be written.
    """
    if os.environ.get("ALEXNET_OFFLINE", "") not in ("", "0"):
        raise DownloadFailed("ALEXNET_OFFLINE is set")
    if not retry:
        _raise_remembered(published.name)
    place, temporary = _open_temporary_folder(published, root)
    try:
        with temporary as folder:
            _download(published, Path(folder), progress)
            _move_into_place(Path(folder), place, published)
    except DownloadFailed as error:
        _remember(published.name, str(error))
        raise
    except OSError as error:
        if error.errno in child.DISK_FULL_ERRNOS:
            raise _disk_full(published, place) from error
        raise
    with suppress(OSError):
        _stamp(published.name).unlink()
    return place


def cache_root() -> Path:
    """Where data sets go when the root cannot be written."""
    return runtime.cache_folder() / "data"


def child_command(published: AnySet, folder: Path) -> list[str]:
    """How to run `download.py`; -P keeps our folder off the child's import path."""
    arguments = (published.name, str(folder), *published.probe_urls)
    return [sys.executable, "-P", str(child.__file__), *arguments]


def _open_temporary_folder(
    published: AnySet, root: Path
) -> tuple[Path, "TemporaryDirectory[str]"]:
    """A folder on the disk of its target, so that moving the files is a rename."""
    for place in (root, cache_root()):
        target = place / published.folder
        try:
            nearest = next(path for path in (target, *target.parents) if path.is_dir())
            return place, TemporaryDirectory(prefix=".download-", dir=nearest)
        except OSError as error:
            if error.errno in child.DISK_FULL_ERRNOS:
                raise _disk_full(published, place) from error
    raise OSError(
        f"cannot write into {root} nor into {cache_root()}: name a folder that can be "
        f"written with {published.moved_by}"
    )


def _download(published: AnySet, folder: Path, progress: Progress | None) -> None:
    with subprocess.Popen(
        child_command(published, folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            _watch(process, folder, published, progress)
            output = process.stdout.read()
        finally:  # also when the reader interrupts
            process.kill()
    if process.returncode == child.DISK_FULL:
        raise OSError(errno.ENOSPC, "no space left")
    if process.returncode != 0:
        lines = output.strip().splitlines() or [f"exit status {process.returncode}"]
        raise DownloadFailed(lines[-1])


def _watch(
    process: subprocess.Popen,
    folder: Path,
    published: AnySet,
    progress: Progress | None,
) -> None:
    """Return when the child has ended; raise when it waits in vain for a first byte."""
    start = time.monotonic()
    deadline = start + GIVE_UP_SECONDS
    answered = False
    while process.poll() is None:
        time.sleep(POLL_SECONDS)
        if not answered and (folder / child.READY).exists():
            answered = True
            deadline = time.monotonic() + START_SECONDS
        arrived = sum(path.stat().st_size for path in folder.glob(published.arriving))
        if arrived and progress:
            progress(arrived, published.packed_bytes)
        if not arrived and time.monotonic() > deadline:
            raise DownloadFailed(f"no byte arrived in {time.monotonic() - start:.0f} s")


def _move_into_place(folder: Path, place: Path, published: AnySet) -> None:
    target = place / published.folder
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted((folder / published.folder).iterdir()):
        if not (target / path.name).exists():  # what the reader has, stays
            path.replace(target / path.name)


def _disk_full(published: AnySet, place: Path) -> OSError:
    return OSError(
        f"no space left in {place} for {published.name} (it needs about "
        f"{published.download_megabytes} MB while downloading): free some, or name a "
        f"folder on another disk with {published.moved_by}"
    )


def _stamp(name: str) -> Path:
    return runtime.cache_folder() / f"download-failed-{name}.txt"


def _remember(name: str, reason: str) -> None:
    with suppress(OSError):  # without a cache folder, the next load tries again
        _stamp(name).parent.mkdir(parents=True, exist_ok=True)
        _stamp(name).write_text(reason)


def _raise_remembered(name: str) -> None:
    with suppress(OSError):
        age = time.time() - _stamp(name).stat().st_mtime
        if 0 <= age < REMEMBER_SECONDS:
            raise DownloadFailed(f"{_stamp(name).read_text()}, {age / 60:.0f} min ago")
