"""Pictures and modules from elsewhere: drawings, files, torchvision's AlexNet."""

from datetime import UTC, datetime
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from alexnet_lib import widgets
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import LENET5_RELU
from alexnet_lib.widgets.feature_maps import FeatureMaps
from alexnet_lib.widgets.glass import Glass, open_network
from alexnet_lib.widgets.picture_source import DRAW, FILE, TEST, read_picture
from tests.unit.glasses import NAMES, pictures, untrained


@pytest.fixture
def maps() -> FeatureMaps:
    return FeatureMaps(untrained(), pictures())


def png(mode: str, size: tuple[int, int], colour) -> bytes:
    buffer = BytesIO()
    Image.new(mode, size, colour).save(buffer, format="PNG")
    return buffer.getvalue()


# --- pictures from elsewhere ----------------------------------------------------------
def test_a_drawing_goes_through_the_network(maps):
    maps.source.mode.value = DRAW
    blank = maps.sheet.value
    assert "Your drawing; the network says" in maps.words()
    maps.source.pad.draw(np.full((28, 28), 200))
    assert maps.sheet.value != blank
    maps.source.mode.value = TEST
    assert "Test picture 0, labelled" in maps.words()


def test_a_file_goes_through_the_network(maps):
    maps.source.mode.value = FILE
    before = maps.sheet.value
    maps.source.upload.value = (
        {
            "name": "a.png",
            "type": "image/png",
            "size": 1,
            "last_modified": datetime(2012, 12, 3, tzinfo=UTC),
            "content": memoryview(png("RGB", (60, 40), "white")),
        },
    )
    assert "Your file, its middle square; the network says" in maps.words()
    assert maps.sheet.value != before
    maps.source.open_file(b"no picture")
    assert "this file is not a picture that PIL can open" in maps.source.problem.value
    assert "Your file" in maps.words()  # the one before stays


@pytest.mark.parametrize(
    ("content", "colours", "shape", "first"),
    [
        (png("RGB", (60, 40), (255, 0, 0)), True, (3, 40, 40), [255, 0, 0]),
        (png("RGB", (600, 900), (0, 0, 255)), True, (3, 256, 256), [0, 0, 255]),
        (png("L", (30, 30), 77), False, (1, 30, 30), [77]),
        (png("RGBA", (9, 9), (255, 255, 255, 0)), False, (1, 9, 9), [0]),
        (png("1", (8, 8), 1), False, (1, 8, 8), [255]),
        (png("I;16", (8, 8), 257 * 100), False, (1, 8, 8), [100]),
    ],
)
def test_files_of_every_kind(content, colours, shape, first):
    pixels = read_picture(content, colours)
    assert tuple(pixels.shape) == shape
    assert pixels[:, 0, 0].tolist() == first


def test_grey_pictures_for_colour_networks_and_back():
    glass = Glass(untrained("ALEXNET_MODERN_32"))
    glass.look(pictures().test_images[0])
    assert glass.shown.shape == (3, 32, 32)
    assert (glass.shown[0] == glass.shown[2]).all()
    grey = Glass(untrained())
    grey.look(torch.tensor([255, 255, 255]).byte().view(3, 1, 1).expand(3, 28, 28))
    assert (grey.shown == 255).all()


# --- modules from elsewhere -----------------------------------------------------------
def test_torchvisions_alexnet():
    from torchvision.models import alexnet

    torch.manual_seed(0)
    theirs = alexnet(weights=None)
    names = [f"class {n}" for n in range(1000)]
    network = open_network(theirs, "ALEXNET_TORCHVISION", names, (0.45, 0.225))
    assert network.model.conv1 is theirs.features[0]
    assert network.model.fc8 is theirs.classifier[6]
    assert theirs.training
    image = torch.rand(1, 3, 224, 224)
    with torch.no_grad():
        expected = theirs.eval()(image)
        torch.testing.assert_close(network.model(image), expected)
    explorer = widgets.explorer(network, pictures(9))
    assert "64 filters of conv1, 11 x 11 in three colours" in explorer.words()
    surgery = widgets.channel_surgery(network, pictures(9))
    assert surgery.bars.value.count("<img") == 1


def test_other_modules_are_told_apart():
    model = build_model(LENET5_RELU)
    with pytest.raises(
        ValueError, match=r"the model has no .* where LENET5 has 'conv1'"
    ):
        open_network(nn.Sequential(*list(model)[1:]), "LENET5", NAMES)

    class Backwards(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = model

        def forward(self, images):
            return -self.layers(images)

    message = "the model has the layers of LENET5_RELU, but other outputs when they run"
    with pytest.raises(ValueError, match=message):
        open_network(Backwards(), "LENET5_RELU", NAMES)
