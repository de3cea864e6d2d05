"""Pictures drawn by code, for where the real data cannot be had.

They have the shapes, labels and class names of the published sets, so that every
notebook runs, and a small network learns them. They are no data set: nothing measured
on them says anything about clothes, handwriting or animals.
"""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from alexnet_lib.data.garments import GARMENTS
from alexnet_lib.data.pen import FINENESS, SIDE, Pen
from alexnet_lib.data.vehicles_and_animals import draw_kind

NUM_TRAIN, NUM_TEST = 6_000, 1_000
SEED = 2012
NUM_CLASSES = 10


def draw(name: str, num_images: int, seed: int = SEED) -> tuple[np.ndarray, np.ndarray]:
    """Pictures in random order, as many of each class; the same for the same seed.

    Shape: images uint8 (N, 28, 28), of CIFAR10 (N, 3, 32, 32); labels int64 (N,).
    """
    draw_one = DRAWERS[name]
    random = np.random.default_rng(seed)
    labels = random.permutation(np.arange(num_images, dtype=np.int64) % NUM_CLASSES)
    images = np.stack([draw_one(label, random) for label in labels.tolist()])
    return _weave(images, random) if name == "FashionMNIST" else images, labels


def draw_garment(label: int, random: np.random.Generator) -> np.ndarray:
    """One garment, still without the texture of its cloth. Shape: (28, 28)."""
    pen = Pen(random)
    GARMENTS[label](pen)
    return np.asarray(pen.image.reduce(FINENESS))


def _weave(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Grain, and light from one side; the background stays black."""
    n = len(images)
    slope = random.uniform(-0.2, 0.2, (n, 1, 1)).astype(np.float32)
    light = 1 + slope * np.linspace(-1, 1, SIDE, dtype=np.float32)  # (N, 1, W)
    grain = random.standard_normal(images.shape, dtype=np.float32)
    woven = images * (light + 0.08 * grain)
    return woven.clip(0, 255).astype(np.uint8)


def draw_digit(label: int, random: np.random.Generator) -> np.ndarray:
    """One digit in one of four sizes, then stretched, slanted and turned."""
    side = SIDE * FINENESS
    sheet = _print_digit(label, int(random.integers(4)))
    turn, slant = random.normal(0, 0.12), random.normal(0, 0.15)
    wide, tall = random.uniform(0.85, 1.3, 2)
    matrix = np.array([[wide, slant + turn], [-turn, tall]])
    offset = side / 2 - matrix @ (side / 2 + random.uniform(-8, 8, 2))
    coefficients = (*matrix[0], offset[0], *matrix[1], offset[1])
    moved = sheet.transform(
        sheet.size, Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR
    )
    return np.asarray(moved.reduce(FINENESS))


@cache
def _print_digit(label: int, weight: int) -> Image.Image:
    """A digit in the middle of a sheet, in PIL's own font, thin to thick."""
    side = SIDE * FINENESS
    sheet = Image.new("L", (side, side))
    ImageDraw.Draw(sheet).text(
        (side / 2, side / 2),
        str(label),
        fill=255,
        font=ImageFont.load_default(88),
        anchor="mm",
        stroke_width=weight,
        stroke_fill=255,
    )
    return sheet


DRAWERS = {"FashionMNIST": draw_garment, "MNIST": draw_digit, "CIFAR10": draw_kind}
