"""The teacher's guide as it is typed: from Friday's clone to Monday's copies."""

import csv
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from alexnet_lib.__main__ import main
from tests.unit.handed_in import CONFINED

pytestmark = [pytest.mark.packaging, pytest.mark.needs_extra("otter")]

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "notebooks" / "instructors_guide.md").read_text(encoding="utf-8")
PYTHON = ".venv/bin/python"
# The tests run in what `make setup` has made: of it they ask the plan alone.
INSTEAD = {"make setup": "make --dry-run setup"}


def commands(heading: str) -> list[str]:
    """The lines of the fenced blocks under a heading, in order."""
    part = GUIDE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def typed(line: str) -> str:
    """What the test's shell is given for a line of the guide."""
    line = INSTEAD.get(line, line).replace(PYTHON, shlex.quote(sys.executable))
    walls = "" if CONFINED else " --unconfined"
    return line + walls if " grade " in line else line


@pytest.fixture(scope="module")
def walked(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """`~/class` after the walk, and what each command said; each has to succeed."""
    home = tmp_path_factory.mktemp("home")
    env = {**os.environ, "HOME": str(home), "ALEXNET_OFFLINE": "1"}
    said = {}
    for line in commands("From Friday to Monday"):
        done = subprocess.run(
            ["bash", "-c", typed(line)],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        said[line] = done.stdout
        if line.startswith("rm -r "):  # what it throws away is read from `said`
            left = sorted(path.name for path in (home / "class").iterdir())
            assert left == ["secret.txt", "slides", "students.txt"]
    return home / "class", said


def answer_to(said: dict[str, str], words: str) -> str:
    """What the one command with these words said."""
    (line,) = [line for line in said if words in line]
    return said[line]


def test_the_walk_is_the_whole_way():
    lines = commands("From Friday to Monday")
    steps = ["make setup", "doctor", "slides", "--new-secret", "assign 1", "grade 1"]
    assert [next(i for i, line in enumerate(lines) if s in line) for s in steps] == (
        sorted(next(i for i, line in enumerate(lines) if s in line) for s in steps)
    )
    assert all("~/class" in line for line in lines[2:])


def test_doctor_and_slides_speak(walked):
    folder, said = walked
    assert answer_to(said, "doctor").startswith("python       3.1")
    assert (folder / "slides" / "index.html").is_file()
    decks = sorted(path.name[:2] for path in (folder / "slides").glob("0*.html"))
    assert decks == [f"{number:02}" for number in range(9)]


def test_the_table_is_as_the_guide_says(walked):
    _, said = walked
    table = list(csv.DictReader(answer_to(said, "marks.csv").splitlines()))
    points = {row["student"]: (row["status"], row["by_program"]) for row in table}
    assert points == {
        "ann": ("graded", "18"),
        "bob": ("graded", "0"),
        "cem": ("nothing handed in", "0"),
    }
    assert "Ann has 18 of 18, Bob 0 of 18, Cem *nothing handed in*." in GUIDE
    assert {row["out_of"] for row in table} == {"18"}
    assert {row["by_hand"] for row in table} == {""}


def test_the_columns_are_those_that_the_guide_explains(walked):
    _, said = walked
    header = answer_to(said, "marks.csv").splitlines()[0].split(",")
    part = GUIDE.partition("| column of `marks.csv` |")[2].partition("\n\n")[0]
    explained = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (.+?) \|", part, re.M)))
    assert explained[explained.index("q1") :][:2] == ["q1", "q5"]  # `q1` to `q5`
    assert explained == [name for name in header if name not in ("q2", "q3", "q4")]


def test_the_report_and_the_oral_sheet_can_be_read(walked):
    _, said = walked
    report = answer_to(said, "reports/bob.md")
    assert "Graded: **0 of 18 points** by program; 2 more are given by hand" in report
    assert sum(map(int, re.findall(r"^- 0 of (\d), ", report, re.M))) == 18
    sheet = answer_to(said, "oral/ann.md")
    assert sheet.count("*Listen for*") == 10
    assert "for the teacher only" in sheet


def test_on_monday_everyone_on_the_list_has_a_copy(walked):
    folder, said = walked
    names = re.search(r"printf '(li\.wei.+?)\\n' >", GUIDE)[1].split("\\n")
    copies = [f"assignment_1_{name}.ipynb" for name in names]
    assert answer_to(said, "ls ").split() == copies
    assert (folder / "students.txt").read_text().split() == names


@pytest.mark.parametrize(
    "heading", ["From Friday to Monday", "A room without internet"]
)
def test_every_command_of_the_course_is_one(heading):
    lines = [line for line in commands(heading) if "-m alexnet_lib" in line]
    named = {line.partition("-m alexnet_lib ")[2].split()[0] for line in lines}
    assert named
    for name in sorted(named):
        assert main([name, "--help"]) == 0


def test_the_room_installs_as_the_readme_does():
    """The same three lines, with a folder of wheels in place of an index."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = readme.partition("**Without make**")[2].partition("**Windows**")[0]
    lines = commands("A room without internet")
    offline = [
        line.replace(" --no-index", "").replace(" --find-links ~/class/wheels", "")
        for line in lines
    ]
    plain = [line.strip() for line in block.splitlines() if line.startswith("    ")]
    assert plain
    assert [line for line in plain if line not in offline] == []
