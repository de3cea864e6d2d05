"""Figures of notebook 11: what they draw, and that their words say the same."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from alexnet_lib.figures import descent


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_rates_are_drawn_as_steps_on_a_log_axis(ax):
    said = descent.plot_rates(
        ax,
        {"by hand": ([0, 1, 2], [0.1, 0.1, 0.01]), "rising": ([0, 1, 2], [1, 5, 2])},
        "epoch",
    )
    assert ax.get_yscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "learning rate")
    first, second = ax.get_lines()
    assert first.get_drawstyle() == "steps-post"
    assert first.get_ydata() == pytest.approx([0.1, 0.1, 0.01])
    assert first.get_linestyle() != second.get_linestyle()
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["by hand", "rising"]
    assert said == (
        "by hand: from 0.1, at most 0.1, in the end 0.01; "
        "rising: from 1, at most 5, in the end 2."
    )


def test_a_rate_that_becomes_0_ends_in_a_cross(ax):
    said = descent.plot_rates(
        ax, {"frozen": ([0, 1, 2, 3], [0.1, 0.01, 0, 0])}, "epoch"
    )
    cross, line = ax.get_lines()
    assert list(line.get_xdata()) == [0, 1, 2]  # the last rate holds until epoch 2
    assert (list(cross.get_xdata()), list(cross.get_ydata())) == ([2], [0.01])
    assert cross.get_marker() == "x"
    assert [text.get_text() for text in ax.texts] == ["0 from here on"]
    assert said == "frozen: from 0.1, at most 0.1, in the end 0."


def test_a_curve_of_zeros_is_refused(ax):
    with pytest.raises(ValueError, match=r"^'off' has no value above 0: a log axis"):
        descent.plot_rates(ax, {"off": ([0, 1], [0, 0])}, "epoch")


def test_ravine_draws_each_path_and_says_where_it_ends(ax):
    paths = {
        "plain": np.array([[-10.0, 1.0], [-6.0, -0.5], [-3.0, 4.0]]),
        "momentum": np.array([[-10.0, 1.0], [1.0, 0.2], [0.0, 0.5]]),
    }
    said = descent.plot_ravine(ax, [1.0, 50.0], paths)
    first, second, bottom = ax.get_lines()
    assert list(first.get_xdata()) == [-10, -6, -3]
    assert list(second.get_ydata()) == [1, 0.2, 0.5]
    assert first.get_marker() != second.get_marker()
    assert (list(bottom.get_xdata()), list(bottom.get_ydata())) == ([0], [0])
    assert said == (
        "A valley with its lowest point in the middle. After 2 steps plain ends 5 from "
        "it, momentum ends 0.5 from it."
    )
