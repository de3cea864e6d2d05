"""Skips are counted by marker, and a skip without one fails the run in CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
PYTEST_INI = """
[pytest]
markers =
    needs_data: data
    needs_extra(*modules): extras
"""
EXPLAINED = """
import os, pytest

@pytest.mark.needs_extra("no_such_module")
def test_extra():
    raise AssertionError

@pytest.mark.needs_data
def test_data(real_data_root):
    raise AssertionError

def test_alone():
    assert os.environ["ALEXNET_OFFLINE"] == "1"
    assert "progress" in os.environ["ALEXNET_PROGRESS"]
    assert os.environ["MPLBACKEND"] == "Agg"

@pytest.mark.xfail
def test_expected_to_fail():
    raise AssertionError
"""
UNEXPLAINED = (
    EXPLAINED
    + """
def test_tired():
    pytest.skip("not today")
"""
)
UNMARKED = """
def test_data(real_data_root):
    pass
"""


def run_pytest(folder: Path, source: str, **environment: str):
    """pytest on one file under our conftest, in a folder with no data."""
    tests = folder / "checkout" / "tests"
    tests.mkdir(parents=True)
    (tests / "conftest.py").write_bytes(CONFTEST.read_bytes())
    (tests / "pytest.ini").write_text(PYTEST_INI)
    (tests / "test_made_up.py").write_text(source)
    kept = {k: v for k, v in os.environ.items() if k not in ("CI", "ALEXNET_DATA")}
    kept |= environment | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."]
    return subprocess.run(
        command, cwd=tests, env=kept, capture_output=True, text=True, check=False
    )


def test_skips_are_counted_by_marker(tmp_path):
    done = run_pytest(tmp_path, EXPLAINED, CI="true")
    assert done.returncode == 0, done.stdout
    for line in ("needs_gpu: 0", "needs_data: 1", "needs_extra: 1"):
        assert f"skipped by {line}\n" in done.stdout
    assert "without a needs_ marker" not in done.stdout


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_any_other_skip_fails_the_run_in_ci(tmp_path, ci, status):
    done = run_pytest(tmp_path, UNEXPLAINED, CI=ci)
    assert done.returncode == status, done.stdout
    where = "test_made_up.py::test_tired"
    assert f"skipped without a needs_ marker: {where}" in done.stdout


def test_data_without_the_marker_is_a_mistake(tmp_path):
    done = run_pytest(tmp_path, UNMARKED)
    assert done.returncode == 1
    assert "a test with real_data_root carries @pytest.mark.needs_data" in done.stdout
