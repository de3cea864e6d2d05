"""Saliency, occlusion and Grad-CAM: equal to captum's, and gone without a trace."""

import re

import pytest
import torch
from torch import nn

from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import ALEXNET_MODERN_28, ALEXNET_QUARTER_BN
from alexnet_lib.inside.attribution import grad_cam, occlusion_map, saliency

CLASSES = [3, 7]
needs_captum = pytest.mark.needs_extra("captum")


def network(spec=ALEXNET_MODERN_28, seed: int = 0) -> nn.Sequential:
    torch.manual_seed(seed)
    model = build_model(spec)
    for module in model.modules():  # statistics of their own, not 0 and 1
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.2, 0.2)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
    return model.double().eval()


def pictures(spec=ALEXNET_MODERN_28, count: int = 2) -> torch.Tensor:
    draw = torch.Generator().manual_seed(1)
    return torch.rand(count, *spec.input_shape, generator=draw).double()


def assert_same(found: torch.Tensor, theirs: torch.Tensor) -> None:
    """To 1e-5 of the largest number, however small that is."""
    assert found.shape == theirs.shape
    assert theirs.abs().max() > 0
    assert (found - theirs).abs().max() <= 1e-5 * theirs.abs().max()


def colour_network() -> nn.Sequential:
    torch.manual_seed(2)
    return (
        nn.Sequential(
            nn.Conv2d(3, 6, 5, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 8, 3),
            nn.ReLU(inplace=True),
            nn.Flatten(),
            nn.Linear(8 * 6 * 6, 10),
        )
        .double()
        .eval()
    )


def colours() -> torch.Tensor:
    draw = torch.Generator().manual_seed(3)
    return torch.rand(2, 3, 16, 16, generator=draw, dtype=torch.float64)


# --- the same numbers as captum -------------------------------------------------------
@needs_captum
@pytest.mark.parametrize("spec", [ALEXNET_MODERN_28, ALEXNET_QUARTER_BN])
def test_saliency_is_captums(spec):
    from captum.attr import Saliency

    model, images = network(spec), pictures(spec)
    theirs = Saliency(model).attribute(images.clone().requires_grad_(), CLASSES)
    found = saliency(model, images, CLASSES)
    assert found.shape == (2, *spec.input_shape[1:])
    assert_same(found, theirs.amax(dim=1))


@needs_captum
def test_saliency_of_colours_takes_the_largest_channel():
    from captum.attr import Saliency

    model, images = colour_network(), colours()
    theirs = Saliency(model).attribute(images.clone().requires_grad_(), CLASSES)
    found = saliency(model, images, CLASSES)
    assert_same(found, theirs.amax(dim=1))


@needs_captum
@pytest.mark.parametrize(
    ("window", "stride", "cover"), [(7, 7, 0.0), (8, 4, 0.5), (5, 3, 0.0), (28, 28, 1)]
)
def test_occlusion_is_captums(window, stride, cover):
    """With squares that overlap, and with squares that hang over the edge."""
    from captum.attr import Occlusion

    model, images = network(), pictures()
    theirs = Occlusion(model).attribute(
        images[:1],
        target=CLASSES[0],
        sliding_window_shapes=(1, window, window),
        strides=(1, stride, stride),
        baselines=cover,
    )
    found = occlusion_map(model, images[0], CLASSES[0], window, stride, cover)
    assert_same(found, theirs[0, 0])


@needs_captum
@pytest.mark.parametrize("layer", ["conv1", "norm3", "relu5"])
def test_grad_cam_is_captums(layer):
    from captum.attr import LayerGradCam

    model, images = network(), pictures()
    theirs = LayerGradCam(model, getattr(model, layer)).attribute(
        images, CLASSES, relu_attributions=True
    )
    found = grad_cam(model, layer, images, CLASSES)
    assert_same(found, theirs[:, 0].detach())


# --- properties -----------------------------------------------------------------------
def test_saliency_is_the_slope_of_the_logit():
    """A tiny step at the brightest pixel moves the logit as much as it says."""
    model, image = network(), pictures()[:1]
    found = saliency(model, image, [4])[0]
    row, column = divmod(int(found.argmax()), 28)
    step = torch.zeros_like(image)
    step[0, 0, row, column] = 1e-6
    with torch.no_grad():
        change = (model(image + step) - model(image - step))[0, 4] / 2e-6
    assert abs(change.item()) == pytest.approx(found.max().item(), rel=1e-4)


