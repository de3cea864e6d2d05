"""The committed notebooks, the clean fixture, and pytest over solved notebooks."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest

from alexnet_lib.classroom.build import build, kernel_environment, write
from alexnet_lib.classroom.solutions import demand_passed, solved

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("[0-9][0-9]_*.ipynb"))
# each has its own way of getting its data
READ_DATA = (
    *("00", "01", "04", "05", "06", "07", "08"),
    *("09", "10", "11", "12", "13", "14", "17"),
)
FIXTURES = Path(__file__).parent / "fixtures"
CELL_SECONDS = 120


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`committed` is each committed notebook, `data_notebook` each that reads data."""
    chosen = {
        "committed": NOTEBOOKS,
        "data_notebook": [path for path in NOTEBOOKS if path.stem[:2] in READ_DATA],
    }
    for name in chosen.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(name, chosen[name], ids=lambda path: path.stem)


@pytest.fixture(scope="session")
def notebooks() -> list[Path]:
    """All committed notebooks."""
    return NOTEBOOKS


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built notebook without a defect, its source beside it as in the course."""
    folder = tmp_path_factory.mktemp("clean")
    shutil.copytree(FIXTURES / "source", folder / "source")
    build(folder / "source" / "99_clean.py", folder / "99_clean.ipynb")
    return folder / "99_clean.ipynb"


@dataclass(frozen=True)
class NbvalRun:
    """What a child pytest made of some notebooks."""

    returncode: int
    output: str
    seconds: dict[str, float]  # per notebook
    failures: dict[str, str]  # what the failed cells of a notebook said


@pytest.fixture
def run_solved(tmp_path: Path) -> Callable[[list[Path]], NbvalRun]:
    """Run solved copies of notebooks under nbval, one after the other."""

    def run(paths: list[Path]) -> NbvalRun:
        folder = tmp_path / "solved"
        for path in paths:
            nb = demand_passed(solved(nbformat.read(path, as_version=4)))
            # each notebook has its own progress file, as it had when it was built
            own = tmp_path / f"{path.stem}.json"
            nb.cells[
                1
            ].source += f"\n__import__('os').environ['ALEXNET_PROGRESS'] = {str(own)!r}"
            write(nb, folder / path.name)
        (folder / "pytest.ini").write_text("[pytest]\n")  # not ours: warnings are free
        report = tmp_path / "nbval.xml"
        command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "--tb=short"]
        command += [f"--nbval-cell-timeout={CELL_SECONDS}", "-p", "no:cacheprovider"]
        command += ["-p", "no:xdist", f"--junitxml={report}", str(folder)]
        child = subprocess.run(
            command,
            cwd=folder,
            env=offline(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return NbvalRun(child.returncode, child.stdout, *read_report(report))

    return run


def offline(folder: Path) -> dict[str, str]:
    """The environment of a kernel without network, with real data where they are."""
    env = {**kernel_environment(folder), "ALEXNET_OFFLINE": "1"}
    beside = REPOSITORY.parent / "shared" / "data"
    if "ALEXNET_DATA" not in os.environ and (beside / "FashionMNIST").is_dir():
        env["ALEXNET_DATA"] = str(beside)
    return env


def read_report(report: Path) -> tuple[dict[str, float], dict[str, str]]:
    """Of each notebook in a JUnit report: the sum of its cells' times, its failures."""
    seconds: dict[str, float] = {}
    failures: dict[str, str] = {}
    if report.is_file():
        for case in ElementTree.parse(report).iter("testcase"):
            name = case.get("classname", "").removesuffix(".ipynb").rpartition(".")[2]
            seconds[name] = seconds.get(name, 0.0) + float(case.get("time", 0))
            for failure in case.iter("failure"):
                failures[name] = failures.get(name, "") + (failure.text or "")
    return seconds, failures


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """A test for notebooks that are not written yet is no test, and no skip either."""
    empty = [item for item in items if item.name.endswith("[NOTSET]")]
    config.hook.pytest_deselected(items=empty)
    items[:] = [item for item in items if item not in empty]
