"""The reader's way: JupyterLab, Run All, and a slider moved by keyboard."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.needs_browser]
WORDLESS = (
    "images => images.filter(i => i.alt.trim().length < 12).map(i => i.outerHTML)"
)
CHANGED = "([css, old]) => document.querySelector(css).innerText !== old"

# name, seconds for Run All, sliders: (label, class of the text that follows it)
COURSE = [
    pytest.param("00_start_here", 180, [("Number", "garment-caption")], id="00"),
    pytest.param(
        "01_from_lenet_to_alexnet", 300, [("Row", "stepper-caption")], id="01"
    ),
    pytest.param(
        "02_layer_size_arithmetic",
        180,
        [
            ("Picture", "ruler-caption"),
            ("Input side", "cockpit-caption"),
            ("Kernel", "cockpit-table"),
        ],
        id="02",
    ),
    pytest.param("03_what_it_costs", 180, [], id="03"),
    pytest.param(
        "04_where_gradients_die", 300, [("Layers", "thermometer-caption")], id="04"
    ),
    pytest.param(
        "06_dropout_and_capacity",
        300,
        [("Networks", "committee-caption"), ("Draw", "committee-caption")],
        id="06",
    ),
    pytest.param(
        "05_loud_neighbours", 300, [("Window n", "triangle-caption")], id="05"
    ),
    pytest.param("07_the_long_run", 400, [], id="07"),
    pytest.param("08_looking_inside", 400, [], id="08"),
    pytest.param("09_when_it_does_not_learn", 300, [], id="09"),
    pytest.param("10_augmentation", 300, [], id="10"),
    pytest.param("11_the_2012_recipe", 300, [], id="11"),
    pytest.param("12_logging_checkpoints_resuming", 300, [], id="12"),
    pytest.param(
        "13_modern_improvements",
        400,
        [("batch normalisation", "deck-caption")],
        id="13",
    ),
    pytest.param("14_your_pictures", 400, [], id="14"),
    pytest.param("15_two_gpus", 400, [], id="15"),
    pytest.param("16_many_dialects", 400, [], id="16"),
    pytest.param(
        "17_true_in_which_source", 400, [("Kernel", "cockpit-table")], id="17"
    ),
]


@pytest.mark.parametrize(("stem", "seconds", "sliders"), COURSE)
def test_run_all_and_move_the_sliders(lab, results, stem, seconds, sliders):
    name = f"{stem}.ipynb"
    page = lab.open_notebook(name)
    try:
        lab.run_all(page, name, seconds)
        assert lab.unexpected_errors(page, name) == []
        assert wordless_pictures(page) == []
        for label, css in sliders:
            before, after = move(page, label, css)
            assert before != after
        assert wordless_pictures(page) == []
        assert lab.complaints == []
    finally:
        page.screenshot(path=results / f"{stem}.png")
        page.close()


def wordless_pictures(page) -> list[str]:
    return page.locator(".jp-Notebook img").evaluate_all(WORDLESS)


def move(page, label: str, css: str) -> tuple[str, str]:
    """Press the right arrow on a slider's handle; the text before and after."""
    slider = page.locator(".widget-slider", has=page.get_by_text(label, exact=True))
    handle = slider.locator(".noUi-handle").first
    handle.scroll_into_view_if_needed()
    handle.focus()
    text = page.locator(f".{css}").first
    before = text.inner_text()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(CHANGED, arg=[f".{css}", before], timeout=20_000)
    return before, text.inner_text()
