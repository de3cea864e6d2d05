"""Checks of notebook 15: what a kernel reads, who reads both towers, two sentences."""

from typing import Any

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.halves import cut_in_two, without_groups
from alexnet_lib.architecture.variants import ALEXNET_2012_SOURCE
from alexnet_lib.learning.checks.engine import (
    check_table,
    exercise,
    same_choice,
    same_integer,
)
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

ROWS = {row.name: row for row in cut_in_two(ALEXNET_2012_SOURCE) if row.in_depth}
WHOLE = {row.name: row for row in summarize(ALEXNET_2012_SOURCE)}
ALL_MAPS = {row.name: row for row in summarize(without_groups(ALEXNET_2012_SOURCE))}
DEPTHS = {name: ROWS[name].in_depth for name in ("conv2", "conv3", "conv4", "conv5")}
BOTH = {name for name, row in ROWS.items() if row.reads == "both halves"}


def _depth_mistakes(name: str) -> dict[str, tuple[int, str]]:
    """Wrong depths of one layer, in the words of the mistake."""
    maps, kernels = WHOLE[name].in_shape[0], WHOLE[name].out_shape[0]
    found = {
        "kernels of the layer": (kernels, "the layer's own kernels were counted"),
        "kernels of the tower": (
            kernels // 2,
            "the tower's own kernels were counted, not the maps that they read",
        ),
        "weights": (
            ROWS[name].in_depth * (25 if name == "conv2" else 9),
            "the weights of a kernel were counted, not its depth",
        ),
    }
    wrong = maps if DEPTHS[name] != maps else maps // 2
    said = {
        "all maps": "the kernel read the maps of both towers",
        "own tower only": "the kernel read its own tower alone",
    }
    key = "all maps" if wrong == maps else "own tower only"
    return {key: (wrong, said[key])} | {
        kind: pair
        for kind, pair in found.items()
        if pair[0] not in (DEPTHS[name], wrong)
    }


@exercise("depths")
def check_depths(answers: Any) -> CheckResult:
    """How many maps one kernel of conv2 to conv5 reads."""
    return check_table(
        answers,
        DEPTHS,
        name="depths",
        hints={
            name: "find the layer's line and add up what it reads" for name in DEPTHS
        },
        mistakes={name: _depth_mistakes(name) for name in DEPTHS},
    )


@exercise("read_both")
def check_read_both(answer: Any) -> CheckResult:
    """The names of the layers that read the maps of both towers, in any order."""
    if answer is None or answer is Ellipsis:
        return todo("set read_both, then run this cell again")
    if type(answer) not in (list, tuple, set, frozenset):
        return failed(
            f"read_both should be a list of names, not {type(answer).__name__}"
        )
    if any(type(name) is not str for name in answer):
        return failed("read_both should hold names such as 'conv1'")
    named = {name.strip().lower() for name in answer}
    if not named:
        return todo("put names into read_both, then run this cell again")
    if unknown := sorted(named - ROWS.keys()):
        return failed(
            f"read_both: {unknown[0]!r} is not one of the eight: {', '.join(ROWS)}"
        )
    if named == BOTH:
        return passed(f"these {len(BOTH)}, and no others")
    return _wrong_names(named)


def _wrong_names(named: set[str]) -> CheckResult:
    own = {name for name, row in ROWS.items() if row.reads == "own half"}
    if named == own:
        return failed(
            "read_both: these are the layers that keep to their own tower", "the others"
        )
    if "conv4" in named:
        return failed(
            "read_both: conv4 is among them. Look at what conv4a reads", "conv4 crosses"
        )
    if "conv1" in named:
        return failed(
            "read_both: conv1 reads the picture, which both cards have: nothing comes "
            "from the other tower",
            "the picture",
        )
    if named & own:
        wrong = sorted(named & own)[0]
        return failed(
            f"read_both: {wrong} is among them, and has one input only", "one input"
        )
    if not named & {"fc6", "fc7", "fc8"}:
        return failed(
            "read_both: is a linear layer that has two inputs no layer?",
            "no linear layer",
        )
    missing = sorted(BOTH - named)
    return failed(
        f"read_both: {len(missing)} more read{'s' * (len(missing) == 1)} both towers",
        "too few",
    )


TRUTH = same_choice(("true", "false"))
LAYERS = same_choice(tuple(ROWS))
SENTENCES = {
    "sentence 1": "false",
    "sentence 2": "true",
    "layer": "conv4",
    "parameters if 1": ALL_MAPS["conv4"].num_params,
    "parameters if 2": WHOLE["conv4"].num_params,
}


def _params_mistakes(key: str, other: str) -> dict[str, tuple[int, str]]:
    maps = WHOLE["conv4"].in_shape[0] if key.endswith("1") else DEPTHS["conv4"]
    right = SENTENCES[key]
    kernels = WHOLE["conv4"].out_shape[0]
    return {
        "the other sentence": (
            SENTENCES[other],
            "the other sentence were true: how many maps does a kernel read here?",
        ),
        "bias forgotten": (right - kernels, "no layer had biases"),
        "one tower": (right // 2, "one tower's kernels were counted, not the layer's"),
        "conv3": (WHOLE["conv3"].num_params, "conv3 were meant"),
        "depth alone": (maps, "the depth of a kernel were asked for"),
    }


@exercise("sentences")
def check_sentences(answers: Any) -> CheckResult:
    """Which of two sentences of one page can be true, and what conv4 would hold."""
    return check_table(
        answers,
        SENTENCES,
        name="sentences",
        hints={
            "sentence 1": "compare it with your list of layers that read both towers",
            "sentence 2": "a group reads its own tower: compare it with your depths",
            "layer": "which layer do both sentences name, and say different things of",
            "parameters if 1": "kernels x maps read x 3 x 3, and a bias per kernel",
            "parameters if 2": "kernels x maps read x 3 x 3, and a bias per kernel",
        },
        mistakes={
            "sentence 1": {"both true": ("true", "conv4 crossed")},
            "sentence 2": {"both false": ("false", "some of its layers crossed")},
            "layer": {
                "conv3": ("conv3", "the second sentence named it"),
                "conv2": ("conv2", "one of them sent it across: both keep it at home"),
                "conv5": ("conv5", "one of them sent it across: both keep it at home"),
            },
            "parameters if 1": _params_mistakes("parameters if 1", "parameters if 2"),
            "parameters if 2": _params_mistakes("parameters if 2", "parameters if 1"),
        },
        compare={
            "sentence 1": TRUTH,
            "sentence 2": TRUTH,
            "layer": LAYERS,
            "parameters if 1": same_integer,
            "parameters if 2": same_integer,
        },
    )
