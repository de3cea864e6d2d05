"""A matrix as the product of two thin ones: a big linear layer in a small file."""

from collections.abc import Mapping

import torch
from torch import Tensor

LEFT, RIGHT = ".left", ".right"


def factor(name: str, matrix: Tensor, rank: int) -> dict[str, Tensor]:
    """The best two factors of this rank, by name; their product is the matrix, nearly.

    Shape: (out, in) -> `name.left` (out, rank) and `name.right` (rank, in).
    """
    if matrix.ndim != 2:
        raise ValueError(
            f"{name} has shape {tuple(matrix.shape)}: only a matrix has two factors"
        )
    largest = min(matrix.shape)
    if not 1 <= rank <= largest:
        raise ValueError(
            f"rank {rank} of {name}: choose one from 1 to {largest}, its shorter side"
        )
    u, s, vh = torch.linalg.svd(matrix.float(), full_matrices=False)
    root = s[:rank].sqrt()  # split evenly: both factors keep to the range of float16
    return {name + LEFT: u[:, :rank] * root, name + RIGHT: root[:, None] * vh[:rank]}


def multiply_factors(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors, each pair of factors replaced by its product in float32."""
    whole = {n: t for n, t in tensors.items() if not n.endswith((LEFT, RIGHT))}
    for name in tensors.keys() - whole.keys():
        product, _, _ = name.rpartition(".")
        left, right = tensors.get(product + LEFT), tensors.get(product + RIGHT)
        if left is None or right is None or left.shape[-1:] != right.shape[:1]:
            raise ValueError(f"{name} has no factor that fits it: write the file again")
        whole[product] = left.float() @ right.float()
    return whole
