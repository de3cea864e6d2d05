"""The teacher's way: hand out, get back, grade, read the table and the reports."""

import csv
import json
import os
from pathlib import Path

import pytest

from alexnet_lib.__main__ import main
from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.hand_out import read_master
from alexnet_lib.classroom.assignments.master import Copy, make_copy
from alexnet_lib.classroom.assignments.secret import read_secret
from tests.unit.handed_in import CONFINED, answer, hand_in

STUDENTS = ("ann", "bob", "cem", "dana")
RUN = (
    "share of       multiply-adds   time of 1   time of 16\nfc4    3.1%  20.4%  9.0%\n"
)
EXPLANATION = 'explanation = """fc4 does 3.1 % of the work in 20.4 % of the time."""'


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A teacher's folder with a list, a secret and the copies of assignment 1."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "students.txt").write_text("ann\nbob  # repeats\n\ncem\ndana\n")
    assert main(["assign", "--new-secret", str(folder / "secret.txt")]) == 0
    assert main(["assign", "1", *given(folder), "--out", str(folder / "made")]) == 0
    return folder


def given(folder: Path) -> list[str]:
    return [
        *("--students", str(folder / "students.txt")),
        *("--secret", str(folder / "secret.txt")),
    ]


def call_grade(folder: Path, handed: Path, *more: str) -> list[str]:
    out = str(folder / "marks")
    walls = () if CONFINED else ("--unconfined",)
    return ["grade", "1", str(handed), *given(folder), "--out", out, *walls, *more]


def copy_of(desk: Path, student: str) -> Copy:
    secret = read_secret(desk / "secret.txt")
    assignment = find_assignment(1)
    return make_copy(assignment, read_master(assignment), student, secret)


def refused(capsys: pytest.CaptureFixture, argv: list[str]) -> str:
    """Exit status 2 and one line on stderr: that line."""
    capsys.readouterr()
    assert main(argv) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    return captured.err.rstrip("\n")


@pytest.fixture(scope="module")
def graded(desk) -> tuple[Path, dict]:
    """Three students handed in: solved, partly and blank; the command graded them."""
    assignment, handed = find_assignment(1), desk / "in"
    solved = answer(copy_of(desk, "ann"))
    for cell in solved.cells:
        if "seconds_of_layers(16)" in cell.source:
            output = {"output_type": "stream", "name": "stdout", "text": RUN}
            cell["outputs"] = [output]
        if "explanation" in cell.source and "exercise" in cell.metadata["tags"]:
            cell["source"] = EXPLANATION
    hand_in(handed, assignment, "ann", solved)
    partly = answer(copy_of(desk, "bob"), lambda name: name in ("q1", "q3"))
    hand_in(handed / "late", assignment, "bob", partly)
    blank = (desk / "made" / "students" / "assignment_1_cem.ipynb").read_text()
    hand_in(handed, assignment, "cem", blank)
    assert main(call_grade(desk, handed)) == 0
    lines = (desk / "marks" / "marks.csv").read_text().splitlines()
    return desk, {row["student"]: row for row in csv.DictReader(lines)}


def test_the_copies_are_there(desk):
    made = sorted(path.name for path in (desk / "made" / "students").iterdir())
    assert made == [f"assignment_1_{name}.ipynb" for name in STUDENTS]
    open_to_all = 0o077 if os.name == "posix" else 0
    assert (desk / "secret.txt").stat().st_mode & open_to_all == 0


def test_the_table_has_everyones_marks(graded):
    _, rows = graded
    assert list(rows) == list(STUDENTS)
    points = {name: row["by_program"] for name, row in rows.items()}
    assert points == {"ann": "18", "bob": "8", "cem": "0", "dana": "0"}
    assert rows["bob"]["q1"] == rows["bob"]["q3"] == "4"
    assert [rows["bob"][name] for name in ("q2", "q4", "q5")] == ["0", "0", "0"]
    statuses = [row["status"] for row in rows.values()]
    assert statuses == ["graded", "graded", "graded", "nothing handed in"]
    assert {row["out_of"] for row in rows.values()} == {"18"}
    assert rows["ann"]["words"] == "13"
    assert rows["ann"]["numbers_of_the_run"] == "3.1 20.4"


def test_the_report_says_what_was_looked_at_and_not_what_is_right(graded):
    desk, _ = graded
    report = (desk / "marks" / "reports" / "bob.md").read_text()
    assert "Graded: **8 of 18 points** by program; 2 more are given by hand" in report
    assert "- 1 of 1, windows over a padded row\n" in report
    assert "- 0 of 1, how many pictures fit: still open" in report
    parameters, work = copy_of(desk, "bob").own.wrong.right
    assert str(parameters) not in report
    assert str(work) not in report
    absent = (desk / "marks" / "reports" / "dana.md").read_text()
    assert "Nothing handed in: **0 of 18 points**" in absent


def test_the_oral_sheet_is_made_from_the_submission(graded):
    desk, _ = graded
    sheet = (desk / "marks" / "oral" / "ann.md").read_text()
    assert sheet.count("*Listen for*") == 10
    assert "> fc4 does 3.1 % of the work in 20.4 % of the time." in sheet
    assert "You quote 3.1, 20.4. Show it in the output." in sheet
    assert not (desk / "marks" / "oral" / "dana.md").exists()


