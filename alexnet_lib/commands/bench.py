"""`python -m alexnet_lib bench`: our training loop against d2l's own, fairly timed."""

import argparse
import math
import sys
import time
from typing import Any

HELP = "our training loop against d2l's own, turn by turn, and what makes it faster"
SECONDS = 300.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        metavar="N",
        help=f"wall time in all; default {SECONDS:.0f}. More time, more rounds",
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Measure what fits into the time, the comparison with d2l first."""
    start = time.monotonic()
    if not 0 < args.seconds < math.inf:
        raise ValueError(f"--seconds is {args.seconds}: give a number above 0")
    # Imported here: on a busy machine torch and d2l take seconds, and those count.
    from alexnet_lib.commands.bench_parts import measure

    return measure(start, args.seconds, log=sys.stderr)


def render(result: dict[str, Any]) -> str:
    """The tables, and in words what was compared with what."""
    from alexnet_lib.commands.bench_table import table

    return table(result)
