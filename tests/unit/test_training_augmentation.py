"""Mirrored and shifted pictures: every one of them is one that may come."""

import pytest
import torch
from torch import Tensor

from alexnet_lib.training.augmentation import CROP, augment


def by_hand(image: Tensor, mirrored: bool, down: int, right: int) -> Tensor:
    """One picture, pixel by pixel; beyond the edge its last pixel is repeated."""
    _, height, width = image.shape
    result = torch.empty_like(image)
    for row in range(height):
        for column in range(width):
            old_row = min(max(row + down, 0), height - 1)
            old_column = min(max(column + right, 0), width - 1)
            if mirrored:  # the mirror comes before the shift
                old_column = width - 1 - old_column
            result[:, row, column] = image[:, old_row, old_column]
    return result


@pytest.mark.parametrize(("side", "most"), [(14, 1), (28, 2)])
def test_flip_crop_gives_each_of_the_versions_and_no_other(side: int, most: int):
    assert most == side // CROP
    image = torch.rand(2, side, side, generator=torch.Generator().manual_seed(0))
    shifts = range(-most, most + 1)
    versions = torch.stack(
        [
            by_hand(image, mirrored, down, right)
            for mirrored in (False, True)
            for down in shifts
            for right in shifts
        ]
    )
    assert len(versions) == 2 * (2 * most + 1) ** 2
    torch.manual_seed(1)
    num_drawn = 40 * len(versions)
    drawn = augment(image.expand(num_drawn, -1, -1, -1), "flip_crop")
    same = torch.zeros(num_drawn, len(versions), dtype=torch.bool)
    for number, version in enumerate(versions):
        same[:, number] = (drawn == version).flatten(1).all(dim=1)
    assert (same.sum(dim=1) == 1).all(), "a picture that is none of the versions"
    counts = same.sum(dim=0)
    assert counts.min() > 0, "a version that never comes"
    # 40 are expected of each: far off would be a version preferred.
    assert counts.max() < 80


def test_small_pictures_are_mirrored_and_stay_in_place():
    images = torch.rand(60, 1, CROP - 1, CROP - 1)
    torch.manual_seed(0)
    changed = augment(images, "flip_crop")
    kept = (changed == images).flatten(1).all(dim=1)
    mirrored = (changed == images.flip(-1)).flatten(1).all(dim=1)
    assert (kept ^ mirrored).all()
    assert 0 < kept.sum() < 60


def test_height_and_width_shift_each_by_their_own_fourteenth():
    images = torch.arange(28.0).view(1, 1, 28, 1).expand(200, 1, 28, 14)
    torch.manual_seed(0)
    down = augment(images, "flip_crop")[:, 0, 14, 5] - 14
    assert sorted(down.unique().tolist()) == [-2, -1, 0, 1, 2]
    images = torch.arange(14.0).view(1, 1, 1, 14).expand(200, 1, 28, 14)
    across = augment(images, "flip_crop")[:, 0, 5, 6]
    assert set(across.unique().tolist()) == {5, 6, 7, 8}  # 6, or 7 mirrored, and 1


def test_the_seed_repeats_it_and_the_images_given_stay():
    images = torch.rand(8, 1, 28, 28)
    before = images.clone()
    torch.manual_seed(3)
    first = augment(images, "flip_crop")
    torch.manual_seed(3)
    assert torch.equal(augment(images, "flip_crop"), first)
    assert not torch.equal(augment(images, "flip_crop"), first)
    assert torch.equal(images, before)


def test_flip_mirrors_about_half_and_changes_nothing_else():
    images = torch.rand(200, 2, 3, 4)
    torch.manual_seed(0)
    flipped = augment(images, "flip")
    mirrored = (flipped == images.flip(-1)).flatten(1).all(dim=1)
    kept = (flipped == images).flatten(1).all(dim=1)
    assert (mirrored ^ kept).all()
    assert 60 < mirrored.sum() < 140
    assert augment(images, "none") is images
