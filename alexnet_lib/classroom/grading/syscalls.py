"""The few calls of the Linux kernel that Python does not offer, by their numbers.

The numbers above 423 are the same on every processor.
"""

import ctypes
import os
from pathlib import Path

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER = 0x0002_0000, 0x0800_0000, 0x1000_0000
CLONE_NEWPID, CLONE_NEWNET = 0x2000_0000, 0x4000_0000
MS_BIND, MS_MOVE, MS_REC, MS_PRIVATE = 0x1000, 0x2000, 0x4000, 0x4_0000
MOUNT_SETATTR = 442
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
READ_ONLY, NO_SUID, NO_DEVICES = 1, 2, 4
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38
SIGKILL = 9
CAPABILITIES = range(
    64
)  # more than there are: dropping one that is not there is no harm


class MountAttributes(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_uint64)
        for name in ("attr_set", "attr_clr", "propagation", "userns_fd")
    )


def libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def check(result: int, what: str) -> int:
    """The result; OSError, with the kernel's reason, for a call that failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    """Leave the namespaces of the parent for new ones."""
    check(libc().unshare(flags), "unshare")


def mount(source: str, target: Path, kind: str, flags: int, options: str = "") -> None:
    result = libc().mount(
        source.encode(),
        os.fsencode(target),
        kind.encode() or None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )
    check(result, f"mount on {target}")


def make_read_only(target: Path) -> None:
    """Everything mounted at and below `target`; needs Linux 5.12."""
    wanted = MountAttributes(attr_set=READ_ONLY | NO_SUID | NO_DEVICES)
    result = libc().syscall(
        MOUNT_SETATTR,
        AT_FDCWD,
        os.fsencode(target),
        AT_RECURSIVE,
        ctypes.byref(wanted),
        ctypes.sizeof(wanted),
    )
    check(result, f"mount_setattr on {target}")


def drop_capabilities() -> None:
    """What root can do, an exec after this cannot."""
    for capability in CAPABILITIES:
        libc().prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def refuse_new_privileges() -> None:
    check(libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")


def die_with_parent() -> None:
    check(libc().prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl")
