"""A picture and the maps of its evidence, and how often such maps are right."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from alexnet_lib.figures.style import SERIES_COLOURS

HATCHES = ("", "//", "..")
WHITE = 0.99  # this share of a map is darker than white: a few peaks hide the rest


def plot_evidence(
    axes: Sequence[Axes], picture: np.ndarray, maps: Mapping[str, np.ndarray], name: str
) -> str:
    """A picture, and beside it maps of what speaks for a class, each on its scale.

    picture: (H, W); maps: (h, w), stretched over the picture's area; name: the picture.
    """
    height, width = picture.shape
    extent = (-0.5, width - 0.5, height - 0.5, -0.5)
    axes[0].imshow(picture, cmap="gray")
    axes[0].set_title(name, fontsize=10)
    said = []
    for ax, (title, values) in zip(axes[1:], maps.items(), strict=True):
        positive = np.maximum(values, 0)
        brightest = np.quantile(positive, WHITE) or positive.max()
        ax.imshow(positive, extent=extent, cmap="gray", vmin=0, vmax=brightest)
        ax.set_title(title, fontsize=10)
        left = _left_share(positive)
        said.append(f"{title.replace(chr(10), ' ')} {100 * left:.0f} %")
    for ax in axes:
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color="grey")
    words = name.replace("\n", " ")
    return (
        f"{words}, and maps of it. Of each, in the left half lies: {', '.join(said)}."
    )


def plot_hits(
    ax: Axes, hits: Mapping[str, Mapping[str, float]], count: int, title: str
) -> str:
    """Bars: how often each method's map is on the right side, for several questions.

    hits: method: {question: share from 0 to 1}; a line marks what a coin would do.
    """
    questions = list(next(iter(hits.values())))
    places = np.arange(len(hits))
    wide = 0.8 / len(questions)
    for number, question in enumerate(questions):
        shares = [100 * answers[question] for answers in hits.values()]
        offset = (number - (len(questions) - 1) / 2) * wide
        ax.bar(
            places + offset,
            shares,
            0.9 * wide,
            label=question,
            color=SERIES_COLOURS[number],
            hatch=HATCHES[number],
            edgecolor="white",
        )
    ax.axhline(50, color="black", linewidth=1, linestyle="--")
    ax.text(len(hits) - 0.45, 50, "a coin", ha="left", va="center", fontsize=10)
    ax.set_xticks(places, labels=list(hits))
    ax.set(ylabel="on the right side, %", ylim=(0, 100), title=title)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2)
    said = [
        f"{method.replace(chr(10), ' ')} "
        + ", ".join(f"{100 * share:.0f} % ({q})" for q, share in answers.items())
        for method, answers in hits.items()
    ]
    return f"{title}. Of {count} pictures: {'; '.join(said)}. A coin: 50 %."


def _left_share(values: np.ndarray) -> float:
    half = values.shape[1] // 2
    total = float(values.sum())
    return float(values[:, :half].sum()) / total if total else 0.5
