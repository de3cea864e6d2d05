"""`grade`: grade what the students handed in, each in a sandbox of its own."""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.roster import read_roster
from alexnet_lib.classroom.assignments.secret import read_secret
from alexnet_lib.classroom.build import check_tools
from alexnet_lib.classroom.grading.grade import demand_walls, grade
from alexnet_lib.classroom.grading.reports import out_of, write_all
from alexnet_lib.classroom.grading.sandbox import Limits

HELP = "for teachers: grade a folder of handed-in notebooks, each in a sandbox"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("number", type=int, help="which assignment, such as 1")
    parser.add_argument("folder", type=Path, help="the notebooks that were handed in")
    parser.add_argument(
        "--students", type=Path, metavar="FILE", required=True, help="as in assign"
    )
    parser.add_argument(
        "--secret", type=Path, metavar="FILE", required=True, help="as in assign"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", required=True, help="where the marks go"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=Limits.seconds,
        help="for one submission (default: %(default)s); a cell gets a sixth of it",
    )
    parser.add_argument(
        "--unconfined",
        action="store_true",
        help="grade although students' code can read what you can",
    )


def run(args: Namespace) -> dict[str, Any]:
    """Grade everybody, then write the table, the reports and the oral sheets."""
    check_tools()
    assignment = find_assignment(args.number)
    secret = read_secret(args.secret)
    students = read_roster(args.students)
    if not 0 < args.seconds < 86_400:
        raise ValueError(f"--seconds is {args.seconds:g}: more than 0, under a day")
    sandbox = "none: your files are open to students' code"
    if not args.unconfined:
        sandbox = demand_walls()
    limits = replace(
        Limits(),
        seconds=args.seconds,
        cell_seconds=args.seconds / 6,
        call_seconds=min(Limits.call_seconds, args.seconds / 6),
        memory=assignment.memory,
    )
    bar = tqdm(total=len(students), disable=None, unit="student", file=sys.stdout)
    with bar:
        everyone, found = grade(
            assignment,
            args.folder,
            students,
            secret,
            limits=limits,
            hidden=[args.secret, args.students, args.out],
            tell=lambda marks: bar.update(),
        )
    table = write_all(assignment, args.out, everyone)
    return {
        "table": str(table),
        "sandbox": sandbox,
        "remarks": found.remarks,
        "marks": [
            {
                "student": marks.student,
                "status": marks.status,
                "points": marks.points,
                "out_of": out_of(marks),
            }
            for marks in everyone
        ],
    }


def render(result: dict[str, Any]) -> str:
    lines = [
        f"{entry['student']:<24}{entry['points']:>3} of {entry['out_of']}  "
        f"{entry['status']}"
        for entry in result["marks"]
    ]
    return "\n".join(
        [*lines, *result["remarks"], f"sandbox: {result['sandbox']}", result["table"]]
    )
