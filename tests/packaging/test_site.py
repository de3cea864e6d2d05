"""The sources of the web edition: what is a page, and what is left out."""

import re
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
import yaml

from alexnet_lib.classroom.site import VIEW, link_twins, without_views, write_book
from alexnet_lib.commands import site

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\((?!https?:|#|attachment:)([^)\s#]+)")


@pytest.fixture(scope="module")
def mathjax(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("mathjax")
    (folder / "MathJax.js").write_text("// stands for the real one")
    return folder


@pytest.fixture(scope="module")
def book(tmp_path_factory, mathjax) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("site") / "book"
    return folder, write_book(ROOT, folder, mathjax)


def test_every_notebook_is_a_page_and_every_page_is_in_the_contents(book):
    folder, pages = book
    notebooks = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    assert [p for p in pages if p.endswith(".ipynb")] == [
        f"notebooks/{path.name}" for path in notebooks
    ]
    contents = yaml.safe_load((folder / "_toc.yml").read_text())
    listed = [c["file"] for part in contents["parts"] for c in part["chapters"]]
    assert [page.rsplit(".", 1)[0] for page in pages] == ["README", *listed]


def test_every_link_between_the_pages_leads_somewhere(book):
    folder, pages = book
    for page in pages:
        path = folder / page
        if path.suffix == ".ipynb":
            cells = nbformat.read(path, as_version=4).cells
            texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
        else:
            texts = [path.read_text("utf-8")]
        for link in LINK.findall("\n".join(texts)):
            assert (path.parent / unquote(link)).exists(), f"{page}: {link}"


def test_the_twins_come_along_and_their_links_lead_to_pages_and_back(book):
    folder, pages = book
    sites = {page.rsplit(".", 1)[0] + ".html" for page in pages}
    twins = {path.name: path for path in (folder / "extra/notebooks/twins").iterdir()}
    assert twins.keys() == {p.name for p in (ROOT / "notebooks/twins").glob("*.html")}
    for path in twins.values():
        (link,) = re.findall(r'href="([^"]+)"', path.read_text("utf-8"))
        assert f"notebooks/{link.removeprefix('../')}" in sites
    linked = set()
    for page in pages:
        text = (folder / page).read_text("utf-8")
        assert not re.search(r"\]\([^)]*twins/", text), page
        linked |= set(re.findall(r'href=\\?"(?:notebooks/)?twins/(\w+\.html)', text))
    assert linked == twins.keys()


def test_a_link_to_a_twin_becomes_html_and_no_other():
    assert link_twins("See [a wall](twins/wall.html), [b](08_b.ipynb).") == (
        'See <a href="twins/wall.html">a wall</a>, [b](08_b.ipynb).'
    )
    assert link_twins("[a](notebooks/twins/a.html) [c](c/twins/c.html)") == (
        '<a href="notebooks/twins/a.html">a</a> [c](c/twins/c.html)'
    )


def test_no_page_waits_for_a_kernel(book):
    folder, pages = book
    for page in pages:
        if page.endswith(".ipynb"):
            text = (folder / page).read_text("utf-8")
            assert VIEW not in text
            assert "bootstrap" not in text


def test_a_widget_leaves_its_twin():
    output = nbformat.v4.new_output(
        "display_data", data={VIEW: {"model_id": "1"}, "text/html": "<p>twin</p>"}
    )
    cell = nbformat.v4.new_code_cell("show()", outputs=[output])
    nb = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {}})
    assert without_views(nb).cells[0].outputs[0].data == {"text/html": "<p>twin</p>"}
    assert VIEW in nb.cells[0].outputs[0].data  # the given one is not changed


def test_a_folder_in_use_and_missing_tools_are_one_line(tmp_path, mathjax, monkeypatch):
    (tmp_path / "mine.txt").touch()
    with pytest.raises(ValueError, match=r"is not empty: name a new folder$"):
        write_book(ROOT, tmp_path, mathjax)
    with pytest.raises(
        FileNotFoundError, match=r"no MathJax.js in .*: call `make site`"
    ):
        write_book(ROOT, tmp_path / "new", tmp_path)
    monkeypatch.setattr(site, "find_spec", lambda name: None)
    with pytest.raises(
        RuntimeError, match=r"^Jupyter Book is not installed here: call"
    ):
        site._mathjax()


def test_a_failed_build_leaves_the_old_pages(tmp_path, monkeypatch):
    old = tmp_path / "site"
    old.mkdir()
    (old / "index.html").write_text("old")
    monkeypatch.setattr(site, "write_book", lambda *_: [])
    monkeypatch.setattr(site, "_mathjax", lambda: tmp_path)
    program = tmp_path / "jupyter-book"
    program.write_text("#!/bin/sh\necho a warning about page 7\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setattr(site.sys, "executable", str(tmp_path / "python"))
    arguments = type("Arguments", (), {"out": old})
    with pytest.raises(RuntimeError, match=r"exit status 3\): a warning about page 7"):
        site.run(arguments)
    assert (old / "index.html").read_text() == "old"
