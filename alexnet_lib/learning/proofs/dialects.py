"""Proofs about the dialects of one network: same words, other answers."""

import torch
from torch.nn import functional as F

from alexnet_lib.architecture import layers, spec
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.halves import narrowed
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import ALEXNET_2012, find_variant
from alexnet_lib.learning.claims import Finding

SAME = 1e-5  # of the largest output: what float32 may round away
STD = 20.0  # of what reaches a normalisation when pictures go from 0 to 255


def same_parameters_same_answers(subject: str) -> Finding:
    """Does the paper's network with these weights answer as this variant does?

    A quarter of the width, to save time; the order of the layers is what is compared.
    """
    paper, other = (narrowed(each, 4) for each in (ALEXNET_2012, find_variant(subject)))
    counts = [sum(row.num_params for row in summarize(each)) for each in (paper, other)]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        models = [build_model(each).eval() for each in (paper, other)]
        images = 60 * torch.randn(2, *paper.input_shape)
    models[1].load_state_dict(models[0].state_dict())
    with torch.no_grad():
        expected, answer = (model(images) for model in models)
    apart = ((answer - expected).abs().max() / expected.abs().max()).item()
    evidence = (
        f"{counts[0]:,} and {counts[1]:,} parameters, loaded without a complaint; the "
        f"largest difference is {apart:.1%} of the largest output"
    )
    return Finding("true" if apart <= SAME else "false", evidence)


def normalises_as_printed(subject: str) -> Finding:
    """Is this the paper's formula? 'depth_radius, bias, alpha, beta' of TensorFlow."""
    radius, bias, alpha, beta = (float(word) for word in subject.split(","))
    generator = torch.Generator().manual_seed(0)
    maps = STD * torch.randn(1, 96, 13, 13, generator=generator).relu()
    theirs = layers.LocalResponseNorm(2 * int(radius) + 1, alpha, beta, bias)(maps)
    ours = layers.LocalResponseNorm()(maps)
    same = (theirs - ours).abs().max() <= SAME * ours.abs().max()
    evidence = (
        f"of a standard deviation of {maps.std():.1f} these settings leave "
        f"{theirs.std():.2f}, the paper's {ours.std():.2f}"
    )
    return Finding("true" if same else "false", evidence)


def zeros_are_those_of_2012(subject: str) -> Finding:
    """Does conv1 on 224 pixels give 2012's maps with zeros at 'side, side'?"""
    sides = {word.strip() for word in subject.split(",")}
    first = ALEXNET_2012.layers[0]
    overhanging = layers.CeilConv2d(3, 8, first.kernel_size, first.stride)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        overhanging.weight.normal_(generator=generator)
        images = torch.randn(1, 3, 224, 224, generator=generator)
        zeros = [3 * (side in sides) for side in ("left", "right", "top", "bottom")]
        padded = F.pad(images, zeros)
        maps = F.conv2d(padded, overhanging.weight, overhanging.bias, first.stride)
        expected = overhanging(images)
    if maps.shape != expected.shape:
        return Finding("false", f"maps of {tuple(maps.shape[2:])}")
    apart = ((maps - expected).abs().max() / expected.abs().max()).item()
    evidence = (
        f"both give {maps.shape[2]} x {maps.shape[3]}; the largest difference is "
        f"{apart:.0%} of the largest value"
    )
    return Finding("true" if apart <= SAME else "false", evidence)


def norm_feeds_relu(subject: str) -> Finding:
    """Does the ReLU of a layer read what its normalisation puts out, in this variant?

    A pooling between them makes no difference: it commutes with the ReLU.
    """
    found = {}
    table = find_variant(subject).layers
    for place, layer in enumerate(table):
        if isinstance(layer, spec.LocalResponseNorm):
            behind = [
                each
                for each in table[place + 1 :]
                if isinstance(each, spec.ReLU | spec.Conv2d)
            ]
            found[layer.name] = isinstance(behind[0], spec.ReLU)
    words = {True: "before the ReLU", False: "behind the ReLU"}
    evidence = ", ".join(f"{name} {words[before]}" for name, before in found.items())
    if len(set(found.values())) == 2:
        return Finding("depends", evidence)
    return Finding("true" if all(found.values()) else "false", evidence)


def same_row_of_numbers(subject: str) -> Finding:
    """Does a flattened map come out in torch's order? Subject: 'first' or 'last'.

    Where the channels stand before it is flattened.
    """
    maps = torch.arange(2 * 3 * 4).reshape(1, 2, 3, 4)  # (N, C, H, W)
    theirs = maps if subject == "first" else maps.permute(0, 2, 3, 1)
    rows = [each.flatten(1)[0].tolist() for each in (maps, theirs)]
    evidence = f"torch {rows[0][:4]} ..., with channels {subject} {rows[1][:4]} ..."
    return Finding("true" if rows[0] == rows[1] else "false", evidence)
