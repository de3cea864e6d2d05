"""Attributions on trial: two garments in one picture, and weights drawn anew."""

from copy import deepcopy
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.data import DataSet
from alexnet_lib.inside.recorder import find_layer

BLOBS = 8  # of clutter, along each side
CLUTTER = 25  # grey levels, of 255, at most


@dataclass(frozen=True)
class Scenes:
    """Pictures that hold two garments of different classes; and which they are."""

    pictures: Tensor  # uint8 (N, 1, H, W)
    left: Tensor  # (N,) the class of the garment on the left
    right: Tensor

    def __len__(self) -> int:
        return len(self.left)

    def __getitem__(self, chosen: Tensor) -> "Scenes":
        return Scenes(self.pictures[chosen], self.left[chosen], self.right[chosen])


def two_garments(
    data: DataSet, count: int, generator: torch.Generator, clutter: int = CLUTTER
) -> Scenes:
    """Test garments, squeezed to half their width, two side by side on soft clutter.

    The two are of different classes; half of a picture belongs to each.
    """
    pairs: list[Tensor] = []
    while len(pairs) < count:
        pair = torch.randint(len(data.test_labels), (2,), generator=generator)
        first, second = data.test_labels[pair].tolist()
        if first != second:
            pairs.append(pair)
    chosen = torch.stack(pairs)  # (N, 2)
    height, width = data.test_images.shape[-2:]
    garments = data.test_images[chosen.flatten()].float()
    narrow = F.interpolate(
        garments, size=(height, width // 2), mode="bilinear", antialias=True
    )
    both = torch.cat(list(narrow.unflatten(0, (count, 2)).unbind(dim=1)), dim=-1)
    blobs = torch.rand(count, 1, BLOBS, BLOBS, generator=generator) * clutter
    ground = F.interpolate(blobs, size=both.shape[-2:], mode="bilinear")
    left, right = data.test_labels[chosen].unbind(dim=1)
    return Scenes(torch.maximum(both, ground).round().to(torch.uint8), left, right)


def mostly_left(maps: Tensor) -> Tensor:
    """Is more of what speaks for the class in the left half of each map?

    Shape: (N, H, W) -> (N,), bool. A column in the middle belongs to neither half.
    """
    half = maps.shape[-1] // 2
    positive = maps.relu()
    left, right = positive[..., :half], positive[..., -half:]
    return left.sum(dim=(1, 2)) > right.sum(dim=(1, 2))


def rank_correlation(maps: Tensor, others: Tensor) -> Tensor:
    """Spearman's correlation of two maps of each picture: 1 = the same order.

    Shape: (N, H, W), (N, H, W) -> (N,), from -1 to 1.
    """
    if maps.shape != others.shape:
        raise ValueError(
            f"maps {tuple(maps.shape)} and {tuple(others.shape)} cannot be compared: "
            "bring them to one size"
        )
    ranks = [_ranks(values.flatten(1)) for values in (maps, others)]
    first, second = (rank - rank.mean(dim=1, keepdim=True) for rank in ranks)
    scale = first.norm(dim=1) * second.norm(dim=1)
    return (first * second).sum(dim=1) / scale.clamp(min=1e-12)


def with_new_weights(model: nn.Module, down_to: str) -> nn.Module:
    """A copy whose layers, from the last down to this one, are drawn anew.

    Torch's own start; the generator is torch's, so seed it first.
    """
    find_layer(model, down_to)  # ValueError for an unknown name
    changed = deepcopy(model)
    for name, layer in reversed([*changed.named_children()]):
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
        if name == down_to:
            break
    return changed


def _ranks(values: Tensor) -> Tensor:
    """The place of each number in its row; equal ones share the middle of theirs."""
    ordered, order = values.sort(dim=1)
    places = torch.empty(values.shape, dtype=torch.float64)
    for row, (line, where) in enumerate(zip(ordered, order, strict=True)):
        _unique, counts = line.unique_consecutive(return_counts=True)
        ends = counts.cumsum(0).double()
        middles = ends - (counts.double() + 1) / 2
        places[row, where] = middles.repeat_interleave(counts)
    return places
