"""How slides are made: small notebooks, and the command with what it refuses."""

import json
import re

import nbformat
import pytest

from alexnet_lib import runtime
from alexnet_lib.__main__ import main
from alexnet_lib.classroom.slides import inline, make_deck, plain
from alexnet_lib.classroom.slides_page import render_deck
from tests.unit.command_line import call, error_of

PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAyAAAAFeCAIAAAAqrSTAAAAA"


def notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook 02 around these cells of a core section."""
    markdown = nbformat.v4.new_markdown_cell
    head = markdown("# 02 · Why?\n\n**They say**: yes.\n\n**The doubt**: no.")
    section = markdown("## 1 · Where? · core\n\nHere.", metadata={"tags": ["core"]})
    end = markdown("**Verdict so far.** Perhaps.\n\n**What still does not fit.** All.")
    return nbformat.v4.new_notebook(cells=[head, section, *cells, end])


def shows(html: str) -> nbformat.NotebookNode:
    output = nbformat.v4.new_output("display_data", data={"text/html": html})
    return nbformat.v4.new_code_cell("show(fig)", outputs=[output])


def test_a_stretch_section_is_left_out():
    cell = nbformat.v4.new_markdown_cell
    stretch = cell("## 2 · More? · stretch\n\nMuch.", metadata={"tags": ["stretch"]})
    seen = cell("**What we saw.** Hidden.")
    deck = make_deck(notebook(stretch, seen), "02")
    assert [slide.title for slide in deck.slides] == [
        "Why?",
        "Says who?",
        "Where?",
        "Who is right?",
        "Verdict so far",
        "What still does not fit",
    ]


def test_small_pictures_share_a_slide_and_large_ones_do_not():
    wide = f'<img alt="a wide one" src="{PIXEL}">'  # 800 x 350
    small = '<img alt="a small one" src="data:image/svg+xml;base64,{}">'.format(
        "PHN2ZyB3aWR0aD0iMTAwIiBoZWlnaHQ9IjUwIj4="  # <svg width="100" height="50">
    )
    together = make_deck(notebook(shows(f"<p>Said.</p>{wide}{small}")), "02")
    (slide,) = [slide for slide in together.slides if slide.kind == "picture"]
    assert "grid-template-columns:2.29fr 2.00fr" in slide.body
    assert slide.notes == "Said."
    apart = make_deck(notebook(shows(wide * 3)), "02")
    assert [slide.kind for slide in apart.slides].count("picture") == 2  # first, last


@pytest.mark.parametrize(
    ("html", "message"),
    [
        (f'<img src="{PIXEL}">', "has no description: give it an alt"),
        ('<img alt="a b c" src="files/x.png">', "is not in the notebook: files/x.png"),
        ('<img alt="a" src="data:image/gif;base64,R0lG">', "neither PNG nor SVG"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_named(html, message):
    with pytest.raises(ValueError, match=message) as error:
        make_deck(notebook(shows(html)), "02")
    assert "picture" in str(error.value)


def test_a_table_stays_in_the_notebook():
    deck = make_deck(
        notebook(shows("<table><tr><td>37,752,832</td></tr></table>")), "02"
    )
    assert "37,752,832" not in render_deck(deck)


def test_a_sentence_that_leads_on_is_left_out():
    cell = nbformat.v4.new_markdown_cell
    for text, kept in (
        ("One holds. And two are these: a table.", "One holds. And two are these: a"),
        ("One holds. And two are these:\n\n| a |", "<p>One holds.</p>"),
        ("One holds. (Two. " + "More " * 50 + ".)", "<p>One holds.</p>"),
        ("One holds. Is two so?", "<p>One holds.</p>"),
    ):
        deck = make_deck(notebook(cell(f"**What we saw.** {text}")), "02")
        (slide,) = [slide for slide in deck.slides if slide.title == "What we saw"]
        assert slide.body.startswith(kept) or kept in slide.body


def test_a_notebook_without_a_title_is_named():
    nb = notebook()
    nb.cells[0].source = "Why?"
    with pytest.raises(ValueError, match=r"^notebook 02 has no title such as `# 02"):
        make_deck(nb, "02")


def test_text_becomes_html_that_leads_nowhere():
    text = "A **bold** `x < 1` and *one*, [there](https://x.org), 2 * 3 & 4"
    assert inline(text) == (
        "A <b>bold</b> <code>x &lt; 1</code> and <i>one</i>, there, 2 * 3 &amp; 4"
    )
    assert plain(text) == "A bold x < 1 and one, there, 2 * 3 & 4"


def test_the_command_writes_the_chosen_decks_and_a_list(tmp_path, capsys):
    out = tmp_path / "new" / "slides"
    result = call(capsys, "slides", "02", "00", "02", "--out", out)
    assert result["folder"] == str(out)
    assert [deck["notebook"] for deck in result["decks"]] == ["00", "02"]
    files = [deck["file"] for deck in result["decks"]]
    assert sorted(path.name for path in out.iterdir()) == sorted([*files, "index.html"])
    index = (out / "index.html").read_text()
    assert re.findall(r'href="([^"]+)"', index) == files
    for deck in result["decks"]:
        page = (out / deck["file"]).read_text()
        assert page.count("<section ") == deck["slides"]
    assert main(["slides", "00", "--out", str(out)]) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert re.fullmatch(
        rf"00_start_here\.html +{result['decks'][0]['slides']} s.*", first
    )
    assert last == f"open {out}/index.html"


def test_what_cannot_be_made_is_one_line(tmp_path, capsys, monkeypatch):
    known = r"there are 00, 01, 02"
    line = error_of(capsys, "slides", "99", "--out", tmp_path / "none")
    assert re.match(rf"no notebook '99': {known}", line)
    assert not (tmp_path / "none").exists()
    (tmp_path / "taken").touch()
    line = error_of(capsys, "slides", "00", "--out", tmp_path / "taken")
    assert line == f"{tmp_path}/taken is a file: name a folder"
    broken = tmp_path / "notebooks" / "02_x.ipynb"
    broken.parent.mkdir()
    broken.write_text("{")
    monkeypatch.setattr(runtime, "checkout", lambda: tmp_path)
    line = error_of(capsys, "slides", "02", "--out", tmp_path / "none")
    assert line == "02_x.ipynb cannot be read: build it with `make notebooks`"
    broken.write_text(json.dumps(notebook()))
    assert call(capsys, "slides", "02", "--out", tmp_path / "made")["decks"]
    monkeypatch.setattr(runtime, "checkout", lambda: None)
    assert "clone it, and run this there" in error_of(capsys, "slides")
