"""What is drawn for one student: a rule, a network, a wrong table, a block, a card."""

import random
from dataclasses import dataclass

from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.classroom.assignments.arithmetic_and_cost.blocks import (
    Block,
    draw_block,
)
from alexnet_lib.classroom.assignments.arithmetic_and_cost.budget import (
    Budget,
    draw_budget,
)
from alexnet_lib.classroom.assignments.arithmetic_and_cost.network import (
    HOUSE_RULES,
    HouseRule,
    draw_network,
)
from alexnet_lib.classroom.assignments.arithmetic_and_cost.wrong_table import (
    WrongTable,
    draw_wrong_table,
)

Window = tuple[int, int, int, int, int]  # size, kernel, stride, padding, gap


@dataclass(frozen=True)
class Own:
    """A student's own numbers."""

    rule: HouseRule
    network: ModelSpec
    wrong: WrongTable
    block: Block
    budget: Budget
    examples: tuple[Window, ...]  # windows that are shown with their answers


def draw(numbers: random.Random) -> Own:
    rule = numbers.choice(HOUSE_RULES)
    network = draw_network(numbers, rule)
    return Own(
        rule=rule,
        network=network,
        wrong=draw_wrong_table(numbers, network),
        block=draw_block(numbers),
        budget=draw_budget(numbers),
        examples=(
            draw_window(numbers, whole=True),
            draw_window(numbers, padded=True, whole=False),
            draw_window(numbers, gap=True, whole=False),
        ),
    )


def draw_window(
    numbers: random.Random,
    *,
    padded: bool = False,
    gap: bool = False,
    whole: bool | None = None,
) -> Window:
    """A window that fits; `whole` says whether its steps divide the way exactly."""
    while True:
        size, kernel, stride = (
            numbers.randint(12, 90),
            numbers.randint(2, 7),
            numbers.randint(2, 5),
        )
        padding = numbers.randint(1, 4) if padded else 0
        between = numbers.randint(1, 3) if gap else 0
        covered = (kernel - 1) * (between + 1) + 1
        ways = [size + sides * padding - covered for sides in (1, 2)]
        exact = not any(way % stride for way in ways)
        if covered <= size and (whole is None or whole == exact):
            return size, kernel, stride, padding, between
