"""Every widget by axe-core and by keyboard; the twins that are files by axe."""

import re
from pathlib import Path

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import REPOSITORY
from tests.browser.every_widget import SHOWN, write_notebook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.needs_browser,
    pytest.mark.needs_extra("axe_playwright_python"),
]
NAME = "every_widget.ipynb"
OURS = ".jp-Notebook .course-widget"
PATIENCE = 60_000  # milliseconds that a busy machine may take
TWINS = sorted((REPOSITORY / "notebooks" / "twins").glob("*.html"))
# what a keyboard must be able to come to, in the order of the page
CONTROLS = (
    "select, input, textarea, button, canvas, .noUi-handle, [contenteditable=true]"
)
STOPS = """
([number, css]) => [...document.querySelectorAll('.jp-CodeCell')[number]
    .querySelector('.course-widget').querySelectorAll(css)]
    .filter(e => !e.disabled && e.offsetParent && !e.closest('[disabled]'))
    .filter(e => e.tabIndex >= 0 || e.isContentEditable)
    .map((e, i) => { e.dataset.stop = `${number}.${i}`; return e.dataset.stop; })
"""
FOCUS = """
() => {
    const e = document.activeElement, style = getComputedStyle(e);
    const frame = `${style.outlineStyle} ${parseFloat(style.outlineWidth) >= 2}`;
    return [e.dataset.stop ?? 'elsewhere', frame];
}
"""
SAID = "document.activeElement.getAttribute('aria-valuetext')"
CHANGED = "([number, old]) => {} !== old"
WORDS = (
    "[...document.querySelectorAll('.jp-CodeCell')[number]"
    ".querySelectorAll('[role=status]')].map(e => e.innerText).join(' ')"
)
CELLS = ".jp-Notebook .jp-Cell"


@pytest.fixture(scope="module")
def page(lab, results):
    """Every widget on one page."""
    write_notebook(lab.root / NAME)
    page = lab.open_notebook(NAME)
    page.set_default_timeout(PATIENCE)
    try:
        lab.run_all(page, NAME, 400)
        assert lab.unexpected_errors(page, NAME) == []
        yield page
    finally:
        page.screenshot(path=results / "every_widget.png")
        page.close()


def number(widget: str) -> int:
    """Which code cell shows it; the first one is the set-up."""
    return 1 + list(SHOWN).index(widget)


def part(page, widget: str, css: str):
    shown = page.locator(".jp-CodeCell").nth(number(widget)).locator(".course-widget")
    return shown.locator(css)


def words(page, widget: str) -> str:
    return page.evaluate(f"number => {WORDS}", number(widget))


def press(page, widget: str, key: str) -> None:
    """Press a key that must change what the widget says, and keep the focus."""
    before, focus = words(page, widget), page.evaluate(FOCUS)[0]
    page.keyboard.press(key)
    changed = CHANGED.replace("{}", WORDS)
    page.wait_for_function(changed, arg=[number(widget), before])
    assert page.evaluate(FOCUS)[0] == focus, f"{key} leaves the control"


def test_every_widget_is_on_the_page():
    from alexnet_lib import widgets

    assert set(SHOWN) == set(widgets.__all__) - {"open_network"}


def test_axe_finds_nothing_in_any_widget(page):
    assert page.locator(OURS).count() == len(SHOWN)
    assert violations(page, OURS) == []


@pytest.mark.parametrize("widget", SHOWN)
def test_tab_visits_every_control_in_order_and_goes_on(page, widget):
    stops = page.evaluate(STOPS, [number(widget), CONTROLS])
    assert len(stops) >= 2
    page.locator(f"[data-stop='{stops[0]}']").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    visited = []
    for _ in stops:
        stop, frame = page.evaluate(FOCUS)
        assert frame == "solid true", f"no frame around the focus at {stop}"
        visited.append(stop)
        page.keyboard.press("Tab")
    assert visited == stops
    assert page.evaluate(FOCUS)[0] not in stops


@pytest.mark.parametrize(
    ("widget", "which"),
    [
        ("garment_picker", 0),
        ("window_ruler", 0),
        ("layer_cockpit", 0),
        ("cost_treemap", 0),
        ("gradient_thermometer", 0),
        ("lrn_triangle", 0),
        ("live_board", 0),
        ("confusion_explorer", 0),
        ("confusion_explorer", 1),
    ],
)
def test_arrows_change_a_list_and_do_not_leave_it(page, widget, which):
    page.evaluate(STOPS, [number(widget), CONTROLS])
    cells = page.locator(CELLS).count()
    box = part(page, widget, "select").nth(which)
    box.focus()
    stop, selected = page.evaluate(FOCUS)[0], box.evaluate("e => e.selectedIndex")
    if widget == "window_ruler":  # the first source is what it begins with
        page.keyboard.press("ArrowDown")
        selected += 1
    way = -1 if selected > 1 else 1
    press(page, widget, "ArrowDown" if way == 1 else "ArrowUp")
    assert box.evaluate("e => e.selectedIndex") == selected + way
    page.keyboard.press("d")  # twice: JupyterLab would delete the cell
    page.keyboard.press("d")
    assert page.evaluate(FOCUS)[0] == stop
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)[0] != stop
    assert page.locator(CELLS).count() == cells


def test_sliders_say_what_the_reader_sees(page):
    handle = part(page, "explorer", ".noUi-handle").first
    handle.focus()
    press(page, "explorer", "ArrowRight")
    page.wait_for_function(f"{SAID} === 'norm'")
    handle = part(page, "dropout_committee", ".noUi-handle").nth(1)
    handle.focus()
    press(page, "dropout_committee", "ArrowRight")
    page.wait_for_function(f"{SAID} === '60'")


def test_toggles_tell_their_state_and_answer_to_enter_and_space(page):
    buttons = part(page, "cost_treemap", ".widget-toggle-button")
    for which, key in ((1, "Enter"), (2, "Space")):
        buttons.nth(which).focus()
        press(page, "cost_treemap", key)
        pressed = "e => e.getAttribute('aria-pressed')"
        page.wait_for_function(f"({pressed})(document.activeElement) === 'true'")
        told = [button.evaluate(pressed) for button in buttons.all()]
        assert told.count("true") == 1


def test_a_card_is_answered_when_an_answer_is_chosen(page):
    options = part(page, "who_is_right", "input[type=radio]")
    options.first.focus()
    page.keyboard.press("ArrowDown")
    assert options.nth(1).evaluate("e => e === document.activeElement && !e.checked")
    assert words(page, "who_is_right") == ""
    press(page, "who_is_right", "Space")
    assert re.search(r"statement is right|Yes", words(page, "who_is_right"))


def test_axe_finds_nothing_in_what_was_hidden(page):
    for widget, view in (
        ("garment_picker", "Draw one"),
        ("explorer", "the maps of a picture"),
        ("confusion_explorer", "twenty to dispute"),
    ):
        button = part(page, widget, ".widget-toggle-button").filter(has_text=view)
        button.focus()
        press(page, widget, "Enter")
    page.wait_for_timeout(1000)
    assert violations(page, OURS) == []


@pytest.mark.parametrize("twin", TWINS, ids=lambda path: path.stem)
def test_axe_finds_nothing_in_a_twin(chromium, twin: Path):
    page = chromium.new_page()
    try:
        page.goto(twin.as_uri())
        assert violations(page, "html") == []
    finally:
        page.close()
