"""Notebook 00's picker and pad, by mouse and by keyboard."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.needs_browser]
NAME = "00_start_here.ipynb"
CAPTION, CANVAS, STATUS = ".garment-caption", ".sketch-pad-canvas", ".sketch-pad-status"
CHANGED = "([css, old]) => document.querySelector(css).innerText !== old"
# the brightness of the square in the middle of the pad, from 0 to 255
MIDDLE = "c => c.getContext('2d').getImageData(145, 145, 1, 1).data[0]"
SELECTED = (
    "[...document.querySelectorAll('.jp-Notebook .jp-Cell')]"
    ".findIndex(cell => cell.classList.contains('jp-mod-selected'))"
)


def test_pick_draw_and_take_back(lab, results):
    page = lab.open_notebook(NAME)
    try:
        lab.run_all(page, NAME, 180)
        caption, canvas = page.locator(CAPTION).first, page.locator(CANVAS).first

        answer_changes(page, lambda: press(page, "Next"))
        assert "the label says" in caption.inner_text()
        answer_changes(page, lambda: choose(page, "Draw one"))
        assert "a drawing has no label" in caption.inner_text()

        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(middle[0] - 90, middle[1])
        page.mouse.down()
        page.mouse.move(middle[0] + 90, middle[1] + 5, steps=6)
        page.mouse.up()
        assert canvas.evaluate(MIDDLE) > 150
        press(page, "Undo")
        page.wait_for_function(f"({MIDDLE})(document.querySelector('{CANVAS}')) === 0")

        canvas.focus()
        selected = page.evaluate(SELECTED)
        where = page.locator(STATUS).first
        row, column = (int(word) for word in position(where.inner_text()))
        for _ in range(3):
            page.keyboard.press("ArrowUp")
        page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("Space")
        moved = f"row {row - 3}, column {column - 1}: shade 200"
        assert where.inner_text() == moved
        assert page.evaluate(SELECTED) == selected  # the arrows did not leave the pad
        assert "shade 200" in canvas.get_attribute("aria-label")
        assert lab.complaints == []
    finally:
        page.screenshot(path=results / "sketch_pad.png")
        page.close()


def position(text: str) -> tuple[str, str]:
    """'row 12, column 16: shade 0' as ('12', '16')."""
    row, column = text.partition(":")[0].split(", ")
    return row.split()[1], column.split()[1]


def press(page, name: str) -> None:
    page.locator("button.widget-button").filter(has_text=name).first.click()


def choose(page, name: str) -> None:
    page.locator("button.widget-toggle-button").filter(has_text=name).first.click()


def answer_changes(page, act) -> None:
    before = page.locator(CAPTION).first.inner_text()
    act()
    page.wait_for_function(CHANGED, arg=[CAPTION, before], timeout=20_000)
