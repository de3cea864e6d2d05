"""The window stepper: the same numbers as the loops, in words and picture alike."""

import random
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from alexnet_lib import widgets
from alexnet_lib.architecture import reference
from alexnet_lib.figures import curves
from alexnet_lib.figures.feature_map import plot_feature_map
from alexnet_lib.training.results import EpochResult
from alexnet_lib.widgets.stepper_drawing import (
    describe_step,
    draw_step,
    take_step,
)

# Two channels of 5 x 5, and a kernel of the same depth: small numbers, so that every
# product can be checked by head. Channel 0 has an edge, channel 1 a spot.
IMAGE = np.array(
    [
        [[0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0] * 5],
        [[0] * 5, [0, 2, 0, 0, 0], [0, 0, 0, 0, 3], [0, 0, 0, 1, 0], [0] * 5],
    ]
)
KERNEL = np.array(
    [[[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]], [[0, 0, 0], [0, 2, 0], [0, 0, -1]]]
)
BIAS = 1


@pytest.fixture(autouse=True)
def _no_figure_left():
    yield
    plt.close("all")


@pytest.mark.parametrize("seed", range(20))
def test_every_step_gives_the_number_of_the_loops(seed):
    draw = np.random.default_rng(seed)
    image = draw.integers(-3, 4, size=(int(draw.integers(1, 4)), 6, 5))
    kernel = draw.integers(-2, 3, size=(len(image), 3, 3))
    stride, padding = int(draw.integers(1, 3)), int(draw.integers(0, 2))
    expected = reference.conv2d(
        image, kernel[None], np.array([2]), stride=stride, padding=padding
    )[0]
    for row, col in np.ndindex(expected.shape):
        step = take_step(image, kernel, 2, stride, padding, row, col)
        assert step.total == expected[row, col]
        assert np.array_equal(step.feature_map, expected)


