"""What grading writes: a table for the teacher, a page for each student, oral sheets.

Every file is written whole or not at all; the table comes last.
"""

import csv
import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from alexnet_lib.classroom.assignments.parts import Assignment
from alexnet_lib.classroom.grading.marking import Marks

TABLE, REPORTS, ORAL = "marks.csv", "reports", "oral"
BY_HAND = "by_hand"


def write_all(assignment: Assignment, folder: Path, everyone: Sequence[Marks]) -> Path:
    """Write all of it; returns the path of the table.

    Marks that were given by hand in an older table of this folder are kept.
    """
    by_hand = read_by_hand(folder / TABLE)
    for marks in everyone:
        name = f"{marks.student}.md"
        write_text(folder / REPORTS / name, report(assignment, marks))
        if marks.oral:
            write_text(folder / ORAL / name, oral_sheet(assignment, marks))
    write_text(folder / TABLE, table(assignment, everyone, by_hand))
    return folder / TABLE


def write_text(path: Path, text: str) -> None:
    """Replace a file by a whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def read_by_hand(path: Path) -> dict[str, str]:
    """What a person wrote into the column of an older table, by student."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            row["student"]: row[BY_HAND] or ""
            for row in csv.DictReader(file)
            if row.get("student") and BY_HAND in row
        }


def table(
    assignment: Assignment, everyone: Sequence[Marks], by_hand: Mapping[str, str]
) -> str:
    """One row a student: status, points by question, what helps to mark the text."""
    questions = list(everyone[0].parts) if everyone else []
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write(
        [
            *("student", "status", "by_program", "out_of", *questions, BY_HAND),
            *("words", "numbers_of_the_run", "remarks"),
        ]
    )
    for marks in everyone:
        write(
            [
                *(marks.student, marks.status, marks.points, out_of(marks)),
                *(sum(part.points for part in marks.parts[name]) for name in questions),
                by_hand.get(marks.student, ""),
                *(marks.words, " ".join(marks.quoted), " | ".join(marks.remarks)),
            ]
        )
    return text.getvalue()


def out_of(marks: Marks) -> int:
    return sum(mark.part.points for parts in marks.parts.values() for mark in parts)


def report(assignment: Assignment, marks: Marks) -> str:
    """The student's page: points and what each part looked at, never what is right."""
    lines = [
        f"# Assignment {assignment.number} · {assignment.title}: {marks.student}",
        "",
        f"{marks.status.capitalize()}: **{marks.points} of {out_of(marks)} points** by "
        f"program; {assignment.hand_points} more are given by hand for your text.",
        "",
    ]
    for name, parts in marks.parts.items():
        points = sum(part.points for part in parts)
        lines.append(f"## {name}: {points} of {sum(m.part.points for m in parts)}")
        lines += [""]
        for mark in parts:
            trouble = f": {mark.trouble}" if mark.trouble else ""
            lines.append(
                f"- {mark.points} of {mark.part.points}, {mark.part.about}{trouble}"
            )
        lines += [""]
    if marks.words:
        lines += [
            f"Your text has {marks.words} words (at most {assignment.words}); "
            f"{len(marks.quoted)} of its numbers stand in the output of your run.",
            "",
        ]
    if marks.remarks:
        lines += ["Remarks:", "", *(f"- {remark}" for remark in marks.remarks), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def oral_sheet(assignment: Assignment, marks: Marks) -> str:
    """For the teacher's eyes: the text to mark, and ten questions with what to hear."""
    lines = [
        f"# Assignment {assignment.number}, {marks.student}: for the teacher only",
        "",
        f"The text ({marks.words} words; of its run it quotes "
        f"{', '.join(marks.quoted) or 'nothing'}):",
        "",
        *(f"> {line}" for line in (marks.explanation or "(none)").splitlines()),
        "",
    ]
    for number, question in enumerate(marks.oral, start=1):
        lines += [
            f"{number}. {question.ask}",
            f"   *Listen for*: {question.listen_for}",
            "",
        ]
    return "\n".join(lines).rstrip("\n") + "\n"
