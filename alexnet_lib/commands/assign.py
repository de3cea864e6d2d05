"""`assign`: make every student's own copy of a graded assignment."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.hand_out import STUDENTS, TEACHER, hand_out
from alexnet_lib.classroom.assignments.roster import read_roster
from alexnet_lib.classroom.assignments.secret import new_secret, read_secret
from alexnet_lib.classroom.build import check_tools

HELP = "for teachers: make each student's own copy of a graded assignment"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "number", nargs="?", type=int, help="which assignment, such as 1"
    )
    parser.add_argument(
        "--students", type=Path, metavar="FILE", help="the names, one a line"
    )
    parser.add_argument(
        "--secret", type=Path, metavar="FILE", help="the secret, outside the repository"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="where students/ and teacher/ go"
    )
    parser.add_argument(
        "--new-secret", type=Path, metavar="FILE", help="write a new secret, and stop"
    )


def run(args: Namespace) -> dict[str, Any]:
    """Write the copies and solutions, or a new secret."""
    if args.new_secret:
        new_secret(args.new_secret)
        return {"secret": str(args.new_secret)}
    missing = [
        name
        for name in ("number", "students", "secret", "out")
        if getattr(args, name) is None
    ]
    if missing:
        raise ValueError(
            f"assign needs {' and '.join(missing)}: such as `assign 1 --students "
            f"students.txt --secret FILE --out DIR`"
        )
    check_tools()
    assignment = find_assignment(args.number)
    secret = read_secret(args.secret)
    students = read_roster(args.students)
    written = hand_out(assignment, students, secret, args.out)
    return {
        "assignment": assignment.number,
        "students": str(args.out / STUDENTS),
        "teacher": str(args.out / TEACHER),
        "copies": [path.name for path in written],
    }


def render(result: dict[str, Any]) -> str:
    if "secret" in result:
        return (
            f"{result['secret']}: keep it as long as the course runs, and show it to "
            f"nobody; without it the copies cannot be graded"
        )
    return (
        f"{len(result['copies'])} copies in {result['students']}, to hand out; "
        f"solutions in {result['teacher']}, to keep"
    )
