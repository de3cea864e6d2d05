"""The explorer and the surgery, by mouse and by keyboard, and how long a key takes."""

import re
import statistics

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from alexnet_lib.classroom.source import KERNEL
from alexnet_lib.widgets.filter_wall import ORDERS

pytestmark = [pytest.mark.browser, pytest.mark.needs_browser]
NAME = "looking.ipynb"
CODE = """\
import torch
from alexnet_lib import data, widgets
from alexnet_lib.learning import shipped
torch.set_num_threads(1)
opened, pictures = shipped.first_shipped("quarter"), data.load()
widgets.explorer(opened.network, pictures, opened.history)
"""
SURGERY = "widgets.channel_surgery(opened.network, pictures)"
FILTERS, MAPS, CUT = ".filters-caption", ".maps-caption", ".surgery-caption"
WALL, SHEET = ".filters-wall", ".maps-sheet"
CHANGED = "([css, old]) => document.querySelector(css).innerText !== old"
NEW_PICTURE = (
    "([css, old]) => { const img = document.querySelector(css + ' img');"
    " return img && img.src !== old && img.complete && img.naturalWidth > 0; }"
)
WORDLESS = (
    "images => images.filter(i => i.alt.trim().length < 12).map(i => i.outerHTML)"
)
PATIENCE = 60_000  # milliseconds that a busy machine may take
KEYS = 9


@pytest.fixture
def page(lab, results):
    cells = [new_code_cell(CODE), new_code_cell(SURGERY)]
    nb = new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    nbformat.write(nb, lab.root / NAME)
    page = lab.open_notebook(NAME)
    try:
        lab.run_all(page, NAME, 240)
        yield page
        assert page.locator(".jp-Notebook img").evaluate_all(WORDLESS) == []
        assert lab.complaints == []
    finally:
        page.screenshot(path=results / "looking.png")
        page.close()


def test_look_about_by_mouse_and_keyboard(page, capsys):
    changes(page, WALL, FILTERS, lambda: toggle(page, "what the data can see"))
    for _ in range(len(ORDERS) - 1):
        changes(page, WALL, FILTERS, lambda: press_on(page, "Sort by", "ArrowRight"))
    assert "sorted by orientation" in page.locator(FILTERS).inner_text()

    toggle(page, "the maps of a picture")
    page.locator(MAPS).wait_for(timeout=PATIENCE)
    for layer in ("pool1", "conv2"):
        changes(page, SHEET, MAPS, lambda: press_on(page, "Layer", "ArrowRight"))
        assert f" of {layer} at row" in page.locator(MAPS).inner_text()
    changes(page, SHEET, MAPS, lambda: press_on(page, "Channel", "ArrowRight"))
    assert "Channel 1 of conv2" in page.locator(MAPS).inner_text()
    words_change(page, MAPS, lambda: press_on(page, "Row", "ArrowLeft"))
    changes(page, SHEET, MAPS, lambda: press_on(page, "Number", "ArrowRight"))
    assert page.locator(MAPS).inner_text().startswith("Test picture 1, ")
    changes(page, SHEET, MAPS, lambda: click_in_the_middle(page, "Channel"))
    number = re.search(r"Channel (\d+) of", page.locator(MAPS).inner_text())[1]
    assert int(number) > 10
    changes(page, SHEET, MAPS, lambda: toggle(page, "a drawing"))
    assert page.locator(MAPS).inner_text().startswith("Your drawing")
    changes(page, SHEET, MAPS, lambda: toggle(page, "a test picture"))

    for what, label, key in (
        ("another of 64 maps of 26 x 26", "Channel", "ArrowLeft"),
        ("all activations of a new picture", "Number", "ArrowRight"),
    ):
        times = [key_to_picture(page, SHEET, label, key) for _ in range(KEYS)]
        with capsys.disabled():
            print(f"\nkey to picture, {what}: {statistics.median(times):.0f} ms")
        assert statistics.median(times) < PATIENCE


def test_cut_by_mouse_and_keyboard(page):
    assert "Without 4 of 64 channels" in page.locator(CUT).inner_text()
    words_change(page, CUT, lambda: click(page, "Hear them all"))
    assert "All channels are heard" in page.locator(CUT).inner_text()
    words_change(page, CUT, lambda: click(page, "Silence until it changes"))
    assert "it now says" in page.locator(CUT).inner_text()
    words_change(page, CUT, lambda: type_in(page, "Silent", "3, 5-6"))
    assert "3 of 64 channels of relu5 (3, 5, 6)" in page.locator(CUT).inner_text()
    words_change(page, CUT, lambda: press_on(page, "Number", "ArrowRight"))
    assert page.locator(CUT).inner_text().startswith("Test picture 1, ")
    words_change(page, CUT, lambda: press_on(page, "Layer", "ArrowLeft"))
    assert "All channels are heard" in page.locator(CUT).inner_text()


def type_in(page, label: str, words: str) -> None:
    box = page.locator(".widget-text", has=page.get_by_text(label, exact=True))
    box.locator("input").first.fill(words)
    page.keyboard.press("Tab")


def toggle(page, words: str) -> None:
    page.locator("button.widget-toggle-button").filter(has_text=words).first.click()


def click(page, words: str) -> None:
    page.locator("button.widget-button").filter(has_text=words).first.click()


def slider(page, label: str):
    found = page.locator(".widget-slider", has=page.get_by_text(label, exact=True))
    return found.first


def press_on(page, label: str, key: str) -> None:
    handle = slider(page, label).locator(".noUi-handle").first
    handle.scroll_into_view_if_needed()
    handle.focus()
    page.keyboard.press(key)


def click_in_the_middle(page, label: str) -> None:
    slider(page, label).locator(".noUi-target").first.click()


def words_change(page, css: str, act) -> None:
    before = page.locator(css).first.inner_text()
    act()
    page.wait_for_function(CHANGED, arg=[css, before], timeout=PATIENCE)


def changes(page, picture: str, caption: str, act) -> None:
    """An act after which there is another picture, and other words."""
    before = page.locator(f"{picture} img").first.get_attribute("src")
    words_change(page, caption, act)
    page.wait_for_function(NEW_PICTURE, arg=[picture, before], timeout=PATIENCE)


def key_to_picture(page, css: str, label: str, key: str) -> float:
    """Milliseconds from a key on a slider to the new picture in the page."""
    handle = slider(page, label).locator(".noUi-handle").first
    handle.focus()
    page.evaluate(
        """css => {
            const old = document.querySelector(css + ' img').src;
            window.begun = undefined; window.took = undefined;
            document.addEventListener('keydown', () => {
                window.begun = performance.now();
                const look = () => {
                    const img = document.querySelector(css + ' img');
                    if (img && img.src !== old && img.complete) {
                        window.took = performance.now() - window.begun;
                    } else { requestAnimationFrame(look); }
                };
                look();
            }, {once: true, capture: true});
        }""",
        css,
    )
    page.keyboard.press(key)
    page.wait_for_function("() => window.took !== undefined", timeout=PATIENCE)
    return page.evaluate("window.took")
