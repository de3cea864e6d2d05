"""`notebooks`: build the notebooks from their sources, or check they are in step."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import nbformat
from tqdm import tqdm

from alexnet_lib import runtime
from alexnet_lib.classroom.build import build, check_tools
from alexnet_lib.classroom.source import difference, read_source

HELP = "build and execute notebooks/*.ipynb from notebooks/source/*.py"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "names", nargs="*", help="numbers or names, such as 02 (default: all)"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="execute nothing; fail at the first notebook out of step with its source",
    )


def run(args: Namespace) -> dict[str, Any]:
    """Build, or check with `--check`, the named notebooks, one after the other."""
    check_tools()
    root = runtime.checkout()
    if root is None:
        raise FileNotFoundError(
            "the notebooks' sources are in the course's repository: clone it, and run "
            "this there"
        )
    folder = root / "notebooks"
    sources = choose_sources(folder / "source", args.names)
    if args.check:
        check_all(folder, sources)
        return {"in_step": [source.stem for source in sources]}
    built = []
    for source in tqdm(sources, disable=None, unit="notebook"):
        seconds = build(source, folder / f"{source.stem}.ipynb")
        built.append({"name": source.stem, "seconds": round(seconds, 1)})
    return {"built": built}


def render(result: dict[str, Any]) -> str:
    if "in_step" in result:
        return f"{len(result['in_step'])} notebooks are in step with their sources"
    return "\n".join(
        f"{entry['name']:<44}{entry['seconds']:6.1f} s" for entry in result["built"]
    )


def choose_sources(folder: Path, names: list[str]) -> list[Path]:
    """The sources whose names begin with one of the given; all of them for none."""
    everything = sorted(folder.glob("[0-9][0-9]_*.py"))
    if not everything:
        raise FileNotFoundError(f"no sources such as 00_name.py in {folder}")
    chosen = set()
    for name in names:
        stem = Path(name).stem
        matching = [path for path in everything if path.stem.startswith(stem)]
        if not matching:
            known = ", ".join(path.stem[:2] for path in everything)
            raise ValueError(f"no notebook {name!r}: there are {known}")
        chosen.update(matching)
    return sorted(chosen) if names else everything


def check_all(folder: Path, sources: list[Path]) -> None:
    """ValueError for the first notebook that is missing, unsourced or out of step."""
    for source in sources:
        path = folder / f"{source.stem}.ipynb"
        if not path.is_file():
            raise ValueError(f"{path.name} is missing: {remedy(source)}")
        found = difference(read_source(source), nbformat.read(path, as_version=4))
        if found:
            raise ValueError(f"{path.name} is out of step: {found}; {remedy(source)}")
    known = {source.stem for source in folder.glob("source/*.py")}
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        if path.stem not in known:
            raise ValueError(f"{path.name} has no source: remove it, or write one")


def remedy(source: Path) -> str:
    return f"run `python -m alexnet_lib notebooks {source.stem[:2]}`"