def test_a_covered_black_picture_loses_nothing():
    found = occlusion_map(
        network(), torch.zeros(1, 28, 28).double(), 0, window=9, stride=9
    )
    assert found.abs().max() < 1e-12


def test_occlusion_of_a_sum_is_what_is_covered():
    """The logit is the sum of the pixels: covering costs exactly what was there."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, 1, bias=False))
    nn.init.ones_(model[1].weight)
    image = torch.arange(16.0).view(1, 4, 4)
    found = occlusion_map(model, image, 0, window=2, stride=2)
    blocks = image.view(2, 2, 2, 2).sum(dim=(1, 3))
    assert torch.equal(found, blocks.repeat_interleave(2, 0).repeat_interleave(2, 1))


def test_grad_cam_is_not_fooled_by_an_in_place_relu():
    model, twin = colour_network(), colour_network()
    for index in (1, 4):
        twin[index] = nn.ReLU()
    images = colours()
    found = grad_cam(model, "3", images, CLASSES)
    assert torch.equal(found, grad_cam(twin, "3", images, CLASSES))
    assert found.shape == (2, 6, 6)


@pytest.mark.parametrize("training", [True, False])
def test_nothing_stays_behind(training):
    model, images = network().train(training), pictures()
    model.norm2.eval()
    modes = [module.training for module in model.modules()]
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    saliency(model, images, CLASSES)
    occlusion_map(model, images[0], 0, 14, 14)
    grad_cam(model, "relu5", images, CLASSES)
    assert [module.training for module in model.modules()] == modes
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not any(module._forward_hooks for module in model.modules())
    assert not images.requires_grad
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name]), name


def test_grad_cam_leaves_no_hook_after_an_interrupt():
    model = network()

    def interrupt(*_args):
        raise KeyboardInterrupt

    handle = model.pool2.register_forward_hook(interrupt)
    with pytest.raises(KeyboardInterrupt):
        grad_cam(model, "conv1", pictures(), CLASSES)
    handle.remove()
    assert not any(module._forward_hooks for module in model.modules())


def test_frozen_networks_and_blocks_without_gradients_are_asked_all_the_same():
    model, images = network(), pictures()
    found = saliency(model, images, CLASSES), grad_cam(model, "conv1", images, CLASSES)
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    with torch.no_grad():
        again = saliency(model, images, CLASSES)
        assert torch.equal(found[0], again)
        assert torch.equal(found[1], grad_cam(model, "conv1", images, CLASSES))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda m, x: saliency(m, x, [10, 0]),
            "there are 10 classes, numbered from 0, and the ones asked for go from 0 "
            "to 10",
        ),
        (
            lambda m, x: saliency(m, x, [1]),
            "2 images and 1 classes: name one class for each",
        ),
        (
            lambda m, x: saliency(m, x[0], [1]),
            "expected prepared images (N, C, H, W) in floats, got torch.float64 "
            "(1, 28, 28)",
        ),
        (
            lambda m, x: saliency(m, (255 * x).byte(), CLASSES),
            "expected prepared images (N, C, H, W) in floats, got torch.uint8 "
            "(2, 1, 28, 28)",
        ),
        (
            lambda m, x: occlusion_map(m, x[0], 0, window=4, stride=5),
            "needs 0 < stride <= window <= side, got stride 5 and window 4 on 28 x 28 "
            "pixels",
        ),
        (
            lambda m, x: occlusion_map(m, x[0], 0, window=29, stride=5),
            "got stride 5 and window 29 on 28 x 28 pixels",
        ),
        (
            lambda m, x: grad_cam(m, "fc6", x, CLASSES),
            "'fc6' gives shape (2, 10), not maps: name a layer before the flattening",
        ),
        (
            lambda m, x: grad_cam(m, "conv11", x, CLASSES),
            "no layer named 'conv11': did you mean 'conv1'?",
        ),
    ],
)
def test_what_cannot_be_asked_is_said(ask, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        ask(network(), pictures())
