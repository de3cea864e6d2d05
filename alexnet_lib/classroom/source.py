"""From the percent-format source of a notebook to its cells, not yet executed."""

from hashlib import sha256
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from alexnet_lib import runtime
from alexnet_lib.classroom.bootstrap import bootstrap_cell
from alexnet_lib.classroom.links import link_title

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def tags(cell: NotebookNode) -> list[str]:
    """The tags of a cell; none is an empty list."""
    return cell.metadata.get("tags", [])


def label(nb: NotebookNode, index: int) -> str:
    """How a message names a cell: its place and the beginning of its first line."""
    lines = nb.cells[index].source.strip().splitlines()
    return f"cell {index} ({lines[0][:40] if lines else 'empty'})"


def parse_source(
    text: str, repository: str | None = None, file: str = ""
) -> NotebookNode:
    """The notebook of a source text: ids, metadata and bootstrap cell in place.

    Equal texts give equal notebooks. A cell's id is made from its content, so an edit
    elsewhere leaves it alone, and so does the repository's address. `file`, such as
    02_name.ipynb, gets links under its title where there is an address. Raises
    ValueError for a source without a title.
    """
    import jupytext  # a tool of the authors: readers do not have it

    nb = jupytext.reads(text, fmt="py:percent")
    if not nb.cells or nb.cells[0].cell_type != "markdown":
        raise ValueError("a notebook starts with a markdown cell, its title")
    nb.cells.insert(1, bootstrap_cell(repository))
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    nb.metadata = nbformat.from_dict(metadata)
    nb.nbformat, nb.nbformat_minor = 4, 5
    number_cells(nb)
    if file:
        address = runtime.REPOSITORY if repository is None else repository
        nb.cells[0].source = link_title(nb.cells[0].source, address, file)
    nbformat.validate(nb)
    return nb


def number_cells(nb: NotebookNode) -> None:
    """Give every cell but the bootstrap cell an id derived from its kind and text."""
    seen: dict[str, int] = {}
    for cell in nb.cells:
        if "bootstrap" in tags(cell):
            continue
        digest = sha256((cell.cell_type + cell.source).encode()).hexdigest()[:8]
        seen[digest] = seen.get(digest, 0) + 1
        cell["id"] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def read_source(path: Path, repository: str | None = None) -> NotebookNode:
    """The notebook of a source file, not yet executed."""
    try:
        text = path.read_text(encoding="utf-8")
        return parse_source(text, repository, f"{path.stem}.ipynb")
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error


def difference(expected: NotebookNode, found: NotebookNode) -> str | None:
    """The first way in which a built notebook is out of step with its source.

    Compares cells, ids and metadata; never outputs, counts or widget state.
    """
    if len(expected.cells) != len(found.cells):
        return f"{len(found.cells)} cells, and its source has {len(expected.cells)}"
    for index, (ours, theirs) in enumerate(
        zip(expected.cells, found.cells, strict=True)
    ):
        for part in ("cell_type", "source", "metadata", "id"):
            if ours.get(part) != theirs.get(part):
                return f"the {part} of {label(expected, index)} differs from its source"
    metadata = {k: v for k, v in found.metadata.items() if k != "widgets"}
    if metadata != expected.metadata:
        return "the metadata of the notebook differ from what the course writes"
    return None
