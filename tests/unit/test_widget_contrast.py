"""Letters and shapes of every drawing can be made out; colour is never alone.

Contrast as WCAG 2.2 counts it: 4.5 to 1 for letters, 3 to 1 for shapes that mean
something, each against what is painted under it.
"""

import re
from functools import cache
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest

from alexnet_lib.architecture.variants import VARIANTS
from alexnet_lib.figures.bars import draw_class_bars
from alexnet_lib.figures.style import (
    LAYER_COLOURS,
    LAYER_HATCHES,
    SERIES_COLOURS,
    SERIES_MARKERS,
)
from alexnet_lib.inside.statistics import LayerStatistics
from alexnet_lib.learning.recorded import Moment
from alexnet_lib.learning.undone import Effect
from alexnet_lib.widgets.board_drawing import EPOCHS, draw_board, view_of
from alexnet_lib.widgets.cockpit_table import Problem, layer_table_html
from alexnet_lib.widgets.committee_drawing import Committee, draw_committee
from alexnet_lib.widgets.confusion_look import table_html
from alexnet_lib.widgets.deck_drawing import Table, draw_table
from alexnet_lib.widgets.lrn_triangle_drawing import DASHES, draw_scene
from alexnet_lib.widgets.lrn_triangle_rules import PLACES, Scene
from alexnet_lib.widgets.ruler_drawing import RULES, draw_window_ruler, place_windows
from alexnet_lib.widgets.stepper_drawing import draw_step, take_step
from alexnet_lib.widgets.svg import FAINT, SIZE, frame, text
from alexnet_lib.widgets.thermometer_bars import draw_layers
from alexnet_lib.widgets.treemap import MEASURES, NETWORKS, layer_costs
from alexnet_lib.widgets.treemap_drawing import draw_treemap

SVG = "{http://www.w3.org/2000/svg}"
NAMED = {"white": "#ffffff", "black": "#000000"}
SHAPES = ("rect", "path", "polyline", "line", "circle")
SHARES = np.full((3, 10), 0.1)
SHARES[:, 2] = (0.9, 0.4, 0.05)


@cache
def drawings() -> dict[str, str]:
    """Every drawing of a widget, in states that show all of its parts."""
    runs = {
        f"run {n}": [[Moment(9.0 * k, k, 0.1 * k, 0.5) for k in (1, 2, 3)]]
        for n in range(8)
    }
    committee = Committee(
        image=np.zeros((28, 28), np.uint8),
        number=1,
        label=2,
        names=[f"class {n}" for n in range(10)],
        percent=50,
        at_inputs=False,
        members=SHARES,
        whole=SHARES.mean(axis=0),
    )
    image, kernel = np.arange(50).reshape(2, 5, 5), np.ones((2, 3, 3), int)
    layers = [LayerStatistics(f"fc{n}", 10.0**-n, 0.5) for n in range(14)]
    names = ("Shirt", "Coat", "Bag")
    effects = [Effect("LRN", (0.8, 0.9), (0.9, 0.9))]
    found = {
        "board": draw_board(runs, view_of(runs, EPOCHS, 0.7), "run 3"),
        "committee": draw_committee(committee),
        "stepper": draw_step(take_step(image, kernel, padding=1, row=1, col=2)),
        "thermometer": draw_layers(layers),
        "class bars": draw_class_bars(names, (0.7, 0.2, 0.1), {0: "label"}),
    }
    for number, place in enumerate(PLACES):
        found[f"triangle {number}"] = draw_scene(Scene(place=place))
    for rule in RULES:
        windows = place_windows(224, 11, 4, 1, rule)
        found[f"ruler {rule}"] = draw_window_ruler(windows, rule)
    for measure in MEASURES:
        costs = layer_costs(VARIANTS[NETWORKS["paper (2012)"]])
        found[f"treemap {measure}"] = draw_treemap(costs, measure)
    for revealed in (False, True):
        table = Table(
            effects=effects, own=[100], votes=[50], voters=1, revealed=revealed
        )
        found[f"deck {revealed}"] = draw_table(table)
    return found


