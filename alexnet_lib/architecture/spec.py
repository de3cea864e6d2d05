"""The architecture of a network, as data. Pure Python: no torch, no NumPy.

A shape is the shape of one image, without the batch axis: (C, H, W) or (F,).
Kinds of layer carry the names and the defaults of `torch.nn`, except where the
2012 network says otherwise; a field holds one number for height and width alike.
"""

from dataclasses import dataclass
from typing import Literal

Shape = tuple[int, ...]
Rounding = Literal["floor", "ceil"]


@dataclass(frozen=True, kw_only=True)
class Conv2d:
    name: str
    out_channels: int
    kernel_size: int
    stride: int = 1
    padding: int = 0
    groups: int = 1  # 2 = each half of the kernels sees one GPU's half of the maps


@dataclass(frozen=True, kw_only=True)
class MaxPool2d:
    name: str
    kernel_size: int = 3
    stride: int = 2  # stride < kernel_size: the paper's "overlapping pooling"
    padding: int = 0


@dataclass(frozen=True, kw_only=True)
class AvgPool2d:
    name: str
    kernel_size: int = 2
    stride: int = 2
    padding: int = 0


@dataclass(frozen=True, kw_only=True)
class AdaptiveAvgPool2d:
    name: str
    output_size: int  # side of the output, whatever the side of the input


@dataclass(frozen=True, kw_only=True)
class BatchNorm2d:
    name: str


@dataclass(frozen=True, kw_only=True)
class LocalResponseNorm:
    """Section 3.3 of the paper; `alpha_on` says what alpha multiplies."""

    name: str
    size: int = 5
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 2.0
    alpha_on: Literal["sum", "mean"] = "sum"  # printed formula, or the 2012 code
    groups: int = 1  # 2 = each tower normalises over its own maps only


@dataclass(frozen=True, kw_only=True)
class ReLU:
    name: str


@dataclass(frozen=True, kw_only=True)
class Sigmoid:
    name: str


@dataclass(frozen=True, kw_only=True)
class Tanh:
    name: str


@dataclass(frozen=True, kw_only=True)
class ZeroPad2d:
    name: str
    left: int = 0
    right: int = 0
    top: int = 0
    bottom: int = 0


@dataclass(frozen=True, kw_only=True)
class Flatten:
    name: str


@dataclass(frozen=True, kw_only=True)
class Dropout:
    name: str
    p: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Linear:
    name: str
    out_features: int


WindowLayer = Conv2d | MaxPool2d | AvgPool2d
LayerSpec = (
    WindowLayer
    | AdaptiveAvgPool2d
    | BatchNorm2d
    | LocalResponseNorm
    | ReLU
    | Sigmoid
    | Tanh
    | ZeroPad2d
    | Flatten
    | Dropout
    | Linear
)


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """A network: the shape of one input image and its layers, in order.

    `rounding` says what happens to a window that no longer fits: "floor" leaves it
    out (torch, Caffe's convolution), "ceil" lets it hang over the right and bottom
    edge (the 2012 code, `layer.py:1004` of cuda-convnet).
    """

    name: str
    input_shape: Shape
    layers: tuple[LayerSpec, ...]
    rounding: Rounding = "floor"

    def __post_init__(self) -> None:
        names = [layer.name for layer in self.layers]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(
                    f"two layers are named {name!r}: give each layer its own name"
                )
        if self.rounding not in ("floor", "ceil"):
            raise ValueError(
                f"rounding is {self.rounding!r}: it must be 'floor' or 'ceil'"
            )
