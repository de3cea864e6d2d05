"""Resize batches of bytes as PIL resizes one picture."""

import torch
import torch.nn.functional as F
from torch import Tensor


def resize_like_pil(images: Tensor, size: int) -> Tensor:
    """Resize bytes to size x size pixels by PIL's bilinear rule.

    Bit for bit PIL's from 28 to 112 and 224 and from 32 to 64 and 224; at other sizes
    torch's shorter weights may leave a pixel one or two grey levels off.

    Shape: uint8 (n, C, H, W) -> uint8 (n, C, size, size).
    """
    if images.shape[-2:] == (size, size):
        return images
    if images.device.type == "cpu":
        return F.interpolate(images, size=(size, size), mode="bilinear", antialias=True)
    return resize_by_matrices(images, size)


def resize_by_matrices(images: Tensor, size: int) -> Tensor:
    """The same in two matrix products, for devices without a kernel for bytes.

    PIL's way: first the rows, then the columns, each rounded to a byte. Bit for bit
    PIL's when enlarging by a power of two, elsewhere within two grey levels.
    """
    height, width = images.shape[-2:]
    wide = images.float() @ _weights(width, size, images.device).T  # (n, C, H, size)
    wide = (wide + 0.5).floor()
    tall = _weights(height, size, images.device) @ wide  # (n, C, size, size)
    return (tall + 0.5).floor().to(torch.uint8)


def _weights(old: int, new: int, device: torch.device) -> Tensor:
    """Row i holds the weights of the old pixels in new pixel i. Shape: (new, old)."""
    one_hot = torch.eye(old).unsqueeze(1).unsqueeze(1)  # (old, 1, 1, old)
    rows = F.interpolate(one_hot, size=(1, new), mode="bilinear", antialias=True)
    return rows[:, 0, 0].T.to(device)
