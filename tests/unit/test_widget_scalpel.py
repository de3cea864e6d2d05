"""Channel surgery: the bars are those of the network without these channels."""

import re

import pytest
import torch

from alexnet_lib import widgets
from alexnet_lib.inside.surgery import silenced, votes
from alexnet_lib.widgets.scalpel import ChannelSurgery
from alexnet_lib.widgets.scalpel_look import read_channels
from tests.unit.glasses import NAMES, moves, pictures, untrained


@pytest.fixture(scope="module")
def network():
    return untrained("LENET5_RELU")


@pytest.fixture
def surgery(network) -> ChannelSurgery:
    return widgets.channel_surgery(network, pictures(), number=2)


def shares_of(network, number: int, cut: dict) -> torch.Tensor:
    images = pictures().test_images[number : number + 1].float() / 255
    with silenced(network.model, cut), torch.no_grad():
        return network.model(images).double().softmax(dim=1)[0]


def test_it_begins_with_a_cut_and_says_what_it_did(surgery, network):
    assert len(surgery.silent) == 4
    assert surgery.words().startswith(
        "Test picture 2, labelled Pullover. Without 4 of 16"
    )
    assert surgery.words() in surgery.caption.value
    assert surgery.words() in surgery.bars.alt
    assert "labelled Pullover" in surgery.picture.alt


@pytest.mark.parametrize("layer", ["relu1", "relu2"])
def test_the_bars_are_those_of_the_cut_network(surgery, network, layer):
    surgery.layer.value = layer
    surgery.cut((0, 3, 5))
    expected = shares_of(network, 2, {layer: [0, 3, 5]})
    torch.testing.assert_close(
        torch.tensor(surgery.shares), expected, rtol=1e-5, atol=0
    )
    surgery.none.click()
    expected = shares_of(network, 2, {})
    torch.testing.assert_close(
        torch.tensor(surgery.shares), expected, rtol=1e-5, atol=0
    )
    assert "All channels are heard" in surgery.words()


def test_the_cut_stays_with_the_next_picture_and_not_with_the_next_layer(surgery):
    surgery.cut((1, 2))
    surgery.number.value = 7
    assert surgery.silent == [1, 2]
    assert surgery.words().startswith("Test picture 7, labelled Sneaker. Without 2 of")
    surgery.layer.value = "relu1"
    assert surgery.silent == []
    assert surgery.one.max == 5
    assert surgery.channels.value == ""


def test_advocates_are_the_channels_with_the_most_votes(surgery, network):
    label = int(surgery.glass.shares.argmax())
    found = votes(surgery._rest, surgery._maps, [label])[0]
    surgery.none.click()
    surgery.loudest.click()
    assert set(surgery.silent) == set(found.topk(4).indices.tolist())
    assert surgery.shares[label] < surgery.glass.shares[label]


def test_silent_until_another_class_is_named(surgery):
    said = int(surgery.glass.shares.argmax())
    surgery.until.click()
    count = len(surgery.silent)
    assert int(surgery.shares.argmax()) != said or count == 16
    order = votes(surgery._rest, surgery._maps, [said])[0].argsort(descending=True)
    assert set(surgery.silent) == set(order[:count].tolist())
    surgery.cut(tuple(order[: count - 1].tolist()))
    assert int(surgery.shares.argmax()) == said


def test_votes_are_slopes_of_the_log_probability(surgery):
    """Turning a channel down a little costs its vote, times that little."""
    label, little = 4, 1e-4
    maps = surgery._maps.double()
    rest = type(surgery._rest)(*[layer for layer in surgery._rest]).double()
    found = votes(rest, maps, [label])[0]
    for channel in range(maps.shape[1]):
        quieter = maps.clone()
        quieter[:, channel] *= 1 - little
        with torch.no_grad():
            a, b = (rest(x).log_softmax(dim=1)[0, label] for x in (maps, quieter))
        assert (a - b).item() == pytest.approx(little * found[channel].item(), abs=1e-7)
    rest.float()


def test_a_changed_mind_is_marked(surgery, network):
    every = tuple(range(16))
    surgery.cut(every)
    expected = shares_of(network, 2, {"relu2": every})
    if int(expected.argmax()) != int(surgery.glass.shares.argmax()):
        assert "it now says" in surgery.words()
        assert "says now" in re.sub(r"\s+", " ", str(surgery._bars()[2]))
    assert "(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and others)" in surgery.words()


def test_channels_can_be_typed(surgery):
    surgery.channels.value = "3, 7-9"
    assert surgery.silent == [3, 7, 8, 9]
    assert "(3, 7, 8, 9)" in surgery.words()
    surgery.channels.value = "9, 99"
    assert "there is no channel 99: they are 0 to 15" in surgery.problem.value
    assert surgery.silent == [3, 7, 8, 9]  # the cut before stays
    surgery.channels.value = ""
    assert surgery.silent == []
    assert surgery.problem.value == ""


def test_one_channel_is_silenced_and_heard_again(surgery):
    surgery.cut((2, 5))
    surgery.one.value = 11
    surgery.flip.click()
    assert surgery.silent == [2, 5, 11]
    assert surgery.channels.value == "2, 5, 11"
    surgery.flip.click()
    assert surgery.silent == [2, 5]


def test_silent_maps_are_grey(surgery):
    surgery.cut()
    before = surgery.maps.value
    surgery.cut((4,))
    assert surgery.maps.value != before
    assert "silent ones are grey, channel 0 is framed" in surgery.maps.alt


@pytest.mark.parametrize(
    ("text", "channels"),
    [("", []), ("3", [3]), (" 5 , 3;4 ", [3, 4, 5]), ("2-4", [2, 3, 4]), ("4-2", [])],
)
def test_lists_of_channels_are_read(text, channels):
    assert read_channels(text, 16) == channels


@pytest.mark.parametrize("text", ["a", "1.5", "-3", "3-", "1 2", "²"])
def test_what_is_no_list_of_channels_is_told(text):
    with pytest.raises(ValueError, match="is no channel: write numbers, such as 3, 5"):
        read_channels(text, 16)


def test_twin_shows_picture_and_bars(surgery):
    html = surgery.static_html()
    assert html.count("<img") == 3
    assert all(len(alt) > 12 for alt in re.findall(r'<img alt="([^"]*)"', html))
    assert f"<p>{surgery.words()}</p>" in html


def test_of_many_classes_ten_are_shown(monkeypatch, network):
    surgery = widgets.channel_surgery(network, pictures())
    monkeypatch.setattr("alexnet_lib.widgets.scalpel.BARS", 3)
    names, shares, _marks = surgery._bars()
    assert len(names) == len(shares) == 3
    assert NAMES[int(surgery.shares.argmax())] in names


def test_a_network_without_relu_is_cut_at_other_maps():
    surgery = widgets.channel_surgery(untrained("LENET5"), pictures())
    assert surgery.layer.value == "pool2"


def test_survives_any_order_of_moves(surgery):
    def check() -> None:
        assert surgery.words() in surgery.caption.value
        assert surgery.bars.value.count("<img") == 1
        assert abs(surgery.shares.sum() - 1) < 1e-9

    moves(surgery, 300, check)
