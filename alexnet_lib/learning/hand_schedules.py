"""The learning rates of 2012, as they were changed by hand in the middle of a run.

Read in the notes at the end of `layers/layer-params-*.cfg` of the released code. An
epoch that a note names counts as the first at the new rate.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Layers = Literal["all", "conv1", "all but conv1"]

START = 0.01  # of the weights; the notes of each run begin from it
DECAY = 0.0005  # `wc` of every layer; the code hands 0 to the biases (`layer.cu`)
BIAS_RATE = 0.02  # `epsB` in the file of run 145; no note says that it was changed


@dataclass(frozen=True, kw_only=True)
class Change:
    """From this epoch on, the weights of these layers learn at this rate."""

    epoch: int
    layers: Layers
    rate: float

    def concerns(self, layer: str) -> bool:
        """Whether the change is for this layer."""
        if self.layers == "all":
            return True
        return (layer == "conv1") == (self.layers == "conv1")

    def __str__(self) -> str:
        return f"epoch {self.epoch:>3}: rate {self.rate:g} for {self.layers}"


@dataclass(frozen=True, kw_only=True)
class HandRun:
    """One training whose rate was changed by hand, and what came of it."""

    name: str  # the number of its configuration
    what: str
    changes: tuple[Change, ...]
    killed: int  # the epoch in which it was stopped
    top1_error: float  # from 0 to 1, as noted; ten views of each picture averaged
    top5_error: float
    first: int = 0  # the epoch it starts from
    start: float = START

    def rate_at(self, epoch: int, layer: str) -> float:
        """The rate of a layer's weights in this epoch; `layer` such as 'conv1'."""
        if not self.first <= epoch <= self.killed:
            raise ValueError(
                f"run {self.name} has no epoch {epoch}: it went from {self.first} to "
                f"{self.killed}"
            )
        rate = self.start
        for change in self.changes:
            if change.epoch <= epoch and change.concerns(layer):
                rate = change.rate
        return rate

    def rates(self, layer: str) -> list[float]:
        """The rate of each epoch, from the first to the one before it was stopped."""
        return [self.rate_at(e, layer) for e in range(self.first, self.killed)]

    def changes_of(self, layer: str) -> Iterator[tuple[int, float, float]]:
        """(epoch, old rate, new rate) of a layer, in order."""
        rate = self.start
        for change in self.changes:
            if change.concerns(layer):
                yield change.epoch, rate, change.rate
                rate = change.rate


def _run(
    name: str, what: str, *notes: tuple[int, Layers, float], **rest: float
) -> HandRun:
    changes = tuple(Change(epoch=e, layers=layers, rate=r) for e, layers, r in notes)
    return HandRun(name=name, what=what, changes=changes, **rest)


RUNS = {
    run.name: run
    for run in (
        _run(
            "145",
            "the paper's network, pictures of 2012",
            (25, "all", 1e-3),
            (51, "all", 1e-4),
            (67, "conv1", 1e-5),
            (72, "conv1", 0.0),
            (79, "all but conv1", 1e-5),
            killed=91,
            top1_error=0.40664,
            top5_error=0.1821,
        ),
        _run(
            "145-2010",
            "the paper's network, pictures of 2010",
            (23, "all", 1e-3),
            (51, "all", 1e-4),
            (68, "conv1", 1e-5),
            (72, "conv1", 0.0),
            (78, "all but conv1", 1e-5),
            killed=93,
            top1_error=0.374727,
            top5_error=0.169987,
        ),
        _run(
            "147",
            "145 with pooling that does not overlap",
            (23, "all", 1e-3),
            (51, "all", 1e-4),
            (79, "conv1", 0.0),
            (79, "all but conv1", 1e-5),
            killed=90,
            top1_error=0.41058,
            top5_error=0.1851,
        ),
        _run(
            "148",
            "145 without normalisation",
            (22, "all", 1e-3),
            (44, "all", 1e-4),
            (69, "conv1", 1e-5),
            (73, "conv1", 0.0),
            (86, "all but conv1", 1e-5),
            killed=97,
            top1_error=0.42034,
            top5_error=0.19362,
        ),
        # The same weights again: "pushing learning rate back up". conv1 stays at 0.
        _run(
            "145 again",
            "145 from epoch 91 on, rate up again",
            (91, "conv1", 0.0),
            (107, "all but conv1", 1e-4),
            (124, "all but conv1", 1e-5),
            first=91,
            start=1e-3,
            killed=135,
            top1_error=0.4025,
            top5_error=0.17994,
        ),
    )
}
