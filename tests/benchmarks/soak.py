"""Ten thousand random moves of the explorer and of the surgery: does memory grow?

    OMP_NUM_THREADS=1 PYTHONPATH=. python tests/benchmarks/soak.py [MOVES]

Every control is moved, pressed or drawn on, in random order; nothing may raise. Prints
the memory of the process after every tenth of the moves, and ends with an error when
the second half needed over 20 MB more than the first.
"""

import random
import resource
import sys
import time
from pathlib import Path

import torch

from alexnet_lib import widgets
from alexnet_lib.architecture.filters import Filters
from tests.unit.glasses import move, pictures, untrained

MOST_GROWTH = 20.0  # MB, of the second half


def megabytes() -> float:
    """What the process holds now (Linux), else the most it ever held."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main(moves: int = 10_000) -> None:
    torch.set_num_threads(1)
    network, data = untrained("ALEXNET_MODERN_28"), pictures(40)
    kernels = network.model.conv1.weight.detach()
    history = Filters(
        variant=network.variant,
        fractions=(0.0, 0.5, 1.0),
        kernels=torch.stack([0.1 * kernels, 0.5 * kernels, kernels]),
    )
    held = [
        widgets.explorer(network, data, history),
        widgets.channel_surgery(network, data),
    ]
    draw, begun, seen = random.Random(0), time.perf_counter(), []
    print(f"{'moves':>7} {'MB':>8} {'seconds':>8}")
    for number in range(1, moves + 1):
        move(draw.choice(held), draw)
        if number % (moves // 10) == 0:
            seen.append(megabytes())
            print(f"{number:7,} {seen[-1]:8.1f} {time.perf_counter() - begun:8.0f}")
    growth = seen[-1] - seen[len(seen) // 2]
    print(f"the second half needed {growth:.1f} MB more")
    if growth > MOST_GROWTH:
        sys.exit(1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
