"""The check of the sides behind three poolings, with the answers of a class."""

import pytest

from alexnet_lib.learning.checks import pooling
from tests.unit.checking import EqualInt, assert_check_is_fair

RIGHT = {
    "3/2 floor": [27, 13, 6],
    "3/2 ceil": [27, 13, 6],
    "2/2 floor": [27, 13, 6],
    "2/2 ceil": [28, 14, 7],
}
NO_PLUS_ONE = {  # floor or ceil of (side - window) / 2, three times, from 55
    "3/2 floor": [26, 11, 4],
    "3/2 ceil": [26, 12, 5],
    "2/2 floor": [26, 12, 5],
    "2/2 ceil": [27, 13, 6],
}


def test_pool_sides():
    assert_check_is_fair(
        pooling.check_pool_sides,
        right=[RIGHT, {key: tuple(sides) for key, sides in RIGHT.items()}],
        wrong={
            "begins with conv1": RIGHT | {"3/2 floor": [55, 27, 13]},
            "no plus one": NO_PLUS_ONE,
            "rounded up": RIGHT | {"2/2 floor": [28, 14, 7]},
            "halved": RIGHT | {"3/2 ceil": [28, 14, 7]},
            "rounded down": RIGHT | {"2/2 ceil": [27, 13, 6]},
        },
        todo=dict.fromkeys(RIGHT),
    )


@pytest.mark.parametrize("key", ["3/2 floor", "3/2 ceil", "2/2 floor"])
def test_who_forgets_the_plus_one_is_told_under_each_key(key):
    result = pooling.check_pool_sides(RIGHT | {key: NO_PLUS_ONE[key]})
    assert (result.status, result.mistake) == ("failed", "no plus one")
    assert "the steps were counted, not the positions" in result.message


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        (27, "it should be a list, not int"),
        ([27, 13], "it has 2 sides, which should be 3: behind pool1, pool2 and pool5"),
        ([27.0, 13, 6], "each side is a whole number of pixels"),
        ([EqualInt(1)] * 3, "those are other sides"),
    ],
)
def test_pool_sides_messages(sides, message):
    result = pooling.check_pool_sides(RIGHT | {"3/2 floor": sides})
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


def test_pool_sides_half_done_is_to_do():
    result = pooling.check_pool_sides(RIGHT | {"2/2 ceil": None})
    assert str(result) == "todo: right so far; pool_sides['2/2 ceil'] is still open"
