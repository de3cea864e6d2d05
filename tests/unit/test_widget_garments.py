"""The garment picker and its sketch pad, without a browser."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from torch import nn

from alexnet_lib.architecture.variants import ALEXNET_QUARTER_BN
from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import CLASS_NAMES, DataSet
from alexnet_lib.data.resize import resize_like_pil
from alexnet_lib.figures.bars import (
    describe_class_bars,
    draw_class_bars,
    share_text,
    show_class_bars,
)
from alexnet_lib.figures.pictures import (
    closest_classes,
    contact_sheet,
    draw_contact_sheet,
)
from alexnet_lib.widgets.garments import (
    DRAW,
    KEPT,
    PICK,
    class_shares,
    garment_picker,
    one_thread,
)
from alexnet_lib.widgets.sketch_pad import BLANK, SIDE, TOOLS, SketchPad, kept_drawing

NAMES = CLASS_NAMES["FashionMNIST"]
NUM = 30


class Brightness(nn.Module):
    """Says class 9 for a dark picture and class 0 for one that is all white."""

    def forward(self, images):  # (N, 1, H, W) -> (N, 10)
        place = 9 * (1 - images.mean(dim=(1, 2, 3)))
        return -((torch.arange(10) - place[:, None]) ** 2)


@pytest.fixture
def network() -> LoadedModel:
    return LoadedModel(
        model=nn.Sequential(Brightness()),
        spec=ALEXNET_QUARTER_BN,
        variant="ALEXNET_QUARTER_BN",
        dataset="FashionMNIST",
        resize=56,
        normalise=None,
        class_names=NAMES,
        record="none.json",
    )


@pytest.fixture
def clothes() -> DataSet:
    """Even pictures, each as bright as its label asks for; number 7 is mislabelled."""
    labels = torch.arange(NUM) % 10
    shades = (255 * (1 - labels / 9)).to(torch.uint8)
    images = shades[:, None, None, None].expand(NUM, 1, 28, 28).contiguous()
    labels = labels.clone()
    labels[7] = 2
    return DataSet(
        name="FashionMNIST",
        source="stand-in",
        note="",
        class_names=NAMES,
        train_images=images,
        train_labels=labels,
        test_images=images,
        test_labels=labels,
        root=None,
    )


@pytest.fixture
def picker(network, clothes):
    return garment_picker(network, clothes)


# --- the network's answer -------------------------------------------------------------
def test_shares_are_those_of_the_network_on_prepared_pictures(network, clothes):
    normalised = replace(network, normalise=((0.25,), (0.5,)))
    pictures = clothes.test_images[3:6]

    shares = class_shares(normalised, pictures)

    images = resize_like_pil(pictures, 56).float() / 255
    expected = network.model((images - 0.25) / 0.5).double().softmax(dim=1)
    np.testing.assert_allclose(shares, expected.numpy(), rtol=1e-5)
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_one_thread_gives_the_threads_back_after_an_error():
    torch.set_num_threads(2)
    try:
        with one_thread():
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 2
        with pytest.raises(ZeroDivisionError), one_thread():
            _ = 1 / 0
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(1)


# --- picking --------------------------------------------------------------------------
def test_it_starts_with_a_picture_its_bars_and_a_sentence(picker):
    assert picker.words().startswith("The network says T-shirt/top, ")
    assert "the label says T-shirt/top: ✓ the same." in picker.caption.value
    assert "labelled T-shirt/top" in picker.picture.alt
    assert "The longest bars: T-shirt/top" in picker.bars.alt
    assert picker.caption.value.count("<p") == 1


def test_every_choice_has_a_name(picker):
    controls = [picker.mode, picker.kind, picker.number]
    controls += [picker.pad.tool, picker.pad.width, picker.pad.shade, picker.pad.mirror]
    assert all(control.description for control in controls)


def test_next_and_previous_go_round(picker):
    picker.previous.click()
    assert picker.number.value == NUM - 1
    assert "label says Ankle boot" in picker.caption.value
    picker.next.click()
    assert picker.number.value == 0
    assert "label says T-shirt/top" in picker.caption.value


def test_the_slider_shows_that_picture(picker):
    picker.number.value = 4
    assert "Test picture 4, " in picker.picture.alt
    assert picker.label == 4


def test_a_label_leaves_only_pictures_of_that_label(picker, clothes):
    picker.kind.value = "Pullover"  # 2, 7 (mislabelled), 12, 22
    assert picker.number.max == 3
    for number in range(4):
        picker.number.value = number
        assert "label says Pullover" in picker.caption.value
    picker.kind.value = "any garment"
    assert picker.number.max == NUM - 1


def test_another_label_at_number_0_changes_the_picture(picker):
    picker.kind.value = "Bag"
    assert "label says Bag" in picker.words()


def test_next_mistake_finds_the_one_there_is(picker):
    picker.mistake.click()
    assert picker.number.value == 7
    assert "says Sneaker" in picker.words()
    assert "label says Pullover: ✗ not the same." in picker.words()
    picker.mistake.click()  # once round, and back to the same
    assert picker.number.value == 7


def test_next_mistake_says_so_when_there_is_none(picker):
    picker.kind.value = "Dress"
    picker.mistake.click()
    assert 'role="status"' in picker.caption.value
    assert "No mistake among the next 3" in picker.caption.value


def test_any_order_of_moves_leaves_a_sentence_about_what_is_shown(picker):
    moves = np.random.default_rng(0)
    buttons = (picker.previous, picker.next, picker.mistake, picker.take)
    for _ in range(60):
        match moves.integers(4):
            case 0:
                buttons[moves.integers(4)].click()
            case 1:
                picker.kind.value = str(moves.choice(picker.kind.options))
            case 2:
                picker.number.value = int(moves.integers(picker.number.max + 1))
            case 3:
                picker.mode.value = str(moves.choice([PICK, DRAW]))
        said = NAMES[int(np.argmax(picker.shares))]
        assert picker.words().startswith(f"The network says {said}, ")
        assert ("no label" in picker.words()) == (picker.mode.value == DRAW)


# --- drawing --------------------------------------------------------------------------
def test_drawing_asks_the_network_at_every_change(picker):
    picker.mode.value = DRAW
    assert "Ankle boot" in picker.caption.value  # an empty pad is dark
    assert "a drawing has no label." in picker.caption.value
    picker.pad.canvas.pixels = (b"\xff" * SIDE * SIDE).hex()
    assert "T-shirt/top" in picker.caption.value


def test_draw_on_this_puts_the_picture_on_the_pad(picker):
    picker.number.value = 5
    before = picker.pixels
    picker.take.click()
    assert picker.mode.value == DRAW
    np.testing.assert_array_equal(picker.pad.pixels, before)
    picker.mode.value = PICK
    assert picker.number.value == 5


def test_the_picker_shows_either_the_picture_or_the_pad(picker):
    assert picker._sheet.children == (picker._picker,)
    picker.mode.value = DRAW
    assert picker._sheet.children == (picker.pad,)


def test_the_twin_has_the_picture_the_bars_and_the_words(picker):
    for mode in (PICK, DRAW):
        picker.mode.value = mode
        html = picker.static_html()
        alts = re.findall(r'<img alt="([^"]+)"', html)
        assert len(alts) == 2
        assert min(map(len, alts)) >= 12
        assert "The network says" in html
        bundle = picker._repr_mimebundle_()
        assert bundle["text/plain"] == picker.words()


# --- the pad --------------------------------------------------------------------------
def stroke(pad: SketchPad, shade: int) -> None:
    """What the front end sends at the end of a stroke."""
    pixels = (bytes([shade]) * SIDE * SIDE).hex()
    pad.canvas.set_state({"pixels": pixels, "strokes": pad.canvas.strokes + 1})


def test_undo_takes_strokes_back_one_by_one():
    pad = SketchPad()
    stroke(pad, 10)
    stroke(pad, 20)
    pad.undo_button.click()
    assert pad.pixels.max() == 10
    pad.undo_button.click()
    assert pad.canvas.pixels == BLANK
    pad.undo_button.click()
    assert pad.canvas.pixels == BLANK


def test_emptying_the_pad_can_be_undone():
    pad = SketchPad()
    stroke(pad, 10)
    pad.clear_button.click()
    assert pad.canvas.pixels == BLANK
    pad.undo()
    assert pad.pixels.max() == 10


def test_tools_reach_the_canvas():
    pad = SketchPad()
    pad.tool.value, pad.width.value, pad.shade.value = TOOLS[1], 7, 33
    pad.mirror.value = True
    canvas = pad.canvas
    assert (canvas.tool, canvas.width, canvas.shade, canvas.mirror) == (
        "Fill",
        7,
        33,
        True,
    )


def test_the_pad_tells_of_changes_once():
    heard = []
    pad = SketchPad(lambda: heard.append(pad.pixels.max()))
    stroke(pad, 40)
    assert heard == [40]


def test_a_drawing_is_kept_for_the_next_pad_of_that_name():
    assert kept_drawing("boot") is None
    pad = SketchPad(keep_as="boot")
    stroke(pad, 50)
    stroke(pad, 60)
    pad.undo()

    np.testing.assert_array_equal(kept_drawing("boot"), pad.pixels)
    assert SketchPad(keep_as="boot").pixels.max() == 50
    assert SketchPad(keep_as="hat").canvas.pixels == BLANK
    assert SketchPad().canvas.pixels == BLANK


def test_the_picker_keeps_what_is_drawn(picker, network, clothes):
    picker.mode.value = DRAW
    stroke(picker.pad, 70)

    again = garment_picker(network, clothes)

    assert again.pad.pixels.max() == 70
    assert kept_drawing(KEPT).max() == 70


def test_a_picture_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"the pad holds 28 x 28 pixels, got .*32, 32"):
        SketchPad().draw(np.zeros((32, 32)))


def test_pixels_survive_the_way_to_the_front_end_and_back():
    pad = SketchPad()
    picture = np.arange(SIDE * SIDE).reshape(SIDE, SIDE) % 256
    pad.draw(picture)
    np.testing.assert_array_equal(pad.pixels, picture)


# --- bars and sheets ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0 %"),
        (0.001, "under 1 %"),
        (0.006, "1 %"),
        (0.5, "50 %"),
        (0.994, "99 %"),
        (0.9999, "over 99 %"),
        (1, "100 %"),
    ],
)
def test_shares_do_not_become_all_or_nothing(share, words):
    assert share_text(share) == words


def test_bars_are_as_long_as_their_shares_and_name_the_longest_in_bold():
    svg = draw_class_bars(["a", "b", "c"], [0.25, 0.5, 0.25], {0: "label"})

    widths = [float(w) for w in re.findall(r'<rect x="104"[^>]* width="([\d.]+)"', svg)]
    assert widths[1] == pytest.approx(2 * widths[0])
    assert re.findall(r'font-weight="bold">([^<]+)<', svg) == ["b", "50 %"]
    assert "25 % ◀ label" in svg


def test_the_longest_words_behind_the_longest_bar_fit():
    svg = draw_class_bars(["a", "b"], [0.9999, 0.0001], {0: "network and label"})

    x, words = re.search(r'<text x="([\d.]+)"[^>]*>(over[^<]+)<', svg).groups()
    width = float(re.search(r'width="(\d+)"', svg)[1])
    assert float(x) + 7.6 * len(words) <= width  # bold letters of 14 pixels


def test_bars_in_words_longest_first():
    said = describe_class_bars(["a", "b", "c"], [0.2, 0.7, 0.1], most=2)
    assert said == "b 70 %, a 20 %"


def test_bars_need_one_share_for_each_name():
    with pytest.raises(ValueError, match="2 shares for 1 names: give one for each"):
        draw_class_bars(["a"], [0.1, 0.9])


def test_names_are_escaped_and_shown_bars_have_words():
    shown = show_class_bars(["<b>", "c"], [0.9, 0.1], "Most are <b>")
    assert shown.alt == "Most are <b>. <b> 90 %, c 10 %."
    assert "<p><b>Most are &lt;b&gt;</b></p>" in shown.html


def test_a_sheet_lays_pictures_row_by_row():
    images = np.stack([np.full((2, 3), n, np.uint8) for n in (1, 2, 3)])

    sheet = contact_sheet(images, columns=2)

    assert sheet.shape == (2 + 2 + 2, 3 + 2 + 3)
    assert (sheet[:2, :3] == 1).all()
    assert (sheet[:2, 5:] == 2).all()
    assert (sheet[4:, :3] == 3).all()
    assert sheet[2:4].max() == 0


def test_a_sheet_wants_pictures_without_channels():
    with pytest.raises(ValueError, match=r"expected pictures \(N, H, W\), got shape"):
        contact_sheet(np.zeros((2, 1, 3, 3)), 2)


def test_the_closest_classes_are_those_with_the_closest_means():
    shades = np.array([0, 90, 100, 200])
    images = np.repeat(shades, 5)[:, None, None] + np.zeros((1, 4, 4))
    labels = np.repeat(np.arange(4), 5)

    assert closest_classes(images, labels, "abcd") == ("b", "c")


def test_the_contact_sheet_says_what_it_shows(clothes):
    fig, ax = plt.subplots()
    images, labels = clothes.train_images[:, 0].numpy(), clothes.train_labels.numpy()
    said = draw_contact_sheet(ax, images, labels, NAMES, per_class=2)
    title = ax.get_title()
    rows = [label.get_text() for label in ax.get_yticklabels()]
    plt.close(fig)

    assert said.startswith("2 pictures of each of 10 classes")
    assert title.startswith("On average, ")
    assert title.endswith(" differ least")
    assert tuple(rows) == NAMES


def test_too_few_pictures_of_a_class_are_refused(clothes):
    fig, ax = plt.subplots()
    images, labels = clothes.train_images[:, 0].numpy(), clothes.train_labels.numpy()
    with pytest.raises(ValueError, match="class 7 has 2 pictures, not 3: ask for few"):
        draw_contact_sheet(ax, images, labels, NAMES, per_class=3)
    plt.close(fig)
