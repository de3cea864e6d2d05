"""The caption of Figure 2 and two later stems, with answers a class really gives."""

import pytest

from alexnet_lib.learning.checks import captions
from tests.unit.checking import assert_check_is_fair

FIGURE_2 = {
    "wrong layer": "conv1",
    "counted": 290_400,
    "48 stands for": 55,
    "convolutions": 650_080,
}
STEMS = {
    "ZF side": 110,
    "ZF work": 170_755_200,
    "VGG parameters": 38_720,
    "VGG work": 1_936_392_192,
    "VGG sees": 5,
}


def test_figure_2():
    assert_check_is_fair(
        captions.check_figure_2,
        right=[FIGURE_2, FIGURE_2 | {"wrong layer": " Conv1 "}],
        wrong={
            "printed": FIGURE_2 | {"counted": 253_440},
            "one tower": FIGURE_2 | {"counted": 145_200},
            "behind the pooling": FIGURE_2 | {"counted": 69_984},
            "of 224": FIGURE_2 | {"counted": 279_936},
            "96 maps": FIGURE_2 | {"48 stands for": 96},
            "48": FIGURE_2 | {"48 stands for": 48},
            "all layers": FIGURE_2 | {"convolutions": 659_272},
            "caption": FIGURE_2 | {"convolutions": 622_312},
        },
        todo=dict.fromkeys(FIGURE_2),
    )
    added_as_printed = FIGURE_2 | {"convolutions": 613_120}
    assert captions.check_figure_2(added_as_printed).mistake == "printed"


def test_stems():
    assert_check_is_fair(
        captions.check_stems,
        right=[STEMS, dict(reversed(STEMS.items()))],
        wrong={
            "padding forgotten": STEMS | {"ZF side": 109},
            "stride 4": STEMS | {"ZF side": 55},
            "11 wide": STEMS | {"ZF side": 108},
            "one channel": STEMS | {"ZF work": 56_918_400},
            "parameters": STEMS | {"ZF work": 14_208},
            "second reads 3": STEMS | {"VGG parameters": 3_584},
            "second forgotten": STEMS | {"VGG work": 86_704_128},
            "no biases": STEMS | {"VGG parameters": 38_592},
            "no padding": STEMS | {"VGG work": 1_869_380_352},
            "one layer": STEMS | {"VGG sees": 3},
            "added": STEMS | {"VGG sees": 6},
        },
        todo=dict.fromkeys(STEMS),
    )


@pytest.mark.parametrize(
    ("key", "value", "mistake"),
    [
        ("ZF work", 42_688_800, "stride 4"),
        ("VGG parameters", 1_792, "second forgotten"),
        ("VGG work", 173_408_256, "second reads 3"),
    ],
)
def test_the_same_mistakes_elsewhere(key, value, mistake):
    assert captions.check_stems(STEMS | {key: value}).mistake == mistake


def test_one_number_of_the_caption_cannot_be_counted():
    wrong = [n for n, x in captions.CAPTION.items() if x != captions.COUNTED[n]]
    assert wrong == ["conv1"]
    assert captions.CAPTION["conv1"] == 96 * 55 * 48
