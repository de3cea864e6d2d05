"""Rules that a notebook's cells keep before they run: lengths, parts, exercises."""

import ast
import re
import statistics

from nbformat import NotebookNode

from alexnet_lib.classroom.solutions import exercises
from alexnet_lib.classroom.source import label, tags

KNOWN_TAGS = {
    "bootstrap",
    "core",
    "stretch",
    "exercise",
    "check",
    "solution",
    "nbval-check-output",
    "varies",
    "raises-exception",
}
MEDIAN_LINES, MOST_LINES, MAX_LINES = 6, 15, 25  # MOST_LINES holds for 90 % of cells
MAX_WORDS = 150
MIN_CELLS, MAX_CELLS = 25, 70
MAX_EXERCISES = 5
MAX_IMPORT_LINES = 12
MIN_COMPARED = 5
TITLE = re.compile(r"# \d\d · .+\?$")
HEADER = ("They say", "The doubt", "You will be able to")
FOOTER = ("Verdict so far", "What still does not fit", "Next")
NOT_WORDS = re.compile(r"```.*?```|<[^>]+>|\$[^$]*\$|\]\([^)]*\)", re.DOTALL)


def code_cells(nb: NotebookNode) -> list[int]:
    return [index for index, cell in enumerate(nb.cells) if cell.cell_type == "code"]


def code_lengths(nb: NotebookNode) -> list[str]:
    indices = code_cells(nb)
    lengths = {index: len(nb.cells[index].source.splitlines()) for index in indices}
    found = [
        f"{label(nb, index)}: {length} lines of code, at most {MAX_LINES}"
        for index, length in lengths.items()
        if length > MAX_LINES
    ]
    if not lengths:
        return ["no code"]
    median = statistics.median(lengths.values())
    if median > MEDIAN_LINES:
        found.append(
            f"the median code cell has {median:g} lines: at most {MEDIAN_LINES}"
        )
    long = sum(length > MOST_LINES for length in lengths.values())
    if long > len(lengths) / 10:
        found.append(
            f"{long} of {len(lengths)} code cells have over {MOST_LINES} lines: "
            f"at most a tenth may"
        )
    return found


def text_lengths(nb: NotebookNode) -> list[str]:
    found = []
    for index, cell in enumerate(nb.cells):
        words = len(NOT_WORDS.sub(" ", cell.source).split())
        if cell.cell_type == "markdown" and words > MAX_WORDS:
            found.append(f"{label(nb, index)}: {words} words, at most {MAX_WORDS}")
    return found


def number_of_cells(nb: NotebookNode) -> list[str]:
    if MIN_CELLS <= len(nb.cells) <= MAX_CELLS:
        return []
    return [f"{len(nb.cells)} cells: between {MIN_CELLS} and {MAX_CELLS}"]


def known_tags(nb: NotebookNode) -> list[str]:
    return [
        f"{label(nb, index)}: unknown tag {tag!r}"
        for index, cell in enumerate(nb.cells)
        for tag in tags(cell)
        if tag not in KNOWN_TAGS
    ]


def header(nb: NotebookNode) -> list[str]:
    text = nb.cells[0].source
    found = []
    if not TITLE.match(text.partition("\n")[0]):
        found.append("the title is not a question such as '# 02 · What fits?'")
    found += [
        f"the header lacks **{part}**" for part in HEADER if f"**{part}" not in text
    ]
    if not re.search(r"\d+\s*(minutes|min\b)", text):
        found.append("the header lacks the minutes")
    return found


def footer(nb: NotebookNode) -> list[str]:
    last = [cell.source for cell in nb.cells if cell.cell_type == "markdown"][-3:]
    text = "\n".join(last)
    return [
        f"the footer lacks **{part}**" for part in FOOTER if f"**{part}" not in text
    ]


