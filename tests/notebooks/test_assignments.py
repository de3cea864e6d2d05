"""The copies of an assignment in a real kernel: as handed out, then solved."""

import pytest

from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.hand_out import read_master
from alexnet_lib.classroom.assignments.master import make_copy
from alexnet_lib.classroom.build import execute
from alexnet_lib.classroom.source import tags

pytestmark = [pytest.mark.notebooks, pytest.mark.needs_extra("otter")]

SECRET = b"a secret of the teacher, for tests only"


@pytest.fixture(scope="module", params=[1, 2, 3, 4, 5])
def copy(request):
    assignment = find_assignment(request.param)
    return make_copy(assignment, read_master(assignment), "ann", SECRET)


def shown(nb, tag: str) -> list[str]:
    """What the cells of a tag displayed, as plain text."""
    texts = []
    for cell in nb.cells:
        if tag in tags(cell) and cell.cell_type == "code":
            outputs = [o.get("data", {}).get("text/plain", "") for o in cell.outputs]
            outputs += [o.get("text", "") for o in cell.outputs]
            texts.append("".join(outputs))
    return texts


def test_the_copy_runs_to_its_end_and_its_solution_passes(copy):
    """One kernel for both: as handed out first, then the exercises solved."""
    nb = copy.notebook.copy()
    solved = [c for c in copy.solution.cells if {"exercise", "check"} & set(tags(c))]
    nb.cells = [*nb.cells, *solved]
    nb = execute(nb, "assignment")
    verdicts = shown(nb, "check")
    assert len(verdicts) == 14
    assert all("Test case failed" in text for text in verdicts[:7])
    assert all("All test cases passed!" in text for text in verdicts[7:])
    assert shown(nb, "run")[-1].count("\n") >= 4, "the run printed its table"
