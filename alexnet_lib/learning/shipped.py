"""The trained networks that the course ships, and what they make of many pictures."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from alexnet_lib import runtime
from alexnet_lib.architecture.filters import Filters, load_filters
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.weights import LoadedModel, load_weights
from alexnet_lib.data import Batches
from alexnet_lib.inside.recorder import ActivationRecorder
from alexnet_lib.training import pick_precision
from alexnet_lib.training.precision import autocast, lay_out_images, lay_out_model
from alexnet_lib.training.records import load_record

AT_ONCE = 50  # pictures that go through the network together


@dataclass(frozen=True)
class Shipped:
    """A network of the course, and its first-layer filters through the training."""

    name: (
        str  # of its files: weights/NAME.safetensors, weights/filters_NAME.safetensors
    )
    network: LoadedModel
    history: Filters | None  # None where only the end of the training is shipped

    def __str__(self) -> str:
        moments = (
            f"{len(self.history.kernels)} moments" if self.history else "not shipped"
        )
        return (
            f"{self.network.spec.name}, from weights/{self.name}.safetensors; "
            f"history of its filters: {moments}"
        )


def first_shipped(*names: str) -> Shipped:
    """The first of these networks whose weights the course ships.

    Raises FileNotFoundError when it ships none of them.
    """
    for name in names:
        try:
            path = runtime.course_file(f"weights/{name}.safetensors")
        except FileNotFoundError:
            continue
        return Shipped(name, load_weights(path), _history(name))
    raise FileNotFoundError(
        f"the course ships none of {', '.join(names)}: `python -m alexnet_lib record` "
        "trains them"
    )


def _history(name: str) -> Filters | None:
    try:
        return load_filters(runtime.course_file(f"weights/filters_{name}.safetensors"))
    except FileNotFoundError:
        return None


def beginning(network: LoadedModel) -> nn.Sequential:
    """The network before its first step, drawn again from the seed in its record.

    Torch's own random numbers go on as if nothing had been drawn. Raises
    FileNotFoundError when the record of its training is not shipped.
    """
    record = load_record(runtime.course_file(f"runs/{network.record}"))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(record.seed)
        model = build_model(network.spec)
        initialize(model, record.recipe.init)
    return model.eval()


def prepare(network: LoadedModel, pictures: Tensor) -> Tensor:
    """Pictures as the network met them in its training.

    Shape: uint8 (N, C, H, W) -> float32 (N, C, H', W').
    """
    return _batches(network, pictures).prepare(pictures)


@torch.no_grad()
def activations_of(
    network: LoadedModel, pictures: Tensor, layers: Sequence[str]
) -> dict[str, Tensor]:
    """What these layers give for many pictures; bfloat16 where it is quick.

    Shape: uint8 (N, C, H, W) -> {layer: float32 (N, ...)}.
    """
    model = deepcopy(network.model).eval()  # its memory layout is changed
    precision = pick_precision("auto").name
    lay_out_model(model, precision)
    batches = _batches(network, pictures)
    parts: dict[str, list[Tensor]] = {name: [] for name in layers}
    with ActivationRecorder(model, layers) as recorder:
        for images, _labels in batches:
            with autocast(precision, images.device):
                model(lay_out_images(images, precision))
            for name, kept in parts.items():
                kept.append(recorder[name].float().contiguous())
    return {name: torch.cat(kept) for name, kept in parts.items()}


def _batches(network: LoadedModel, pictures: Tensor) -> Batches:
    return Batches(
        pictures,
        torch.zeros(len(pictures), dtype=torch.int64),
        AT_ONCE,
        resize=network.resize,
        normalise=network.normalise,
    )
