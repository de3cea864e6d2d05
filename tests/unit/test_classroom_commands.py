"""The commands `notebooks --check` and `copies`, on a small course of their own."""

import json
from pathlib import Path

import nbformat
import pytest

from alexnet_lib import runtime
from alexnet_lib.__main__ import main
from alexnet_lib.classroom.build import write
from alexnet_lib.classroom.source import parse_source

TEXT = "# %% [markdown]\n# # {} · A title?\n\n# %%\n1 + 1\n"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two notebooks in step with their sources."""
    monkeypatch.setattr(runtime, "checkout", lambda: tmp_path)
    for number in ("02", "03"):
        source = tmp_path / f"notebooks/source/{number}_part.py"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(TEXT.format(number))
        nb = parse_source(TEXT.format(number))
        write(nb, tmp_path / f"notebooks/{number}_part.ipynb")
    return tmp_path


def test_check_is_content_with_notebooks_in_step(course: Path, capsys):
    assert main(["notebooks", "--check"]) == 0
    assert capsys.readouterr().out == "2 notebooks are in step with their sources\n"


def test_check_names_the_first_notebook_out_of_step(course: Path, capsys):
    for path in sorted(course.glob("notebooks/source/*.py")):
        path.write_text(path.read_text().replace("1 + 1", "1 + 2"))
    assert main(["notebooks", "--check"]) == 2
    message = capsys.readouterr().err
    assert message.startswith("02_part.ipynb is out of step: the source of cell 2")
    assert message.endswith("run `python -m alexnet_lib notebooks 02`\n")
    assert main(["notebooks", "03", "--check"]) == 2
    assert capsys.readouterr().err.startswith("03_part.ipynb is out of step")


def test_check_names_a_missing_notebook_and_one_without_source(course: Path, capsys):
    (course / "notebooks/03_part.ipynb").rename(course / "notebooks/04_part.ipynb")
    assert main(["notebooks", "--check"]) == 2
    assert capsys.readouterr().err.startswith("03_part.ipynb is missing: run `python")
    (course / "notebooks/source/03_part.py").unlink()
    assert main(["notebooks", "--check"]) == 2
    assert capsys.readouterr().err.startswith("04_part.ipynb has no source")


def test_an_unknown_notebook_is_an_error(course: Path, capsys):
    assert main(["notebooks", "22", "--check"]) == 2
    assert capsys.readouterr().err == "no notebook '22': there are 02, 03\n"


def test_copies_reports_what_it_did(course: Path, capsys):
    assert main(["copies", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["made"] == ["02_part.ipynb", "03_part.ipynb"]
    assert nbformat.read(course / "my_course/02_part.ipynb", as_version=4).cells
    assert main(["copies"]) == 0
    expected = f"{course / 'my_course'}: 0 made, 0 updated, 2 unchanged, 0 kept\n"
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize("command", ["copies", "notebooks"])
def test_without_a_checkout_there_is_a_way_on(command: str, monkeypatch, capsys):
    monkeypatch.setattr(runtime, "checkout", lambda: None)
    assert main([command]) == 2
    assert "clone it, and run this there" in capsys.readouterr().err
