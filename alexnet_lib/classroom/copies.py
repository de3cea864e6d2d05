"""The learner's copies in `my_course/`: made, kept up to date, never overwritten."""

import json
import os
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from alexnet_lib.classroom.build import write

MANIFEST = ".copies.json"
LINK = re.compile(
    r"""(\]\(|\b(?:href|src)=["'])    # ](target) and href="target"
        (?![a-z][a-z0-9+.-]*:|/|\#)  # not an address, an absolute path or a place here
        ([^)\s"'\#]+)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass
class CopyReport:
    """What happened to the copies; each list holds file names."""

    made: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # the reader's, and ours is newer

    def lines(self) -> list[str]:
        """One line for each copy that is the reader's while the course moved on."""
        return [
            f"{name} is kept as you left it, and the course has a newer one: rename "
            f"yours, and the next start brings the new one"
            for name in self.kept
        ]


def update_copies(notebooks: Path, copies: Path) -> CopyReport:
    """Bring every notebook of the course into the learner's folder.

    A copy that nobody touched since we wrote it follows the course; a deleted one comes
    back; any other file is left alone.
    """
    found = sorted(notebooks.glob("[0-9][0-9]_*.ipynb"))
    if not found:
        raise FileNotFoundError(f"no notebooks such as 00_name.ipynb in {notebooks}")
    try:
        copies.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(
            f"cannot make the folder {copies} ({error.strerror}): name another"
        ) from error
    written = _read_manifest(copies)
    names = {path.name for path in found}
    report = CopyReport()
    for path in found:
        place = copies / path.name
        nb = learner_copy(nbformat.read(path, as_version=4), notebooks, copies, names)
        ours = _digest(nbformat.writes(nb).rstrip("\n").encode())
        theirs = _digest(place.read_bytes().rstrip(b"\n")) if place.exists() else None
        if theirs == ours:
            report.unchanged.append(path.name)
        elif theirs is None or theirs == written.get(path.name):
            (report.updated if theirs else report.made).append(path.name)
            write(nb, place)
        elif written.get(path.name) == ours:
            report.unchanged.append(path.name)
            continue
        else:
            report.kept.append(path.name)
            continue
        written[path.name] = ours
    _write_manifest(copies, written)
    return report


def learner_copy(
    nb: NotebookNode, notebooks: Path, copies: Path, names: set[str]
) -> NotebookNode:
    """The notebook without outputs and counts, its links made to work from `copies`."""
    nb = nbformat.from_dict(nb)
    nb.metadata.pop("widgets", None)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        elif cell.cell_type == "markdown":
            cell.source = relink(cell.source, notebooks, copies, names)
    return nb


def relink(text: str, notebooks: Path, copies: Path, names: set[str]) -> str:
    """Point relative links at the same files, seen from the folder of the copies.

    A link to another notebook of the course (`names`) leads to the learner's copy.
    """

    def moved(match: re.Match) -> str:
        opening, target = match.groups()
        if target in names:
            return match[0]
        return opening + Path(os.path.relpath(notebooks / target, copies)).as_posix()

    return LINK.sub(moved, text)


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _read_manifest(copies: Path) -> dict[str, str]:
    """The digest of each copy as we wrote it; none known where it cannot be read."""
    try:
        return dict(json.loads((copies / MANIFEST).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def _write_manifest(copies: Path, written: dict[str, str]) -> None:
    temporary = copies / f"{MANIFEST}.new"
    temporary.write_text(json.dumps(written, indent=1, sort_keys=True) + "\n", "utf-8")
    os.replace(temporary, copies / MANIFEST)
