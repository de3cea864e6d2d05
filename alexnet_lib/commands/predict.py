"""`python -m alexnet_lib predict FILE IMAGE`: what a network says of a picture."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError

from alexnet_lib.architecture.weights import LoadedModel, load_weights
from alexnet_lib.data import Batches

HELP = "Class probabilities of one picture."
# The published pictures are this small. A larger one is brought down to it first: what
# the network never saw in training, such as sharp edges, would only mislead it.
NATIVE_SIDE = {"FashionMNIST": 28, "MNIST": 28, "CIFAR10": 32, "CIFAR10-jpeg": 32}
DARK_BACKGROUND = ("FashionMNIST", "MNIST")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, help="a weights file (.safetensors)")
    parser.add_argument("image", type=Path, help="a picture that PIL can open")
    parser.add_argument(
        "--invert", action="store_true", help="for a dark object on a light background"
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Prepare the picture as the training images were, and ask the network."""
    loaded = load_weights(args.file)
    picture, notes = prepare_picture(open_picture(args.image), loaded, args.invert)
    probabilities = predict(loaded, picture)
    return {
        "classes": list(loaded.class_names),
        "probabilities": [round(p, 6) for p in probabilities],
        "notes": notes,
    }


def open_picture(path: Path) -> Image.Image:
    """A picture file, upright, in 8 bits; OSError of one line when it is none."""
    try:
        with Image.open(path) as picture:
            return _in_bytes(ImageOps.exif_transpose(picture))  # a telephone's rotation
    except UnidentifiedImageError as error:
        raise OSError(f"{path.name} is not a picture that PIL can open") from error
    except FileNotFoundError as error:
        raise FileNotFoundError(f"no picture {str(path)!r}: check the path") from error
    except OSError as error:  # a folder, a file that may not be read, one cut short
        why = error.strerror or str(error)
        raise OSError(f"cannot read {str(path)!r} ({why}): name a picture") from error
    except Image.DecompressionBombError as error:
        raise OSError(
            f"{path.name} has more pixels than PIL opens ({error}): make it smaller"
        ) from error


def _in_bytes(picture: Image.Image) -> Image.Image:
    """Grey of 16 bits scaled to 8: PIL's own conversion would cut it off at 255."""
    if not picture.mode.startswith("I"):
        return picture
    grey = np.asarray(picture).astype(np.float64) / 257  # 65,535 -> 255
    return Image.fromarray(grey.round().clip(0, 255).astype(np.uint8))


def prepare_picture(
    picture: Image.Image, loaded: LoadedModel, invert: bool = False
) -> tuple[torch.Tensor, list[str]]:
    """The picture as this network's data set stores them, and notes on what was done.

    Shape: uint8 (C, side, side).
    """
    notes = []
    mode = "L" if loaded.spec.input_shape[0] == 1 else "RGB"
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        # What is transparent becomes the background of the data set.
        picture = picture.convert("RGBA")
        colour = "black" if loaded.dataset in DARK_BACKGROUND else "white"
        background = Image.new("RGBA", picture.size, colour)
        picture = Image.alpha_composite(background, picture)
        notes.append(f"transparent parts became {colour}")
    if picture.mode != mode:
        words = "grey" if mode == "L" else "colour"
        notes.append(f"converted from {picture.mode} to {words}")
        picture = picture.convert(mode)
    side = NATIVE_SIDE.get(loaded.dataset, loaded.resize)
    if picture.size != (side, side):
        notes.append(
            f"resized from {picture.width} x {picture.height} to {side} x {side}, the "
            f"size of a picture in {loaded.dataset}"
        )
        picture = picture.resize((side, side), Image.Resampling.BILINEAR)
    if invert:
        picture = ImageOps.invert(picture)
    pixels = torch.from_numpy(np.array(picture))  # (H, W) or (H, W, 3)
    pixels = pixels.reshape(side, side, -1).permute(2, 0, 1)
    if loaded.dataset in DARK_BACKGROUND and _border(pixels) > 127:
        notes.append(
            f"the background is light, in {loaded.dataset} it is black: "
            f"try {'without' if invert else 'with'} --invert"
        )
    return pixels, notes


def predict(loaded: LoadedModel, picture: torch.Tensor) -> list[float]:
    """The probability of each class. Shape: uint8 (C, H, W)."""
    batches = Batches(
        picture.unsqueeze(0),
        torch.zeros(1, dtype=torch.int64),  # a label is asked for and never read
        1,
        resize=loaded.resize,
        normalise=loaded.normalise,
    )
    [(images, _)] = batches
    with torch.no_grad():
        return loaded.model(images).softmax(dim=1)[0].tolist()


def render(result: dict[str, Any]) -> str:
    """The classes, likeliest first."""
    pairs = zip(result["probabilities"], result["classes"], strict=True)
    lines = [f"{p:7.2%}  {name}" for p, name in sorted(pairs, reverse=True)]
    return "\n".join(lines + [f"note: {note}" for note in result["notes"]])


def _border(pixels: torch.Tensor) -> float:
    """Mean grey level of the outermost pixels. Shape: uint8 (C, H, W)."""
    edges = (pixels[:, 0], pixels[:, -1], pixels[:, :, 0], pixels[:, :, -1])
    return torch.cat([edge.flatten() for edge in edges]).float().mean().item()
