"""Execute a notebook from its source and write it so that a rebuild gives the same."""

import os
import re
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from alexnet_lib import runtime
from alexnet_lib.classroom import tidy
from alexnet_lib.classroom.source import label, read_source

CELL_SECONDS = 600
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class BuildError(RuntimeError):
    """A notebook could not be built; the message is one line for the author."""


def build(source: Path, target: Path) -> float:
    """Execute a source and write the notebook; returns the seconds the cells took.

    The old notebook stays until the new one is whole. Raises BuildError, in one line,
    for a cell that fails or writes to stderr.
    """
    nb = read_source(source)
    started = time.perf_counter()
    nb = execute(nb, source.stem)
    seconds = time.perf_counter() - started
    refuse_stderr(nb, source.stem)
    tidy.tidy_outputs(nb)
    write(tidy.number_widgets(nb), target)
    return seconds


def kernel_environment(folder: Path) -> dict[str, str]:
    """The environment of a kernel that sees this course and leaves no trace of it."""
    paths = [str(runtime.PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    env = {
        **os.environ,
        "ALEXNET_PROGRESS": str(folder / "progress.json"),
        "IPYTHONDIR": str(folder / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
    if data := os.environ.get("ALEXNET_DATA"):
        env["ALEXNET_DATA"] = str(Path(data).resolve())
    env.pop("ALEXNET_WORDS", None)  # the course itself is in English
    return env


def execute(
    nb: NotebookNode, name: str, extra: Mapping[str, str] | None = None
) -> NotebookNode:
    """Run every cell in a fresh kernel, in an empty folder; returns the same notebook.

    `extra` is added to the kernel's environment. Raises BuildError at the first cell
    that fails, unless it is tagged `raises-exception`.
    """
    from nbclient import NotebookClient  # a tool of the authors: readers lack it
    from nbclient.exceptions import (
        CellExecutionError,
        CellTimeoutError,
        DeadKernelError,
    )

    with tempfile.TemporaryDirectory(prefix="alexnet-build-") as temporary:
        folder = Path(temporary)
        work = folder / "work"
        work.mkdir()
        begun: list[int] = []
        client = NotebookClient(
            nb,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            record_timing=False,
            store_widget_state=True,
            extra_arguments=["--log-level=ERROR"],
            on_cell_start=lambda cell, cell_index: begun.append(cell_index),
            resources={"metadata": {"path": str(work)}},
        )
        env = {**kernel_environment(folder), **(extra or {})}
        try:
            client.execute(env=env)
        except CellExecutionError as error:
            message = f"{error.ename}: {error.evalue}"
            raise _failure(nb, name, begun, message) from error
        except CellTimeoutError as error:
            message = f"a time-out: still running after {CELL_SECONDS} s"
            raise _failure(nb, name, begun, message) from error
        except DeadKernelError as error:
            raise _failure(nb, name, begun, "the death of its kernel") from error
    nb.metadata["language_info"] = {"name": "python"}  # the kernel's has its version
    return nb


def _failure(nb: NotebookNode, name: str, begun: list[int], message: str) -> BuildError:
    where = label(nb, begun[-1] if begun else 0)
    return BuildError(f"{name}: {where} failed with {one_line(message)}")


def one_line(text: str) -> str:
    """A text without line breaks and colours."""
    return " ".join(ANSI.sub("", text).split())


def refuse_stderr(nb: NotebookNode, name: str) -> None:
    """Raise BuildError when a cell wrote to stderr: readers see it as a red box."""
    for index, cell in enumerate(nb.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise BuildError(
                    f"{name}: {label(nb, index)} wrote to stderr: "
                    f"{one_line(output.text)[:200]!r} (give tqdm file=sys.stdout; "
                    f"deal with warnings where they arise)"
                )


def write(nb: NotebookNode, target: Path) -> None:
    """Write a notebook whole or not at all."""
    write_text(notebook_text(nb), target)


def notebook_text(nb: NotebookNode) -> str:
    """A notebook as it stands in its file."""
    return nbformat.writes(nb, version=4).rstrip("\n") + "\n"


def write_text(text: str, target: Path) -> None:
    """Write a text file whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def check_tools() -> None:
    """Raise RuntimeError with the remedy where the authors' tools are missing."""
    from importlib.util import find_spec

    missing = [name for name in ("jupytext", "nbclient") if find_spec(name) is None]
    if missing:
        raise RuntimeError(
            f"building notebooks needs {' and '.join(missing)}: run `make setup`, then "
            f"use .venv/bin/python (this is {sys.executable})"
        )
