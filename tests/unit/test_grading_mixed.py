"""Two assignments of one class: one secret, one folder of notebooks, two tables."""

import csv
import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from alexnet_lib.__main__ import main
from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.hand_out import read_master
from alexnet_lib.classroom.assignments.master import Copy, make_copy
from alexnet_lib.classroom.assignments.secret import read_secret
from tests.unit.handed_in import CONFINED, answer, hand_in

STUDENTS = ("ann", "bob", "cem")
NUMBERS = (1, 5)
PARTLY = {1: ("q1", "q3"), 5: ("q1", "q4")}  # what bob has solved
RUN = """\
named rightly: 94.9% of 256
part     size, start   size, now   cosine with start   answers that change
seen           0.749       2.066              0.3327                   243
unseen         1.149       0.630              1.0000                     0
"""
TEXT = 'explanation = """Noise where windows see changes 243 answers; 0.630 is left."""'


class Desk:
    """A teacher's folder: list, secret, copies, what came back and the tables."""

    def __init__(self, folder: Path):
        self.folder, self.handed = folder, folder / "in"
        self.given = [
            *("--students", str(folder / "students.txt")),
            *("--secret", str(folder / "secret.txt")),
        ]

    def copy(self, number: int, student: str) -> Copy:
        assignment, secret = find_assignment(number), self.folder / "secret.txt"
        master = read_master(assignment)
        return make_copy(assignment, master, student, read_secret(secret))

    def grade(self, number: int) -> list[str]:
        out = ["--out", str(self.folder / f"marks_{number}"), "--json"]
        walls = [] if CONFINED else ["--unconfined"]
        return ["grade", str(number), str(self.handed), *self.given, *out, *walls]

    def rows(self, number: int) -> dict[str, dict[str, str]]:
        lines = (self.folder / f"marks_{number}" / "marks.csv").read_text().splitlines()
        return {row["student"]: row for row in csv.DictReader(lines)}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Handed out, handed in: all of it, some of it, and one under the wrong name."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    (desk.folder / "students.txt").write_text("\n".join(STUDENTS))
    assert main(["assign", "--new-secret", str(desk.folder / "secret.txt")]) == 0
    for number in NUMBERS:
        out = ["--out", str(desk.folder / f"made_{number}")]
        assert main(["assign", str(number), *desk.given, *out]) == 0
        assignment = find_assignment(number)
        hand_in(desk.handed, assignment, "ann", solved(desk.copy(number, "ann")))
        some = answer(desk.copy(number, "bob"), lambda q, n=number: q in PARTLY[n])
        hand_in(desk.handed / "late", assignment, "bob", some)
    looking = answer(desk.copy(5, "cem"))
    hand_in(desk.handed, find_assignment(1), "cem", looking)
    return desk


def solved(copy: Copy):
    """As it is handed in: with the output of the run, and a text that quotes it."""
    nb = answer(copy)
    for cell in nb.cells:
        if "answers that change" in cell.source and cell.cell_type == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": RUN}]
        if "explanation" in cell.source and "exercise" in cell.metadata.get("tags", []):
            cell["source"] = TEXT
    return nb


@pytest.fixture(scope="module")
def results(desk) -> dict[int, dict]:
    """What the command says of each assignment."""
    said = {}
    for number in NUMBERS:
        with redirect_stdout(StringIO()) as out:
            assert main(desk.grade(number)) == 0
        said[number] = json.loads(out.getvalue().splitlines()[-1])
    return said


def test_each_student_has_two_copies_of_their_own(desk):
    made = sorted(path.name for path in desk.folder.glob("made_*/students/*.ipynb"))
    assert made == [
        f"assignment_{n}_{name}.ipynb" for n in NUMBERS for name in STUDENTS
    ]
    prints = {desk.copy(n, name).fingerprint for n in NUMBERS for name in STUDENTS}
    assert len(prints) == 6


def test_each_table_has_the_points_of_its_own_assignment(desk, results):
    points = {
        number: {name: row["by_program"] for name, row in desk.rows(number).items()}
        for number in NUMBERS
    }
    assert points == {
        1: {"ann": "18", "bob": "8", "cem": "0"},
        5: {"ann": "18", "bob": "8", "cem": "0"},
    }
    columns = {
        number: [desk.rows(number)["bob"][f"q{q}"] for q in range(1, 6)]
        for number in NUMBERS
    }
    assert columns == {1: ["4", "0", "4", "0", "0"], 5: ["4", "0", "0", "4", "0"]}
    for number in NUMBERS:
        marks = results[number]["marks"]
        assert [entry["points"] for entry in marks] == [18, 8, 0]
        assert {row["out_of"] for row in desk.rows(number).values()} == {"18"}


def test_the_numbers_of_the_run_are_found_in_its_output(desk, results):
    row = desk.rows(5)["ann"]
    assert row["numbers_of_the_run"] == "243 0.630"
    assert (row["words"], row["by_hand"], row["remarks"]) == ("10", "", "")
    sheet = (desk.folder / "marks_5" / "oral" / "ann.md").read_text()
    assert sheet.count("*Listen for*") == 10
    assert "you quote 243, 0.630. Show it in the output." in sheet


def test_the_other_assignments_files_are_named_and_left_alone(desk, results):
    line = "assignment_5_ann.ipynb: no student of the list is called 'assignment_5_ann'"
    assert results[1]["remarks"][0].startswith(line)
    assert len(results[1]["remarks"]) == 2
    assert len(results[5]["remarks"]) == 3
    assert desk.rows(5)["cem"]["status"] == "nothing handed in"


def test_a_notebook_under_the_wrong_name_earns_nothing_and_says_why(desk, results):
    row = desk.rows(1)["cem"]
    assert row["status"] == "graded"
    mine = desk.copy(1, "cem").fingerprint
    assert row["remarks"].startswith(
        f"this notebook does not say that it is your copy {mine}: was it made from"
    )


def test_the_report_of_looking_inside_holds_no_answer(desk, results):
    report = (desk.folder / "marks_5" / "reports" / "bob.md").read_text()
    assert "Graded: **8 of 18 points** by program" in report
    assert "- 1 of 1, networks whose layers work in place\n" in report
    assert "- 0 of 1, which mistake is in the posted map: still open" in report
    assert "- 0 of 1, what your unit sees of the picture: still open" in report
    own = desk.copy(5, "bob").own
    for secret in (own.map.mistake, f"{own.map.strongest[2]:.1f}", str(own.unit.rows)):
        assert secret not in report


def test_marks_by_hand_stay_with_their_assignment(desk, results, capsys):
    table = desk.folder / "marks_5" / "marks.csv"
    text = table.read_text()
    points = "ann,graded,18,18,4,3,4,4,3,"
    table.write_text(text.replace(f"{points},", f"{points}2,"))
    assert table.read_text() != text
    assert main(desk.grade(5)) == 0
    capsys.readouterr()
    assert desk.rows(5)["ann"]["by_hand"] == "2"
    assert desk.rows(1)["ann"]["by_hand"] == ""
