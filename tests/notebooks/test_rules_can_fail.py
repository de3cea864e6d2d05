"""One fault at a time, made in the clean notebook: each rule finds its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from alexnet_lib.classroom.build import write
from alexnet_lib.classroom.rules import CELL_RULES, FILE_RULES, defects
from alexnet_lib.classroom.tidy import WIDGET_STATE, WIDGET_VIEW

pytestmark = pytest.mark.notebooks
Change = Callable[[NotebookNode], None]


def cell_with(nb: NotebookNode, text: str) -> NotebookNode:
    return next(cell for cell in nb.cells if text in cell.source)


def replace(old: str, new: str) -> Change:
    """Change the text of the first cell that has it."""

    def change(nb: NotebookNode) -> None:
        cell = cell_with(nb, old)
        cell.source = cell.source.replace(old, new)

    return change


def tag(text: str, *names: str) -> Change:
    """Give the first cell with a text these tags instead of its own."""

    def change(nb: NotebookNode) -> None:
        cell_with(nb, text).metadata["tags"] = list(names)

    return change


def show(where: str, **output) -> Change:
    """Let the first cell with a text show one more output."""

    def change(nb: NotebookNode) -> None:
        cell_with(nb, where).outputs.append(new_output(**output))

    return change


def display(html: str) -> Change:
    return show("print(1)", output_type="display_data", data={"text/html": html})


def fifty_more(nb: NotebookNode) -> None:
    nb.cells[-2:-2] = [new_code_cell("1") for _ in range(50)]


def lengthen(*texts: str) -> Change:
    """Sixteen lines of code for each cell with one of the texts."""

    def change(nb: NotebookNode) -> None:
        for text in texts:
            cell_with(nb, text).source += "\nNone" * 15

    return change


def lengthen_all(nb: NotebookNode) -> None:
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.source += "\nNone" * 6


def drop(text: str) -> Change:
    def change(nb: NotebookNode) -> None:
        nb.cells.remove(cell_with(nb, text))

    return change


def swap_title_and_bootstrap(nb: NotebookNode) -> None:
    nb.cells[1:3] = nb.cells[2:0:-1]


def change_settings(source: str) -> Change:
    def change(nb: NotebookNode) -> None:
        cell_with(nb, "use_course_style()").source = source

    return change


def delay_check(nb: NotebookNode) -> None:
    at = nb.cells.index(cell_with(nb, "def check_double"))
    nb.cells.insert(at, new_markdown_cell("Now check it."))


def six_exercises(nb: NotebookNode) -> None:
    at = nb.cells.index(cell_with(nb, "raise NotImplementedError"))
    for number in range(5):
        for offset, cell in enumerate(nb.cells[at : at + 3]):
            more = {**cell, "id": f"more-{number}-{offset}"}
            nb.cells.insert(at + 3 * (number + 1) + offset, NotebookNode(more))


def four_widgets(nb: NotebookNode) -> None:
    shown = cell_with(nb, "\nStepper()").outputs
    for text in ("print(1)", "sum([1, 1])", "sorted([3, 2])"):
        cell_with(nb, text).outputs = list(shown)


def four_cards(nb: NotebookNode) -> None:
    four_widgets(nb)
    view = cell_with(nb, "\nStepper()").outputs[0].data[WIDGET_VIEW]
    state = nb.metadata.widgets[WIDGET_STATE]["state"]
    state[view["model_id"]]["state"]["_dom_classes"] = ["course-card"]


def drop_twin(nb: NotebookNode) -> None:
    del cell_with(nb, "\nStepper()").outputs[0].data["text/html"]


def drop_state(nb: NotebookNode) -> None:
    nb.metadata["widgets"] = {WIDGET_STATE: {"version_major": 2}}


def drop_widgets(nb: NotebookNode) -> None:
    del nb.metadata["widgets"]


def blind_picture(nb: NotebookNode) -> None:
    models = nb.metadata["widgets"][WIDGET_STATE]["state"]
    picture = next(m for m in models.values() if "<img" in str(m["state"].get("value")))
    picture["state"]["value"] = '<img src="data:image/png;base64,AA">'


def forget_error(nb: NotebookNode) -> None:
    cell_with(nb, "this was to be expected").outputs = []


def skip_count(nb: NotebookNode) -> None:
    cell_with(nb, "sum([1, 1])").execution_count = 1


def grow(nb: NotebookNode) -> None:
    nb.cells[-1].source += "x" * 3_000_000


def wrong_check_output(nb: NotebookNode) -> None:
    cell_with(nb, "def check_double").outputs[0].data["text/plain"] = "passed: by luck"


def rename_kernel(nb: NotebookNode) -> None:
    nb.metadata.kernelspec.display_name = "my kernel"


STDERR = {"output_type": "stream", "name": "stderr", "text": "a warning"}
HOME = {"output_type": "stream", "name": "stdout", "text": "read /home/ann/x.py\n"}
PNG = {"output_type": "display_data", "data": {"image/png": "AA=="}}
ERROR = {"output_type": "error", "ename": "KeyError", "evalue": "1", "traceback": []}
IMAGE = '<img alt="{}" src="data:image/png;base64,AA">'

# rule: (fault, what the defect says) ...
FAULTS: dict[str, list[tuple[Change, str]]] = {
    "code_lengths": [
        (replace("print(1)", "\n".join(["None"] * 26)), "27 lines of code"),
        (
            lengthen("print(1)", "sum([1, 1])", "sorted([3, 2])"),
            "code cells have over 15 lines",
        ),
        (lengthen_all, "the median code cell has"),
    ],
    "text_lengths": [(replace("A figure.", "word " * 151), "151 words, at most 150")],
    "number_of_cells": [
        (fifty_more, "cells: between 25 and 70"),
        (lambda nb: nb.cells.__delitem__(slice(5, 20)), "cells: between 25 and 70"),
    ],
    "known_tags": [(tag("A figure.", "exercice"), "unknown tag 'exercice'")],
    "header": [
        (replace("rule?", "rule"), "the title is not a question"),
        (replace("**They say**", "They say"), "the header lacks **They say**"),
        (replace("**The doubt**", "Doubt"), "the header lacks **The doubt**"),
        (replace("**You will", "**We will"), "lacks **You will be able to**"),
        (replace("5 minutes core, 1 minute stretch", "Short"), "lacks the minutes"),
    ],
    "footer": [
        (replace("**Verdict so far**", "Verdict"), "lacks **Verdict so far**"),
        (replace("**What still", "**What"), "lacks **What still does not fit**"),
        (replace("**Next**", "Next"), "lacks **Next**"),
    ],
    "first_cells": [
        (swap_title_and_bootstrap, "cell 1 is not the bootstrap cell"),
        (replace("import ipywidgets", "from torch import *"), "a wildcard import"),
        (replace("import ipywidgets", "x = 1"), "is for imports only"),
        (replace("import ipywidgets", "import os\n" * 12), "over 12 lines of imports"),
        (change_settings("x = 1"), "do not call use_course_style()"),
        (change_settings("for x in []: pass"), "is for settings only"),
    ],
    "sections": [
        (tag("## Counting"), "tag the section 'core' or 'stretch'"),
        (tag("## Counting", "core", "stretch"), "tag the section 'core' or"),
        (tag("A figure.", "core"), "not a '## ' heading"),
    ],
    "exercise_parts": [
        (drop("def check_double"), "has no cell tagged 'check'"),
        (drop("<details>"), "has no cell tagged 'solution'"),
        (replace("```python", "```"), "has 0 blocks fenced"),
        (replace("<details>", ""), "is not folded"),
        (delay_check, "its check is not the cell right behind it"),
        (six_exercises, "6 exercises: at most 5"),
        (tag("sum(range(SEED, 5))", "check"), "a check without an exercise"),
    ],
    "compared_cells": [(tag("sum([1, 1])"), "4 cells tagged nbval-check-output")],
    "alt_texts": [
        (show("print(1)", **PNG), "a picture without alt text: use show()"),
        (display("<img src='x.png'>"), "a picture without alt text"),
        (display(IMAGE.format("a plot")), "a picture without alt text"),
        (display("<svg><g/></svg>"), "a picture without alt text"),
        (blind_picture, "a picture without alt text in a widget"),
        (replace("A figure.", "![plot](source/99_clean.py)"), "without alt text"),
    ],
    "number_of_widgets": [(four_widgets, "4 widgets that are no cards")],
    "static_twins": [(drop_twin, "a widget without static HTML beside it")],
    "widget_state": [
        (drop_state, "metadata.widgets has no state"),
        (drop_widgets, "the state of its widget is not stored"),
    ],
    "no_stderr": [(show("print(1)", **STDERR), "stderr: 'a warning'")],
    "errors_where_tagged": [
        (show("print(1)", **ERROR), "shows the error KeyError"),
        (forget_error, "tagged raises-exception, shows no error"),
    ],
    "no_machine_paths": [(show("print(1)", **HOME), "machine: /home/ann")],
    "execution_counts": [(skip_count, "the execution counts are not 1, 2, 3")],
    "stubs_say_todo": [(wrong_check_output, "the check does not say todo")],
    "size": [(grow, " MB: at most 3 MB")],
    "in_step": [
        (replace("print(1)", "print(3)"), "the source of cell 5"),
        (tag("sum([1, 1])", "varies"), "the metadata of cell 6"),
        (rename_kernel, "the metadata of the notebook"),
        (drop("sum([1, 1])"), "cells, and its source has"),
        (lambda nb: nb.cells[4].update(id="other"), "the id of cell 4"),
    ],
    "links": [
        (replace("99_clean.py", "98.py"), "nothing at the link 'source/98.py'"),
        (replace("A figure.", '<a href="98.md">'), "nothing at the link '98.md'"),
    ],
}
CASES = [
    pytest.param(rule, fault, says, id=f"{rule}: {says}")
    for rule, faults in FAULTS.items()
    for fault, says in faults
]


def defects_with(clean: Path, folder: Path, fault: Change) -> list[str]:
    nb = nbformat.read(clean, as_version=4)
    fault(nb)
    shutil.copytree(clean.parent / "source", folder / "source")
    write(nb, folder / clean.name)
    return defects(folder / clean.name)


@pytest.mark.parametrize(("rule", "fault", "says"), CASES)
def test_a_fault_is_found(rule: str, fault: Change, says: str, clean, tmp_path):
    found = defects_with(clean, tmp_path, fault)
    assert any(says in defect for defect in found), f"{rule}: {found}"


def test_every_rule_has_a_fault():
    assert set(FAULTS) == {rule.__name__ for rule in (*CELL_RULES, *FILE_RULES)}


def test_cards_are_not_counted_as_widgets(clean: Path, tmp_path: Path):
    found = defects_with(clean, tmp_path, four_cards)
    assert not any("no cards" in defect for defect in found)


def test_a_notebook_without_its_source_is_found(clean: Path, tmp_path: Path):
    shutil.copy(clean, tmp_path / clean.name)
    assert "no source: source/99_clean.py is missing" in defects(tmp_path / clean.name)


def test_machine_paths_are_not_seen_in_the_data_of_a_picture(clean, tmp_path):
    html = IMAGE.format("a line that rises evenly").replace("AA", "AA/tmp/abcdef")
    assert not any("machine" in d for d in defects_with(clean, tmp_path, display(html)))
