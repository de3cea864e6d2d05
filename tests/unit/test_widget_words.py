"""One table holds what the widgets say; it is whole, and all of it is said."""

import re
from collections import Counter
from pathlib import Path

import pytest

from alexnet_lib.widgets import sketch_pad, words
from alexnet_lib.widgets.words import english_table, words_of
from tests.unit.words_scan import (
    faults,
    names_in,
    spelled_out,
    spelled_out_in_a_page,
)

ROOM = Path(words.__file__).parent
SOURCES = {
    path.name: path.read_text(encoding="utf-8") for path in sorted(ROOM.glob("*.py"))
}
del SOURCES["words.py"]  # what it says is for the translator
TABLE = (ROOM / "words.yaml").read_text(encoding="utf-8")


def test_the_widgets_and_the_table_agree():
    assert faults(SOURCES, english_table()) == []


def test_no_widget_spells_out_its_words():
    assert spelled_out(SOURCES) == []
    for path in ROOM.glob("*.js"):
        assert spelled_out_in_a_page(path.read_text(encoding="utf-8")) == [], path.name


def test_every_entry_is_there_once_and_is_words():
    for widget, entries in english_table().items():
        assert all(isinstance(said, str) and said.strip() for said in entries.values())
        assert all(isinstance(key, str) for key in entries), widget
    lines = re.findall(r"^(?:(\w+):|  (\w+): .*)$", TABLE, re.MULTILINE)
    found, widget = Counter(), ""
    for head, key in lines:
        widget = head or widget
        found[f"{widget}.{key}"] += 1
    assert [name for name, count in found.items() if count > 1] == []
    many = sum(map(len, english_table().values())) + len(english_table())
    assert found.total() == many > 300


def test_the_page_of_the_pad_is_given_what_it_says():
    page = (ROOM / "sketch_pad.js").read_text(encoding="utf-8")
    given = sketch_pad.Canvas().words
    assert set(re.findall(r"\bwords\.(\w+)", page)) - {"replace"} == given.keys()
    filled = re.findall(r"filled\(words\.(\w+), \{ ([\w, ]+) \}", page)
    assert {key: set(names.split(", ")) for key, names in filled} == {
        "place": names_in(given["place"]),
        "how": names_in(given["how"]),
    }
    assert given["place"] == "row {row}, column {column}: shade {shade}"
    assert given["how"].endswith(" draw a line. {place}")


def test_an_entry_is_filled_in_and_a_count_chooses_its_form():
    assert words_of("ruler")("bar_over", number=7, count=2) == (
        "window 7: 2 over the edge"
    )
    say = words_of("committee")
    assert say.counted("of_networks", 1) == "1 network"
    assert say.counted("of_networks", 20) == "20 networks"
    assert say.counted("vote", 1, name="Coat") == "1 says Coat"


# ---------------------------------------------------------------- the reader of sources
GOOD = """
'''A docstring of several words.'''
from alexnet_lib.widgets.words import words_of
say = words_of("toy")
def sentence(self, count, low):
    entry = "low" if low else "high"
    if count < 0:
        raise ValueError(f"the count is {count}: it must not be negative")
    box = Layout(flex_flow="row wrap")
    mark = f'<rect x="{count}" style="fill:red" stroke="black"/>'
    return say(entry) + say.counted("dogs", count) + say("bark", name=f"{low:.2f}")
"""
TOY = {
    "toy": {
        "low": "deep",
        "high": "high",
        "dogs_one": "a dog",
        "dogs_many": "{count} dogs",
        "bark": "{name} barks",
    }
}


def test_a_good_module_has_no_fault():
    assert faults({"good.py": GOOD}, TOY) == []
    assert spelled_out({"good.py": GOOD}) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"low" if', '"deep" if', "good.py:11: there is no entry toy.deep"),
        ("name=f", "dog=f", "good.py:11: toy.bark is given dog, not name"),
        ('"bark", ', '"bark", count=2, ', "toy.bark is given count, name, not name"),
        (', name=f"{low:.2f}"', "", "good.py:11: toy.bark is given nothing, not name"),
        ('count) + say("b', 'count, of=3) + say("b', "given count, of, not nothing"),
        ('say("bark", name=f"{low:.2f}")', '""', "nobody says toy.bark"),
        ('say("bark"', "say(low", "good.py:11: there is no entry toy.?"),
        ('words_of("toy")', 'words_of("cat")', "there is no entry cat.low"),
    ],
)
def test_a_fault_between_words_and_widgets_is_found(old, new, said):
    assert GOOD.count(old) == 1
    found = faults({"good.py": GOOD.replace(old, new)}, TOY)
    assert said in "\n".join(found)


@pytest.mark.parametrize("key", ["dogs_one", "dogs_many"])
def test_a_form_that_is_missing_is_found(key):
    table = {"toy": {k: v for k, v in TOY["toy"].items() if k != key}}
    assert faults({"good.py": GOOD}, table) == [
        f"good.py:11: there is no entry toy.{key}"
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('Button(description="Play")', "Play"),
        ('Button(tooltip="play it")', "play it"),
        ('Buttons(tooltips=("play", say("low")))', "play"),
        ('Text(placeholder="numbers")', "numbers"),
        ('Buttons(options=["this", say("low")])', "this"),
        ('FIRST = "this"; Buttons(options=[FIRST])', "this"),
        ('NETS = {"paper": 1}; Dropdown(options=list(NETS))', "paper"),
        ('[Slider(description=each) for each in ("Row", say("low"))]', "Row"),
        ('HTML("Answer")', "Answer"),
        ('HTML(f"<p>Answer: {x}</p>")', "<p>Answer: \N{REPLACEMENT CHARACTER}</p>"),
        ('self.play.description = "Play"', "Play"),
        ('self.caption.say("nothing")', "nothing"),
        ('text(1, 2, "votes", "black")', "votes"),
        ('parts.append(f"{x} epochs")', "\N{REPLACEMENT CHARACTER} epochs"),
        ('def words(self): return "all is well"', "all is well"),
        ("def words(self): return f\"{x if x else 'no runs'}\"", "no runs"),
        ('def take(self, what="this picture"): pass', "this picture"),
    ],
)
def test_words_of_a_widget_itself_are_found(line, words):
    found = spelled_out({"good.py": GOOD, "bad.py": line})
    assert found == [f"bad.py:1 spells out {words!r}"]


def test_words_of_a_page_itself_are_found():
    assert spelled_out_in_a_page(
        """
        // a comment, 'of words'
        canvas.style.cssText = "touch-action:none;background:black";
        status.textContent = `row ${row}, column ${col}`;
        canvas.setAttribute("aria-roledescription", "sketch pad");
        """
    ) == [
        "row x, column x",
        "sketch pad",
    ]
