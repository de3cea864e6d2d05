"""Views of pictures: random ones to train on, ten fixed ones to test on, other colours.

Two conventions of PCA colour: "paper" is the rule that section 4.1 prints, "code_2012"
is `convdata_jpeg.py` of the released code, lines 65, 178 and 179. Nothing is clipped:
neither source speaks of it.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor

Convention = Literal["paper", "code_2012"]

BORDER = 16  # pixels on each side: crops of 224 from 256, section 4.1
CHUNK = 32  # images that share a crop and a flip: `convdata_jpeg.py`, lines 77, 238
STRENGTH = 0.1  # standard deviation of each alpha, section 4.1; `coeff` in the logs


def random_crop(
    images: Tensor,
    size: int,
    generator: torch.Generator | None = None,
    *,
    together: int = 1,
) -> Tensor:
    """A square from a random place of each picture; every place is equally likely.

    `together`: so many pictures in a row share the place, 32 in the 2012 code.

    Shape: (N, C, H, W) -> (N, C, size, size).
    """
    height, width = _check_size(images, size)
    draws = _num_draws(images, together)
    top, left = (
        torch.randint(side - size + 1, (draws,), generator=generator)
        .repeat_interleave(together)[: len(images)]
        .to(images.device)
        for side in (height, width)
    )
    offsets = torch.arange(size, device=images.device)
    rows = (top[:, None] + offsets)[:, None, :, None]  # (N, 1, size, 1)
    columns = (left[:, None] + offsets)[:, None, None, :]  # (N, 1, 1, size)
    channels = images.shape[1]
    strip = images.gather(2, rows.expand(-1, channels, -1, width))
    return strip.gather(3, columns.expand(-1, channels, size, -1))


def random_flip(
    images: Tensor, generator: torch.Generator | None = None, *, together: int = 1
) -> Tensor:
    """Each picture mirrored left to right, or not, with equal chances.

    `together`: so many pictures in a row share the decision, 32 in the 2012 code.

    Shape: (N, C, H, W) -> (N, C, H, W).
    """
    draws = _num_draws(images, together)
    mirrored = torch.rand(draws, generator=generator) < 0.5
    mirrored = mirrored.repeat_interleave(together)[: len(images)].to(images.device)
    return torch.where(mirrored[:, None, None, None], images.flip(-1), images)


def ten_crop(images: Tensor, size: int) -> Tensor:
    """The four corners and the centre of each picture, then the same five mirrored.

    Shape: (N, C, H, W) -> (N, 10, C, size, size). Order: top left, top right, bottom
    left, bottom right, centre.
    """
    height, width = _check_size(images, size)
    bottom, right = height - size, width - size
    centre = (round(bottom / 2), round(right / 2))
    corners = [(0, 0), (0, right), (bottom, 0), (bottom, right), centre]
    five = [images[..., y : y + size, x : x + size] for y, x in corners]
    return torch.stack(five + [view.flip(-1) for view in five], dim=1)


@dataclass(frozen=True)
class ColourDirections:
    """The axes along which the pixels of some pictures spread, widest first.

    values: (3,), the variance along each axis, in squares of the pixels' own unit.
    vectors: (3, 3), of length 1; column i belongs to values[i], its rows are R, G, B.
    """

    values: Tensor
    vectors: Tensor


def colour_directions(images: Tensor) -> ColourDirections:
    """Eigenvalues and eigenvectors of the covariance of all RGB pixels, in float64.

    An eigenvector may point either way: its largest entry is made positive.

    Shape: (N, 3, H, W) of any number type -> values (3,), vectors (3, 3).
    """
    _check_colour(images)
    pixels = images.double().movedim(1, 0).flatten(1)  # (3, N * H * W)
    values, vectors = torch.linalg.eigh(torch.cov(pixels, correction=0))  # ascending
    values, vectors = values.flip(0).clamp(min=0), vectors.flip(1)
    largest = vectors.gather(0, vectors.abs().argmax(dim=0, keepdim=True))
    return ColourDirections(values, vectors * largest.sign())


def colour_shifts(
    directions: ColourDirections,
    num_images: int,
    generator: torch.Generator | None = None,
    *,
    convention: Convention = "paper",
    strength: float = STRENGTH,
) -> Tensor:
    """What is added to red, green and blue: one draw for each picture, in float64.

    "paper" adds alpha times the eigenvalue along each eigenvector, as printed;
    "code_2012" takes the root of the eigenvalue, a standard deviation: that is how we
    read the name `pca_stdevs`, whose file was not released.

    Shape: (num_images, 3), in the unit of the pixels for "code_2012" and in its square
    for "paper".
    """
    if convention not in get_args(Convention):
        raise ValueError(
            f"convention is {convention!r}: it must be one of "
            f"{', '.join(get_args(Convention))}"
        )
    alphas = torch.randn(num_images, 3, generator=generator, dtype=torch.float64)
    values = directions.values
    spread = values if convention == "paper" else values.sqrt()
    return (strength * alphas * spread) @ directions.vectors.T


def pca_colour(
    images: Tensor,
    directions: ColourDirections,
    generator: torch.Generator | None = None,
    *,
    convention: Convention = "paper",
    strength: float = STRENGTH,
) -> Tensor:
    """Each picture's colours moved along the directions, all its pixels alike.

    `directions` are those of the training pictures, in the unit of `images`.
    "code_2012" divides by 1 + strength afterwards; its pictures have their mean taken
    off before.

    Shape: floats (N, 3, H, W) -> (N, 3, H, W).
    """
    _check_colour(images)
    if not images.is_floating_point():
        raise TypeError(
            f"PCA colour adds fractions, got pictures of {images.dtype}: divide bytes "
            "by 255 first"
        )
    shifts = colour_shifts(
        directions,
        len(images),
        generator,
        convention=convention,
        strength=strength,
    )
    changed = images + shifts[:, :, None, None].to(images)  # (N, 3, 1, 1)
    return changed / (1 + strength) if convention == "code_2012" else changed


def _check_size(images: Tensor, size: int) -> tuple[int, int]:
    """Height and width of a batch from which squares of this size can be cut."""
    _check_batch(images)
    height, width = images.shape[-2:]
    if not 1 <= size <= min(height, width):
        raise ValueError(
            f"a crop of {size} does not fit in {height} x {width} pixels: choose from "
            f"1 to {min(height, width)}"
        )
    return height, width


def _num_draws(images: Tensor, together: int) -> int:
    _check_batch(images)
    if together < 1:
        raise ValueError(
            f"together is {together}: at least 1 picture shares a draw with itself"
        )
    return -(-len(images) // together)


def _check_colour(images: Tensor) -> None:
    _check_batch(images)
    if images.shape[1] != 3:
        raise ValueError(
            "PCA colour moves red, green and blue, got pictures of "
            f"{images.shape[1]} channel{'s' * (images.shape[1] != 1)}: it says nothing "
            "about grey ones, leave it out there"
        )


def _check_batch(images: Tensor) -> None:
    if images.ndim != 4:
        raise ValueError(
            f"expected a batch (N, C, H, W), got shape {tuple(images.shape)}: "
            "images[None] makes a batch of one picture"
        )
