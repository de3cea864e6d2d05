"""The course's broken cells raise what the clinic of notebook 17 says they raise."""

from collections.abc import Iterator

import nbformat
import pytest

from alexnet_lib.classroom.source import tags
from alexnet_lib.learning.checks.broken_cells import CELLS
from tests.notebooks.conftest import NOTEBOOKS

pytestmark = pytest.mark.notebooks
ENOUGH = 15


def raised() -> Iterator[tuple[str, str, str]]:
    """(notebook, error, its message) of each cell that is tagged to raise."""
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            if "raises-exception" in tags(cell):
                [error] = [out for out in cell.outputs if out.output_type == "error"]
                yield path.stem[:2], error.ename, error.evalue


RAISED = list(raised())


def test_there_are_enough_of_them_and_each_is_in_the_clinic():
    assert len(RAISED) >= ENOUGH
    assert [number for number, *_ in RAISED] == [key[:2] for key in CELLS]


@pytest.mark.parametrize("key", CELLS)
def test_the_clinic_quotes_what_the_notebook_shows(key):
    cell = CELLS[key]
    there = [(error, text) for number, error, text in RAISED if number == key[:2]]
    quoted = [error for error, text in there if cell.message in text]
    assert quoted == [cell.error]
