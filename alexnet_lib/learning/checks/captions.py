"""Checks of notebook 17: the caption of Figure 2, and two later first layers."""

from math import prod
from typing import Any

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.arithmetic import LayerSummary, summarize
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import ALEXNET_2012
from alexnet_lib.learning.checks.engine import (
    check_table,
    exercise,
    same_choice,
    same_integer,
)
from alexnet_lib.learning.result import CheckResult

# the neurons of each layer, as the caption of Figure 2 prints them (paper)
CAPTION = {
    "conv1": 253_440,
    "conv2": 186_624,
    "conv3": 64_896,
    "conv4": 64_896,
    "conv5": 43_264,
    "fc6": 4_096,
    "fc7": 4_096,
    "fc8": 1_000,
}
ROWS = {row.name: row for row in summarize(ALEXNET_2012) if row.name in CAPTION}
COUNTED = {name: prod(row.out_shape) for name, row in ROWS.items()}
CONVS = [name for name, row in ROWS.items() if row.kind == "Conv2d"]
SIDE, MAPS = ROWS["conv1"].out_shape[1], ROWS["conv1"].out_shape[0]
FIGURE_2 = {
    "wrong layer": "conv1",
    "counted": COUNTED["conv1"],
    "48 stands for": SIDE,
    "convolutions": sum(COUNTED[name] for name in CONVS),
}


@exercise("figure_2")
def check_figure_2(answers: Any) -> CheckResult:
    """Which number of the caption is wrong, how, and what the abstract counted."""
    everything = sum(COUNTED.values())
    printed = CAPTION["conv1"]
    return check_table(
        answers,
        FIGURE_2,
        name="figure_2",
        hints={
            "wrong layer": "compare the caption with the table, layer by layer",
            "counted": "channels x rows x columns of what this layer puts out",
            "48 stands for": "take the printed number apart: 96 maps, and what else",
            "convolutions": "the five counted numbers, not the printed ones",
        },
        mistakes={
            "counted": {
                "printed": (printed, "the caption were right"),
                "one tower": (COUNTED["conv1"] // 2, "one card's half were all of it"),
                "behind the pooling": (
                    MAPS * 27 * 27,
                    "the maps were counted behind the pooling",
                ),
                "of 224": (MAPS * 54 * 54, "the first map were 54 wide"),
            },
            "48 stands for": {
                "96 maps": (MAPS, "the 96 maps were the factor that is wrong"),
                "48": (48, "48 were right where it stands"),
            },
            "convolutions": {
                "all layers": (everything, "the linear layers were counted, too"),
                "printed": (
                    sum(CAPTION[name] for name in CONVS),
                    "the caption's own numbers were added",
                ),
                "caption": (sum(CAPTION.values()), "the caption's eight were added"),
            },
        },
        compare={
            "wrong layer": same_choice(tuple(CAPTION)),
            "counted": same_integer,
            "48 stands for": same_integer,
            "convolutions": same_integer,
        },
    )


def stem(name: str, *layers: spec.LayerSpec) -> ModelSpec:
    """The first layers of a network, alone, on a picture of 224 pixels."""
    return ModelSpec(name=name, input_shape=(3, 224, 224), layers=layers)


def _conv(name: str, maps: int, kernel_size: int, **more: int) -> spec.Conv2d:
    return spec.Conv2d(name=name, out_channels=maps, kernel_size=kernel_size, **more)


ZF = stem("ZF's stem", _conv("conv1", 96, 7, stride=2, padding=1))
VGG = stem(
    "VGG's stem",
    _conv("conv1_1", 64, 3, padding=1),
    _conv("conv1_2", 64, 3, padding=1),
)
ZF_ROWS, VGG_ROWS = summarize(ZF), summarize(VGG)
STEMS = {
    "ZF side": ZF_ROWS[0].out_shape[1],
    "ZF work": ZF_ROWS[0].macs,
    "VGG parameters": sum(row.num_params for row in VGG_ROWS),
    "VGG work": sum(row.macs for row in VGG_ROWS),
    "VGG sees": VGG_ROWS[-1].receptive_field,
}


def _with(name: str, kernel_size: int, **more: int) -> LayerSummary:
    return summarize(stem(name, _conv("conv1", 96, kernel_size, **more)))[0]


@exercise("stems")
def check_stems(answers: Any) -> CheckResult:
    """Sizes and costs of the first layers of two networks that came after."""
    unpadded, stride_4 = _with("", 7, stride=2), _with("", 7, stride=4, padding=1)
    eleven = _with("", 11, stride=2, padding=1)
    first, second = VGG_ROWS
    side = VGG_ROWS[0].out_shape[1]
    return check_table(
        answers,
        STEMS,
        name="stems",
        hints={
            "ZF side": "the rule of notebook 02, with kernel 7, stride 2, padding 1",
            "ZF work": "weights x positions",
            "VGG parameters": "two layers; what does the second one read",
            "VGG work": "two layers, each at every position of 224 x 224",
            "VGG sees": "a position of the second sees 3 positions of the first",
        },
        mistakes={
            "ZF side": {
                "padding forgotten": (unpadded.out_shape[1], "there were no padding"),
                "stride 4": (stride_4.out_shape[1], "the stride were still 4"),
                "11 wide": (eleven.out_shape[1], "the window were still 11 wide"),
            },
            "ZF work": {
                "stride 4": (stride_4.macs, "the stride were still 4"),
                "11 wide": (eleven.macs, "the window were still 11 wide"),
                "one channel": (ZF_ROWS[0].macs // 3, "a kernel read one channel"),
                "parameters": (ZF_ROWS[0].num_params, "parameters were asked for"),
            },
            "VGG parameters": {
                "second reads 3": (
                    2 * first.num_params,
                    "both layers read the picture",
                ),
                "second forgotten": (first.num_params, "there were one layer"),
                "no biases": (
                    STEMS["VGG parameters"] - 2 * 64,
                    "kernels had no biases",
                ),
            },
            "VGG work": {
                "second reads 3": (2 * first.macs, "both layers read the picture"),
                "second forgotten": (first.macs, "there were one layer"),
                "no padding": (
                    first.macs // side**2 * (side - 2) ** 2
                    + second.macs // side**2 * (side - 4) ** 2,
                    "there were no padding",
                ),
            },
            "VGG sees": {
                "one layer": (3, "the second layer saw no further than the first"),
                "added": (6, "the two windows lay side by side"),
            },
        },
    )
