"""The surgery challenge: cuts are judged by what they cost on unseen pictures."""

from collections import OrderedDict
from functools import cache

import pytest
import torch
from torch import Tensor, nn

from alexnet_lib.architecture.variants import ALEXNET_QUARTER_BN
from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import CLASS_NAMES, DataSet
from alexnet_lib.learning.checks import cut
from alexnet_lib.learning.checks.cut import CUT_MISTAKES, check_pick_channels
from alexnet_lib.learning.shipped import activations_of
from tests.unit.checking import EqualsEverything, assert_check_is_fair, raiser, stub

NAMES = CLASS_NAMES["FashionMNIST"]
OWN, NEXT, LOUD = 200, 80, 255  # grey levels
CHANNELS = 56


class Rows(nn.Module):
    """Reads 56 maps of 2 x 7 off a picture, 14 pixels each."""

    def forward(self, images: Tensor) -> Tensor:
        return images.reshape(len(images), CHANNELS, 2, 7)


def network() -> LoadedModel:
    """Channels 4c to 4c + 3 speak for class c, and only they."""
    speaks = nn.Linear(CHANNELS * 14, 10, bias=False)
    speaks.weight.data.zero_()
    for label in range(10):
        speaks.weight.data[label, 4 * label * 14 : 4 * (label + 1) * 14] = 1
    layers = OrderedDict(pool5=Rows(), flatten=nn.Flatten(), fc6=speaks)
    return LoadedModel(
        model=nn.Sequential(layers),
        spec=ALEXNET_QUARTER_BN,
        variant="ALEXNET_QUARTER_BN",
        dataset="FashionMNIST",
        resize=28,
        normalise=None,
        class_names=NAMES,
        record="",
    )


@cache
def clothes() -> DataSet:
    """A class excites its own four channels, half as much the next one's, and a loud
    group that half of the classes share.
    """
    labels = torch.arange(200) % 10
    maps = torch.zeros(200, CHANNELS, 14, dtype=torch.uint8)
    for number, label in enumerate(labels.tolist()):
        after = (label + 1) % 10
        maps[number, 4 * label : 4 * label + 4] = (
            OWN + torch.arange(4).view(4, 1).byte()
        )
        maps[number, 4 * after : 4 * after + 4] = NEXT
        loud = 40 if label % 2 else 48
        maps[number, loud : loud + 4] = LOUD - (label % 2)
    images = maps.view(200, 1, 28, 28)
    return DataSet(
        name="FashionMNIST",
        source="stand-in",
        note="",
        class_names=NAMES,
        train_images=images[:100],
        train_labels=labels[:100],
        test_images=images[100:],
        test_labels=labels[100:],
        root=None,
    )


def checked(student):
    return check_pick_channels(student, network(), clothes())


def by_the_next_best_class(maps, labels, target, count):
    """Active for this class, less what the keenest other class makes of it."""
    activity = maps.mean(dim=(2, 3))
    others = torch.stack(
        [activity[labels == c].mean(dim=0) for c in set(labels.tolist()) - {target}]
    )
    keen = activity[labels == target].mean(dim=0) - others.amax(dim=0)
    return keen.argsort(descending=True)[:count]


def test_pick_channels():
    assert_check_is_fair(
        checked,
        right=[cut.pick_channels, by_the_next_best_class],
        wrong={name: wrong for name, (_says, wrong) in CUT_MISTAKES.items()},
        todo=stub,
    )


@pytest.mark.parametrize("name", CUT_MISTAKES)
def test_a_wrong_choice_is_told_what_it_was(name):
    says, wrong = CUT_MISTAKES[name]
    assert says in checked(wrong).message


def test_what_a_right_choice_costs_is_said():
    message = checked(cut.pick_channels).message
    assert message == (
        "on 100 unseen pictures, without 3 of 56 channels, the class to forget loses "
        "100.0 points of accuracy and the others 0.0"
    )


def test_a_choice_that_costs_little_fails_with_what_it_cost():
    def from_the_end(maps, labels, target, count):
        return list(range(maps.shape[1] - count, maps.shape[1]))

    result = checked(from_the_end)
    assert result.status == "failed"
    assert "loses 0.0 points of accuracy" in result.message
    assert "wanted: at least 1, and 3 times the others'" in result.message


def test_it_is_judged_on_pictures_that_were_not_shown():
    seen = []

    def spy(maps, labels, target, count):
        seen.append((len(maps), labels))
        return cut.pick_channels(maps, labels, target, count)

    assert checked(spy).status == "passed"
    assert all(torch.equal(labels, clothes().train_labels) for n, labels in seen[1:])


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda *a: None, "pick_channels gave None: does it end with a return?"),
        (lambda *a: 3, "should give a list of channels, not int"),
        (lambda *a: [0.5, 1.5], "should give whole numbers, one for each channel"),
        (lambda *a: [1, 1], "gave 1 different channels of 2"),
        (lambda *a: [1, 2, 3], "gave 3 different channels of 2"),
        (lambda *a: [1, 8], "gave a channel that is not there: they are 0 to 7"),
        (lambda *a: [EqualsEverything()] * 2, "should give whole numbers"),
        (raiser, "pick_channels raised ZeroDivisionError"),
        (7, "pick_channels should be a function, not int"),
    ],
)
def test_what_is_no_cut_is_refused_before_anything_slow(answer, says, monkeypatch):
    monkeypatch.setattr(cut, "prepare_table", None)
    assert says in checked(answer).message


def test_activations_of_many_pictures_are_those_of_the_layers():
    images = clothes().test_images[:60]
    found = activations_of(network(), images, ["pool5", "fc6"])
    expected = (images.float() / 255).view(60, CHANNELS, 2, 7)
    torch.testing.assert_close(found["pool5"], expected)
    assert found["fc6"].shape == (60, 10)
    assert found["fc6"].dtype == torch.float32
