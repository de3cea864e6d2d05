"""Numbers that stand in the text of notebook 10 are those that the library computes."""

import pytest
import torch

from alexnet_lib.data import transforms
from alexnet_lib.data.colour_pictures import colour_patches, photograph
from alexnet_lib.learning.checks.augmentation import CROP, EPOCHS, PLACES, SIDE
from alexnet_lib.learning.checks.minds import NUM_TRAIN
from alexnet_lib.learning.content import prediction
from alexnet_lib.learning.proofs.augmentation import accuracies_of
from tests.notebooks.test_numbers import text_of

pytestmark = pytest.mark.notebooks


def red_changes(white: int, convention: str) -> float:
    """By how much of the range red is changed, as a standard deviation."""
    directions = transforms.colour_directions(photograph(SIDE) / 255 * white)
    shifts = transforms.colour_shifts(
        directions, 100_000, convention=convention, generator=None
    )
    return shifts[:, 0].std().item() / white


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("the released code has {} of these to draw from", [2 * PLACES**2]),
        ("A crop of {} from {} pixels may begin at any", [CROP, SIDE]),
        ("{} places, as in notebook 02: the travel of {}", [PLACES, SIDE - CROP]),
        ("Of {} possible views a picture shows at most {}", [2 * PLACES**2, EPOCHS]),
        ("A LeNet that has learned {:,} digits", [NUM_TRAIN]),
        ("2048 are {}.", [2 * PLACES**2]),
    ],
)
def test_the_text_has_the_number_that_is_computed(phrase, numbers):
    assert phrase.format(*numbers) in text_of("10")


def test_the_two_rules_move_the_colours_as_the_text_says():
    roots = [red_changes(white, "code_2012") for white in (1, 255)]
    assert [f"{100 * share:.0f}" for share in roots] == ["3", "3"]
    assert f"{100 * red_changes(1, 'paper'):.0f}" == "1"
    assert red_changes(255, "paper") > 1
    text = text_of("10")
    assert "With roots the colours move by about 3 % of the range" in text
    assert "moves them by about 1 % on pixels from 0 to 1, and far beyond" in text
    assert "over 255" in prediction("10-scale")["options"]


def test_channel_noise_tints_more_than_twice_as_far():
    assert "the channels part more than twice as far" in text_of("10")
    directions = transforms.colour_directions(photograph(SIDE) / 255)
    together = transforms.colour_shifts(directions, 50_000, convention="code_2012")
    alone = together.std(dim=0) * torch.randn(50_000, 3).double()
    by_pca, by_channel = (
        (shifts.amax(dim=1) - shifts.amin(dim=1)).mean() for shifts in (together, alone)
    )
    assert by_channel > 2 * by_pca


def test_photographs_have_a_favourite_direction_and_patches_have_none():
    assert "patches in all colours have no favourite direction" in text_of("10")
    photo, patches = (
        transforms.colour_directions(images).values
        for images in (photograph(SIDE), colour_patches())
    )
    assert photo[0] > 0.8 * photo.sum()
    torch.testing.assert_close(
        patches / patches.sum(), torch.full((3,), 1 / 3).double()
    )


def test_what_the_text_says_of_the_recorded_runs_is_so():
    text = text_of("10")
    few = {how: accuracies_of(2_000, how) for how in ("none", "flip", "flip_crop")}
    assert "all three seeds are better on the test" in text
    assert min(few["flip_crop"]) > max(few["none"])
    assert "Mirrors alone cannot be told from nothing" in text
    assert min(few["flip"]) < max(few["none"])
    many = {how: accuracies_of(60_000, how) for how in few}
    assert "each change costs accuracy" in text
    assert max(many["flip"]) < min(many["none"])
    assert max(many["flip_crop"]) < min(many["flip"])
    assert {len(seeds) for seeds in (*few.values(), *many.values())} == {3}
