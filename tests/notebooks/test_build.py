"""Building a notebook: the same bytes twice, and clear words when it fails."""

import os
from pathlib import Path

import nbformat
import pytest

from alexnet_lib.classroom import build as building
from alexnet_lib.classroom.build import BuildError, build, execute
from alexnet_lib.classroom.source import parse_source

pytestmark = pytest.mark.notebooks
TITLE = "# %% [markdown]\n# # 98 · A title?\n\n# %%\n"


def built(tmp_path: Path, code: str) -> nbformat.NotebookNode:
    source = tmp_path / "98_tiny.py"
    source.write_text(TITLE + code)
    build(source, tmp_path / "98_tiny.ipynb")
    return nbformat.read(tmp_path / "98_tiny.ipynb", as_version=4)


def test_a_rebuild_gives_the_same_bytes(clean: Path, tmp_path: Path):
    again = tmp_path / clean.name
    build(clean.parent / "source" / f"{clean.stem}.py", again)
    assert again.read_bytes() == clean.read_bytes()


def test_a_failing_cell_is_named_and_the_old_notebook_stays(tmp_path: Path):
    old = tmp_path / "98_tiny.ipynb"
    old.write_text("old")
    with pytest.raises(BuildError) as caught:
        built(tmp_path, "print('x')\n\n# %%\n1 / 0")
    message = "98_tiny: cell 3 (1 / 0) failed with ZeroDivisionError: division by zero"
    assert str(caught.value) == message
    assert old.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "98_tiny.ipynb",
        "98_tiny.py",
    ]


def test_stderr_is_refused_with_its_text(tmp_path: Path):
    code = "import sys\nprint('low battery', file=sys.stderr)"
    with pytest.raises(
        BuildError, match=r"cell 2 \(import sys\) wrote to stderr: 'low"
    ):
        built(tmp_path, code)


def test_a_cell_without_end_is_stopped(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(building, "CELL_SECONDS", 2)
    with pytest.raises(BuildError, match=r"cell 2 \(while True: pass\) .* a time-out"):
        built(tmp_path, "while True: pass")


def test_the_kernel_is_alone_and_leaves_no_trace(tmp_path: Path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALEXNET_DATA", "data")
    code = (
        "import os\nprint(os.listdir())\nprint(os.environ['ALEXNET_DATA'])\n"
        "from alexnet_lib.learning import progress\nprogress.write('a', 'b', 1)\n"
        "import matplotlib\nprint(matplotlib.get_backend().endswith('inline'))"
    )
    text = built(tmp_path, code).cells[2].outputs[0].text
    assert text.splitlines() == ["[]", "data", "True"]
    assert not Path(os.environ["ALEXNET_PROGRESS"]).exists()


def test_what_is_added_to_the_environment_is_seen():
    nb = parse_source(TITLE + "import os; print(os.environ['ALEXNET_OFFLINE'])")
    nb = execute(nb, "98_tiny", {"ALEXNET_OFFLINE": "yes"})
    assert nb.cells[2].outputs[0].text == "yes\n"
