"""Which share of the machine's own speed at matrix products our training reaches."""

from typing import Any

import torch

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.commands.bench_loops import our_loop
from alexnet_lib.commands.bench_rounds import (
    Budget,
    Stopwatch,
    measure_rounds,
    speed_up,
)
from alexnet_lib.data import Batches
from alexnet_lib.training.precision import PrecisionName

# Rows and columns of the matrices; a GPU is not even awake for the smaller one.
SIZE = {"cpu": 2048, "cuda": 8192}
PRODUCTS_A_TURN = 5


def flops_of_a_step(model_spec: ModelSpec) -> int:
    """Operations of forward and backward for one image; a multiply-add counts as two.

    Backward does the multiply-adds of a layer twice, for the gradient of its weights
    and for that of its input; the first layer's input needs none.
    """
    macs = [row.macs for row in summarize(model_spec) if row.macs]
    return 2 * (3 * sum(macs) - macs[0])


def share_of_peak(
    model_spec: ModelSpec,
    batches: Batches,
    precision: PrecisionName,
    device: torch.device,
    stopwatch: Stopwatch,
    budget: Budget,
    size: int | None = None,
    steps_a_turn: int = 1,
) -> dict[str, Any]:
    """Our training step and a square matrix product in turns, in FLOP per second."""
    size = size or SIZE[device.type]
    dtype = getattr(torch, precision)
    a, b = (torch.randn(size, size, device=device).to(dtype) for _ in range(2))
    product = PRODUCTS_A_TURN * 2 * size**3
    step = steps_a_turn * batches.batch_size * flops_of_a_step(model_spec)

    def multiply() -> None:
        for _ in range(PRODUCTS_A_TURN):
            torch.mm(a, b)

    model = build_model(model_spec)
    with our_loop(model, batches, precision, device) as loop:
        rounds = measure_rounds(
            {"product": multiply, "step": lambda: loop.train(steps_a_turn)},
            stopwatch,
            budget,
        )
    fastest = {
        name: min(each[name].wall for each in rounds) for name in ("product", "step")
    }
    return {
        **speed_up(rounds, "product", "step", work=step / product),
        "rounds": len(rounds),
        "best_tflops": {
            "product": product / fastest["product"] / 1e12,
            "step": step / fastest["step"] / 1e12,
        },
        "precision": precision,
        "compared": (
            f"our training step on {model_spec.name}, mini-batches of "
            f"{batches.batch_size}, {flops_of_a_step(model_spec) / 1e9:.2f} GFLOP for "
            f"an image, against products of two {precision} matrices of {size} x {size}"
        ),
    }