def luminance(colour: str) -> float:
    """Relative, from 0 to 1, by WCAG's formula."""
    digits = NAMED.get(colour, colour).lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def parts(svg: str) -> tuple[list[ElementTree.Element], dict[str, set[str]]]:
    """What is painted, in order, after the white page; and each pattern's colours."""
    root = ElementTree.fromstring(svg)
    inks = {}
    for pattern in root.iter(f"{SVG}pattern"):
        inner = [each.get(k) for each in pattern for k in ("fill", "stroke")]
        inks[f"url(#{pattern.get('id')})"] = {ink for ink in inner if ink}
    hidden = {each for part in root.iter(f"{SVG}defs") for each in part.iter()}
    for each in root.iter(f"{SVG}text"):
        each.set("font-size", each.get("font-size", root.get("font-size", "10")))
    painted = [each for each in root.iter() if each not in hidden]
    return painted[2:], inks


def under(letters: ElementTree.Element, before: list[ElementTree.Element]) -> str:
    """The colour of the uppermost rectangle where the letters stand."""
    if letters.get("stroke") == "white":  # they bring their own
        return "white"
    shift = {"end": -4, "middle": 0}.get(letters.get("text-anchor"), 4)
    x, y = float(letters.get("x")) + shift, float(letters.get("y")) - 4
    for box in reversed([each for each in before if each.tag == f"{SVG}rect"]):
        left, top, width, height = (
            float(box.get(k, 0)) for k in ("x", "y", "width", "height")
        )
        inside = left <= x <= left + width and top <= y <= top + height
        if inside and box.get("fill") != "none":
            return box.get("fill")
    return "white"


@pytest.mark.parametrize("name", drawings())
def test_letters_are_large_and_dark_enough(name):
    painted, _inks = parts(drawings()[name])
    found = 0
    for number, each in enumerate(painted):
        if each.tag == f"{SVG}text" and each.text:
            ground = under(each, painted[:number])
            assert not ground.startswith("url"), f"{each.text!r} has no halo on hatches"
            assert contrast(each.get("fill", "black"), ground) >= 4.5, each.text
            assert int(each.get("font-size")) >= SIZE, each.text
            found += 1
    assert found > 2


@pytest.mark.parametrize("name", drawings())
def test_shapes_stand_out_from_the_page(name):
    painted, inks = parts(drawings()[name])
    for each in painted:
        if each.tag.removeprefix(SVG) in SHAPES:
            colours = {each.get("fill"), each.get("stroke")} - {None, "none", "white"}
            for pattern in colours & set(inks):
                colours = colours - {pattern} | inks[pattern]
            if colours and colours != {FAINT}:
                best = max(contrast(colour, "white") for colour in colours)
                assert best >= 3, ElementTree.tostring(each)


def test_these_tests_can_fail():
    box = '<rect x="0" y="0" width="90" height="40" fill="#cfe6f5"/>'
    painted, _ = parts(frame(90, 40, [box, text(5, 20, "window", "#0072b2")]))
    assert under(painted[1], painted[:1]) == "#cfe6f5"
    assert contrast("#0072b2", "#cfe6f5") == pytest.approx(4.02, abs=0.01)
    assert contrast("#000", "white") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_series_and_layers_are_told_apart_without_colour():
    for colour in (*SERIES_COLOURS, *LAYER_COLOURS.values()):
        assert contrast(colour, "white") >= 3, colour
    assert len(set(SERIES_MARKERS)) == len(SERIES_COLOURS)
    assert len(set(DASHES.values())) == len(DASHES)
    for one, other in combinations(LAYER_COLOURS, 2):
        same = LAYER_COLOURS[one] == LAYER_COLOURS[other]
        assert same == (LAYER_HATCHES[one] == LAYER_HATCHES[other])


def test_tables_are_readable_too():
    stopped = layer_table_html(VARIANTS["LENET5"], [], Problem("c1", "Conv2d", "why"))
    ground, ink = re.search(r"background:(#\w+);color:(#\w+)", stopped).groups()
    assert contrast(ink, ground) >= 4.5
    assert "✗" in stopped
    counts = table_html([[9, 9], [0, 9]], ["a", "b"], "title", (0, 1))
    shade = re.search(r"rgba\((\d+),(\d+),(\d+),([\d.]+)\)", counts).groups()
    share = float(shade[3])
    mixed = [round(255 + share * (int(part) - 255)) for part in shade[:3]]
    assert contrast("black", "#{:02x}{:02x}{:02x}".format(*mixed)) >= 4.5
    assert int(re.search(r"font-size:(\d+)px", counts)[1]) >= SIZE
