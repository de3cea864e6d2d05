"""What the text of notebook 04 says of gradients is what the networks show."""

import pytest
import torch

from alexnet_lib.architecture.deep import STARTS, WIDTH, build_deep
from alexnet_lib.inside.statistics import LayerStatistics, layer_statistics
from alexnet_lib.learning.content import prediction
from alexnet_lib.learning.proofs.activations import sigmoids_are_saturated
from alexnet_lib.widgets.thermometer_bars import describe_layers
from tests.notebooks.test_numbers import text_of

pytestmark = pytest.mark.notebooks
GENERATOR = torch.Generator().manual_seed(0)
IMAGES = torch.rand(64, 1, 28, 28, generator=GENERATOR)
LABELS = torch.randint(10, (64,), generator=GENERATOR)


def layers_of(activation: str, depth: int, start: str) -> list[LayerStatistics]:
    torch.manual_seed(0)
    return layer_statistics(build_deep(activation, depth, start), IMAGES, LABELS)


def ratio(layers: list[LayerStatistics]) -> float:
    return layers[0].gradient_norm / layers[-1].gradient_norm


@pytest.mark.parametrize("start", STARTS)
def test_with_sigmoids_the_gradient_dies_whatever_the_start(start):
    assert "the gradient dies on the way back, whatever the start" in text_of("04")
    layers = layers_of("sigmoid", 20, start)
    assert describe_layers("", layers).endswith("The gradient dies on the way back.")


def test_most_sigmoids_of_a_fresh_network_are_steep():
    assert "at the start most inputs lie near 0, where the slope is" in text_of("04")
    assert sigmoids_are_saturated("8, 1").verdict == "false"


def test_tanh_keeps_its_gradient_through_20_layers():
    assert "keeps its gradient through 20 layers" in text_of("04")
    for depth in (8, 20):
        assert 0.3 < ratio(layers_of("tanh", depth, "xavier")) < 30


def test_relu_with_the_paper_s_start_hands_on_ever_smaller_numbers():
    assert "With N(0, 0.01) nothing arrives either" in text_of("04")
    layers = layers_of("ReLU", 8, "normal")
    assert layers[0].gradient_norm < 1e-6
    spreads = [layer.activation_std for layer in layers]
    pairs = zip(spreads[1:], spreads, strict=False)
    assert all(after < before / 5 for after, before in pairs)


def test_eight_layers_of_sigmoids_leave_less_than_a_thousandth():
    assert ratio(layers_of("sigmoid", 8, "xavier")) < 1e-3
    assert prediction("04-depth")["options"][-1] == "under a thousandth"


def test_the_first_layer_has_more_inputs():
    network = build_deep("ReLU", 3)
    inputs = (network.fc1.in_features, network.fc2.in_features)
    assert inputs == (784, WIDTH)
    assert "The first has {} inputs where the others have {}".format(*inputs) in (
        text_of("04")
    )
