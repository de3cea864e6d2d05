"""Keras is an extra: without it notebook 16 says so in one line, and goes on."""

import os
from pathlib import Path

import nbformat
import pytest

from alexnet_lib.architecture.keras_port import MISSING
from alexnet_lib.classroom.build import execute
from alexnet_lib.classroom.solutions import solved, verdicts
from tests.notebooks.conftest import REPOSITORY

pytestmark = pytest.mark.notebooks
HIDE = "import sys\nsys.modules['keras'] = None  # import fails, find_spec gives None\n"


def test_notebook_16_without_keras(tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text(HIDE)
    paths = [str(tmp_path), str(REPOSITORY), os.environ.get("PYTHONPATH", "")]
    env = {
        "ALEXNET_OFFLINE": "1",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
    (path,) = (REPOSITORY / "notebooks").glob("16_*.ipynb")
    nb = execute(solved(nbformat.read(path, as_version=4)), path.stem, env)
    shown = [
        output.text
        for cell in nb.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    ]
    assert sum(MISSING in text for text in shown) == 1
    assert not any("corrected:" in text for text in shown)
    assert verdicts(nb) == ["passed"] * 5
