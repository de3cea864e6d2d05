"""The training loop: a generator, so that whoever iterates owns the loop."""

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TextIO

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from alexnet_lib.training.precision import (
    PrecisionName,
    as_precision,
    autocast,
    lay_out_images,
    lay_out_model,
)
from alexnet_lib.training.recipes import (
    Recipe,
    augment,
    learning_rate_at,
    make_optimizer,
)


class Batches(Protocol):
    """Anything that gives the batches of one epoch, each time it is iterated."""

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True)
class EpochResult:
    """One epoch; the validation columns are None when there were no such images.

    `seconds` and `images_per_second` are of the training alone.
    """

    epoch: int  # 1 is the first
    train_loss: float  # mean over the images, while the weights were changing
    valid_loss: float | None
    valid_accuracy: float | None
    seconds: float
    images_per_second: float


@dataclass(frozen=True)
class Evaluation:
    """What a network does on images it is shown once, in eval mode."""

    loss: float  # mean over the images
    accuracy: float  # from 0 to 1
    confusion: tuple[tuple[int, ...], ...]  # [true class][predicted class] = images
    num_images: int


def train(
    model: nn.Module,
    train_batches: Batches,
    recipe: Recipe,
    valid_batches: Batches | None = None,
    *,
    device: torch.device | str = "cpu",
    precision: PrecisionName = "float32",
    progress: bool | TextIO = False,
) -> Iterator[EpochResult]:
    """Train in place, yielding after every epoch; stop early by leaving the loop.

    The model moves to `device` and stays there. Between epochs, and when the loop is
    left, each module is in the mode it was found in; the gradients are freed at the
    end. `progress` draws a bar on stdout, or on the stream given. Raises RuntimeError
    when the loss is no longer a number.
    """
    device, precision = torch.device(device), as_precision(precision)
    model.to(device)
    lay_out_model(model, precision)
    optimizer = make_optimizer(model, recipe)
    try:
        with _progress_bar(progress, recipe.epochs * len(train_batches)) as bar:
            for epoch in range(1, recipe.epochs + 1):
                bar.set_description(f"epoch {epoch}/{recipe.epochs}")
                start = time.perf_counter()
                train_loss, num_images = _train_one_epoch(
                    model, train_batches, recipe, optimizer, epoch, precision, bar
                )
                seconds = time.perf_counter() - start
                valid_loss = valid_accuracy = None
                if valid_batches is not None:
                    valid = evaluate(model, valid_batches, precision=precision)
                    valid_loss, valid_accuracy = valid.loss, valid.accuracy
                yield EpochResult(
                    epoch,
                    train_loss,
                    valid_loss,
                    valid_accuracy,
                    seconds,
                    num_images / seconds,
                )
    finally:
        optimizer.zero_grad()


def _train_one_epoch(
    model: nn.Module,
    batches: Batches,
    recipe: Recipe,
    optimizer: torch.optim.Optimizer,
    epoch: int,
    precision: PrecisionName,
    bar: tqdm,
) -> tuple[float, int]:
    """Mean loss over the images of the epoch, and their number."""
    device = _device_of(model)
    total_loss, num_images, start = 0.0, 0, time.perf_counter()
    with _mode(model, training=True):
        for step, (images, labels) in enumerate(batches, start=1):
            images = lay_out_images(images.to(device), precision)  # (N, C, H, W)
            images = augment(images, recipe.augmentation)
            # The middle of this step, as a fraction of the whole training.
            fraction = (epoch - 1 + (step - 0.5) / len(batches)) / recipe.epochs
            rate = learning_rate_at(recipe, fraction)
            for group in optimizer.param_groups:
                group["lr"] = rate

            with autocast(precision, device):
                logits = model(images)  # (N, num_classes)
                loss = F.cross_entropy(logits, labels.to(device))
            batch_loss = loss.item()
            if not math.isfinite(batch_loss):
                raise RuntimeError(
                    f"the loss became {batch_loss} in step {step} of epoch {epoch}, at "
                    f"learning rate {rate:.3g}: start again from fresh weights with a "
                    f"smaller rate, such as {recipe.learning_rate / 3:.1g}"
                )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

            total_loss += batch_loss * len(images)
            num_images += len(images)
            speed = num_images / (time.perf_counter() - start)
            bar.set_postfix_str(f"loss {batch_loss:.3f}, {speed:,.0f} images/s", False)
            bar.update()
    if not num_images:
        raise ValueError("there is nothing to train on: the batches hold no images")
    return total_loss / num_images, num_images


def evaluate(
    model: nn.Module, batches: Batches, *, precision: PrecisionName = "float32"
) -> Evaluation:
    """Loss, accuracy and confusion, each image weighing the same.

    Runs on the model's device in eval mode without gradients, and leaves the modes and
    the gradients as they were.
    """
    device, precision = _device_of(model), as_precision(precision)
    total_loss, num_images, confusion = 0.0, 0, None
    with _mode(model, training=False), torch.no_grad():
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
def _mode(model: nn.Module, *, training: bool) -> Iterator[None]:
    """Train or eval mode inside the block, then each module as it was before."""
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, was_training in before:
            module.training = was_training


def _device_of(model: nn.Module) -> torch.device:
    parameter = next(model.parameters(), None)
    return torch.device("cpu") if parameter is None else parameter.device


def _progress_bar(progress: bool | TextIO, num_steps: int) -> tqdm:
    # tqdm's own default is stderr, which a notebook keeps as a red block.
    return tqdm(
        total=num_steps,
        disable=progress is False,
        file=sys.stdout if progress is True else progress or None,
        bar_format="{desc} {percentage:3.0f}% |{bar:20}| {remaining} left{postfix}",
        mininterval=0.5,
        leave=False,
    )
