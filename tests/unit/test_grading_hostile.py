"""Every kind of submission gets the mark it deserves, and none stops the others."""

import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.hand_out import hand_out, read_master
from alexnet_lib.classroom.assignments.master import Copy, file_name, make_copy
from alexnet_lib.classroom.grading.grade import demand_walls, grade
from alexnet_lib.classroom.grading.marking import Marks
from alexnet_lib.classroom.grading.processes import family
from alexnet_lib.classroom.grading.reports import write_all
from alexnet_lib.classroom.grading.sandbox import Limits
from tests.unit.cheats import Listeners, cheats
from tests.unit.handed_in import (
    CONFINED,
    HOSTILE,
    PLANTED,
    PLANTER,
    answer,
    hand_in,
    with_code,
)

SECRET = b"BEGIN SECRET 0123456789 0123456789 END"
LIMITS = Limits(seconds=6, cell_seconds=1, call_seconds=0.5, memory=2**28)
FULL = 18
LATE = "while True:\n    pass" if CONFINED else "1 / 0"
HONEST = {
    "right": FULL,
    "partly": 8,  # q1 and q4
    "blank": 0,
    "stripped": FULL,
    "late_loop": FULL,
    "planter": FULL,
}
CHEATS = ("edited", "spy", "writer", "sockets", "link") if CONFINED else ("edited",)
STUDENTS = (*HONEST, *HOSTILE, *CHEATS, "absent")


@dataclass
class Class:
    """One class, graded once for all tests of this module."""

    marks: dict[str, Marks]
    copies: dict[str, Copy]
    folder: Path
    seconds: float
    heard: list[bytes]
    processes: tuple[list[int], list[int]]  # before and after
    own_disk: bool  # the kernel allows namespaces


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Class:
    folder = tmp_path_factory.mktemp("class")
    assignment = find_assignment(1)
    master = read_master(assignment)
    copies = {name: make_copy(assignment, master, name, SECRET) for name in STUDENTS}
    hand_out(assignment, STUDENTS, SECRET, folder / "made")
    (folder / "secret.txt").write_bytes(SECRET)
    (folder / "precious.txt").write_text("of the teacher")
    (folder / "temporary").mkdir()
    listeners = Listeners(folder / "line") if CONFINED else None
    hand_everything_in(folder, copies, listeners)
    before = family(os.getpid())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPY_TARGET", SECRET.decode())
        patch.setattr(tempfile, "tempdir", str(folder / "temporary"))
        started = time.monotonic()
        everyone, _ = grade(
            assignment,
            folder / "in",
            STUDENTS,
            SECRET,
            limits=LIMITS,
            hidden=[folder / "secret.txt"],
        )
        seconds = time.monotonic() - started
    write_all(assignment, folder / "out", everyone)
    return Class(
        {marks.student: marks for marks in everyone},
        copies,
        folder,
        seconds,
        listeners.heard() if listeners else [],
        (before, family(os.getpid())),
        CONFINED and "a disk" in demand_walls(),
    )


def hand_everything_in(
    folder: Path, copies: dict[str, Copy], listeners: Listeners | None
) -> None:
    handed, assignment = folder / "in", find_assignment(1)
    stripped = json.loads(json.dumps(answer(copies["stripped"])))
    stripped["metadata"] = {}
    for cell in stripped["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    edited = with_code(copies["edited"], "grader.check('q1')")
    for cell in edited.cells:
        if "CHECKS" in cell.source:
            cell["source"] = cell.source.replace("    assert ", "    assert True or ")
    made = {
        "right": answer(copies["right"]),
        "partly": answer(copies["partly"], lambda name: name in ("q1", "q4")),
        "blank": copies["blank"].notebook,
        "stripped": stripped,
        "late_loop": with_code(copies["late_loop"], LATE, solved=True),
        "planter": with_code(copies["planter"], PLANTER, solved=True),
        "edited": edited,
    }
    hostile = {**HOSTILE, **(cheats(folder, listeners) if listeners else {})}
    made |= {name: with_code(copies[name], code) for name, code in hostile.items()}
    for name, nb in made.items():
        hand_in(handed, assignment, name, nb)
    if "link" in copies:
        solution = folder / "made" / "teacher" / "assignment_1_link_solution.ipynb"
        (handed / file_name(assignment, "link")).symlink_to(solution)
    for name in ("json", "numpy", "alexnet_lib", "nbformat", "runner"):
        (handed / f"{name}.py").write_text(PLANTED)


@pytest.mark.parametrize("student", HONEST)
def test_honest_work_is_paid(graded, student):
    marks = graded.marks[student]
    assert (marks.status, marks.points) == ("graded", HONEST[student])


@pytest.mark.parametrize("student", [*HOSTILE, *CHEATS, "absent"])
def test_nobody_gains_a_point_by_force(graded, student):
    assert graded.marks[student].points == 0


STATUSES = {"chameleon": "graded", "absent": "nothing handed in"}
if CONFINED:
    STATUSES |= {
        "loop": "graded",
        "deaf_loop": "out of time",
        "exit": "the notebook ended Python",
        "abort": "the notebook ended Python",
        "flood": "too much output",
        "link": "not readable",
    }


@pytest.mark.parametrize(("student", "status"), STATUSES.items())
def test_the_status_says_how_it_ended(graded, student, status):
    assert graded.marks[student].status == status


def test_all_of_it_takes_under_three_minutes(graded):
    assert graded.seconds < 180


def test_no_answer_is_found_on_the_disk_or_in_a_process(graded):
    if CONFINED:
        assert graded.marks["spy"].explanation == "[]"


def test_nothing_outside_is_written(graded):
    if CONFINED:  # Landlock alone does not govern chmod: the guide says so
        wrote = graded.marks["writer"].explanation
        assert wrote in ("", "" if graded.own_disk else "chmod")
    precious = graded.folder / "precious.txt"
    precious.chmod(0o600)
    assert precious.read_text() == "of the teacher"
    assert not Path(sys.prefix, "written_by_a_student").exists()


def test_nobody_outside_is_spoken_to(graded):
    if CONFINED:  # nor does it govern UDP: it refuses TCP
        said = graded.marks["sockets"].explanation
        assert "SOCK_STREAM" not in said
        assert (said, graded.heard) == ("", []) or not graded.own_disk


def test_no_planted_module_is_imported_out_here(graded):
    assert "PLANTED" not in os.environ
    assert graded.marks["right"].points == FULL


def test_no_process_and_no_file_is_left(graded):
    before, after = graded.processes
    assert set(after) <= set(before)
    assert list((graded.folder / "temporary").iterdir()) == []


def test_an_object_that_equals_everything_is_named(graded):
    troubles = {
        mark.trouble
        for parts in graded.marks["chameleon"].parts.values()
        for mark in parts
    }
    assert "positions gave an object of its own kind, where plain numbers and texts " \
        "count" in troubles  # fmt: skip


def test_no_report_holds_an_answer_or_a_hidden_case(graded):
    for student, copy in graded.copies.items():
        report = (graded.folder / "out" / "reports" / f"{student}.md").read_text()
        for question in copy.questions:
            for part in question.parts:
                for probe in part.probes:
                    assert repr(probe.args) not in report
                    if isinstance(probe.expected, int) and probe.expected > 99:
                        assert str(probe.expected) not in report
        assert SECRET.decode() not in report
        assert copy.own.wrong.mistake not in report


def test_this_machine_has_walls_or_says_that_it_has_none():
    if CONFINED:
        assert "limits on time, memory and files" in demand_walls()
    else:
        with pytest.raises(RuntimeError, match="this machine cannot keep a student's"):
            demand_walls()
