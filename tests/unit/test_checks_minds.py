"""The check of a change that spoils digits, on digits drawn by code."""

import functools

import pytest
import torch
from torch import nn

from alexnet_lib import runtime
from alexnet_lib.architecture import model, variants
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.data import CLASS_NAMES, Batches, DataSet, stand_in
from alexnet_lib.learning.checks import minds
from alexnet_lib.training import train
from tests.unit.checking import assert_check_is_fair


@pytest.fixture(scope="module")
def drawn_digits() -> DataSet:
    images, labels = stand_in.draw("MNIST", 3_000)
    images = torch.from_numpy(images).unsqueeze(1)
    labels = torch.from_numpy(labels)
    return DataSet(
        name="MNIST",
        source="stand-in",
        note="drawn for a test",
        class_names=CLASS_NAMES["MNIST"],
        train_images=images[:2_000],
        train_labels=labels[:2_000],
        test_images=images[2_000:],
        test_labels=labels[2_000:],
        root=None,
    )


@pytest.fixture(scope="module")
def trained(drawn_digits: DataSet) -> nn.Sequential:
    return minds.train_reader(drawn_digits)


FOOLED = {"change": "mirror", "digit": 3, "kept": 8}


def test_fooled(drawn_digits, trained, monkeypatch):
    monkeypatch.setattr(minds, "train_reader", lambda digits: trained)
    assert_check_is_fair(
        functools.partial(check_fooled, digits=drawn_digits),
        right=[FOOLED, {"kept": 0, "digit": 7, "change": "mirror"}],
        wrong={
            "not on the list": FOOLED | {"change": "rotate by 90"},
            "no digit": FOOLED | {"digit": "3"},
            "same digit": FOOLED | {"kept": 3},
            "the page's example": FOOLED | {"digit": 2},
            "harmless change": FOOLED | {"change": "half as bright"},
            "too few": FOOLED | {"digit": 0},
            "kept one is spoilt too": FOOLED | {"kept": 5},
        },
        todo=dict.fromkeys(FOOLED),
    )


def check_fooled(answer, digits):
    return minds.check_fooled(answer, digits)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([3], "fooled should be a dict, not list"),
        (FOOLED | {"why": 1}, "fooled has a key that was not asked for: 'why'"),
        (FOOLED | {"kept": None}, "fooled['kept'] is still open"),
        (FOOLED | {"kept": 10}, "fooled['kept']: 10 is not a digit, an int from 0"),
        (FOOLED | {"digit": True}, "fooled['digit']: True is not a digit"),
        (FOOLED | {"change": 1}, "fooled['change']: 1 is not one of mirror, upside"),
        (FOOLED | {"kept": 3}, "the same digit, 3, cannot be spoilt and kept at once"),
        (FOOLED | {"digit": 2}, "mirror: the two is on the page; find another change"),
        (
            FOOLED | {"digit": 0},
            "mirror: the network changes its mind on",
        ),
        (FOOLED | {"kept": 5}, "mirror: 3 is spoilt"),
        (
            FOOLED | {"change": "two pixels to the right"},
            "two pixels to the right: the network changes its mind",
        ),
    ],
)
def test_fooled_messages(drawn_digits, trained, monkeypatch, answer, message):
    monkeypatch.setattr(minds, "train_reader", lambda digits: trained)
    assert minds.check_fooled(answer, drawn_digits).message.startswith(message)


def test_the_reader_is_the_notebook_s_and_leaves_its_draws_alone(drawn_digits, trained):
    runtime.seed_everything(0)
    network = model.build_model(variants.LENET5_RELU)
    initialize(network, "xavier")
    batches = Batches(
        drawn_digits.train_images, drawn_digits.train_labels, 64, shuffle=True
    )
    for _result in train(network, batches, minds.READER):
        pass
    for mine, theirs in zip(network.parameters(), trained.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs)


def test_training_the_reader_draws_nothing_from_the_notebook(drawn_digits, monkeypatch):
    monkeypatch.setattr(minds, "train", lambda *args: iter(()))
    before = torch.get_rng_state()
    minds.train_reader(drawn_digits)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_network_that_names_nothing_right_has_no_mind_to_change():
    network = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    nn.init.zeros_(network[1].weight)
    nn.init.zeros_(network[1].bias)
    images, labels = torch.rand(3, 1, 2, 2), torch.ones(3).long()
    with pytest.raises(ValueError, match="names none of these 3 pictures right"):
        minds.share_changed(network, images, labels, minds.CHANGES["mirror"])


def test_a_share_is_counted_over_what_was_right():
    network = nn.Sequential(nn.Flatten(), nn.Linear(2, 2, bias=False))
    network[1].weight.data = torch.eye(2)  # the brighter half decides
    images = torch.tensor([[3.0, 1], [1, 3], [3, 1], [2, 1]]).reshape(4, 1, 1, 2)
    labels = torch.zeros(4).long()  # three of four are right
    network.train()
    assert minds.share_changed(network, images, labels, lambda x: x.flip(-1)) == 1
    assert minds.share_changed(network, images, labels, lambda x: x / 2) == 0
    assert network.training

    def mirror_first(x):
        return torch.cat([x[:1].flip(-1), x[1:]])

    assert minds.share_changed(network, images, labels, mirror_first) == 1 / 3
