"""Networks for ten classes and small pictures: LeNet-5 and AlexNet's relatives.

Pure Python. LeNet-5 and the one-channel AlexNet are drawn as in d2l, "Dive into Deep
Learning", chapters 7.6 and 8.1.
"""

from alexnet_lib.architecture.blocks import Layers, classifier, conv3_to_5
from alexnet_lib.architecture.spec import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Flatten,
    LayerSpec,
    Linear,
    MaxPool2d,
    ModelSpec,
    ReLU,
    Sigmoid,
)

# --- LeNet-5 as d2l draws it ----------------------------------------------------------
LENET5 = ModelSpec(
    name="LeNet-5 (sigmoid, average pooling)",
    input_shape=(1, 28, 28),
    layers=(
        Conv2d(name="conv1", out_channels=6, kernel_size=5, padding=2),
        Sigmoid(name="sigmoid1"),
        AvgPool2d(name="pool1"),
        Conv2d(name="conv2", out_channels=16, kernel_size=5),
        Sigmoid(name="sigmoid2"),
        AvgPool2d(name="pool2"),
        Flatten(name="flatten"),
        Linear(name="fc3", out_features=120),
        Sigmoid(name="sigmoid3"),
        Linear(name="fc4", out_features=84),
        Sigmoid(name="sigmoid4"),
        Linear(name="fc5", out_features=10),
    ),
)


def _lenet5(name: str, activation: type, pool: type) -> ModelSpec:
    """LeNet-5 with the activations and the pooling exchanged, nothing else."""
    layers: list[LayerSpec] = []
    for layer in LENET5.layers:
        match layer:
            case Sigmoid(name=layer_name):
                number = layer_name.removeprefix("sigmoid")
                kind = activation.__name__.lower()
                layers.append(activation(name=f"{kind}{number}"))
            case AvgPool2d(name=layer_name, kernel_size=k, stride=s):
                layers.append(pool(name=layer_name, kernel_size=k, stride=s))
            case _:
                layers.append(layer)
    return ModelSpec(name=name, input_shape=LENET5.input_shape, layers=tuple(layers))


LENET5_RELU = _lenet5("LeNet-5 (ReLU, max pooling)", ReLU, MaxPool2d)
LENET5_RELU_AVG = _lenet5("LeNet-5 (ReLU, average pooling)", ReLU, AvgPool2d)
LENET5_SIGMOID_MAX = _lenet5("LeNet-5 (sigmoid, max pooling)", Sigmoid, MaxPool2d)

# --- AlexNet for one-channel pictures at 224 ------------------------------------------
ALEXNET_D2L = ModelSpec(
    name="AlexNet (d2l, one channel, ten classes)",
    input_shape=(1, 224, 224),
    layers=(
        Conv2d(name="conv1", out_channels=96, kernel_size=11, stride=4, padding=1),
        ReLU(name="relu1"),
        MaxPool2d(name="pool1"),
        Conv2d(name="conv2", out_channels=256, kernel_size=5, padding=2),
        ReLU(name="relu2"),
        MaxPool2d(name="pool2"),
        *conv3_to_5((384, 384, 256)),
        ReLU(name="relu5"),
        MaxPool2d(name="pool5"),
        *classifier(4096, 10),
    ),
)

ALEXNET_MNIST = ModelSpec(
    name="AlexNet (an MNIST tutorial's, layer for layer d2l's)",
    input_shape=ALEXNET_D2L.input_shape,
    layers=ALEXNET_D2L.layers,
)

ALEXNET_QUARTER = ModelSpec(
    name="AlexNet, a quarter as wide",
    input_shape=(1, 224, 224),
    layers=(
        Conv2d(name="conv1", out_channels=24, kernel_size=11, stride=4, padding=1),
        ReLU(name="relu1"),
        MaxPool2d(name="pool1"),
        Conv2d(name="conv2", out_channels=64, kernel_size=5, padding=2),
        ReLU(name="relu2"),
        MaxPool2d(name="pool2"),
        *conv3_to_5((96, 96, 64)),
        ReLU(name="relu5"),
        MaxPool2d(name="pool5"),
        *classifier(1024, 10),
    ),
)


# --- After 2012: batch normalisation, and no big linear layers ------------------------
def with_batch_norm(layers: Layers) -> Layers:
    """The same layers with a BatchNorm2d between each convolution and its ReLU."""
    result: list[LayerSpec] = []
    for layer in layers:
        result.append(layer)
        if isinstance(layer, Conv2d):
            number = layer.name.removeprefix("conv")
            result.append(BatchNorm2d(name=f"norm{number}"))
    return tuple(result)


ALEXNET_QUARTER_BN = ModelSpec(
    name="AlexNet, a quarter as wide, with batch normalisation",
    input_shape=ALEXNET_QUARTER.input_shape,
    layers=(
        *with_batch_norm(ALEXNET_QUARTER.layers[:-8]),
        *classifier(1024, 10, dropout=0.2),
    ),
)


def _modern(name: str, input_shape: tuple[int, int, int], conv1: Conv2d) -> ModelSpec:
    """Five convolutions, batch normalisation, and an average instead of fc6 and fc7."""
    layers = (
        conv1,
        ReLU(name="relu1"),
        MaxPool2d(name="pool1", kernel_size=2),
        Conv2d(name="conv2", out_channels=128, kernel_size=3, padding=1),
        ReLU(name="relu2"),
        MaxPool2d(name="pool2", kernel_size=2),
        *conv3_to_5((192, 192, 128)),
        ReLU(name="relu5"),
        AdaptiveAvgPool2d(name="avgpool", output_size=1),
        Flatten(name="flatten"),
        Linear(name="fc6", out_features=10),
    )
    return ModelSpec(name=name, input_shape=input_shape, layers=with_batch_norm(layers))


_STEM = Conv2d(name="conv1", out_channels=48, kernel_size=3, padding=1)
_WIDE_STEM = Conv2d(name="conv1", out_channels=48, kernel_size=11, padding=5)

ALEXNET_MODERN_28 = _modern("AlexNet, modernised, 28 pixels", (1, 28, 28), _STEM)
ALEXNET_MODERN_32 = _modern("AlexNet, modernised, 32 pixels", (3, 32, 32), _STEM)
ALEXNET_COLOUR_32 = _modern(
    "AlexNet, modernised, wide colour filters at stride 1", (3, 32, 32), _WIDE_STEM
)
