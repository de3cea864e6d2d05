"""Proofs of notebook 14: pretrained networks, their pictures, and maps of evidence."""

import torch
from torch import nn

from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.inside.attribution import saliency
from alexnet_lib.learning.claims import Finding
from alexnet_lib.learning.pretrained import imagenet_classes
from alexnet_lib.learning.shipped import first_shipped, prepare

SEED = 0
SURE = 0.5  # a probability above this is called high
NETWORKS, SIDE, THING = 20, 24, slice(8, 16)  # a bright square of 8 x 8 in the middle
CLEARLY = 2.0  # times what chance would give


def weights_of_2012_fit(subject: str) -> Finding:
    """Do the tensors of the paper's network fit, one by one, into this variant?"""
    shapes = {}
    for name in ("ALEXNET_2012", subject):
        with torch.device("meta"):
            state = build_model(find_variant(name)).state_dict()
        shapes[name] = {key: tuple(tensor.shape) for key, tensor in state.items()}
    paper, other = shapes["ALEXNET_2012"], shapes[subject]
    unlike = [key for key in paper if paper[key] != other.get(key)]
    if not unlike and len(other) == len(paper):
        return Finding("true", f"all {len(paper)} tensors have the shapes of {subject}")
    first = unlike[0]
    evidence = (
        f"{len(unlike)} of {len(paper)} tensors do not fit; the first is {first}: "
        f"{paper[first]} in 2012, {other.get(first)} in {subject}"
    )
    return Finding("false", evidence)


def wrong_pictures_raise(subject: str) -> Finding:
    """Does a first layer stop at pictures prepared so? 'BGR', 'bytes', 'RGBA'."""
    generator = torch.Generator().manual_seed(SEED)
    right = torch.rand(1, 3, 32, 32, generator=generator)
    alpha = torch.ones(1, 1, 32, 32)
    wrong = {
        "BGR": right.flip(1),
        "bytes": 255 * right,
        "RGBA": torch.cat([right, alpha], dim=1),
    }[subject]
    torch.manual_seed(SEED)
    layer = nn.Conv2d(3, 8, 11, stride=4)
    with torch.no_grad():
        try:
            moved = (layer(wrong) - layer(right)).abs().max().item()
        except RuntimeError:
            return Finding(
                "true", f"{subject}: the first convolution refuses 4 channels"
            )
    evidence = f"{subject}: no error, and outputs of conv1 move by up to {moved:.2g}"
    return Finding("false", evidence)


def map_on_the_thing_is_knowledge(subject: str) -> Finding:
    """Only where a network was trained does the map lie on the thing?

    subject: 'gradient x picture' or 'saliency'; of networks that learned nothing.
    """
    torch.manual_seed(SEED)
    picture = torch.zeros(1, 1, SIDE, SIDE)
    picture[..., THING, THING] = 1
    shares = []
    for _number in range(NETWORKS):
        network = nn.Sequential(
            nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2)
        )
        network(picture)  # the last layer learns its size, nothing else
        found = saliency(network, picture, [0])
        if subject == "gradient x picture":
            found = found * picture[:, 0].abs()
        shares.append((found[:, THING, THING].sum() / found.sum()).item())
    thing = (THING.stop - THING.start) ** 2 / SIDE**2
    mean = sum(shares) / len(shares)
    evidence = (
        f"{subject}, {NETWORKS} untrained networks: {mean:.0%} of the map lies on a "
        f"square that fills {thing:.0%} of the picture"
    )
    return Finding("false" if mean > CLEARLY * thing else "true", evidence)


def strange_pictures_get_low_shares(subject: str) -> Finding:
    """Does no class get a high probability for noise? 'trained' or 'untrained'."""
    network = first_shipped("quarter", "lenet").network
    channels = network.spec.input_shape[0]
    generator = torch.Generator().manual_seed(SEED)
    noise = torch.rand(20, channels, 28, 28, generator=generator).mul(255).byte()
    model = network.model
    if subject == "untrained":
        torch.manual_seed(SEED)
        model = build_model(network.spec).eval()
    with torch.no_grad():
        shares = model(prepare(network, noise)).softmax(dim=1).amax(dim=1)
    high = int((shares > SURE).sum())
    evidence = (
        f"{subject}, {len(noise)} pictures of noise: {high} get a class with more than "
        f"{SURE:.0%}, the highest {shares.max():.0%}"
    )
    return Finding("false" if high else "true", evidence)


def is_a_class(subject: str) -> Finding:
    """Is this word a class of ImageNet's 1000, or the last word of one's name?"""
    found = [
        name
        for name in imagenet_classes()
        if name.lower().split()[-1:] == [subject.lower()]
    ]
    words = ", ".join(found[:3]) or "none"
    evidence = f"classes of 1000 whose name ends with {subject!r}: {words}"
    return Finding("true" if found else "false", evidence)
