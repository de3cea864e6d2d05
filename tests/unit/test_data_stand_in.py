"""The drawn pictures: always the same, of every kind, and to be learnt."""

import numpy as np
import pytest

from alexnet_lib.data import CLASS_NAMES
from alexnet_lib.data.garments import GARMENTS
from alexnet_lib.data.stand_in import draw

NAMES = ["FashionMNIST", "MNIST"]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_draws_the_same_pictures(name):
    images, labels = draw(name, 40)
    assert images.shape == (40, 28, 28)
    assert images.dtype == np.uint8
    assert labels.dtype == np.int64
    assert np.bincount(labels).tolist() == [4] * 10
    again, labels_again = draw(name, 40)
    assert np.array_equal(images, again)
    assert np.array_equal(labels, labels_again)
    other, _ = draw(name, 40, seed=1)
    assert not np.array_equal(images, other)


@pytest.mark.parametrize("name", NAMES)
def test_the_pictures_are_bright_on_black_and_all_different(name):
    images, _ = draw(name, 100)
    assert len(np.unique(images.reshape(100, -1), axis=0)) == 100
    assert np.median(images[:, 0, 0]) == 0
    for picture in images:
        assert picture.max() > 60
        assert 0.03 < (picture > 20).mean() < 0.8


def test_a_drawing_for_each_class_name():
    drawn = [function.__name__ for function in GARMENTS]
    names = [name.split("/")[0] for name in CLASS_NAMES["FashionMNIST"]]
    words = [name.lower().replace("-", "_").replace(" ", "_") for name in names]
    assert drawn == words


@pytest.mark.parametrize("name", NAMES)
def test_a_linear_rule_learns_most_but_not_all(name):
    """Ridge regression on the pixels: neither noise nor a give-away."""
    images, labels = draw(name, 2_000)
    pixels = np.hstack([images.reshape(2_000, -1) / 255, np.ones((2_000, 1))])
    train, test = pixels[:1_500], pixels[1_500:]
    gram = train.T @ train + 10 * np.eye(785)
    weights = np.linalg.solve(gram, train.T @ np.eye(10)[labels[:1_500]])
    accuracy = ((test @ weights).argmax(axis=1) == labels[1_500:]).mean()
    assert 0.7 < accuracy < 0.95
