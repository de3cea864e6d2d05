"""A layer table with one wrong row: the mistakes that people make in counting."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.arithmetic import LayerSummary
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.classroom.assignments.arithmetic_and_cost.network import weighted_rows

Counts = tuple[int, int]  # parameters, multiply-adds


@dataclass(frozen=True)
class Row:
    """A layer with what is needed to count it, rightly or wrongly."""

    weights: int
    outputs: int  # one bias each
    inputs: int
    positions: int
    kernel_size: int = 1
    groups: int = 1
    input_positions: int = 1

    def counts(self, weights: int | None = None) -> Counts:
        weights = self.weights if weights is None else weights
        return weights + self.outputs, weights * self.positions


MISTAKES: dict[str, Callable[[Row], Counts]] = {
    "biases forgotten": lambda row: (row.weights, row.counts()[1]),
    "groups ignored": lambda row: row.counts(row.weights * row.groups),
    "kernel not squared": lambda row: row.counts(row.weights // row.kernel_size),
    "positions of the input": lambda row: (
        row.counts()[0],
        row.weights * row.input_positions,
    ),
    "FLOPs for multiply-adds": lambda row: (row.counts()[0], 2 * row.counts()[1]),
    "a bias for every input": lambda row: (row.weights + row.inputs, row.counts()[1]),
}


@dataclass(frozen=True)
class WrongTable:
    """Counts by layer as somebody posted them; `layer` is the wrong row."""

    counts: dict[str, Counts]
    layer: str
    mistake: str
    right: Counts


def draw_wrong_table(draw: random.Random, network: ModelSpec) -> WrongTable:
    """One mistake in one row, such that no other mistake gives the same numbers."""
    rows = describe(network)
    right = {name: row.counts() for name, row in rows.items()}
    choices = []
    for name, row in rows.items():
        wrong = {mistake: count(row) for mistake, count in MISTAKES.items()}
        for mistake, counts in wrong.items():
            if counts != right[name] and list(wrong.values()).count(counts) == 1:
                choices.append((name, mistake, counts))
    # The mistake first: most of them fit several layers, and each is as likely.
    mistake = draw.choice(sorted({choice[1] for choice in choices}))
    name, _, counts = draw.choice(
        [choice for choice in choices if choice[1] == mistake]
    )
    return WrongTable({**right, name: counts}, name, mistake, right[name])


def describe(network: ModelSpec) -> dict[str, Row]:
    """Every layer with weights, taken apart for counting."""
    layers = {layer.name: layer for layer in network.layers}
    return {
        name: _row(layers[name], summary)
        for name, summary in weighted_rows(network).items()
    }


def _row(layer: spec.LayerSpec, summary: LayerSummary) -> Row:
    outputs = summary.out_shape[0]
    weights = summary.num_params - outputs
    if not isinstance(layer, spec.Conv2d):
        return Row(weights, outputs, summary.in_shape[0], 1)
    return Row(
        weights,
        outputs,
        summary.in_shape[0],
        summary.out_shape[1] ** 2,
        layer.kernel_size,
        layer.groups,
        summary.in_shape[1] ** 2,
    )


def as_text(table: WrongTable) -> str:
    """The table as it was posted."""
    lines = ["layer     parameters   multiply-adds"]
    lines += [f"{name:<6} {p:>13,} {m:>15,}" for name, (p, m) in table.counts.items()]
    return "\n".join(lines)
