"""Colour pictures at hand: a photograph, patches drawn by code, CIFAR-10 if it lies."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from alexnet_lib.data import cifar
from alexnet_lib.data.catalogue import CLASS_NAMES
from alexnet_lib.data.fetch import cache_root
from alexnet_lib.data.sources import DataSet, data_root, load

PATCH_SIDE = 8  # pixels


def photograph(size: int = 256) -> Tensor:
    """The portrait of Grace Hopper that matplotlib ships, prepared as in the paper.

    The shorter side is scaled to `size` pixels, then the central square is cut out
    (section 2). A work of the US Navy, in the public domain.

    Shape: uint8 (1, 3, size, size).
    """
    from matplotlib.cbook import get_sample_data
    from PIL import Image

    if size < 1:
        raise ValueError(f"size is {size}: it must be at least 1 pixel")
    with get_sample_data("grace_hopper.jpg") as file, Image.open(file) as picture:
        scale = size / min(picture.size)
        width, height = (max(size, round(scale * side)) for side in picture.size)
        whole = picture.convert("RGB").resize(
            (width, height), Image.Resampling.BILINEAR
        )
    left, top = (width - size) // 2, (height - size) // 2
    square = whole.crop((left, top, left + size, top + size))
    return torch.from_numpy(np.array(square)).movedim(-1, 0)[None]  # (1, 3, H, W)


def colour_patches() -> Tensor:
    """Eight patches, one for each corner of the colour cube, black to white.

    In such a set no channel says anything about another.

    Shape: uint8 (8, 3, PATCH_SIDE, PATCH_SIDE).
    """
    corners = torch.cartesian_prod(*[torch.tensor([0, 255], dtype=torch.uint8)] * 3)
    return corners[:, :, None, None].repeat(1, 1, PATCH_SIDE, PATCH_SIDE)


def cifar_if_present(root: Path | None = None) -> Tensor | None:
    """CIFAR-10's training pictures where they lie already; nothing is downloaded.

    Of a copy as JPEG files each tenth, so that nobody waits for it.

    Shape: uint8 (50000 or 5000, 3, 32, 32), or None.
    """
    wanted = data_root(root)
    if any(not cifar.missing(place) for place in (wanted, cache_root())):
        return load("CIFAR10", wanted).train_images
    if not cifar.has_jpeg_copy(wanted):
        return None
    (images, _), _ = cifar.read_jpeg_copy(wanted, every=10)
    return images


def some_of_cifar(every: int = 10, root: Path | None = None) -> DataSet:
    """Each tenth picture of CIFAR-10, of its copy as JPEG files, or the whole stand-in.

    `every`: 10 takes each tenth; of JPEG files no others are decoded.
    """
    wanted = data_root(root)
    published = any(not cifar.missing(place) for place in (wanted, cache_root()))
    if not published and cifar.has_jpeg_copy(wanted):
        whole, (train, test) = None, cifar.read_jpeg_copy(wanted, every)
        kind = "a copy as JPEG files, not the published bytes"
    else:
        whole = load("CIFAR10", wanted)
        if whole.source == "stand-in":
            return whole
        train = whole.train_images[::every], whole.train_labels[::every]
        test = whole.test_images[::every], whole.test_labels[::every]
        kind = "the published ones"
    return DataSet(
        name="CIFAR10" if whole else cifar.JPEG_FOLDER,
        source=whole.source if whole else "given",
        note=f"CIFAR10: {len(train[1]):,} training and {len(test[1]):,} test pictures, "
        f"one in {every} of {kind}",
        class_names=CLASS_NAMES["CIFAR10"],
        train_images=train[0],
        train_labels=train[1],
        test_images=test[0],
        test_labels=test[1],
        root=wanted,
    )
