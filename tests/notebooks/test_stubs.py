"""As the reader gets them: every check says todo, and nothing raises."""

from pathlib import Path

import nbformat
import pytest

from alexnet_lib.classroom.build import BuildError, execute
from alexnet_lib.classroom.solutions import as_given, exercises, solved, verdicts

pytestmark = pytest.mark.notebooks
OFFLINE = {"ALEXNET_OFFLINE": "1"}


def test_stubs_say_todo(committed: Path):
    nb = nbformat.read(committed, as_version=4)
    shown = verdicts(execute(as_given(nb), committed.stem, OFFLINE))
    assert shown == ["todo"] * len(exercises(nb))


def test_as_given_keeps_set_up_stubs_and_checks(clean: Path):
    nb = as_given(nbformat.read(clean, as_version=4))
    assert [cell.cell_type for cell in nb.cells[1:]] == ["code"] * 5
    assert verdicts(execute(nb, "clean", OFFLINE)) == ["todo"]


def test_a_stub_that_is_solved_already_is_seen(clean: Path):
    solution = solved(nbformat.read(clean, as_version=4))
    nb = as_given(solution)
    assert verdicts(execute(nb, "clean", OFFLINE)) == ["passed"]


def test_a_stub_that_needs_a_later_cell_is_seen(clean: Path):
    nb = as_given(nbformat.read(clean, as_version=4))
    nb.cells[-1].source = "check_double(triple)"
    with pytest.raises(BuildError, match=r"check_double.* failed with NameError: name"):
        execute(nb, "clean", OFFLINE)
