"""What a cheat reaches for: answers on the disk, others' files, somebody to talk to."""

import os
import socket
import sys
from pathlib import Path

from alexnet_lib import runtime
from tests.unit.handed_in import SOCKETS, SPY, WRITER

CLUE = "covered = (kernel_size - 1)"  # stands in the master and in every solution


class Listeners:
    """What a student's code could talk to: TCP, UDP and a socket that is a file."""

    def __init__(self, path: Path):
        self.sockets = [
            socket.socket(socket.AF_INET, socket.SOCK_STREAM),
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
        ]
        os.chdir(path.parent)  # the path of such a socket must be short
        for listener, address in zip(
            self.sockets, [("127.0.0.1", 0), ("127.0.0.1", 0), path.name], strict=True
        ):
            listener.bind(address)
            listener.settimeout(0.1)
        os.chdir(runtime.PACKAGE.parent)
        self.sockets[0].listen()
        tcp, udp = (listener.getsockname() for listener in self.sockets[:2])
        self.addresses = [
            ("AF_INET", "SOCK_STREAM", tcp),
            ("AF_INET", "SOCK_DGRAM", udp),
            ("AF_UNIX", "SOCK_DGRAM", str(path)),
        ]

    def heard(self) -> list[bytes]:
        found = []
        for listener in self.sockets:
            try:
                if listener.type == socket.SOCK_STREAM:
                    found.append(listener.accept()[0].recv(99))
                else:
                    found.append(listener.recv(99))
            except TimeoutError:
                pass
            listener.close()
        return found


def cheats(folder: Path, listeners: Listeners) -> dict[str, str]:
    """Code that reaches for what lies in this folder, and for who listens."""
    places = ("notebooks", "tests", "alexnet_lib/classroom")
    roots = [str(folder), *(str(runtime.PACKAGE.parent / place) for place in places)]
    targets = [folder / "precious.txt", folder / "in" / "assignment_1_right.ipynb"]
    targets += [Path(sys.prefix, "written_by_a_student"), folder / "new"]
    return {
        "spy": SPY.format(roots=roots, clue=CLUE, parent=os.getpid()),
        "writer": WRITER.format(targets=list(map(str, targets))),
        "sockets": SOCKETS.format(addresses=listeners.addresses),
    }
