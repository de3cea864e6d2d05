"""Take out of executed outputs what changes from run to run and machine to machine."""

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from alexnet_lib import runtime

WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
MODEL_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
ADDRESS = re.compile(r"\b0x[0-9a-f]{8,}\b")
LIBRARY_PATH = re.compile(r"/[\w./+-]*/(site-packages|dist-packages|python3\.\d+)/")


def tidy_outputs(nb: NotebookNode) -> None:
    """Join streams, and scrub addresses and paths from every text of the outputs."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = [
                _scrubbed_output(output) for output in join_streams(cell.outputs)
            ]
    if "widgets" in nb.metadata:
        nb.metadata["widgets"] = map_strings(nb.metadata["widgets"], scrub)


def join_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """One stream output where several of the same name follow one another.

    Of a line that was rewritten with a carriage return, its last state remains.
    """
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if (
            last is not None
            and output.output_type == last.output_type == "stream"
            and output.name == last.name
        ):
            last.text += output.text
        else:
            joined.append(output)
    for output in joined:
        if output.output_type == "stream":
            output.text = re.sub(r"[^\n]*\r(?=[^\n])", "", output.text)
    return joined


def scrub(text: str) -> str:
    """Replace addresses of objects and paths of this machine."""
    text = LIBRARY_PATH.sub(r"\1/", ADDRESS.sub("0x0", text))
    for path, word in _machine_paths():
        text = text.replace(path + "/", word + "/" if word else "").replace(path, word)
    return text


def _machine_paths() -> list[tuple[str, str]]:
    """Folders that outputs may mention, longest first, with what to say instead."""
    found = {sys.prefix: "python", str(Path.home()): "~"}
    if data := os.environ.get("ALEXNET_DATA"):
        found[str(Path(data).resolve())] = "data"
    if root := runtime.checkout():
        found[str(root)] = ""
    pairs = [pair for pair in found.items() if pair[0].count("/") > 1 or pair[1] == "~"]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _scrubbed_output(output: NotebookNode) -> NotebookNode:
    if "data" in output:
        for kind, value in output.data.items():
            if not kind.startswith("image/"):
                output.data[kind] = map_strings(value, scrub)
        return output
    return NotebookNode(map_strings(output, scrub))


def map_strings(value: Any, change: Callable[[str], str]) -> Any:
    """The same nested value with every string changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [map_strings(item, change) for item in value]
    if isinstance(value, dict):
        return type(value)(
            {key: map_strings(item, change) for key, item in value.items()}
        )
    return value


def number_widgets(nb: NotebookNode) -> NotebookNode:
    """Replace the random ids of widget models by 0, 1, 2 ... and drop unseen models.

    The order is that of a walk from the shown views; links between shown models follow.
    """
    widgets = nb.metadata.get("widgets", {}).get(WIDGET_STATE)
    if not widgets:
        nb.metadata.pop("widgets", None)
        return nb
    state = widgets["state"]
    numbers: dict[str, str] = {}

    def walk(text: str) -> None:
        for model in MODEL_ID.findall(text):
            if model in state and model not in numbers:
                numbers[model] = f"{len(numbers):032x}"
                walk(json.dumps(state[model], sort_keys=True))

    def renumbered(text: str) -> str:
        return MODEL_ID.sub(lambda match: numbers.get(match[0], match[0]), text)

    walk(json.dumps([cell.get("outputs", []) for cell in nb.cells]))
    links = {
        model: renumbered(text)
        for model, text in (
            (model, json.dumps(entry, sort_keys=True))
            for model, entry in state.items()
            if model not in numbers
        )
        if (known := [ref for ref in MODEL_ID.findall(text) if ref in state])
        and all(ref in numbers for ref in known)
    }
    for model in sorted(links, key=links.__getitem__):
        walk(model)
    widgets["state"] = {model: state[model] for model in numbers}
    if not numbers:
        nb.metadata.pop("widgets")
    return _with_numbers(nb, renumbered)


def _with_numbers(nb: NotebookNode, renumbered: Callable[[str], str]) -> NotebookNode:
    """The ids stand in outputs (as texts) and in the widget state (as keys too)."""
    for cell in nb.cells:
        if "outputs" in cell:
            cell.outputs = map_strings(cell.outputs, renumbered)
    if "widgets" in nb.metadata:
        text = renumbered(json.dumps(nb.metadata["widgets"]))
        nb.metadata["widgets"] = json.loads(text)
    return nb
