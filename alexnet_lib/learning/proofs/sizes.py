"""Proofs about the sizes of layers."""

from alexnet_lib.architecture.arithmetic import overhang, summarize, window_output_size
from alexnet_lib.architecture.spec import Conv2d
from alexnet_lib.architecture.variants import ALEXNET_2012, find_variant
from alexnet_lib.learning.claims import Finding


def formula_is_exact(subject: str) -> Finding:
    """Is (n + 2p - 11) / 4 + 1 itself 55, for 'n, p'?"""
    size, padding = map(int, subject.split(","))
    raw = (size + 2 * padding - 11) / 4 + 1
    evidence = f"({size} + 2 x {padding} - 11) / 4 + 1 = {raw:g}"
    return Finding("true" if raw == 55 else "false", evidence)


def conv1_is_padded(subject: str) -> Finding:
    """Does the first convolution of this variant have padding, and give 55?"""
    variant = find_variant(subject)
    conv1 = next(layer for layer in variant.layers if isinstance(layer, Conv2d))
    side = next(row for row in summarize(variant) if row.name == conv1.name).out_shape[
        1
    ]
    evidence = (
        f"{variant.name}: {variant.input_shape[1]} pixels, padding {conv1.padding}, "
        f"rounding {variant.rounding}, conv1 gives {side}"
    )
    return Finding("true" if conv1.padding and side == 55 else "false", evidence)


def padding_equals_overhang(subject: str) -> Finding:
    """Does rounding up read as far as a picture of 227 pixels does?"""
    size = int(subject)
    hanging = overhang(size, 11, 4, 0, "ceil")
    by_ceil = window_output_size(size, 11, 4, 0, "ceil")
    by_floor = window_output_size(227, 11, 4)
    evidence = (
        f"{size} rounded up: {by_ceil} positions, the last {hanging} over the edge; "
        f"227 rounded down: {by_floor}"
    )
    same = by_ceil == by_floor and size + hanging == 227
    return Finding("true" if same else "false", evidence)


def same_layers_as_paper(subject: str) -> Finding:
    """Has this variant the paper's layers, in the paper's order?"""
    theirs, ours = find_variant(subject).layers, ALEXNET_2012.layers
    kinds = [type(layer).__name__ for layer in theirs]
    widths = [layer.out_channels for layer in theirs if isinstance(layer, Conv2d)]
    norms = kinds.count("LocalResponseNorm")
    evidence = f"convolutions {widths}, {norms} response normalisations"
    return Finding("true" if theirs == ours else "false", evidence)
