"""Networks from their tables, against torchvision, d2l, and what they record."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_lib.architecture import reference, spec
from alexnet_lib.architecture.arithmetic import LayerError, summarize
from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.architecture.model import build_model, check_input, smallest_input
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import (
    ALEXNET_2012,
    ALEXNET_2012_SOURCE,
    ALEXNET_D2L,
    ALEXNET_ONE_TOWER,
    ALEXNET_TORCHVISION,
    LENET5,
    VARIANTS,
    find_variant,
    resized,
)
from alexnet_lib.inside.recorder import ActivationRecorder


def draw(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", VARIANTS)
def test_every_row_of_the_table_is_what_the_built_layer_does(name):
    model_spec = VARIANTS[name]
    model = build_unset(model_spec)
    images = torch.zeros(1, *model_spec.input_shape)
    names = [layer.name for layer in model_spec.layers]
    with ActivationRecorder(model, names) as recorder, torch.no_grad():
        logits = model(images)
    rows = summarize(model_spec)
    for row in rows:
        module = model.get_submodule(row.name)
        assert tuple(recorder[row.name].shape[1:]) == row.out_shape
        assert sum(p.numel() for p in module.parameters()) == row.num_params
    assert tuple(logits.shape[1:]) == rows[-1].out_shape


def test_the_model_is_a_plain_sequential_with_the_layers_names():
    model = build_model(LENET5)
    assert type(model) is nn.Sequential
    assert [name for name, _ in model.named_children()] == [
        layer.name for layer in LENET5.layers
    ]
    assert model.conv1.weight.shape == (6, 1, 5, 5)
    assert model[:4](torch.zeros(1, 1, 28, 28)).shape == (1, 16, 10, 10)


def test_every_kind_of_layer_becomes_torch_s():
    layers = (
        spec.ZeroPad2d(name="pad", left=1, right=2, top=3, bottom=4),
        spec.Conv2d(
            name="conv", out_channels=4, kernel_size=3, stride=2, padding=1, groups=2
        ),
        spec.BatchNorm2d(name="batch_norm"),
        spec.LocalResponseNorm(
            name="norm", size=3, alpha=0.1, beta=0.5, k=1.0, alpha_on="mean", groups=2
        ),
        spec.Tanh(name="tanh"),
        spec.Sigmoid(name="sigmoid"),
        spec.ReLU(name="relu"),
        spec.MaxPool2d(name="max", kernel_size=3, stride=1, padding=1),
        spec.AvgPool2d(name="avg", kernel_size=3, stride=1, padding=1),
        spec.AdaptiveAvgPool2d(name="adaptive", output_size=2),
        spec.Flatten(name="flatten"),
        spec.Dropout(name="drop", p=0.2),
        spec.Linear(name="fc", out_features=3),
    )
    model = build_model(ModelSpec(name="all", input_shape=(2, 9, 9), layers=layers))
    expected = [
        nn.ZeroPad2d((1, 2, 3, 4)),
        nn.Conv2d(2, 4, 3, stride=2, padding=1, groups=2),
        nn.BatchNorm2d(4),
        LocalResponseNorm(3, 0.1, 0.5, 1.0, alpha_on="mean", groups=2),
        nn.Tanh(),
        nn.Sigmoid(),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=1, padding=1),
        nn.AvgPool2d(3, stride=1, padding=1),
        nn.AdaptiveAvgPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.2),
        nn.Linear(16, 3),
    ]
    assert [repr(layer) for layer in model] == [repr(layer) for layer in expected]
    assert model(torch.zeros(1, 2, 9, 9)).shape == (1, 3)


def test_a_network_by_ceil_equals_the_loops():
    """224 pixels in small: 24 pixels, 11 wide, stride 4, three hanging over."""
    layers = (
        spec.Conv2d(name="conv1", out_channels=4, kernel_size=11, stride=4),
        spec.LocalResponseNorm(name="norm1", alpha=0.1, alpha_on="mean", groups=2),
        spec.MaxPool2d(name="pool1", kernel_size=2),
        spec.ReLU(name="relu1"),
    )
    model_spec = ModelSpec(
        name="small source", input_shape=(3, 24, 24), layers=layers, rounding="ceil"
    )
    model = build_model(model_spec).double()
    images = draw(1, 3, 24, 24).double()
    weight, bias = (p.detach().numpy() for p in model.conv1.parameters())
    maps = reference.conv2d(images[0].numpy(), weight, bias, 4, rounding="ceil")
    assert maps.shape == (4, 5, 5)
    maps = reference.local_response_norm(maps, alpha=0.1, alpha_on="mean", groups=2)
    maps = reference.max_pool2d(maps, 2, 2, rounding="ceil")
    ours = model(images)[0].detach().numpy()
    np.testing.assert_allclose(ours, np.maximum(maps, 0), rtol=0, atol=1e-12)


def test_the_source_network_reads_224_pixels_and_sees_55():
    shapes = {row.name: row.out_shape for row in summarize(ALEXNET_2012_SOURCE)}
    assert shapes["conv1"] == (96, 55, 55)
    assert shapes["pool5"] == (256, 6, 6)


def build_unset(model_spec: ModelSpec) -> nn.Sequential:
    """The network with whatever stood in memory: its shapes are what is asked for."""
    with torch.device("meta"):
        model = build_model(model_spec)
    return model.to_empty(device="cpu").eval()


def give_cheap_weights(model: nn.Module) -> None:
    """Sparse, and different in each layer: random numbers would take a second."""
    model.to_empty(device="cpu")
    with torch.no_grad():
        for number, parameter in enumerate(model.parameters()):
            parameter.zero_().view(-1)[:: 2 * number + 3] = 0.01


def assert_same_function(ours: nn.Module, theirs: nn.Module, *shape: int) -> None:
    """Given their weights, ours gives their logits, bit for bit."""
    weights = zip(ours.state_dict(), theirs.state_dict().values(), strict=True)
    ours.load_state_dict(dict(weights), assign=True)
    images = draw(1, *shape)
    with torch.no_grad():
        expected = theirs.eval()(images)
        torch.testing.assert_close(ours.eval()(images), expected, rtol=0, atol=0)
    assert expected.abs().max() > 0


def test_our_torchvision_table_is_torchvision_s_network():
    from torchvision.models import alexnet

    with torch.device("meta"):
        ours, theirs = build_model(ALEXNET_TORCHVISION), alexnet()
    flattened = [*theirs.features, theirs.avgpool, nn.Flatten(), *theirs.classifier]
    assert [type(layer) for layer in ours] == [type(layer) for layer in flattened]
    give_cheap_weights(theirs)
    assert_same_function(ours, theirs, 3, 224, 224)


def test_our_d2l_table_is_the_network_of_the_book():
    """d2l, chapter 8.1; the d2l package carries no AlexNet."""
    with torch.device("meta"):
        ours = build_model(ALEXNET_D2L)
        theirs = nn.Sequential(
            *(nn.Conv2d(1, 96, kernel_size=11, stride=4, padding=1), nn.ReLU()),
            nn.MaxPool2d(kernel_size=3, stride=2),
            *(nn.Conv2d(96, 256, kernel_size=5, padding=2), nn.ReLU()),
            nn.MaxPool2d(kernel_size=3, stride=2),
            *(nn.Conv2d(256, 384, kernel_size=3, padding=1), nn.ReLU()),
            *(nn.Conv2d(384, 384, kernel_size=3, padding=1), nn.ReLU()),
            *(nn.Conv2d(384, 256, kernel_size=3, padding=1), nn.ReLU()),
            *(nn.MaxPool2d(kernel_size=3, stride=2), nn.Flatten()),
            *(nn.Linear(6400, 4096), nn.ReLU(), nn.Dropout(p=0.5)),
            *(nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(p=0.5)),
            nn.Linear(4096, 10),
        )
    give_cheap_weights(theirs)
    assert_same_function(ours, theirs, 1, 224, 224)


@pytest.mark.needs_extra("d2l")
def test_our_lenet_is_d2l_s():
    from d2l import torch as d2l

    theirs = d2l.LeNet().net
    theirs(torch.zeros(1, 1, 28, 28))  # its lazy layers learn their sizes
    assert_same_function(build_model(LENET5), theirs, 1, 28, 28)


@pytest.mark.parametrize(
    ("model_spec", "side"),
    [
        (ALEXNET_TORCHVISION, 63),  # torchvision's own min_size
        (ALEXNET_ONE_TOWER, 223),
        (ALEXNET_D2L, 193),
        (ALEXNET_2012, 227),
        (find_variant("ALEXNET_MODERN_28"), 4),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_smallest_image_is_the_one_torch_takes(model_spec, side):
    assert smallest_input(model_spec) == side
    channels = model_spec.input_shape[0]
    model = build_unset(model_spec)
    assert model(torch.zeros(1, channels, side, side)).ndim == 2
    with pytest.raises(RuntimeError):
        model(torch.zeros(1, channels, side - 1, side - 1))


def test_images_that_fit_pass_the_check():
    check_input(ALEXNET_2012, (3, 227, 227))
    check_input(ALEXNET_TORCHVISION, (3, 100, 300))
    check_input(ALEXNET_D2L, (1, 200, 193))


FLAT = ModelSpec(
    name="a wide one",
    input_shape=(1, 4, 8),
    layers=(spec.Flatten(name="flatten"), spec.Linear(name="fc", out_features=2)),
)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: check_input(ALEXNET_D2L, (1, 28, 28)),
            "a 28 x 28 image vanishes at 'pool2': resize it to 224 x 224 (the smallest "
            "that works is 193 x 193)",
        ),
        (
            lambda: check_input(ALEXNET_2012, (3, 224, 224)),
            "'fc6' takes 9,216 numbers, a 224 x 224 image gives it 6,400: resize it to "
            "227 x 227 (the smallest that works is 227 x 227)",
        ),
        (
            lambda: check_input(ALEXNET_D2L, (3, 224, 224)),
            "the network takes 1 channel, the image has 3: turn it to grey first",
        ),
        (
            lambda: check_input(ALEXNET_2012, (1, 227, 227)),
            "the network takes 3 channels, the image has 1: repeat a grey image 3 "
            "times along the channel axis",
        ),
        (
            lambda: check_input(LENET5, (2, 1, 28, 28)),
            "expected the shape (C, H, W) of one image, got (2, 1, 28, 28): leave the "
            "batch axis out",
        ),
        (
            lambda: build_model(resized(LENET5, rounding="ceil")),
            "pool1: the 2012 code does not define average pooling with rounding "
            "'ceil': use rounding 'floor', or max pooling",
        ),
        (
            lambda: smallest_input(FLAT),
            "no square image of up to 8 pixels fits a wide one: it takes (1, 4, 8)",
        ),
        (
            lambda: find_variant("ALEXNET_2021"),
            "no variant named 'ALEXNET_2021': did you mean 'ALEXNET_2012'?",
        ),
        (
            lambda: find_variant("VGG"),
            f"no variant named 'VGG': they are {', '.join(VARIANTS)}",
        ),
    ],
)
def test_errors_say_what_to_do(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


def test_a_table_that_does_not_fit_is_not_built():
    with pytest.raises(LayerError, match="pool2: a window of 3 does not fit in 2"):
        build_model(resized(ALEXNET_D2L, (1, 28, 28)))


def test_a_variant_is_found_in_any_case_of_letters():
    assert find_variant("lenet5") is LENET5


def test_torch_s_own_message_for_the_wrong_side_is_the_one_we_explain():
    """What check_input says in one line, torch says at fc6."""
    model = build_unset(ALEXNET_2012)
    with pytest.raises(RuntimeError, match="6400"):
        model(torch.zeros(1, 3, 224, 224))
