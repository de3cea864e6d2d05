"""Proofs of notebook 11: the update, the hand schedule, and why a rate is lowered."""

import torch

from alexnet_lib.learning.claims import Finding
from alexnet_lib.learning.hand_schedules import RUNS
from alexnet_lib.learning.proofs.beginnings import runs_folder
from alexnet_lib.training.records import RunRecord, find_records
from alexnet_lib.training.updates import paper_update

STEPS = 90
EXACT = 1e-12  # in float64
RATES = {  # how many times the rate is divided by 10, at equal distances
    "one rate": 0,
    "three drops": 3,
}
FAR, LARGE, SMALL = 10.0, 0.01, 0.001  # where weights begin, and two rates
NETWORK = "ALEXNET_QUARTER"  # the network of the recorded comparison


def torch_is_the_papers_rule(subject: str) -> Finding:
    """Are 90 steps of both rules the same, under each of these of RATES?"""
    apart = {name: _largest_difference(RATES[name]) for name in subject.split(", ")}
    evidence = "; ".join(
        f"{name}: " + ("no step differs" if far <= EXACT else f"up to {far:.2g} apart")
        for name, far in apart.items()
    )
    same = {far <= EXACT for far in apart.values()}
    if len(same) == 2:
        return Finding("depends", evidence)
    return Finding("true" if same == {True} else "false", evidence)


def _largest_difference(drops: int) -> float:
    """Of one weight on a slope, by the paper's rule and by `torch.optim.SGD`."""
    weight = torch.zeros(1, dtype=torch.float64)
    velocity = torch.zeros_like(weight)
    other = torch.nn.Parameter(weight.clone())
    sgd = torch.optim.SGD([other], lr=0.01, momentum=0.9, weight_decay=5e-4)
    slope, largest = torch.ones_like(weight), 0.0
    for step in range(STEPS):
        rate = 0.01 / 10 ** (step * (drops + 1) // STEPS)
        sgd.param_groups[0]["lr"] = rate
        weight, velocity = paper_update(weight, slope, velocity, rate)
        other.grad = slope.clone()
        sgd.step()
        largest = max(largest, (weight - other.detach()).abs().item())
    return largest


def one_rate_for_all_layers(subject: str) -> Finding:
    """Had conv1 the rate of the others in every epoch? subject: 'run, last epoch'."""
    name, last = subject.split(", ")
    run = RUNS[name]
    unlike = [
        epoch
        for epoch in range(run.first, int(last))
        if run.rate_at(epoch, "conv1") != run.rate_at(epoch, "conv2")
    ]
    if not unlike:
        return Finding("true", f"run {name}: the same in all epochs before {last}")
    still = sum(run.rate_at(epoch, "conv1") == 0 for epoch in unlike)
    evidence = (
        f"run {name}: conv1 had a rate of its own from epoch {unlike[0]} on, for "
        f"{len(unlike)} epochs, and stood still for {still} of them"
    )
    return Finding("false", evidence)


def divided_by_ten_three_times(subject: str) -> Finding:
    """Three changes, each to a tenth? subject: 'run, layer'."""
    name, layer = subject.split(", ")
    changes = list(RUNS[name].changes_of(layer))
    tenths = [abs(new * 10 - old) < 1e-9 for _epoch, old, new in changes]
    epochs = ", ".join(f"{old:g} to {new:g} at {e}" for e, old, new in changes)
    right = len(changes) == 3 and all(tenths)
    return Finding("true" if right else "false", f"run {name}, {layer}: {epochs}")


def small_rate_does_it_alone(subject: str) -> Finding:
    """Is the small rate as near in the end as the large one followed by the small?

    400 weights, each in a bowl of its own, with gradients blurred as by mini-batches.
    subject: '200 steps'.
    """
    steps = int(subject.removesuffix(" steps"))
    fallen = [LARGE] * (steps // 2) + [SMALL] * (steps - steps // 2)
    alone, both = _distance([SMALL] * steps), _distance(fallen)
    evidence = (
        f"from {FAR:g} away, after {subject}: small rate alone {alone:.2f} from the "
        f"bottom, half of it at the large rate {both:.2f}"
    )
    return Finding("true" if alone <= 1.1 * both else "false", evidence)


def _distance(rates: list[float]) -> float:
    """Of the weights from the bottom in the end: root of the mean square."""
    generator = torch.Generator().manual_seed(0)
    weight = torch.full((400,), FAR, dtype=torch.float64)
    velocity = torch.zeros_like(weight)
    for rate in rates:
        blur = torch.randn(len(weight), generator=generator, dtype=torch.float64)
        gradient = weight + blur
        weight, velocity = paper_update(weight, gradient, velocity, rate, 0.9, 0.0)
    return weight.square().mean().sqrt().item()


def recorded_schedules() -> dict[str, list[RunRecord]]:
    """The quarter-width network at 112 pixels, at one rate and with one cycle.

    In the order of their seeds, and only what is recorded: perhaps one of the two,
    perhaps none.
    """
    found: dict[str, list[RunRecord]] = {}
    for name, experiment in (("one rate", "constant"), ("one cycle", "parts")):
        runs = find_records(runs_folder(), experiment).values()
        plain = [run for run in runs if run.variant == NETWORK]
        if plain:
            found[name] = sorted(plain, key=lambda run: run.seed)
    return found
