"""The child process that downloads: `python download.py NAME FOLDER URL...`.

torchvision does the work. It has no time-outs of its own and takes seconds to import,
so `fetch` runs it in a process that can be killed, and this process first asks whether
anybody answers at one of the URLs. On failure the last line of stdout
is the reason, and the exit status says whether the disk was full. Imports nothing of
ours: it is run as a file.
"""

import errno
import http.client
import os
import socket
import sys
import urllib.request
from collections.abc import Sequence
from contextlib import redirect_stderr
from pathlib import Path

READY = "ready"  # a file of this name appears when a mirror has answered
CONNECT_SECONDS = 3
SILENCE_SECONDS = 10  # between two packets, once connected
FAILED = 1
DISK_FULL = 28
DISK_FULL_ERRNOS = (errno.ENOSPC, errno.EDQUOT)


def main(name: str, folder: Path, urls: Sequence[str]) -> int:
    """Download one data set, or weights, into `folder`; the process's exit status."""
    limit_waiting()
    try:
        wait_for_an_answer(urls)
        (folder / READY).touch()
        if urls[0].endswith(".pth"):
            download_weights(urls[0], folder)
        else:
            download(name, folder)
    except (OSError, http.client.HTTPException) as error:
        print(reason(error))
        full = getattr(error, "errno", None) in DISK_FULL_ERRNOS
        return DISK_FULL if full else FAILED
    except RuntimeError as error:  # torchvision: every mirror failed, or a checksum
        print(reason(error))
        return FAILED
    return 0


def wait_for_an_answer(urls: Sequence[str]) -> None:
    """Return when one of the URLs answers; raise the last error when none does."""
    for number, url in enumerate(urls, start=1):
        try:
            urllib.request.urlopen(url).close()
            return
        except (OSError, http.client.HTTPException):
            if number == len(urls):
                raise


def download(name: str, folder: Path) -> None:
    """Let torchvision download, check and unpack the four files of a data set."""
    import torchvision

    dataset_class = getattr(torchvision.datasets, name)
    with open(os.devnull, "w") as nowhere, redirect_stderr(nowhere):  # its own bar
        dataset_class(folder, download=True)


def download_weights(url: str, folder: Path) -> None:
    """Let torch download and check the weights of a network, as torchvision does."""
    from torch import hub

    name = url.rpartition("/")[2]
    digits = name.rpartition(".")[0].rpartition("-")[2]  # of the SHA-256
    target = folder / "checkpoints" / name
    target.parent.mkdir()
    hub.download_url_to_file(url, str(target), hash_prefix=digits, progress=False)


def limit_waiting() -> None:
    """Connecting gets 3 s; a connection that works may pause for longer."""
    socket.setdefaulttimeout(CONNECT_SECONDS)
    connect = http.client.HTTPConnection.connect

    def connect_and_be_patient(connection: http.client.HTTPConnection) -> None:
        connect(connection)
        connection.sock.settimeout(SILENCE_SECONDS)

    http.client.HTTPConnection.connect = connect_and_be_patient


def reason(error: Exception) -> str:
    """The last line of an error, without urllib's wrapping."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    last = lines[-1] if lines else type(error).__name__
    return last.removeprefix("<urlopen error ").removesuffix(">")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
