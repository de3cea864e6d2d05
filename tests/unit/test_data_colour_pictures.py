"""The colour pictures: how they are prepared, and that none of them is downloaded."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from alexnet_lib.data import (
    CLASS_NAMES,
    DataSet,
    cifar,
    colour_pictures,
    stand_in,
    transforms,
)
from alexnet_lib.data.colour_pictures import (
    cifar_if_present,
    colour_patches,
    photograph,
    some_of_cifar,
)


def test_the_photograph_is_prepared_as_in_the_paper():
    photo = photograph()
    assert photo.shape == (1, 3, 256, 256)
    assert photo.dtype == torch.uint8
    assert 50 < photo.float().mean() < 150
    assert photograph(31).shape == (1, 3, 31, 31)
    # the flag stands left, blue sky fills the right: channels are red, green, blue
    right = photo[0, :, 20:60, 220:250].float().mean(dim=(1, 2))
    assert right[2] > right[1] > right[0]
    with pytest.raises(ValueError, match="size is 0: it must be at least 1 pixel"):
        photograph(0)


def test_no_channel_of_the_patches_tells_of_another():
    patches = colour_patches()
    assert patches.shape == (8, 3, 8, 8)
    assert len({tuple(patch[:, 0, 0].tolist()) for patch in patches}) == 8
    directions = transforms.colour_directions(patches / 255)
    torch.testing.assert_close(directions.values, torch.full((3,), 0.25).double())


@pytest.fixture
def no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root, and nothing from downloads of other days."""
    monkeypatch.setattr(colour_pictures, "cache_root", lambda: tmp_path / "cache")
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


def test_without_cifar_there_is_none_and_nothing_is_fetched(no_cache, monkeypatch):
    monkeypatch.setattr(colour_pictures, "load", None)
    assert cifar_if_present(no_cache) is None
    assert list(no_cache.iterdir()) == []


@pytest.fixture
def jpeg_copy(no_cache) -> Path:
    """A root with a copy of 25 frogs in each archive."""
    picture = io.BytesIO()
    Image.new("RGB", (32, 32), (200, 100, 50)).save(picture, "JPEG")
    folder = no_cache / cifar.JPEG_FOLDER
    folder.mkdir()
    for name in cifar.JPEG_FILES:
        with zipfile.ZipFile(folder / name, "w") as archive:
            for number in range(25):
                archive.writestr(f"frog/{number:02}.jpg", picture.getvalue())
    return no_cache


def test_cifar_is_read_where_a_copy_lies(jpeg_copy):
    found = cifar_if_present(jpeg_copy)
    assert found.shape == (3, 3, 32, 32)  # the first of each ten
    means = found[0].float().mean(dim=(1, 2)).tolist()
    assert means == pytest.approx([200, 100, 50], abs=3)


def test_some_of_a_copy_says_that_it_is_a_copy(jpeg_copy):
    found = some_of_cifar(5, jpeg_copy)
    assert (found.name, found.source) == ("CIFAR10-jpeg", "given")
    assert found.train_images.shape == found.test_images.shape == (5, 3, 32, 32)
    assert found.train_labels.tolist() == [found.class_names.index("frog")] * 5
    assert found.note == (
        "CIFAR10: 5 training and 5 test pictures, one in 5 of a copy as JPEG files, "
        "not the published bytes"
    )


def test_some_of_the_published_ones_and_the_whole_stand_in(no_cache, monkeypatch):
    images, labels = map(torch.from_numpy, stand_in.draw("CIFAR10", 40))
    whole = DataSet(
        name="CIFAR10",
        source="downloaded",
        note="all",
        class_names=CLASS_NAMES["CIFAR10"],
        train_images=images[:30],
        train_labels=labels[:30],
        test_images=images[30:],
        test_labels=labels[30:],
        root=no_cache,
    )
    monkeypatch.setattr(colour_pictures, "load", lambda name, root: whole)
    found = some_of_cifar(10, no_cache)
    assert torch.equal(found.train_images, images[:30:10])
    assert torch.equal(found.test_labels, labels[30::10])
    assert found.note == (
        "CIFAR10: 3 training and 1 test pictures, one in 10 of the published ones"
    )
    drawn = replace(whole, source="stand-in")
    monkeypatch.setattr(colour_pictures, "load", lambda name, root: drawn)
    assert some_of_cifar(10, no_cache) is drawn
