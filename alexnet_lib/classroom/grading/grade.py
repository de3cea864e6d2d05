"""Grade a folder of submissions, one after the other; no submission stops the rest."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from alexnet_lib.classroom.assignments.hand_out import read_master
from alexnet_lib.classroom.assignments.master import make_copy
from alexnet_lib.classroom.assignments.parts import Assignment
from alexnet_lib.classroom.grading import sandbox
from alexnet_lib.classroom.grading.marking import Marks, mark, mark_nothing
from alexnet_lib.classroom.grading.sandbox import Limits
from alexnet_lib.classroom.grading.submissions import Found, find

NOT_CONFINED = (
    "this machine cannot keep a student's code from your files ({reasons}): grade on "
    "Linux, or in a virtual machine that holds nothing else, or add --unconfined"
)


def demand_walls() -> str:
    """What confines students' code here, in words; RuntimeError when nothing does."""
    outcome = sandbox.run(["wall = 1"], [("wall", None)])
    if outcome.values.get(0) != 1:
        raise RuntimeError(
            f"the sandbox does not start on this machine ({outcome.ended}; "
            f"{', '.join(outcome.reasons) or 'no reason known'}): report this"
        )
    found = walls(outcome)
    if not outcome.walls.get("namespaces") and not outcome.walls.get("landlock"):
        reasons = ", ".join(outcome.reasons) or "it is not Linux"
        raise RuntimeError(NOT_CONFINED.format(reasons=reasons))
    return found


def walls(outcome: sandbox.Outcome) -> str:
    """The walls that stood around a child, in words."""
    said = []
    if outcome.walls.get("namespaces"):
        said.append("a disk, processes and a network of its own")
    if version := outcome.walls.get("landlock"):
        network = ", no TCP" if version >= 4 else ", but the network is open"
        alone = "" if outcome.walls.get("namespaces") else network
        said.append(f"Landlock {version}{alone}")
    if outcome.walls.get("limits"):
        said.append("limits on time, memory and files")
    return "; ".join(said) or "a limit on time only"


def grade(
    assignment: Assignment,
    folder: Path,
    students: Sequence[str],
    secret: bytes,
    *,
    limits: Limits | None = None,
    hidden: Sequence[Path] = (),
    tell: Callable[[Marks], None] = lambda marks: None,
) -> tuple[list[Marks], Found]:
    """The marks of everyone on the list, in its order, and what was found besides.

    `hidden` are paths that no student's code may read; the folder is one of them.
    """
    found = find(folder, assignment.number, students)
    master = read_master(assignment)
    limits = limits or replace(Limits(), memory=assignment.memory)
    everyone = []
    for student in students:
        copy = make_copy(assignment, master, student, secret)
        path = found.files.get(student)
        if path is None:
            status = found.statuses.get(student, "nothing handed in")
            marks = mark_nothing(copy, status)
        else:
            try:
                marks = mark(assignment, copy, path, limits, [folder, *hidden])
            except Exception as error:  # a fault of ours must not stop the others
                kind = type(error).__name__
                marks = mark_nothing(copy, f"could not be graded ({kind})")
        everyone.append(marks)
        tell(marks)
    return everyone, found
