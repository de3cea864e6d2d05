"""The four checks of notebook 15, with the answers a class really gives."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from alexnet_lib.learning.checks import grouping, two_cards
from tests.unit.checking import EqualInt, assert_check_is_fair, stub


# --- grouped_conv ---
def by_chunks(*args) -> Tensor:
    return torch.cat(results(*args), 1)


def kernel_by_kernel(images, weight, bias, groups, padding) -> Tensor:
    depth, per_group = weight.shape[1], len(weight) // groups
    maps = []
    for number, kernel in enumerate(weight):
        start = number // per_group * depth
        mine = images[:, start : start + depth]
        maps.append(F.conv2d(mine, kernel[None], bias[[number]], padding=padding))
    return torch.cat(maps, 1)


def results(images, weight, bias, groups, padding) -> list[Tensor]:
    parts = (images.chunk(groups, 1), weight.chunk(groups), bias.chunk(groups))
    groups_apart = zip(*parts, strict=True)
    return [F.conv2d(m, k, b, padding=padding) for m, k, b in groups_apart]


def read_backwards(images, weight, bias, groups, padding) -> Tensor:
    turned = torch.cat(images.chunk(groups, 1)[::-1], 1)
    return F.conv2d(turned, weight, bias, padding=padding, groups=groups)


def read_in_steps(images, weight, bias, groups, padding) -> Tensor:
    order = [c for g in range(groups) for c in range(g, images.shape[1], groups)]
    return F.conv2d(images[:, order], weight, bias, padding=padding, groups=groups)


def one_set_of_kernels(images, weight, bias, groups, padding) -> Tensor:
    first = weight.chunk(groups)[0].repeat(groups, 1, 1, 1)
    return F.conv2d(images, first, bias, padding=padding, groups=groups)


def one_set_of_biases(images, weight, bias, groups, padding) -> Tensor:
    first = bias.chunk(groups)[0].repeat(groups)
    return F.conv2d(images, weight, first, padding=padding, groups=groups)


def test_grouped_conv():
    assert_check_is_fair(
        grouping.check_grouped_conv,
        right=[by_chunks, kernel_by_kernel],
        wrong={
            "summed": lambda *args: sum(results(*args)),
            "others' maps": read_backwards,
            "order reversed": lambda *args: torch.cat(results(*args)[::-1], 1),
            "every second map": read_in_steps,
            "first kernels": one_set_of_kernels,
            "first bias": one_set_of_biases,
            "bias forgotten": lambda x, w, b, g, p: by_chunks(x, w, 0 * b, g, p),
            "padding forgotten": lambda x, w, b, g, p: by_chunks(x, w, b, g, 0),
        },
        todo=stub,
    )


def test_what_is_said_of_a_group_that_does_not_fit():
    result = grouping.check_grouped_conv(
        lambda x, w, b, g, p: F.conv2d(x, w, b, padding=p)
    )
    assert result.status == "failed"
    assert result.message.startswith(
        "grouped_conv on 4 maps, 6 kernels, groups 2, padding 0 raised RuntimeError: "
    )


# --- depths ---
DEPTHS = {"conv2": 48, "conv3": 256, "conv4": 192, "conv5": 192}


def test_depths():
    assert_check_is_fair(
        two_cards.check_depths,
        right=[DEPTHS, dict(reversed(DEPTHS.items()))],
        wrong={
            "all maps": DEPTHS | {"conv2": 96},
            "own tower only": DEPTHS | {"conv3": 128},
            "kernels of the layer": DEPTHS | {"conv2": 256},
            "kernels of the tower": DEPTHS | {"conv5": 128},
            "weights": DEPTHS | {"conv4": 192 * 9},
        },
        todo=dict.fromkeys(DEPTHS),
    )


@pytest.mark.parametrize("layer", ["conv4", "conv5"])
def test_depths_of_a_network_without_groups(layer):
    assert two_cards.check_depths(DEPTHS | {layer: 384}).mistake == "all maps"


# --- read_both ---
BOTH = ["conv3", "fc6", "fc7", "fc8"]


def test_read_both():
    assert_check_is_fair(
        two_cards.check_read_both,
        right=[BOTH, set(BOTH), ("FC8", "fc7 ", "fc6", "conv3")],
        wrong={
            "conv4 crosses": ["conv3", "conv4", "fc6", "fc7", "fc8"],
            "the picture": ["conv1", *BOTH],
            "the others": ["conv2", "conv4", "conv5"],
            "one input": [*BOTH, "conv5"],
            "no linear layer": ["conv3"],
            "too few": ["conv3", "fc6", "fc7"],
        },
        todo=None,
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("conv3", "read_both should be a list of names, not str"),
        ([3], "read_both should hold names such as 'conv1'"),
        (["conv3", "pool1"], "read_both: 'pool1' is not one of the eight: conv1"),
        (["fc6", "fc7"], "read_both: 2 more read both towers"),
        (["fc6", "fc7", "fc8"], "read_both: 1 more reads both towers"),
    ],
)  # fmt: skip
def test_read_both_messages(answer, message):
    assert two_cards.check_read_both(answer).message.startswith(message)


def test_an_empty_list_is_still_to_do():
    assert two_cards.check_read_both([]).status == "todo"


# --- sentences ---
SENTENCES = {
    "sentence 1": "false",
    "sentence 2": "true",
    "layer": "conv4",
    "parameters if 1": 1_327_488,
    "parameters if 2": 663_936,
}


def test_sentences():
    assert_check_is_fair(
        two_cards.check_sentences,
        right=[SENTENCES, SENTENCES | {"sentence 1": "False", "layer": " CONV4"}],
        wrong={
            "both true": SENTENCES | {"sentence 1": "true"},
            "both false": SENTENCES | {"sentence 2": "false"},
            "conv3": SENTENCES | {"layer": "conv3"},
            "the other sentence": SENTENCES | {"parameters if 1": 663_936},
            "bias forgotten": SENTENCES | {"parameters if 2": 384 * 192 * 9},
            "one tower": SENTENCES | {"parameters if 2": 192 * 192 * 9 + 192},
            "depth alone": SENTENCES | {"parameters if 1": 384},
        },
        todo=dict.fromkeys(SENTENCES),
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layer": "conv5"}, "as if one of them sent it across: both keep it at home"),
        ({"layer": "conv2"}, "as if one of them sent it across: both keep it at home"),
        ({"parameters if 2": 885_120}, "you answered as if conv3 were meant"),
        ({"parameters if 1": EqualInt(1)}, "that is another number"),
        ({"sentence 1": True}, "it should be one of true, false"),
    ],
)
def test_sentences_messages(change, message):
    result = two_cards.check_sentences(SENTENCES | change)
    assert result.status == "failed"
    assert message in result.message


def test_the_numbers_are_those_of_the_layers():
    layer = torch.nn.Conv2d(384, 384, 3, device="meta")
    assert sum(p.numel() for p in layer.parameters()) == 1_327_488
    layer = torch.nn.Conv2d(384, 384, 3, groups=2, device="meta")
    assert sum(p.numel() for p in layer.parameters()) == 663_936
