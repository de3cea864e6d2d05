"""The patients of notebook 09: four runs whose loss stays flat, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import torch
from torch import Tensor, nn

from alexnet_lib.architecture.deep import build_deep
from alexnet_lib.data import DataSet, mean_and_std
from alexnet_lib.inside.examination import Examination, descend, examine

DEPTH, SIZE, STEPS, RATE = 10, 64, 60, 0.01
LETTERS = "ABCD"
ORDER = 9  # the seed that deals the letters
MiniBatches = list[tuple[Tensor, Tensor]]


@dataclass(frozen=True, kw_only=True)
class Patient:
    """A network, the mini-batches it is given, and the rate."""

    network: nn.Sequential
    batches: MiniBatches
    rate: float = RATE

    def losses(self) -> list[float]:
        """Of 60 steps; the network is trained in place."""
        return descend(self.network, self.batches, self.rate)

    def examination(self) -> Examination:
        """The five steps, on the first mini-batches and a copy of the network."""
        images, labels = (
            torch.cat(each) for each in zip(*self.batches[:4], strict=True)
        )
        return examine(self.network, images, labels, self.rate)


def mini_batches(
    pictures: DataSet, steps: int = STEPS, twice: bool = False
) -> MiniBatches:
    """The first pictures, one mini-batch a step: mean 0 and standard deviation 1.

    twice: divided by 255 a second time instead. Shape: (64, 1, 28, 28), (64,).
    """
    images = pictures.train_images[: SIZE * steps] / 255
    labels = pictures.train_labels[: SIZE * steps]
    if twice:
        images = images / 255
    else:
        ([mean], [std]) = mean_and_std(pictures.train_images[: SIZE * steps])
        images = (images - mean) / std
    return list(zip(images.split(SIZE), labels.split(SIZE), strict=True))


def new_network(start: str = "normal", seed: int = 0) -> nn.Sequential:
    """Ten linear layers with ReLU; by default with the paper's N(0, 0.01), biases 0."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build_deep("ReLU", DEPTH, start)


def _start_too_small(pictures: DataSet) -> Patient:
    return Patient(network=new_network("normal"), batches=mini_batches(pictures))


def _rate_too_small(pictures: DataSet) -> Patient:
    batches = mini_batches(pictures)
    return Patient(network=new_network("kaiming"), batches=batches, rate=1e-6)


def _pictures_too_dark(pictures: DataSet) -> Patient:
    batches = mini_batches(pictures, twice=True)
    return Patient(network=new_network("kaiming"), batches=batches)


def _labels_shuffled(pictures: DataSet) -> Patient:
    generator = torch.Generator().manual_seed(0)
    batches = [
        (images, labels[torch.randperm(len(labels), generator=generator)])
        for images, labels in mini_batches(pictures)
    ]
    return Patient(network=new_network("kaiming"), batches=batches)


CAUSES: dict[str, Callable[[DataSet], Patient]] = {
    "start too small": _start_too_small,
    "rate too small": _rate_too_small,
    "pictures too dark": _pictures_too_dark,
    "labels shuffled": _labels_shuffled,
}


def causes_by_letter() -> dict[str, str]:
    """What is behind each letter; dealt the same every time."""
    dealt = Random(ORDER).sample(list(CAUSES), len(CAUSES))
    return dict(zip(LETTERS, dealt, strict=True))


def admit(pictures: DataSet) -> dict[str, Patient]:
    """The four patients under their letters, each as it came: not trained yet."""
    return {
        letter: CAUSES[cause](pictures) for letter, cause in causes_by_letter().items()
    }
