"""The same table of layers as a Keras 3 model that runs on torch; an optional extra.

Keras keeps a picture as (H, W, C), torch as (C, H, W). So every array of weights has
its axes in another order, and the first linear layer behind the maps meets its inputs
in another order, too: `keras_array` is the whole difference.
"""

import os
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any, assert_never

import numpy as np
import torch
from torch import Tensor, nn

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.arithmetic import overhang, summarize
from alexnet_lib.architecture.spec import LayerSpec, ModelSpec, Rounding, Shape

if TYPE_CHECKING:
    import keras

MISSING = "keras is not installed: python -m pip install keras adds it to this Python"
EPSILON = 1e-5  # torch's, for a batch normalisation


def have_keras() -> bool:
    """Whether Keras can be imported; nothing is imported yet."""
    return find_spec("keras") is not None


def import_keras() -> ModuleType:
    """Keras, on torch. Raises RuntimeError where it is missing or runs on another."""
    if not have_keras():
        raise RuntimeError(MISSING)
    os.environ.setdefault("KERAS_BACKEND", "torch")  # before the first import
    import keras

    if keras.backend.backend() != "torch":
        raise RuntimeError(
            f"keras runs on {keras.backend.backend()} here: set KERAS_BACKEND=torch "
            "before Python starts"
        )
    return keras


def build_keras(model_spec: ModelSpec) -> "keras.Model":
    """A Keras model whose layers carry the spec's names, with weights of its own.

    Shape: (N, H, W, C) -> (N, num_classes), logits before softmax. Raises ValueError
    for a layer that Keras has no word for.
    """
    keras = import_keras()
    channels, *size = model_spec.input_shape
    pictures = keras.Input((*size, channels), name="pictures")
    maps = pictures
    pairs = zip(model_spec.layers, summarize(model_spec), strict=True)
    for layer, row in pairs:
        for each in _keras_layers(keras, layer, row.in_shape, model_spec.rounding):
            maps = each(maps)
    return keras.Model(pictures, maps)


def carry_weights(model: nn.Sequential, port: "keras.Model", spec_: ModelSpec) -> None:
    """Give a Keras model the weights of the torch model of the same spec, in place."""
    shape: Shape | None = None  # of the maps that the last Flatten has laid out
    for layer, row in zip(spec_.layers, summarize(spec_), strict=True):
        if isinstance(layer, spec.Flatten):
            shape = row.in_shape
        arrays = [
            keras_array(tensor.numpy(), shape)
            for name, tensor in model.get_submodule(layer.name).state_dict().items()
            if name != "num_batches_tracked"
        ]
        if arrays:
            port.get_layer(layer.name).set_weights(arrays)
        if isinstance(layer, spec.Linear):
            shape = None


def keras_array(weights: np.ndarray, maps: Shape | None = None) -> np.ndarray:
    """One array of a torch layer with its axes in Keras's order.

    Convolution (out, in, height, width) -> (height, width, in, out); linear (out, in)
    -> (in, out). `maps` is the shape (C, H, W) of maps that were flattened just before
    a linear layer: torch counts through them channel by channel, Keras place by place.
    Biases, and whatever else is one row of numbers, stay.
    """
    if weights.ndim == 4:
        return weights.transpose(2, 3, 1, 0)
    if weights.ndim == 2 and maps:
        by_place = weights.reshape(-1, *maps).transpose(0, 2, 3, 1)  # (out, H, W, C)
        weights = by_place.reshape(len(weights), -1)
    return weights.T


def run_keras(port: "keras.Model", images: Tensor) -> Tensor:
    """The logits of a Keras model for pictures as torch keeps them, without dropout.

    Shape: (N, C, H, W) -> (N, num_classes).
    """
    with torch.no_grad():  # on this backend a Keras tensor is a torch tensor
        logits = port(images.permute(0, 2, 3, 1).contiguous(), training=False)
    return logits.cpu()


