"""One half of a network, as a torch module, and the rows of the weights it holds."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor, nn

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.exchange import (
    HandOver,
    ReadBoth,
    SharedDropout,
    Wire,
    mask_seed,
)
from alexnet_lib.architecture.halves import NUM_TOWERS, Reads, cut_in_two
from alexnet_lib.architecture.model import build_layer
from alexnet_lib.architecture.spec import LayerSpec, ModelSpec


def build_half(model_spec: ModelSpec, wire: Wire, seed: int = 0) -> nn.Sequential:
    """The layers of one tower, under the names they have in the whole network.

    Where a layer reads both halves, a layer that fetches the other one stands before
    it: `both_conv3` before `conv3`. `seed` is for the masks of dropout, which the two
    share.

    Shape: (N, *model_spec.input_shape) -> (N, num_classes) on the first tower, () on
    the second.
    """
    modules: OrderedDict[str, nn.Module] = OrderedDict()
    rows, table = summarize(model_spec), cut_in_two(model_spec)
    for layer, whole, row in zip(model_spec.layers, rows, table, strict=True):
        last = layer is model_spec.layers[-1]
        if row.reads == "both halves":
            fetch = HandOver if last else ReadBoth
            modules[f"both_{row.name}"] = fetch(wire, row.name)
        if last and wire.rank == 1:
            break
        if isinstance(layer, spec.Dropout):
            seed_here = mask_seed(seed, layer.name)
            modules[row.name] = SharedDropout(layer.p, seed_here, wire.rank, NUM_TOWERS)
            continue
        channels, *size = whole.in_shape
        if row.reads == "own half":
            channels //= NUM_TOWERS
        mine = layer if last else _half_layer(layer, row.reads)
        modules[row.name] = build_layer(mine, (channels, *size), model_spec.rounding)
    return nn.Sequential(modules)


def _half_layer(layer: LayerSpec, reads: Reads) -> LayerSpec:
    match layer:
        case spec.Conv2d(out_channels=c):
            groups = 1 if reads == "own half" else layer.groups
            return replace(layer, out_channels=c // NUM_TOWERS, groups=groups)
        case spec.Linear(out_features=f):
            return replace(layer, out_features=f // NUM_TOWERS)
        case spec.LocalResponseNorm():
            return replace(layer, groups=1)
        case _:
            return layer


def rows_of(shape: tuple[int, ...], layer: str, last: str, rank: int) -> slice | None:
    """Which rows of a layer's weights or biases a tower holds; None: it has no part.

    The kernels are the rows, so a half is the first or the second half of them, with
    and without groups.
    """
    if layer == last:
        return slice(0, shape[0]) if rank == 0 else None
    half = shape[0] // NUM_TOWERS
    return slice(rank * half, (rank + 1) * half)


def join_halves(
    first: Mapping[str, Tensor], second: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """Weights or gradients of the whole network from those of the two towers."""
    return {
        name: torch.cat((mine, second[name])) if name in second else mine.clone()
        for name, mine in first.items()
    }
