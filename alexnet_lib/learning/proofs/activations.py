"""Proofs of notebook 04: activations, gradients, and the time of training."""

from statistics import median

import torch
from torch import Tensor, nn

from alexnet_lib.architecture.deep import build_deep
from alexnet_lib.inside.recorder import ActivationRecorder
from alexnet_lib.inside.statistics import layer_statistics
from alexnet_lib.learning.claims import Finding
from alexnet_lib.learning.races import epochs_to, recorded_race

TARGET = 0.25  # training error, as in the paper's Figure 1
SEEDS = range(5)
GONE = 1e-6  # a gradient norm under which we call it vanished
FLAT = 0.1  # of the largest slope: a sigmoid under it counts as saturated


def times_faster(subject: str) -> Finding:
    """Does the first of 'tanh, ReLU, 6' take so many times the epochs of the second?

    Each at its own rate, medians over the seeds of the recorded race.
    """
    slow, fast, factor = subject.split(", ")
    race, epochs = recorded_race(), {}
    for activation in (slow, fast):
        rate = race.own_rate(activation, TARGET)
        epochs[activation] = race.epochs(activation, rate, TARGET, race.seeds)
    ratio = median(epochs[slow]) / median(epochs[fast])
    said = "; ".join(
        f"{activation} {', '.join(map(str, each))} epochs"
        for activation, each in epochs.items()
    )
    evidence = f"to {TARGET:.0%} training error: {said}: a factor of {ratio:.1f}"
    return Finding("true" if ratio >= float(factor) else "false", evidence)


def never_learns(subject: str) -> Finding:
    """Is 'sigmoid, 100' above the target after so many epochs, from every seed?"""
    activation, limit = subject.split(", ")
    race = recorded_race()
    rate = race.own_rate(activation, TARGET)
    runs = [race.find(activation, rate, seed) for seed in race.seeds]
    arrived = [epochs_to(run.errors[: int(limit)], TARGET) for run in runs]
    if not any(arrived):
        lowest = min(min(run.errors[: int(limit)]) for run in runs)
        evidence = f"{activation} after {limit} epochs: error {lowest:.0%} at best"
        return Finding("true", evidence)
    epochs = ", ".join(str(number or "never") for number in arrived)
    evidence = f"{activation}, rate {rate:g}: {TARGET:.0%} error after {epochs} epochs"
    return Finding("false", evidence)


def gradient_arrives(subject: str) -> Finding:
    """Is the first layer's gradient at least 1e-6, for 'ReLU, 8, kaiming'?"""
    activation, depth, start = subject.split(", ")
    images, labels = _noise()
    norms = []
    for seed in SEEDS:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = build_deep(activation, int(depth), start)
        norms.append(layer_statistics(model, images, labels)[0].gradient_norm)
    evidence = (
        f"{activation}, {depth} layers, start {start!r}: the first layer's gradient "
        f"norm is {median(norms):.1e}, median of {len(norms)} seeds"
    )
    return Finding("true" if median(norms) >= GONE else "false", evidence)


def sigmoids_are_saturated(subject: str) -> Finding:
    """Are most sigmoids of a fresh network flat, its weights times a factor?

    subject: 'layers, factor'.
    """
    depth, factor = subject.split(", ")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = build_deep("sigmoid", int(depth))
    for layer in model:
        if isinstance(layer, nn.Linear):
            layer.weight.data.mul_(float(factor))
    names = [
        name for name, layer in model.named_children() if type(layer) is nn.Sigmoid
    ]
    with ActivationRecorder(model, names) as recorder, torch.no_grad():
        model(_noise()[0])
    values = torch.cat([recorder[name].flatten() for name in names])
    slopes = values * (1 - values) / 0.25  # of the largest there is
    flat = (slopes < FLAT).float().mean().item()
    evidence = (
        f"{flat:.0%} of the sigmoids have less than a tenth of the largest slope; on "
        f"average they have {slopes.mean():.0%} of it"
    )
    return Finding("true" if flat > 0.5 else "false", evidence)


def _noise() -> tuple[Tensor, Tensor]:
    """Pictures of noise: what depth does to a gradient hardly depends on them."""
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(64, 1, 28, 28, generator=generator)
    return images, torch.randint(10, (64,), generator=generator)
