"""Runs that differ in one share, such as dropout's: every seed, and what is missing."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from alexnet_lib.figures.style import SERIES_COLOURS, SERIES_MARKERS


def plot_by_share(
    ax: Axes, runs: Mapping[float, Sequence[float]], measure: str, title: str
) -> str:
    """A mark for each run over its share, a line from lowest to highest of each.

    runs: share dropped: accuracies from 0 to 1; measure: name and unit, in percent.
    A share without runs, or none at all, is drawn as nothing and said in words.
    """
    said = []
    for share, values in runs.items():
        percent = [100 * value for value in values]
        if not percent:
            said.append(f"dropout {share:g}: no run yet")
            continue
        low, high = min(percent), max(percent)
        ax.plot(
            [share, share],
            [low, high],
            color=SERIES_COLOURS[0],
            linewidth=7,
            alpha=0.4,
            solid_capstyle="butt",
        )
        ax.plot(
            [share] * len(percent),
            percent,
            SERIES_MARKERS[0],
            color=SERIES_COLOURS[0],
        )
        said.append(f"dropout {share:g}: {low:.1f} to {high:.1f} %")
    ax.set(xlabel="share dropped, p", ylabel=measure, title=title, xlim=(-0.1, 0.9))
    if not any(runs.values()):
        ax.text(0.4, 0.5, "no run recorded yet", ha="center", va="center")
        ax.set(ylim=(0, 1), yticks=[])
        return f"{title}: no run recorded yet."
    return f"{title}, {measure}: {'; '.join(said)}."
