"""Make the copies of a class: one notebook for each student, one solution beside it."""

from collections.abc import Iterable
from pathlib import Path

from alexnet_lib import runtime
from alexnet_lib.classroom.assignments.master import file_name, make_copy
from alexnet_lib.classroom.assignments.parts import Assignment
from alexnet_lib.classroom.build import write

STUDENTS, TEACHER = "students", "teacher"


def read_master(assignment: Assignment) -> str:
    """The text of the master; FileNotFoundError outside a checkout."""
    root = runtime.checkout()
    path = (root or runtime.PACKAGE) / "notebooks" / "assignments" / assignment.source
    if not path.is_file():
        raise FileNotFoundError(
            "the assignments are in the course's repository: clone it, and run this "
            "there"
        )
    return path.read_text(encoding="utf-8")


def hand_out(
    assignment: Assignment, students: Iterable[str], secret: bytes, folder: Path
) -> list[Path]:
    """Write the copies and solutions into two folders; returns the students' files.

    The same secret gives the same files, so a second call changes nothing.
    """
    master, written = read_master(assignment), []
    for student in students:
        made = make_copy(assignment, master, student, secret)
        name = file_name(assignment, student)
        write(made.notebook, folder / STUDENTS / name)
        solution = name.replace(".ipynb", "_solution.ipynb")
        write(made.solution, folder / TEACHER / solution)
        written.append(folder / STUDENTS / name)
    return written
