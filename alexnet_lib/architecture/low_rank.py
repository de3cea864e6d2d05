"""A matrix as the product of two thin ones: a big linear layer in a small file."""

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn

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


def project_outputs(
    model: nn.Sequential, images: Iterable[Tensor], ranks: Mapping[str, int]
) -> None:
    """Lower the rank of linear layers in place, losing as little of their output.

    A trained matrix is not nearly low-rank: most of it is still its random start. What
    is low-rank is what it says of real images. With P the first principal directions of
    the outputs y and m their mean, y is replaced by m + P P' (y - m): weights become
    P P' W and biases m + P P' (b - m). A layer is changed before the next one is looked
    at. No training follows.

    Shape: batches (N, C, H, W) of at least `rank` images in all; `ranks` by layer name.
    """
    names = [name for name, _ in model.named_children()]
    batches = list(images)
    for name, rank in ranks.items():
        if name not in names or not isinstance(model.get_submodule(name), nn.Linear):
            raise ValueError(
                f"no linear layer named {name!r}: there are "
                f"{', '.join(n for n, m in model.named_children() if _is_linear(m))}"
            )
        layer, upto = model.get_submodule(name), model[: names.index(name) + 1]
        with torch.no_grad():
            outputs = torch.cat([upto(batch) for batch in batches])  # (images, out)
            most = min(outputs.shape)
            if not 1 <= rank <= most:
                raise ValueError(
                    f"rank {rank} of {name}: {len(outputs)} images and "
                    f"{layer.out_features} outputs allow 1 to {most}"
                )
            mean = outputs.double().mean(dim=0)
            centred = outputs.double() - mean
            _, directions = torch.linalg.eigh(centred.T @ centred)  # rising
            kept = directions[:, -rank:]  # (out, rank)
            onto = kept @ kept.T
            layer.weight.copy_(onto @ layer.weight.double())
            layer.bias.copy_(mean + onto @ (layer.bias.double() - mean))


def _is_linear(module: nn.Module) -> bool:
    return isinstance(module, nn.Linear)


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
