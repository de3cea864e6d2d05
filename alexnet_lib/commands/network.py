"""One network trained from a seed: what `train`, `record` and `rates` share."""

from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import torch
from torch import nn

from alexnet_lib import runtime
from alexnet_lib.architecture.filters import FilterHistory
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.phases import enlarging
from alexnet_lib.architecture.weights import load_weights, save_weights
from alexnet_lib.commands.evaluate import BATCH_SIZE, check_data, evaluate_weights
from alexnet_lib.commands.job import Job
from alexnet_lib.data import Batches, DataSet, mean_and_std, split
from alexnet_lib.training import distributed
from alexnet_lib.training.checkpoint import load_checkpoint
from alexnet_lib.training.loop import train_steps
from alexnet_lib.training.precision import pick_precision
from alexnet_lib.training.recipes import Recipe
from alexnet_lib.training.records import RunRecord
from alexnet_lib.training.results import EpochResult
from alexnet_lib.training.run import CheckpointFile


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What came of a job, before the test images are looked at."""

    model: nn.Module
    curve: tuple[EpochResult, ...]
    normalise: tuple[list[float], list[float]] | None
    train_images: int


def record_job(
    job: Job,
    data: DataSet,
    *,
    weights: Path,
    record_name: str,
    device: str = "auto",
    checkpoint: Path | None = None,
    checkpoint_seconds: float = 60.0,
    filters: Path | None = None,
    log: TextIO | None = None,
) -> RunRecord:
    """Train, write the weights, then look at the test images once.

    The test accuracy is that of the file written, whose weights are float16. With
    `filters`, a file of the first layer's kernels at 40 moments of the training. With
    `checkpoint`, a run that was stopped goes on from there.
    """
    torch_device = runtime.pick_device(device)
    trained = train_job(
        job,
        data,
        device=torch_device,
        checkpoint=checkpoint,
        checkpoint_seconds=checkpoint_seconds,
        filters=filters,
        log=log,
    )
    side = job.spec.input_shape[-1]
    if distributed.is_first():
        save_weights(
            weights,
            trained.model,
            variant=job.variant,
            dataset=data.name,
            resize=side,
            normalise=trained.normalise,
            class_names=data.class_names,
            record=record_name,
            dtype=torch.float16,
        )
        tested = evaluate_weights(load_weights(weights), data, torch_device)
    distributed.wait()
    if not distributed.is_first():
        tested = evaluate_weights(load_weights(weights), data, torch_device)
    curve = trained.curve
    seconds = sum(row.seconds for row in curve)
    picked = pick_precision(job.precision, torch_device)
    return RunRecord(
        recipe=job.recipe,
        variant=job.variant,
        dataset=data.name,
        source=data.source,
        resize=side,
        seed=job.seed,
        train_images=trained.train_images,
        epochs=len(curve),
        test_accuracy=tested.accuracy,
        seconds=round(seconds, 2),
        images_per_second=round(trained.train_images * len(curve) / seconds, 1),
        device=f"{runtime.device_name(torch_device)}, {picked.name}",
        versions=runtime.environment_report(),
        curve=curve,
        confusion=tested.confusion,
        experiment=job.experiment,
        enlarge=job.enlarge,
    )


def train_job(
    job: Job,
    data: DataSet,
    *,
    device: torch.device | str = "cpu",
    checkpoint: Path | None = None,
    checkpoint_seconds: float = 60.0,
    filters: Path | None = None,
    log: TextIO | None = None,
) -> Trained:
    """Train from the seed of the job; the test images stay shut."""
    spec, recipe, device = job.spec, job.recipe, torch.device(device)
    check_data(spec, data)
    side = spec.input_shape[-1]
    images, labels = _first(data, job.train_limit)
    generator = torch.Generator().manual_seed(job.seed)
    valid = None
    if job.validate:
        images, labels, *valid = split(images, labels, generator=generator)
    if job.fault == "shuffled_labels":
        labels = labels[torch.randperm(len(labels), generator=generator)]
    normalise = mean_and_std(images) if recipe.standardise else None
    picked = pick_precision(job.precision, device)
    if log and distributed.is_first():
        log.write(
            f"{spec.name}, recipe {recipe.name}, {len(images):,} images of {data.name} "
            f"({data.source}) at {side} pixels\n"
            f"{device} in {picked.name} ({picked.reason}). {data.note}\n"
        )
    runtime.seed_everything(job.seed)
    model = build_model(spec)
    initialize(model, recipe.init)
    rank, processes = distributed.place()
    if rank:
        torch.manual_seed(job.seed + rank)  # each process drops other units
    trainee = model
    like = {"resize": side, "normalise": normalise, "device": device}
    if job.enlarge == "floats":
        trainee, like["resize"] = enlarging(model), None
    batches = Batches(
        images,
        labels,
        recipe.batch_size,
        shuffle=True,
        generator=generator,
        share=(rank, processes),
        **like,
    )
    valid_batches = Batches(*valid, BATCH_SIZE, **like) if valid else None
    kept = checkpoint and CheckpointFile(
        path=checkpoint,
        seconds=checkpoint_seconds,
        settings=_settings(job, len(images), data),
    )
    history = None
    if filters and distributed.is_first():
        history = FilterHistory(filters, job.variant, model[0])
        _take_up(history, checkpoint, batches, recipe)
    curve = []
    for result in train_steps(
        trainee,
        batches,
        recipe,
        valid_batches,
        device=device,
        precision=picked.name,
        progress=log or False,
        checkpoint=kept,
        validate_in_train_mode=job.fault == "validated_in_train_mode",
    ):
        if isinstance(result, EpochResult):
            curve.append(result)
        elif history:
            history.note(result.fraction)
    return Trained(
        model=model,
        curve=tuple(curve),
        normalise=normalise,
        train_images=len(images),
    )


def _take_up(
    history: FilterHistory, checkpoint: Path | None, batches: Batches, recipe: Recipe
) -> None:
    """Begin the filter file, or go on with it from where the checkpoint stands."""
    if checkpoint is None or not checkpoint.is_file():
        history.start()
        return
    found = load_checkpoint(checkpoint)
    done = found.position.fraction(len(batches), recipe.epochs)
    history.go_on(done, found.tensors["model.conv1.weight"])


def _settings(job: Job, num_images: int, data: DataSet) -> dict[str, str | int | None]:
    """What must be the same when a training goes on; older checkpoints have less."""
    return {
        "variant": job.variant,
        "dataset": job.dataset,
        "train_images": num_images,
        "resize": job.spec.input_shape[-1],
        "seed": job.seed,
        "fault": job.fault,
        **({"source": data.source} if data.source == "stand-in" else {}),
        **({"enlarge": job.enlarge} if job.enlarge != "bytes" else {}),
        "processes": distributed.num_processes(),
    }


def _first(data: DataSet, limit: int | None) -> tuple[torch.Tensor, torch.Tensor]:
    """The first `limit` training images: the published order is already shuffled."""
    if limit is None:
        return data.train_images, data.train_labels
    if not 1 <= limit <= len(data.train_images):
        raise ValueError(
            f"--train-limit is {limit}: {data.name} has {len(data.train_images):,} "
            "training images, choose from 1 to that"
        )
    return data.train_images[:limit], data.train_labels[:limit]
