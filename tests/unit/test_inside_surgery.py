"""Silenced channels, all activations of one pass, and nearest neighbours."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import ALEXNET_MODERN_28, LENET5_RELU
from alexnet_lib.inside.neighbours import agreement, nearest
from alexnet_lib.inside.recorder import ActivationRecorder, all_activations, evaluating
from alexnet_lib.inside.surgery import (
    behind,
    class_shares,
    forgotten,
    silence,
    silenced,
)

IMAGES = torch.rand(6, 1, 28, 28, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def model() -> nn.Sequential:
    torch.manual_seed(0)
    return build_model(ALEXNET_MODERN_28).eval()


def hooks_of(model: nn.Module) -> int:
    return sum(len(module._forward_hooks) for module in model.modules())


# --- everything of one pass -----------------------------------------------------------
def test_all_activations_are_those_of_each_layer_in_order(model):
    found = all_activations(model, IMAGES)
    assert list(found) == [name for name, _ in model.named_children()]
    value = IMAGES
    with torch.no_grad():
        for name, layer in model.named_children():
            value = layer(value)
            assert torch.equal(found[name], value), name


def test_all_activations_before_an_in_place_relu():
    layers = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(inplace=True))
    found = all_activations(layers, IMAGES)
    assert found["0"].min() < 0
    assert found["1"].min() == 0


def test_layers_within_layers_are_recorded_and_boxes_left_out():
    inner = nn.Sequential(nn.Flatten(), nn.Linear(784, 3))
    model = nn.Sequential(nn.Identity(), inner)
    assert list(all_activations(model, IMAGES)) == ["0", "1.0", "1.1"]


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt])
def test_after_an_error_no_hook_and_no_mode_is_left(model, kind):
    def interrupt(*_args):
        raise kind

    model.train()
    handle = model.pool2.register_forward_hook(interrupt)
    with pytest.raises(kind):
        all_activations(model, IMAGES)
    handle.remove()
    assert hooks_of(model) == 0
    assert all(module.training for module in model.modules())


def test_an_interrupt_while_hooks_are_set_leaves_none(model, monkeypatch):
    def interrupted(hook):
        raise KeyboardInterrupt

    recorder = ActivationRecorder(model, ["conv1", "conv2"])
    monkeypatch.setattr(model.conv2, "register_forward_hook", interrupted)
    with pytest.raises(KeyboardInterrupt):
        recorder.__enter__()
    assert hooks_of(model) == 0


def test_each_layer_gets_its_own_mode_back(model):
    model.train()
    model.norm2.eval()
    with evaluating(model):
        assert not any(module.training for module in model.modules())
    assert model.norm1.training
    assert not model.norm2.training


# --- silence --------------------------------------------------------------------------
def test_a_silent_channel_is_one_whose_readers_have_no_weights(model):
    """The oracle: cut the connections instead of the channel."""
    cut = build_model(ALEXNET_MODERN_28).eval()
    cut.load_state_dict(model.state_dict())
    with torch.no_grad():
        cut.conv3.weight[:, [4, 9]] = 0
        expected = cut(IMAGES)
        with silenced(model, {"relu2": [4, 9]}):
            found = model(IMAGES)
        assert not torch.equal(found, model(IMAGES))
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-6)
    assert hooks_of(model) == 0


def test_several_layers_and_gradients_through_the_cut(model):
    with silenced(model, {"relu1": [0], "relu5": [1, 2]}):
        assert hooks_of(model) == 2
        with ActivationRecorder(model, ["relu5"]) as recorder:
            model(IMAGES).sum().backward()
    assert recorder["relu5"][:, [1, 2]].abs().sum() == 0
    assert recorder["relu5"][:, 3].abs().sum() > 0
    assert model.conv1.weight.grad[0].abs().sum() == 0  # its channel leads nowhere
    assert model.conv1.weight.grad[1].abs().sum() > 0


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
def test_the_channels_speak_again_after_an_error(model, kind):
    before = model(IMAGES)

    def interrupted():
        with silenced(model, {"relu1": [0, 1]}):
            model(IMAGES)
            raise kind

    with pytest.raises(kind):
        interrupted()
    assert hooks_of(model) == 0
    assert torch.equal(model(IMAGES), before)


def test_silence_copies():
    maps = torch.ones(2, 3, 2, 2)
    quiet = silence(maps, [1])
    assert quiet.sum(dim=(0, 2, 3)).tolist() == [8, 0, 8]
    assert maps.min() == 1
    assert torch.equal(silence(maps, []), maps)


def test_from_a_layer_on_is_the_same_as_all_of_it(model):
    maps = all_activations(model, IMAGES)["pool2"]
    rest = behind(model, "pool2")
    assert rest[0] is model.conv3
    with silenced(model, {"pool2": [5]}), torch.no_grad():
        expected = model(IMAGES).double().softmax(dim=1)
    found = class_shares(rest, maps, [5])
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(found.sum(dim=1), torch.ones(6).double())


def test_forgotten_counts_before_and_after():
    """Channel c says class c: without it, only that class is lost."""
    rest = nn.Sequential(nn.Flatten())
    maps = torch.eye(3)[[0, 0, 1, 2, 2, 1]] + 0.1 * torch.tensor([0.0, 1.0, 2.0])
    labels = torch.tensor([0, 0, 1, 2, 2, 2])
    found = forgotten(rest, maps, labels, [0])
    assert found == {0: (1.0, 0.0), 1: (1.0, 1.0), 2: (pytest.approx(2 / 3),) * 2}


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda m: silence(torch.ones(1, 3, 2, 2), [3]),
            "the layer has 3 channels, numbered from 0: there is no channel 3",
        ),
        (
            lambda m: behind(m, "pool9"),
            "no layer named 'pool9': did you mean 'pool2'?",
        ),
    ],
)
def test_what_is_not_there_is_said(model, ask, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        ask(model)


def test_a_wrong_channel_in_a_pass_names_its_layer(model):
    with (
        silenced(model, {"relu1": [48]}),
        pytest.raises(ValueError, match=r"^'relu1' has 48 channels, .* no channel 48$"),
    ):
        model(IMAGES)
    assert hooks_of(model) == 0


# --- neighbours -----------------------------------------------------------------------
def test_neighbours_are_those_of_the_loops():
    draw = np.random.default_rng(0)
    rows, asked = draw.normal(size=(40, 7)), draw.normal(size=(5, 7))
    order, distances = nearest(torch.tensor(rows), torch.tensor(asked), 6)
    for query, found, far in zip(asked, order.tolist(), distances, strict=True):
        true = [np.sqrt(((row - query) ** 2).sum()) for row in rows]
        expected = sorted(range(40), key=lambda i: true[i])[:6]
        assert found == expected
        np.testing.assert_allclose(far, [true[i] for i in expected])


def test_a_picture_is_its_own_first_neighbour_at_distance_0():
    features = all_activations(build_model(LENET5_RELU), IMAGES)["fc4"]
    order, distances = nearest(features, features[2:4], 3)
    assert order[:, 0].tolist() == [2, 3]
    assert distances[:, 0].tolist() == [0, 0]
    assert (distances.diff(dim=1) >= 0).all()


def test_maps_are_compared_whole():
    maps = torch.zeros(3, 2, 2, 2)
    maps[1, 1, 1, 1] = 3
    order, distances = nearest(maps, maps[:1], 3)
    assert order.tolist() == [[0, 2, 1]]
    assert distances.tolist() == [[0, 0, 3]]


def test_agreement_is_a_share_of_neighbours():
    labels = torch.tensor([5, 5, 6, 7])
    found = torch.tensor([[1, 2], [3, 0]])
    assert agreement(labels, found, torch.tensor([5, 7])) == 0.5


@pytest.mark.parametrize(
    ("rows", "asked", "count", "message"),
    [
        (4, 3, 1, "features have shape (4,) and queries (3,): take both from the same"),
        (4, 4, 9, "cannot give 9 neighbours of 8 rows: ask for 1 to 8"),
        (4, 4, 0, "cannot give 0 neighbours of 8 rows: ask for 1 to 8"),
    ],
)
def test_questions_without_an_answer(rows, asked, count, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        nearest(torch.ones(8, rows), torch.ones(1, asked), count)
