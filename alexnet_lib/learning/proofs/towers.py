"""Proofs about the two towers: who reads what, what crosses, what the groups save."""

import torch
from torch.nn import functional as F

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.exchange import Wire
from alexnet_lib.architecture.half_network import build_half
from alexnet_lib.architecture.halves import (
    cut_in_two,
    half_as_many_kernels,
    without_groups,
)
from alexnet_lib.architecture.memory import BYTES_PER_NUMBER, GB
from alexnet_lib.architecture.variants import ALEXNET_2012_SOURCE, find_variant
from alexnet_lib.learning.claims import Finding

ABOUT = 0.01  # "half" may be off by one part in a hundred
HARDLY = 0.05  # a difference of one in twenty passes for "hardly"


def these_layers_cross(subject: str) -> Finding:
    """Are 'name, name, ...' the layers of configuration 145 that read both towers?"""
    named = {word.strip() for word in subject.split(",")}
    rows = cut_in_two(ALEXNET_2012_SOURCE)
    crossing = [row.name for row in rows if any(row.received)]
    inside = [row.name for row in rows if row.in_depth and row.reads == "own half"]
    verdict = "true" if named == set(crossing) else "false"
    return Finding(
        verdict,
        f"{', '.join(crossing)} receive maps from the other tower; {', '.join(inside)} "
        "do not",
    )


def each_holds_half(subject: str) -> Finding:
    """Have the two towers as many parameters? Subject: 'all', or 'all but LAYER'."""
    left_out = subject.removeprefix("all").removeprefix(" but ").strip()
    counts = []
    with torch.device("meta"):
        for rank in range(2):
            half = build_half(ALEXNET_2012_SOURCE, Wire(rank))
            counts.append(
                sum(
                    parameter.numel()
                    for name, parameter in half.named_parameters()
                    if name.partition(".")[0] != left_out
                )
            )
    share = counts[0] / sum(counts)
    verdict = "true" if abs(share - 0.5) <= ABOUT else "false"
    evidence = f"{counts[0]:,} and {counts[1]:,} parameters: {share:.1%} on the first"
    return Finding(verdict, evidence)


def talk_behind_every_layer(subject: str) -> Finding:
    """Does every layer with weights behind conv1 wait for the other tower?"""
    rows = [row for row in cut_in_two(find_variant(subject)) if row.in_depth]
    behind = [row for row in rows if row.reads != "picture"]
    crossing = [row for row in behind if any(row.received)]
    numbers = sum(row.received[0] for row in rows)
    evidence = (
        f"{len(crossing)} of {len(behind)} layers behind conv1 read both; "
        f"{numbers:,} numbers arrive on the first card for one picture"
    )
    return Finding("true" if len(crossing) == len(behind) else "false", evidence)


def groups_hardly_matter(subject: str) -> Finding:
    """Is the network hardly changed without groups, in 'parameters' or 'work'?"""
    count = {"parameters": "num_params", "work": "macs"}[subject]
    with_groups, without = (
        sum(getattr(row, count) for row in summarize(variant))
        for variant in (ALEXNET_2012_SOURCE, without_groups(ALEXNET_2012_SOURCE))
    )
    more = without / with_groups - 1
    unit = "parameters" if subject == "parameters" else "multiply-adds"
    evidence = f"{with_groups:,} {unit} with groups, {without:,} without: {more:+.1%}"
    return Finding("true" if more <= HARDLY else "false", evidence)


def ungrouped_is_too_large(subject: str) -> Finding:
    """Is a card of so many GB too small for its half of the network without groups?"""
    rows = cut_in_two(without_groups(ALEXNET_2012_SOURCE))
    numbers = max(sum(row.num_params[card] for row in rows) for card in range(2))
    size = 3 * BYTES_PER_NUMBER * numbers
    evidence = (
        f"{numbers:,} parameters on the fuller card x {BYTES_PER_NUMBER} bytes x 3 "
        f"(weight, gradient, momentum) = {size / GB:.2f} GB"
    )
    return Finding("true" if size > float(subject) * GB else "false", evidence)


def compared_with_itself_on_one_card(subject: str) -> Finding:
    """Was it the same network, kernel for kernel? Subject: 'half' or 'same' widths."""
    alone = {"half": half_as_many_kernels, "same": without_groups}[subject]
    tables = [summarize(ALEXNET_2012_SOURCE), summarize(alone(ALEXNET_2012_SOURCE))]
    kernels = [[r.out_shape[0] for r in rows if r.kind == "Conv2d"] for rows in tables]
    work = [sum(row.macs for row in rows) for rows in tables]
    evidence = (
        f"kernels {kernels[0]} on two cards, {kernels[1]} on one; "
        f"{work[1] / work[0]:.1%} of the multiply-adds"
    )
    return Finding("true" if kernels[0] == kernels[1] else "false", evidence)


def two_convolutions_side_by_side(subject: str) -> Finding:
    """Is a grouped convolution a dense one with weights of 0 'across' or 'inside'?"""
    generator = torch.Generator().manual_seed(0)
    images = torch.randn(2, 6, 9, 9, generator=generator, dtype=torch.float64)
    weight = torch.randn(8, 3, 3, 3, generator=generator, dtype=torch.float64)
    own, zeros = weight.chunk(2), torch.zeros(4, 3, 3, 3, dtype=torch.float64)
    rows = [torch.cat((own[0], zeros), 1), torch.cat((zeros, own[1]), 1)]
    if subject == "inside":
        rows = [torch.cat((zeros, own[0]), 1), torch.cat((own[1], zeros), 1)]
    dense = F.conv2d(images, torch.cat(rows))
    difference = (F.conv2d(images, weight, groups=2) - dense).abs().max().item()
    verdict = "true" if difference < 1e-12 else "false"
    return Finding(verdict, f"largest difference of the outputs: {difference:.1g}")
