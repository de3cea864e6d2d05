"""The glossary: every word is used where it says, and has its Chinese term."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "notebooks" / "glossary.md"
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in GLOSSARY.read_text("utf-8").splitlines()
    if line.startswith("|") and not line.startswith(("| term", "|---"))
]
CHINESE = re.compile("[\u4e00-\u9fff]{2,}|[\u4e00-\u9fff]$")


def test_words_are_sorted_and_listed_once():
    terms = [row[0] for row in ROWS]
    assert terms == sorted(set(terms), key=str.lower)
    assert len(terms) >= 50


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_word_is_explained_in_both_languages_and_used_where_it_says(row):
    term, chinese, sentence, notebook = row
    assert CHINESE.search(chinese)
    assert sentence.endswith(".")
    [source] = (ROOT / "notebooks" / "source").glob(f"{notebook}_*.py")
    content = ROOT / "alexnet_lib" / "learning" / "content" / f"{notebook}.yaml"
    text = (source.read_text("utf-8") + content.read_text("utf-8")).lower()
    text = re.sub(r"[\s#]+", " ", text)
    for word in term.lower().split(", "):
        assert re.search(rf"\b{re.escape(word)}", text), word
