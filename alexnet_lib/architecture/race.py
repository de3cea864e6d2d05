"""Three small networks that differ in nothing but their activation. Pure Python.

The paper's Figure 1 compares a network of four layers with ReLU and with tanh, and does
not print its table. These have four layers with weights: three convolutions, each with
an activation and a pooling behind it, and a linear one.
"""

from alexnet_lib.architecture.spec import (
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    ModelSpec,
    ReLU,
    Sigmoid,
    Tanh,
)


def _race(name: str, activation: type) -> ModelSpec:
    word = activation.__name__.lower()
    return ModelSpec(
        name=f"four layers, {name}",
        input_shape=(1, 28, 28),
        layers=(
            Conv2d(name="conv1", out_channels=8, kernel_size=5, padding=2),
            activation(name=f"{word}1"),
            MaxPool2d(name="pool1", kernel_size=2),
            Conv2d(name="conv2", out_channels=16, kernel_size=3, padding=1),
            activation(name=f"{word}2"),
            MaxPool2d(name="pool2", kernel_size=2),
            Conv2d(name="conv3", out_channels=32, kernel_size=3, padding=1),
            activation(name=f"{word}3"),
            MaxPool2d(name="pool3", kernel_size=2),
            Flatten(name="flatten"),
            Linear(name="fc4", out_features=10),
        ),
    )


RACE_RELU = _race("ReLU", ReLU)
RACE_TANH = _race("tanh", Tanh)
RACE_SIGMOID = _race("sigmoid", Sigmoid)
