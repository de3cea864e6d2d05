"""Crops, mirrors and colours against torchvision, NumPy, and what must hold."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.transforms import v2

from alexnet_lib.data import transforms
from alexnet_lib.data.colour_pictures import photograph


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def numbered(num_images: int, height: int, width: int) -> torch.Tensor:
    """Pictures whose pixels all hold different numbers. Shape: (N, 2, H, W)."""
    count = num_images * 2 * height * width
    return torch.arange(count).reshape(num_images, 2, height, width)


def places(crops: torch.Tensor, width: int) -> list[tuple[int, int]]:
    """Row and column at which each crop of `numbered` pictures begins."""
    first = crops[:, 0, 0, 0].tolist()
    return [divmod(number % (2 * width * width), width) for number in first]


@settings(max_examples=40, deadline=None)
@given(
    num_images=st.integers(1, 4),
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    data=st.data(),
)
def test_ten_crop_equals_torchvision(num_images, height, width, data):
    size = data.draw(st.integers(1, min(height, width)))
    images = numbered(num_images, height, width)
    ours = transforms.ten_crop(images, size)
    five = torch.stack(v2.FiveCrop(size)(images), dim=1)
    assert torch.equal(ours[:, :5], five)
    assert torch.equal(ours[:, 5:], v2.functional.hflip(five))
    if (width - size) % 2 == 0:  # it mirrors first: left and right change places,
        # and a centre that lies between two pixels falls on the other one
        theirs = torch.stack(v2.TenCrop(size)(images), dim=1)
        assert torch.equal(ours[:, [0, 1, 2, 3, 4, 6, 5, 8, 7, 9]], theirs)


@settings(max_examples=40, deadline=None)
@given(
    num_images=st.integers(1, 5),
    height=st.integers(1, 8),
    width=st.integers(1, 8),
    together=st.integers(1, 6),
    seed=st.integers(0, 1000),
    data=st.data(),
)
def test_a_random_crop_is_torchvision_s_crop_at_its_place(
    num_images, height, width, together, seed, data
):
    size = data.draw(st.integers(1, min(height, width)))
    images = numbered(num_images, height, width)
    crops = transforms.random_crop(images, size, seeded(seed), together=together)
    assert crops.shape == (num_images, 2, size, size)
    for number, (image, crop) in enumerate(zip(images, crops, strict=True)):
        offset = crop[0, 0, 0].item() - image[0, 0, 0].item()
        top, left = divmod(offset, width)
        expected = v2.functional.crop(image, top, left, size, size)
        assert torch.equal(crop, expected)
        leader = number // together * together  # shares its place with the first
        assert offset == (crops[leader, 0, 0, 0] - images[leader, 0, 0, 0]).item()


def test_a_random_crop_finds_all_places_about_equally_often():
    images = numbered(1, 8, 8).expand(9_000, -1, -1, -1)
    found = places(transforms.random_crop(images, 6, seeded()), 8)
    counts = {place: found.count(place) for place in set(found)}
    assert sorted(counts) == [(row, column) for row in range(3) for column in range(3)]
    # 1,000 expected each, standard deviation 30
    assert all(850 < count < 1150 for count in counts.values())


def test_the_paper_s_crops_are_2178_views():
    border = torch.arange(256).expand(4_000, 1, 2, 256)
    row = transforms.random_crop(
        border[:, :, :1].expand(-1, -1, 224, -1), 224, seeded()
    )
    assert sorted(row[:, 0, 0, 0].unique().tolist()) == list(range(33))
    assert 2 * transforms.BORDER == 32
    assert 2 * 33**2 == 2178


def test_a_random_flip_mirrors_half_of_them_as_torchvision_does():
    images = numbered(4_000, 2, 3)
    flipped = transforms.random_flip(images, seeded())
    mirrored = (flipped != images).flatten(1).any(dim=1)
    assert torch.equal(flipped[mirrored], v2.functional.hflip(images[mirrored]))
    assert torch.equal(flipped[~mirrored], images[~mirrored])
    assert 0.45 < mirrored.double().mean() < 0.55


def test_32_images_share_one_decision():
    images = numbered(100, 2, 3)  # the last chunk has four
    flipped = transforms.random_flip(images, seeded(4), together=transforms.CHUNK)
    mirrored = (flipped != images).flatten(1).any(dim=1)
    for chunk in mirrored.split(32):
        assert len(chunk.unique()) == 1
    assert len(mirrored.unique()) == 2


def test_draws_come_from_the_generator_alone():
    images = torch.rand(40, 3, 8, 8, generator=seeded())
    directions = transforms.colour_directions(images)
    calls = {
        "crop": lambda draw: transforms.random_crop(images, 5, draw),
        "flip": lambda draw: transforms.random_flip(images, draw),
        "colour": lambda draw: transforms.pca_colour(images, directions, draw),
    }
    for name, call in calls.items():
        before = torch.get_rng_state()
        assert torch.equal(call(seeded(1)), call(seeded(1))), name
        assert not torch.equal(call(seeded(1)), call(seeded(2))), name
        assert torch.equal(torch.get_rng_state(), before), name


def test_the_pictures_given_stay_as_they_are():
    images = torch.rand(6, 3, 8, 8, generator=seeded())
    before = images.clone()
    directions = transforms.colour_directions(images)
    for convention in ("paper", "code_2012"):
        transforms.pca_colour(images, directions, convention=convention).zero_()
    transforms.random_flip(images).zero_()
    transforms.random_crop(images, 8).zero_()
    transforms.ten_crop(images, 8).zero_()
    assert torch.equal(images, before)


def test_directions_equal_numpy_s():
    generator = seeded(5)
    mixed = torch.randn(3, 3, generator=generator, dtype=torch.float64)
    images = torch.randn(5, 3, 4, 6, generator=generator, dtype=torch.float64)
    images = torch.einsum("ij,njhw->nihw", mixed, images)
    directions = transforms.colour_directions(images)
    pixels = np.moveaxis(images.numpy(), 1, -1).reshape(-1, 3)
    values, vectors = np.linalg.eigh(np.cov(pixels.T, bias=True))
    np.testing.assert_allclose(directions.values, values[::-1], rtol=1e-12)
    for number in range(3):
        ours, theirs = directions.vectors[:, number].numpy(), vectors[:, 2 - number]
        np.testing.assert_allclose(ours, theirs * np.sign(theirs @ ours), atol=1e-10)
        assert ours[np.abs(ours).argmax()] > 0


def test_directions_of_bytes_are_those_of_their_values():
    images = photograph(16)
    by_byte, by_share = (
        transforms.colour_directions(each) for each in (images, images / 255)
    )
    torch.testing.assert_close(by_byte.values / 255**2, by_share.values)
    torch.testing.assert_close(by_byte.vectors, by_share.vectors, atol=1e-6, rtol=0)


@pytest.mark.parametrize("convention", ["paper", "code_2012"])
def test_the_shifts_spread_as_each_convention_says(convention):
    directions = transforms.colour_directions(photograph(32) / 255)
    shifts = transforms.colour_shifts(
        directions, 200_000, seeded(), convention=convention
    )
    assert shifts.shape == (200_000, 3)
    along = (shifts @ directions.vectors).std(dim=0)
    power = {"paper": 1.0, "code_2012": 0.5}[convention]
    expected = 0.1 * directions.values.numpy() ** power
    np.testing.assert_allclose(along, expected, rtol=0.01)  # standard error 0.2 %
    assert shifts.mean(dim=0).norm() < 0.01 * along[0]


def test_one_direction_moves_along_its_own_column():
    square = torch.randn(3, 3, generator=seeded(), dtype=torch.float64)
    vectors = torch.linalg.qr(square).Q
    values = torch.tensor([2.0, 0, 0], dtype=torch.float64)
    directions = transforms.ColourDirections(values, vectors)
    shifts = transforms.colour_shifts(directions, 50, seeded())
    torch.testing.assert_close(
        shifts, (shifts @ vectors[:, :1]) * vectors[:, 0], atol=1e-12, rtol=0
    )


def test_a_picture_moves_as_one():
    images = torch.rand(7, 3, 5, 4, generator=seeded(), dtype=torch.float64)
    directions = transforms.colour_directions(images)
    shifts = transforms.colour_shifts(directions, 7, seeded(3))
    changed = transforms.pca_colour(images, directions, seeded(3))
    torch.testing.assert_close(changed, images + shifts[:, :, None, None])
    assert len(shifts[:, 0].unique()) == 7


def test_the_code_of_2012_divides_by_one_and_a_tenth():
    images = torch.rand(7, 3, 5, 4, generator=seeded(), dtype=torch.float64)
    directions = transforms.colour_directions(images)
    kind = {"convention": "code_2012"}
    shifts = transforms.colour_shifts(directions, 7, seeded(3), **kind)
    changed = transforms.pca_colour(images, directions, seeded(3), **kind)
    torch.testing.assert_close(changed * 1.1, images + shifts[:, :, None, None])
    off = transforms.pca_colour(images, directions, strength=0.0, **kind)
    assert torch.equal(off, images)  # as at the end of the run of 2012


def test_recoloured_pictures_keep_their_type():
    images = torch.rand(2, 3, 4, 4, generator=seeded())
    changed = transforms.pca_colour(images, transforms.colour_directions(images))
    assert changed.dtype == torch.float32


GREY = torch.zeros(2, 1, 8, 8)
COLOUR = torch.zeros(2, 3, 8, 9)
OF_COLOUR = transforms.ColourDirections(torch.ones(3).double(), torch.eye(3).double())


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: transforms.pca_colour(GREY, OF_COLOUR),
            ValueError,
            "PCA colour moves red, green and blue, got pictures of 1 channel: it says "
            "nothing about grey ones, leave it out there",
        ),
        (
            lambda: transforms.colour_directions(torch.zeros(2, 4, 8, 8)),
            ValueError,
            "PCA colour moves red, green and blue, got pictures of 4 channels",
        ),
        (
            lambda: transforms.pca_colour(COLOUR.to(torch.uint8), OF_COLOUR),
            TypeError,
            "PCA colour adds fractions, got pictures of torch.uint8: divide bytes by "
            "255 first",
        ),
        (
            lambda: transforms.pca_colour(COLOUR, OF_COLOUR, convention="caffe"),
            ValueError,
            "convention is 'caffe': it must be one of paper, code_2012",
        ),
        (
            lambda: transforms.random_crop(COLOUR, 9),
            ValueError,
            "a crop of 9 does not fit in 8 x 9 pixels: choose from 1 to 8",
        ),
        (
            lambda: transforms.ten_crop(COLOUR, 0),
            ValueError,
            "a crop of 0 does not fit in 8 x 9 pixels: choose from 1 to 8",
        ),
        (
            lambda: transforms.random_flip(COLOUR, together=0),
            ValueError,
            "together is 0: at least 1 picture shares a draw with itself",
        ),
        (
            lambda: transforms.random_flip(COLOUR[0]),
            ValueError,
            "expected a batch (N, C, H, W), got shape (3, 8, 9): images[None] makes a "
            "batch of one picture",
        ),
    ],
)
def test_messages(call, error, message):
    with pytest.raises(error, match="^" + re.escape(message)):
        call()
