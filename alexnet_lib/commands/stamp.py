"""`stamp`: write the repository's address wherever the course needs it, or check it."""

import re
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import nbformat

from alexnet_lib import runtime
from alexnet_lib.classroom import links
from alexnet_lib.classroom.bootstrap import bootstrap_source
from alexnet_lib.classroom.build import notebook_text, write_text
from alexnet_lib.classroom.source import tags

HELP = "write the repository's address into the notebooks, or take it out again"
CONSTANT = re.compile(r'^REPOSITORY = "(.*)"$', re.MULTILINE)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "address",
        nargs="?",
        help="OWNER/NAME on GitHub, or a full address, which gets no links to Colab "
        "and Binder (default: the one that is written)",
    )
    parser.add_argument("--remove", action="store_true", help="take the address out")
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; fail at the first file that lacks the address",
    )


def run(args: Namespace) -> dict[str, Any]:
    """Bring one address into the constant, the first cells and README's map."""
    root = runtime.checkout()
    if root is None:
        raise FileNotFoundError(
            "the address is written into the course's repository: clone it, and run "
            "this there"
        )
    if args.address and args.remove:
        raise ValueError(f"give {args.address!r} or --remove, not both")
    address = "" if args.remove else _wanted(root, args.address)
    texts = stamped(root, address)
    changed = [path for path in texts if path.read_text("utf-8") != texts[path]]
    if args.check and changed:
        fault = f"lacks the address {address}" if address else "carries an address"
        raise ValueError(
            f"{changed[0].name} {fault}: run `python -m alexnet_lib stamp "
            f"{address or '--remove'}`"
        )
    for path in changed:
        write_text(texts[path], path)
    names = [path.relative_to(root).as_posix() for path in changed]
    return {"address": address, "changed": names, "files": len(texts)}


def render(result: dict[str, Any]) -> str:
    carried = result["address"] or "no address"
    changed = len(result["changed"])
    return f"{result['files']} files carry {carried}; {changed} of them changed"


def _wanted(root: Path, given: str | None) -> str:
    if given:
        return links.full_address(given)
    return _find_constant(_runtime_file(root).read_text("utf-8"))[1]


def stamped(root: Path, address: str) -> dict[Path, str]:
    """What each file that carries the address holds with this one; writes nothing."""
    place = _runtime_file(root)
    source = place.read_text("utf-8")
    start, end = _find_constant(source).span(1)
    texts = {place: source[:start] + address + source[end:]}
    readme = root / "README.md"
    texts[readme] = links.link_map(readme.read_text("utf-8"), address)
    for path in sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        texts[path] = _stamped_notebook(path, address)
    return texts


def _runtime_file(root: Path) -> Path:
    return root / "alexnet_lib" / "runtime.py"


def _find_constant(source: str) -> re.Match:
    found = list(CONSTANT.finditer(source))
    if len(found) != 1:
        raise ValueError(
            f'alexnet_lib/runtime.py has {len(found)} lines REPOSITORY = "...": '
            f"write exactly one"
        )
    return found[0]


def _stamped_notebook(path: Path, address: str) -> str:
    nb = nbformat.read(path, as_version=4)
    cells = [cell for cell in nb.cells if "bootstrap" in tags(cell)]
    if len(cells) != 1:
        raise ValueError(
            f"{path.name} has {len(cells)} bootstrap cells: build it again with "
            f"`python -m alexnet_lib notebooks {path.name[:2]}`"
        )
    cells[0].source = bootstrap_source(address)
    nb.cells[0].source = links.link_title(nb.cells[0].source, address, path.name)
    return notebook_text(nb)
