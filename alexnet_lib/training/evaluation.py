"""What a network does on images it is shown once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.training.precision import (
    PrecisionName,
    as_precision,
    autocast,
    lay_out_images,
)


class Batches(Protocol):
    """Anything that gives the batches of one epoch, each time it is iterated."""

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True)
class Evaluation:
    """What a network does on images it is shown once, in eval mode."""

    loss: float  # mean over the images
    accuracy: float  # from 0 to 1
    confusion: tuple[tuple[int, ...], ...]  # [true class][predicted class] = images
    num_images: int


def evaluate(
    model: nn.Module,
    batches: Batches,
    *,
    precision: PrecisionName = "float32",
    training: bool = False,
) -> Evaluation:
    """Loss, accuracy and confusion, each image weighing the same.

    Runs on the model's device in eval mode without gradients, and leaves the modes and
    the gradients as they were. `training` forgets eval mode on purpose, to show what
    that does: dropout stays on, and batch statistics move.
    """
    device, precision = device_of(model), as_precision(precision)
    total_loss, num_images, confusion = 0.0, 0, None
    with mode(model, training=training), torch.no_grad():
        for images, labels in batches:
            images = lay_out_images(images.to(device), precision)
            labels = labels.to(device)
            with autocast(precision, device):
                logits = model(images).float()  # (N, num_classes)
            total_loss += F.cross_entropy(logits, labels, reduction="sum").item()
            num_images += len(images)
            num_classes = logits.shape[1]
            pairs = labels * num_classes + logits.argmax(dim=1)
            counts = pairs.bincount(minlength=num_classes**2)
            confusion = counts if confusion is None else confusion + counts
    if confusion is None:
        raise ValueError("there is nothing to evaluate: the batches hold no images")
    confusion = confusion.view(num_classes, num_classes).cpu()
    return Evaluation(
        loss=total_loss / num_images,
        accuracy=confusion.trace().item() / num_images,
        confusion=tuple(map(tuple, confusion.tolist())),
        num_images=num_images,
    )


@contextmanager
def mode(model: nn.Module, *, training: bool) -> Iterator[None]:
    """Train or eval mode inside the block, then each module as it was before."""
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, was_training in before:
            module.training = was_training


def device_of(model: nn.Module) -> torch.device:
    """Where the parameters are; the CPU for a model without any."""
    parameter = next(model.parameters(), None)
    return torch.device("cpu") if parameter is None else parameter.device
