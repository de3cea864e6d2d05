"""The five checks of notebook 02, with the answers a class really gives."""

import math

import pytest

from alexnet_lib.architecture.arithmetic import window_output_size
from alexnet_lib.learning.checks import inputs, sizes
from tests.unit.checking import assert_check_is_fair, stub


def counted(size: int, kernel_size: int, stride: int, padding: int) -> int:
    """The right answer by counting, not by formula."""
    last = size + 2 * padding - kernel_size
    return len(range(0, last + 1, stride))


def test_conv_out():
    assert_check_is_fair(
        sizes.check_conv_out,
        right=[window_output_size, counted],
        wrong={
            "padding forgotten": lambda n, k, s, p: math.floor((n - k) / s) + 1,
            "padding once": lambda n, k, s, p: (n - k + p + s) // s,
            "rounded up": lambda n, k, s, p: 1 - (k - n - 2 * p) // s,
            "no plus one": lambda n, k, s, p: int((n + p + p - k) / s),
            "stride divides the input": lambda n, k, s, p: (2 * p + n) // s - (k - 1),
            "rounded to nearest": lambda n, k, s, p: round(1 + (n + 2 * p - k) / s),
            "true division": lambda n, k, s, p: 1 + (n - k + 2 * p) / s,
        },
        todo=stub,
    )


def test_conv_out_shows_the_case_in_which_a_fraction_appears():
    message = sizes.check_conv_out(lambda n, k, s, p: (n + 2 * p - k) / s + 1).message
    assert message.startswith("conv_out(6, 3, 2, 0) went wrong")  # 2.5, not 3.0


def test_conv_out_uses_torch_as_oracle():
    assert sizes.torch_output_size(224, 11, 4, 2) == 55


SIDES = {
    "conv1": 55,
    "pool1": 27,
    "conv2": 27,
    "pool2": 13,
    "conv3": 13,
    "conv4": 13,
    "conv5": 13,
    "pool5": 6,
}


def test_sides_227():
    assert_check_is_fair(
        sizes.check_sides_227,
        right=[SIDES, dict(reversed(SIDES.items()))],
        wrong={
            "one too few": SIDES | {"conv1": 54},
            "padding 2": SIDES | {"conv1": 56},
            "rounded up": SIDES | {"pool1": 28},
            "padding forgotten": SIDES | {"conv2": 23},
        },
        todo=dict.fromkeys(SIDES),
        at_least=3,
    )


def test_triples():
    right = inputs.triples_giving(55)
    assert len(right) == 30
    assert_check_is_fair(
        inputs.check_triples,
        right=[right, sorted(right), frozenset(right), [[*t] for t in right]],
        wrong={
            "floor only": {t for t in right if t[2] == "floor"},
            "ceil only": {t for t in right if t[2] == "ceil"},
            "no padding": {t for t in right if t[1] == 0},
            "end left out": {t for t in right if t[1] != 3},
            "54 for 55": inputs.triples_giving(54),
            "another rule": {
                (n, p, "ceil" if r == "floor" else "floor") for n, p, r in right
            },
        },
        todo=None,
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({(224, 0, "floor")}, "224 with padding 0 and floor does not give 55"),
        ({(227, 0, "floor")}, "those 1 give 55, but there are more"),
        ([224], "each entry is (size, padding, rounding), got 224"),
        (
            [(219, 4, "floor")],
            "(219, 4, 'floor') lies outside the ranges: sizes 220 to",
        ),
        ([(224, 0, "Ceil")], "the rounding comes third, 'floor' or 'ceil': got"),
        ([("floor", 224, 2)], "the size comes first, a whole number: got"),
        ([(224, "floor", 2)], "the padding comes second, a whole number: got"),
        ("55", "triples should be a set or a list, not str"),
    ],
)
def test_triples_messages(answer, message):
    assert inputs.check_triples(answer).message.startswith(message)


def test_at_fc6():
    right = {
        "maps": 256,
        "side_at_227": 6,
        "side_at_224": 5,
        "first_difference": "conv1",
    }
    assert right["maps"] * right["side_at_227"] ** 2 == 9216
    assert right["maps"] * right["side_at_224"] ** 2 == 6400
    assert_check_is_fair(
        inputs.check_at_fc6,
        right=[right, dict(reversed(right.items()))],
        wrong={
            "conv3": right | {"maps": 384},
            "conv1": right | {"maps": 96},
            "before pooling": right | {"side_at_224": 12},
            "too late": right | {"first_difference": "pool5"},
            "pooling": right | {"first_difference": "pool1"},
        },
        todo=dict.fromkeys(right),
        at_least=3,
    )


def test_too_small():
    right = {"stops_at": "pool2", "side_there": 2, "smallest_torchvision": 63}
    assert_check_is_fair(
        inputs.check_too_small,
        right=[right, dict(reversed(right.items()))],
        wrong={
            "fc6": right | {"stops_at": "fc6"},
            "before pooling": right | {"side_there": 5},
            "one too small": right | {"smallest_torchvision": 62},
            "native": right | {"smallest_torchvision": 224},
        },
        todo=dict.fromkeys(right),
        at_least=3,
    )
