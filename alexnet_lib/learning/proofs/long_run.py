"""Proofs of notebook 07: what enlarging adds, where time goes, which run is better."""

import torch
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.learning import recorded
from alexnet_lib.learning.claims import Finding

CAMERA = 28  # pixels on a side, as Fashion-MNIST stores them
MOST = 0.5  # from here on a share is the greater part


def enlarged_shows_more(subject: str) -> Finding:
    """Do pictures of 'stored side, shown side' differ in more ways than they hold?

    Enlarging treats rows and columns alike, so that the pictures fill as many
    dimensions as its matrix along one line has, squared.
    """
    stored, shown = (int(word) for word in subject.split(","))
    lines = torch.eye(stored, dtype=torch.float64).unsqueeze(1)  # one pixel is 1
    matrix = F.interpolate(lines, size=shown, mode="linear").squeeze(1)
    dimensions = int(torch.linalg.matrix_rank(matrix)) ** 2
    evidence = (
        f"{shown}^2 = {shown**2:,} pixels, and enlarged pictures fill {dimensions:,} "
        f"of these dimensions; a picture of {CAMERA} pixels on a side holds {CAMERA**2}"
    )
    return Finding("true" if dimensions > CAMERA**2 else "false", evidence)


def work_shrinks_with_pixels(subject: str) -> Finding:
    """Does 'small network, large network, times' do that many times less work?"""
    small, large, times = (word.strip() for word in subject.split(","))
    few, many = (
        sum(row.macs for row in summarize(find_variant(name)))
        for name in (small, large)
    )
    evidence = (
        f"{small}: {few:,} multiply-adds a picture, {large}: {many:,}, "
        f"{many / few:.1f} times as many"
    )
    return Finding("true" if many >= int(times) * few else "false", evidence)


def linear_layers_are_most(subject: str) -> Finding:
    """Are the linear layers the greater part of 'variant, measure'?

    measure: 'parameters', or 'multiply-adds' of a training step, forward and back.
    """
    name, measure = (word.strip() for word in subject.split(","))
    spec = find_variant(name)
    if measure == "parameters":
        rows = summarize(spec)
        linear = sum(row.num_params for row in rows if row.kind == "Linear")
        total = sum(row.num_params for row in rows)
    else:
        linear, total = _step_flops(spec)
    share = linear / total
    evidence = f"{name}, {measure}: {share:.1%} in linear layers"
    return Finding("true" if share > MOST else "false", evidence)


def _step_flops(spec: ModelSpec) -> tuple[int, int]:
    """What torch counts for the linear layers, and for all, forward and back."""
    model = build_model(spec)
    with FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, *spec.input_shape)).sum().backward()
    counts = counter.get_flop_counts()["Global"]
    convolutions = sum(n for name, n in counts.items() if "conv" in str(name))
    total = sum(counts.values())
    return total - convolutions, total


def lower_loss_is_better(subject: str) -> Finding:
    """Is the first of 'run, run', with the lower training loss, better on others?"""
    names, found = subject.split(", "), recorded.runs("sick")
    first, second = (found[f"sick_{name}"] for name in names)
    words = [
        f"{name}: training loss {run.curve[-1].train_loss:.3f}, validation accuracy "
        f"{run.curve[-1].valid_accuracy:.1%}"
        for name, run in zip(names, (first, second), strict=True)
    ]
    a, b = first.curve[-1], second.curve[-1]
    both = a.train_loss < b.train_loss and a.valid_accuracy > b.valid_accuracy
    return Finding("true" if both else "false", "; ".join(words))
