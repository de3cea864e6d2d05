"""`python -m alexnet_lib predict FILE IMAGE`: what a network says of a picture."""

import argparse
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from alexnet_lib.architecture.weights import LoadedModel, load_weights
from alexnet_lib.data import Batches
from alexnet_lib.data.pictures import as_stored, open_picture

HELP = "Class probabilities of one picture."


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


def prepare_picture(
    picture: Image.Image, loaded: LoadedModel, invert: bool = False
) -> tuple[torch.Tensor, list[str]]:
    """The picture as this network's data set stores them, and notes on what was done.

    Shape: uint8 (C, side, side).
    """
    channels = loaded.spec.input_shape[0]
    return as_stored(picture, loaded.dataset, channels, loaded.resize, invert)


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
