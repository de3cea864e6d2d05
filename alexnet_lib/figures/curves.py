"""Losses, learning curves and the ranges of several seeds."""

from collections.abc import Mapping, Sequence
from math import exp, log
from typing import Protocol

from matplotlib.axes import Axes

from alexnet_lib.figures.style import SERIES_COLOURS, SERIES_MARKERS


class Epoch(Protocol):
    """What a curve needs of one epoch; `training.results.EpochResult` is one."""

    epoch: int
    train_loss: float
    valid_loss: float | None


def plot_learning_curves(ax: Axes, runs: Mapping[str, Sequence[Epoch]]) -> str:
    """Training loss by epoch of each run, and validation loss where there is one."""
    both = any(row.valid_loss is not None for curve in runs.values() for row in curve)
    for number, (name, curve) in enumerate(runs.items()):
        colour = SERIES_COLOURS[number % len(SERIES_COLOURS)]
        marker = SERIES_MARKERS[number % len(SERIES_MARKERS)]
        epochs = [row.epoch for row in curve]
        losses = [row.train_loss for row in curve]
        label = f"{name}, training" if both else name
        ax.plot(epochs, losses, color=colour, marker=marker, label=label)
        valid = [(r.epoch, r.valid_loss) for r in curve if r.valid_loss is not None]
        if valid:
            style = {"color": colour, "marker": marker, "fillstyle": "none"}
            label = f"{name}, validation"
            ax.plot(*zip(*valid, strict=True), "--", label=label, **style)
    kind = "loss" if both else "training loss"
    ax.set(xlabel="epoch", ylabel=f"mean {kind}, nats per picture")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    last = ", ".join(f"{n} {c[-1].train_loss:.2f}" for n, c in runs.items() if c)
    return f"Mean training loss after the last epoch: {last}."


def plot_loss_of_probability(ax: Axes, marks: Mapping[str, float]) -> str:
    """The curve -log p, with named losses marked on it."""
    steps = [(k + 1) / 400 for k in range(400)]
    ax.plot(steps, [-log(p) for p in steps], color=SERIES_COLOURS[0])
    pairs = zip(marks.items(), SERIES_MARKERS, strict=False)
    for (name, loss), marker in pairs:
        p = exp(-loss)
        ax.plot(p, loss, marker, color=SERIES_COLOURS[1], markersize=9)
        right = p > 0.5  # of the middle: the words go to the left of the mark
        ax.annotate(
            f"{name}: loss {loss:.2f}, p = {p:.2g}",
            (p, loss),
            xytext=(6 if right else 12, 32 if right else 2),
            textcoords="offset points",
            ha="right" if right else "left",
        )
    ax.set(
        xlabel="p, the probability given to the right class",
        ylabel="loss = -log p, nats",
        xlim=(0, 1.02),
    )
    said = "; ".join(
        f"{n}: loss {v:.2f} is p = {exp(-v):.2g}" for n, v in marks.items()
    )
    return f"The loss -log p falls from over 6 to 0 as p rises to 1. {said}."


def plot_seed_ranges(
    ax: Axes, runs: Mapping[str, Sequence[float]], measure: str, scale: float = 1.0
) -> str:
    """One row per network: a bar from its lowest to its highest run, a mark per run.

    measure: name and unit of the values; scale: what they are multiplied by, 100 for %.
    """
    names = list(runs)
    said = []
    for row, name in enumerate(names):
        values = [scale * value for value in runs[name]]
        colour = SERIES_COLOURS[row % len(SERIES_COLOURS)]
        low, high = min(values), max(values)
        ax.plot([low, high], [row, row], color=colour, linewidth=7, alpha=0.4)
        marker = SERIES_MARKERS[row % len(SERIES_MARKERS)]
        ax.plot(values, [row] * len(values), marker, color=colour)
        said.append(f"{name} {low:.4g} to {high:.4g}")
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(axis="x", color="#dddddd")
    ax.set(xlabel=measure)
    return f"{measure}, lowest to highest seed: {', '.join(said)}."
