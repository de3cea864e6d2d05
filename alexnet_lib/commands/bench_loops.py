"""Our loop against d2l's own: how fast, and whether the losses are the same."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import replace
from itertools import islice
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.commands.bench_d2l import D2lLoop, Pairs, d2l_version
from alexnet_lib.commands.bench_rounds import (
    Budget,
    NoTimeError,
    Stopwatch,
    measure_rounds,
    median_seconds,
    speed_up,
)
from alexnet_lib.data import Batches
from alexnet_lib.training import Precision, StepResult, find_recipe, train_steps
from alexnet_lib.training.precision import PrecisionName

SAME = 10  # two ways to round differ from a third by different amounts of one size
EARLY = 5  # steps after which it is known how long the rest takes
RECIPE = replace(find_recipe("d2l"), epochs=1000)  # the stopwatch ends it, not the data


class OurLoop:
    """`train_steps` with d2l's recipe, a few batches at a time."""

    def __init__(self, steps: Iterator[object]):
        self._steps = (step for step in steps if isinstance(step, StepResult))

    def train(self, num_batches: int) -> list[float]:
        """Take that many mini-batches; the loss of each, before its step."""
        return [step.loss for step in islice(self._steps, num_batches)]


@contextmanager
def our_loop(
    model: nn.Module, batches: Pairs, precision: PrecisionName, device: torch.device
) -> Iterator[OurLoop]:
    """Our loop on the network and the batches given, stopped at the end."""
    steps = train_steps(model, batches, RECIPE, device=device, precision=precision)
    with closing(steps):
        yield OurLoop(steps)


def compare_speed(
    d2l: ModuleType,
    model_spec: ModelSpec,
    d2l_batches: Pairs,
    our_batches: Batches,
    precision: Precision,
    device: torch.device,
    stopwatch: Stopwatch,
    budget: Budget,
    batches_a_turn: int = 1,
) -> dict[str, Any]:
    """d2l's loader and step against ours, each from the stored pictures to new weights.

    Both have the same layers, d2l's initialisation, plain SGD and mini-batches.
    """
    ours = build_model(model_spec)
    initialize(ours, "xavier")
    net, rate = build_model(model_spec), RECIPE.learning_rate
    with (
        closing(D2lLoop(d2l, net, d2l_batches, rate, device)) as theirs,
        our_loop(ours, our_batches, precision.name, device) as loop,
    ):
        rounds = measure_rounds(
            {
                "d2l": lambda: theirs.train(batches_a_turn),
                "ours": lambda: loop.train(batches_a_turn),
            },
            stopwatch,
            budget,
        )
    size = our_batches.batch_size
    shape = " x ".join(map(str, model_spec.input_shape))
    speeds = {
        name: round(batches_a_turn * size / median_seconds(rounds, name), 1)
        for name in ("d2l", "ours")
    }
    return {
        **speed_up(rounds, "d2l", "ours"),
        "rounds": len(rounds),
        "images_per_second": speeds,
        "compared": (
            f"{model_spec.name}, input {shape}, mini-batches of {size}, SGD at rate "
            f"{RECIPE.learning_rate}, from the stored pictures to the changed weights, "
            f"{batches_a_turn} mini-batch{'es' * (batches_a_turn > 1)} a turn. d2l "
            f"{d2l_version()}: its loader with its 4 processes, its Trainer, float32. "
            f"Ours: train_steps, {precision.name} ({precision.reason})"
        ),
    }


def compare_losses(
    d2l: ModuleType,
    model_spec: ModelSpec,
    images: Tensor,
    labels: Tensor,
    num_steps: int,
    batch_size: int,
    device: torch.device,
    budget: Budget,
    seed: int = 0,
) -> dict[str, Any]:
    """Both loops in float32 from the same weights, batches and dropout: their losses.

    What rounding alone can do is measured beside it: d2l's loop against itself, from
    weights that were each moved to the next number float32 knows. The losses agree when
    they are no further apart than that, in order of size.
    """
    chosen = torch.arange(num_steps * batch_size) % len(images)
    batches = Batches(
        images[chosen],
        labels[chosen],
        batch_size,
        resize=model_spec.input_shape[-1],
        device=device,
    )
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        first = build_model(model_spec)
        initialize(first, "xavier")
        theirs, nudged = (
            D2lLoop(d2l, net, batches, RECIPE.learning_rate, device, initialised=True)
            for net in (deepcopy(first), _nudged(first))
        )
        with our_loop(first, batches, "float32", device) as ours:
            losses = _in_step((theirs, ours, nudged), num_steps, seed, budget)
    by_d2l, by_us, by_nudged = losses.T
    difference = (by_d2l - by_us).abs().max().item()
    rounding_alone = (by_d2l - by_nudged).abs().max().item()
    shape = " x ".join(map(str, model_spec.input_shape))
    return {
        "agree": difference <= SAME * rounding_alone,
        "steps": len(losses),
        "largest_difference": difference,
        "rounding_alone": rounding_alone,
        "first_loss": round(by_d2l[0].item(), 4),
        "last_losses": {
            "d2l": round(by_d2l[-1].item(), 6),
            "ours": round(by_us[-1].item(), 6),
        },
        "compared": (
            f"the loss of each of {len(losses)} steps, {model_spec.name}, input "
            f"{shape}, mini-batches of {batch_size}, float32, same first weights, "
            "same batches, same dropout"
        ),
    }


def _nudged(model: nn.Module) -> nn.Module:
    """A copy with each weight one step up among the numbers of float32."""
    copy = deepcopy(model)
    with torch.no_grad():
        for weights in copy.parameters():
            up = torch.full_like(weights, float("inf"))
            weights.copy_(torch.nextafter(weights, up))
    return copy


def _in_step(
    loops: Sequence[D2lLoop | OurLoop], num_steps: int, seed: int, budget: Budget
) -> Tensor:
    """The losses of loops that take each step with the same random numbers.

    Shape: (steps, loops), float64. Raises NoTimeError when so many would not fit, and
    stops early when they turn out slower than they began.
    """
    losses = []
    start = budget.now()
    for step in range(num_steps):
        row = []
        for loop in loops:
            torch.manual_seed(seed + step)  # dropout draws the same zeros
            row += loop.train(1)
        losses.append(row)
        needed = (budget.now() - start) / (step + 1) * (num_steps - step - 1)
        if step < EARLY and needed > budget.left:
            raise NoTimeError(f"{num_steps} steps need another {needed:.0f} s")
        if budget.left < 0:
            break
    return torch.tensor(losses, dtype=torch.float64)
