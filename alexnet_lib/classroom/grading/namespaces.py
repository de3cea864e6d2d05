"""A disk, a network and a set of processes of its own, for a child on Linux.

Source: the manual pages user_namespaces(7), mount_namespaces(7), pid_namespaces(7).
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_lib.classroom.grading import syscalls
from alexnet_lib.classroom.grading.syscalls import mount

if TYPE_CHECKING:
    from alexnet_lib.classroom.grading.launch import Order

HOME = Path("/student")


def enter() -> None:
    """Leave the parent's namespaces; go on as the first process of the new ones.

    There is no network inside, not even a loopback that is up. When the first process
    ends, the kernel ends all others. Raises OSError where the kernel refuses.
    """
    user, group = os.getuid(), os.getgid()
    syscalls.unshare(
        syscalls.CLONE_NEWUSER
        | syscalls.CLONE_NEWNS
        | syscalls.CLONE_NEWNET
        | syscalls.CLONE_NEWIPC
        | syscalls.CLONE_NEWPID
    )
    # The same user inside: files keep their owner, and no other user is there.
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    # No further ones inside: a student's process would be their master.
    with suppress(OSError):
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    first = os.fork()
    if first:
        _, status = os.waitpid(first, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    syscalls.die_with_parent()


def own_disk(order: "Order") -> Path:
    """Change to a disk that holds what may be read, read-only, and a folder to work in.

    Returns the folder to work in, a piece of memory of `order.disk` bytes.
    """
    from alexnet_lib.classroom.grading.launch import copy_job

    mount("none", Path("/"), "", syscalls.MS_REC | syscalls.MS_PRIVATE)
    root = Path(order.root)
    mount("disk", root, "tmpfs", 0, "size=1m,mode=755")
    for name in order.read:
        _show(Path(name), root)
    home, devices = _inside(HOME, root), _inside(Path("/dev"), root)
    home.mkdir(parents=True)
    devices.mkdir(exist_ok=True)
    syscalls.make_read_only(root)
    mount("devices", devices, "tmpfs", 0, "size=1m,mode=755")
    for name in order.devices:
        _show(Path(name), root)
    mount("work", home, "tmpfs", 0, f"size={order.disk},mode=700")
    copy_job(Path(order.folder), home)
    os.chdir(root)
    mount(".", Path("/"), "", syscalls.MS_MOVE)
    os.chroot(".")
    return HOME


def _inside(path: Path, root: Path) -> Path:
    return root / path.relative_to("/")


def _show(path: Path, root: Path) -> None:
    """Make one path of the outer disk visible at the same place of the inner one."""
    target = _inside(path, root)
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        target.symlink_to(os.readlink(path))
        return
    if path.is_dir():
        target.mkdir(exist_ok=True)
    else:
        target.touch()
    mount(str(path), target, "", syscalls.MS_BIND | syscalls.MS_REC)
