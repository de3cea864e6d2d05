"""Every notebook with its solutions in place runs under nbval, and every check passes.

A cell tagged `nbval-check-output` must show what the committed notebook shows.
"""

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from alexnet_lib.classroom.build import write
from alexnet_lib.classroom.source import tags

pytestmark = pytest.mark.notebooks


def test_all_notebooks_solved(run_solved, notebooks: list[Path], capsys):
    result = run_solved(notebooks)
    with capsys.disabled():
        print("\n" + "\n".join(result.output.splitlines()[-12:]))
        for name, seconds in sorted(result.seconds.items()):
            print(f"{name:<44}{seconds:6.1f} s")
    assert result.returncode == 0, result.output


def wrong_output(nb: NotebookNode) -> None:
    compared = next(c for c in nb.cells if "nbval-check-output" in tags(c))
    compared.outputs[0].text = "1\n3\n"


def wrong_solution(nb: NotebookNode) -> None:
    solution = next(c for c in nb.cells if "solution" in tags(c))
    solution.source = solution.source.replace("2 * number", "3 * number")


def solution_that_raises(nb: NotebookNode) -> None:
    solution = next(c for c in nb.cells if "solution" in tags(c))
    solution.source = solution.source.replace("2 * number", "2 * nubmer")


def test_faulty_notebooks_fail(run_solved, clean: Path, tmp_path: Path):
    faults = (wrong_output, wrong_solution, solution_that_raises)
    for fault in faults:
        nb = nbformat.read(clean, as_version=4)
        fault(nb)
        write(nb, tmp_path / f"{fault.__name__}.ipynb")
    result = run_solved([clean, *sorted(tmp_path.glob("*.ipynb"))])
    assert result.returncode == 1
    assert set(result.failures) == {fault.__name__ for fault in faults}
    assert "mismatch 'stdout'" in result.failures["wrong_output"]
    assert "failed: not four" in result.failures["wrong_solution"]
    assert "could not be checked" in result.failures["solution_that_raises"]
    assert result.seconds["99_clean"] > 0
