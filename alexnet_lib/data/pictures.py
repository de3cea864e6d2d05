"""Picture files of any kind: opened upright in 8 bits, and prepared for a network.

Two preparations: as a data set of small pictures stores them (`as_stored`), and as
networks trained on ImageNet want them (`imagenet_input`). A picture that cannot be used
is an error of one line.
"""

import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

# The published pictures are this small. A larger one is brought down to it first: what
# the network never saw in training, such as sharp edges, would only mislead it.
NATIVE_SIDE = {"FashionMNIST": 28, "MNIST": 28, "CIFAR10": 32, "CIFAR10-jpeg": 32}
DARK_BACKGROUND = ("FashionMNIST", "MNIST")

# Of torchvision's weights: what its AlexNet was trained with (a test compares them).
IMAGENET_RESIZE, IMAGENET_CROP = 256, 224  # pixels
IMAGENET_MEAN = (0.485, 0.456, 0.406)  # of red, green, blue, on a scale from 0 to 1
IMAGENET_STD = (0.229, 0.224, 0.225)
MOST_TIMES_AS_LONG = 100  # of the sides: a thinner picture would be a huge one, resized


def open_picture(source: str | Path | bytes) -> Image.Image:
    """A picture file, or its content: upright, in 8 bits, wholly read.

    OSError of one line when it is none, is cut short or has too many pixels.
    """
    told = "this file" if isinstance(source, bytes) else repr(str(source))
    name = told if isinstance(source, bytes) else Path(source).name
    opened = BytesIO(source) if isinstance(source, bytes) else source
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(opened) as picture:
                return upright(picture)
    except UnidentifiedImageError as error:
        raise OSError(f"{name} is not a picture that PIL can open") from error
    except FileNotFoundError as error:
        raise FileNotFoundError(f"no picture {told}: check the path") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise OSError(
            f"{name} has more pixels than PIL opens ({error}): make it smaller"
        ) from error
    except OSError as error:  # a folder, a file that may not be read, one cut short
        why = error.strerror or str(error)
        raise OSError(f"cannot read {told} ({why}): name a picture") from error
    except Exception as error:  # PIL raises many kinds for a damaged file
        why = str(error) or type(error).__name__
        raise OSError(f"cannot read {told} ({why}): name a picture") from error


def portrait() -> Image.Image:
    """The portrait of Grace Hopper that matplotlib ships, at its own size.

    A work of the US Navy, in the public domain.
    """
    from matplotlib.cbook import get_sample_data

    with get_sample_data("grace_hopper.jpg") as file:
        return open_picture(file.read())


def upright(picture: Image.Image) -> Image.Image:
    """The picture turned as the camera says, in 8 bits a channel."""
    return _in_bytes(ImageOps.exif_transpose(picture))  # a telephone's rotation


def in_mode(
    picture: Image.Image, mode: str, background: str = "white"
) -> tuple[Image.Image, list[str]]:
    """The picture in grey ('L') or colour ('RGB'), and notes on what was done.

    What is transparent becomes `background`.
    """
    notes = []
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        behind = Image.new("RGBA", picture.size, background)
        picture = Image.alpha_composite(behind, picture)
        notes.append(f"transparent parts became {background}")
    if picture.mode != mode:
        words = "grey" if mode == "L" else "colour"
        notes.append(f"converted from {picture.mode} to {words}")
        picture = picture.convert(mode)
    return picture, notes


def as_stored(
    picture: Image.Image,
    dataset: str,
    channels: int,
    side: int,
    invert: bool = False,
) -> tuple[Tensor, list[str]]:
    """The picture as this data set stores its own, and notes on what was done.

    side: pixels, for a data set whose own size is not known.

    Shape: uint8 (channels, side, side).
    """
    dark = dataset in DARK_BACKGROUND
    mode = "L" if channels == 1 else "RGB"
    picture, notes = in_mode(picture, mode, "black" if dark else "white")
    side = NATIVE_SIDE.get(dataset, side)
    if picture.size != (side, side):
        notes.append(
            f"resized from {picture.width} x {picture.height} to {side} x {side}, the "
            f"size of a picture in {dataset}"
        )
        picture = picture.resize((side, side), Image.Resampling.BILINEAR)
    if invert:
        picture = ImageOps.invert(picture)
    pixels = torch.from_numpy(np.array(picture))  # (H, W) or (H, W, 3)
    pixels = pixels.reshape(side, side, -1).permute(2, 0, 1)
    if dark and border(pixels) > 127:
        notes.append(
            f"the background is light, in {dataset} it is black: "
            f"try {'without' if invert else 'with'} --invert"
        )
    return pixels, notes


def imagenet_square(picture: Image.Image) -> Tensor:
    """Shorter side resized to 256 pixels, then the central square of 224, in colour.

    ValueError when one side is over a hundred times the other.

    Shape: uint8 (3, 224, 224).
    """
    picture, _notes = in_mode(picture, "RGB")
    shorter, longer = sorted(picture.size)
    if longer > MOST_TIMES_AS_LONG * shorter:
        raise ValueError(
            f"a picture of {picture.width} x {picture.height} pixels has no middle to "
            f"speak of: its sides may differ by {MOST_TIMES_AS_LONG} times"
        )
    size = [int(IMAGENET_RESIZE * side / shorter) for side in picture.size]
    picture = picture.resize((size[0], size[1]), Image.Resampling.BILINEAR)
    left, top = (round((side - IMAGENET_CROP) / 2) for side in size)
    box = (left, top, left + IMAGENET_CROP, top + IMAGENET_CROP)
    return torch.from_numpy(np.array(picture.crop(box))).movedim(-1, 0)


def imagenet_input(picture: Image.Image) -> Tensor:
    """What torchvision's `weights.transforms()` makes of an upright picture.

    Shape: float32 (3, 224, 224), red, green, blue, each normalised.
    """
    pixels = imagenet_square(picture) / 255
    mean, std = (
        torch.tensor(numbers).view(3, 1, 1) for numbers in (IMAGENET_MEAN, IMAGENET_STD)
    )
    return (pixels - mean) / std


def border(pixels: Tensor) -> float:
    """Mean grey level of the outermost pixels. Shape: uint8 (C, H, W)."""
    edges = (pixels[:, 0], pixels[:, -1], pixels[:, :, 0], pixels[:, :, -1])
    return torch.cat([edge.flatten() for edge in edges]).float().mean().item()


def _in_bytes(picture: Image.Image) -> Image.Image:
    """Grey of 16 bits scaled to 8: PIL's own conversion would cut it off at 255."""
    if picture.mode == "F":
        raise ValueError(
            "its pixels are fractions without a known scale: save it as PNG"
        )
    if not picture.mode.startswith("I"):
        return picture
    grey = np.asarray(picture).astype(np.float64) / 257  # 65,535 -> 255
    return Image.fromarray(grey.round().clip(0, 255).astype(np.uint8))
