"""Which parts of an assignment are lost: a solved copy, spoilt by some code of ours.

The probes are those of the grader; here they are asked in this process, since the code
is our own. What the grader itself does with a copy is tested in `test_grading_walk`.
"""

import json
from functools import cache
from typing import Any

from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.hand_out import read_master
from alexnet_lib.classroom.assignments.master import Copy, make_copy
from alexnet_lib.classroom.assignments.parts import Probe
from alexnet_lib.classroom.grading.marking import NOTHING, _entry
from alexnet_lib.classroom.grading.runner import plain
from alexnet_lib.classroom.solutions import exercises
from alexnet_lib.classroom.source import tags

SECRET = b"a secret of the teacher, for tests only"


@cache
def copy_of(number: int, student: str) -> Copy:
    assignment = find_assignment(number)
    return make_copy(assignment, read_master(assignment), student, SECRET)


def names_of(copy: Copy) -> dict[str, Any]:
    """The names of a kernel that has run the given cells and the solutions."""
    names: dict[str, Any] = {}
    for cell in copy.notebook.cells:
        if cell.cell_type == "code" and not tags(cell):
            exec(cell.source, names)
    for exercise in exercises(copy.solution):
        exec(exercise.code, names)
    return names


def lost(copy: Copy, code: str = "") -> set[str]:
    """The parts, such as "q1.2", that a solved copy loses by this code at its end."""
    names = names_of(copy)
    exec(code, names)
    return {
        f"{question.name}.{place}"
        for question in copy.questions
        for place, part in enumerate(question.parts, start=1)
        if not all(_right(probe, names) for probe in part.probes)
    }


def _right(probe: Probe, names: dict[str, Any]) -> bool:
    try:
        value = names[probe.target]
        if probe.args is not None:
            value = value(*json.loads(json.dumps(probe.args)))
        answer = _entry(plain(value), probe.key)
    except Exception:
        return False
    return (
        answer is not None
        and answer is not NOTHING
        and probe.same(answer, probe.expected)
    )
