"""A student solves two questions of assignment 1 in JupyterLab, and hands it in."""

import csv

import nbformat
import pytest

from alexnet_lib.__main__ import main
from alexnet_lib.classroom.source import tags
from tests.unit.handed_in import CONFINED

pytestmark = [
    pytest.mark.browser,
    pytest.mark.needs_browser,
    pytest.mark.needs_extra("otter"),
]
COPY, SOLUTION = "assignment_1_ann.ipynb", "assignment_1_ann_solution.ipynb"
POINTS = 4 + 3  # of the first two questions
PATIENCE = 60_000  # milliseconds


def test_a_student_solves_saves_and_is_paid(lab, results, tmp_path):
    (tmp_path / "students.txt").write_text("ann\n")
    secret, students = tmp_path / "secret.txt", tmp_path / "students.txt"
    given = ["--students", str(students), "--secret", str(secret)]
    assert main(["assign", "--new-secret", str(secret)]) == 0
    assert main(["assign", "1", *given, "--out", str(tmp_path / "made")]) == 0
    handed_out = tmp_path / "made" / "students" / COPY
    (lab.root / COPY).write_bytes(handed_out.read_bytes())
    solved = nbformat.read(tmp_path / "made" / "teacher" / SOLUTION, as_version=4)

    page = lab.open_notebook(COPY)
    try:
        lab.run_all(page, COPY, 240)
        assert lab.unexpected_errors(page, COPY) == []
        blank = nbformat.read(handed_out, as_version=4)
        for question in ("q1", "q2"):
            place = place_of(blank, question)
            write(page, place, answer_to(solved, question))
            check = page.locator(".jp-Notebook .jp-Cell").nth(place + 1)
            said = check.locator(".jp-OutputArea").get_by_text(f"{question} passed")
            said.first.wait_for(timeout=PATIENCE)
        page.keyboard.press("Control+s")
        page.wait_for_function("!document.querySelector('.jp-mod-dirty')")
        assert lab.complaints == []
    finally:
        page.screenshot(path=results / "assignment.png")
        page.close()

    written = nbformat.read(lab.root / COPY, as_version=4)
    for question in ("q1", "q2"):
        typed = written.cells[place_of(written, question)].source
        assert typed == answer_to(solved, question)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / COPY).write_bytes((lab.root / COPY).read_bytes())
    walls = () if CONFINED else ("--unconfined",)
    marks = str(tmp_path / "marks")
    argv = ["grade", "1", str(tmp_path / "in"), *given, "--out", marks, *walls]
    assert main(argv) == 0
    with (tmp_path / "marks" / "marks.csv").open() as lines:
        [row] = csv.DictReader(lines)
    assert float(row["by_program"]) == POINTS


def exercises(nb: nbformat.NotebookNode) -> list[int]:
    return [at for at, cell in enumerate(nb.cells) if "exercise" in tags(cell)]


def place_of(nb: nbformat.NotebookNode, question: str) -> int:
    """Of the cell to be filled; the questions come in their order."""
    return exercises(nb)[int(question[1:]) - 1]


def answer_to(solved: nbformat.NotebookNode, question: str) -> str:
    return solved.cells[place_of(solved, question)].source


def write(page, place: int, source: str) -> None:
    """Put code into a cell by keyboard; run it, and the check below."""
    cell = page.locator(".jp-Notebook .jp-Cell").nth(place)
    cell.locator(".cm-content").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source)
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
