"""The confusion explorer: counts, pictures, verdicts, and looking further."""

import random
import re
from html import unescape

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_lib.architecture.variants import ALEXNET_QUARTER_BN
from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import CLASS_NAMES, DataSet
from alexnet_lib.training import evaluate
from alexnet_lib.widgets import confusion
from alexnet_lib.widgets.confusion import (
    CELL,
    DISPUTE,
    VERDICTS,
    ConfusionExplorer,
    confusion_explorer,
)
from alexnet_lib.widgets.confusion_look import (
    AT_ONCE,
    GREYS,
    Look,
    draw_sheet,
    most_confused,
    table_html,
)
from alexnet_lib.widgets.picture import Picture

NAMES = CLASS_NAMES["FashionMNIST"]
NUM = 300


class Brightness(nn.Module):
    """Says class 0 for a black picture, class 9 for a white one; never quite sure."""

    def forward(self, images):  # (N, 1, H, W) -> (N, 10)
        place = 9 * images.float().mean(dim=(1, 2, 3))
        return -4 * (torch.arange(10) - place[:, None]) ** 2


@pytest.fixture
def network() -> LoadedModel:
    return LoadedModel(
        model=nn.Sequential(Brightness()),
        spec=ALEXNET_QUARTER_BN,
        variant="ALEXNET_QUARTER_BN",
        dataset="FashionMNIST",
        resize=28,
        normalise=None,
        class_names=NAMES,
        record="none.json",
    )


@pytest.fixture
def clothes() -> DataSet:
    """Pictures as bright as their label asks for; every seventh is labelled wrongly."""
    draw = np.random.default_rng(0)
    true = torch.arange(NUM) % 10
    off = torch.from_numpy(draw.uniform(-0.3, 0.3, NUM))
    shades = (255 * (true + off).clamp(0, 9) / 9).to(torch.uint8)
    images = shades[:, None, None, None].expand(NUM, 1, 28, 28).contiguous()
    labels = true.clone()
    labels[::7] = (labels[::7] + 1) % 10
    return DataSet(
        name="FashionMNIST",
        source="given",
        note="",
        class_names=NAMES,
        train_images=images,
        train_labels=labels,
        test_images=images,
        test_labels=labels,
        root=None,
    )


def counts_of(labels, said) -> list[list[int]]:
    return [[sum((labels == a) & (said == b)) for b in range(10)] for a in range(10)]


@pytest.fixture
def explorer(network, clothes) -> ConfusionExplorer:
    return ConfusionExplorer(network, clothes, None, at_first=AT_ONCE)


def alts(html: str) -> list[str]:
    return [unescape(alt) for alt in re.findall(r'<img alt="([^"]+)"', html)]


# --- what the network says ------------------------------------------------------------
def test_a_look_counts_as_evaluate_does(network, clothes):
    from alexnet_lib.data import Batches

    look = Look(network, clothes)
    while look.count < look.total:
        look.go_on()
    batches = Batches(clothes.test_images, clothes.test_labels, 100, resize=28)
    expected = evaluate(network.model, batches).confusion
    np.testing.assert_array_equal(look.counts(), expected)
    assert look.counts().sum() == NUM


def test_the_network_itself_stays_as_it_was(network, clothes):
    network.model.append(nn.Conv2d(1, 1, 1)).eval()
    before = network.model[1].weight.stride()
    look = Look(network, clothes)
    assert look._model is not network.model
    assert network.model[1].weight.stride() == before


def test_mistakes_come_surest_first_and_right_ones_least_sure_first(network, clothes):
    look = Look(network, clothes)
    look.go_on()
    rows = look.surest_mistakes(20)
    assert len(rows) == len(range(0, AT_ONCE, 7))
    assert all(look.labels[row] != look.said[row] for row in rows)
    assert (np.diff(look.sure[rows]) <= 0).all()
    right = look.named(3, 3)
    assert (look.labels[right] == 3).all()
    assert (np.diff(look.sure[right]) >= 0).all()
    wrong = look.named(4, 3)  # labelled one too high
    assert len(wrong)
    assert (wrong % 7 == 0).all()


def test_the_worst_cell_is_found_off_the_diagonal():
    assert most_confused([[9, 1, 0], [0, 9, 4], [2, 0, 9]]) == (1, 2)


def test_the_table_has_headers_counts_and_the_chosen_cell():
    html = table_html([[9, 1], [4, 8]], ["coat", "bag"], "of the record", (1, 0))
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 2
    assert "<caption>of the record</caption>" in html
    cells = re.findall(r'<td style="([^"]*)">(.*?)</td>', html)
    assert [cell for _style, cell in cells] == ["<b>9</b>", "1", "<b>4</b>", "<b>8</b>"]
    assert ["outline" in style for style, _cell in cells] == [False, False, True, False]
    shades = [re.search(r"rgba\(213,94,0,([\d.]+)\)", style) for style, _cell in cells]
    assert [bool(shade) for shade in shades] == [False, True, True, False]
    assert float(shades[1][1]) < float(shades[2][1])


def test_a_sheet_frames_one_picture_in_white():
    picture = Picture()
    images = np.full((12, 28, 28), 100, np.uint8)
    seen = []
    picture.draw_palette = lambda sheet, palette, words, zoom: seen.append(sheet)
    draw_sheet(picture, images, "twelve pictures", framed=11)
    (sheet,) = seen
    assert sheet.shape == (2 * 30 + 2, 10 * 30 + 2)
    row, column = np.argwhere(sheet == 255).min(axis=0)
    assert (row, column) == (30, 30)  # the second of the second row
    assert (sheet[30:62, 30:32] == 255).all()
    assert (sheet == 100).sum() == 12 * 28 * 28  # no picture is painted over
    assert GREYS.shape == (256, 3)


