"""The quarter-width AlexNet with one part exchanged, for the recorded comparisons.

Pure Python. Each is built from `ALEXNET_QUARTER`, so that nothing else can differ.
"""

from collections.abc import Callable
from dataclasses import replace

from alexnet_lib.architecture.compact import ALEXNET_QUARTER, ALEXNET_QUARTER_BN
from alexnet_lib.architecture.spec import (
    Conv2d,
    Dropout,
    LayerSpec,
    LocalResponseNorm,
    MaxPool2d,
    ModelSpec,
    ReLU,
)

Change = Callable[[LayerSpec], tuple[LayerSpec, ...]]


def _changed(spec: ModelSpec, suffix: str, change: Change) -> ModelSpec:
    """Each layer replaced by what `change` makes of it."""
    layers = tuple(new for layer in spec.layers for new in change(layer))
    return replace(spec, name=f"{spec.name}, {suffix}", layers=layers)


def _norm_after_relu(layer: LayerSpec) -> tuple[LayerSpec, ...]:
    """The paper's two places for it, section 3.5: behind the first two ReLUs."""
    if layer.name in ("relu1", "relu2"):
        return layer, LocalResponseNorm(name=f"norm{layer.name[-1]}")
    return (layer,)


def _pool_by_two(layer: LayerSpec) -> tuple[LayerSpec, ...]:
    if isinstance(layer, MaxPool2d):
        return (replace(layer, kernel_size=2),)
    return (layer,)


def _without_relu(layer: LayerSpec) -> tuple[LayerSpec, ...]:
    return () if isinstance(layer, ReLU) else (layer,)


def _dropping(p: float) -> Change:
    def change(layer: LayerSpec) -> tuple[LayerSpec, ...]:
        return (replace(layer, p=p),) if isinstance(layer, Dropout) else (layer,)

    return change


def _stem(
    spec: ModelSpec,
    side: int,
    kernel_size: int,
    stride: int,
    padding: int,
    suffix: str = "",
) -> ModelSpec:
    """Another first layer for smaller pictures; from conv2 on, all is the same."""
    conv1, *others = spec.layers
    conv1 = Conv2d(
        name=conv1.name,
        out_channels=conv1.out_channels,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
    )
    return ModelSpec(
        name=f"{spec.name}, {side} pixels{suffix}",
        input_shape=(spec.input_shape[0], side, side),
        layers=(conv1, *others),
    )


ALEXNET_QUARTER_LRN = _changed(
    ALEXNET_QUARTER, "with local response normalisation", _norm_after_relu
)
ALEXNET_QUARTER_POOL2 = _changed(ALEXNET_QUARTER, "pooling 2 by 2", _pool_by_two)
ALEXNET_QUARTER_LINEAR = _changed(ALEXNET_QUARTER, "without ReLU", _without_relu)
ALEXNET_QUARTER_DROP0 = _changed(ALEXNET_QUARTER, "dropout 0", _dropping(0.0))
ALEXNET_QUARTER_DROP2 = _changed(ALEXNET_QUARTER, "dropout 0.2", _dropping(0.2))
ALEXNET_QUARTER_DROP8 = _changed(ALEXNET_QUARTER, "dropout 0.8", _dropping(0.8))

# conv2 meets 13 rows at 28 and at 56 pixels after pooling, 12 at 112, 26 at 224.
ALEXNET_QUARTER_BN_28 = _stem(
    ALEXNET_QUARTER_BN, 28, kernel_size=3, stride=1, padding=1
)
ALEXNET_QUARTER_BN_56 = _stem(
    ALEXNET_QUARTER_BN, 56, kernel_size=5, stride=2, padding=2
)
# As many places as 224 pixels have for 11 x 11 at stride 4: 54 x 54, each half a stored
# pixel from the next, and of nearly the same part of the picture.
ALEXNET_QUARTER_BN_56_DENSE = _stem(
    ALEXNET_QUARTER_BN,
    56,
    kernel_size=3,
    stride=1,
    padding=0,
    suffix=", at every place",
)
