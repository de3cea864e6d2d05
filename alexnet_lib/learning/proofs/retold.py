"""Proofs about what has been retold: results, captions, and what came after."""

from math import prod

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.model import check_input
from alexnet_lib.architecture.variants import (
    ALEXNET_2012,
    ALEXNET_TORCHVISION,
    LENET5,
)
from alexnet_lib.learning.checks.captions import CAPTION, VGG, ZF
from alexnet_lib.learning.claims import Finding
from alexnet_lib.learning.published import SECOND_PLACE
from alexnet_lib.learning.results_2012 import RESULTS

WON = min(entry.top5_test for entry in RESULTS if entry.top5_test)
PAPER = {row.name: row for row in summarize(ALEXNET_2012)}


def one_network_misses(subject: str) -> Finding:
    """Is this an error of one network that saw no further data, in per cent?"""
    error, found = float(subject), "false"
    for entry in RESULTS:
        if error in (entry.top5_valid, entry.top5_test):
            words = f"{entry.networks} networks, {entry.pretrained} of them pre-trained"
            if (entry.networks, entry.pretrained) == (1, 0):
                words, found = "one network, with no further data", "true"
            return Finding(found, f"{error} %: {words}")
    return Finding("false", f"{error} % is no row of the paper's table")


def lower_by_per_cent(subject: str) -> Finding:
    """Is the winner's error lower than the second's by so many per cent of it?"""
    points = SECOND_PLACE - WON
    share = 100 * points / SECOND_PLACE
    evidence = (
        f"{SECOND_PLACE} - {WON} = {points:.1f} points, which is {share:.1f} % of "
        f"{SECOND_PLACE}"
    )
    return Finding("true" if f"{share:.1f}" == subject else "false", evidence)


def caption_is_right(subject: str) -> Finding:
    """Does the caption of Figure 2 give this layer the neurons that it has?"""
    counted = prod(PAPER[subject].out_shape)
    shape = " x ".join(map(str, PAPER[subject].out_shape))
    evidence = f"{subject}: printed {CAPTION[subject]:,}, counted {shape} = {counted:,}"
    return Finding("true" if CAPTION[subject] == counted else "false", evidence)


def each_convolution_has(subject: str) -> Finding:
    """Has each convolution of the paper one of these, before the next one?"""
    having, current = {}, ""
    for layer in ALEXNET_2012.layers:
        if isinstance(layer, spec.Conv2d):
            current = layer.name
            having[current] = False
        elif isinstance(layer, spec.Flatten):
            break
        elif type(layer).__name__ == subject:
            having[current] = True
    names = [name for name, has in having.items() if has]
    evidence = f"{subject} behind {', '.join(names) or 'none'}, of {len(having)}"
    return Finding("true" if all(having.values()) else "false", evidence)


def takes_any_size(subject: str) -> Finding:
    """Does torchvision's network take a picture of this side?"""
    side = int(subject)
    try:
        check_input(ALEXNET_TORCHVISION, (3, side, side))
    except ValueError as error:
        return Finding("false", f"{side} pixels: {error}")
    return Finding("true", f"{side} pixels go through")


def stem_is_cheaper(subject: str) -> Finding:
    """Is this first stage, 'ZF or VGG, measure', cheaper than the paper's conv1?"""
    name, measure = (word.strip() for word in subject.split(","))
    field = {"parameters": "num_params", "multiply-adds": "macs"}[measure]
    theirs = sum(getattr(row, field) for row in summarize({"ZF": ZF, "VGG": VGG}[name]))
    ours = getattr(PAPER["conv1"], field)
    whole = sum(getattr(row, field) for row in PAPER.values())
    evidence = (
        f"{name}'s {theirs:,} {measure}, conv1's {ours:,}, all of AlexNet's {whole:,}"
    )
    return Finding("true" if theirs < ours else "false", evidence)


def times_the_channels(subject: str) -> Finding:
    """Have AlexNet's first two layers so many times the channels of LeNet's?"""
    widths = [
        [layer.out_channels for layer in table.layers if isinstance(layer, spec.Conv2d)]
        for table in (ALEXNET_2012, LENET5)
    ]
    pairs = list(zip(*widths, strict=False))
    evidence = ", ".join(
        f"{ours} / {theirs} = {ours / theirs:g}" for ours, theirs in pairs
    )
    fits = all(ours == int(subject) * theirs for ours, theirs in pairs)
    return Finding("true" if fits else "false", evidence)


def have_4096_each(subject: str) -> Finding:
    """Have all of 'layer, layer, ...' 4,096 outputs?"""
    names = [word.strip() for word in subject.split(",")]
    counts = {name: prod(PAPER[name].out_shape) for name in names}
    evidence = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    return Finding("true" if set(counts.values()) == {4096} else "false", evidence)
