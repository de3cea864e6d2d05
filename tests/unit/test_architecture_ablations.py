"""Each ablation differs from its network in what it says, and in nothing else."""

import pytest
import torch

from alexnet_lib.architecture import ablations
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.compact import ALEXNET_QUARTER, ALEXNET_QUARTER_BN
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import (
    Conv2d,
    Dropout,
    LayerSpec,
    LocalResponseNorm,
    MaxPool2d,
    ModelSpec,
    ReLU,
)
from alexnet_lib.architecture.variants import VARIANTS, resized

Row = tuple[LayerSpec | None, LayerSpec | None]  # before and after


def pairs(spec: ModelSpec, other: ModelSpec) -> list[Row]:
    """The layers that are not the same in both, side by side by their names."""
    ours, theirs = ({layer.name: layer for layer in s.layers} for s in (spec, other))
    names = [*ours, *(name for name in theirs if name not in ours)]
    rows = [(ours.get(name), theirs.get(name)) for name in names]
    kept = [name for name in ours if name in theirs]
    assert kept == [name for name in theirs if name in ours], "another order"
    return [(a, b) for a, b in rows if a != b]


# Layer by layer: what stood there, and what stands there now.
CHANGES: dict[str, list[Row]] = {
    "ALEXNET_QUARTER_LRN": [
        (None, LocalResponseNorm(name="norm1")),
        (None, LocalResponseNorm(name="norm2")),
    ],
    "ALEXNET_QUARTER_POOL2": [
        (MaxPool2d(name=name), MaxPool2d(name=name, kernel_size=2, stride=2))
        for name in ("pool1", "pool2", "pool5")
    ],
    "ALEXNET_QUARTER_LINEAR": [
        (ReLU(name=f"relu{number}"), None) for number in range(1, 8)
    ],
    **{
        f"ALEXNET_QUARTER_DROP{digit}": [
            (Dropout(name=name, p=0.5), Dropout(name=name, p=digit / 10))
            for name in ("drop6", "drop7")
        ]
        for digit in (0, 2, 8)
    },
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_part_is_exchanged_and_the_rest_is_the_quarter_width_network(name: str):
    spec = VARIANTS[name]
    assert pairs(ALEXNET_QUARTER, spec) == CHANGES[name]
    assert spec.input_shape == ALEXNET_QUARTER.input_shape
    assert spec.rounding == ALEXNET_QUARTER.rounding
    assert spec.name.startswith(f"{ALEXNET_QUARTER.name}, ")


@pytest.mark.parametrize(
    ("name", "side", "kernel_size", "stride", "padding"),
    [("28", 28, 3, 1, 1), ("56", 56, 5, 2, 2), ("56_DENSE", 56, 3, 1, 0)],
)
def test_a_stem_for_small_pictures_changes_conv1_alone(
    name: str, side: int, kernel_size: int, stride: int, padding: int
):
    spec = VARIANTS[f"ALEXNET_QUARTER_BN_{name}"]
    [(before, after)] = pairs(ALEXNET_QUARTER_BN, spec)
    assert before == ALEXNET_QUARTER_BN.layers[0]
    assert after == Conv2d(
        name="conv1",
        out_channels=24,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
    )
    assert spec.input_shape == (1, side, side)


@pytest.mark.parametrize(
    ("variant", "side", "rows"),
    [
        ("ALEXNET_QUARTER_BN_28", 28, 13),
        ("ALEXNET_QUARTER_BN_56", 56, 13),
        ("ALEXNET_QUARTER_BN", 112, 12),
        ("ALEXNET_QUARTER_BN", 224, 26),
        ("ALEXNET_QUARTER_BN_56_DENSE", 56, 26),
    ],
)
def test_conv2_meets_maps_of_about_one_size(variant: str, side: int, rows: int):
    """What the comment in the module says; from conv2 on, only the sizes differ."""
    spec = resized(VARIANTS[variant], (1, side, side))
    [conv2] = [row for row in summarize(spec) if row.name == "conv2"]
    assert conv2.in_shape == (24, rows, rows)


def test_local_response_norm_follows_the_first_two_relus():
    names = [layer.name for layer in VARIANTS["ALEXNET_QUARTER_LRN"].layers]
    assert names[:8] == [
        *("conv1", "relu1", "norm1", "pool1"),
        *("conv2", "relu2", "norm2", "pool2"),
    ]


def test_without_relu_the_network_is_one_matrix_between_its_pools():
    """Where no maximum is taken, half the sum of two pictures gives half the sum."""
    spec = VARIANTS["ALEXNET_QUARTER_LINEAR"]
    layers = [layer for layer in spec.layers if not isinstance(layer, MaxPool2d)]
    spec = ModelSpec(name="no pools", input_shape=(1, 63, 63), layers=tuple(layers))
    torch.manual_seed(0)
    model = build_model(spec).double().eval()
    first, second = torch.randn(2, 1, 1, 63, 63, dtype=torch.float64)
    with torch.no_grad():
        mean = model((first + second) / 2)
        means = (model(first) + model(second)) / 2
    torch.testing.assert_close(mean, means)


ALL = [
    *CHANGES,
    "ALEXNET_QUARTER_BN_28",
    "ALEXNET_QUARTER_BN_56",
    "ALEXNET_QUARTER_BN_56_DENSE",
]


@pytest.mark.parametrize("name", ALL)
def test_each_builds_and_runs(name: str):
    spec = VARIANTS[name]
    if spec.input_shape[-1] == 224:
        spec = resized(spec, (1, 112, 112))  # as it is recorded
    model = build_model(spec).eval()
    with torch.no_grad():
        assert model(torch.zeros(1, *spec.input_shape)).shape == (1, 10)


def test_every_ablation_is_listed_and_tested():
    made = {name for name in vars(ablations) if name.startswith("ALEXNET_QUARTER_")}
    made -= {"ALEXNET_QUARTER_BN"}  # imported
    assert made == set(ALL)
    assert all(VARIANTS[name] is getattr(ablations, name) for name in made)
