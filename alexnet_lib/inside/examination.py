"""Five examinations of a network that does not learn, in the order that saves time."""

from copy import deepcopy
from dataclasses import dataclass
from html import escape
from math import log

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.inside.statistics import layer_statistics

FEW, STEPS, MOMENTUM = 20, 60, 0.9


@dataclass(frozen=True)
class Examination:
    """What was found; shows itself as a card of five lines."""

    data: str
    first_loss: str
    twenty: str
    gradients: str
    rate: str

    def __str__(self) -> str:
        return "\n".join(f"{n} {name}: {found}" for n, name, found in self._lines())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{number} · {name}</th>'
            f'<td style="text-align:left">{escape(found)}</td></tr>'
            for number, name, found in self._lines()
        )
        return f"<table><tbody>{rows}</tbody></table>"

    def _lines(self) -> list[tuple[int, str, str]]:
        names = ("data", "first loss", f"{FEW} pictures", "gradients", "rate")
        found = (self.data, self.first_loss, self.twenty, self.gradients, self.rate)
        return list(zip(range(1, 6), names, found, strict=True))


def examine(
    network: nn.Sequential, images: Tensor, labels: Tensor, rate: float
) -> Examination:
    """All five, on a copy: the network stays as it is.

    Shape: images (N, C, H, W) as the network is given them, labels (N,).
    """
    if len(images) < FEW:
        raise ValueError(f"there are {len(images)} images: give at least {FEW}")
    network = deepcopy(network).eval()
    with torch.no_grad():
        logits = network(images)
        loss = F.cross_entropy(logits, labels).item()
    counts = labels.bincount(minlength=logits.shape[1])
    layers = layer_statistics(network, images, labels)
    first, last = layers[0], layers[-1]
    losses = descend(deepcopy(network), [(images[:FEW], labels[:FEW])] * STEPS, rate)
    return Examination(
        data=(
            f"from {images.min():.3g} to {images.max():.3g}, standard deviation "
            f"{images.std():.2g}; {counts.min()} to {counts.max()} of each class"
        ),
        first_loss=(
            f"{loss:.3f}, and ln {len(counts)} is {log(len(counts)):.3f}; from picture "
            f"to picture a logit varies by {between_pictures(logits):.0e}"
        ),
        twenty=f"loss {losses[0]:.3f} to {losses[-1]:.3f} in {STEPS} steps",
        gradients=(
            f"{first.name} {first.gradient_norm:.1e}, {last.name} "
            f"{last.gradient_norm:.1e}"
        ),
        rate=(
            f"one step at {rate:g} moves the weights of {first.name} by "
            f"{_moved(network, first.name, first.gradient_norm, rate):.0e} of their "
            f"size, of {last.name} by "
            f"{_moved(network, last.name, last.gradient_norm, rate):.0e}"
        ),
    )


def between_pictures(outputs: Tensor) -> float:
    """Standard deviation of an output over the pictures, the mean of all outputs.

    Unlike the standard deviation of everything, it is 0 where a layer says the same of
    every picture. Shape: (N, ...).
    """
    return outputs.std(dim=0).mean().item()


def descend(
    network: nn.Module, batches: list[tuple[Tensor, Tensor]], rate: float
) -> list[float]:
    """SGD with momentum 0.9 in place: the loss before each step. Mode: train."""
    optimizer = torch.optim.SGD(network.parameters(), lr=rate, momentum=MOMENTUM)
    network.train()
    losses = []
    for images, labels in batches:
        loss = F.cross_entropy(network(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def _moved(network: nn.Sequential, name: str, norm: float, rate: float) -> float:
    """How far the first step goes, as a share of the layer's weights."""
    return rate * norm / network.get_submodule(name).weight.norm().item()
