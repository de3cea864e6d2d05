"""Rules for what a notebook shows after it ran: words for pictures, no errors."""

import json
import re
from collections.abc import Iterator
from html import unescape

from nbformat import NotebookNode

from alexnet_lib.classroom.source import label, tags
from alexnet_lib.classroom.tidy import WIDGET_STATE, WIDGET_VIEW

MIN_ALT = 12  # characters
MAX_WIDGETS = 3
CARD = "course-card"
PATH = re.compile(r"(?<![\w.])/(?:root|home|work|tmp|Users)/[\w.-]+")
DATA_URI = re.compile(r"base64,[A-Za-z0-9+/=\s]+")
IMG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
ALT = re.compile(r"""\balt=("([^"]*)"|'([^']*)')""", re.IGNORECASE)
SVG = re.compile(r"<svg\b[^>]*>", re.IGNORECASE)
SVG_LABEL = re.compile(r"""\baria-label=["'].{12,}""", re.IGNORECASE | re.DOTALL)
MARKDOWN_IMAGE = re.compile(r"!\[([^\]]*)\]\(")


def outputs(nb: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Every output, with the index of its cell."""
    for index, cell in enumerate(nb.cells):
        for output in cell.get("outputs", []):
            yield index, output


def wordless_pictures(html: str) -> int:
    """How many pictures of an HTML text have no description of twelve characters."""
    described = [ALT.search(tag) for tag in IMG.findall(html)]
    wordless = sum(
        alt is None or len(unescape(alt[2] or alt[3] or "").strip()) < MIN_ALT
        for alt in described
    )
    drawings = SVG.findall(IMG.sub("", html))
    return wordless + sum(not SVG_LABEL.search(tag) for tag in drawings)


def alt_texts(nb: NotebookNode) -> list[str]:
    """Pictures in outputs, widgets and texts say in words what they show."""
    found = []
    for index, output in outputs(nb):
        data = output.get("data", {})
        bare = any(kind.startswith("image/") for kind in data)
        if bare or wordless_pictures(data.get("text/html", "")):
            found.append(f"{label(nb, index)}: a picture without alt text: use show()")
    for model in widget_models(nb).values():
        value = model["state"].get("value")
        if isinstance(value, str) and wordless_pictures(value):
            found.append(f"a picture without alt text in a widget: {value[:40]!r}")
    for index, cell in enumerate(nb.cells):
        if cell.cell_type == "markdown" and (
            wordless_pictures(cell.source)
            or any(len(alt) < MIN_ALT for alt in MARKDOWN_IMAGE.findall(cell.source))
        ):
            found.append(f"{label(nb, index)}: a picture without alt text")
    return found


def widget_models(nb: NotebookNode) -> dict:
    widgets = nb.metadata.get("widgets", {}).get(WIDGET_STATE, {})
    return widgets.get("state", {})


def views(nb: NotebookNode) -> Iterator[tuple[int, str, NotebookNode]]:
    """Every widget shown: the index of its cell, its model's id, its output."""
    for index, output in outputs(nb):
        if WIDGET_VIEW in output.get("data", {}):
            yield index, output.data[WIDGET_VIEW]["model_id"], output


def number_of_widgets(nb: NotebookNode) -> list[str]:
    models = widget_models(nb)
    cells = {
        index
        for index, model, _output in views(nb)
        if CARD not in models.get(model, {}).get("state", {}).get("_dom_classes", [])
    }
    if len(cells) <= MAX_WIDGETS:
        return []
    return [f"{len(cells)} widgets that are no cards: at most {MAX_WIDGETS}"]


def static_twins(nb: NotebookNode) -> list[str]:
    """A reader without a kernel sees the point of every widget in plain HTML."""
    return [
        f"{label(nb, index)}: a widget without static HTML beside it"
        for index, _model, output in views(nb)
        if not output.data.get("text/html")
    ]


def widget_state(nb: NotebookNode) -> list[str]:
    """The models of all widgets shown are stored; the hosting site needs the state."""
    if any("state" not in value for value in nb.metadata.get("widgets", {}).values()):
        return ["metadata.widgets has no state: the hosting site refuses to show it"]
    models = widget_models(nb)
    return [
        f"{label(nb, index)}: the state of its widget is not stored"
        for index, model, _output in views(nb)
        if model not in models
    ]


def no_stderr(nb: NotebookNode) -> list[str]:
    return [
        f"{label(nb, index)}: stderr: {output.text.strip()[:60]!r}"
        for index, output in outputs(nb)
        if output.output_type == "stream" and output.name == "stderr"
    ]


def errors_where_tagged(nb: NotebookNode) -> list[str]:
    found = []
    failed = {i: out.ename for i, out in outputs(nb) if out.output_type == "error"}
    for index, cell in enumerate(nb.cells):
        wanted = "raises-exception" in tags(cell)
        if index in failed and not wanted:
            found.append(f"{label(nb, index)}: shows the error {failed[index]}")
        if wanted and index not in failed:
            found.append(f"{label(nb, index)}: tagged raises-exception, shows no error")
    return found


def no_machine_paths(nb: NotebookNode) -> list[str]:
    texts = [(label(nb, index), json.dumps(output)) for index, output in outputs(nb)]
    texts.append(("a widget", json.dumps(widget_models(nb))))
    found = []
    for where, text in texts:
        if '"image/png"' not in text and (path := PATH.search(DATA_URI.sub("", text))):
            found.append(f"{where}: a path of somebody's machine: {path[0]}")
    return found


def execution_counts(nb: NotebookNode) -> list[str]:
    counts = [
        cell.execution_count
        for cell in nb.cells
        if cell.cell_type == "code" and cell.source.strip()
    ]
    if counts == list(range(1, len(counts) + 1)):
        return []
    return ["the execution counts are not 1, 2, 3 ...: build the notebook"]


def stubs_say_todo(nb: NotebookNode) -> list[str]:
    """The committed checks show what the reader starts from."""
    found = []
    for index, cell in enumerate(nb.cells):
        if "check" in tags(cell):
            shown = json.dumps(cell.get("outputs", []))
            if '"todo:' not in shown:
                found.append(f"{label(nb, index)}: the check does not say todo")
    return found


OUTPUT_RULES = (
    alt_texts,
    number_of_widgets,
    static_twins,
    widget_state,
    no_stderr,
    errors_where_tagged,
    no_machine_paths,
    execution_counts,
    stubs_say_todo,
)
