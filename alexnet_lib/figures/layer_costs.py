"""What the layers cost by several measures, as bars side by side."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from alexnet_lib.architecture.arithmetic import LayerSummary

# not the colours of convolutions and linear layers: these are measures, not kinds
COLOURS = ("#4d4d4d", "#d55e00", "#3a97cc", "#cc79a7")
HATCHES = ("", "//", "..", "xx")
OWN_NAME = ("Conv2d", "Linear", "LocalResponseNorm", "BatchNorm2d")
REST = "the rest"  # ReLU, pooling, dropout


def share_by_layer(
    rows: Sequence[LayerSummary], costs: Sequence[float]
) -> dict[str, float]:
    """Each layer's share of the sum of all costs, between 0 and 1, in order.

    costs: one for each row. Convolutions, linear layers and normalisations are named,
    all others are added up as 'the rest', which comes last.
    """
    if len(costs) != len(rows):
        raise ValueError(f"{len(costs)} costs for {len(rows)} rows: give one for each")
    whole, rest, shares = sum(costs), 0.0, {}
    for row, cost in zip(rows, costs, strict=True):
        if row.kind in OWN_NAME:
            shares[row.name] = cost / whole
        else:
            rest += cost / whole
    return shares | {REST: rest}


def plot_layer_costs(ax: Axes, shares: Mapping[str, Mapping[str, float]]) -> str:
    """Draw one group of bars per layer and one bar per measure; say who leads.

    shares: from the measure's name to the share of each layer, between 0 and 1; the
    measures name the same layers, which stand from top to bottom.
    """
    layers = list(next(iter(shares.values())))
    thick = 0.8 / len(shares)
    for number, (measure, of_layer) in enumerate(shares.items()):
        if list(of_layer) != layers:
            raise ValueError(
                f"{measure!r} names the layers {list(of_layer)}, the first measure "
                f"{layers}: give every measure the same layers"
            )
        places = [place + (number + 0.5) * thick - 0.4 for place in range(len(layers))]
        ax.barh(
            places,
            [100 * of_layer[layer] for layer in layers],
            height=thick,
            label=measure,
            color=COLOURS[number],
            edgecolor="white",
            hatch=HATCHES[number],
        )
    ax.set_yticks(range(len(layers)), layers)
    ax.invert_yaxis()
    ax.set_xlabel("share of the whole network, %")
    ax.legend(loc="lower right")
    return " ".join(
        f"{measure}: most in {max(of_layer, key=of_layer.get)} "
        f"({max(of_layer.values()):.0%})."
        for measure, of_layer in shares.items()
    )
