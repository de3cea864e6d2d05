"""Numbers that stand in the text of notebook 08 are those that the library computes."""

import pytest

from alexnet_lib.architecture.variants import ALEXNET_2012
from alexnet_lib.inside.patches import line_basis, line_windows, window_ranks
from alexnet_lib.learning import shipped
from alexnet_lib.learning.checks import cut, windows
from tests.notebooks.test_numbers import text_of

pytestmark = pytest.mark.notebooks
KERNELS = ALEXNET_2012.layers[0]


def inner_dimensions(padding: int) -> list[int]:
    """What inner windows of a picture see: rows times columns, by their phases."""
    ranks = set(window_ranks(line_windows(28, 224, 11, 4, padding))[2:-2])
    return sorted({down * across for down in ranks for across in ranks})


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("look at the {} kernels of the first layer", [KERNELS.out_channels]),
        ("an enlarged picture holds {} numbers, not {:,}", [28**2, 224**2]),
        ("Each filter has {} numbers", [KERNELS.kernel_size**2]),
        ("With padding 1, an inner window of a picture sees {}, {} or {}", None),
        ("Tolerance: {}", [f"{windows.TOLERANCE:.0e}".replace("e-0", "e-")]),
        ("must lose at least {} point of accuracy", [{0.01: "one"}[cut.LEAST]]),
        ("{} times as much as the other classes", [{3: "three"}[cut.TIMES]]),
        ("a {} of the channels behind", [{16: "sixteenth"}[cut.SHARE]]),
        ("the judge is a {} test pictures", [{1000: "thousand"}[cut.TO_JUDGE]]),
    ],
)
def test_the_text_has_the_number_that_is_computed(phrase, numbers):
    found = inner_dimensions(1) if numbers is None else numbers
    assert phrase.format(*found) in text_of("08")


def test_a_line_sees_three_or_four_small_pixels():
    assert "a window of a line sees three or four numbers" in text_of("08")
    assert set(window_ranks(line_windows(28, 224, 11, 4, 1))[2:-2]) == {3, 4}
    assert line_basis(line_windows(28, 224, 11, 4, 0)).shape[1] == 4


def test_most_numbers_are_what_chance_made_them():
    """True of every network that the notebook may open."""
    assert "most numbers of our filters are what chance made them" in text_of("08")
    for name in ("d2l", "quarter"):
        try:
            network = shipped.first_shipped(name).network
        except FileNotFoundError:
            continue
        conv1 = network.model.conv1
        line = line_windows(28, network.resize, 11, 4, conv1.padding[0])
        assert line_basis(line).shape[1] ** 2 < 121 / 2
