"""The checks of views and of a grey picture; what no check of notebook 10 may show."""

import numpy as np
import pytest
import torch

from alexnet_lib.architecture import model, variants
from alexnet_lib.learning.checks import augmentation
from alexnet_lib.learning.claims import claims
from tests.unit.checking import EqualInt, assert_check_is_fair

VIEWS = {
    "places_per_side": 33,
    "views": 2178,
    "paper_places_per_side": 32,
    "draws_per_batch": 4,
    "most_seen": 90,
}


def test_views():
    by_numpy = {key: np.int64(number) for key, number in VIEWS.items()}
    assert_check_is_fair(
        augmentation.check_views,
        right=[VIEWS, by_numpy],
        wrong={
            "travel": VIEWS | {"places_per_side": 32},
            "stride of the crop": VIEWS | {"places_per_side": 1},
            "border": VIEWS | {"places_per_side": 16},
            "window": VIEWS | {"places_per_side": 224},
            "paper": VIEWS | {"views": 2048},
            "not mirrored": VIEWS | {"views": 1089},
            "one side only": VIEWS | {"views": 66},
            "mirrored both ways": VIEWS | {"views": 4356},
            "as the code": VIEWS | {"paper_places_per_side": 33},
            "not squared": VIEWS | {"paper_places_per_side": 1024},
            "one each": VIEWS | {"draws_per_batch": 128},
            "chunk": VIEWS | {"draws_per_batch": 32},
            "one": VIEWS | {"draws_per_batch": 1},
            "twice": VIEWS | {"draws_per_batch": 8},
            "all of them": VIEWS | {"most_seen": 2178},
            "the paper's": VIEWS | {"most_seen": 2048},
            "every view each epoch": VIEWS | {"most_seen": 90 * 2178},
            "three": VIEWS | {"most_seen": 270},
            "ten": VIEWS | {"most_seen": 900},
        },
        todo=dict.fromkeys(VIEWS),
    )
    assert augmentation.check_views(VIEWS | {"views": 3}).mistake == "three"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (VIEWS | {"views": 5}, "views['views']: that is another number. Hint: every"),
        (VIEWS | {"views": EqualInt(5)}, "views['views']: that is another number"),
        (VIEWS | {"most_seen": 90.0}, "views['most_seen']: it should be a whole"),
        ([33], "views should be a dict, not list"),
    ],
)
def test_views_messages(answer, message):
    assert augmentation.check_views(answer).message.startswith(message)


GREY = {
    "raises": 4,
    "goes_wrong": 3,
    "channels_there": 3,
    "remedy": "leave PCA colour out",
}


def test_grey():
    assert_check_is_fair(
        augmentation.check_grey,
        right=[GREY, GREY | {"remedy": "Leave  PCA colour out"}],
        wrong={
            "where it begins": GREY | {"raises": 3},
            "where it stops": GREY | {"goes_wrong": 4},
            "the shifts": GREY | {"goes_wrong": 2},
            "the pictures": GREY | {"goes_wrong": 1},
            "still grey": GREY | {"channels_there": 1},
            "added": GREY | {"channels_there": 4},
            "pictures": GREY | {"channels_there": 8},
            "copied": GREY | {"remedy": "copy the grey channel three times"},
            "another network": GREY | {"remedy": "give conv1 three input channels"},
            "draws": GREY | {"remedy": "draw once for the whole batch"},
        },
        todo=dict.fromkeys(GREY),
    )
    result = augmentation.check_grey(GREY | {"remedy": "give up"})
    assert "'give up' is not one of leave PCA colour out, copy" in result.message


def test_the_cell_of_the_grey_picture_goes_wrong_as_the_check_says():
    images = torch.zeros(8, 1, 28, 28)
    recoloured = images + torch.zeros(8, 3, 1, 1)
    assert recoloured.shape[1] == GREY["channels_there"]
    with pytest.raises(RuntimeError, match="to have 1 channels, but got 3 channels"):
        model.build_model(variants.LENET5_RELU)(recoloured)


@pytest.mark.parametrize(
    ("check", "answers", "secrets"),
    [
        (augmentation.check_views, [dict.fromkeys(VIEWS, 7)], ("33", "2178", "90")),
        (augmentation.check_grey, [GREY | {"raises": 2}], ("4", "leave PCA")),
    ],
)
def test_no_check_shows_the_answer(check, answers, secrets):
    for answer in answers:
        message = check(answer).message
        assert not any(secret in message for secret in secrets)


def test_the_truths_quote_what_their_proofs_measure():
    assert "2178 views" in claims()["crops-make-2048"].prove().evidence
    assert (
        "32 x 32 x 2 = 2048" in claims()["crops-make-2048"].prove("255, 224").evidence
    )
    times = claims()["three-times-the-data"]
    assert "between 3 and 3 versions" in times.prove(times.decoy).evidence
    noise = claims()["colours-are-channel-noise"]
    assert "red and blue is +0.6" in noise.prove().evidence
    helps = claims()["variety-always-helps"]
    assert helps.prove("2000").verdict == "true"
    assert helps.prove("60000").verdict == "false"
