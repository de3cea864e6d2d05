"""From a table of layers to a network that runs."""

from collections import OrderedDict
from typing import assert_never

from torch import nn

from alexnet_lib.architecture import layers, spec
from alexnet_lib.architecture.arithmetic import LayerError, summarize
from alexnet_lib.architecture.spec import LayerSpec, ModelSpec, Rounding, Shape
from alexnet_lib.architecture.variants import resized


def build_model(model_spec: ModelSpec) -> nn.Sequential:
    """A plain nn.Sequential whose children carry the spec's layer names.

    Shape: (N, *model_spec.input_shape) -> (N, num_classes), logits before softmax.
    Raises LayerError at the first layer that does not fit.
    """
    pairs = zip(model_spec.layers, summarize(model_spec), strict=True)
    modules = (
        (layer.name, build_layer(layer, row.in_shape, model_spec.rounding))
        for layer, row in pairs
    )
    return nn.Sequential(OrderedDict(modules))


def build_layer(
    layer: LayerSpec, in_shape: Shape, rounding: Rounding = "floor"
) -> nn.Module:
    """The torch layer for one line of the table, for maps of `in_shape`."""
    match layer:
        case spec.Conv2d(out_channels=c, kernel_size=k, stride=s, padding=p, groups=g):
            kind = layers.CeilConv2d if rounding == "ceil" else nn.Conv2d
            return kind(in_shape[0], c, k, s, p, groups=g)
        case spec.MaxPool2d(kernel_size=k, stride=s, padding=p):
            kind = layers.CeilMaxPool2d if rounding == "ceil" else nn.MaxPool2d
            return kind(k, s, p)
        case spec.AvgPool2d(kernel_size=k, stride=s, padding=p):
            if rounding == "ceil":
                raise ValueError(
                    f"{layer.name}: the 2012 code does not define average pooling with "
                    "rounding 'ceil': use rounding 'floor', or max pooling"
                )
            return nn.AvgPool2d(k, s, p)
        case spec.AdaptiveAvgPool2d(output_size=side):
            return nn.AdaptiveAvgPool2d(side)
        case spec.LocalResponseNorm(size=n, alpha=alpha, beta=beta, k=k):
            return layers.LocalResponseNorm(
                n, alpha, beta, k, layer.alpha_on, layer.groups
            )
        case spec.BatchNorm2d():
            return nn.BatchNorm2d(in_shape[0])
        case spec.ReLU():
            return nn.ReLU()
        case spec.Sigmoid():
            return nn.Sigmoid()
        case spec.Tanh():
            return nn.Tanh()
        case spec.ZeroPad2d(left=left, right=right, top=top, bottom=bottom):
            return nn.ZeroPad2d((left, right, top, bottom))
        case spec.Flatten():
            return nn.Flatten()
        case spec.Dropout(p=p):
            return nn.Dropout(p)
        case spec.Linear(out_features=f_out):
            return nn.Linear(in_shape[0], f_out)
        case _:
            assert_never(layer)  # a new kind of layer needs a case here


def check_input(model_spec: ModelSpec, shape: Shape) -> None:
    """Raise a ValueError of one line when the built model cannot take this image.

    shape: (C, H, W) of one image. torch would fail deep inside, or at fc6.
    """
    if len(shape) != 3:
        raise ValueError(
            f"expected the shape (C, H, W) of one image, got {tuple(shape)}: "
            "leave the batch axis out"
        )
    channels, height, width = shape
    wanted, *_ = model_spec.input_shape
    if channels != wanted:
        raise ValueError(
            f"the network takes {wanted} channel{'s' * (wanted > 1)}, the image has "
            f"{channels}: {_channel_advice(wanted)}"
        )
    try:
        found = _linear_inputs(resized(model_spec, shape))
    except LayerError as error:
        raise ValueError(
            f"a {height} x {width} image vanishes at {error.layer!r}: "
            f"{_size_advice(model_spec)}"
        ) from error
    for name, expected in _linear_inputs(model_spec).items():
        if found[name] != expected:
            raise ValueError(
                f"{name!r} takes {expected:,} numbers, a {height} x {width} image "
                f"gives it {found[name]:,}: {_size_advice(model_spec)}"
            )


def smallest_input(model_spec: ModelSpec) -> int:
    """Side, in pixels, of the smallest square image that the built model takes."""
    channels, *size = model_spec.input_shape
    expected = _linear_inputs(model_spec)
    for side in range(1, max(size) + 1):
        try:
            if _linear_inputs(resized(model_spec, (channels, side, side))) == expected:
                return side
        except LayerError:
            continue
    raise ValueError(
        f"no square image of up to {max(size)} pixels fits {model_spec.name}: "
        f"it takes {model_spec.input_shape}"
    )


def _linear_inputs(model_spec: ModelSpec) -> dict[str, int]:
    """How many numbers each linear layer is given."""
    pairs = zip(model_spec.layers, summarize(model_spec), strict=True)
    return {
        layer.name: row.in_shape[0]
        for layer, row in pairs
        if isinstance(layer, spec.Linear)
    }


def _channel_advice(wanted: int) -> str:
    if wanted == 1:
        return "turn it to grey first"
    return f"repeat a grey image {wanted} times along the channel axis"


def _size_advice(model_spec: ModelSpec) -> str:
    _, height, width = model_spec.input_shape
    smallest = smallest_input(model_spec)
    return (
        f"resize it to {height} x {width} (the smallest that works is "
        f"{smallest} x {smallest})"
    )
