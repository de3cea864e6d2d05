"""Curves of scalars by step, as a log holds them."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from alexnet_lib.figures.style import SERIES_COLOURS, SERIES_MARKERS

LINES = ("-", "--", ":", "-.")


def plot_scalars(
    ax: Axes, runs: Mapping[str, Sequence[tuple[int, float]]], measure: str
) -> str:
    """One line for each run, of (step, value) pairs; a marker on its last value.

    measure: name and unit of the values.
    """
    said = []
    for number, (name, series) in enumerate(runs.items()):
        steps, values = zip(*series, strict=True)
        colour = SERIES_COLOURS[number % len(SERIES_COLOURS)]
        style = LINES[number % len(LINES)]
        ax.plot(steps, values, style, color=colour, linewidth=1.3, label=name)
        marker = SERIES_MARKERS[number % len(SERIES_MARKERS)]
        ax.plot(steps[-1], values[-1], marker, color=colour)
        said.append(f"{name} {values[0]:.3g} to {values[-1]:.3g}")
    ax.set(xlabel="step, mini-batches", ylabel=measure)
    ax.legend()
    return f"{measure}, first to last step: {', '.join(said)}."
