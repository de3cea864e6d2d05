"""The list of students: one name a line, as it stands in the names of their files."""

import re
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def read_roster(path: Path) -> list[str]:
    """The students' names, in order; blank lines and lines behind # do not count."""
    if not path.is_file():
        raise FileNotFoundError(
            f"there is no list of students {path}: write one name a line into it"
        )
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    names = [line.partition("#")[0].strip() for line in lines]
    names = [name for name in names if name]
    if not names:
        raise ValueError(f"{path} names no student: write one name a line into it")
    seen: dict[str, str] = {}
    for name in names:
        if not NAME.fullmatch(name):
            raise ValueError(
                f"{path}: {name!r} cannot be part of a file name: use letters, digits, "
                f"dots, hyphens and underlines, beginning with a letter or a digit"
            )
        if other := seen.get(name.lower()):
            raise ValueError(
                f"{path} names {other!r} and {name!r}, which are one: rename the second"
            )
        seen[name.lower()] = name
    return names
