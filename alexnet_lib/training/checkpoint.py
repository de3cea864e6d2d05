"""Unfinished trainings in a file: safetensors and JSON, nothing that is unpickled."""

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

FORMAT = "alexnet-course-checkpoint-1"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(kw_only=True)
class Position:
    """How far a training has come, and what the unfinished epoch has added up."""

    epoch: int = 1  # the one under way
    step: int = 0  # mini-batches of it that are done
    loss_sum: float = 0.0  # over the images of this epoch so far
    num_correct: int = 0
    num_images: int = 0
    seconds: float = 0.0  # of training in this epoch
    cpu_seconds: float = 0.0
    curve: list[dict[str, Any]] = field(default_factory=list)  # the finished epochs

    def start_epoch(self, epoch: int) -> None:
        """Nothing is done of this epoch yet."""
        self.epoch, self.step = epoch, 0
        self.loss_sum, self.num_correct, self.num_images = 0.0, 0, 0
        self.seconds, self.cpu_seconds = 0.0, 0.0

    def fraction(self, num_steps: int, num_epochs: int) -> float:
        """What is done of the whole training, from 0 to 1; `num_steps` an epoch."""
        return (self.epoch - 1 + self.step / num_steps) / num_epochs


@dataclass(kw_only=True)
class RandomState:
    """The generators that shuffling, dropout and augmentation draw from."""

    now: dict[str, Tensor]  # at the step the checkpoint was written
    epoch_start: dict[str, Tensor]  # before the order of this epoch was drawn


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """All that a training needs to go on as if it had never stopped."""

    settings: dict[str, Any]  # what must be the same when it goes on
    position: Position
    tensors: dict[str, Tensor]  # model.*, optimizer.*.*
    random: RandomState


def random_state(
    device: torch.device, order: torch.Generator | None
) -> dict[str, Tensor]:
    """The state of torch's generators and of the one that shuffles."""
    state = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        state["cuda"] = torch.cuda.get_rng_state(device)
    if order is not None:
        state["order"] = order.get_state()
    return state


def set_random_state(
    state: Mapping[str, Tensor], device: torch.device, order: torch.Generator | None
) -> None:
    """Put the generators back to `state`; those it does not know stay as they are."""
    torch.set_rng_state(state["cpu"])
    if device.type == "cuda" and "cuda" in state:
        torch.cuda.set_rng_state(state["cuda"], device)
    if order is not None and "order" in state:
        order.set_state(state["order"])


def collect_tensors(
    model: nn.Module, optimizer: torch.optim.Optimizer
) -> dict[str, Tensor]:
    """The numbers that training changes, by name: weights, buffers, momenta."""
    tensors = {f"model.{name}": t for name, t in model.state_dict().items()}
    for index, state in optimizer.state_dict()["state"].items():
        for name, value in state.items():
            if isinstance(value, Tensor):
                tensors[f"optimizer.{index}.{name}"] = value
    return tensors


def restore_tensors(
    checkpoint: Checkpoint, model: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    """Put the numbers back; ValueError, and nothing changed, if they do not fit."""
    saved = {
        name.removeprefix("model."): tensor
        for name, tensor in checkpoint.tensors.items()
        if name.startswith("model.")
    }
    here = model.state_dict()
    if {n: t.shape for n, t in saved.items()} != {n: t.shape for n, t in here.items()}:
        odd = [n for n in saved.keys() | here.keys() if _shape(saved, n, here)]
        raise ValueError(
            f"the checkpoint is of another network: {sorted(odd)[0]!r} differs; build "
            "the model it was made with"
        )
    with torch.no_grad():
        for name, tensor in here.items():
            tensor.copy_(saved[name])  # keeps device and memory layout

    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    states: dict[int, dict[str, Tensor]] = {}
    for name, value in checkpoint.tensors.items():
        if name.startswith("optimizer."):
            _, index, key = name.split(".")
            like = parameters[int(index)]
            if value.shape == like.shape:
                # The fused step wants weights and momenta in one memory layout.
                value = torch.empty_like(like).copy_(value)
            states.setdefault(int(index), {})[key] = value
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": states, "param_groups": groups})


def _shape(saved: Mapping[str, Tensor], name: str, here: Mapping[str, Tensor]) -> bool:
    return (
        name not in saved or name not in here or saved[name].shape != here[name].shape
    )


def save_checkpoint(path: str | Path, checkpoint: Checkpoint) -> None:
    """Write the file whole or not at all: the one before it stays until this stands.

    Raises OSError of one line when the folder cannot be written or the disk is full.
    """
    path = Path(path)
    tensors = {name: t.detach().cpu() for name, t in checkpoint.tensors.items()}
    for when in ("now", "epoch_start"):
        for name, state in getattr(checkpoint.random, when).items():
            tensors[f"random.{when}.{name}"] = state
    metadata = {
        "format": FORMAT,
        "settings": json.dumps(checkpoint.settings),
        "position": json.dumps(asdict(checkpoint.position)),
    }
    content = safetensors.torch.save(
        {name: tensor.contiguous() for name, tensor in tensors.items()}, metadata
    )
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # a power cut must not leave an empty file
        os.replace(unfinished, path)
    except OSError as error:
        why = "no room" if error.errno in NO_ROOM else error.strerror or error
        raise OSError(
            f"cannot write the checkpoint {str(path)!r} "
            f"({len(content) / 1e6:,.0f} MB): {why}; free some space or choose another "
            "folder"
        ) from error
    finally:
        if unfinished.parent.is_dir():
            unfinished.unlink(missing_ok=True)


def remove_cut_off(path: Path) -> None:
    """Remove what is left of writing this file when a process was killed at it."""
    for unfinished in path.parent.glob(f"{path.name}.*.part"):
        unfinished.unlink(missing_ok=True)


def load_checkpoint(path: str | Path) -> Checkpoint:
    """Read a checkpoint; ValueError when the file is not a whole one of this course."""
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no checkpoint {str(path)!r}: start without resume")
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    except safetensors.SafetensorError as error:
        raise ValueError(
            f"{path.name} is not a whole checkpoint ({error}): remove it and start "
            "again, or bring back a copy"
        ) from error
    if metadata.get("format") != FORMAT:
        raise ValueError(
            f"{path.name} has format {metadata.get('format')!r}, not {FORMAT!r}: it is "
            "no checkpoint of this course"
        )
    random = {
        when: {
            name.removeprefix(f"random.{when}."): tensor
            for name, tensor in tensors.items()
            if name.startswith(f"random.{when}.")
        }
        for when in ("now", "epoch_start")
    }
    numbers = {n: t for n, t in tensors.items() if not n.startswith("random.")}
    try:
        for states in random.values():
            states["cpu"]  # the one generator that every training has
        return Checkpoint(
            settings=json.loads(metadata["settings"]),
            position=Position(**json.loads(metadata["position"])),
            tensors=numbers,
            random=RandomState(**random),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path.name} does not say where the training stood ({error}): remove it "
            "and start again"
        ) from error


def check_settings(
    path: Path, saved: Mapping[str, Any], now: Mapping[str, Any]
) -> None:
    """ValueError for the first setting that is not as it was, the recipe's name first:
    another recipe has other rates as well.
    """
    for key in sorted(saved.keys() | now.keys(), key=lambda key: (key != "name", key)):
        if saved.get(key) != now.get(key):
            word = "recipe" if key == "name" else key
            raise ValueError(
                f"{path.name} was made with {word} {saved.get(key)!r}, not "
                f"{now.get(key)!r}: resume with the same settings, or start afresh in "
                "another folder"
            )
