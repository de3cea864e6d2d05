"""What every test gets: no network, no windows, its own progress file.

A skip is allowed only through a `needs_...` marker. Each run prints how many tests
each marker skipped; in CI (`CI=true`) any other skip fails the run.
"""

import os
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

os.environ["MPLBACKEND"] = "Agg"  # for the tests' own subprocesses as well
os.environ.pop("ALEXNET_WORDS", None)  # read when the widgets are imported

REPOSITORY = Path(__file__).resolve().parents[1]
NEEDS = ("needs_gpu", "needs_data", "needs_extra", "needs_browser")
QUIET = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
skips = pytest.StashKey[Counter]()
unexplained = pytest.StashKey[list]()


@pytest.fixture(autouse=True)
def _alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nothing of this machine gets in, nothing of the test gets out."""
    answers = tmp_path_factory.mktemp("progress") / "progress.json"
    monkeypatch.setenv("ALEXNET_PROGRESS", str(answers))
    monkeypatch.setenv("ALEXNET_OFFLINE", "1")
    monkeypatch.delenv("ALEXNET_RUN", raising=False)


@pytest.fixture
def real_data_root(request: pytest.FixtureRequest) -> Path:
    """The folder that holds the real Fashion-MNIST; skips where there is none."""
    if request.node.get_closest_marker("needs_data") is None:
        pytest.fail("a test with real_data_root carries @pytest.mark.needs_data")
    root = find_real_data()
    if root is None:
        pytest.skip("no real Fashion-MNIST: python -m alexnet_lib data fetches it")
    return root


def find_real_data() -> Path | None:
    """`ALEXNET_DATA`, else the folder beside the checkout, else the checkout's own."""
    roots = [REPOSITORY.parent / "shared" / "data", REPOSITORY / "data"]
    if named := os.environ.get("ALEXNET_DATA"):
        roots = [Path(named)]
    return next((root for root in roots if (root / "FashionMNIST").is_dir()), None)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[skips] = Counter()
    config.stash[unexplained] = []
    config.pluginmanager.register(SkipCounter(config), "alexnet-skips")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs_extra"):
        missing = [module for module in marker.args if find_spec(module) is None]
        if missing:
            pytest.skip(f"not installed: {', '.join(missing)}")
    if item.get_closest_marker("needs_gpu"):
        import torch

        if not torch.cuda.is_available():
            pytest.skip("no CUDA device")


class SkipCounter:
    """Counts skips by marker; keeps those that have none."""

    def __init__(self, config: pytest.Config):
        self.config = config

    def _count(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not report.skipped or hasattr(report, "wasxfail"):
            return
        markers = [name for name in NEEDS if name in report.keywords]
        self.config.stash[skips].update(markers)
        if not markers:
            self.config.stash[unexplained].append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._count(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._count(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        ok = session.exitstatus in (
            pytest.ExitCode.OK,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        )
        if self.config.stash[unexplained] and os.environ.get("CI") == "true" and ok:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter) -> None:
        counts = self.config.stash[skips]
        for name in NEEDS:
            terminalreporter.write_line(f"skipped by {name}: {counts[name]}")
        for nodeid in self.config.stash[unexplained]:
            terminalreporter.write_line(
                f"skipped without a needs_ marker: {nodeid}", red=True
            )
