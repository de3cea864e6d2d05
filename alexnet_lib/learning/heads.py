"""The network of notebook 06: AlexNet's three linear layers, small, fed with pixels."""

from torch import nn

from alexnet_lib.architecture.blocks import classifier
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.training.recipes import Recipe

HIDDEN = 256  # outputs of fc6 and of fc7; the paper has 4096
# Few images, met often: what a large network knows by heart soon.
BY_HEART = Recipe(
    name="by heart", learning_rate=0.005, momentum=0.9, epochs=60, batch_size=20
)


def head_spec(dropout: float) -> ModelSpec:
    """flatten, fc6, relu6, drop6, fc7, relu7, drop7, fc8, for images of 1 x 28 x 28."""
    return ModelSpec(
        name=f"three linear layers, dropout {dropout:g}",
        input_shape=(1, 28, 28),
        layers=classifier(HIDDEN, 10, dropout=dropout),
    )


def build_head(dropout: float) -> nn.Sequential:
    """The network of `head_spec`, Kaiming's weights from torch's own generator.

    Shape: (N, 1, 28, 28) -> (N, 10), logits before softmax.
    """
    network = build_model(head_spec(dropout))
    initialize(network, "kaiming")
    return network
