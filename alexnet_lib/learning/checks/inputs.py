"""Checks of notebook 02: which pictures fit a network, and which rule gives 55."""

from typing import Any

from alexnet_lib.architecture.arithmetic import (
    LayerError,
    summarize,
    walk,
    window_output_size,
)
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import (
    ALEXNET_2012,
    ALEXNET_MNIST,
    ALEXNET_TORCHVISION,
    resized,
)
from alexnet_lib.learning.checks.compare import WrongKind
from alexnet_lib.learning.checks.engine import (
    check_table,
    exercise,
    same_choice,
    same_integer,
)
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

WINDOW_LAYERS = [x.name for x in ALEXNET_2012.layers if hasattr(x, "kernel_size")]
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
    if not isinstance(answers, set | frozenset | list | tuple):
        return failed(
            f"triples should be a set or a list, not {type(answers).__name__}"
        )
    given = set()
    for triple in answers:
        complaint = _no_triple(triple)
        if complaint:
            return failed(complaint)
        given.add((int(triple[0]), int(triple[1]), triple[2]))
    expected = triples_giving(55)
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


def _no_triple(triple: Any) -> str | None:
    """What is wrong with an entry, before it is asked whether it gives 55."""
    if type(triple) not in (tuple, list) or len(triple) != 3:
        return f"each entry is (size, padding, rounding), got {triple!r}"
    size, padding, rule = triple
    if isinstance(same_integer(size, 0), WrongKind):
        return f"the size comes first, a whole number: got {triple!r}"
    if isinstance(same_integer(padding, 0), WrongKind):
        return f"the padding comes second, a whole number: got {triple!r}"
    if type(rule) is not str or rule not in RULES:
        return f"the rounding comes third, 'floor' or 'ceil': got {triple!r}"
    if size not in SIZES or padding not in PADDINGS:
        return (
            f"{tuple(triple)!r} lies outside the ranges: sizes {SIZES[0]} to "
            f"{SIZES[-1]}, paddings {PADDINGS[0]} to {PADDINGS[-1]}"
        )
    return None


@exercise("at_fc6")
def check_at_fc6(answers: Any) -> CheckResult:
    """What stands behind the 9,216 and the 6,400 numbers, and where the two part."""
    pool5 = {side: _out_shape(side, "pool5") for side in (227, 224)}
    maps = pool5[227][0]
    too_early = {"before pooling": "the last pooling were left out"}
    return check_table(
        answers,
        {
            "maps": maps,
            "side_at_227": pool5[227][1],
            "side_at_224": pool5[224][1],
            "first_difference": "conv1",
        },
        name="at_fc6",
        hints={
            "maps": "pooling keeps the number of maps: which layer made them?",
            "side_at_227": "maps x side x side are the numbers in the message",
            "side_at_224": "maps x side x side are the numbers in the message",
            "first_difference": "compare the two columns of sides from the top",
        },
        mistakes={
            "maps": {
                "conv3": (_out_shape(227, "conv3")[0], "conv5 had as many as conv3"),
                "conv1": (
                    _out_shape(227, "conv1")[0],
                    "the first layer's maps went on",
                ),
            },
            "side_at_227": {
                "before pooling": (
                    _out_shape(227, "conv5")[1],
                    too_early["before pooling"],
                )
            },
            "side_at_224": {
                "before pooling": (
                    _out_shape(224, "conv5")[1],
                    too_early["before pooling"],
                )
            },
            "first_difference": {
                "too late": ("pool5", "the difference only arose at the end"),
                "pooling": ("pool1", "the first pooling made the difference"),
            },
        },
        compare={
            "maps": same_integer,
            "side_at_227": same_integer,
            "side_at_224": same_integer,
            "first_difference": same_choice(WINDOW_LAYERS),
        },
    )


def _out_shape(side: int, layer: str) -> tuple[int, ...]:
    """Shape behind this layer of the paper's network, for a square picture."""
    rows = summarize(resized(ALEXNET_2012, (3, side, side)))
    return next(row.out_shape for row in rows if row.name == layer)


@exercise("too_small")
def check_too_small(answers: Any) -> CheckResult:
    """Where a 28-pixel picture ends, its side there, and what torchvision needs."""
    *rows, stop = _until_it_stops(resized(ALEXNET_MNIST, (1, 28, 28)))
    sides = [row.out_shape[1] for row in rows]
    return check_table(
        answers,
        {
            "stops_at": stop,
            "side_there": sides[-1],
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
                "pool1": ("pool1", f"{sides[0]} pixels were too few for a window of 3"),
            },
            "side_there": {
                "before pooling": (
                    sides[0],
                    "the map still had the size conv1 gave it",
                ),
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


def _until_it_stops(model_spec: ModelSpec) -> list[Any]:
    """The rows that fit, and last the name of the layer that does not."""
    found: list[Any] = []
    try:
        for row in walk(model_spec):
            found.append(row)
    except LayerError as error:
        found.append(error.layer)
    return found


def smallest_side() -> int:
    """The smallest square picture that torchvision's network accepts, in pixels."""
    side = 1
    while True:
        try:
            summarize(resized(ALEXNET_TORCHVISION, (3, side, side)))
            return side
        except LayerError:
            side += 1
