"""The networks for 32 pixels: one part undone in each, and nothing else."""

import pytest
import torch

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.small_pictures import (
    ALEXNET_SMALL_32,
    ALEXNET_SMALL_32_FC,
    ALEXNET_SMALL_32_LOW_RANK,
    ALEXNET_SMALL_32_NO_BN,
    ALEXNET_SMALL_112,
    FC_WIDTH,
    RANK,
)
from alexnet_lib.architecture.spec import BatchNorm2d
from alexnet_lib.architecture.variants import VARIANTS
from alexnet_lib.commands.experiments_colour import MODERN, UNDONE
from alexnet_lib.training.recipes import find_recipe

SMALL = [spec for name, spec in VARIANTS.items() if name.startswith("ALEXNET_SMALL")]


@pytest.mark.parametrize("spec", SMALL, ids=lambda spec: spec.name)
def test_counts_and_shapes_are_those_of_the_model_that_runs(spec):
    model = build_model(spec).eval()
    rows = summarize(spec)
    counted = sum(p.numel() for p in model.parameters())
    assert sum(row.num_params for row in rows) == counted
    assert model(torch.zeros(2, *spec.input_shape)).shape == (2, 10)


def test_without_batch_normalisation_all_else_is_the_same():
    kept = [x for x in ALEXNET_SMALL_32.layers if not isinstance(x, BatchNorm2d)]
    assert ALEXNET_SMALL_32_NO_BN.layers == tuple(kept)
    assert len(ALEXNET_SMALL_32.layers) - len(kept) == 5


def test_only_the_first_layer_differs_for_large_pictures():
    assert ALEXNET_SMALL_112.layers[1:] == ALEXNET_SMALL_32.layers[1:]
    sizes = {row.name: row.out_shape for row in summarize(ALEXNET_SMALL_112)}
    assert sizes["conv1"] == (24, 26, 26)
    assert sizes["pool1"] == (24, 13, 13)


def test_low_rank_layers_are_two_thin_matrices_for_each_wide_one():
    wide = {row.name: row for row in summarize(ALEXNET_SMALL_32_FC)}
    thin = {row.name: row for row in summarize(ALEXNET_SMALL_32_LOW_RANK)}
    for name in ("fc6", "fc7"):
        assert wide[name].out_shape == thin[name].out_shape == (FC_WIDTH,)
        weights = wide[name].macs
        assert thin[f"{name}_thin"].macs + thin[name].macs == RANK * (
            weights // FC_WIDTH + FC_WIDTH
        )


def test_each_run_undoes_one_thing():
    whole, recipe = UNDONE["nothing"][0], find_recipe("modern")
    for undone, (variant, changes) in UNDONE.items():
        changed = {key for key in changes if key != "learning_rate"}
        assert (variant != whole) + len(changed) == (undone != "nothing")
        job = MODERN.runs[f"modern_without_{undone}_seed1"]
        assert (job.variant, job.seed, job.dataset) == (variant, 1, "CIFAR10")
        for key in ("epochs", "batch_size", "init", "momentum", "standardise"):
            assert getattr(job.recipe, key) == getattr(recipe, key)
