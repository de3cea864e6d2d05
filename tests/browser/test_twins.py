"""The twins as a reader opens them: a file, no network; and beside the live widgets."""

import re
from itertools import product
from math import prod
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from alexnet_lib.classroom.source import KERNEL
from tests.browser.conftest import NOTEBOOKS
from tests.browser.test_explorer import click, press_on, toggle
from tests.unit.twin_files import alike

pytestmark = [pytest.mark.browser, pytest.mark.needs_browser]
FOLDER = NOTEBOOKS / "twins"
FILES = sorted(FOLDER.glob("*.html"))
NAME = "beside_their_twins.ipynb"
CODE = """\
import torch
from alexnet_lib import data, widgets
from alexnet_lib.learning import shipped
torch.set_num_threads(1)
opened, pictures = shipped.first_shipped("d2l", "quarter"), data.load()
explorer = widgets.explorer(opened.network, pictures, opened.history)
"""
CELLS = (
    "widgets.layer_cockpit()",
    "explorer.filters",
    "explorer.maps",
    "widgets.channel_surgery(opened.network, pictures, number=39)",
    "widgets.lrn_triangle()",
)
BUTTONS = "rows => rows.map(r => [...r.querySelectorAll('input')].map(i => i.id))"
STATE = """() => {
    const shown = [...document.querySelectorAll('section')]
        .filter(each => each.checkVisibility());
    const [state] = shown;
    return {
        count: shown.length,
        id: state.id,
        title: state.querySelector('h2').innerText,
        words: state.querySelector('[role=status]').innerText,
        tables: [...state.querySelectorAll('table')].map(t => t.innerText),
        images: [...state.querySelectorAll('img')].map(i => [i.alt, i.src]),
        broken: [...state.querySelectorAll('img')]
            .filter(i => !i.complete || !i.naturalWidth).length,
        chosen: [...document.querySelectorAll('input:checked')].map(i => i.id),
        labels: [...document.querySelectorAll('label:has(input:checked)')]
            .map(label => label.innerText.trim()),
    };
}"""
LIVE = """caption => {
    const out = document.querySelector(caption).closest('.jp-OutputArea-output');
    return {
        tables: [...out.querySelectorAll('table')].map(t => t.innerText),
        images: [...out.querySelectorAll('img')].map(i => [i.alt, i.src]),
    };
}"""
SAYS = "([css, words]) => words.startsWith(document.querySelector(css).innerText)"
NAMES_CHANNEL = (
    "name => document.querySelector('.maps-caption').innerText.includes(name)"
)
PATIENCE = 60_000  # milliseconds that a busy machine may take


class Reader:
    """A page in a browser that reaches no network, and what it asked and said."""

    def __init__(self, context):
        self.asked: list[str] = []
        self.complaints: list[str] = []
        context.route(re.compile("^(https?|wss?):"), lambda route: route.abort())
        self.page = context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: Path) -> list[list[str]]:
        """The ids of its buttons, row by row."""
        self.page.goto(path.as_uri())
        return self.page.locator("fieldset").evaluate_all(BUTTONS)

    def choose(self, path: Path, *numbers: int) -> dict:
        """Open a twin and press a button in each row."""
        for row, number in zip(self.open(path), numbers, strict=True):
            self.page.locator(f"#{row[number]}").check()
        return self.state()

    def state(self) -> dict:
        """The one state that is shown: whole, and the one that is chosen."""
        state = self.page.evaluate(STATE)
        assert state["count"] == 1
        numbers = [each.rpartition("-")[2] for each in state["chosen"]]
        assert state["id"] == "-".join(["state", *numbers])
        assert all(words in state["title"] for words in state["labels"])
        assert state["images"] or state["tables"]
        assert state["broken"] == 0
        assert all(len(alt) > 20 for alt, _source in state["images"])
        return state


