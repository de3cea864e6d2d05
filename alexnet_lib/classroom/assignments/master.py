"""From the master of an assignment to a student's copy and the teacher's solution.

A master is written like the source of a notebook, with three more things: `{{name}}`
stands for what is drawn for a student, a cell tagged `visible` behind an exercise holds
its checks in otter's format, and a cell tagged `run` is not run again when grading.
"""

import random
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from alexnet_lib.classroom.assignments.parts import Assignment, Question
from alexnet_lib.classroom.assignments.secret import generator
from alexnet_lib.classroom.solutions import exercises, solved
from alexnet_lib.classroom.source import label, number_cells, parse_source, tags

PLACE = re.compile(r"\{\{(\w+)\}\}")
CHECK = re.compile(r'grader\.check\("(\w+)"\)')
NOT_GRADED = {"bootstrap", "setup", "check", "run"}  # cells that grading leaves out
HEAD = """\
OK_FORMAT = False

from otter.test_files import test_case

name = "{name}"
points = None
"""
SETUP = """\
import sys  # setup: the checks of this notebook, for JupyterLab and Colab alike
from importlib.util import find_spec
from pathlib import Path

if find_spec("otter") is None and "google.colab" in sys.modules:
    import subprocess

    command = "-m pip install --quiet otter-grader"
    subprocess.check_call([sys.executable, *command.split()])
elif find_spec("otter") is None:
    raise SystemExit("otter-grader is missing: run `%pip install otter-grader` first")

CHECKS = {{}}
{checks}
folder = Path("checks_{fingerprint}")
folder.mkdir(exist_ok=True)
for name, text in CHECKS.items():
    (folder / f"{{name}}.py").write_text(text, encoding="utf-8")

import otter

grader = otter.Notebook(tests_dir=str(folder))"""


@dataclass(frozen=True)
class Copy:
    """One student's assignment; `questions` are for the teacher's eyes."""

    student: str
    fingerprint: str
    own: Any
    questions: tuple[Question, ...]
    notebook: NotebookNode
    solution: NotebookNode

    def given(self) -> set[str]:
        """Sources of the cells that grading leaves out where they are untouched."""
        cells = self.notebook.cells
        return {cell.source for cell in cells if NOT_GRADED & set(tags(cell))}


def file_name(assignment: Assignment, student: str) -> str:
    """How a copy is called; its student is read from this name when it comes back."""
    return f"assignment_{assignment.number}_{student}.ipynb"


def make_copy(assignment: Assignment, master: str, student: str, secret: bytes) -> Copy:
    """The same for the same secret and student, on every machine."""
    purpose = (assignment.number, student)
    own = assignment.draw(generator(secret, *purpose, "copy"))
    hidden: random.Random = generator(secret, *purpose, "hidden cases")
    fingerprint = sha256(repr((student, own)).encode()).hexdigest()[:6]
    texts = {
        **assignment.texts(own),
        "student": student,
        "fingerprint": fingerprint,
    }
    whole = parse_source(master)
    for cell in whole.cells:
        cell.source = fill(cell.source, texts)
    checks = _take_checks(whole)
    setup = SETUP.format(checks=_as_code(checks), fingerprint=fingerprint)
    folded = {"tags": ["setup"], "jupyter": {"source_hidden": True}}
    whole.cells.insert(2, new_code_cell(setup, metadata=folded))
    number_cells(whole)
    return Copy(
        student=student,
        fingerprint=fingerprint,
        own=own,
        questions=assignment.questions(own, hidden),
        notebook=without_solutions(whole),
        solution=solved(whole),
    )


def fill(text: str, texts: dict[str, str]) -> str:
    """The text with every `{{name}}` replaced; ValueError for a name nobody drew."""

    def replacement(match: re.Match) -> str:
        if match[1] not in texts:
            raise ValueError(f"the master asks for {match[0]}, and nothing is drawn so")
        return texts[match[1]]

    return PLACE.sub(replacement, text)


def without_solutions(whole: NotebookNode) -> NotebookNode:
    """A copy for students: no cell tagged `solution` is in it."""
    nb = NotebookNode(whole)
    nb.cells = [cell for cell in whole.cells if "solution" not in tags(cell)]
    return nb


def _take_checks(nb: NotebookNode) -> dict[str, str]:
    """Remove the visible checks; returns otter's test files by name."""
    found: dict[str, str] = {}
    for exercise in exercises(nb):
        match = CHECK.fullmatch(nb.cells[exercise.check].source.strip())
        if match is None:
            raise ValueError(
                f"{label(nb, exercise.check)} is tagged 'check': write "
                f'grader.check("...") and nothing else'
            )
        behind = nb.cells[exercise.solution + 1 : exercise.solution + 2]
        if not behind or "visible" not in tags(behind[0]):
            raise ValueError(
                f"the exercise in {label(nb, exercise.stub)} has no cell tagged "
                f"'visible' behind its solution"
            )
        tests = re.sub(
            r"^def test_", "@test_case()\ndef test_", behind[0].source, flags=re.M
        )
        found[match[1]] = HEAD.format(name=match[1]) + "\n\n" + tests + "\n"
    nb.cells = [cell for cell in nb.cells if "visible" not in tags(cell)]
    return found


def _as_code(checks: dict[str, str]) -> str:
    """Assignments that a reader can read: no escapes."""
    for name, text in checks.items():
        if "\\" in text or "'''" in text:
            raise ValueError(f"the visible checks of {name} hold a backslash or '''")
    return "\n".join(
        f"CHECKS[{name!r}] = '''{text}'''" for name, text in checks.items()
    )
