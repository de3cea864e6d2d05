"""Three tables and a function of notebook 16, with the answers a class really gives."""

import pytest
import torch
from torch import Tensor

from alexnet_lib.learning.checks import carried, dialects
from tests.unit.checking import assert_check_is_fair, stub

PICTURES = {
    "ZeroPadding2D(((3, 0), (3, 0)))": "D",
    "the released code, rounding up": "A",
    "torchvision, padding=2": "C",
}
KERAS, CODE, TORCHVISION = PICTURES


def test_pictures():
    assert_check_is_fair(
        dialects.check_pictures,
        right=[PICTURES, {key: letter.lower() for key, letter in PICTURES.items()}],
        wrong={
            "other side": PICTURES | {KERAS: "A"},
            "pairs as sides": PICTURES | {KERAS: "B"},
            "all sides": PICTURES | {KERAS: "C"},
            "Keras's side": PICTURES | {CODE: "D"},
            "far side": PICTURES | {TORCHVISION: "A"},
            "near side": PICTURES | {TORCHVISION: "D"},
            "rows only": PICTURES | {TORCHVISION: "B"},
        },
        todo=dict.fromkeys(PICTURES),
    )


def test_each_letter_shows_what_it_is_said_to_show():
    """(left, right, top, bottom), as torch pads."""
    image = torch.ones(1, 8, 8)
    by_letter = {
        letter: torch.nn.functional.pad(image, zeros)
        for letter, zeros in dialects.PICTURES.items()
    }
    assert by_letter["D"][0, :3].sum() == by_letter["D"][0, :, :3].sum() == 0
    assert by_letter["A"][0, -3:].sum() == by_letter["A"][0, :, -3:].sum() == 0
    assert by_letter["C"].shape == (1, 12, 12)
    assert by_letter["B"].shape == (1, 14, 8)


FRAGMENT = {
    "names never imported": 4,
    "with all imported, it returns": "None",
    "side behind the zeros": 227,
    "side of the first maps": 55,
    "its normalisation and ReLU": "as in layer 1 of the released code",
}


def test_fragment():
    order, returns = "its normalisation and ReLU", "with all imported, it returns"
    assert_check_is_fair(
        dialects.check_fragment,
        right=[FRAGMENT, FRAGMENT | {returns: "none"}],
        wrong={
            "tf forgotten": FRAGMENT | {"names never imported": 3},
            "imported ones": FRAGMENT | {"names never imported": 8},
            "a model": FRAGMENT | {returns: "a model"},
            "NameError": FRAGMENT | {returns: "a NameError"},
            "both sides": FRAGMENT | {"side behind the zeros": 230},
            "no zeros": FRAGMENT | {"side of the first maps": 54},
            "the paper": FRAGMENT | {order: "as in the paper"},
            "CaffeNet": FRAGMENT | {order: "as in CaffeNet"},
        },
        todo=dict.fromkeys(FRAGMENT),
    )


LRN_WORDS = {
    "depth_radius": 2,
    "bias": 2,
    "alpha": 1e-4,
    "beta": 0.75,
    "alpha for torch": 5e-4,
    "alpha of the released code": 2e-5,
}


def test_lrn_words():
    code = "alpha of the released code"
    assert_check_is_fair(
        dialects.check_lrn_words,
        right=[LRN_WORDS, LRN_WORDS | {"bias": 2.0, code: 0.0001 / 5}],
        wrong={
            "window": LRN_WORDS | {"depth_radius": 5},
            "no middle": LRN_WORDS | {"depth_radius": 2.5},
            "default": LRN_WORDS | {"beta": 0.5},
            "multiplied": LRN_WORDS | {"alpha": 5e-4},
            "divided": LRN_WORDS | {"alpha": 2e-5},
            "unchanged": LRN_WORDS | {"alpha for torch": 1e-4},
        },
        todo=dict.fromkeys(LRN_WORDS),
    )


@pytest.mark.parametrize(
    ("key", "value", "mistake"),
    [
        ("bias", 1, "default"),
        ("alpha", 1, "default"),
        ("alpha for torch", 2e-5, "divided"),
        ("alpha of the released code", 1e-4, "unchanged"),
        ("alpha of the released code", 5e-4, "multiplied"),
    ],
)
def test_the_same_mistakes_elsewhere(key, value, mistake):
    assert dialects.check_lrn_words(LRN_WORDS | {key: value}).mistake == mistake


# --- keras_order ---
def by_unflatten(weights: Tensor, maps) -> Tensor:
    if weights.ndim == 4:
        return weights.permute(2, 3, 1, 0)
    if weights.ndim == 1:
        return weights
    if maps:
        weights = weights.unflatten(1, maps).permute(0, 2, 3, 1).flatten(1)
    return weights.T


def by_hand(weights: Tensor, maps) -> Tensor:
    if weights.ndim == 4:
        return torch.einsum("oihw->hwio", weights)
    if weights.ndim == 2 and maps:
        channels, height, width = maps
        places = torch.arange(channels * height * width).reshape(maps)
        return weights[:, places.permute(1, 2, 0).flatten()].T
    return weights.T if weights.ndim == 2 else weights


def but(ndim: int, wrong):
    """Right, except for arrays of so many axes."""
    return lambda w, maps: wrong(w, maps) if w.ndim == ndim else by_hand(w, maps)


def test_keras_order():
    assert_check_is_fair(
        carried.check_keras_order,
        right=[by_unflatten, by_hand],
        wrong={
            "nothing moved": lambda weights, maps: weights.clone(),
            "flatten forgotten": but(2, lambda w, maps: w.t()),
            "maps misread": but(
                2,
                lambda w, maps: (
                    w.unflatten(1, maps).permute(0, 3, 1, 2).flatten(1).T
                    if maps
                    else w.T
                ),
            ),
            "linear not turned": but(
                2, lambda w, maps: by_hand(w, maps).T if maps else w
            ),
            "width first": but(4, lambda w, maps: torch.einsum("oihw->whio", w)),
            "out before in": but(4, lambda w, maps: torch.einsum("oihw->hwoi", w)),
            "reshaped": but(4, lambda w, maps: w.reshape(4, 5, 3, 2)),
            "linear reshaped": but(2, lambda w, maps: w.reshape(w.shape[::-1])),
        },
        todo=stub,
    )
