"""Checks of notebook 14 on pictures and features: wrong answers fail, and are named."""

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps
from torch import nn

from alexnet_lib.data import pictures
from alexnet_lib.learning.checks import kinds, preparing, probe
from tests.unit.checking import assert_check_is_fair, raiser, stub


# --- as ImageNet wants it -------------------------------------------------------------
def torchvision_s(picture):
    from torchvision.models import AlexNet_Weights

    return AlexNet_Weights.IMAGENET1K_V1.transforms()(picture)


def by_hand(picture):
    scale = 256 / min(picture.size)
    picture = picture.resize([int(scale * side) for side in picture.size], 2)
    left, top = [(side - 224) // 2 for side in picture.size]
    pixels = np.asarray(picture, np.float32)[top : top + 224, left : left + 224] / 255
    pixels = (pixels - np.float32(pictures.IMAGENET_MEAN)) / pictures.IMAGENET_STD
    return torch.from_numpy(pixels.transpose(2, 0, 1)).float()


def test_preprocess():
    assert_check_is_fair(
        preparing.check_preprocess,
        right=[torchvision_s, by_hand, pictures.imagenet_input],
        wrong={m.name: m.function for m in preparing.PREPROCESS_MISTAKES},
        todo=stub,
    )


@pytest.mark.parametrize(
    "mistake", preparing.PREPROCESS_MISTAKES, ids=lambda mistake: mistake.name
)
def test_a_wrong_preparation_is_told_what_it_is(mistake):
    assert mistake.says in preparing.check_preprocess(mistake.function).message


def test_one_grey_level_too_much_fails():
    result = preparing.check_preprocess(lambda p: pictures.imagenet_input(p) + 0.03)
    assert "some of its numbers differ. Hint: which of the four steps" in result.message


# --- in colours -----------------------------------------------------------------------
def with_alpha_by_hand(picture):
    picture = ImageOps.exif_transpose(picture)
    pixels = np.array(picture)
    if picture.mode.startswith("I"):
        pixels = pixels // 257
    elif picture.mode != "L":
        pixels = np.array(picture.convert("RGBA"), dtype=float)
        alpha = pixels[..., 3:] / 255
        pixels = pixels[..., :3] * alpha + 255 * (1 - alpha)
    if pixels.ndim == 2:
        pixels = np.stack([pixels] * 3, axis=-1)
    return torch.from_numpy(pixels.round().astype(np.uint8)).permute(2, 0, 1)


def test_to_colour():
    assert_check_is_fair(
        kinds.check_to_colour,
        right=[kinds.to_colour, with_alpha_by_hand],
        wrong={m.name: m.function for m in kinds.COLOUR_MISTAKES},
        todo=stub,
    )


@pytest.mark.parametrize("mistake", kinds.COLOUR_MISTAKES, ids=lambda m: m.name)
def test_a_wrong_colour_is_told_what_it_is(mistake):
    assert mistake.says in kinds.check_to_colour(mistake.function).message


def test_the_kinds_are_what_they_say():
    found = {kind: picture.mode for kind, picture in kinds.picture_kinds().items()}
    assert list(found.values()) == ["RGB", "RGB", "L", "RGBA", "I;16", "P"]
    sideways = kinds.picture_kinds()["a photo taken sideways"]
    assert kinds.to_colour(sideways).shape == (3, 30, 20)


def test_odd_answers_hear_what_is_odd():
    result = kinds.check_to_colour(lambda picture: picture)
    assert "it should be a torch tensor, not Image" in result.message
    assert "raised ZeroDivisionError" in kinds.check_to_colour(raiser).message
    crashes = kinds.check_to_colour(lambda picture: Image.open("no such file"))
    assert "raised FileNotFoundError" in crashes.message


# --- the probe ------------------------------------------------------------------------
def by_least_squares(network, images, labels, num_classes):
    features = probe.features_of(network, images)
    ones = torch.cat([features, torch.ones(len(features), 1)], dim=1)
    wanted = nn.functional.one_hot(labels, num_classes).float()
    both = torch.linalg.lstsq(ones, wanted).solution.T
    layer = nn.Linear(features.shape[1], num_classes)
    layer.weight.data, layer.bias.data = both[:, :-1].clone(), both[:, -1].clone()
    return layer


def test_linear_probe():
    assert_check_is_fair(
        probe.check_linear_probe,
        right=[probe.linear_probe, by_least_squares],
        wrong=probe.PROBE_MISTAKES,
        todo=stub,
    )


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda *_: nn.Flatten(), "should give an nn.Linear, not Flatten"),
        (lambda *_: nn.Linear(5, 3), "as if its inputs were the network's logits"),
        (lambda *_: nn.Linear(16, 3), "as if its inputs were the pixels"),
        (lambda *_: nn.Linear(24, 5), "goes from 24 to 5 numbers: relu7 gives 24"),
        (raiser, "linear_probe raised ZeroDivisionError"),
        (3, "linear_probe should be a function, not int"),
    ],
)
def test_odd_probes_hear_what_is_odd(answer, says):
    assert says in probe.check_linear_probe(answer).message


def test_a_hook_left_behind_is_seen():
    def hooked(network, *rest):
        layer = probe.linear_probe(network, *rest)
        network.relu7.register_forward_hook(lambda *_: None)
        return layer

    assert probe.check_linear_probe(hooked).mistake == "hook"


def test_changes_of_the_network_are_named():
    trained = probe.check_linear_probe(probe.PROBE_MISTAKES["network trained"])
    assert "the network has changed (fc7.weight): only the new" in trained.message
    mode = probe.check_linear_probe(probe.PROBE_MISTAKES["train mode"])
    assert "the network has changed (norm7.running_mean): in train" in mode.message
