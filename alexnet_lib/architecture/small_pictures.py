"""A quarter-width network for pictures of 32 pixels, and the same with one part undone.

Pure Python. `ALEXNET_SMALL_32` has what came after 2012: a first layer of 3 x 3 kernels
at stride 1, batch normalisation, and an average instead of fc6 and fc7. Each of the
others lacks one of these.
"""

from dataclasses import replace

from alexnet_lib.architecture.compact import with_batch_norm
from alexnet_lib.architecture.spec import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    LayerSpec,
    Linear,
    MaxPool2d,
    ModelSpec,
    ReLU,
)

Layers = tuple[LayerSpec, ...]

NUM_CLASSES = 10
FC_WIDTH = 1024  # a quarter of the paper's 4096
RANK = 32  # of the low-rank fc6 and fc7

_STEM = Conv2d(name="conv1", out_channels=24, kernel_size=3, padding=1)
_OLD_STEM = Conv2d(name="conv1", out_channels=24, kernel_size=11, stride=4, padding=1)
_FEATURES: Layers = (
    ReLU(name="relu1"),
    MaxPool2d(name="pool1", kernel_size=2),
    Conv2d(name="conv2", out_channels=64, kernel_size=3, padding=1),
    ReLU(name="relu2"),
    MaxPool2d(name="pool2", kernel_size=2),
    Conv2d(name="conv3", out_channels=96, kernel_size=3, padding=1),
    ReLU(name="relu3"),
    Conv2d(name="conv4", out_channels=96, kernel_size=3, padding=1),
    ReLU(name="relu4"),
    Conv2d(name="conv5", out_channels=64, kernel_size=3, padding=1),
    ReLU(name="relu5"),
)
_AVERAGE: Layers = (
    AdaptiveAvgPool2d(name="avgpool", output_size=1),
    Flatten(name="flatten"),
    Linear(name="fc8", out_features=NUM_CLASSES),
)


def _dense(rank: int | None = None) -> Layers:
    """fc6, fc7 and fc8; with a rank, fc6 and fc7 as products of two thin matrices."""
    layers: list[LayerSpec] = [
        MaxPool2d(name="pool5", kernel_size=2),
        Flatten(name="flatten"),
    ]
    for number in (6, 7):
        layers.append(Dropout(name=f"drop{number}", p=0.5))
        if rank is not None:
            layers.append(Linear(name=f"fc{number}_thin", out_features=rank))
        layers.append(Linear(name=f"fc{number}", out_features=FC_WIDTH))
        layers.append(ReLU(name=f"relu{number}"))
    return (*layers, Linear(name="fc8", out_features=NUM_CLASSES))


def _network(what: str, stem: Conv2d, end: Layers, side: int = 32) -> ModelSpec:
    return ModelSpec(
        name=f"AlexNet for {side} pixels, {what}",
        input_shape=(3, side, side),
        layers=with_batch_norm((stem, *_FEATURES, *end)),
    )


ALEXNET_SMALL_32 = _network("a quarter as wide, modernised", _STEM, _AVERAGE)
ALEXNET_SMALL_32_NO_BN = replace(
    ALEXNET_SMALL_32,
    name="AlexNet for 32 pixels, without batch normalisation",
    layers=tuple(
        layer for layer in ALEXNET_SMALL_32.layers if not isinstance(layer, BatchNorm2d)
    ),
)
ALEXNET_SMALL_32_FC = _network("with fc6 and fc7", _STEM, _dense())
ALEXNET_SMALL_32_LOW_RANK = _network("with low-rank fc6 and fc7", _STEM, _dense(RANK))
# The old first layer needs large pictures: 27 places at 112 pixels, 13 after pooling.
ALEXNET_SMALL_112 = _network(
    "with the first layer of 2012", _OLD_STEM, _AVERAGE, side=112
)
