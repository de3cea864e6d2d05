"""Without data and network the course goes on with its stand-in, and says so."""

from pathlib import Path

import nbformat
import pytest

from alexnet_lib.classroom.build import execute

pytestmark = pytest.mark.notebooks


def test_runs_with_the_stand_in(data_notebook: Path, tmp_path: Path):
    nb = nbformat.read(data_notebook, as_version=4)
    env = {"ALEXNET_DATA": str(tmp_path), "ALEXNET_OFFLINE": "1"}
    nb = execute(nb, data_notebook.stem, env)
    shown = str([cell.get("outputs") for cell in nb.cells])
    assert "stand-in" in shown
