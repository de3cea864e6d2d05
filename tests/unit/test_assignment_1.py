"""What assignment 1 holds to be right, against torch and against sliding by hand."""

import random
from collections import Counter

import pytest
import torch
from torch import nn

from alexnet_lib.architecture import memory
from alexnet_lib.architecture.model import build_model
from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.arithmetic_and_cost import network
from alexnet_lib.classroom.assignments.arithmetic_and_cost.blocks import (
    BIASES,
    KINDS,
    Block,
)
from alexnet_lib.classroom.assignments.arithmetic_and_cost.budget import Budget
from alexnet_lib.classroom.assignments.arithmetic_and_cost.network import (
    HOUSE_RULES,
    WINDOWS,
    HouseRule,
)
from alexnet_lib.classroom.assignments.arithmetic_and_cost.own import draw_window
from alexnet_lib.classroom.assignments.arithmetic_and_cost.wrong_table import (
    MISTAKES,
    describe,
)
from alexnet_lib.classroom.assignments.parts import Work

ASSIGNMENT = find_assignment(1)


def drawn(seed: int):
    return ASSIGNMENT.draw(random.Random(seed))


def slide(rule: HouseRule, size: int, k: int, s: int, p: int, gap: int) -> int:
    """Put the window down, step by step, until nothing of it may be put down."""
    left = p if rule.padded_sides == 2 else 0
    end = left + size + p  # of the padded row
    covered = len(range(0, k + (k - 1) * gap))
    starts, start = 0, 0
    while start + covered <= end:
        starts, start = starts + 1, start + s
    hanging = rule.rounds_up and start - s + covered < end
    return starts + hanging


@pytest.mark.parametrize("rule", HOUSE_RULES, ids=repr)
def test_positions_are_those_of_a_window_that_slides(rule):
    numbers = random.Random(0)
    for _ in range(500):
        window = draw_window(numbers, padded=True, gap=bool(numbers.randint(0, 1)))
        assert rule.positions(*window) == slide(rule, *window), window


def test_a_rule_of_two_sides_rounding_down_would_be_torch():
    rule, numbers = HouseRule(2, False), random.Random(1)
    for _ in range(200):
        size, k, s, p, gap = draw_window(numbers, padded=True, gap=True)
        row, kernel = torch.empty(1, 1, size), torch.empty(1, 1, k)
        shape = nn.functional.conv1d(
            row, kernel, stride=s, padding=p, dilation=gap + 1
        ).shape
        assert rule.positions(size, k, s, p, gap) == shape[-1]
    assert rule not in HOUSE_RULES


def test_a_window_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="a window that covers 9 pixels does not fit"):
        HOUSE_RULES[0].positions(4, 5, 1, 0, 1)


@pytest.mark.parametrize("seed", range(8))
def test_the_network_is_torchs_and_parts_from_the_rule(seed):
    own = drawn(seed)
    images = torch.empty(1, *own.network.input_shape)
    sides = {}
    with torch.inference_mode():
        for name, layer in build_model(own.network).named_children():
            images = layer(images)
            if name in WINDOWS:
                sides[name] = images.shape[-1]
    assert network.torch_sides(own.network) == sides
    ours = network.sides(own.network, own.rule)
    assert sum(ours[name] != sides[name] for name in WINDOWS) >= 2


def test_the_printed_network_is_the_network():
    from alexnet_lib.architecture import spec

    for seed in range(5):
        code = network.as_code(drawn(seed).network)
        assert eval(code, {"spec": spec}) == drawn(seed).network
        assert max(map(len, code.splitlines())) <= 100


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("biases", BIASES)
def test_a_block_costs_what_torch_counts(kind, biases):
    first, second = biases == BIASES[0], biases != BIASES[2]
    for c_in, c_out, k, side in ((8, 12, 3, 6), (16, 8, 5, 9)):
        block = Block(kind, biases, 4 if kind == "waist" else 1)
        half = k // 2
        match kind:
            case "strips":
                steps = nn.Sequential(
                    nn.Conv2d(c_in, c_out, (k, 1), padding=(half, 0), bias=first),
                    nn.Conv2d(c_out, c_out, (1, k), padding=(0, half), bias=second),
                )
            case "depthwise":
                steps = nn.Sequential(
                    nn.Conv2d(c_in, c_in, k, padding=half, groups=c_in, bias=first),
                    nn.Conv2d(c_in, c_out, 1, bias=second),
                )
            case _:
                steps = nn.Sequential(
                    nn.Conv2d(c_in, c_in // 4, 1, bias=first),
                    nn.Conv2d(c_in // 4, c_out, k, padding=half, bias=second),
                )
        images, work = torch.zeros(1, c_in, side, side), 0
        for step in steps:
            images = step(images)
            work += step.weight.numel() * images[0, 0].numel()  # a use a position
        assert images.shape == (1, c_out, side, side)
        parameters = sum(parameter.numel() for parameter in steps.parameters())
        assert block.cost(c_in, c_out, k, side) == [parameters, work]


def test_the_wrong_row_is_one_and_its_mistake_is_the_only_one_that_fits():
    seen = Counter()
    for seed in range(120):
        own = drawn(seed)
        rows = describe(own.network)
        right = {name: row.counts() for name, row in rows.items()}
        wrong = [name for name in right if own.wrong.counts[name] != right[name]]
        assert wrong == [own.wrong.layer]
        shown = own.wrong.counts[own.wrong.layer]
        fit = [name for name, of in MISTAKES.items() if of(rows[wrong[0]]) == shown]
        assert fit == [own.wrong.mistake]
        assert own.wrong.right == right[own.wrong.layer]
        seen[own.wrong.mistake] += 1
    assert seen.keys() == MISTAKES.keys()


def test_the_counts_are_those_of_the_built_network():
    built = build_model(drawn(3).network)
    for name, row in describe(drawn(3).network).items():
        layer = built.get_submodule(name)
        assert row.counts()[0] == sum(p.numel() for p in layer.parameters())


def test_the_budget_is_the_librarys_where_they_count_alike():
    own = drawn(0)
    budget = Budget(3, "GB", "SGD with momentum", "float32")
    needs = memory.training_memory(own.network)
    assert budget.fixed(own.network) == needs.fixed
    assert budget.per_picture(own.network) == needs.activations_per_image
    assert budget.largest_batch(own.network) == needs.largest_batch(3 * 10**9)
    adam = Budget(3, "GiB", "Adam", "bfloat16")
    assert adam.fixed(own.network) * 3 == needs.fixed * 4
    assert adam.per_picture(own.network) * 2 == needs.activations_per_image
    assert adam.bytes == 3 * 2**30


def test_ten_oral_questions_name_what_the_student_made():
    own = drawn(2)
    work = Work(
        answers={"bet": {"one_picture": "fc4"}, "sides": {}, "budget": None},
        functions={"positions": "def positions(a):\n    return 41 * a"},
        quoted=("12.5", "31.0"),
    )
    asked = ASSIGNMENT.oral(own, work)
    text = "\n".join(question.ask for question in asked)
    assert len(asked) == 10
    for word in ("`return 41 * a`", "'fc4'", "'nothing'", "12.5, 31.0"):
        assert word in text
    empty = ASSIGNMENT.oral(own, Work(answers={}, functions={}))
    assert len(empty) == 10
    assert "no number of your run" in "\n".join(question.ask for question in empty)