def _keras_layers(
    keras: ModuleType, layer: LayerSpec, in_shape: Shape, rounding: Rounding
) -> list[Any]:
    """One line of the table in Keras's words: a layer, or zeros and a layer."""
    layers = keras.layers
    match layer:
        case spec.Conv2d(out_channels=c, kernel_size=k, stride=s, groups=g):
            conv = layers.Conv2D(c, k, strides=s, groups=g, name=layer.name)
            return [*_zeros(layers, layer, in_shape, rounding), conv]
        case spec.MaxPool2d(kernel_size=k, stride=s):
            _demand_plain(layer, in_shape, rounding)
            return [layers.MaxPooling2D(k, strides=s, name=layer.name)]
        case spec.AvgPool2d(kernel_size=k, stride=s):
            _demand_plain(layer, in_shape, rounding)
            return [layers.AveragePooling2D(k, strides=s, name=layer.name)]
        case spec.AdaptiveAvgPool2d(output_size=side):
            if in_shape[1:] == (side, side):
                return []  # the identity
            if side != 1:
                raise ValueError(
                    f"{layer.name}: this port averages whole maps only, it cannot make "
                    f"{side} x {side} of {in_shape[1]} x {in_shape[2]}"
                )
            return [layers.GlobalAveragePooling2D(keepdims=True, name=layer.name)]
        case spec.LocalResponseNorm():
            return [_response_norm(keras, layer)]
        case spec.BatchNorm2d():
            return [layers.BatchNormalization(epsilon=EPSILON, name=layer.name)]
        case spec.ReLU():
            return [layers.Activation("relu", name=layer.name)]
        case spec.Sigmoid():
            return [layers.Activation("sigmoid", name=layer.name)]
        case spec.Tanh():
            return [layers.Activation("tanh", name=layer.name)]
        case spec.ZeroPad2d(left=left, right=right, top=top, bottom=bottom):
            sides = ((top, bottom), (left, right))
            return [layers.ZeroPadding2D(sides, name=layer.name)]
        case spec.Flatten():
            return [layers.Flatten(name=layer.name)]
        case spec.Dropout(p=p):
            return [layers.Dropout(p, name=layer.name)]
        case spec.Linear(out_features=f_out):
            return [layers.Dense(f_out, name=layer.name)]
        case _:
            assert_never(layer)  # a new kind of layer needs a case here


def _zeros(
    layers: ModuleType, layer: spec.Conv2d, in_shape: Shape, rounding: Rounding
) -> list[Any]:
    """Keras's convolution has 'valid' and 'same': other paddings are a layer before."""
    p = layer.padding
    hangs = [
        overhang(n, layer.kernel_size, layer.stride, p, rounding) for n in in_shape[1:]
    ]
    if not p and not any(hangs):
        return []
    (bottom, right) = hangs
    sides = ((p, p + bottom), (p, p + right))
    return [layers.ZeroPadding2D(sides, name=f"{layer.name}_zeros")]


def _demand_plain(
    layer: spec.MaxPool2d | spec.AvgPool2d, in_shape: Shape, rounding: Rounding
) -> None:
    k, s, p = layer.kernel_size, layer.stride, layer.padding
    if p or any(overhang(n, k, s, p, rounding) for n in in_shape[1:]):
        raise ValueError(
            f"{layer.name}: Keras's pooling has neither padding nor windows that hang "
            "over the edge: choose sizes that fit"
        )


def _response_norm(keras: ModuleType, layer: spec.LocalResponseNorm) -> Any:
    """Section 3.3 over the last axis, where Keras keeps the channels."""
    alpha = layer.alpha if layer.alpha_on == "sum" else layer.alpha / layer.size
    before, after = layer.size // 2, (layer.size - 1) // 2

    class LocalResponseNorm(keras.layers.Layer):
        def call(self, a: Any) -> Any:
            *sides, channels = a.shape[1:]
            grouped = (-1, *sides, layer.groups, channels // layer.groups)
            a = keras.ops.reshape(a, grouped)
            edge = [(0, 0)] * (len(grouped) - 1) + [(before, after)]
            squares = keras.ops.pad(keras.ops.square(a), edge)
            own = grouped[-1]
            energy = sum(squares[..., k : k + own] for k in range(layer.size))
            b = a / (layer.k + alpha * energy) ** layer.beta
            return keras.ops.reshape(b, (-1, *sides, channels))

        def compute_output_shape(self, shape: Shape) -> Shape:
            return shape

    return LocalResponseNorm(name=layer.name)
