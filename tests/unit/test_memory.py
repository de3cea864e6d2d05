"""The memory rule, against torch: sizes of tensors that a real network holds."""

import pytest
import torch

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.memory import GB, MIB, stored_numbers, training_memory
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import (
    ALEXNET_2012,
    ALEXNET_D2L,
    ALEXNET_MODERN_32,
    ALEXNET_QUARTER,
    LENET5,
    VARIANTS,
)
from alexnet_lib.inside.recorder import ActivationRecorder

SMALL = (LENET5, ALEXNET_QUARTER, ALEXNET_MODERN_32)


def tensor_bytes(tensors) -> int:
    return sum(t.numel() * t.element_size() for t in tensors)


@pytest.mark.parametrize("spec", SMALL, ids=lambda spec: spec.name)
def test_three_copies_are_what_sgd_with_momentum_holds(spec):
    model = build_model(spec)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model(torch.rand(2, *spec.input_shape)).sum().backward()
    optimizer.step()
    memory = training_memory(spec)
    parameters = list(model.parameters())
    states = [optimizer.state[p]["momentum_buffer"] for p in parameters]
    assert memory.weights == tensor_bytes(parameters)
    assert memory.gradients == tensor_bytes(p.grad for p in parameters)
    assert memory.momentum == tensor_bytes(states)


@pytest.mark.parametrize("spec", SMALL, ids=lambda spec: spec.name)
def test_activations_are_the_outputs_of_all_layers_but_flatten(spec):
    model = build_model(spec).eval()
    names = [row.name for row in summarize(spec) if row.kind != "Flatten"]
    with torch.inference_mode(), ActivationRecorder(model, names) as recorder:
        model(torch.rand(3, *spec.input_shape))
    recorded = tensor_bytes(recorder[name] for name in names)
    assert recorded == 3 * training_memory(spec).activations_per_image


def test_the_paper_network():
    memory = training_memory(ALEXNET_2012)
    assert memory.weights == 243_860_896
    assert memory.activations_per_image == 7_700_896  # 7.34 MiB
    assert round(memory.fixed / 2**30, 2) == 0.68
    assert memory.largest_batch(3 * GB) == 294


def test_the_largest_batch_fits_and_one_more_does_not():
    for spec in VARIANTS.values():
        memory = training_memory(spec)
        batch_size = memory.largest_batch(3 * GB)
        assert memory.total(batch_size) <= 3 * GB < memory.total(batch_size + 1)


def test_no_image_fits_where_the_weights_do_not():
    assert training_memory(ALEXNET_2012).largest_batch(100 * MIB) == 0


def test_fc6_and_fc7_in_mebibytes():
    for spec, mebibytes in ((ALEXNET_2012, 208.0), (ALEXNET_D2L, 164.0)):
        rows = {row.name: row for row in summarize(spec)}
        numbers = rows["fc6"].num_params + rows["fc7"].num_params
        assert round(4 * numbers / MIB, 1) == mebibytes


def test_flatten_keeps_nothing_of_its_own():
    rows = {row.name: row for row in summarize(LENET5)}
    assert stored_numbers(rows["flatten"]) == 0
    assert stored_numbers(rows["pool2"]) == 16 * 5 * 5
