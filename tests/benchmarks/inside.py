"""How long the explorer and the surgery take in the kernel: a table, no test.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.inside [MOVES]

What counts is processor time: the clock on the wall belongs to all programs.
"""

import statistics
import sys
import time
from collections.abc import Callable

import torch

from alexnet_lib.widgets.feature_maps import FeatureMaps
from alexnet_lib.widgets.filter_wall import RAW, SEEN, FilterWall
from alexnet_lib.widgets.scalpel import ChannelSurgery
from tests.unit.glasses import pictures, untrained

NUM = 40


def timed(act: Callable[[int], None], moves: int) -> tuple[list[float], list[float]]:
    """Milliseconds of the processor and on the wall, of each move but the first."""
    cpu, wall = [], []
    for number in range(moves + 1):
        began, clock = time.process_time(), time.perf_counter()
        act(number)
        cpu.append(1e3 * (time.process_time() - began))
        wall.append(1e3 * (time.perf_counter() - clock))
    return cpu[1:], wall[1:]


def main(moves: int = 12) -> None:
    torch.set_num_threads(1)
    data = pictures(NUM)  # noise: the worst case for a PNG
    rows: list[tuple[str, float, Callable[[int], None]]] = []
    for variant, limit in (("ALEXNET_QUARTER_BN", 200.0), ("ALEXNET_D2L", 400.0)):
        network = untrained(variant)
        maps = FeatureMaps(network, data)
        wall = FilterWall(network, 28, None)
        cut = ChannelSurgery(network, data, 0)
        maps.layer.value = "conv1"
        channels = len(maps.maps)

        def new_picture(number: int, maps=maps) -> None:
            maps.source.number.value = 1 + number % (NUM - 1)

        def another_map(number: int, maps=maps) -> None:
            maps._draw_sheet(maps.sheet)

        def channel(number: int, maps=maps) -> None:
            maps.channel.value = 1 + number % (len(maps.maps) - 1)

        def place(number: int, maps=maps) -> None:
            maps.row.value = 1 + number % maps.row.max

        def switch(number: int, wall=wall) -> None:
            wall.show.value = SEEN if number % 2 == 0 else RAW

        def surgery(number: int, cut=cut) -> None:
            cut.cut(range(number + 1))

        size = "x".join(map(str, maps.maps.shape))
        rows += [
            (f"{variant}: a new picture, all activations", limit, new_picture),
            (f"{variant}: conv1, {size}, drawn", 10.0, another_map),
            (f"{variant}: another of {channels} channels, all of it", 100.0, channel),
            (f"{variant}: another place", 100.0, place),
            (f"{variant}: filters, raw or seen", 100.0, switch),
            (f"{variant}: surgery behind relu5 to class bars", 60.0, surgery),
        ]
    print(f"{'move':58} {'median ms':>9} {'most ms':>8} {'wall ms':>8} {'limit':>6}")
    for name, limit, act in rows:
        cpu, clock = timed(act, moves)
        middle = statistics.median(cpu)
        mark = "" if middle <= limit else "  above the limit"
        print(
            f"{name:58} {middle:9.1f} {max(cpu):8.1f} {statistics.median(clock):8.1f} "
            f"{limit:6.0f}{mark}"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
