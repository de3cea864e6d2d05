"""Learning rates over a training, and paths down a valley."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from alexnet_lib.figures.style import SERIES_COLOURS, SERIES_MARKERS

LINES = ("-", "--", "-.", ":")  # never colour alone
LEVELS = 9  # contours of a valley


def plot_rates(
    ax: Axes,
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    xlabel: str,
    ylabel: str = "learning rate",
) -> str:
    """Curves (x, value) on a logarithmic axis; a cross where a value becomes 0."""
    said = []
    for number, (name, (places, values)) in enumerate(curves.items()):
        end = next((k for k, value in enumerate(values) if value <= 0), len(values))
        if end == 0:
            raise ValueError(
                f"{name!r} has no value above 0: a log axis cannot show it"
            )
        colour = SERIES_COLOURS[number % len(SERIES_COLOURS)]
        xs, ys = list(places[:end]), list(values[:end])
        stopped = end < len(values)
        if stopped:  # the last value holds until the place of the first 0
            xs, ys = [*xs, places[end]], [*ys, ys[-1]]
            ax.plot(xs[-1:], ys[-1:], "x", color=colour, markersize=10)
            _note_stop(ax, xs[-1], ys[-1])
        style = {"color": colour, "linestyle": LINES[number % len(LINES)]}
        ax.plot(xs, ys, label=name, linewidth=2, drawstyle="steps-post", **style)
        last = "0" if stopped else f"{ys[-1]:.2g}"
        said.append(
            f"{name}: from {ys[0]:.2g}, at most {max(ys):.2g}, in the end {last}"
        )
    ax.set_yscale("log")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return f"{'; '.join(said)}."


def _note_stop(ax: Axes, x: float, y: float) -> None:
    ax.annotate(
        "0 from here on",
        (x, y),
        xytext=(0, -16),
        textcoords="offset points",
        ha="center",
    )


def plot_ravine(
    ax: Axes, curvatures: Sequence[float], paths: Mapping[str, np.ndarray]
) -> str:
    """Paths down the valley with these two curvatures, lowest at (0, 0).

    Shape: each path (steps + 1, 2), its first row the start.
    """
    everything = np.abs(np.concatenate(list(paths.values()))).max(axis=0) * 1.15
    across, down = (np.linspace(-end, end, 120) for end in everything)
    x, y = np.meshgrid(across, down)
    height = (curvatures[0] * x**2 + curvatures[1] * y**2) / 2
    levels = height.max() * np.linspace(0.05, 1, LEVELS) ** 2
    ax.contour(x, y, height, levels=levels, colors="#bbbbbb", linewidths=0.8)
    said = []
    for number, (name, path) in enumerate(paths.items()):
        colour = SERIES_COLOURS[number % len(SERIES_COLOURS)]
        marker = SERIES_MARKERS[number % len(SERIES_MARKERS)]
        ax.plot(*path.T, color=colour, marker=marker, markersize=4, label=name)
        distance = float(np.linalg.norm(path[-1]))
        said.append(f"{name} ends {distance:.2g} from it")
    ax.plot(0, 0, "k+", markersize=12)
    ax.set(xlabel="weight along the valley", ylabel="weight across")
    ax.legend(loc="lower right")
    steps = max(len(path) for path in paths.values()) - 1
    return (
        f"A valley with its lowest point in the middle. After {steps} steps "
        f"{', '.join(said)}."
    )
