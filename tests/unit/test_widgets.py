"""Widgets as plain Python: what a move does, what they say, and their static twins."""

import random
import re

import numpy as np
import pytest

from alexnet_lib import widgets
from alexnet_lib.learning import progress
from alexnet_lib.widgets.cockpit import PRESETS, LayerCockpit
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.ruler import WindowRuler
from alexnet_lib.widgets.ruler_drawing import RULES, describe_windows, place_windows


def alts(html: str) -> list[str]:
    return re.findall(r'<img alt="([^"]+)"', html)


# --- the window ruler ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "positions", "said"),
    [
        ("floor", 54, "Window 55 would need 3 more pixels and is left out"),
        ("ceil", 55, "The last window hangs 3 pixels over the edge"),
        ("SAME", 56, "The last window ends exactly at the edge"),
    ],
)
def test_ruler_makes_54_55_and_56(rule, positions, said):
    ruler = widgets.window_ruler()
    ruler.rule.value = rule
    assert f"so {positions} positions." in ruler.caption.value
    assert said in ruler.caption.value
    assert alts(ruler.picture.value) == [ruler.picture.alt]
    assert ruler.picture.alt in ruler.caption.value


def test_ruler_says_that_a_window_is_too_wide():
    ruler = widgets.window_ruler()
    ruler.size.value = 5
    assert "a window of 11 does not fit in 5 pixels" in ruler.caption.value
    assert ruler.picture.value == ""
    ruler.size.value = 224
    assert ruler.picture.value.startswith("<img")


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ((224, 11, 4, 2, "floor"), "the last 1 zero is never read"),
        ((224, 11, 4, 1, "floor"), "the last 2 pixels and 1 zero are never read"),
        ((224, 11, 4, 0, "floor"), "the last 1 pixel is never read"),
        ((5, 1, 8, 0, "ceil"), "The last window lies wholly outside the picture"),
        ((11, 11, 4, 0, "floor"), "so 1 position."),
    ],
)
def test_ruler_tells_pixels_from_zeros(case, said):
    assert said in describe_windows(place_windows(*case), case[-1])


def test_ruler_refuses_what_its_sliders_do_not_reach():
    with pytest.raises(ValueError, match="window is 99: this slider goes from 1 to 15"):
        widgets.window_ruler(224, 99)


def test_ruler_says_plainly_what_does_not_fit():
    ruler = widgets.window_ruler()
    ruler.size.value = 5
    assert "<p>" not in ruler.words()
    assert "<p><p>" not in ruler.static_html()


def test_ruler_presets_set_every_control():
    ruler = widgets.window_ruler()
    ruler.kernel_size.value = 3
    ruler.preset.value = "Caffe on 227"
    values = (ruler.size.value, ruler.kernel_size.value, ruler.padding.value)
    assert values == (227, 11, 0)
    assert "so 55 positions." in ruler.words()


def test_windows_lie_where_they_should():
    for size in range(5, 60):
        for kernel_size in (1, 2, 3, 5):
            for stride in (1, 2, 3, 4):
                for rule in RULES:
                    w = place_windows(size, kernel_size, stride, 1, rule)
                    last = w.start(w.positions) + w.kernel_size
                    assert w.hanging == max(0, last - w.end)
                    assert w.start(w.positions + 1) + w.kernel_size > w.end
                    assert f"so {w.positions} position" in describe_windows(w, rule)


def test_ruler_twin_names_every_source():
    html = widgets.window_ruler().static_html()
    assert html.count("<li>") == 6
    assert len(alts(html)) == 1


# --- the layer cockpit ---------------------------------------------------------------
def test_cockpit_names_the_layer_at_which_224_stops():
    cockpit = widgets.layer_cockpit("paper's layers on 224")
    assert "Stops at fc6" in cockpit.words()
    assert "made for 9,216 numbers and it is given 6,400" in cockpit.words()
    assert "✗ fc6" in cockpit.table.value  # a mark beside the colour
    cockpit.rounding.value = "ceil"
    assert "60,965,224 parameters, 724,406,816 multiply-adds" in cockpit.words()


def test_cockpit_reset_restores_the_chosen_network():
    cockpit = widgets.layer_cockpit()
    before = cockpit.words()
    cockpit.kernel_size.value = 9
    assert cockpit.words() != before
    cockpit.reset.click()
    assert cockpit.words() == before
    assert cockpit.kernel_size.value == 11


def test_cockpit_says_that_a_total_is_not_whole():
    html = widgets.layer_cockpit("paper's layers on 224").table.value
    assert "total, up to here" in html


def test_cockpit_shows_a_window_that_finds_no_room():
    cockpit = widgets.layer_cockpit("an MNIST tutorial (28)")
    assert "Stops at pool2: a window of 3 does not fit in 2 pixels" in cockpit.words()


