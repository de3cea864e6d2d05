"""The web edition: the sources of a Jupyter Book, laid out as the repository is.

Jupyter Book makes the pages. What needs a kernel is left out: of a widget its static
twin stays. Links between the pages work unchanged, because every file keeps its place.
The pages of twins are pages already: they are taken as they are, and link to ours.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode

TITLE = "AlexNet, from its sources"
VIEW = "application/vnd.jupyter.widget-view+json"
PART_ONE = "0[0-8]_*.ipynb"
PART_TWO = ("09_*.ipynb", "1[0-7]_*.ipynb")
BESIDE = (
    "notebooks/glossary.md",
    "notebooks/paper_map.md",
    "notebooks/instructors_guide.md",
    "notebooks/assignments/README.md",
    "data/README.md",
    "data/runs/README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
)
FILES = (
    "LICENSE",
    "CITATION.cff",
    "notebooks/screenshot.png",
    "notebooks/looking_inside.png",
)
TWINS = "notebooks/twins"
TWIN_LINK = re.compile(r"\[([^]]+)\]\(((?:notebooks/)?twins/\w+\.html)\)")
MATHJAX = "vendor/mathjax"
MATHJAX_CONFIG = "TeX-AMS-MML_HTMLorMML-full"
# A line of code is at most 88 characters long, and is to be read without scrolling.
STYLE = """\
.bd-main .bd-content .bd-article-container {max-width: 62rem; flex-grow: 1;}
div.highlight pre {font-size: 0.82em;}
.cell_output svg, .cell_output img {max-width: 100%;}
"""
CONFIG = {
    "title": TITLE,
    "only_build_toc_files": True,
    "execute": {"execute_notebooks": "off"},
    "html": {"use_issues_button": False, "use_repository_button": False},
    "parse": {"myst_extended_syntax": False},
    "sphinx": {
        "config": {
            # Jupyter Book's own, less sphinx_thebe: it is for pages with a kernel, and
            # declares its constants twice on every page.
            "extensions": [
                "sphinx_togglebutton",
                "sphinx_copybutton",
                "myst_nb",
                "jupyter_book",
                "sphinx_comments",
                "sphinx_external_toc",
                "sphinx.ext.intersphinx",
                "sphinx_design",
                "sphinx_book_theme",
            ],
            "html_extra_path": ["extra"],
            "mathjax_path": f"../{MATHJAX}/MathJax.js?config={MATHJAX_CONFIG}",
            # MathJax 2: MyST marks all but its formulas as none of MathJax's business.
            "mathjax2_config": {"tex2jax": {"processClass": "math"}},
            "myst_update_mathjax": False,
            "myst_heading_anchors": 3,
            "nb_ipywidgets_js": {},
            # A traceback quotes a line with curly quotes, which no lexer takes.
            "suppress_warnings": ["myst.domains", "misc.highlighting_failure"],
        }
    },
}


def write_book(checkout: Path, into: Path, mathjax: Path) -> list[str]:
    """Write the sources of the book into an empty folder; returns its pages, in order.

    `mathjax`: the folder with MathJax.js, which the pages get from their own site.
    Raises ValueError when the folder is not empty.
    """
    if into.exists() and any(into.iterdir()):
        raise ValueError(f"{into} is not empty: name a new folder")
    if not (mathjax / "MathJax.js").is_file():
        raise FileNotFoundError(f"no MathJax.js in {mathjax}: call `make site`")
    parts = {caption: list(names) for caption, names in _parts(checkout)}
    pages = ["README.md", *(name for names in parts.values() for name in names)]
    for name in (*pages, *FILES):
        _copy(checkout / name, into / name)
    shutil.copytree(mathjax, into / "extra" / MATHJAX)
    _copy_twins(checkout / TWINS, into / "extra" / TWINS)
    contents = {
        "format": "jb-book",
        "root": "README",
        "parts": [
            {"caption": caption, "chapters": [{"file": _stem(name)} for name in names]}
            for caption, names in parts.items()
        ],
    }
    (into / "_static").mkdir()
    (into / "_static" / "wide.css").write_text(STYLE)
    for name, content in (("_config.yml", CONFIG), ("_toc.yml", contents)):
        (into / name).write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    return pages


def _parts(checkout: Path) -> Iterator[tuple[str, Iterator[str]]]:
    def found(*patterns: str) -> Iterator[str]:
        for pattern in patterns:
            for path in sorted((checkout / "notebooks").glob(pattern)):
                yield f"notebooks/{path.name}"

    yield "Part I: the walk", found(PART_ONE)
    yield "Part II: choose your own", found(*PART_TWO)
    yield "Beside the notebooks", (n for n in BESIDE if (checkout / n).is_file())


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".ipynb":
        nb = without_views(nbformat.read(source, as_version=4))
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.source = link_twins(cell.source)
        nbformat.write(nb, target)
    elif source.suffix == ".md":
        target.write_text(link_twins(source.read_text("utf-8")), "utf-8")
    else:
        shutil.copyfile(source, target)


def _copy_twins(source: Path, target: Path) -> None:
    """Each page with its link to a notebook turned to the notebook's own page."""
    target.mkdir(parents=True)
    for path in source.glob("*.html"):
        page = path.read_text("utf-8").replace('.ipynb">', '.html">')
        (target / path.name).write_text(page, "utf-8")


def link_twins(text: str) -> str:
    """Links to twins as HTML: Jupyter Book makes downloads of the files it links to."""
    return TWIN_LINK.sub(r'<a href="\2">\1</a>', text)


def without_views(nb: NotebookNode) -> NotebookNode:
    """The same notebook with the static twin of each widget in the widget's place.

    Without the cell that finds the package, too: there is nothing to run.
    """
    nb = nbformat.from_dict(nb)
    nb.metadata.pop("widgets", None)
    nb.cells = [
        cell for cell in nb.cells if "bootstrap" not in cell.metadata.get("tags", ())
    ]
    for cell in nb.cells:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(VIEW, None)
    return nb


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0]
