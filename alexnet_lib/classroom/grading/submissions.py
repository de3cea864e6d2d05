"""The notebooks that came back: whose each is, and what is odd about the rest."""

import os
import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LARGEST = 20_000_000  # bytes
AGAIN = re.compile(r"( \(\d+\)|[ _-]copy\d*|-Copy\d+)$", re.IGNORECASE)


@dataclass
class Found:
    """Files by student, and one line for each thing that the teacher must settle."""

    files: dict[str, Path] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)  # of students without a file
    remarks: list[str] = field(default_factory=list)


def find(folder: Path, number: int, students: Sequence[str]) -> Found:
    """Every notebook of a folder and the folders in it, sorted out by student.

    Raises FileNotFoundError or ValueError when there is nothing to grade at all.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}: name the one to grade")
    if Path.cwd().resolve().is_relative_to(folder.resolve()):
        raise ValueError(
            f"you are inside {folder}, where a student's json.py would be imported in "
            f"place of Python's: go to another folder, and call this again"
        )
    paths = sorted(path for path in _walk(folder) if path.suffix == ".ipynb")
    if not paths:
        raise ValueError(
            f"no notebook in {folder}: put what the students handed in there, one "
            f"assignment_{number}_NAME.ipynb each"
        )
    found, known = Found(), {name.lower(): name for name in students}
    by_student: dict[str, list[Path]] = {}
    for path in paths:
        student = known.get(_named(path, number).lower())
        if student is None:
            found.remarks.append(
                f"{_shown(path, folder)}: no student of the list is called "
                f"{_named(path, number)!r}: rename the file, or add the student; it "
                f"was not graded"
            )
        else:
            by_student.setdefault(student, []).append(path)
    for student, theirs in by_student.items():
        if len(theirs) == 1:
            found.files[student] = theirs[0]
            continue
        names = " and ".join(_shown(path, folder) for path in theirs)
        found.statuses[student] = "two submissions"
        found.remarks.append(
            f"{student} handed in {len(theirs)} notebooks, {names}: keep one and grade "
            f"again; none was graded"
        )
    return found


def read(path: Path) -> bytes:
    """The bytes of a submission; ValueError for a link, a device or a giant."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    if path.is_symlink():
        raise ValueError(
            "it is a link to another file, not a notebook: ask for the file"
        )
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("it is not a file: ask for the notebook")
        if status.st_size > LARGEST:
            raise ValueError(
                f"it has {status.st_size / 1e6:.0f} MB, more than "
                f"{LARGEST / 1e6:.0f}: ask for it with outputs cleared"
            )
        return file.read(LARGEST)


def _walk(folder: Path) -> Iterable[Path]:
    """Files of a folder and its folders; a link to a folder is not followed."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place, name) for name in names if not name.startswith("."))


def _named(path: Path, number: int) -> str:
    """The student in a file name; a browser's ' (1)' and a copy's '-Copy1' go."""
    stem = path.stem
    while AGAIN.search(stem):
        stem = AGAIN.sub("", stem)
    return stem.removeprefix(f"assignment_{number}_")


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