def test_cockpit_changes_one_layer():
    cockpit = widgets.layer_cockpit()
    cockpit.layer.value = "conv2"
    assert (cockpit.kernel_size.value, cockpit.padding.value) == (5, 2)
    cockpit.groups.value = 1
    more = 614_656 - 307_456  # conv2 with one group and with two
    assert f"{60_965_224 + more:,} parameters" in cockpit.words()
    cockpit.layer.value = "pool1"
    assert cockpit.groups.disabled


def test_cockpit_refuses_groups_that_do_not_divide():
    cockpit = widgets.layer_cockpit()
    cockpit.groups.value = 2
    assert "3 input and 96 output channels do not divide into 2 groups" in (
        cockpit.words()
    )


def test_cockpit_totals_are_the_sums_of_its_columns():
    html = widgets.layer_cockpit().table.value
    body = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in html.split("<tr")[2:]]
    strip = [[re.sub(r"<.*?>", "", cell) for cell in row] for row in body]
    for column in (4, 5):
        numbers = [int(row[column].replace(",", "") or 0) for row in strip]
        assert sum(numbers[:-1]) == numbers[-1] > 0


def test_cockpit_unknown_preset():
    with pytest.raises(ValueError, match="no preset 'paper': they are paper"):
        widgets.layer_cockpit("paper")


def test_cockpit_and_ruler_survive_any_order_of_moves():
    draw = random.Random(0)
    cockpit, ruler = widgets.layer_cockpit(), widgets.window_ruler()
    for _ in range(1500):
        move_at_random(draw, cockpit)
        move_at_random(draw, ruler)
        assert cockpit.words() in cockpit.caption.value
        assert ruler.caption.value


def move_at_random(draw: random.Random, widget: LayerCockpit | WindowRuler) -> None:
    names = {
        LayerCockpit: "preset side rounding layer kernel_size stride padding groups",
        WindowRuler: "preset size kernel_size stride padding rule",
    }[type(widget)]
    control = getattr(widget, draw.choice(names.split()))
    if hasattr(control, "options"):
        control.value = draw.choice(list(control.options))
    else:
        control.value = draw.randint(control.min, control.max)


def test_every_preset_draws():
    for preset in PRESETS:
        assert "<table>" in widgets.layer_cockpit(preset).static_html()


# --- cards ---------------------------------------------------------------------------
def test_prediction_card_records_and_shows_no_verdict():
    card = widgets.predict("00-conv1-side")
    card.choose("55")
    assert "Noted: 55" in card.reply.value
    assert progress.read("predictions")["00-conv1-side"]["option"] == "55"
    assert "right" not in card.reply.value.lower()


def test_prediction_card_takes_the_confidence_before_or_after():
    card = widgets.predict("00-conv1-side")
    confidence = card.children[2]
    confidence.value = "certain"
    card.choose("54")
    assert progress.read("predictions")["00-conv1-side"] == {
        "option": "54",
        "confidence": "certain",
    }


def test_recall_answers_with_the_reason():
    deck = widgets.recall("02")
    first = deck.cards[0]
    first.choose("28")
    assert ">Not quite: 28 x 28 = 784" in first.reply.value
    first.choose("784")
    assert ">Yes: " in first.reply.value


def test_claim_card_runs_its_proof():
    card = widgets.claim_cards("02").cards[0]
    card.choose("true")
    assert "The proof says: false" in card.reply.value
    assert "55.25" in card.reply.value


def test_who_is_right_shows_the_evidence():
    card = widgets.who_is_right("02")
    card.choose(card.options[0])
    assert "The second statement is right" in card.reply.value
    assert "padding 0, rounding ceil" in card.reply.value


def test_twins_stand_beside_the_view():
    for widget in (
        widgets.window_ruler(),
        widgets.layer_cockpit(),
        widgets.predict("02-same"),
        widgets.recall("02"),
        widgets.claim_cards("02"),
        widgets.who_is_right("02"),
    ):
        bundle = widget._repr_mimebundle_()
        assert "application/vnd.jupyter.widget-view+json" in bundle
        assert len(bundle["text/html"]) > 40
        assert len(bundle["text/plain"]) > 20


# --- the picture ---------------------------------------------------------------------
def test_picture_is_a_palette_png_with_its_words():
    picture = Picture()
    indices = np.arange(12, dtype=np.uint8).reshape(3, 4)
    palette = np.repeat(np.arange(256)[:, None], 3, axis=1)
    picture.draw_palette(indices, palette, "twelve greys, dark to light", scale=5)
    assert alts(picture.value) == ["twelve greys, dark to light"]
    assert "width:20px;height:15px" in picture.value


def test_picture_refuses_what_has_no_words_or_no_palette():
    picture = Picture()
    with pytest.raises(ValueError, match="describe the figure"):
        picture.draw_svg("<svg/>", " ")
    with pytest.raises(ValueError, match=r"expected \(H, W\) uint8 indices, got float"):
        picture.draw_palette(np.zeros((2, 2)), np.zeros((256, 3)), "a picture")
