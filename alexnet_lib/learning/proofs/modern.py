"""Proofs of notebook 13: what came after 2012, and what one run of each can show."""

import torch
from torch import nn

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.architecture.variants import ALEXNET_SMALL_32, ALEXNET_SMALL_32_FC
from alexnet_lib.learning import recorded
from alexnet_lib.learning.checks.modern_costs import for_cifar
from alexnet_lib.learning.claims import Finding

LOUDER = 10.0
SAME = 0.02  # relative


def answer_depends_on_neighbours(subject: str) -> Finding:
    """Does a picture get another answer beside other pictures? 'eval' or 'train'."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(7200, 10)
        )
        network.train(subject == "train")
        picture, others = torch.rand(1, 3, 32, 32), torch.rand(2, 7, 3, 32, 32)
        with torch.no_grad():
            first, second = (
                network(torch.cat([picture, beside])).softmax(dim=1)[0]
                for beside in others
            )
    moved = (first - second).abs().max().item()
    evidence = (
        f"in {subject} mode one picture, asked with two sets of neighbours, got "
        f"probabilities up to {100 * moved:.2g} points apart"
    )
    return Finding("true" if moved > 1e-6 else "false", evidence)


def evens_out(subject: str) -> Finding:
    """Do loud and quiet maps come out at one scale? 'LRN' or 'BatchNorm'."""
    rule = LocalResponseNorm() if subject == "LRN" else nn.BatchNorm2d(9)
    generator = torch.Generator().manual_seed(0)
    maps = torch.rand(4, 9, 6, 6, generator=generator)
    with torch.no_grad():
        ratio = (rule(LOUDER * maps).std() / rule(maps).std()).item()
    evidence = (
        f"{subject}: maps that are {LOUDER:g} times as loud come out {ratio:.2f} times "
        "as loud"
    )
    return Finding("true" if abs(ratio - 1) < SAME else "false", evidence)


def becomes_small(subject: str) -> Finding:
    """Are over half of the parameters gone? subject: 'first layer' or 'average'.

    A first layer of 3 x 3 in torchvision's network; or an average instead of fc6 and
    fc7 in the quarter-width one.
    """
    if subject == "first layer":
        before, after = for_cifar(small_stem=False), for_cifar(small_stem=True)
    else:
        before, after = ALEXNET_SMALL_32_FC, ALEXNET_SMALL_32
    old, new = (
        sum(row.num_params for row in summarize(spec)) for spec in (before, after)
    )
    evidence = f"{old:,} parameters before, {new:,} after: {1 - new / old:.2%} fewer"
    return Finding("true" if 2 * new < old else "false", evidence)


def seeds_rank_alike(subject: str) -> Finding:
    """Would each seed alone give the same order, best first?

    subject: an experiment, and how the names of its runs begin: "lenet_grid, lenet".
    """
    experiment, _, beginning = subject.partition(", ")
    by_seed: dict[str, dict[str, float]] = {}
    for name, run in recorded.runs(experiment).items():
        if name.startswith(beginning):
            group, _, seed = name.rpartition("_seed")
            by_seed.setdefault(seed, {})[group] = run.test_accuracy
    orders = {
        tuple(sorted(found, key=lambda group: -found[group]))
        for found in by_seed.values()
    }
    settings = len(next(iter(orders)))
    found = "one order" if len(orders) == 1 else f"{len(orders)} different orders"
    evidence = (
        f"{settings} recorded settings, {len(by_seed)} seeds: sorted by test accuracy, "
        f"the seeds give {found}"
    )
    return Finding("true" if len(orders) == 1 else "false", evidence)
