"""Training images changed at random, batch by batch, on the device they are on."""

from typing import Literal

import torch
from torch import Tensor

Augmentation = Literal["none", "flip", "flip_crop"]

CROP = 14  # `flip_crop` shifts by up to a fourteenth of the side: 2 pixels of 28


def augment(images: Tensor, augmentation: Augmentation) -> Tensor:
    """Change training images at random, each in its own way.

    'flip' mirrors half of them left to right; 'flip_crop' also shifts each by up to a
    fourteenth of its side, up or down and left or right, and repeats the edge pixels
    where it left. Draws from torch's global generator, as dropout does.

    Shape: (N, C, H, W) -> (N, C, H, W).
    """
    if augmentation == "none":
        return images
    mirrored = torch.rand(len(images), device=images.device) < 0.5
    images = torch.where(mirrored.view(-1, 1, 1, 1), images.flip(-1), images)
    return images if augmentation == "flip" else _shift(images)


def _shift(images: Tensor) -> Tensor:
    num_images, _, height, width = images.shape
    rows, columns = (
        _shifted(num_images, side, images.device) for side in (height, width)
    )
    images = images.gather(2, rows[:, None, :, None].expand_as(images))
    return images.gather(3, columns[:, None, None, :].expand_as(images))


def _shifted(num_images: int, side: int, device: torch.device) -> Tensor:
    """For each image the old place of each pixel along one axis. Shape: (N, side)."""
    most = side // CROP
    by = torch.randint(-most, most + 1, (num_images, 1), device=device)
    return (torch.arange(side, device=device) + by).clamp(0, side - 1)
