"""Proofs of notebook 06: what is dropped, when, and who answers."""

from itertools import product

import torch
from torch import nn

from alexnet_lib.architecture.spec import Dropout
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.data.stand_in import draw
from alexnet_lib.learning.checks.by_heart import PAPER, numbers_dropped_from
from alexnet_lib.learning.claims import Finding
from alexnet_lib.learning.heads import BY_HEART, build_head
from alexnet_lib.training import evaluate, train

INPUTS, OUTPUTS = 8, 4  # of the layer whose weights are looked at
EXACT = 1e-9
CLEARLY = 0.05  # of an accuracy


def weights_are_dropped(subject: str) -> Finding:
    """Are single weights missing, and not whole units? subject: 'units' or 'weights'.

    Which weights take part is read from the gradient of a linear layer behind one
    picture, all of whose inputs are positive.
    """
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(INPUTS, generator=generator) + 0.5
    weight = torch.ones(OUTPUTS, INPUTS, requires_grad=True)
    shape = (INPUTS,) if subject == "units" else (OUTPUTS, INPUTS)
    mask = (torch.rand(shape, generator=generator) >= 0.5) / 0.5
    dropped = weight @ (x * mask) if subject == "units" else (weight * mask) @ x
    (gradient,) = torch.autograd.grad(dropped.sum(), weight)
    missing = gradient == 0  # (outputs, inputs)
    columns = int(missing.all(dim=0).sum())
    whole = bool((missing == missing.all(dim=0)).all())
    evidence = f"{int(missing.sum())} of {weight.numel()} weights take no part: " + (
        f"all {OUTPUTS} weights of each of {columns} units, and no other"
        if whole
        else f"they are strewn over all {INPUTS} units"
    )
    return Finding("false" if whole else "true", evidence)


def same_answer_twice(subject: str) -> Finding:
    """Does a network with dropout answer the same twice? subject: 'fresh' or 'eval()'.

    A fresh network is in train mode.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = build_head(0.5)
        if subject == "eval()":
            network.eval()
        pictures = torch.rand(200, 1, 28, 28)
        with torch.no_grad():
            first, second = (network(pictures).argmax(dim=1) for _ in range(2))
    changed = int((first != second).sum())
    state = "as torch builds it" if subject == "fresh" else "after eval()"
    evidence = (
        f"{state}, {changed} of {len(pictures)} pictures were given another name when "
        "the network was asked again"
    )
    return Finding("false" if changed else "true", evidence)


def whole_network_is_the(subject: str) -> Finding:
    """Does the scaled network say what all 256 masks of a layer say by this rule?

    subject: 'votes', or 'geometric mean' (brought back to a sum of 1). Eight units,
    dropped with p = 0.5, then one linear layer.
    """
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(INPUTS, generator=generator, dtype=torch.float64)
    weight = torch.randn(OUTPUTS, INPUTS, generator=generator, dtype=torch.float64)
    masks = torch.tensor(list(product((0.0, 2.0), repeat=INPUTS))).double()
    logits = (masks * x) @ weight.T  # (256, classes)
    if subject == "votes":
        said = nn.functional.one_hot(logits.argmax(dim=1), OUTPUTS).double().mean(dim=0)
    else:
        said = logits.log_softmax(dim=1).mean(dim=0).exp()
        said = said / said.sum()
    whole = (weight @ x).softmax(dim=0)
    far = (said - whole).abs().max().item()
    apart_by = "not at all" if far < EXACT else f"by up to {100 * far:.0f} points"
    evidence = (
        f"{subject} of {len(masks)} masks and the scaled network differ {apart_by}"
    )
    return Finding("true" if far < EXACT else "false", evidence)


def epoch_shows_what_is_known(subject: str) -> Finding:
    """Is the training accuracy that an epoch prints what the network knows of its few?

    subject: the dropped share. 200 drawn pictures; known is what it says in eval mode.
    """
    images, labels = (torch.from_numpy(part) for part in draw("FashionMNIST", 200))
    images = images.unsqueeze(1) / 255
    batches = list(
        zip(images.split(20), labels.split(20), strict=True)
    )  # in one order: a proof needs no shuffling
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = build_head(float(subject))
        *_, last = train(network, batches, BY_HEART)
    known = evaluate(network, batches).accuracy
    evidence = (
        f"dropout {subject}: epoch {last.epoch} printed {last.train_accuracy:.1%}, and "
        f"in eval mode the network knows {known:.1%}"
    )
    right = abs(known - last.train_accuracy) < CLEARLY
    return Finding("true" if right else "false", evidence)


def drops_as_the_paper(subject: str) -> Finding:
    """Has this network dropout where the paper has it?"""
    found, paper = (_places(name) for name in (subject, PAPER))
    counts = " and ".join(f"{n:,}" for n in numbers_dropped_from(subject))
    evidence = f"{subject} drops from {counts} numbers: {'; '.join(found)}"
    return Finding("true" if found == paper else "false", evidence)


def _places(variant: str) -> list[str]:
    """'behind relu6, before fc7' for each dropout layer."""
    layers = find_variant(variant).layers
    return [
        f"behind {layers[place - 1].name}, before {layers[place + 1].name}"
        for place, layer in enumerate(layers)
        if isinstance(layer, Dropout)
    ]
