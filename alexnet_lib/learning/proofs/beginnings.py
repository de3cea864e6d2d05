"""Proofs of notebook 01: what was there before 2012, and what one run can show."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import prod
from pathlib import Path

from alexnet_lib import runtime
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.learning.claims import Finding
from alexnet_lib.learning.sources import CITED
from alexnet_lib.training.records import RunRecord, load_records

ACTIVATIONS = ("ReLU", "Sigmoid", "Tanh")
DEAR = 20  # multiply-adds for one sigmoid: generous, so that the claim has its chance
NOTICEABLE = 0.1  # of the work


def first_with(subject: str) -> Finding:
    """Is AlexNet the first, among the works it names, with all of these traits?"""
    traits = {trait.strip() for trait in subject.split(",")}
    alexnet = CITED[-1]
    earlier = [w for w in CITED if w.year < alexnet.year and traits <= set(w.traits)]
    if not earlier:
        evidence = f"none of the {len(CITED) - 1} works it names had all of: {subject}"
        return Finding("true", evidence)
    work = earlier[0]
    evidence = (
        f"the paper's own reference [{work.reference}], {work.year}: {work.authors}, "
        f"{work.what}"
    )
    return Finding("false", evidence)


def activations_cost(subject: str) -> Finding:
    """Would sigmoids of 20 multiply-adds each be a tenth of this network's work?"""
    rows = summarize(find_variant(subject))
    macs = sum(row.macs for row in rows)
    count = sum(prod(row.out_shape) for row in rows if row.kind in ACTIVATIONS)
    share = count * DEAR / (macs + count * DEAR)
    evidence = (
        f"{count:,} activations beside {macs:,} multiply-adds: at {DEAR} each they "
        f"would be {share:.1%} of the work"
    )
    return Finding("true" if share >= NOTICEABLE else "false", evidence)


def linear_layers_hold_most(subject: str) -> Finding:
    """Do the linear layers hold over nine tenths of the parameters?"""
    rows = summarize(find_variant(subject))
    total = sum(row.num_params for row in rows)
    linear = sum(row.num_params for row in rows if row.kind == "Linear")
    evidence = f"{linear:,} of {total:,} parameters, {linear / total:.1%}"
    return Finding("true" if linear > 0.9 * total else "false", evidence)


def one_run_decides(subject: str) -> Finding:
    """Would one run of each recorded LeNet, of any seed, rank every pair alike?

    subject: one of MEASURES, and perhaps the networks: "train_loss: LENET5, ...".
    """
    measure, _, names = subject.partition(": ")
    values = recorded(measure)
    if names:
        values = {name: values[name] for name in names.split(", ")}
    pairs = list(combinations(values, 2))
    clear = len(separate_pairs(values))
    evidence = (
        f"by {measure.replace('_', ' ')}, in {clear} of {len(pairs)} pairs every run "
        "of one network is better than every run of the other"
    )
    return Finding("true" if clear == len(pairs) else "false", evidence)


def apart(first: Sequence[float], second: Sequence[float]) -> bool:
    """Whether the ranges of two sets of runs do not overlap."""
    return max(first) < min(second) or max(second) < min(first)


MEASURES: dict[str, Callable[[RunRecord], float]] = {
    "train_loss": lambda record: record.curve[-1].train_loss,  # of the last epoch
    "first_train_loss": lambda record: record.curve[0].train_loss,
    "test_accuracy": lambda record: record.test_accuracy,
}


def recorded(measure: str, experiment: str = "lenet_grid") -> dict[str, list[float]]:
    """One of MEASURES for each recorded run, by network, in the order of the seeds."""
    return by_variant(shipped_records(experiment), measure)


def by_variant(records: Sequence[RunRecord], measure: str) -> dict[str, list[float]]:
    """One of MEASURES for each record, by variant, in the order of the seeds."""
    found: dict[str, list[float]] = {}
    for record in sorted(records, key=lambda record: (record.variant, record.seed)):
        found.setdefault(record.variant, []).append(MEASURES[measure](record))
    return found


def shipped_records(experiment: str) -> list[RunRecord]:
    """The run records of one experiment that the course ships."""
    return load_records(runs_folder(), experiment)


def runs_folder() -> Path:
    """Where the course's run records lie."""
    return runtime.course_file("runs/README.md").parent


def separate_pairs(values: Mapping[str, Sequence[float]]) -> set[frozenset[str]]:
    """The pairs of networks whose ranges do not overlap."""
    return {
        frozenset((a, b))
        for a, b in combinations(values, 2)
        if apart(values[a], values[b])
    }
