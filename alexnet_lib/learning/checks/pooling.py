"""Check of notebook 05: sides of the maps behind the three poolings of 2012."""

from typing import Any

from alexnet_lib.architecture.arithmetic import summarize, window_output_size
from alexnet_lib.architecture.spec import Rounding
from alexnet_lib.architecture.variants import ALEXNET_2012
from alexnet_lib.learning.checks.compare import WrongKind, same_integer
from alexnet_lib.learning.checks.engine import check_table, exercise
from alexnet_lib.learning.result import CheckResult

POOLINGS = 3
STRIDE = 2
RULES: dict[str, tuple[int, Rounding]] = {
    "3/2 floor": (3, "floor"),
    "3/2 ceil": (3, "ceil"),
    "2/2 floor": (2, "floor"),
    "2/2 ceil": (2, "ceil"),
}
HINTS = {
    "3/2 floor": "the formula of notebook 02, three times, without padding",
    "3/2 ceil": "does the last step fit whole? Then both roundings agree",
    "2/2 floor": "a window that hangs over the edge is left out",
    "2/2 ceil": "a window that hangs over the edge counts",
}


def _conv1_side() -> int:
    rows = {row.name: row for row in summarize(ALEXNET_2012)}
    return rows["conv1"].out_shape[1]


def sides_behind(kernel_size: int, rounding: Rounding) -> list[int]:
    """Behind pool1, pool2 and pool5, when conv2 to conv5 keep the side; in pixels."""
    side, found = _conv1_side(), []
    for _ in range(POOLINGS):
        side = window_output_size(side, kernel_size, STRIDE, 0, rounding)
        found.append(side)
    return found


def steps_behind(kernel_size: int, rounding: Rounding) -> list[int]:
    """The same by a formula without its + 1, wrong at every step; in pixels."""
    side, found = _conv1_side(), []
    for _ in range(POOLINGS):
        side = window_output_size(side, kernel_size, STRIDE, 0, rounding) - 1
        found.append(side)
    return found


@exercise("pool_sides")
def check_pool_sides(answers: Any) -> CheckResult:
    """Sides behind the three poolings, for two windows and two roundings."""
    expected = {key: sides_behind(*rule) for key, rule in RULES.items()}
    down, up = expected["2/2 floor"], expected["2/2 ceil"]
    shared = {
        key: {
            "begins with conv1": ([55, 27, 13], "the list began with what conv1 gives"),
            "no plus one": (
                steps_behind(*rule),
                "the steps were counted, not the positions",
            ),
        }
        for key, rule in RULES.items()
    }
    rounded = {
        "3/2 floor": {"rounded up": (up, "27.5 were rounded up: count positions")},
        "3/2 ceil": {"halved": (up, "the side were halved and rounded up")},
        "2/2 floor": {"rounded up": (up, "the window that hangs over were counted")},
        "2/2 ceil": {
            "rounded down": (down, "the window that hangs over were left out")
        },
    }
    return check_table(
        answers,
        expected,
        name="pool_sides",
        hints=HINTS,
        # rounding first: at 2/2 ceil, steps rounded up are positions rounded down
        mistakes={key: rounded[key] | shared[key] for key in RULES},
        compare=_same_sides,
    )


def _same_sides(answer: Any, expected: list[int]) -> str | None:
    if type(answer) not in (list, tuple):
        return WrongKind(f"it should be a list, not {type(answer).__name__}")
    if len(answer) != POOLINGS:
        return WrongKind(
            f"it has {len(answer)} sides, which should be {POOLINGS}: behind pool1, "
            "pool2 and pool5"
        )
    for side in answer:
        if isinstance(same_integer(side, 0), WrongKind):
            return WrongKind("each side is a whole number of pixels")
    same = [int(side) for side in answer] == expected
    return None if same else "those are other sides"
