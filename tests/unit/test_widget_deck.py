"""The ablation deck: a hundred chips, whatever the order of moves, and a vote."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_lib import widgets
from alexnet_lib.learning import undone
from alexnet_lib.learning.undone import Effect
from alexnet_lib.widgets.deck import AblationDeck, count_votes
from alexnet_lib.widgets.deck_drawing import describe_table, draw_table
from tests.unit.test_undone import MADE_UP

EFFECTS = undone.effects(MADE_UP)
PARTS = len(EFFECTS)
ADA = "Ada: 40 20 10 10 10 5 5"
BOB = "Bob: 0, 0, 100, 0, 0, 0, 0"


def make() -> AblationDeck:
    return widgets.ablation_deck(EFFECTS)


SHARED = make()  # hypothesis wants no fixture
MOVES = st.one_of(
    st.tuples(st.integers(0, PARTS - 1), st.sampled_from(range(0, 101, 5))),
    st.tuples(st.just("paste"), st.sampled_from(["", ADA, f"{ADA}\n{BOB}", "x: 1"])),
    st.tuples(st.just("reveal"), st.none()),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(MOVES, max_size=8))
def test_survives_any_order_of_moves(moves):
    deck = SHARED
    for what, value in moves:
        if what == "paste":
            deck.pasted.value = value
        elif what == "reveal":
            deck.button.click()
        else:
            deck.chips[what].value = value
    laid = [slider.value for slider in deck.chips]
    assert 0 <= sum(laid) <= 100
    assert tuple(deck.table.own) == tuple(laid)
    said = deck.words()
    assert said in unescape(deck.caption.value)
    assert deck.picture.value.count("<img") == 1
    for effect, chips in zip(EFFECTS, laid, strict=True):
        assert (f"{chips} on {effect.part}" in said) == bool(chips) or deck.votes.voters
    assert ("lost without it" in said) == deck.revealed
    assert "nan" not in said


def test_nobody_lays_more_than_a_hundred():
    deck = make()
    deck.chips[0].value, deck.chips[1].value = 70, 50
    assert [slider.value for slider in deck.chips[:2]] == [70, 30]
    deck.chips[2].value = 5
    assert deck.chips[2].value == 0
    assert "in your hand" not in deck.words()


def test_first_the_bet_then_the_answer():
    deck = make()
    deck.button.click()
    assert not deck.revealed
    assert "Lay all your chips first, or paste a vote" in deck.caption.value
    assert "still covered" in deck.words()
    assert "12.0" not in deck.picture.alt + draw_table(deck.table)
    deck.chips[0].value = 100
    deck.button.click()
    assert deck.revealed
    assert "batch normalisation: 8.0 to 12.0 points lost without it" in deck.words()
    assert "weight decay: 1.0 to 5.0 points gained without it" in deck.words()
    assert (
        "falling rate: from 1.0 points gained to 3.0 lost: the seeds do not say"
        in deck.words()
    )
    assert "100 of your chips lie where every seed is worse" in deck.words()
    deck.chips[0].value = 0  # who moves on stays in the picture
    assert deck.revealed


def test_chips_are_judged_by_every_seed():
    deck = make()
    places = {
        effect.part: slider for effect, slider in zip(EFFECTS, deck.chips, strict=True)
    }
    places["batch normalisation"].value = 30
    places["falling rate"].value = 70
    deck.reveal()
    assert "30 of your chips lie where every seed is worse" in deck.words()


def test_largest_loss_comes_first():
    deck = make()
    deck.chips[0].value = 100
    deck.reveal()
    said = deck.words()
    places = [
        said.rindex(f"{e.part}: ") for e in sorted(EFFECTS, key=lambda e: -sum(e.lost))
    ]
    assert places == sorted(places)


def test_a_class_votes_by_lines():
    deck = make()
    deck.pasted.value = f"{ADA}\n\n{BOB}\n"
    assert deck.votes.voters == 2
    assert deck.votes.chips == (40, 20, 110, 10, 10, 5, 5)
    assert "Class vote of 2 people: 40 on batch normalisation" in deck.words()
    deck.button.click()  # a teacher has no chips laid
    assert deck.revealed
    matter = {e.part for e in EFFECTS if e.matters}
    on_them = sum(
        chips
        for e, chips in zip(EFFECTS, deck.votes.chips, strict=True)
        if e.part in matter
    )
    assert f"Of the class, {100 * on_them / 200:.0f} % do." in deck.words()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Ada: 40 20", "line 1 has 2 numbers for 7 parts"),
        ("Ada: 40 20 10 10 10 5 6", "line 1 has 101 chips, not 100"),
        ("Ada: 40 20 10 10 10 5 five", "line 1 has something else than whole numbers"),
        ("Ada: 40 20 10 10 10 15 -5", "line 1 has something else than whole numbers"),
    ],
)
def test_lines_that_are_not_counted_are_named(line, fault):
    assert count_votes(line, PARTS).faults == (fault,)
    deck = make()
    deck.pasted.value = line
    assert f"Not counted: {fault}." in unescape(deck.caption.value)
    assert deck.votes.voters == 0


def test_one_s_own_line_can_be_pasted_by_others():
    deck = make()
    deck.chips[0].value, deck.chips[6].value = 60, 40
    assert f"Your line for a class vote: {deck.line()}" in deck.caption.value
    assert count_votes(deck.line(), PARTS).chips == (60, 0, 0, 0, 0, 0, 40)


def test_the_static_twin_has_both_sides_in_words():
    html = make().static_html()
    assert html.count("<img") == 2
    covered, _, uncovered = html.partition("<details>")
    assert "8.0 to 12.0" not in covered
    assert "8.0 to 12.0 points lost" in uncovered


def test_ranges_are_drawn_where_the_axis_says():
    deck = make()
    deck.chips[0].value = 100
    deck.reveal()
    svg = draw_table(deck.table)
    ticks = {
        float(name): float(x)
        for x, name in re.findall(r'<text x="([\d.]+)" [^>]*middle">(-?[\d.]+)<', svg)
    }
    assert {0.0, 10.0} <= ticks.keys()
    point = (ticks[10.0] - ticks[0.0]) / 10
    bars = re.findall(
        r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="12"', svg
    )
    assert len(bars) == PARTS
    left, width = map(float, bars[0])
    assert (left - ticks[0.0]) / point == pytest.approx(8, abs=0.05)
    assert width / point == pytest.approx(4, abs=0.05)
    assert describe_table(deck.table) == deck.words()


@pytest.mark.parametrize("lost", [68.0, 7.0, 0.4])
def test_the_axis_has_a_zero_without_a_sign(lost):
    effect = Effect("a part", (0.80 - lost / 100,) * 3, (0.80, 0.803, 0.799))
    deck = AblationDeck([effect])
    deck.chips[0].value = 100
    deck.reveal()
    svg = draw_table(deck.table)
    assert ">0<" in svg
    assert ">-0<" not in svg


def test_a_deck_needs_effects():
    with pytest.raises(ValueError, match="there are no effects to bet on: record the"):
        AblationDeck([])
