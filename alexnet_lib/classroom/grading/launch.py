"""In the child, before any code of a student: limits and walls, then the runner.

Called with one JSON text on stdin, see `Order`. Writes one JSON line about the walls
that stand, then becomes the runner: a fresh Python that remembers nothing of this one.
"""

import json
import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

WALLS = ("namespaces", "landlock")  # each holds alone, the first one better
RUNNER, JOB = "runner.py", "job.json"
SETTINGS = {
    "HOME": ".",
    "LANG": "C.UTF-8",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": os.defpath,
}


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the parent asks for; sizes in bytes, times in seconds."""

    folder: str  # where the runner and its job lie
    root: str  # an empty folder that becomes the child's whole disk
    read: list[str]
    listed: list[str]
    devices: list[str]
    walls: list[str]  # those to raise, of WALLS
    memory: int
    seconds: int
    processes: int
    file_size: int
    disk: int


def main() -> None:
    order = Order(**json.loads(sys.stdin.read()))
    os.environ.clear()
    os.environ.update(SETTINGS)
    walls: dict[str, object] = {"namespaces": False, "landlock": 0, "limits": False}
    reasons: list[str] = []
    folder = Path(order.folder)
    if sys.platform == "linux":
        folder = _linux_walls(order, folder, walls, reasons)
    os.chdir(folder)
    walls["limits"] = _limit(order)
    print(json.dumps({"walls": walls, "reasons": reasons}), flush=True)
    runner = [sys.executable, "-I", "-B", RUNNER]
    if sys.platform == "win32":  # exec there is a new process that nobody waits for
        import runpy

        runpy.run_path(RUNNER, run_name="__main__")
        return
    os.execv(sys.executable, runner)


def _linux_walls(
    order: Order, folder: Path, walls: dict[str, object], reasons: list[str]
) -> Path:
    """Raise what this kernel allows; returns where the runner then lies."""
    # All of it now: once the walls stand, this package can no longer be read.
    from alexnet_lib.classroom.grading import landlock, namespaces, syscalls

    if "namespaces" in order.walls:
        try:
            namespaces.enter()
            folder = namespaces.own_disk(order)
            walls["namespaces"] = True
        except OSError as error:
            reasons.append(f"no namespaces ({error})")
        syscalls.drop_capabilities()
    if "landlock" in order.walls:
        read, listed, devices = (
            [Path(name) for name in names if os.path.exists(name)]
            for names in (order.read, order.listed, order.devices)
        )
        try:
            walls["landlock"] = landlock.confine(read, listed, [folder, *devices])
        except OSError as error:
            reasons.append(f"no Landlock ({error})")
    syscalls.refuse_new_privileges()
    return folder


def copy_job(source: Path, target: Path) -> None:
    """The runner and its job, and nothing else."""
    for name in (RUNNER, JOB):
        shutil.copyfile(source / name, target / name)


def _limit(order: Order) -> bool:
    """Limits of the kernel on this process and each it starts; False on Windows."""
    try:
        import resource
    except ImportError:
        return False
    os.nice(10)  # the grader comes first, whatever a student's processes do
    wanted = {
        "RLIMIT_AS": order.memory,
        "RLIMIT_CPU": order.seconds,
        "RLIMIT_FSIZE": order.file_size,
        "RLIMIT_NPROC": order.processes,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_CORE": 0,
    }
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            _, most = resource.getrlimit(kind)
            value = value if most == resource.RLIM_INFINITY else min(value, most)
            with suppress(ValueError, OSError):  # macOS knows some by name only
                resource.setrlimit(kind, (value, value))
    return True
