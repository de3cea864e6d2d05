"""The slides: made from the notebooks, shown without a network, without an answer."""

import re
from html import unescape
from pathlib import Path

import nbformat
import pytest

from alexnet_lib.classroom.slides import make_deck, plain
from alexnet_lib.classroom.slides_page import render_deck
from alexnet_lib.classroom.solutions import exercises
from alexnet_lib.learning.content import notebook_content

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("0[0-8]_*.ipynb"))
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
MOST_WORDS = 75  # on a slide, options of a bet and a caption included


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem[:2])
def made(request):
    """A notebook of the core path, its deck, and the deck's file."""
    nb = nbformat.read(request.param, as_version=4)
    deck = make_deck(nb, request.param.stem[:2])
    return nb, deck, render_deck(deck)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def letters(code: str) -> str:
    return "".join(code.split())


def test_the_core_path_is_nine_notebooks():
    assert [path.stem[:2] for path in NOTEBOOKS] == [f"{n:02}" for n in range(9)]


def test_a_deck_fits_a_lecture(made):
    _, deck, page = made
    assert 8 <= len(deck.slides) <= 25
    assert page.count("<section ") == len(deck.slides)
    kinds = [slide.kind for slide in deck.slides]
    assert kinds[0] == "title"
    assert kinds.count("exercise") == 1
    assert {"question", "bet", "text", "end"} <= set(kinds)


def test_no_slide_is_crowded_or_empty(made):
    _, deck, _ = made
    for slide in deck.slides[1:]:
        if slide.kind == "exercise":
            continue
        caption = slide.notes if slide.kind == "picture" else ""
        said = words(slide.title + " " + slide.body + " " + caption).split()
        assert len(said) <= MOST_WORDS, f"{slide.title}: {len(said)} words"
        assert said or "<img" in slide.body


def test_nothing_comes_from_outside(made):
    """Only data addresses, and no link: a slide is shown where there is no network."""
    _, _, page = made
    assert "default-src 'none'" in page
    assert "<link" not in page
    assert "<a " not in page
    assert "@import" not in page
    markup = re.sub(r'src="data:[^"]*"', "", page)
    assert not re.search(r"\bsrc=|\bhref=|url\(|https?:|fetch\(|import\(", markup)


def test_every_picture_says_what_it_shows(made):
    nb, _, page = made
    images = re.findall(r"<img [^>]*>", page)
    described = [re.search(r'\balt="([^"]+)"', image) for image in images]
    assert all(match and len(match[1].split()) > 2 for match in described)
    stored = "".join(
        "".join(output.get("data", {}).get("text/html", ""))
        for cell in nb.cells
        for output in cell.get("outputs", ())
    )
    assert all(match[0] in stored for match in described)


def parted(nb: nbformat.NotebookNode) -> tuple[str, str]:
    """What the student is given, and what is folded away as a solution."""
    hidden = {part.solution for part in exercises(nb)}
    given = "\n".join(c.source for i, c in enumerate(nb.cells) if i not in hidden)
    return given, "\n".join(nb.cells[index].source for index in hidden)


def test_no_line_of_a_solution_is_on_a_slide(made):
    """But for lines that stand in what the student is given as well."""
    nb, _, page = made
    given, folded = map(letters, parted(nb))
    shown = letters(words(re.sub(r'src="[^"]*"', "", page)))
    lines = [line for part in exercises(nb) for line in part.code.splitlines()]
    secret = {letters(line) for line in lines if len(letters(line)) > 12}
    secret = {line for line in secret if line not in given}
    assert secret
    assert all(line in folded for line in secret)
    assert not {line for line in secret if line in shown}


def test_no_explanation_of_a_solution_is_on_a_slide(made):
    nb, _, page = made
    shown = letters(words(re.sub(r'src="[^"]*"', "", page)))
    for part in exercises(nb):
        explained = nb.cells[part.solution].source.rpartition("```")[2]
        for sentence in re.split(r"[.:]", explained.replace("</details>", "")):
            if len(sentence.split()) > 4:
                assert letters(plain(sentence)) not in shown


def test_no_number_that_only_a_solution_has_is_on_a_slide(made):
    nb, _, page = made
    aside = r'<(style|script)>.*?</\1>|<div class="place">.*?</div>'
    shown = words(re.sub(aside, "", page, flags=re.DOTALL))
    given, folded = (set(NUMBER.findall(text)) for text in parted(nb))
    assert not (folded - given) & set(NUMBER.findall(shown))


def test_bets_are_asked_and_not_settled(made):
    _, deck, page = made
    assert "Show what came out" not in page
    asked = [words(slide.body) for slide in deck.slides if slide.kind == "bet"]
    content = notebook_content(deck.number)
    for bet in content["predictions"].values():
        found = [text for text in asked if text.startswith(plain(bet["question"]))]
        assert len(found) == 1
        assert all(plain(option) in found[0] for option in bet["options"])
    assert plain(content["who_is_right"]["question"]) in asked[-1]
