"""Check of notebook 16: the axes of an array of weights in Keras's order."""

from collections.abc import Callable

import torch
from torch import Tensor

from alexnet_lib.architecture.keras_port import keras_array
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
    same_tensor,
)
from alexnet_lib.learning.result import CheckResult

MAPS = (2, 3, 4)  # (C, H, W), all different: no mistake can hide


def in_keras_order(weights: Tensor, maps: tuple[int, ...] | None) -> Tensor:
    """The library's own; the oracle of `keras_order`."""
    return torch.from_numpy(keras_array(weights.numpy(), maps).copy())


def _but(
    conv: Callable[[Tensor], Tensor] | None = None,
    linear: Callable[[Tensor, tuple | None], Tensor] | None = None,
) -> Callable:
    """The right function with one of its branches exchanged."""

    def wrong(weights: Tensor, maps: tuple[int, ...] | None) -> Tensor:
        if conv and weights.ndim == 4:
            return conv(weights)
        if linear and weights.ndim == 2:
            return linear(weights, maps)
        return in_keras_order(weights, maps)

    return wrong


def _channels_last(weights: Tensor, maps: tuple[int, ...] | None) -> Tensor:
    """`maps` read as if it were (H, W, C) already."""
    if maps is None:
        return weights.T
    turned = weights.reshape(-1, *maps).permute(0, 3, 1, 2)
    return turned.reshape(len(weights), -1).T


ORDER_MISTAKES = (
    Mistake(
        name="nothing moved",
        says="Keras kept its weights as torch does",
        function=lambda weights, maps: weights,
    ),
    Mistake(
        name="flatten forgotten",
        says="both flattened maps in the same order: torch goes channel by channel, "
        "Keras place by place",
        function=_but(linear=lambda weights, maps: weights.T),
    ),
    Mistake(
        name="maps misread",
        says="maps were given as (height, width, channels)",
        function=_but(linear=_channels_last),
    ),
    Mistake(
        name="linear not turned",
        says="a linear layer of Keras were (out, in)",
        function=_but(
            linear=lambda w, maps: w if maps is None else in_keras_order(w, maps).T
        ),
    ),
    Mistake(
        name="width first",
        says="the kernel's width came before its height",
        function=_but(conv=lambda weights: weights.permute(3, 2, 1, 0)),
    ),
    Mistake(
        name="out before in",
        says="Keras's last two axes were (out, in)",
        function=_but(conv=lambda weights: weights.permute(2, 3, 0, 1)),
    ),
    Mistake(
        name="reshaped",
        says="reshape moved axes: it only counts the same numbers through in another "
        "shape; permute moves them",
        function=_but(
            conv=lambda w: w.reshape(w.shape[2], w.shape[3], w.shape[1], w.shape[0])
        ),
    ),
    Mistake(
        name="linear reshaped",
        says="reshape turned a linear layer: it only counts the same numbers through "
        "in another shape",
        function=_but(linear=lambda w, maps: w.reshape(w.shape[1], w.shape[0])),
    ),
)


def _cases() -> list[Case]:
    generator = torch.Generator().manual_seed(0)
    shapes = (
        ((2, 3, 4, 5), None, "a convolution: (out, in, height, width) comes in"),
        ((6,), None, "a row of biases has one axis: nothing to move"),
        ((5, 7), None, "a linear layer that reads a row: (out, in) comes in"),
        ((5, 24), MAPS, "a linear layer behind maps: cut its inputs into maps first"),
    )
    return [
        Case(
            args=(torch.randn(shape, generator=generator), maps),
            hint=hint,
            call=f"keras_order(weights of shape {shape}, maps={maps})",
        )
        for shape, maps, hint in shapes
    ]


@exercise("keras_order")
def check_keras_order(student: Callable[..., Tensor]) -> CheckResult:
    """`keras_order(weights, maps)` for a convolution, biases and linear layers."""
    return check_function(
        student,
        name="keras_order",
        reference=in_keras_order,
        cases=_cases(),
        mistakes=ORDER_MISTAKES,
        compare=same_tensor(0.0),
    )
