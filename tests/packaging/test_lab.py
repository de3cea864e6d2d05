"""`make lab` as a newcomer types it: it prints an address, and the copies are there."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds; it takes about ten
NEWS = "@jupyterlab/apputils-extension:notification"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.fixture
def lab(tmp_path):
    """`make lab` on a free port, with Jupyter's own folders out of the way."""
    port = free_port()
    log = tmp_path / "lab.log"
    folders = {
        name: str(tmp_path / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    with log.open("w") as output:
        process = subprocess.Popen(
            ["make", "lab", f"PORT={port}", "HOST=127.0.0.1"],
            cwd=ROOT,
            env={**os.environ, **folders, "BROWSER": "true"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield port, log, process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def wait_for_address(port: int, log: Path, process: subprocess.Popen) -> str:
    pattern = re.compile(rf"http://127\.0\.0\.1:{port}/lab/tree/my_course\?token=\w+")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if found := pattern.search(log.read_text()):
            return found.group()
        time.sleep(0.2)
    pytest.fail(f"no address printed:\n{log.read_text()}")


def test_make_lab_serves_the_copies(lab):
    address = wait_for_address(*lab)

    listing = address.replace("/lab/tree/", "/api/contents/")
    with urllib.request.urlopen(listing, timeout=30) as answer:
        served = {entry["name"] for entry in json.load(answer)["content"]}
    with urllib.request.urlopen(address, timeout=30) as page:
        assert b"JupyterLab" in page.read()

    notebooks = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert notebooks <= served

    settings = address.replace("/lab/tree/my_course", "/lab/api/settings/" + NEWS)
    with urllib.request.urlopen(settings, timeout=30) as answer:
        found = json.load(answer)
    # Neither asked about nor fetched: the course works without a network.
    assert found["schema"]["properties"]["fetchNews"]["default"] == "false"
