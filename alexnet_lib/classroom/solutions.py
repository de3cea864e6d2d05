"""Exercises with their checks and solutions, and the notebook of a reader who knows."""

import ast
import copy
import re
from dataclasses import dataclass

from nbformat import NotebookNode

from alexnet_lib.classroom.source import label, tags

BLOCK = re.compile(r"^```python\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
FOLD = re.compile(
    r"^<details>\s*<summary>Solution</summary>.*</details>\s*$", re.DOTALL
)


@dataclass(frozen=True)
class Exercise:
    """Where the three cells of an exercise stand, and the code that solves it."""

    stub: int
    check: int
    solution: int
    code: str


def exercises(nb: NotebookNode) -> list[Exercise]:
    """Every exercise of a notebook; ValueError for one that lacks a part."""
    stubs = [index for index, cell in enumerate(nb.cells) if "exercise" in tags(cell)]
    ends = [*stubs[1:], len(nb.cells)]
    found = []
    for stub, end in zip(stubs, ends, strict=True):
        check = _first(nb, "check", stub, end)
        solution = _first(nb, "solution", stub, end)
        found.append(Exercise(stub, check, solution, _code(nb, solution)))
    return found


def _first(nb: NotebookNode, tag: str, stub: int, end: int) -> int:
    """The first cell with a tag behind a stub and before the next one."""
    for index in range(stub + 1, end):
        if tag in tags(nb.cells[index]):
            return index
    raise ValueError(
        f"the exercise in {label(nb, stub)} has no cell tagged {tag!r} behind it"
    )


def _code(nb: NotebookNode, index: int) -> str:
    """The one fenced block of a folded solution."""
    cell = nb.cells[index]
    if cell.cell_type != "markdown" or not FOLD.match(cell.source.strip()):
        raise ValueError(
            f"the solution in {label(nb, index)} is not folded: write <details>"
            f"<summary>Solution</summary>, the block, </details> in a markdown cell"
        )
    blocks = BLOCK.findall(cell.source)
    if len(blocks) != 1:
        raise ValueError(
            f"the solution in {label(nb, index)} has {len(blocks)} blocks fenced as "
            f"```python: it needs exactly one, which replaces the stub"
        )
    return blocks[0].rstrip("\n")


def solved(nb: NotebookNode) -> NotebookNode:
    """A copy in which every stub is replaced by its solution.

    The stored outputs of the exercises and checks go: they belong to the stubs.
    """
    nb = copy.deepcopy(nb)
    for exercise in exercises(nb):
        nb.cells[exercise.stub].source = exercise.code
        for index in (exercise.stub, exercise.check):
            cell = nb.cells[index]
            cell.outputs = []
            kept = [tag for tag in tags(cell) if tag != "nbval-check-output"]
            cell.metadata["tags"] = kept
    return nb


def demand_passed(nb: NotebookNode) -> NotebookNode:
    """A copy in which a check that does not say `passed` is an error that says why."""
    nb = copy.deepcopy(nb)
    for exercise in exercises(nb):
        cell = nb.cells[exercise.check]
        cell.source = _with_assertion(cell.source, label(nb, exercise.check))
    return nb


def _with_assertion(source: str, where: str) -> str:
    last = ast.parse(source).body[-1]
    if not isinstance(last, ast.Expr):
        raise ValueError(f"{where} is tagged 'check' and does not end in a call")
    head = source.splitlines()[: last.lineno - 1]
    call = ast.get_source_segment(source, last.value)
    verdict = 'assert str(check_result).startswith("passed"), str(check_result)'
    return "\n".join([*head, f"check_result = {call}", verdict])


def as_given(nb: NotebookNode) -> NotebookNode:
    """A copy with only the set-up cells, the stubs and their checks, in order."""
    first_text = next(
        (
            index
            for index, cell in enumerate(nb.cells[1:], start=1)
            if cell.cell_type == "markdown"
        ),
        len(nb.cells),
    )
    keep = set(range(first_text))
    for exercise in exercises(nb):
        keep |= {exercise.stub, exercise.check}
    nb = copy.deepcopy(nb)
    nb.cells = [nb.cells[index] for index in sorted(keep)]
    return nb


def verdicts(nb: NotebookNode) -> list[str]:
    """The first word that each executed check cell displays, such as 'todo'."""
    words = []
    for cell in nb.cells:
        if "check" not in tags(cell):
            continue
        shown = [
            out.data.get("text/plain", "") for out in cell.outputs if "data" in out
        ]
        words.append(shown[-1].partition(":")[0] if shown else "nothing")
    return words
