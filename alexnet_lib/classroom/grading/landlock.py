"""Landlock: a process gives up every file but those named (Linux 5.13 and later).

Needs no root and no namespace, so it works where those are refused. It does not govern
`stat`, `chmod`, or sockets that are files; from version 4 (Linux 6.7) it refuses TCP.
Source: the kernel's documentation, `userspace-api/landlock`.
"""

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from alexnet_lib.classroom.grading.syscalls import check, libc, refuse_new_privileges

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION = 1
PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE = 1 << 14
FIRST_RIGHTS = (
    1 << 13
) - 1  # version 1: all about files and folders up to symbolic links
MORE_RIGHTS = {2: 1 << 13, 3: TRUNCATE, 5: 1 << 15}  # refer, truncate, device ioctl
NETWORK_FROM, TCP = 4, 0b11  # bind and connect
SCOPES_FROM, SCOPES = 6, 0b11  # abstract sockets and signals stay inside
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | 1 << 15


class Ruleset(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint64) for name in ("files", "network", "scopes"))


class PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """The version that the kernel offers; 0 where there is none."""
    found = libc().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ASK_VERSION)
    return max(0, found)


def confine(read: Iterable[Path], listed: Iterable[Path], write: Iterable[Path]) -> int:
    """Allow these paths and what is below them, for good; returns the version.

    `listed` are folders whose names may be read and whose files may not. Raises OSError
    where there is no Landlock.
    """
    offered = version()
    if not offered:
        raise OSError("this kernel has no Landlock, or it is switched off")
    handled = FIRST_RIGHTS
    for since, right in MORE_RIGHTS.items():
        handled |= right if offered >= since else 0
    rules = Ruleset(
        files=handled,
        network=TCP if offered >= NETWORK_FROM else 0,
        scopes=SCOPES if offered >= SCOPES_FROM else 0,
    )
    handle = check(
        libc().syscall(
            CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(_size(offered)), 0
        ),
        "landlock_create_ruleset",
    )
    for paths, rights in (
        (read, EXECUTE | READ_FILE | READ_DIR),
        (listed, READ_DIR),
        (write, handled),
    ):
        for path in paths:
            _allow(handle, path, rights & handled)
    refuse_new_privileges()
    check(libc().syscall(RESTRICT_SELF, handle, 0), "landlock_restrict_self")
    os.close(handle)
    return offered


def _size(offered: int) -> int:
    """Bytes of the ruleset that this version knows."""
    return 8 * (1 + (offered >= NETWORK_FROM) + (offered >= SCOPES_FROM))


def _allow(ruleset: int, path: Path, rights: int) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights &= -1 if path.is_dir() else ON_FILES
        rule = PathRule(rights=rights, folder=folder)
        check(
            libc().syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0),
            f"landlock_add_rule for {path}",
        )
    finally:
        os.close(folder)
