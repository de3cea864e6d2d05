"""`slides`: decks for the lecture room, made from the notebooks, shown offline."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from alexnet_lib import runtime
from alexnet_lib.classroom.slides import make_deck
from alexnet_lib.classroom.slides_page import render_deck, render_index

HELP = "for teachers: slides from the notebooks, one HTML file each, shown offline"
CORE_PATH = tuple(f"{number:02}" for number in range(9))


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NN",
        help="numbers of notebooks, such as 02 (default: the core path, 00 to 08)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="the folder of the slides (default: build/slides in the checkout)",
    )


def run(args: Namespace) -> dict[str, Any]:
    """Make the decks and the list of them."""
    root = runtime.checkout()
    if root is None:
        raise FileNotFoundError(
            "the notebooks are in the course's repository: clone it, and run this there"
        )
    paths = _choose(root / "notebooks", args.names or CORE_PATH)
    out = (args.out or root / "build" / "slides").resolve()
    if out.exists() and not out.is_dir():
        raise NotADirectoryError(f"{out} is a file: name a folder")
    decks = {
        f"{path.stem}.html": make_deck(_read(path), path.stem[:2]) for path in paths
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, deck in decks.items():
        (out / name).write_text(render_deck(deck), encoding="utf-8")
    (out / "index.html").write_text(render_index(decks), encoding="utf-8")
    return {
        "folder": str(out),
        "decks": [
            {"notebook": deck.number, "file": name, "slides": len(deck.slides)}
            for name, deck in decks.items()
        ],
    }


def render(result: dict[str, Any]) -> str:
    lines = [f"{deck['file']:<44}{deck['slides']:3} slides" for deck in result["decks"]]
    return "\n".join([*lines, f"open {result['folder']}/index.html"])


def _choose(folder: Path, numbers: tuple[str, ...] | list[str]) -> list[Path]:
    """The notebook of each number, in order, once."""
    there = {path.name[:2]: path for path in folder.glob("[0-9][0-9]_*.ipynb")}
    for number in numbers:
        if number not in there:
            known = ", ".join(sorted(there)) or "none"
            raise ValueError(f"no notebook {number!r}: there are {known}")
    return [there[number] for number in sorted(set(numbers))]


def _read(path: Path) -> NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except nbformat.reader.NotJSONError as error:
        raise ValueError(
            f"{path.name} cannot be read: build it with `make notebooks`"
        ) from error
