"""How long a move of a widget takes in the kernel: a table, no test.

    OMP_NUM_THREADS=1 python tests/benchmarks/redraw.py [MOVES]

A move sets one control to a random value and redraws. What counts is processor time, as
on every page that times something: the clock on the wall belongs to all programs.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable

import ipywidgets
import torch

from alexnet_lib import runtime, widgets
from alexnet_lib.architecture.weights import load_weights

LIMIT = 100  # milliseconds, for the median
QUARTER = "weights/quarter.safetensors"
IMAGES = torch.rand(64, 1, 28, 28, generator=torch.Generator().manual_seed(0))
WIDGETS: dict[str, Callable[[], ipywidgets.Widget]] = {
    "gradient_thermometer": lambda: widgets.gradient_thermometer(
        IMAGES, torch.arange(64) % 10
    ),
    "dropout_committee": lambda: widgets.dropout_committee(
        load_weights(runtime.course_file(QUARTER)),
        IMAGES.mul(255).byte(),
        torch.arange(64) % 10,
        range(12),
    ),
    "cost_treemap": widgets.cost_treemap,
    "layer_cockpit": widgets.layer_cockpit,
    "lrn_triangle": widgets.lrn_triangle,
    "window_ruler": widgets.window_ruler,
}


def controls_of(widget: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    """Every slider, dropdown and row of buttons inside."""
    found = []
    for child in getattr(widget, "children", ()):
        movable = isinstance(child, ipywidgets.IntSlider) or hasattr(child, "options")
        found += [child] if movable else controls_of(child)
    return found


def move(widget: ipywidgets.Widget, draw: random.Random) -> tuple[float, float]:
    """One random move: milliseconds of the processor, and on the wall."""
    control = draw.choice(controls_of(widget))
    slider = isinstance(control, ipywidgets.IntSlider)
    name = "value" if slider else "index"
    low, high = (control.min, control.max) if slider else (0, len(control.options) - 1)
    value = draw.randint(low, high)
    cpu, wall = time.process_time(), time.perf_counter()
    setattr(control, name, value)
    return 1e3 * (time.process_time() - cpu), 1e3 * (time.perf_counter() - wall)


def main(moves: int = 30) -> None:
    torch.set_num_threads(1)
    print(f"{'widget':22} {'median ms':>9} {'most ms':>8} {'median wall ms':>15}")
    for name, make in WIDGETS.items():
        widget, draw = make(), random.Random(0)
        cpu, wall = zip(*(move(widget, draw) for _ in range(moves)), strict=True)
        middle = statistics.median(cpu)
        mark = "" if middle <= LIMIT else f"  above {LIMIT} ms"
        print(
            f"{name:22} {middle:9.1f} {max(cpu):8.1f} {statistics.median(wall):15.1f}"
            f"{mark}"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
