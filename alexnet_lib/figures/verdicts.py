"""Verdicts drawn: which sentence holds in which network, and how sure a reader was."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from alexnet_lib.figures.style import OTHER_LAYER_COLOUR, SERIES_COLOURS


def draw_verdicts(ax: Axes, table: Mapping[str, Mapping[str, bool]]) -> str:
    """A row for each sentence, a column for each source: a filled T or an empty F.

    table: sentence -> source -> whether it holds there.
    """
    sources = list(next(iter(table.values())))
    for row, holds in enumerate(table.values()):
        for column, source in enumerate(sources):
            true = holds[source]
            colour = SERIES_COLOURS[0] if true else "white"
            edge = SERIES_COLOURS[0] if true else OTHER_LAYER_COLOUR
            corner = (column - 0.42, row - 0.38)
            ax.add_patch(
                Rectangle(corner, 0.84, 0.76, facecolor=colour, edgecolor=edge)
            )
            letter, ink = ("T", "white") if true else ("F", "0.3")
            ax.text(column, row, letter, color=ink, ha="center", va="center")
    ax.set(xlim=(-0.6, len(sources) - 0.4), ylim=(len(table) - 0.4, -0.6))
    ax.set_xticks(range(len(sources)), sources)
    ax.set_yticks(range(len(table)), list(table))
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    said = []
    for sentence, holds in table.items():
        false = [source for source in sources if not holds[source]]
        said.append(
            f"{sentence}: {'not in ' + ', '.join(false) if false else 'in all'}"
        )
    words = "; ".join(said).replace("-\n", "")  # a name broken for its column
    return words.replace("\n", " ") + "."


def draw_reliability(ax: Axes, levels: Sequence[tuple[float, int, int]]) -> str:
    """How often bets were right, by how sure their author was.

    levels: (confidence as a share, bets that were right, bets made with it).
    """
    ax.plot(
        [0, 100], [0, 100], "--", color=OTHER_LAYER_COLOUR, label="as sure as right"
    )
    said = [100 * confidence for confidence, _, _ in levels]
    right = [100 * won / made for _, won, made in levels]
    ax.plot(said, right, "o-", color=SERIES_COLOURS[0], label="these bets")
    for x, y, (_, won, made) in zip(said, right, levels, strict=True):
        ax.annotate(f"{won} of {made}", (x, y), (6, -14), textcoords="offset points")
    ax.set(xlim=(0, 105), ylim=(-5, 105))
    ax.set(xlabel="how sure, %", ylabel="how often right, %")
    ax.legend(loc="upper left")
    words = [
        f"{x:.0f} % sure, {y:.0f} % right ({won} of {made})"
        for x, y, (_, won, made) in zip(said, right, levels, strict=True)
    ]
    return f"{'; '.join(words)}."
