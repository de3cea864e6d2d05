"""A network cut into two halves, as arithmetic. Pure Python.

Each half, a *tower*, has half of the kernels of every layer, and so half of its
outputs. Both read the whole picture. The last layer stands on the first tower alone:
the 2012 code has its `fc1000` on gpu 0. Counts are numbers; in float32 a number takes 4
bytes.
"""

from dataclasses import dataclass, replace
from math import prod
from typing import Literal

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.arithmetic import LayerSummary, summarize
from alexnet_lib.architecture.spec import LayerSpec, ModelSpec

Reads = Literal["picture", "own half", "both halves"]
Pair = tuple[int, int]  # first tower, second tower
NUM_TOWERS = 2


@dataclass(frozen=True, kw_only=True)
class TowerRow:
    """One layer on the two towers; numbers are for one image, forward."""

    name: str
    kind: str
    reads: Reads
    in_depth: int | None  # channels or numbers that one kernel reads; None: no weights
    num_params: Pair
    macs: Pair
    kept: Pair  # numbers put out, which stay for the backward pass
    received: Pair  # numbers that come from the other tower


def cut_in_two(model_spec: ModelSpec) -> list[TowerRow]:
    """The layer table of the two towers.

    Raises ValueError for a network that cannot be cut: a normalisation over all maps,
    an odd number of kernels, or a last layer that is not linear.
    """
    rows = summarize(model_spec)
    *_, last = model_spec.layers
    if not isinstance(last, spec.Linear):
        raise ValueError(
            f"{last.name}: the last layer should be linear, for one tower to hold it"
        )
    found: list[TowerRow] = []
    whole = True  # what comes in is the picture, the same for both
    for layer, row in zip(model_spec.layers, rows, strict=True):
        found.append(_tower_row(layer, row, whole, layer is last))
        whole = whole and not isinstance(layer, spec.Conv2d | spec.Linear)
    return found


def _tower_row(
    layer: LayerSpec, row: LayerSummary, whole: bool, last: bool
) -> TowerRow:
    reads: Reads = "picture" if whole else _reads(layer)
    crosses = 0
    if reads == "both halves":
        crosses = prod(row.in_shape) // NUM_TOWERS
    outputs = 0 if row.kind == "Flatten" else prod(row.out_shape)
    shared = _everything_on_the_first if last else _halved
    weighted = isinstance(layer, spec.Conv2d | spec.Linear)
    if weighted and not last and row.out_shape[0] % NUM_TOWERS:
        raise ValueError(
            f"{row.name}: {row.out_shape[0]} kernels do not divide between two towers: "
            "choose an even number"
        )
    return TowerRow(
        name=row.name,
        kind=row.kind,
        reads=reads,
        in_depth=_depth(layer, row) if weighted else None,
        num_params=shared(row.num_params),
        macs=shared(row.macs),
        kept=(outputs, outputs) if whole and not weighted else shared(outputs),
        received=(crosses, 0) if last else (crosses, crosses),
    )


def _reads(layer: LayerSpec) -> Reads:
    """Whether a layer behind the first one has to see the other half's maps."""
    match layer:
        case spec.Conv2d(groups=1) | spec.Linear():
            return "both halves"
        case spec.Conv2d(groups=2) | spec.LocalResponseNorm(groups=2):
            return "own half"
        case spec.Conv2d(groups=g) | spec.LocalResponseNorm(groups=g):
            raise ValueError(
                f"{layer.name} has {g} group{'s' * (g != 1)}, and a tower holds half "
                "of the maps: give it 2, as ALEXNET_2012_SOURCE has"
            )
        case _:
            return "own half"


def _depth(layer: LayerSpec, row: LayerSummary) -> int:
    groups = layer.groups if isinstance(layer, spec.Conv2d) else 1
    return row.in_shape[0] // groups


def _halved(number: int) -> Pair:
    return number // NUM_TOWERS, number // NUM_TOWERS


def _everything_on_the_first(number: int) -> Pair:
    return number, 0


def half_as_many_kernels(model_spec: ModelSpec) -> ModelSpec:
    """The one-card network that the paper compares the two towers with (section 3.2).

    Half of the kernels in every convolution but the last, no groups, and the linear
    layers as they are: `layers-145-half.cfg`.
    """
    *_, last = (n for n in model_spec.layers if isinstance(n, spec.Conv2d))
    return replace(
        model_spec,
        name=f"{model_spec.name}, half as many kernels on one card",
        layers=tuple(_one_card(layer, layer is last) for layer in model_spec.layers),
    )


def _one_card(layer: LayerSpec, last: bool) -> LayerSpec:
    match layer:
        case spec.Conv2d(out_channels=c):
            return replace(layer, out_channels=c if last else c // 2, groups=1)
        case spec.LocalResponseNorm():
            return replace(layer, groups=1)
        case _:
            return layer


def without_groups(model_spec: ModelSpec) -> ModelSpec:
    """The same widths with every kernel reading all maps of the layer before it."""
    return replace(
        model_spec,
        name=f"{model_spec.name}, without groups",
        layers=tuple(
            replace(layer, groups=1) if isinstance(layer, spec.Conv2d) else layer
            for layer in model_spec.layers
        ),
    )


def narrowed(model_spec: ModelSpec, divisor: int) -> ModelSpec:
    """The same structure with every width divided: quick to run, cut the same way."""
    return replace(
        model_spec,
        name=f"{model_spec.name}, 1/{divisor} of the width",
        layers=tuple(_narrow(layer, divisor) for layer in model_spec.layers),
    )


def _narrow(layer: LayerSpec, divisor: int) -> LayerSpec:
    match layer:
        case spec.Conv2d(out_channels=c):
            return replace(layer, out_channels=c // divisor)
        case spec.Linear(out_features=f):
            return replace(layer, out_features=f // divisor)
        case _:
            return layer
