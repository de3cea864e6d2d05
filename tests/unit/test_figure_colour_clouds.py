"""Colour figures say what they show, in words that follow from the numbers."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from alexnet_lib.figures import colour_clouds


def test_pictures_say_what_cannot_be_shown():
    images = np.full((2, 3, 4, 4), 0.5)
    fig, axes = plt.subplots(1, 2)
    said = colour_clouds.plot_pictures(axes, images, ["as it is", "by a\nrule"])
    assert said == "2 pictures: as it is; by a rule."
    images[1, 0] = 1.5  # one channel of three
    said = colour_clouds.plot_pictures(axes, images, ["as it is", "by a\nrule"])
    assert said.endswith("Of 'by a rule', 33% lies outside what can be shown.")
    drawn = axes[1].get_images()[-1].get_array()
    assert drawn.max() == 1
    assert [ax.get_title() for ax in axes] == ["as it is", "by a\nrule"]
    assert all(spine.get_visible() for spine in axes[1].spines.values())
    plt.close(fig)


def test_grey_pictures_are_drawn_grey():
    fig, ax = plt.subplots()
    colour_clouds.plot_pictures([ax], np.zeros((1, 1, 4, 5)), ["grey"])
    (drawn,) = ax.get_images()
    assert drawn.get_array().shape == (4, 5)
    assert drawn.get_cmap().name == "gray"
    plt.close(fig)


@pytest.mark.parametrize("shape", [(3, 4, 4), (1, 2, 4, 4)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match=r"expected pictures \(N, 1 or 3, H, W\), got"):
        colour_clouds.plot_pictures([], np.zeros(shape), [])


def test_the_cloud_names_the_shares_of_its_directions():
    rng = np.random.default_rng(0)
    pixels = rng.uniform(0.2, 0.8, (5_000, 3))
    fig, ax = plt.subplots()
    values, vectors = np.array([0.06, 0.03, 0.01]), np.eye(3)
    said = colour_clouds.plot_colour_cloud(ax, pixels, values, vectors)
    assert "holds 60% of their variance" in said
    assert "the second direction holds 30%, the third 10%." in said
    (points,) = ax.collections
    assert 2_000 <= len(points.get_offsets()) <= 2_500
    first = ax.lines[0].get_xydata()  # along red: four standard deviations long
    assert np.ptp(first[:, 0]) == pytest.approx(4 * np.sqrt(0.06))
    assert np.ptp(first[:, 1]) == 0
    plt.close(fig)
