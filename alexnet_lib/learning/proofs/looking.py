"""Proofs of notebook 08: what filters can learn, units see, and bright pixels cause."""

import torch
import torch.nn.functional as F

from alexnet_lib.architecture.arithmetic import receptive_field, summarize
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.inside.attribution import saliency
from alexnet_lib.inside.patches import line_basis, line_windows
from alexnet_lib.learning.claims import Finding

COLOURS = (1, 3)  # channels of a picture: grey, or red, green and blue


def all_numbers_are_learned(subject: str) -> Finding:
    """Does every number of a filter get a gradient of its own?

    subject: 'stored side, shown side, kernel, stride, padding' of a first layer.
    """
    small, large, side, stride, padding = map(int, subject.split(","))
    basis = line_basis(line_windows(small, large, side, stride, padding))
    rank = basis.shape[1]
    draw = torch.Generator().manual_seed(0)
    kernel = torch.randn(1, 1, side, side, generator=draw, dtype=torch.float64)
    pictures = torch.rand(4, 1, small, small, generator=draw, dtype=torch.float64)
    shown = F.interpolate(pictures, size=large, mode="bilinear")
    kernel.requires_grad_()
    F.conv2d(shown, kernel, stride=stride, padding=padding).sin().sum().backward()
    onto = basis @ basis.T
    outside = (kernel.grad - onto @ kernel.grad @ onto).norm() / kernel.grad.norm()
    evidence = (
        f"windows of {side} x {side} on pictures of {small} pixels, shown at {large}, "
        f"span {rank**2} of {side**2} dimensions; of a gradient {outside.item():.0e} "
        "lies outside them"
    )
    return Finding("true" if rank == side else "false", evidence)


def filters_are_pictures(subject: str) -> Finding:
    """Can the filters of 'variant, layer' be shown as pictures, whole?"""
    name, layer = (word.strip() for word in subject.split(","))
    (row,) = (row for row in summarize(find_variant(name)) if row.name == layer)
    deep = row.in_shape[0]
    evidence = f"a filter of {layer} in {name} reads {deep} maps; a picture has 1 or 3"
    return Finding("true" if deep in COLOURS else "false", evidence)


def sees_the_whole_picture(subject: str) -> Finding:
    """Does each unit of 'variant, layer' see all of the picture?"""
    name, layer = (word.strip() for word in subject.split(","))
    spec = find_variant(name)
    field, side = receptive_field(spec, layer), spec.input_shape[1]
    evidence = f"{layer} in {name}: " + (
        f"each unit sees all {side} x {side} pixels"
        if field is None
        else f"a unit sees {field} x {field} of {side} x {side} pixels"
    )
    return Finding("true" if field is None or field >= side else "false", evidence)


def brightest_matters_most(subject: str) -> Finding:
    """Is the pixel of the largest saliency the one whose covering costs most?

    subject: the two pixels 'a, b' of a picture; the network's logit is 5 a + b.
    """
    pixels = torch.tensor([float(word) for word in subject.split(",")])
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(2, 1, bias=False))
    network[1].weight.data = torch.tensor([[5.0, 1.0]])
    picture = pixels.view(1, 1, 1, 2)
    bright = saliency(network, picture, [0]).flatten()
    with torch.no_grad():
        whole = network(picture).item()
        lost = [  # with a covered, with b covered
            whole - network(picture * torch.tensor(left)).item()
            for left in ((0.0, 1.0), (1.0, 0.0))
        ]
    evidence = (
        f"logit 5 a + b, at a = {pixels[0]:g} and b = {pixels[1]:g}: the saliency is "
        f"{bright[0]:g} and {bright[1]:g}; covered with black, a costs {lost[0]:g} and "
        f"b {lost[1]:g}"
    )
    first = lost[0] > lost[1]
    return Finding(
        "true" if first == bool(bright[0] > bright[1]) else "false", evidence
    )
