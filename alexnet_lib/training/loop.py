"""The training loop: a generator, so that whoever iterates owns the loop."""

import sys
from collections.abc import Iterator
from typing import TextIO

import torch
from torch import nn
from tqdm import tqdm

from alexnet_lib.training import distributed
from alexnet_lib.training.evaluation import Batches, mode
from alexnet_lib.training.precision import PrecisionName, as_precision, lay_out_model
from alexnet_lib.training.recipes import Recipe
from alexnet_lib.training.results import EpochResult, StepResult
from alexnet_lib.training.run import CheckpointFile, Run


def train(
    model: nn.Module,
    train_batches: Batches,
    recipe: Recipe,
    valid_batches: Batches | None = None,
    *,
    device: torch.device | str = "cpu",
    precision: PrecisionName = "float32",
    progress: bool | TextIO = False,
    checkpoint: CheckpointFile | None = None,
) -> Iterator[EpochResult]:
    """Train in place, yielding after every epoch; stop early by leaving the loop.

    The model moves to `device` and stays there. Between epochs, and when the loop is
    left, each module is in the mode it was found in; the gradients are freed at the
    end. `progress` draws a bar on stdout, or on the stream given. A training that goes
    on from its `checkpoint` yields its finished epochs again first. Raises RuntimeError
    when the loss is no longer a number.
    """
    steps = train_steps(
        model,
        train_batches,
        recipe,
        valid_batches,
        device=device,
        precision=precision,
        progress=progress,
        checkpoint=checkpoint,
    )
    try:
        for result in steps:
            if isinstance(result, EpochResult):
                yield result
    finally:
        steps.close()


def train_steps(
    model: nn.Module,
    train_batches: Batches,
    recipe: Recipe,
    valid_batches: Batches | None = None,
    *,
    device: torch.device | str = "cpu",
    precision: PrecisionName = "float32",
    progress: bool | TextIO = False,
    checkpoint: CheckpointFile | None = None,
    validate_in_train_mode: bool = False,
) -> Iterator[StepResult | EpochResult]:
    """The same training, yielding after every mini-batch and after every epoch.

    Within an epoch the model is in training mode: `evaluate` puts that back.
    `validate_in_train_mode` forgets to leave it, a mistake to be shown.
    """
    device, precision = torch.device(device), as_precision(precision)
    model.to(device)
    lay_out_model(model, precision)
    run = Run(model, train_batches, recipe, device, precision, checkpoint)
    at = run.position
    try:
        yield from (EpochResult(**row) for row in at.curve)
        with _progress_bar(progress, run) as bar:
            while at.epoch <= recipe.epochs:
                bar.set_description(f"epoch {at.epoch}/{recipe.epochs}")
                with mode(model, training=True):
                    yield from run.rest_of_epoch(bar)
                yield run.finish_epoch(
                    valid_batches, in_train_mode=validate_in_train_mode
                )
    finally:
        run.save()
        run.optimizer.zero_grad()


def _progress_bar(progress: bool | TextIO, run: Run) -> tqdm:
    at, steps = run.position, len(run.batches)
    # tqdm's own default is stderr, which a notebook keeps as a red block.
    return tqdm(
        total=run.recipe.epochs * steps,
        initial=(at.epoch - 1) * steps + at.step,
        disable=progress is False or not distributed.is_first(),
        file=sys.stdout if progress is True else progress or None,
        bar_format="{desc} {percentage:3.0f}% |{bar:20}| {remaining} left{postfix}",
        mininterval=0.5,
        leave=False,
    )
