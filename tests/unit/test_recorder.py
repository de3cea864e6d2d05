"""The recorder: what it keeps, and that nothing of it stays behind."""

import re

import pytest
import torch
from torch import nn

from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import LENET5
from alexnet_lib.inside.recorder import ActivationRecorder


@pytest.fixture
def model() -> nn.Sequential:
    return build_model(LENET5)


IMAGES = torch.linspace(0, 1, 2 * 28 * 28).view(2, 1, 28, 28)


def hooks_of(model: nn.Module) -> int:
    return sum(len(module._forward_hooks) for module in model.modules())


def test_it_keeps_what_the_layer_gave(model):
    with ActivationRecorder(model, ["conv1", "pool1", "fc5"]) as recorder:
        logits = model(IMAGES)
    assert torch.equal(recorder["fc5"], logits)
    assert torch.equal(recorder["conv1"], model.conv1(IMAGES))
    assert recorder["pool1"].shape == (2, 6, 14, 14)
    assert not recorder["fc5"].requires_grad
    assert logits.requires_grad


def test_each_pass_overwrites_the_one_before(model):
    with ActivationRecorder(model, ["fc5"]) as recorder:
        model(IMAGES)
        second = model(IMAGES[:1])
    assert torch.equal(recorder["fc5"], second)


def test_an_in_place_relu_does_not_edit_the_recording():
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(inplace=True))
    nn.init.constant_(model[0].weight, -1.0)
    nn.init.zeros_(model[0].bias)
    with ActivationRecorder(model, ["0", "1"]) as recorder:
        model(torch.ones(1, 2))
    assert recorder["0"].tolist() == [[-2.0, -2.0]]
    assert recorder["1"].tolist() == [[0.0, 0.0]]


def test_no_hook_stays_behind(model):
    with ActivationRecorder(model, ["conv1", "fc5"]):
        assert hooks_of(model) == 2
    assert hooks_of(model) == 0


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt])
def test_no_hook_stays_behind_after_an_error(model, kind):
    recorder = ActivationRecorder(model, ["conv1", "fc5"])

    def interrupted() -> None:
        with recorder:
            model(IMAGES)
            raise kind

    with pytest.raises(kind):
        interrupted()
    assert hooks_of(model) == 0
    assert recorder["fc5"].shape == (2, 10)


def test_layers_within_layers_have_dotted_names(model):
    outer = nn.Sequential()
    outer.add_module("inner", model)
    with ActivationRecorder(outer, ["inner.conv1"]) as recorder:
        outer(IMAGES)
    assert recorder["inner.conv1"].shape == (2, 6, 28, 28)


NAMES = ", ".join(layer.name for layer in LENET5.layers)


@pytest.mark.parametrize(
    ("names", "kind", "message"),
    [
        (["conv_1"], ValueError, "no layer named 'conv_1': did you mean 'conv1'?"),
        (["xyz"], ValueError, f"no layer named 'xyz': layers are: {NAMES}"),
        ([""], ValueError, f"no layer named '': layers are: {NAMES}"),
        (
            "conv1",
            TypeError,
            "expected a list of layer names, got the text 'conv1': write ['conv1']",
        ),
    ],
)
def test_wrong_names_are_refused(model, names, kind, message):
    with pytest.raises(kind, match=f"^{re.escape(message)}$"):
        ActivationRecorder(model, names)


def test_reading_too_early_and_reading_what_was_not_asked_for(model):
    recorder = ActivationRecorder(model, ["conv1"])
    message = "nothing recorded for 'conv1': run the model inside the `with` block"
    with pytest.raises(RuntimeError, match=re.escape(message)):
        recorder["conv1"]
    with pytest.raises(ValueError, match="no layer named 'conv2': did you mean 'conv1"):
        recorder["conv2"]
