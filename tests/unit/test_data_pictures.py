"""Pictures of any kind: opened, refused in one line, prepared as torchvision does."""

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_lib.data import pictures


def content(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    draw = np.random.default_rng(seed)
    return Image.fromarray(draw.integers(0, 256, (height, width, 3), dtype=np.uint8))


def test_a_rotated_photo_stands_upright(tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    Image.fromarray(np.zeros((10, 20), np.uint8)).save(tmp_path / "a.jpg", exif=exif)
    assert pictures.open_picture(tmp_path / "a.jpg").size == (10, 20)
    assert pictures.open_picture((tmp_path / "a.jpg").read_bytes()).size == (10, 20)


def test_sixteen_bits_are_scaled_not_cut_off(tmp_path: Path):
    wide = np.array([[0, 257, 257 * 100], [300, 65_535, 257 * 200]], np.uint16)
    Image.fromarray(wide).save(tmp_path / "wide.png")
    read = np.asarray(pictures.open_picture(tmp_path / "wide.png"))
    assert read.tolist() == [[0, 1, 100], [1, 255, 200]]


def test_every_kind_of_file_becomes_colours_or_grey():
    whole = noise(9, 7)
    kinds = {
        "grey": content(whole.convert("L")),
        "alpha": content(whole.convert("RGBA")),
        "grey with alpha": content(whole.convert("LA")),
        "palette": content(whole.quantize(16)),
        "clear palette": content(whole.quantize(16), transparency=0),
        "black and white": content(whole.convert("1")),
        "print colours": content(whole.convert("CMYK"), "JPEG"),
        "animated": content(whole, "GIF", save_all=True, append_images=[noise(9, 7)]),
    }
    for name, data in kinds.items():
        picture = pictures.open_picture(data)
        for mode in ("RGB", "L"):
            ready, _notes = pictures.in_mode(picture, mode)
            assert (ready.mode, ready.size) == (mode, (9, 7)), name


def test_what_is_transparent_becomes_the_background():
    hidden = Image.new("RGBA", (2, 2), (255, 0, 0, 0))  # red, if it could be seen
    for background, shade in (("white", 255), ("black", 0)):
        ready, notes = pictures.in_mode(hidden, "RGB", background)
        assert np.asarray(ready).tolist() == [[[shade] * 3] * 2] * 2
        assert notes == [
            f"transparent parts became {background}",
            "converted from RGBA to colour",
        ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "this file is not a picture that PIL can open"),
        (b"%PDF-1.4", "this file is not a picture that PIL can open"),
        (
            content(noise(64, 64).convert("L"))[:2000],
            "cannot read this file (image file is truncated): name a picture",
        ),
        (
            content(Image.fromarray(np.ones((4, 4), np.float32)), "TIFF"),
            "cannot read this file (its pixels are fractions without a known scale: ",
        ),
    ],
    ids=["empty", "a document", "cut short", "fractions"],
)
def test_what_is_no_picture_is_one_line(data, says):
    with pytest.raises(OSError, match=f"^{re.escape(says)}.*$") as caught:
        pictures.open_picture(data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("most", [1000, 2000])  # PIL's error, and PIL's warning
def test_a_picture_with_too_many_pixels_is_refused(most, tmp_path, monkeypatch):
    Image.new("L", (60, 60)).save(tmp_path / "huge.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", most)
    with pytest.raises(OSError, match=r"^huge.png has more pixels than PIL opens \("):
        pictures.open_picture(tmp_path / "huge.png")


@pytest.mark.parametrize(
    "size", [(300, 500), (512, 606), (224, 224), (1, 1), (40, 33), (255, 1000)]
)
def test_preparing_for_imagenet_is_torchvision_s_own(size):
    from torchvision.models import AlexNet_Weights

    transforms = AlexNet_Weights.IMAGENET1K_V1.transforms()
    picture = noise(*size)
    torch.testing.assert_close(
        pictures.imagenet_input(picture), transforms(picture), rtol=0, atol=1e-6
    )
    assert transforms.mean == list(pictures.IMAGENET_MEAN)
    assert transforms.std == list(pictures.IMAGENET_STD)


def test_a_line_is_no_picture():
    with pytest.raises(ValueError, match="a picture of 1 x 101 pixels has no middle"):
        pictures.imagenet_input(noise(1, 101))
    assert pictures.imagenet_input(noise(1, 20)).shape == (3, 224, 224)


def test_a_grey_picture_has_three_equal_channels():
    square = pictures.imagenet_square(noise(30, 30).convert("L"))
    assert torch.equal(square[0], square[1])
    assert torch.equal(square[0], square[2])


def test_as_stored_says_what_was_done():
    light = Image.new("RGB", (90, 60), "white")
    pixels, notes = pictures.as_stored(light, "FashionMNIST", 1, 224)
    assert pixels.shape == (1, 28, 28)
    assert notes[-1].endswith("it is black: try with --invert")
    pixels, notes = pictures.as_stored(light, "FashionMNIST", 1, 224, invert=True)
    assert pixels.max() == 0
    pixels, notes = pictures.as_stored(light, "unknown", 3, 50)
    assert pixels.shape == (3, 50, 50)
    assert notes == [
        "resized from 90 x 60 to 50 x 50, the size of a picture in unknown"
    ]


def test_the_portrait_is_at_its_own_size():
    assert pictures.portrait().mode == "RGB"
    assert pictures.portrait().size == (512, 600)
