"""The rules of CONTRIBUTING.md for a committed notebook: a defect is one line."""

import re
from pathlib import Path
from urllib.parse import unquote

import nbformat
from nbformat import NotebookNode

from alexnet_lib.classroom.rules_outputs import OUTPUT_RULES
from alexnet_lib.classroom.rules_texts import TEXT_RULES
from alexnet_lib.classroom.source import difference, label, read_source

MAX_BYTES = 3_000_000
LINK = re.compile(r"""\]\(([^)\s]+)[^)]*\)|\b(?:href|src)=["']([^"']+)["']""", re.I)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#", re.IGNORECASE)
CELL_RULES = (*TEXT_RULES, *OUTPUT_RULES)  # each: notebook -> defects


def defects(path: Path) -> list[str]:
    """Every defect of a notebook file; its source is in `source/` beside it."""
    nb = nbformat.read(path, as_version=4)
    found = [defect for rule in CELL_RULES for defect in rule(nb)]
    for file_rule in FILE_RULES:
        found += file_rule(nb, path)
    return found


def size(nb: NotebookNode, path: Path) -> list[str]:
    found = path.stat().st_size
    if found <= MAX_BYTES:
        return []
    return [f"{found / 1e6:.1f} MB: at most {MAX_BYTES / 1e6:.0f} MB"]


def in_step(nb: NotebookNode, path: Path) -> list[str]:
    source = path.parent / "source" / f"{path.stem}.py"
    if not source.is_file():
        return [f"no source: source/{source.name} is missing"]
    found = difference(read_source(source), nb)
    return [f"out of step with its source: {found}"] if found else []


def links(nb: NotebookNode, path: Path) -> list[str]:
    """Relative links and pictures lead to files that are there."""
    found = []
    for index, cell in enumerate(nb.cells):
        if cell.cell_type != "markdown":
            continue
        for pair in LINK.findall(cell.source):
            target = unquote("".join(pair)).partition("#")[0]
            if ELSEWHERE.match("".join(pair)) or not target:
                continue
            if not (path.parent / target).exists() and not _to_come(target, path):
                found.append(f"{label(nb, index)}: nothing at the link {target!r}")
    return found


def _to_come(target: str, path: Path) -> bool:
    """A notebook numbered beyond the last one: the course is not finished yet."""
    last = max(other.name[:2] for other in path.parent.glob("[0-9][0-9]_*.ipynb"))
    return re.match(r"\d\d_\w+\.ipynb$", target) is not None and target[:2] > last


FILE_RULES = (size, in_step, links)  # each: notebook, path -> defects
