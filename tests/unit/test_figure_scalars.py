"""Curves of scalars: what is drawn, and what is said of it."""

import matplotlib.pyplot as plt

from alexnet_lib.figures.scalars import plot_scalars


def test_curves_are_drawn_and_said():
    fig, ax = plt.subplots()
    runs = {"one": [(1, 2.5), (2, 1.0)], "other": [(1, 2.25), (5, 0.125)]}
    said = plot_scalars(ax, runs, "loss, nats")
    assert said == (
        "loss, nats, first to last step: one 2.5 to 1, other 2.25 to 0.125."
    )
    drawn = {line.get_label(): line for line in ax.get_lines()}
    assert drawn["other"].get_xdata().tolist() == [1, 5]
    assert drawn["other"].get_ydata().tolist() == [2.25, 0.125]
    assert drawn["one"].get_linestyle() != drawn["other"].get_linestyle()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step, mini-batches", "loss, nats")
    plt.close(fig)