@pytest.fixture
def reader(chromium):
    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    yield Reader(context)
    context.close()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_state_by_mouse_and_every_button_by_keyboard(reader, results, path):
    rows, page = reader.open(path), reader.page
    page.screenshot(path=results / f"twin_{path.stem}.png", full_page=True)
    seen = set()
    for combination in product(*rows):
        for button in combination:
            if not page.locator(f"#{button}").is_checked():
                page.locator(f"label:has(#{button})").click()
        state = reader.state()
        assert state["chosen"] == list(combination)
        seen.add(state["id"])
    assert len(seen) == prod(map(len, rows)) == page.locator("section").count()

    reader.open(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "A"
    for row in rows:
        page.keyboard.press("Tab")
        for button in row[1:]:
            page.keyboard.press("ArrowRight")
            assert page.evaluate("document.activeElement.id") == button
            assert button in reader.state()["chosen"]
    assert reader.asked == [path.as_uri()] * 2
    assert reader.complaints == []


@pytest.fixture
def live(lab, results):
    """JupyterLab with the five widgets, on the real pictures."""
    cells = [new_code_cell(code) for code in (CODE, *CELLS)]
    nb = new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    nbformat.write(nb, lab.root / NAME)
    page = lab.open_notebook(NAME)
    try:
        lab.run_all(page, NAME, 300)
        yield page
        assert lab.complaints == []
    finally:
        page.screenshot(path=results / "beside_their_twins.png")
        page.close()


@pytest.mark.needs_data
def test_the_live_widgets_show_the_same(real_data_root, live, reader):
    def same(name: str, caption: str, *numbers: int) -> None:
        twin = reader.choose(FOLDER / f"{name}.html", *numbers)
        live.wait_for_function(SAYS, arg=[caption, twin["words"]], timeout=PATIENCE)
        for _ in range(PATIENCE // 100):  # pictures may arrive after the words
            there = live.evaluate(LIVE, caption)
            sources = dict(there["images"])
            others = [
                alt
                for alt, source in twin["images"]
                if not (alt in sources and alike(source, sources[alt]))
            ]
            if not others and twin["tables"] == there["tables"]:
                break
            live.wait_for_timeout(100)
        assert others == []
        assert twin["tables"] == there["tables"]

    same("layer_cockpit", ".cockpit-caption", 0, 0)
    toggle(live, "ceil")
    same("layer_cockpit", ".cockpit-caption", 0, 1)

    same("filter_wall", ".filters-caption", 0, 0, 0)
    press_on(live, "Sort by", "ArrowRight")
    same("filter_wall", ".filters-caption", 0, 1, 0)
    press_on(live, "Moment", "Home")
    same("filter_wall", ".filters-caption", 0, 1, 1)

    to_channel(live, reader.choose(FOLDER / "activation_maps.html", 0, 0)["words"])
    same("activation_maps", ".maps-caption", 0, 0)
    press_on(live, "Number", "ArrowRight")
    to_channel(live, reader.choose(FOLDER / "activation_maps.html", 1, 0)["words"])
    same("activation_maps", ".maps-caption", 1, 0)

    same("channel_surgery", ".surgery-caption", 0, 0, 1)
    click(live, "Silence until it changes")
    same("channel_surgery", ".surgery-caption", 0, 0, 2)

    same("lrn_triangle", ".triangle-caption", 0, 0, 0)
    for _ in range(2):
        press_on(live, "Window n", "ArrowRight")
    same("lrn_triangle", ".triangle-caption", 0, 1, 0)


def to_channel(live, words: str) -> None:
    """Go to the picture and the channel that a twin speaks of, and to its maximum."""
    picture = re.match(r"Test picture \d+, ", words)[0]
    live.wait_for_function(NAMES_CHANNEL, arg=picture, timeout=PATIENCE)
    now, wanted = (
        int(re.search(r"Channel (\d+) of", text)[1])
        for text in (live.locator(".maps-caption").inner_text(), words)
    )
    for _ in range(abs(wanted - now)):
        press_on(live, "Channel", "ArrowRight" if wanted > now else "ArrowLeft")
    name = f"Channel {wanted} of"
    live.wait_for_function(NAMES_CHANNEL, arg=name, timeout=PATIENCE)
    click(live, "Its strongest place")
