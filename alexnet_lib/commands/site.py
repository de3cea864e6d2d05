"""`python -m alexnet_lib site`: the course as web pages, for `make site`."""

import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alexnet_lib import runtime
from alexnet_lib.classroom.site import write_book

HELP = "build the web edition (`make site` has the tools for it)"
LAST_LINES = 15  # of what Jupyter Book said, when it failed


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="the folder of the pages (default: build/site in the checkout)",
    )


def run(args: Namespace) -> dict[str, Any]:
    """Lay out the sources, and let Jupyter Book make pages that need no network."""
    root = runtime.checkout()
    if root is None:
        raise FileNotFoundError(
            "the notebooks are in the course's repository: clone it, and run this there"
        )
    out = (args.out or root / "build" / "site").resolve()
    with TemporaryDirectory(prefix="site-") as folder:
        book = Path(folder, "book")
        pages = write_book(root, book, _mathjax())
        _build(book, Path(folder, "built"))
        _put_in_place(Path(folder, "built", "_build", "html"), out)
    return {"folder": str(out), "pages": pages}


def render(result: dict[str, Any]) -> str:
    return f"{len(result['pages'])} pages: open {result['folder']}/index.html"


def _mathjax() -> Path:
    found = find_spec("jupyter_server_mathjax")
    if found is None or find_spec("jupyter_book") is None:
        raise RuntimeError("Jupyter Book is not installed here: call `make site`")
    return Path(found.origin).parent / "static"


def _build(book: Path, folder: Path) -> None:
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", book, "--path-output", folder, "--warningiserror"]
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-LAST_LINES:])
        raise RuntimeError(
            f"Jupyter Book failed (exit status {done.returncode}): {last}"
        )


def _put_in_place(pages: Path, out: Path) -> None:
    """The old pages make room only when the new ones are complete."""
    out.parent.mkdir(parents=True, exist_ok=True)
    new = out.with_name(out.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(pages, new)
    shutil.rmtree(out, ignore_errors=True)
    new.rename(out)
