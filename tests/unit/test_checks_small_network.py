"""The check of the budget game: answers of a class, and what each is told."""

import pytest
from torch import nn

from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.learning.checks.budget_game import IN_SHAPE, MOST, check_small_network
from alexnet_lib.learning.checks.counted import count_cost
from tests.unit.budget_cheats import Lazily, NotRegistered, SharedModule, tiny
from tests.unit.checking import assert_check_is_fair, raiser, stub


def small():
    return build_model(find_variant("ALEXNET_SMALL_32"))


def by_layers():
    return tiny(nn.Conv2d(3, 3, 5, padding=2), nn.BatchNorm2d(3), nn.ReLU())


THE_SAME = small()


def untrainable():
    network = by_layers()
    for parameter in network.parameters():
        parameter.requires_grad = False
    return network


def test_small_network():
    assert_check_is_fair(
        check_small_network,
        right=[small, by_layers, SharedModule, Lazily],
        wrong={
            "too many parameters": lambda: build_model(
                find_variant("ALEXNET_SMALL_32_FC")
            ),
            "too much work": lambda: build_model(find_variant("ALEXNET_MODERN_32")),
            "not new": lambda: THE_SAME,
            "cannot be counted": NotRegistered,
            "does not run": lambda: nn.Sequential(nn.Flatten(), nn.Linear(99, 10)),
            "nothing to train": untrainable,
        },
        todo=stub,
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (small(), "small_network should be a function, not Sequential"),
        (raiser, "small_network() raised ZeroDivisionError"),
        (lambda: None, "small_network() gave None: does it end with a return?"),
        (lambda: 3, "it should be an nn.Module, not int"),
    ],
)
def test_small_network_messages(answer, message):
    result = check_small_network(answer)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


def test_who_passes_the_budget_is_told_where():
    wide = build_model(find_variant("ALEXNET_SMALL_32_FC"))
    result = check_small_network(
        lambda *_: build_model(find_variant("ALEXNET_SMALL_32_FC"))
    )
    cost = count_cost(wide, IN_SHAPE)
    assert (
        f"{cost.parameters:,} numbers kept, and {MOST.parameters:,}" in result.message
    )
    assert "most of them in 'fc6'" in result.message
