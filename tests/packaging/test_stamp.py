"""The whole course carries one address or none, and takes another by one command."""

import sys
from pathlib import Path

import pytest
import yaml

from alexnet_lib import runtime
from alexnet_lib.classroom.links import BRANCH
from tests.packaging.environments import ROOT, copy_checkout, run

pytestmark = pytest.mark.packaging

ADDRESS = "https://github.com/owner/course"


def command(course: Path, *words: str) -> str:
    """A command of the package in a copy of the checkout, on that copy's code."""
    python = (sys.executable, "-m", "alexnet_lib")
    return run(*python, *words, cwd=course, PYTHONPATH=str(course)).splitlines()[-1]


def contents(course: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in course.glob("notebooks/*.ipynb")} | {
        course / name: (course / name).read_bytes()
        for name in ("README.md", "alexnet_lib/runtime.py")
    }


def test_every_file_of_the_checkout_carries_the_same_address():
    address = runtime.REPOSITORY or "no address"

    assert f"files carry {address}; 0 of" in command(ROOT, "stamp", "--check")


def test_a_copy_takes_an_address_and_gives_it_back(tmp_path):
    course = copy_checkout(tmp_path / "course")
    command(course, "stamp", "--remove")
    before = contents(course)

    command(course, "stamp", "owner/course")

    after = contents(course)
    assert all(b"owner/course" in text for text in after.values())
    in_step = command(course, "notebooks", "--check")
    assert in_step == f"{len(before) - 2} notebooks are in step with their sources"
    command(course, "stamp", "https://example.org/a/b")
    command(course, "stamp", "--remove")
    assert contents(course) == before


def test_the_links_name_the_branch_that_is_tested():
    workflow = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")
    triggers = yaml.load(workflow, Loader=yaml.BaseLoader)["on"]

    assert triggers["push"]["branches"] == [BRANCH]
