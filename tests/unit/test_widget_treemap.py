"""The cost treemap: areas that add up, words that agree, any order of moves."""

import random
import re
from html import unescape

import matplotlib.pyplot as plt
import pytest

from alexnet_lib import widgets
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.variants import ALEXNET_2012, LENET5, VARIANTS
from alexnet_lib.figures.layer_costs import plot_layer_costs, share_by_layer
from alexnet_lib.widgets.treemap import MEASURES, NETWORKS, layer_costs
from alexnet_lib.widgets.treemap_drawing import (
    COLUMNS,
    MAP_HEIGHT,
    MAP_WIDTH,
    Cost,
    column_shares,
    draw_treemap,
    percent,
    slice_and_dice,
)


def rectangles(svg: str) -> list[tuple[float, ...]]:
    """x, y, width and height of every tile of the map, in pixels."""
    body = svg.partition("the same network by every measure")[0]
    pattern = r'<rect x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)" fill="url'
    return [tuple(map(float, found)) for found in re.findall(pattern, body)]


@pytest.mark.parametrize("name", VARIANTS)
def test_areas_are_the_shares_and_fill_the_map(name):
    for measure, costs in layer_costs(VARIANTS[name]).items():
        tiles = slice_and_dice(costs)
        total = sum(cost.value for cost in costs)
        for tile in tiles:
            assert tile.width * tile.height == pytest.approx(tile.cost.value / total)
        assert sum(tile.share for tile in tiles) == pytest.approx(1), measure
        drawn = rectangles(draw_treemap(layer_costs(VARIANTS[name]), measure))
        area = sum(width * height for _x, _y, width, height in drawn)
        # edges are written to a tenth of a pixel
        assert area == pytest.approx(MAP_WIDTH * MAP_HEIGHT, rel=0.02)


def test_the_paper_network_by_its_three_measures():
    costs = layer_costs(ALEXNET_2012)
    shares = [column_shares(costs[measure]) for measure in MEASURES]
    assert [percent(share.get(COLUMNS[2], 0)) for share in shares] == [
        "96.2 %",
        "8.1 %",
        "0.5 %",
    ]
    assert [sum(c.value for c in costs[measure]) for measure in MEASURES] == [
        60_965_224,
        724_406_816,
        1_925_224,
    ]


def test_a_layer_keeps_its_column_and_its_order():
    for costs in layer_costs(ALEXNET_2012).values():
        tiles = slice_and_dice(costs)
        lefts = [tile.x for tile in tiles]
        assert lefts == sorted(lefts)
        for column in COLUMNS:
            names = [t.cost.layer for t in tiles if t.cost.column == column]
            order = [c.layer for c in costs if c.layer in names]
            assert names == order


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.9617, "96.2 %"),
        (0.0004, "under 0.1 %"),
        (0.9996, "over 99.9 %"),
        (1.0, "100.0 %"),
    ],
)
def test_percent_never_rounds_to_nothing(share, said):
    assert percent(share) == said


def test_switching_changes_the_picture_and_its_words():
    treemap = widgets.cost_treemap()
    assert "60,965,224 parameters" in treemap.words()
    assert "linear layers 96.2 %. Most in fc6 61.9 %" in treemap.words()
    treemap.measure.value = "multiply-adds"
    assert "convolutions 91.9 %, linear layers 8.1 %. Most in conv2" in treemap.words()
    treemap.network.value = "modernised, for 32 pixels"
    assert "linear layers under 0.1 %" in treemap.words()


def test_survives_any_order_of_moves():
    draw, treemap = random.Random(0), widgets.cost_treemap()
    for _ in range(300):
        control = draw.choice([treemap.network, treemap.measure])
        control.value = draw.choice(list(control.options))
        assert treemap.words() in unescape(treemap.caption.value)
        assert treemap.picture.value.count("<img") == 1


def test_twin_shows_every_measure_with_its_words():
    html = widgets.cost_treemap().static_html()
    alts = re.findall(r'<img alt="([^"]+)"', html)
    assert len(alts) == len(MEASURES)
    for measure, alt in zip(MEASURES, alts, strict=True):
        assert measure in alt
        assert f"<p>{alt}</p>" in html


def test_every_network_draws_every_measure():
    for network in NETWORKS:
        treemap = widgets.cost_treemap(network)
        for measure in MEASURES:
            treemap.measure.value = measure
            assert measure in treemap.words()


def test_unknown_network():
    with pytest.raises(ValueError, match="no network 'AlexNet': they are paper"):
        widgets.cost_treemap("AlexNet")


def test_names_are_escaped():
    svg = draw_treemap({"a < b": [Cost("x & y", "Linear", 1)]}, "a < b")
    assert "x &amp; y" in svg
    assert "a &lt; b" in svg


def test_shares_of_all_layers_with_the_quiet_ones_last():
    rows = summarize(LENET5)
    shares = share_by_layer(rows, [1.0] * len(rows))
    named = ["conv1", "conv2", "fc3", "fc4", "fc5"]
    assert list(shares) == [*named, "the rest"]
    assert shares["conv1"] == 1 / len(rows)
    assert sum(shares.values()) == pytest.approx(1)


def test_normalisations_have_a_share_of_their_own():
    rows = summarize(ALEXNET_2012)
    shares = share_by_layer(rows, [row.macs for row in rows])
    assert (shares["norm1"], shares["norm2"], shares["the rest"]) == (0, 0, 0)
    assert percent(shares["fc6"] + shares["fc7"] + shares["fc8"]) == "8.1 %"


def test_shares_want_one_cost_for_each_row():
    with pytest.raises(ValueError, match="2 costs for 23 rows: give one for each"):
        share_by_layer(summarize(ALEXNET_2012), [1.0, 2.0])


def test_layer_costs_plot_says_who_leads_by_each_measure():
    _, ax = plt.subplots()
    said = plot_layer_costs(
        ax, {"work": {"a": 0.9, "b": 0.1}, "time": {"a": 0.3, "b": 0.7}}
    )
    assert said == "work: most in a (90%). time: most in b (70%)."
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert len(ax.patches) == 4
    plt.close("all")


def test_layer_costs_plot_refuses_measures_of_other_layers():
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match="give every measure the same layers"):
        plot_layer_costs(ax, {"work": {"a": 1.0}, "time": {"b": 1.0}})
    plt.close("all")
