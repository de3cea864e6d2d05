"""What a network with dropout says under many masks."""

import torch
from torch import Tensor, nn


def committee_answers(head: nn.Module, features: Tensor, members: int) -> Tensor:
    """Probabilities under so many masks, drawn by torch; the mode is put back.

    For networks whose only layers with two modes are dropout layers: another kind,
    such as a batch normalisation, raises ValueError.

    Shape: features (N, ...) -> (members, N, classes).
    """
    for name, layer in head.named_modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            raise ValueError(
                f"{name!r} is a batch normalisation, which train mode changes as well: "
                "give the layers behind it alone"
            )
    if members < 1:
        raise ValueError(f"members is {members}: ask at least one")
    was_training = head.training
    head.train()
    try:
        with torch.no_grad():
            answers = [head(features).softmax(dim=1) for _ in range(members)]
    finally:
        head.train(was_training)
    return torch.stack(answers)