def test_words_say_what_each_channel_gives():
    step = take_step(IMAGE, KERNEL, BIAS, row=1, col=1)
    assert describe_step(step) == (
        "Window at position (1, 1): channel 0 gives 3, channel 1 gives -1; "
        "3 + (-1) + bias 1 = 3. It is number 5 of 9 in a feature map of 3 x 3."
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((IMAGE, KERNEL[:1]), "of equal channels"),
        ((IMAGE[0], KERNEL), "an image of shape (5, 5) and a kernel of shape"),
        ((IMAGE, KERNEL, 0, 1, 0, 3, 0), "there is no position (3, 0): this map has 3"),
    ],
)
def test_what_does_not_fit_is_said(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        take_step(*arguments)


def test_zero_has_no_sign():
    step = take_step(-np.zeros((1, 3, 3)), np.ones((1, 3, 3)), -0.0)
    assert "-0" not in draw_step(step).replace('y="-', "")
    assert "channel 0 gives 0; 0 + bias 0 = 0" in describe_step(step)


def test_first_state_is_already_a_step():
    stepper = widgets.window_stepper(IMAGE, KERNEL, BIAS)
    assert "position (0, 0)" in stepper.words()
    assert stepper.words() in stepper.caption.value
    assert stepper.picture.value.count("<img") == 1


def test_next_goes_through_every_position_and_round():
    stepper = widgets.window_stepper(IMAGE, KERNEL, BIAS)
    seen = [stepper.words()]
    for _ in range(8):
        stepper.advance()
        seen.append(stepper.words())
    numbers = [re.search(r"number (\d+) of 9", words)[1] for words in seen]
    assert numbers == [str(n) for n in range(1, 10)]
    stepper.advance()
    assert stepper.words() == seen[0]


@pytest.mark.parametrize(
    ("stride", "padding", "positions"), [(1, 0, 3), (1, 1, 5), (2, 0, 2), (2, 1, 3)]
)
def test_sliders_have_as_many_positions_as_the_map(stride, padding, positions):
    stepper = widgets.window_stepper(IMAGE, KERNEL, BIAS)
    stepper.stride.value, stepper.padding.value = stride, padding
    assert (stepper.row.max, stepper.col.max) == (positions - 1, positions - 1)
    assert f"feature map of {positions} x {positions}" in stepper.words()


def test_a_position_that_is_gone_gives_way():
    stepper = widgets.window_stepper(IMAGE, KERNEL, BIAS)
    stepper.row.value = stepper.col.value = 2
    stepper.stride.value = 2
    assert (stepper.row.value, stepper.col.value) == (1, 1)
    assert "position (1, 1)" in stepper.words()


def test_survives_any_order_of_moves():
    draw, stepper = random.Random(0), widgets.window_stepper(IMAGE, KERNEL, BIAS)
    for _ in range(300):
        move = draw.randrange(5)
        if move == 0:
            stepper.row.value = draw.randint(0, stepper.row.max)
        elif move == 1:
            stepper.col.value = draw.randint(0, stepper.col.max)
        elif move == 2:
            stepper.stride.value = draw.choice([1, 2])
        elif move == 3:
            stepper.padding.value = draw.choice([0, 1])
        else:
            stepper.advance()
        assert stepper.words() in stepper.caption.value
        assert f"({stepper.row.value}, {stepper.col.value})" in stepper.words()
        assert stepper.picture.value.count("<img") == 1


def test_map_is_filled_up_to_the_present_position():
    step = take_step(IMAGE, KERNEL, BIAS, row=1, col=0)
    assert draw_step(step).count(">·<") == 9 - 4


def test_padding_is_drawn_apart():
    assert "stroke-dasharray" not in draw_step(take_step(IMAGE, KERNEL))
    drawn = draw_step(take_step(IMAGE, KERNEL, padding=1))
    assert drawn.count("stroke-dasharray") == 2 * (7 * 7 - 5 * 5)


def test_twin_shows_the_present_and_the_last_position_with_their_words():
    stepper = widgets.window_stepper(IMAGE, KERNEL, BIAS)
    stepper.row.value = 1
    html = stepper.static_html()
    alts = re.findall(r'<img alt="([^"]+)"', html)
    assert alts[0] == stepper.words()
    assert "number 9 of 9" in alts[1]
    assert all(f"<p>{alt}</p>" in html for alt in alts)
    stepper.row.value = stepper.col.value = 2
    assert stepper.static_html().count("<img") == 1


def test_takes_an_image_and_a_kernel_of_ones_own():
    stepper = widgets.window_stepper(np.ones((3, 4, 6)), np.ones((3, 2, 2)), 0)
    assert (stepper.row.max, stepper.col.max) == (2, 4)
    assert "4 + 4 + 4 + bias 0 = 12" in stepper.words()


def test_feature_map_plot_says_where_the_extremes_are():
    picture = np.zeros((5, 5))
    picture[:, 2:] = 1
    kernel = np.array([[-1, 0, 1]] * 3)
    found = reference.conv2d(picture[None], kernel[None, None])[0]
    _, axes = plt.subplots(1, 3)
    said = plot_feature_map(axes, picture, kernel, found)
    assert "its largest number, +3.0, stands in column 0" in said
    limits = axes[2].images[0].get_clim()
    assert limits == (-3.0, 3.0)


def test_learning_curves_plot():
    rows = [EpochResult(n, 2.0 / n, 2.5 / n, 0.5, 1.0, 1.0) for n in (1, 2)]
    _, ax = plt.subplots()
    said = curves.plot_learning_curves(ax, {"a": rows, "b": rows[:1]})
    assert said == "Mean training loss after the last epoch: a 1.00, b 2.00."
    assert len(ax.lines) == 4
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "a, training",
        "a, validation",
        "b, training",
        "b, validation",
    ]


def test_loss_plot_marks_what_it_is_given():
    _, ax = plt.subplots()
    said = curves.plot_loss_of_probability(ax, {"no idea": np.log(10)})
    assert said.endswith("no idea: loss 2.30 is p = 0.1.")
    assert len(ax.texts) == 1


def test_seed_ranges_plot_says_the_ranges():
    _, ax = plt.subplots()
    runs = {"a": [0.8, 0.9, 0.85], "b": [0.5, 0.5, 0.6]}
    said = curves.plot_seed_ranges(ax, runs, "test accuracy, %", scale=100)
    assert said == ("test accuracy, %, lowest to highest seed: a 80 to 90, b 50 to 60.")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
