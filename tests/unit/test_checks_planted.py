"""The check of dead units, with the answers a class really gives."""

import pytest
import torch
from torch import Tensor

from alexnet_lib.inside.statistics import dead_units
from alexnet_lib.learning.checks import planted
from tests.unit.checking import EqualInt, assert_check_is_fair, stub


def dead_by_loops(values: Tensor) -> list[int]:
    return [u for u in range(values.shape[1]) if float(values[:, u].abs().sum()) == 0]


def units_where(test):
    """A wrong answer: `test` is asked about everything that one unit said."""

    def dead(values: Tensor) -> list[int]:
        return [u for u in range(values.shape[1]) if test(values[:, u].flatten())]

    return dead


def test_dead_units():
    assert_check_is_fair(
        planted.check_dead_units,
        right=[dead_by_loops, dead_units],
        wrong={
            "any for all": units_where(lambda v: v.min() == 0),
            "mostly quiet": units_where(lambda v: 2 * (v == 0).sum() > len(v)),
            "first image only": lambda a: [
                u for u in range(a.shape[1]) if a[0, u].max() == 0
            ],
            "threshold": units_where(lambda v: v.max() < 1e-6),
            "alive": units_where(lambda v: v.max() > 0),
            "images for units": lambda a: [n for n in range(len(a)) if a[n].max() == 0],
            "always on": units_where(lambda v: v.max() == 0 or v.min() > 0),
        },
        todo=stub,
    )


@pytest.mark.parametrize("kind", [set, tuple, torch.tensor])
def test_dead_units_in_any_container(kind):
    answer = planted.check_dead_units(lambda values: kind(dead_units(values)))
    assert answer.status == "passed"


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda a: len(dead_units(a)), "it should be a list of numbers, not int"),
        (lambda a: (a == 0).all(dim=0), "each unit is a whole number, counted from 0"),
        (lambda a: [EqualInt(7)], "those are other units"),
        (lambda a: [7], "those are other units. Hint: a unit is a column"),
        (
            lambda a: (a == 0).all(dim=0).nonzero().flatten().tolist(),
            "dead_units of activations (3, 4, 2, 2) gave",
        ),
        (3, "dead_units should be a function, not int"),
    ],
)
def test_dead_units_messages(function, message):
    result = planted.check_dead_units(function)
    assert result.status == "failed"
    assert message in result.message
