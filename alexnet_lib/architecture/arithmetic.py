"""Everything that follows from a table of layers. Pure Python.

Shapes leave out the batch axis. A multiply-add (MAC) is one use of one weight for one
image; biases, pooling and normalisation are not counted. FLOPs = 2 x MACs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import assert_never

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.spec import LayerSpec, ModelSpec, Rounding, Shape


@dataclass(frozen=True)
class LayerSummary:
    """One row of the layer table; sizes in pixels of the input image."""

    name: str
    kind: str
    in_shape: Shape
    out_shape: Shape
    num_params: int
    macs: int  # multiply-adds for one image
    receptive_field: int | None  # side of the square one output sees; None = all of it
    jump: int | None  # input pixels between neighbouring outputs

    @property
    def fan_in(self) -> int:
        """How many products one output adds up; 0 where a layer has no weights."""
        return self.macs // prod(self.out_shape)


class LayerError(ValueError):
    """A layer does not fit behind the one before it; `layer` is its name."""

    def __init__(self, layer: str, reason: str):
        super().__init__(f"{layer}: {reason}")
        self.layer = layer
        self.reason = reason


def window_output_size(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: int = 0,
    rounding: Rounding = "floor",
) -> int:
    """Positions of a window along one axis of `size` pixels.

    floor: floor((n + 2p - k) / s) + 1, as torch counts.
    ceil: ceil((n + 2p - k) / s) + 1, as `layer.py:1004` of the 2012 code counts: the
    last window may hang over the right edge.
    """
    if kernel_size < 1 or stride < 1 or padding < 0:
        raise ValueError(
            f"a window needs kernel_size >= 1, stride >= 1 and padding >= 0, got "
            f"{kernel_size}, {stride} and {padding}"
        )
    padded = size + 2 * padding
    if kernel_size > padded:
        raise ValueError(
            f"a window of {kernel_size} does not fit in {padded} pixels ({size}, plus "
            f"{padding} of padding on each side): try a larger input or smaller window"
        )
    travel = padded - kernel_size
    return (-(-travel // stride) if rounding == "ceil" else travel // stride) + 1


def overhang(
    size: int, kernel_size: int, stride: int, padding: int, rounding: Rounding
) -> int:
    """Pixels by which the last window hangs over the padded right edge (0 by floor)."""
    positions = window_output_size(size, kernel_size, stride, padding, rounding)
    return max(0, (positions - 1) * stride + kernel_size - size - 2 * padding)


def same_padding(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    """Zeros left and right that give ceil(n / s) positions: TensorFlow's SAME rule."""
    positions = -(-size // stride)
    total = max(0, (positions - 1) * stride + kernel_size - size)
    return total // 2, total - total // 2


def walk(model_spec: ModelSpec) -> Iterator[LayerSummary]:
    """Yield the row of each layer, from the input to the logits.

    Raises LayerError at the first layer that does not fit; the rows before it have
    been yielded by then.
    """
    shape = model_spec.input_shape
    field, jump = 1, 1
    for layer in model_spec.layers:
        try:
            row = summarize_layer(layer, shape, field, jump, model_spec.rounding)
        except ValueError as error:
            raise LayerError(layer.name, str(error)) from error
        yield row
        shape, field, jump = row.out_shape, row.receptive_field, row.jump


def summarize(model_spec: ModelSpec) -> list[LayerSummary]:
    """The layer table: one row per layer, totals by summing a column."""
    return list(walk(model_spec))


def summarize_layer(
    layer: LayerSpec,
    in_shape: Shape,
    field: int | None = 1,
    jump: int | None = 1,
    rounding: Rounding = "floor",
) -> LayerSummary:
    """One row of the table, for a layer that is given `in_shape`."""
    num_params = macs = 0
    out_shape = in_shape
    match layer:
        case spec.Conv2d(out_channels=c_out, kernel_size=k, groups=g):
            c_in, *_ = _channels_first(in_shape)
            if c_in % g or c_out % g:
                raise ValueError(
                    f"{c_in} input and {c_out} output channels do not divide into "
                    f"{g} groups: choose numbers that {g} divides"
                )
            out_shape = (c_out, *_slide(layer, in_shape, rounding))
            weights = c_out * (c_in // g) * k * k
            num_params = weights + c_out
            macs = weights * prod(out_shape[1:])
            field, jump = _see(layer, field, jump)
        case spec.MaxPool2d() | spec.AvgPool2d():
            out_shape = (in_shape[0], *_slide(layer, in_shape, rounding))
            field, jump = _see(layer, field, jump)
        case spec.AdaptiveAvgPool2d(output_size=side):
            channels, *_ = _channels_first(in_shape)
            out_shape = (channels, side, side)
            if out_shape != in_shape:  # the same size in and out: the identity
                field = jump = None
        case spec.ZeroPad2d(left=left, right=right, top=top, bottom=bottom):
            channels, height, width = _channels_first(in_shape)
            out_shape = (channels, height + top + bottom, width + left + right)
        case spec.BatchNorm2d():
            num_params = 2 * _channels_first(in_shape)[0]
        case spec.Flatten():
            out_shape = (prod(in_shape),)
        case spec.Linear(out_features=f_out):
            if len(in_shape) != 1:
                raise ValueError(
                    f"a linear layer takes a row of numbers, got shape {in_shape}: "
                    "put a Flatten before it"
                )
            out_shape = (f_out,)
            macs = in_shape[0] * f_out
            num_params = macs + f_out
            field = jump = None
        case spec.LocalResponseNorm(groups=g):
            channels, *_ = _channels_first(in_shape)
            if channels % g:
                raise ValueError(f"{channels} channels do not divide into {g} groups")
        case spec.ReLU() | spec.Sigmoid() | spec.Tanh() | spec.Dropout():
            pass
        case _:
            assert_never(layer)
    kind = type(layer).__name__
    return LayerSummary(
        layer.name, kind, in_shape, out_shape, num_params, macs, field, jump
    )


def receptive_field(model_spec: ModelSpec, layer_name: str) -> int | None:
    """Side, in input pixels, of the square that one output of this layer sees."""
    for row in walk(model_spec):
        if row.name == layer_name:
            return row.receptive_field
    names = ", ".join(layer.name for layer in model_spec.layers)
    raise ValueError(f"no layer named {layer_name!r}: layers are {names}")


def seen_pixels(
    model_spec: ModelSpec, layer_name: str, position: int, axis: int = 0
) -> tuple[int, int]:
    """First and last input pixel that one output of this layer sees along one axis.

    position: of the output in its map, from 0. axis: 0 downwards, 1 across. At the
    edges it is less than the receptive field, whose rest lies in the padding; an output
    that sees padding alone has its first pixel behind its last. Behind a flattening,
    and behind an average of whole maps, everything is seen.
    """
    receptive_field(model_spec, layer_name)  # says which names there are
    passed: list[tuple[LayerSpec, LayerSummary]] = []
    for layer, row in zip(model_spec.layers, walk(model_spec), strict=True):
        passed.append((layer, row))
        if layer.name == layer_name:
            break
    if row.receptive_field is None or len(row.out_shape) == 1:
        return 0, model_spec.input_shape[1 + axis] - 1
    first = last = position
    for layer, row in reversed(passed):
        if isinstance(layer, spec.WindowLayer):
            first = first * layer.stride - layer.padding
            last = last * layer.stride - layer.padding + layer.kernel_size - 1
        elif isinstance(layer, spec.ZeroPad2d):
            before = (layer.top, layer.left)[axis]
            first, last = first - before, last - before
        first, last = max(first, 0), min(last, row.in_shape[1 + axis] - 1)
    return first, last


def _channels_first(shape: Shape) -> Shape:
    if len(shape) != 3:
        raise ValueError(
            f"needs maps of shape (C, H, W), got shape {shape}: it cannot stand behind "
            "a flattened layer"
        )
    return shape


def _slide(
    layer: spec.WindowLayer, in_shape: Shape, rounding: Rounding
) -> tuple[int, ...]:
    _, *size = _channels_first(in_shape)
    k, s, p = layer.kernel_size, layer.stride, layer.padding
    return tuple(window_output_size(n, k, s, p, rounding) for n in size)


def _see(
    layer: spec.WindowLayer, field: int | None, jump: int | None
) -> tuple[int | None, int | None]:
    if field is None or jump is None:
        return None, None
    return field + (layer.kernel_size - 1) * jump, jump * layer.stride
