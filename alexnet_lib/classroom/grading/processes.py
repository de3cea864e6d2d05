"""The processes of a child: who they are, what they hold, and how they end."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def family(first: int) -> list[int]:
    """A process and all that descend from it, by number; empty where /proc is not.

    In a process namespace orphans stay below its first process, so none gets away.
    """
    found, waiting = [], [first]
    while waiting:
        number = waiting.pop()
        try:
            tasks = list(Path(f"/proc/{number}/task").iterdir())
            children = [path.joinpath("children").read_text() for path in tasks]
        except OSError:  # it has ended meanwhile
            continue
        found.append(number)
        waiting += [int(word) for words in children for word in words.split()]
    return found


def memory_of(numbers: list[int]) -> int:
    """Bytes of real memory that these processes hold, shared pages counted again."""
    pages = 0
    for number in numbers:
        with contextlib.suppress(OSError, ValueError, IndexError):
            pages += int(Path(f"/proc/{number}/statm").read_text().split()[1])
    return pages * PAGE


def kill_all(child: subprocess.Popen) -> None:
    """End a child and everything it started, and wait until it is gone."""
    below = family(child.pid) if child.poll() is None else []
    child.kill()
    for number in below:
        with contextlib.suppress(OSError):
            os.kill(number, signal.SIGKILL)
    if os.name == "posix":
        with contextlib.suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdout is not None:
        child.stdout.close()
