"""JupyterLab on a free port with the learner's copies, and a headless Chromium.

What a JupyterLab does on its own is switched off: news, update checks, windowing (cells
out of sight would not be in the page). All its folders are temporary.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

from alexnet_lib.classroom.build import kernel_environment
from alexnet_lib.classroom.copies import learner_copy, update_copies
from alexnet_lib.classroom.source import read_source, tags

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOKS = REPOSITORY / "notebooks"
FIXTURE = REPOSITORY / "tests/notebooks/fixtures/source/99_clean.py"
RESULTS = REPOSITORY / "test-results"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
START_SECONDS, OPEN_SECONDS, LOST_CLICK_SECONDS = 120, 120, 8
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
# JupyterLab shows the traceback of an error as it shows stderr
RED = '[data-mime-type="application/vnd.jupyter.stderr"]'


@dataclass
class Lab:
    """A running JupyterLab and a browser; `complaints` is what a page said or asked."""

    address: str
    root: Path
    browser: object
    complaints: list[str] = field(default_factory=list)

    def open_notebook(self, name: str):
        """A page with the notebook and an idle kernel."""
        self.complaints.clear()
        page = self.browser.new_page(viewport={"width": 1300, "height": 1500})
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._see)
        page.goto(f"{self.address}/lab/tree/{name}?reset", timeout=OPEN_SECONDS * 1000)
        cell = page.locator(".jp-Notebook .jp-Cell").first
        cell.wait_for(timeout=OPEN_SECONDS * 1000)
        self._wait_for_kernel(page, name)
        return page

    def _wait_for_kernel(self, page, name: str) -> None:
        """Ask the page and the server: each says 'idle' before the kernel is usable."""
        status = page.locator("#jp-main-statusbar").get_by_text("| Idle")
        status.wait_for(timeout=OPEN_SECONDS * 1000)
        deadline = time.monotonic() + OPEN_SECONDS
        while time.monotonic() < deadline:
            with urllib.request.urlopen(f"{self.address}/api/sessions") as reply:
                sessions = [s for s in json.load(reply) if s["path"] == name]
            kernels = [session["kernel"] for session in sessions]
            if any(
                k["connections"] and k["execution_state"] == "idle" for k in kernels
            ):
                return
            time.sleep(0.25)
        pytest.fail(f"{name} has no idle kernel after {OPEN_SECONDS} s")

    def _hear(self, message) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _see(self, request) -> None:
        ours = (self.address, self.address.replace("http", "ws"), "data:", "blob:")
        if not request.url.startswith(ours):
            self.complaints.append(f"asked for {request.url}")

    def run_all(self, page, name: str, seconds: float) -> None:
        """Run All Cells, and wait until the last code cell has its number.

        JupyterLab sometimes loses the first click, or asks for a kernel although one is
        on its way, and then forgets the run: click again whenever no prompt has a sign.
        """
        prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
        begun = prompts.filter(has_text=re.compile(r"\[(\*|\d+)\]"))
        last = prompts.nth(len(self.code_cells(name)) - 1)
        deadline = time.monotonic() + seconds
        while not re.search(r"\[\d+\]", last.inner_text()):
            if time.monotonic() > deadline:
                red = " ".join(page.locator(RED).all_inner_texts())[:500]
                pytest.fail(f"{name} did not run to its end in {seconds} s: {red}")
            if begun.count() == 0:
                self._click_run_all(page, name)
                appears(begun.first, LOST_CLICK_SECONDS)
            page.wait_for_timeout(250)
        page.wait_for_timeout(1000)  # the last outputs are painted

    def _click_run_all(self, page, name: str) -> None:
        if (button := page.locator(".jp-Dialog button.jp-mod-accept")).count():
            button.click()
            page.wait_for_timeout(3000)
        self._wait_for_kernel(page, name)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()

    def code_cells(self, name: str) -> list[nbformat.NotebookNode]:
        cells = nbformat.read(self.root / name, as_version=4).cells
        return [cell for cell in cells if cell.cell_type == "code"]

    def unexpected_errors(self, page, name: str) -> list[str]:
        """What is shown in red, less the errors that are shown on purpose."""
        seen = page.locator(RED).all_inner_texts()
        wanted = sum("raises-exception" in tags(c) for c in self.code_cells(name))
        return [] if len(seen) == wanted else seen


def appears(locator, seconds: float) -> bool:
    from playwright.sync_api import TimeoutError

    try:
        locator.wait_for(timeout=seconds * 1000)
    except TimeoutError:
        return False
    return True


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """The one browser of all tests: playwright can be started once in a process."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.skip("no chromium: on Debian, apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, headless=True, args=list(FLAGS)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One JupyterLab for all tests, and the browser."""
    folder = tmp_path_factory.mktemp("lab")
    root = make_root(folder)
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "jupyterlab.log").open("w") as log:
        port = free_port()
        server = start_lab(folder, root, port, log)
        try:
            wait_for_lab(server, f"http://127.0.0.1:{port}/api/status")
            yield Lab(f"http://127.0.0.1:{port}", root, chromium)
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture(scope="session")
def results() -> Path:
    """Where the screenshots go: `test-results/`, which git ignores."""
    RESULTS.mkdir(exist_ok=True)
    return RESULTS


def make_root(folder: Path) -> Path:
    """The learner's folder: the copies, and our fixture."""
    root = folder / "my_course"
    root.mkdir()
    if any(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        update_copies(NOTEBOOKS, root)
    fixture = learner_copy(read_source(FIXTURE), NOTEBOOKS, root, set())
    nbformat.write(fixture, root / f"{FIXTURE.stem}.ipynb")
    return root


def start_lab(folder: Path, root: Path, port: int, log) -> subprocess.Popen:
    for name, settings in SETTINGS.items():
        path = folder / "settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    env = {
        **kernel_environment(folder),
        "ALEXNET_OFFLINE": "1",
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    beside = REPOSITORY.parent / "shared" / "data"
    if "ALEXNET_DATA" not in env and (beside / "FashionMNIST").is_dir():
        env["ALEXNET_DATA"] = str(beside)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser"]
    command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
    command += ["--ServerApp.port_retries=0", f"--ServerApp.root_dir={root}"]
    command += ["--IdentityProvider.token=", "--ServerApp.password="]
    command += ["--LabApp.news_url=", "--LabApp.extension_manager=readonly"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return subprocess.Popen(
        command, cwd=root, env=env, stdout=log, stderr=subprocess.STDOUT
    )


def wait_for_lab(server: subprocess.Popen, address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.25)
        else:
            return
    pytest.fail(f"JupyterLab did not start: see {RESULTS / 'jupyterlab.log'}")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
