"""From the bytes of a notebook to its code cells and its printed numbers.

Nothing of it is trusted: tags and ids may be gone, only plain JSON is read, and no code
is parsed here, for a text can be made that Python's own parser dies of.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?")
FUNCTION = re.compile(r"^def (\w+)\(.*(?:\n(?:[ \t)].*)?)*", re.MULTILINE)
MOST_CELLS = 500
MOST_PRINTED = 20_000  # characters of output in which quoted numbers are looked for


@dataclass(frozen=True)
class Handed:
    """A notebook as text: sources of its code cells, other text, printed output."""

    cells: tuple[str, ...]
    prose: str
    printed: str


def read_notebook(data: bytes) -> Handed:
    """The parts of a notebook; ValueError, for the report, when it is none."""
    try:
        nb = json.loads(data.decode("utf-8-sig"))
        cells = nb["cells"]
        if not isinstance(cells, list) or len(cells) > MOST_CELLS:
            raise ValueError
        found = [_read_cell(cell) for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError(
            "it is not a notebook that can be read: open it in JupyterLab, save it as "
            ".ipynb and hand it in again"
        ) from None
    return Handed(
        cells=tuple(text for kind, text, _ in found if kind == "code"),
        prose="\n".join(text for kind, text, _ in found if kind != "code"),
        printed="\n".join(output for _, _, output in found)[:MOST_PRINTED],
    )


def _read_cell(cell: Any) -> tuple[str, str, str]:
    """Kind, source and text outputs of a cell."""
    outputs = []
    for output in cell.get("outputs", []):
        outputs.append(_joined(output.get("text", "")))
        outputs.append(_joined(output.get("data", {}).get("text/plain", "")))
    return str(cell["cell_type"]), _joined(cell.get("source", "")), "\n".join(outputs)


def _joined(text: Any) -> str:
    """Notebooks keep a text as one string, or as a list of lines."""
    if isinstance(text, list):
        return "".join(line for line in text if isinstance(line, str))
    return text if isinstance(text, str) else ""


def same_cell(source: str) -> str:
    """A cell's text for comparing: spaces at line ends and blank ends do not count."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def functions(cells: Iterable[str]) -> dict[str, str]:
    """The text of every function that begins at the left edge, by its name."""
    found = {}
    for cell in cells:
        for match in FUNCTION.finditer(cell):
            found[match[1]] = match[0].strip()
    return found


def quoted_numbers(text: str, printed: str) -> list[str]:
    """The numbers of a text that stand in a printed output, as precise as they say."""
    there = [_value(word) for word in NUMBER.findall(printed)]
    found = []
    for word in NUMBER.findall(text):
        decimals = len(word.partition(".")[2])
        if any(round(value, decimals) == _value(word) for value in there):
            found.append(word)
    return list(dict.fromkeys(found))


def _value(word: str) -> float:
    return float(word.replace(",", ""))