def test_marks_by_hand_survive_another_grading(graded, capsys):
    desk, _ = graded
    table = desk / "marks" / "marks.csv"
    text = table.read_text()
    table.write_text(
        text.replace("ann,graded,18,18,4,3,4,4,3,,", "ann,graded,18,18,4,3,4,4,3,2,")
    )
    assert table.read_text() != text
    (desk / "in" / "assignment_1_dana.ipynb").write_text("not a notebook")
    assert main(call_grade(desk, desk / "in", "--json")) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [entry["points"] for entry in result["marks"]] == [18, 8, 0, 0]
    assert result["marks"][3]["status"] == "not readable"
    assert ("limits on time" if CONFINED else "none: your") in result["sandbox"]
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert rows[0]["by_hand"] == "2"
    assert rows[3]["remarks"] == (
        "assignment_1_dana.ipynb: it is not a notebook that can be read: open it in "
        "JupyterLab, save it as .ipynb and hand it in again"
    )
    (desk / "in" / "assignment_1_dana.ipynb").unlink()


def test_two_submissions_and_a_stranger_are_named_and_stop_nobody(desk, capsys):
    assignment, handed = find_assignment(1), desk / "odd"
    cem = answer(copy_of(desk, "cem"), lambda name: name == "q2")
    hand_in(handed, assignment, "cem", cem)
    hand_in(handed, assignment, "ann", "{}")
    hand_in(handed, assignment, "ann (1)", "{}")
    hand_in(handed, assignment, "zoe", "{}")
    assert main(call_grade(desk, handed, "--json")) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["remarks"] == [
        "assignment_1_zoe.ipynb: no student of the list is called 'zoe': rename the "
        "file, or add the student; it was not graded",
        "ann handed in 2 notebooks, assignment_1_ann (1).ipynb and "
        "assignment_1_ann.ipynb: keep one and grade again; none was graded",
    ]
    found = {entry["student"]: entry for entry in result["marks"]}
    assert found["ann"]["status"] == "two submissions"
    assert found["cem"]["points"] == 0  # q2 is solved with q1's function
    assert found["cem"]["status"] == "graded"


def test_an_empty_folder_is_refused(desk, capsys):
    empty = desk / "empty"
    empty.mkdir()
    assert refused(capsys, call_grade(desk, empty)) == (
        f"no notebook in {empty}: put what the students handed in there, one "
        f"assignment_1_NAME.ipynb each"
    )
    gone = desk / "gone"
    line = refused(capsys, call_grade(desk, gone))
    assert line == f"there is no folder {gone}: name the one to grade"


def test_the_folder_of_the_submissions_is_no_place_to_stand(
    desk, capsys, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    line = refused(capsys, call_grade(desk, tmp_path))
    assert line.startswith(
        f"you are inside {tmp_path}, where a student's json.py would"
    )
    assert line.endswith("go to another folder, and call this again")


def test_a_secret_that_is_missing_short_or_inside_is_refused(desk, capsys, tmp_path):
    def line(secret: Path) -> str:
        students = str(desk / "students.txt")
        argv = ["assign", "1", "--students", students, "--secret", str(secret)]
        return refused(capsys, [*argv, "--out", str(tmp_path)])

    remedy = "make one with `python -m alexnet_lib assign --new-secret FILE`"
    gone = tmp_path / "gone.txt"
    assert line(gone) == f"there is no secret file {gone}: {remedy}"
    short = tmp_path / "short.txt"
    short.write_text("12345")
    assert (
        line(short) == f"the secret in {short} has 5 characters and needs 32: {remedy}"
    )
    inside = Path(__file__).with_name("secret.txt")
    message = (
        f"the secret file {inside} lies inside the repository, which students read"
    )
    assert line(inside).startswith(message)
    assert refused(capsys, ["assign", "--new-secret", str(inside)]).startswith(message)
    assert not inside.exists()
    taken = refused(capsys, ["assign", "--new-secret", str(short)])
    assert taken.startswith(f"{short} is there already, and copies may hang on it")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (None, "there is no list of students {}: write one name a line into it"),
        ("# nobody\n", "{} names no student: write one name a line into it"),
        ("ann\n../eve\n", "{}: '../eve' cannot be part of a file name: use letters"),
        ("ann\nAnn\n", "{} names 'ann' and 'Ann', which are one: rename the second"),
        ("=cmd()\n", "{}: '=cmd()' cannot be part of a file name: use letters"),
    ],
)
def test_a_bad_list_is_refused(desk, capsys, tmp_path, names, message):
    students = tmp_path / "list.txt"
    if names is not None:
        students.write_text(names)
    argv = ["assign", "1", "--students", str(students), "--out", str(tmp_path)]
    line = refused(capsys, [*argv, "--secret", str(desk / "secret.txt")])
    assert line.startswith(message.format(students))


def test_what_assign_needs_is_named(capsys):
    assert refused(capsys, ["assign", "1", "--out", "x"]) == (
        "assign needs students and secret: such as `assign 1 --students students.txt "
        "--secret FILE --out DIR`"
    )


def test_a_time_of_nothing_is_refused(desk, capsys):
    line = refused(capsys, call_grade(desk, desk / "in", "--seconds", "0"))
    assert line == "--seconds is 0: more than 0, under a day"