# --- the explorer ---------------------------------------------------------------------
def test_it_begins_at_the_worst_cell_with_words_and_pictures(explorer):
    label, said = most_confused(explorer.look.counts())
    assert (explorer.label.index, explorer.said.index) == (label, said)
    assert explorer.words().startswith(
        f"Labelled {NAMES[label]}, and the network says {NAMES[said]}: "
    )
    assert alts(explorer.sheet.value) == [unescape(explorer.words())]
    assert "counted here, on 125 test pictures" in explorer.table.value
    assert explorer.more.description.startswith("Look at 175 more, about ")


def test_the_words_count_what_the_cell_holds(explorer):
    explorer.label.value, explorer.said.value = "Coat", "Dress"  # 4, 3
    look = explorer.look
    found = sum((look.labels[:AT_ONCE] == 4) & (look.said == 3))
    labelled = sum(look.labels[:AT_ONCE] == 4)
    assert f"network says Dress: {found} of {labelled} looked at here." in (
        explorer.words()
    )
    assert f"The surest {found}, from " in explorer.words()
    explorer.said.value = "Coat"
    assert "The least sure " in explorer.words()
    explorer.said.value = "Bag"
    assert "0 of" in explorer.words()
    assert explorer.sheet.value == ""


def test_the_record_is_counted_beside_the_pictures(network, clothes):
    record = [[10] * 10 for _ in range(10)]
    record[4][3] = 77
    explorer = ConfusionExplorer(network, clothes, record, at_first=AT_ONCE)
    assert (explorer.label.value, explorer.said.value) == ("Coat", "Dress")
    assert "says Dress: 77 of 167 in the record, " in explorer.words()
    assert "from the record of the network, 1,067 test pictures" in explorer.table.value


def test_the_record_says_nothing_of_a_stand_in(network, clothes):
    drawn = DataSet(**{**vars(clothes), "source": "stand-in"})
    assert confusion_explorer(network, drawn, [[1] * 10] * 10).confusion is None
    assert confusion_explorer(network, clothes, [[1] * 10] * 10).confusion is not None


def test_every_control_has_a_name(explorer):
    for control in (
        *(explorer.show, explorer.label, explorer.said, explorer.number),
        *(explorer.verdict, explorer.more, explorer.progress),
    ):
        assert control.description


def test_twenty_labels_are_judged_and_tallied(explorer):
    explorer.show.value = DISPUTE
    assert explorer._cell_controls.layout.display == "none"
    assert explorer.number.max == len(explorer.disputed) == 18
    first = explorer.disputed[0]
    assert f"Number 1, test picture {first}: labelled " in explorer.words()
    assert "You have judged none yet." in explorer.words()
    explorer.verdict.value = VERDICTS[1]
    assert "You have judged 1: 0 the label is right, 1 the network is right" in (
        explorer.words()
    )
    explorer.number.value = 2
    assert explorer.verdict.value is None
    explorer.verdict.value = VERDICTS[3]
    assert "judged 2" in explorer.words()
    explorer.number.value = 1
    assert explorer.verdict.value == VERDICTS[1]  # kept
    assert len(explorer.verdicts) == 2
    assert alts(explorer.large.value) == [unescape(explorer.words())]
    explorer.show.value = CELL
    assert explorer.large.value == ""


def test_a_network_without_mistakes_leaves_nothing_to_dispute(network, clothes):
    right = DataSet(**{**vars(clothes), "test_labels": torch.arange(NUM) % 10})
    explorer = ConfusionExplorer(network, right, None, at_first=AT_ONCE)
    explorer.show.value = DISPUTE
    assert "contradicts none of the labels" in explorer.words()
    explorer.verdict.value = VERDICTS[0]
    assert explorer.verdicts == {}


def test_looking_at_all_goes_to_the_end(explorer):
    explorer.more.click()
    assert explorer.look.count == explorer.look.total == NUM
    assert explorer.more.disabled
    assert explorer.more.description == "All are looked at"
    assert explorer.progress.value == NUM
    assert "counted here, on 300 test pictures" in explorer.table.value


def test_any_order_of_moves_leaves_words_about_what_is_shown(explorer):
    draw = random.Random(0)
    for turn in range(200):
        match draw.randrange(6):
            case 0:
                explorer.show.value = draw.choice((CELL, DISPUTE))
            case 1:
                explorer.label.value = draw.choice(NAMES)
            case 2:
                explorer.said.value = draw.choice(NAMES)
            case 3:
                explorer.number.value = draw.randint(1, explorer.number.max)
            case 4:
                explorer.verdict.value = draw.choice((*VERDICTS, None))
            case 5 if turn > 150:
                explorer.more.click()
        if explorer.show.value == CELL:
            start = f"Labelled {explorer.label.value}, and the network says "
            assert unescape(explorer.words()).startswith(start)
        else:
            assert explorer.words().startswith(f"Number {explorer.number.value}, ")
        assert set(explorer.verdicts) <= set(range(NUM))
        assert all(verdict in VERDICTS for verdict in explorer.verdicts.values())
    assert explorer.verdicts


def test_the_twin_has_the_table_the_cell_and_the_twenty(explorer):
    html = explorer.static_html()
    assert html.count("<table") == 1
    assert len(alts(html)) == 2
    assert min(map(len, alts(html))) >= 12
    assert html.count("<li>") == len(explorer.disputed)
    assert explorer._repr_mimebundle_()["text/plain"] == explorer.words()


def test_it_looks_at_two_thousand_first(network, clothes):
    assert confusion.AT_FIRST == 2_000
    assert confusion_explorer(network, clothes).look.count == NUM
