"""One training step made faster, rung by rung, and the layer that needed it most."""

from collections.abc import Callable
from copy import deepcopy
from itertools import pairwise, product
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.phases import KERNEL, SCALE, SMALL, PhaseConv2d
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.commands.bench_rounds import (
    Budget,
    Stopwatch,
    measure_rounds,
    median_seconds,
    speed_up,
)
from alexnet_lib.data import Batches
from alexnet_lib.training.order import relu_after_pool
from alexnet_lib.training.precision import PrecisionName, autocast

RATE = 0.01  # d2l's
# What stands behind conv1 and conv2 of the paper's network, for one image.
NORM_SHAPES = ((96, 54, 54), (256, 26, 26))
SIZE, ALPHA = 5, 1e-4  # channels in the window; on their sum, as in the paper


def climb(
    model_spec: ModelSpec,
    images: Tensor,
    labels: Tensor,
    precision: PrecisionName,
    device: torch.device,
    stopwatch: Stopwatch,
    budget: Budget,
    steps_a_turn: int = 1,
) -> list[dict[str, Any]]:
    """The ladder on one mini-batch; each rung against the first and the one before.

    Shape: images uint8 (N, 1, 28, 28), labels (N,).
    """
    steps = rungs(model_spec, images, labels, precision, device)
    rounds = measure_rounds(
        {name: _repeated(step, steps_a_turn) for name, step in steps.items()},
        stopwatch,
        budget,
    )
    first, *_ = steps
    before = {name: previous for previous, name in pairwise(steps)}
    return [
        {
            "rung": name,
            **speed_up(rounds, first, name),
            "over_the_rung_before": speed_up(rounds, before.get(name, name), name),
            "images_per_second": round(
                steps_a_turn * len(images) / median_seconds(rounds, name), 1
            ),
            "rounds": len(rounds),
            "batch_size": len(images),
        }
        for name in steps
    ]


def rungs(
    model_spec: ModelSpec,
    images: Tensor,
    labels: Tensor,
    precision: PrecisionName,
    device: torch.device,
) -> dict[str, Callable[[], float]]:
    """A training step for each rung, all on one mini-batch that is enlarged already.

    Steps of the same memory layout train the same weights. The bfloat16 rungs are for a
    machine that multiplies it natively; the last rung for a network whose conv1 reads
    28 pixels enlarged to 224: it reads the 28 themselves.
    """
    side = model_spec.input_shape[-1]
    large, there = _one_batch(images, labels, side, device)
    large_last = large.contiguous(memory_format=torch.channels_last)
    plain = build_model(model_spec).to(device)
    initialize(plain, "xavier")
    last = deepcopy(plain).to(memory_format=torch.channels_last)
    steps = {
        "float32, as d2l": _step(plain, large, there, "float32"),
        "float32, channels last": _step(last, large_last, there, "float32"),
    }
    if precision == "bfloat16":
        steps |= {
            "bfloat16": _step(plain, large, there, precision),
            "bfloat16, channels last": _step(last, large_last, there, precision),
        }
    reordered = relu_after_pool(last)
    steps |= {
        "+ ReLU behind the max pooling": _step(reordered, large_last, there, precision),
        "+ fused optimiser": _step(reordered, large_last, there, precision, fused=True),
    }
    if reads_enlarged(model_spec):
        small, _ = _one_batch(images, labels, SMALL, device)
        phases = relu_after_pool(last)
        phases.conv1 = PhaseConv2d(phases.conv1)
        steps["+ conv1 on the 28 pixels"] = _step(
            phases, small, there, precision, fused=True
        )
    return steps


def reads_enlarged(model_spec: ModelSpec) -> bool:
    """Whether conv1 can be worked out on 28 pixels: 224 of them, windows of 11."""
    first = model_spec.layers[0]
    return (
        model_spec.input_shape == (1, SMALL * SCALE, SMALL * SCALE)
        and getattr(first, "kernel_size", None) == KERNEL
    )


def compare_norms(
    device: torch.device,
    stopwatch: Stopwatch,
    budget: Budget,
    shapes: tuple[tuple[int, int, int], ...] = NORM_SHAPES,
    num_images: int = 16,
    passes_a_turn: int = 1,
) -> list[dict[str, Any]]:
    """Our LocalResponseNorm against torch's, forward and backward.

    torch's has no bfloat16 on a CPU: there it works on a float32 copy.
    """
    cases = list(product(shapes, ("float32", "bfloat16"), ("contiguous", "channels")))
    candidates = {}
    for case in cases:
        shape, dtype, layout = case
        a = torch.randn(num_images, *shape, device=device) * 10  # the norm matters
        a = a.to(getattr(torch, dtype))
        if layout == "channels":
            a = a.contiguous(memory_format=torch.channels_last)
        theirs = nn.LocalResponseNorm(SIZE, alpha=ALPHA * SIZE, k=2.0)
        if dtype == "bfloat16" and device.type == "cpu":
            theirs = _ThroughFloat32(theirs)
        ours = LocalResponseNorm(SIZE, alpha=ALPHA)
        candidates[case, "torch"] = _repeated(_both_ways(theirs, a), passes_a_turn)
        candidates[case, "ours"] = _repeated(_both_ways(ours, a), passes_a_turn)
    rounds = measure_rounds(candidates, stopwatch, budget)
    return [
        {
            "shape": [num_images, *shape],
            "dtype": dtype,
            "layout": "channels last" if layout == "channels" else "contiguous",
            **speed_up(rounds, (case, "torch"), (case, "ours")),
            "rounds": len(rounds),
        }
        for case in cases
        for shape, dtype, layout in (case,)
    ]


class _ThroughFloat32(nn.Module):
    def __init__(self, layer: nn.Module):
        super().__init__()
        self.layer = layer

    def forward(self, a: Tensor) -> Tensor:
        return self.layer(a.float()).to(a.dtype)


def _both_ways(layer: nn.Module, a: Tensor) -> Callable[[], None]:
    """Forward and backward once, for this input."""
    a = a.clone().requires_grad_()
    grad = torch.randn_like(a)

    def run() -> None:
        a.grad = None
        layer(a).backward(grad)

    return run


def _step(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    precision: PrecisionName,
    fused: bool = False,
) -> Callable[[], float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE, fused=fused)

    def run() -> float:
        with autocast(precision, images.device):
            loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


def _one_batch(
    images: Tensor, labels: Tensor, side: int, device: torch.device
) -> tuple[Tensor, Tensor]:
    return next(iter(Batches(images, labels, len(images), resize=side, device=device)))


def _repeated(work: Callable[[], object], times: int) -> Callable[[], None]:
    def run() -> None:
        for _ in range(times):
            work()

    return run
