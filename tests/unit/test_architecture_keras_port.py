"""Networks carried into Keras 3, on torch, answer as they did."""

import sys

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_lib.architecture import keras_port
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    ModelSpec,
    Tanh,
)
from alexnet_lib.architecture.variants import find_variant

MOST = 1e-4  # largest difference of two logits
SEED = 0


def carried(spec: ModelSpec) -> tuple[torch.Tensor, torch.Tensor, nn.Sequential]:
    """Logits of the torch model and of its port, for two pictures."""
    torch.manual_seed(SEED)
    model = build_model(spec).eval()
    initialize(model, "kaiming")
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point() and ("running" in name or "bias" in name):
            tensor.uniform_(0.5, 1.5)  # numbers that matter if they get lost
    images = torch.rand(2, *spec.input_shape)
    port = keras_port.build_keras(spec)
    keras_port.carry_weights(model, port, spec)
    with torch.no_grad():
        return model(images), keras_port.run_keras(port, images), model


@pytest.mark.needs_extra("keras")
@pytest.mark.parametrize(
    "name",
    [
        "LENET5",
        "ALEXNET_D2L",
        "ALEXNET_ONE_TOWER",
        "ALEXNET_2012",
        "ALEXNET_2012_SOURCE",
        "ALEXNET_KERAS",
        "ALEXNET_MODERN_28",
        "RACE_TANH",
    ],
)
def test_the_same_weights_give_the_same_outputs(name: str):
    logits, theirs, _ = carried(find_variant(name))
    assert logits.std() > 0.01
    assert not torch.allclose(logits[0], logits[1], atol=10 * MOST)
    assert theirs.shape == logits.shape
    assert (logits - theirs).abs().max() < MOST


@pytest.mark.needs_extra("keras")
def test_the_port_has_the_layers_and_parameters_of_the_table():
    spec = find_variant("ALEXNET_2012")
    port = keras_port.build_keras(spec)
    assert port.count_params() == 60_965_224
    assert port.input_shape == (None, 227, 227, 3)
    assert port.output_shape == (None, 1000)
    names = [layer.name for layer in port.layers]
    assert [n for n in names if not n.endswith("_zeros")][1:] == [
        layer.name for layer in spec.layers
    ]
    assert port.get_layer("conv2").kernel.shape == (5, 5, 48, 256)
    assert port.get_layer("norm1").output.shape == (None, 55, 55, 96)


@pytest.mark.needs_extra("keras")
def test_keras_runs_on_torch_and_is_imported_only_when_asked():
    assert keras_port.import_keras().backend.backend() == "torch"
    assert not {"tensorflow", "jax"} & set(sys.modules)
    assert "keras" not in vars(keras_port)


@pytest.mark.needs_extra("keras")
@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (MaxPool2d(name="pool", padding=1), "pool: Keras's pooling has neither"),
        (AvgPool2d(name="pool", padding=1), "pool: Keras's pooling has neither"),
        (
            AdaptiveAvgPool2d(name="pool", output_size=3),
            "pool: this port averages whole maps only, it cannot make 3 x 3 of 8 x 8",
        ),
    ],
)  # fmt: skip
def test_what_keras_has_no_word_for_is_said(layer, message):
    spec = ModelSpec(name="small", input_shape=(1, 8, 8), layers=(layer,))
    with pytest.raises(ValueError, match=message):
        keras_port.build_keras(spec)


@pytest.mark.needs_extra("keras")
def test_every_other_kind_of_layer_has_a_word():
    layers = (
        *(Conv2d(name="a", out_channels=4, kernel_size=3, padding=2), Tanh(name="b")),
        *(AvgPool2d(name="c"), AdaptiveAvgPool2d(name="d", output_size=5)),
        *(Flatten(name="e"), Linear(name="f", out_features=3)),
    )
    spec = ModelSpec(name="small", input_shape=(2, 8, 8), layers=layers)
    logits, theirs, _ = carried(spec)
    assert (logits - theirs).abs().max() < MOST


# --- without Keras ---
def test_where_keras_is_missing_one_line_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keras_port, "find_spec", lambda name: None)
    assert keras_port.have_keras() is False
    with pytest.raises(RuntimeError) as caught:
        keras_port.build_keras(find_variant("LENET5"))
    assert str(caught.value) == keras_port.MISSING
    assert "pip install keras" in keras_port.MISSING


@pytest.mark.needs_extra("keras")
def test_another_backend_is_refused(monkeypatch: pytest.MonkeyPatch):
    keras = keras_port.import_keras()
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(RuntimeError, match="keras runs on jax here: set KERAS_BACKEND"):
        keras_port.import_keras()


# --- the order of axes ---
def test_arrays_of_a_convolution_and_of_a_linear_layer():
    conv = np.arange(2 * 3 * 5 * 7).reshape(2, 3, 5, 7)  # (out, in, height, width)
    there = keras_port.keras_array(conv)
    assert there.shape == (5, 7, 3, 2)
    assert there[4, 6, 2, 1] == conv[1, 2, 4, 6]
    linear = np.arange(6).reshape(2, 3)
    assert np.array_equal(keras_port.keras_array(linear), linear.T)
    assert np.array_equal(keras_port.keras_array(np.arange(4)), np.arange(4))


def test_a_linear_layer_behind_maps_meets_them_place_by_place():
    maps = torch.randn(1, 2, 3, 4)  # (N, C, H, W)
    layer = nn.Linear(24, 5)
    kernel = keras_port.keras_array(layer.weight.detach().numpy(), (2, 3, 4))
    row = maps.permute(0, 2, 3, 1).flatten(1).numpy()  # as Keras flattens
    expected = (layer(maps.flatten(1)) - layer.bias).detach().numpy()
    np.testing.assert_allclose(row @ kernel, expected, atol=1e-6)
    forgotten = keras_port.keras_array(layer.weight.detach().numpy())
    assert abs(row @ forgotten - expected).max() > 0.1
