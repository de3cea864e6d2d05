"""Checks of notebook 02: which pictures fit a network, and which rule gives 55."""

from math import prod
from typing import Any

from alexnet_lib.architecture.arithmetic import (
    LayerError,
    summarize,
    window_output_size,
)
from alexnet_lib.architecture.variants import (
    ALEXNET_2012,
    ALEXNET_MNIST,
    ALEXNET_TORCHVISION,
    resized,
)
from alexnet_lib.learning.checks.engine import (
    check_table,
    exercise,
    same_choice,
    same_integer,
)
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

WINDOW_LAYERS = [x.name for x in ALEXNET_2012.layers if hasattr(x, "kernel_size")]
ALEXNET_2012_CONV5 = next(x for x in ALEXNET_2012.layers if x.name == "conv5")
SIZES, PADDINGS, RULES = range(220, 233), range(4), ("floor", "ceil")
OTHER = {"floor": "ceil", "ceil": "floor"}


def triples_giving(
    positions: int, sizes: range = SIZES, rules: tuple[str, ...] = RULES
) -> set[tuple[int, int, str]]:
    """Every (size, padding, rounding) for which an 11-wide window at stride 4 fits."""
    return {
        (size, padding, rule)
        for size in sizes
        for padding in PADDINGS
        for rule in rules
        if window_output_size(size, 11, 4, padding, rule) == positions
    }


@exercise("triples")
def check_triples(answers: Any) -> CheckResult:
    """All (size, padding, rounding) of the stated ranges that give 55."""
    if answers is None or answers is Ellipsis:
        return todo("collect the triples, then run this cell again")
    if type(answers) not in (set, list, tuple):
        return failed(
            f"triples should be a set or a list, not {type(answers).__name__}"
        )
    for triple in answers:
        kinds = tuple(map(type, triple)) if type(triple) is tuple else None
        if kinds != (int, int, str):
            return failed(f"each entry is (size, padding, rounding), got {triple!r}")
    given, expected = set(answers), triples_giving(55)
    known = {
        "floor only": (
            triples_giving(55, rules=("floor",)),
            "only floor were asked for",
        ),
        "ceil only": (triples_giving(55, rules=("ceil",)), "only ceil were asked for"),
        "no padding": ({t for t in expected if t[1] == 0}, "padding were always 0"),
        "end left out": (
            {t for t in expected if t[1] < PADDINGS[-1]},
            "the padding had stopped one short of its last number",
        ),
        "54 for 55": (triples_giving(54), "54 positions had been asked for"),
        "another rule": (
            {(n, p, OTHER[r]) for n, p, r in expected},
            "floor and ceil had changed names",
        ),
    }
    if given == expected:
        return passed(f"all {len(expected)} triples")
    for mistake, (wrong, says) in known.items():
        if given == wrong:
            return failed(f"you answered as if {says}", mistake)
    if wrong := sorted(given - expected):
        size, padding, rule = wrong[0]
        return failed(f"{size} with padding {padding} and {rule} does not give 55")
    return failed(
        f"those {len(given)} give 55, but there are more: which were left out?"
    )


@exercise("flatten_inputs")
def check_flatten_inputs(answers: Any) -> CheckResult:
    """How many numbers reach fc6 at 227 and at 224, and where the two part."""
    at_227, at_224 = _behind_conv5(227), _behind_conv5(224)
    return check_table(
        answers,
        {
            "at_227": at_227["flatten"],
            "at_224": at_224["flatten"],
            "first_difference": "conv1",
        },
        name="flatten_inputs",
        hints={
            "at_227": "channels x height x width of what pool5 gives",
            "at_224": "follow 224 through the table: every side counts",
            "first_difference": "compare the two columns of sides from the top",
        },
        mistakes={
            "at_227": _flatten_mistakes(at_227, at_224),
            "at_224": _flatten_mistakes(at_224, at_227),
            "first_difference": {
                "too late": ("pool5", "the difference only arose at the end"),
                "pooling": ("pool1", "the first pooling made the difference"),
            },
        },
        compare={
            "at_227": same_integer,
            "at_224": same_integer,
            "first_difference": same_choice(WINDOW_LAYERS),
        },
    )


def _behind_conv5(side: int) -> dict[str, int]:
    """Count of numbers behind conv5, pool5 and flatten, for square pictures."""
    rows = summarize(resized(ALEXNET_2012, (3, side, side)))
    return {row.name: prod(row.out_shape) for row in rows}


def _flatten_mistakes(
    counts: dict[str, int], at_other_side: dict[str, int]
) -> dict[str, tuple[int, str]]:
    maps = ALEXNET_2012_CONV5.out_channels
    return {
        "one map": (counts["pool5"] // maps, f"there were one map, not {maps}"),
        "before pooling": (counts["conv5"], "the last pooling were left out"),
        "swapped": (at_other_side["flatten"], "it were the picture of the other size"),
    }


@exercise("too_small")
def check_too_small(answers: Any) -> CheckResult:
    """Where a 28-pixel picture ends, its side there, and what torchvision needs."""
    try:
        summarize(resized(ALEXNET_MNIST, (1, 28, 28)))
        raise AssertionError("28 pixels were expected to be too few")
    except LayerError as error:
        stops_at = error.layer
    return check_table(
        answers,
        {
            "stops_at": stops_at,
            "side_there": 2,
            "smallest_torchvision": smallest_side(),
        },
        name="too_small",
        hints={
            "stops_at": "follow the sides until a window is wider than its map",
            "side_there": "the side of the map that this layer is given",
            "smallest_torchvision": "let a loop try sides until none fails",
        },
        mistakes={
            "stops_at": {
                "fc6": ("fc6", "the linear layer were to blame: it is never reached"),
                "pool1": ("pool1", "5 pixels were too few for a window of 3"),
            },
            "side_there": {
                "before pooling": (5, "the map still had the size conv1 gave it"),
            },
            "smallest_torchvision": {
                "one too small": (
                    smallest_side() - 1,
                    "the last side that fails counted",
                ),
                "native": (224, "only the size it was trained on would run"),
                "window": (11, "it were enough that the first window fits"),
            },
        },
        compare={
            "stops_at": same_choice([layer.name for layer in ALEXNET_MNIST.layers]),
            "side_there": same_integer,
            "smallest_torchvision": same_integer,
        },
    )


def smallest_side() -> int:
    """The smallest square picture that torchvision's network accepts, in pixels."""
    side = 1
    while True:
        try:
            summarize(resized(ALEXNET_TORCHVISION, (3, side, side)))
            return side
        except LayerError:
            side += 1