def first_cells(nb: NotebookNode) -> list[str]:
    """Title, bootstrap, imports, settings: the first four cells with code in them."""
    if len(nb.cells) < 2 or "bootstrap" not in tags(nb.cells[1]):
        return ["cell 1 is not the bootstrap cell"]
    code = code_cells(nb)
    if len(code) < 3:
        return ["no cell of imports and no cell of settings behind the bootstrap cell"]
    return [*_imports(nb, code[1]), *_settings(nb, code[1], code[2])]


def _imports(nb: NotebookNode, index: int) -> list[str]:
    source = nb.cells[index].source
    statements = _statements(source)
    found = []
    if not all(isinstance(node, ast.Import | ast.ImportFrom) for node in statements):
        found.append(f"{label(nb, index)}: the first code cell is for imports only")
    names = [alias.name for node in statements for alias in getattr(node, "names", [])]
    if "*" in names:
        found.append(f"{label(nb, index)}: a wildcard import")
    if sum(bool(line.strip()) for line in source.splitlines()) > MAX_IMPORT_LINES:
        found.append(f"{label(nb, index)}: over {MAX_IMPORT_LINES} lines of imports")
    return found


def _settings(nb: NotebookNode, imports: int, index: int) -> list[str]:
    """Constants and calls; a notebook that draws sets the style of the course."""
    allowed = ast.Assign | ast.AnnAssign | ast.Expr
    found = []
    if not all(
        isinstance(node, allowed) for node in _statements(nb.cells[index].source)
    ):
        found.append(f"{label(nb, index)}: the second code cell is for settings only")
    draws = "alexnet_lib.figures" in nb.cells[imports].source
    if draws and "use_course_style()" not in nb.cells[index].source:
        found.append(f"{label(nb, index)}: the settings do not call use_course_style()")
    return found


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:  # an IPython magic
        return []


def sections(nb: NotebookNode) -> list[str]:
    """Every heading before the footer says whether its section is core or stretch."""
    found = []
    kinds = []
    for index, cell in enumerate(nb.cells):
        kind = {"core", "stretch"} & set(tags(cell))
        kinds += kind
        heading = cell.cell_type == "markdown" and cell.source.startswith("## ")
        if heading and len(kind) != 1 and not _in_footer(nb, index):
            found.append(f"{label(nb, index)}: tag the section 'core' or 'stretch'")
        if kind and not heading:
            found.append(
                f"{label(nb, index)}: tagged {kind.pop()!r}, not a '## ' heading"
            )
    if "core" not in kinds:
        found.append("no section is tagged 'core'")
    return found


def _in_footer(nb: NotebookNode, index: int) -> bool:
    behind = [cell.source for cell in nb.cells[index:] if cell.cell_type == "markdown"]
    return len(behind) <= 4 or f"**{FOOTER[0]}" in nb.cells[index].source


def exercise_parts(nb: NotebookNode) -> list[str]:
    """At most five exercises, each with its check right behind it and its solution."""
    try:
        pairs = exercises(nb)
    except ValueError as error:
        return [str(error)]
    found = [
        f"{label(nb, pair.stub)}: its check is not the cell right behind it"
        for pair in pairs
        if pair.check != pair.stub + 1
    ]
    if len(pairs) > MAX_EXERCISES:
        found.append(f"{len(pairs)} exercises: at most {MAX_EXERCISES}")
    paired = {pair.check for pair in pairs} | {pair.solution for pair in pairs}
    for index, cell in enumerate(nb.cells):
        alone = {"check", "solution"} & set(tags(cell))
        if alone and index not in paired:
            found.append(f"{label(nb, index)}: a {alone.pop()} without an exercise")
    return found


def compared_cells(nb: NotebookNode) -> list[str]:
    compared = sum("nbval-check-output" in tags(cell) for cell in nb.cells)
    if compared >= MIN_COMPARED:
        return []
    return [f"{compared} cells tagged nbval-check-output: at least {MIN_COMPARED}"]


TEXT_RULES = (
    code_lengths,
    text_lengths,
    number_of_cells,
    known_tags,
    header,
    footer,
    first_cells,
    sections,
    exercise_parts,
    compared_cells,
)
