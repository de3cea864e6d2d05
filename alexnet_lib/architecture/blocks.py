"""Runs of layers that several networks share. Pure Python."""

from alexnet_lib.architecture.spec import (
    Conv2d,
    Dropout,
    Flatten,
    LayerSpec,
    Linear,
    ReLU,
)

Layers = tuple[LayerSpec, ...]


def conv3_to_5(widths: tuple[int, int, int], groups: int = 1) -> Layers:
    """The three 3x3 layers, without what follows conv5; conv3 is never grouped."""
    w3, w4, w5 = widths
    return (
        Conv2d(name="conv3", out_channels=w3, kernel_size=3, padding=1),
        ReLU(name="relu3"),
        Conv2d(name="conv4", out_channels=w4, kernel_size=3, padding=1, groups=groups),
        ReLU(name="relu4"),
        Conv2d(name="conv5", out_channels=w5, kernel_size=3, padding=1, groups=groups),
    )


def classifier(hidden: int, num_classes: int, dropout: float = 0.5) -> Layers:
    """Three linear layers, dropout on the outputs of the first two (section 4.2)."""
    return (
        Flatten(name="flatten"),
        Linear(name="fc6", out_features=hidden),
        ReLU(name="relu6"),
        Dropout(name="drop6", p=dropout),
        Linear(name="fc7", out_features=hidden),
        ReLU(name="relu7"),
        Dropout(name="drop7", p=dropout),
        Linear(name="fc8", out_features=num_classes),
    )


def classifier_dropout_first(hidden: int, num_classes: int) -> Layers:
    """The same three layers with dropout on their inputs, as torchvision has it.

    pool5 gets the noise here and the output of fc7 gets none.
    """
    return (
        Flatten(name="flatten"),
        Dropout(name="drop5"),
        Linear(name="fc6", out_features=hidden),
        ReLU(name="relu6"),
        Dropout(name="drop6"),
        Linear(name="fc7", out_features=hidden),
        ReLU(name="relu7"),
        Linear(name="fc8", out_features=num_classes),
    )
