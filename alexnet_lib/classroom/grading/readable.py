"""What the child may read: Python, its packages, the rooms it imports; no answers."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from alexnet_lib import runtime

# The loader, the C library and what they read: elsewhere only on other systems.
SYSTEM = (
    *("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/share/zoneinfo"),
    *("/lib", "/lib32", "/lib64"),
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/ssl/certs"),
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
ROOMS_KEPT_BACK = ("classroom", "commands")  # they know answers
FOLDERS_KEPT_BACK = ("notebooks", "tests", ".git")  # of the checkout, so do these


@dataclass(frozen=True)
class Allowed:
    """Paths to read with all below them, and folders of which only names are read."""

    read: tuple[Path, ...]
    listed: tuple[Path, ...]


def allowed(hidden: Iterable[Path] = ()) -> Allowed:
    """What a student's code may read on this machine, without what is hidden."""
    kept_back = [runtime.PACKAGE / room for room in ROOMS_KEPT_BACK]
    kept_back += [runtime.PACKAGE.parent / name for name in FOLDERS_KEPT_BACK]
    kept_back += [path.resolve() for path in hidden]
    prefixes = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    roots = {Path(name) for name in (*SYSTEM, *prefixes, runtime.PACKAGE)}
    roots = {path for path in roots if path.exists()}
    read: list[Path] = []
    listed: list[Path] = []
    for root in _outermost(roots):
        _without(root, kept_back, read, listed)
    return Allowed(tuple(read), tuple(listed))


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """The paths that lie in no other."""
    return [
        path
        for path in sorted(paths)
        if not any(other in path.parents for other in paths)
    ]


def _without(
    path: Path, hidden: list[Path], read: list[Path], listed: list[Path]
) -> None:
    """Add a path whole where it holds nothing hidden, else piece by piece."""
    real = path.resolve()
    if any(real == other or other in real.parents for other in hidden):
        return
    if not any(real in other.parents for other in hidden):
        read.append(path)
        return
    listed.append(path)
    for child in sorted(path.iterdir()):
        _without(child, hidden, read, listed)
