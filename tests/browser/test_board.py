"""The live board in a kernel: it trains while its other controls are heard."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from alexnet_lib.classroom.source import KERNEL

pytestmark = [pytest.mark.browser, pytest.mark.needs_browser]
NAME = "live_board.ipynb"
# Few pictures make short pieces, so that a busy machine comes to the end of one, too.
CODE = """\
from dataclasses import replace
import torch
from alexnet_lib import data, widgets
from alexnet_lib.learning import recorded
torch.set_num_threads(1)
clothes = data.load()
few = replace(
    clothes,
    train_images=clothes.train_images[:1500],
    train_labels=clothes.train_labels[:1500],
)
widgets.live_board({"recorded": recorded.runs("resolution").values()}, few)
"""
STATUS, CAPTION = ".board-status", ".board-caption"
SAYS = "([css, words]) => document.querySelector(css).innerText.includes(words)"
PATIENCE = 120_000  # milliseconds that a busy machine may take


def test_start_look_about_pause_and_resume(lab, results):
    nb = new_notebook(cells=[new_code_cell(CODE)], metadata={"kernelspec": KERNEL})
    nbformat.write(nb, lab.root / NAME)
    page = lab.open_notebook(NAME)
    try:
        lab.run_all(page, NAME, 180)
        says(page, STATUS, "Quote, from two steps on this machine")

        press(page, "Start")
        says(page, STATUS, "Training: fresh weights")
        says(page, STATUS, "% done")
        page.locator(".widget-toggle-button", has_text="epochs").first.click()
        says(page, CAPTION, " epochs: ")  # while it trains
        press(page, "Pause")
        says(page, STATUS, "Paused: fresh weights")

        button = page.get_by_role("button", name="Resume")
        button.focus()
        page.keyboard.press("Enter")
        says(page, STATUS, "Training: fresh weights")
        says(page, CAPTION, "your live run")
        press(page, "Give up")
        says(page, STATUS, "Quote, from two steps on this machine")

        page.locator(".widget-slider .noUi-handle").first.focus()
        page.keyboard.press("ArrowLeft")
        says(page, CAPTION, "after 3.9 epochs: ")
        assert lab.unexpected_errors(page, NAME) == []
        assert lab.complaints == []
    finally:
        page.screenshot(path=results / "live_board.png")
        page.close()


def press(page, name: str) -> None:
    page.locator("button.widget-button").filter(has_text=name).first.click()


def says(page, css: str, words: str) -> None:
    from playwright.sync_api import TimeoutError

    try:
        page.wait_for_function(SAYS, arg=[css, words], timeout=PATIENCE)
    except TimeoutError:
        said = [page.locator(each).first.inner_text() for each in (STATUS, CAPTION)]
        pytest.fail(f"{css} did not say {words!r}; status and caption: {said}")
