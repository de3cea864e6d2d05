"""Proofs of notebook 09: what the start does to signals, and what a flat loss says."""

from math import log, sqrt

import torch
from torch import Tensor, nn

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.deep import build_deep
from alexnet_lib.architecture.initialisation import STD_2012, initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import ALEXNET_QUARTER, find_variant
from alexnet_lib.data.stand_in import draw
from alexnet_lib.inside.examination import FEW, STEPS, descend
from alexnet_lib.inside.statistics import layer_statistics
from alexnet_lib.learning.claims import Finding

ALIKE = 0.05  # relative difference of two standard deviations
NEAR_GUESSING = 0.05  # of the loss
ARRIVES = 1e-6  # gradient norm of the first layer
DEPTH = 10


def xavier_is_kaiming(subject: str) -> Finding:
    """Do both draw the same spread for a layer of 'inputs, outputs'?"""
    inputs, outputs = (int(word) for word in subject.split(","))
    rules = {"Xavier": nn.init.xavier_normal_, "Kaiming": nn.init.kaiming_normal_}
    spreads = {}
    for name, rule in rules.items():
        generator = torch.Generator().manual_seed(0)
        weights = rule(torch.empty(outputs, inputs), generator=generator)
        spreads[name] = weights.std().item()
    xavier, kaiming = spreads.values()
    evidence = (
        f"{inputs} inputs, {outputs} outputs: Xavier {xavier:.4f}, Kaiming "
        f"{kaiming:.4f}, a factor of {kaiming / xavier:.2f}"
    )
    return Finding("true" if abs(kaiming / xavier - 1) < ALIKE else "false", evidence)


def one_spread_for_all(subject: str) -> Finding:
    """Is the spread of the weights 0.01 in every layer of this start?"""
    model = build_model(ALEXNET_QUARTER)
    initialize(model, subject, torch.Generator().manual_seed(0))
    spreads = {
        name: round(layer.weight.std().item(), 3)
        for name, layer in model.named_children()
        if hasattr(layer, "weight")
    }
    others = {name: std for name, std in spreads.items() if std != STD_2012}
    said = ", ".join(f"{name} {std:g}" for name, std in others.items()) or "none"
    evidence = f"{subject}, layers whose weights have another spread than 0.01: {said}"
    return Finding("false" if others else "true", evidence)


def spread_keeps_the_signal(subject: str) -> Finding:
    """Is 0.03 within a fifth of sqrt(2 / fan_in) in conv3, conv4 and conv5?"""
    later = {
        row.name: sqrt(2 / row.fan_in)
        for row in summarize(find_variant(subject))
        if row.name in ("conv3", "conv4", "conv5")
    }
    said = ", ".join(f"{name} {std:.3f}" for name, std in later.items())
    fits = all(abs(std / 0.03 - 1) < 0.2 for std in later.values())
    return Finding(
        "true" if fits else "false", f"{subject}: sqrt(2 / fan_in) is {said}"
    )


def first_loss_says_ready(subject: str) -> Finding:
    """A first loss near ln 10: does fc1 get a gradient? subject: a start."""
    images, labels = _pictures(64)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = build_deep("ReLU", DEPTH, subject)
    with torch.no_grad():
        loss = nn.functional.cross_entropy(model(images), labels).item()
    norm = layer_statistics(model, images, labels)[0].gradient_norm
    evidence = (
        f"{DEPTH} layers, start {subject!r}: first loss {loss:.3f} (ln 10 is "
        f"{log(10):.3f}), gradient norm of the first layer {norm:.0e}"
    )
    return Finding("true" if norm >= ARRIVES else "false", evidence)


def low_loss_is_good(subject: str) -> Finding:
    """20 pictures learned by heart: is it as good on 'others', or on 'the same'?"""
    images, labels = _pictures(500)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = build_deep("ReLU", DEPTH, "kaiming")
        losses = descend(model, [(images[:FEW], labels[:FEW])] * STEPS, 0.01)
    rest = slice(FEW, None) if subject == "others" else slice(0, FEW)
    with torch.no_grad():
        right = (model(images[rest]).argmax(dim=1) == labels[rest]).double().mean()
    evidence = (
        f"training loss {losses[-1]:.4f} on {FEW} pictures; {right:.0%} of {subject} "
        "right"
    )
    return Finding("true" if right > 0.95 else "false", evidence)


def _pictures(count: int) -> tuple[Tensor, Tensor]:
    """Drawn garments, mean 0 and standard deviation 1."""
    images, labels = (torch.from_numpy(part) for part in draw("FashionMNIST", count))
    images = images.unsqueeze(1) / 255
    return (images - images.mean()) / images.std(), labels
