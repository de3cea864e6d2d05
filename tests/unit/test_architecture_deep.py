"""Networks of any depth, and the racers: what differs and what does not."""

import pytest
import torch
from torch import nn

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.deep import STARTS, build_deep, deep_spec
from alexnet_lib.architecture.variants import RACE_RELU, RACE_SIGMOID, RACE_TANH

KINDS = {"ReLU": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


@pytest.mark.parametrize("activation", KINDS)
@pytest.mark.parametrize("depth", [2, 3, 20])
def test_depth_counts_the_linear_layers(activation, depth):
    model = build_deep(activation, depth)
    linear = [layer for layer in model if isinstance(layer, nn.Linear)]
    assert len(linear) == depth
    assert [layer.out_features for layer in linear] == [64] * (depth - 1) + [10]
    bends = [layer for layer in model if type(layer) is KINDS[activation]]
    assert len(bends) == depth - 1
    assert type(model[-1]) is nn.Linear
    assert model(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


def test_the_normal_start_is_the_paper_s_without_its_ones():
    torch.manual_seed(0)
    model = build_deep("ReLU", 3, "normal")
    assert model.fc1.weight.std().item() == pytest.approx(0.01, rel=0.02)
    assert all(not layer.bias.any() for layer in model if isinstance(layer, nn.Linear))


def test_the_starts_differ_and_a_seed_repeats_each():
    spreads = set()
    for start in STARTS:
        weights = []
        for _ in range(2):
            torch.manual_seed(3)
            weights.append(build_deep("tanh", 4, start).fc2.weight)
        assert torch.equal(*weights)
        spreads.add(round(weights[0].std().item(), 4))
    assert len(spreads) == len(STARTS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("relu", 3), "no activation named 'relu': did you mean 'ReLU'"),
        (("swish", 3), "no activation named 'swish': they are ReLU, tanh, sigmoid"),
        (("ReLU", 1), "depth is 1: it takes 2 layers or more"),
        (("ReLU", 3, "xavi"), "no start named 'xavi': did you mean 'xavier'"),
        (("ReLU", 3, 7), "no start named 7: they are normal, xavier, kaiming, torch"),
    ],
)
def test_messages(arguments, message):
    with pytest.raises(ValueError, match=message):
        build_deep(*arguments)


def test_the_table_of_a_deep_network():
    rows = summarize(deep_spec("ReLU", 3))
    assert [row.name for row in rows] == [
        "flatten",
        "fc1",
        "relu1",
        "fc2",
        "relu2",
        "fc3",
    ]
    assert sum(row.num_params for row in rows) == 785 * 64 + 65 * 64 + 65 * 10


def test_the_racers_differ_in_their_activations_only():
    rows = [summarize(spec) for spec in (RACE_RELU, RACE_TANH, RACE_SIGMOID)]
    assert len({tuple(row.kind for row in each) for each in rows}) == 3
    for each in rows:
        learned = [row.kind for row in each if row.num_params]
        assert learned == ["Conv2d", "Conv2d", "Conv2d", "Linear"]
    costs = {tuple((row.num_params, row.macs) for row in each) for each in rows}
    assert len(costs) == 1
    # (25 + 1) * 8, (8 * 9 + 1) * 16, (16 * 9 + 1) * 32, (288 + 1) * 10
    assert sum(row.num_params for row in rows[0]) == 208 + 1_168 + 4_640 + 2_890
