"""Run the code of one submission in a child process that can read no answer.

The child returns plain values (int, float, str, bool, None, lists and dicts of them).
Whatever it claims about them is ignored: comparing is the parent's work.
"""

import builtins
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alexnet_lib import runtime
from alexnet_lib.classroom.grading import launch, readable
from alexnet_lib.classroom.grading.processes import family, kill_all, memory_of

MOMENT = 0.05  # seconds between two looks at the child
START = """\
import sys
sys.path.insert(0, {path!r})
from alexnet_lib.classroom.grading.launch import main
main()
"""
ERRORS = {
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}
ERRORS |= {"OutOfTime"}
TYPES = {name for name, value in vars(builtins).items() if isinstance(value, type)}
TYPES |= {"function", "method", "module", "ndarray", "Tensor", "int64", "float64"}
Call = tuple[
    str, list | None
]  # the name of a value, or of a function and its arguments


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one submission may use; times in seconds, sizes in bytes."""

    seconds: float = 60  # for everything, by the clock on the wall
    cell_seconds: float = 10
    call_seconds: float = 2
    memory: int = 2**30
    processes: int = 16
    output: int = 2**20  # what the child may report
    disk: int = 2**25


@dataclass
class Outcome:
    """What came out of the child; values by the number of the call."""

    values: dict[int, Any] = field(default_factory=dict)
    wrong_kinds: dict[int, str] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)  # of calls
    cell_errors: dict[int, str] = field(default_factory=dict)
    ended: str = "crashed"  # or done, time, memory, processes, output
    walls: dict[str, Any] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


def run(
    cells: Sequence[str],
    calls: Sequence[Call],
    limits: Limits = Limits(),
    hidden: Iterable[Path] = (),
    walls: Sequence[str] = launch.WALLS,
) -> Outcome:
    """Run the cells in order, then make the calls; never raises for what they do.

    `hidden` are paths that the child must not read, wherever they lie; `walls` those
    to raise where the kernel allows it.
    """
    paths = readable.allowed(hidden)
    job = {
        "cells": list(cells),
        "calls": list(calls),
        "seconds": limits.cell_seconds,
        "call_seconds": limits.call_seconds,
        "package": str(runtime.PACKAGE),
    }
    with tempfile.TemporaryDirectory(
        prefix="alexnet-grade-", ignore_cleanup_errors=True
    ) as temporary:
        folder, root = Path(temporary, "work"), Path(temporary, "disk")
        folder.mkdir()
        root.mkdir()
        source = Path(launch.__file__).with_name(launch.RUNNER)
        (folder / launch.RUNNER).write_bytes(source.read_bytes())
        (folder / launch.JOB).write_text(json.dumps(job), encoding="utf-8")
        order = launch.Order(
            folder=str(folder),
            root=str(root),
            read=[str(path) for path in paths.read],
            listed=[str(path) for path in paths.listed],
            devices=list(readable.DEVICES),
            walls=list(walls),
            memory=limits.memory,
            seconds=int(limits.seconds) + 1,
            processes=limits.processes,
            file_size=limits.disk // 2,
            disk=limits.disk,
        )
        return _watch(_start(order, temporary), limits)


def _start(order: launch.Order, folder: str) -> subprocess.Popen:
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", START.format(path=str(runtime.PACKAGE.parent))],
        cwd=folder,
        env={key: os.environ[key] for key in ("SYSTEMROOT",) if key in os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert child.stdin is not None
    try:
        child.stdin.write(json.dumps(vars(order)).encode())
        child.stdin.close()
    except OSError:  # it died at once: the outcome says so
        pass
    return child


def _watch(child: subprocess.Popen, limits: Limits) -> Outcome:
    """Read the child's lines until it is done or breaks a limit; then end it."""
    outcome, rest, seen = Outcome(), b"", 0
    end = time.monotonic() + limits.seconds
    try:
        for chunk in _chunks(child, limits.output):
            seen += len(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                _note(outcome, line)
            if outcome.ended == "done":
                break
            if broken := _broken(child.pid, seen, end, limits):
                outcome.ended = broken
                break
    finally:
        kill_all(child)
    return outcome


def _chunks(child: subprocess.Popen, most: int) -> Iterator[bytes]:
    """What the child writes, as it comes; an empty chunk for a moment without news."""
    assert child.stdout is not None
    chunks: queue.Queue[bytes | None] = queue.Queue()
    handle = os.dup(child.stdout.fileno())  # the reader's own: it may outlast us

    def read() -> None:
        left = most + 1  # one more shows that the limit is broken
        while left > 0 and (chunk := os.read(handle, min(left, 2**16))):
            chunks.put(chunk)
            left -= len(chunk)
        chunks.put(None if left > 0 else b"")
        os.close(handle)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            chunk = chunks.get(timeout=MOMENT)
        except queue.Empty:
            if child.poll() is not None:
                return  # dead, and something it started still holds the pipe
            chunk = b""
        if chunk is None:
            return
        yield chunk


def _broken(first: int, seen: int, end: float, limits: Limits) -> str | None:
    """The limit that is broken, if one is; the kernel's own limits come on top."""
    if seen > limits.output:
        return "output"
    if time.monotonic() > end:
        return "time"
    numbers = family(first)
    if len(numbers) > limits.processes + 2:  # the launcher and the runner
        return "processes"
    # A quarter more than one process may have: its own MemoryError comes first.
    return "memory" if memory_of(numbers) > 1.25 * limits.memory else None


def _note(outcome: Outcome, line: bytes) -> None:
    """One line of the child; nonsense is passed over, a second answer too."""
    try:
        said = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return
    match said:
        case {"walls": dict(walls), "reasons": list(reasons)} if not outcome.walls:
            outcome.walls, outcome.reasons = walls, reasons
        case {"done": True}:
            outcome.ended = "done"
        case {"call": int(number), "value": value} if not _known(outcome, number):
            outcome.values[number] = value
        case {"call": int(number), "kind": str(kind)} if not _known(outcome, number):
            outcome.wrong_kinds[number] = _safe(
                kind, TYPES, "an object of its own kind"
            )
        case {"call": int(number), "error": str(kind)} if not _known(outcome, number):
            outcome.errors[number] = _safe(kind, ERRORS, "an error of its own")
        case {"cell": int(number), "error": str(kind)}:
            outcome.cell_errors[number] = _safe(kind, ERRORS, "an error of its own")


def _known(outcome: Outcome, number: int) -> bool:
    return any(
        number in seen for seen in (outcome.values, outcome.wrong_kinds, outcome.errors)
    )


def _safe(word: str, words: Iterable[str], otherwise: str) -> str:
    """A word that Python gave; a student's own could carry what a report must not."""
    return word if word in words else otherwise


def _refuse(word: str) -> None:
    raise ValueError(word)
