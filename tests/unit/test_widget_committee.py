"""The dropout committee: it says what the masks say, in any order of moves."""

import re
from html import unescape

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_lib import runtime, widgets
from alexnet_lib.architecture.weights import load_weights
from alexnet_lib.widgets.committee import AT_INPUTS, AT_OUTPUTS, DEALS, MOST_MEMBERS
from alexnet_lib.widgets.committee_drawing import (
    PANEL,
    Committee,
    describe_committee,
    draw_committee,
)
from tests.unit.small_data import small_data

NETWORK = load_weights(runtime.course_file("weights/quarter.safetensors"))
CLOTHES = small_data()
NUMBERS = (3, 1, 7)


def make():
    return widgets.dropout_committee(
        NETWORK, CLOTHES.test_images, CLOTHES.test_labels, NUMBERS
    )


SHARED = make()  # hypothesis wants no fixture
MOVES = st.one_of(
    st.tuples(st.just("picture_number"), st.integers(1, len(NUMBERS))),
    st.tuples(st.just("dropped"), st.sampled_from(range(0, 91, 10))),
    st.tuples(st.just("members"), st.integers(1, MOST_MEMBERS)),
    st.tuples(st.just("deal"), st.integers(1, DEALS)),
    st.tuples(st.just("where"), st.sampled_from([AT_OUTPUTS, AT_INPUTS])),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(MOVES, max_size=8))
def test_survives_any_order_of_moves(moves):
    for control, value in moves:
        getattr(SHARED, control).value = value
    committee, said = SHARED.committee, SHARED.words()
    assert f"Picture {NUMBERS[SHARED.picture_number.value - 1]}, labelled" in said
    assert f"{SHARED.dropped.value} % of the units dropped" in said
    assert committee.members.shape == (SHARED.members.value, 10)
    assert committee.votes.sum() == SHARED.members.value
    assert said in unescape(SHARED.caption.value)
    assert SHARED.picture.value.count("<img") == 1
    assert "nan" not in said


def test_with_nothing_dropped_all_are_the_whole_network():
    for where in (AT_OUTPUTS, AT_INPUTS):
        committee = make()
        committee.where.value, committee.dropped.value = where, 0
        assert committee.committee.difference < 1e-4
        assert "The same answer" in committee.words()


def test_the_whole_network_is_the_shipped_one():
    widget = make()
    image = CLOTHES.test_images[NUMBERS[0]]
    mean, std = NETWORK.normalise
    large = torch.nn.functional.interpolate(image[None] / 255, 224, mode="bilinear")
    with torch.no_grad():
        share = NETWORK.model((large - mean[0]) / std[0]).softmax(dim=1)[0]
    np.testing.assert_allclose(widget.committee.whole, share, atol=0.05)
    assert not NETWORK.model.training


def test_the_same_deal_gives_the_same_masks_and_another_gives_others():
    widget = make()
    first = widget.committee.members
    widget.deal.value = 2
    assert not np.allclose(first, widget.committee.members)
    widget.deal.value = 1
    assert np.array_equal(first, widget.committee.members)


def test_the_reader_s_random_numbers_stay_as_they_are():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    make().members.value = 33
    assert torch.equal(torch.rand(3), expected)


def test_every_control_has_a_label_and_the_twin_shows_three_shares():
    widget = make()
    labels = [control.description for control in widget.children[0].children]
    assert labels == ["Picture", "Dropped, %", "Networks", "Draw", "Dropped at"]
    html = widget.static_html()
    alts = [unescape(alt) for alt in re.findall(r'<img alt="([^"]+)"', html)]
    assert ["20 %" in alts[0], "50 %" in alts[1], "80 %" in alts[2]] == [True] * 3
    bundle = widget._repr_mimebundle_()
    assert (bundle["text/html"], bundle["text/plain"]) == (html, widget.words())


def drawn(members: list[list[float]], whole: list[float]) -> Committee:
    return Committee(
        image=np.zeros((28, 28), np.uint8),
        number=5,
        label=1,
        names=("Coat", "Shirt", "Bag"),
        percent=50,
        at_inputs=False,
        members=np.array(members),
        whole=np.array(whole),
    )


def test_the_words_of_a_small_committee():
    committee = drawn([[0.6, 0.4, 0.0], [0.2, 0.8, 0.0]], [0.3, 0.5, 0.2])
    assert describe_committee(committee) == (
        "Picture 5, labelled Shirt. 2 networks, 50 % of the units dropped behind fc6 "
        "and fc7: 1 says Coat, 1 says Shirt. Mean of their probabilities: Shirt 60 %. "
        "The whole network, in eval mode: Shirt 50 %. The same answer; the two lists "
        "of probabilities differ by at most 20 points."
    )
    alone = drawn([[0.6, 0.4, 0.0]], [0.3, 0.5, 0.2])
    assert "1 network, 50 %" in describe_committee(alone)
    assert "Another answer;" in describe_committee(alone)


def test_bars_diamonds_and_votes_stand_where_they_belong():
    svg = draw_committee(drawn([[0.6, 0.4, 0.0], [0.2, 0.8, 0.0]], [0.3, 0.5, 0.2]))
    widths = [float(w) for w in re.findall(r'width="([\d.]+)" height="11"', svg)]
    assert widths == pytest.approx([0.4 * PANEL, 0.6 * PANEL, 1.0], abs=0.06)
    diamonds = [float(x) for x in re.findall(r"M([\d.]+) [\d.]+l6 6", svg)]
    assert np.diff(diamonds) == pytest.approx([0.2 * PANEL, -0.3 * PANEL], abs=0.11)
    assert "1 ◀ label" in svg
    assert svg.count("–") == 1  # nobody votes for the bag


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((), "there are no pictures: name at least one by its number"),
        ((0, 900), "the pictures 0 to 900 are not all among images of shape (100, 1,"),
        ((-1,), "the pictures -1 to -1 are not all among"),
    ],
)
def test_pictures_that_are_not_there(numbers, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        widgets.dropout_committee(
            NETWORK, CLOTHES.test_images, CLOTHES.test_labels, numbers
        )


def test_a_network_without_fc7_is_named():
    lenet = load_weights(runtime.course_file("weights/lenet.safetensors"))
    with pytest.raises(ValueError, match="the network has no layer 'fc6'"):
        widgets.dropout_committee(
            lenet, CLOTHES.test_images, CLOTHES.test_labels, NUMBERS
        )
