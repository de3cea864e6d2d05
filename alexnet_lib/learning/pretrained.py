"""torchvision's AlexNet with its ImageNet weights where they can be had.

The file is torchvision's, in torch's own cache, and its checksum is compared. It is
fetched once, by a process that gives up soon. Where it is not to be had, a network that
the course ships answers instead, and the note says so.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import pictures
from alexnet_lib.data.catalogue import PublishedWeights
from alexnet_lib.data.fetch import DownloadFailed, Progress, cache_root, fetch
from alexnet_lib.learning.shipped import first_shipped, prepare

IMAGENET = "ImageNet"
NAME = "AlexNet_Weights.IMAGENET1K_V1"
PACKED_BYTES = 244_408_911
VARIANT = "ALEXNET_TORCHVISION"


@dataclass(frozen=True)
class Answering:
    """The network that answers in this notebook, and one line on why this one."""

    network: LoadedModel
    note: str

    @property
    def from_imagenet(self) -> bool:
        return self.network.dataset == IMAGENET

    def __str__(self) -> str:
        return self.note


def imagenet_or_shipped(
    *shipped: str, download: bool = True, progress: Progress | None = None
) -> Answering:
    """torchvision's AlexNet, else the first of these networks that the course ships.

    `download`: False looks into the caches only. Raises OSError when a file is there
    and is not the published one, or the disk is full.
    """
    try:
        path = find_weights(published_alexnet(), download, progress)
    except DownloadFailed as error:
        chosen = first_shipped(*shipped)
        network = chosen.network
        note = (
            f"no ImageNet weights here ({error}), so a network of the course answers: "
            f"{network.spec.name}, trained on {network.dataset}"
        )
        return Answering(network, note)
    network = read_weights(path, VARIANT, imagenet_classes())
    return Answering(network, f"{network.spec.name}, trained on {IMAGENET}")


def published_alexnet() -> PublishedWeights:
    """Where torchvision says that its file is."""
    from torchvision.models import get_weight

    return PublishedWeights(
        name=NAME, url=get_weight(NAME).url, packed_bytes=PACKED_BYTES
    )


def find_weights(
    published: PublishedWeights,
    download: bool = True,
    progress: Progress | None = None,
) -> Path:
    """Where the file lies, its checksum compared; fetched if it may be.

    Raises DownloadFailed when it is not to be had, OSError when it is another file.
    """
    root = Path(torch.hub.get_dir())
    for place in (root, cache_root()):
        path = place / published.folder / published.file_name
        if path.is_file():
            return _checked(path, published)
    if not download:
        raise DownloadFailed("no file in the cache, and none was asked for")
    place = fetch(published, root, progress)
    return _checked(place / published.folder / published.file_name, published)


def read_weights(path: Path, variant: str, class_names: Sequence[str]) -> LoadedModel:
    """The network of a torchvision file as one of our variants, layer by layer.

    ValueError when the tensors are not those of the variant, in its order.
    """
    spec = find_variant(variant)
    state = torch.load(path, map_location="cpu", weights_only=True)
    with torch.device("meta"):
        model = build_model(spec)
    ours = model.state_dict()
    shapes = [tuple(tensor.shape) for tensor in state.values()]
    if shapes != [tuple(tensor.shape) for tensor in ours.values()]:
        raise ValueError(
            f"{path.name} does not hold the {len(ours)} tensors of {variant}: delete "
            "it, and it is fetched again"
        )
    model.load_state_dict(dict(zip(ours, state.values(), strict=True)), assign=True)
    return LoadedModel(
        model=model.eval(),
        spec=spec,
        variant=variant,
        dataset=IMAGENET,
        resize=spec.input_shape[1],
        normalise=[list(pictures.IMAGENET_MEAN), list(pictures.IMAGENET_STD)],
        class_names=tuple(class_names),
        record="torchvision",
    )


def imagenet_classes() -> tuple[str, ...]:
    """The names of the 1000 classes, as torchvision ships them: nothing is fetched."""
    from torchvision.models import get_weight

    return tuple(get_weight(NAME).meta["categories"])


def as_shown(
    network: LoadedModel, picture: Image.Image, invert: bool = False
) -> tuple[Tensor, list[str]]:
    """What of a picture this network is shown, in bytes, and notes on what was done.

    invert: a dark thing on a light ground, for a network of the reverse.

    Shape: uint8 (C, side, side).
    """
    if network.dataset == IMAGENET:
        _ready, notes = pictures.in_mode(picture, "RGB")
        return pictures.imagenet_square(picture), notes
    channels = network.spec.input_shape[0]
    return pictures.as_stored(
        picture, network.dataset, channels, network.resize, invert
    )


def input_of(
    network: LoadedModel, picture: Image.Image, invert: bool = False
) -> tuple[Tensor, list[str]]:
    """A picture as this network met its own in training, and notes on what was done.

    Shape: float32 (1, C, H, W).
    """
    shown, notes = as_shown(network, picture, invert)
    return prepare(network, shown.unsqueeze(0)), notes


@torch.no_grad()
def likeliest(
    network: LoadedModel, inputs: Tensor, count: int = 5
) -> list[tuple[str, float]]:
    """Names and probabilities of the likeliest classes. Shape: inputs (1, C, H, W)."""
    shares = network.model(inputs)[0].softmax(dim=0)
    best = shares.topk(min(count, len(shares)))
    return [
        (network.class_names[number], share)
        for number, share in zip(
            best.indices.tolist(), best.values.tolist(), strict=True
        )
    ]


def _checked(path: Path, published: PublishedWeights) -> Path:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    found = digest.hexdigest()[: len(published.sha256)]
    if found != published.sha256:
        raise OSError(
            f"{path} is not the file that torchvision publishes (its SHA-256 begins "
            f"with {found}, not {published.sha256}): delete it, and it is fetched again"
        )
    return path
