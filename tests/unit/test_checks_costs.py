"""The five checks of notebook 03, with the answers a class really gives."""

from collections.abc import Callable

import pytest

from alexnet_lib.architecture.memory import GB, GIB, training_memory
from alexnet_lib.architecture.variants import ALEXNET_2012
from alexnet_lib.learning.checks import budgets, costs, sums
from alexnet_lib.learning.claims import claims
from tests.unit.checking import EqualInt, assert_check_is_fair, stub


def conv_by_loops(
    in_channels: int, out_channels: int, kernel_size: int, groups: int, bias=True
) -> int:
    """The right answer by counting one weight after another."""
    count = 0
    for _kernel in range(out_channels):
        for _channel in range(in_channels // groups):
            count += kernel_size**2
        count += 1 if bias else 0
    return count


def fc_by_loops(in_features: int, out_features: int, bias: bool = True) -> int:
    return sum(in_features + (1 if bias else 0) for _output in range(out_features))


def squared(o: int, depth: float, k: int, biases: int) -> int:
    return k * k * depth * o + biases


def test_count_conv():
    assert_check_is_fair(
        costs.check_count_conv,
        right=[costs.numel_of_conv, conv_by_loops],
        wrong={
            "bias forgotten": lambda i, o, k, g, b=True: squared(o, i // g, k, 0),
            "bias always": lambda i, o, k, g, b=True: (i // g * k**2 + 1) * o,
            "side not squared": lambda i, o, k, g, b=True: o * (i // g * k + b),
            "groups ignored": lambda i, o, k, g, b=True: o * (i * k**2 + b),
            "groups divide twice": lambda i, o, k, g, b=True: squared(
                o // g, i // g, k, b * o
            ),
            "kernels without depth": lambda i, o, k, g, b=True: o * (k**2 + b),
            "one bias per input": lambda i, o, k, g, b=True: squared(
                o, i // g, k, b * i
            ),
            "one bias in all": lambda i, o, k, g, b=True: squared(o, i // g, k, b),
            "true division": lambda i, o, k, g, b=True: squared(o, i / g, k, b * o),
        },
        todo=stub,
    )


def test_count_fc():
    assert_check_is_fair(
        costs.check_count_fc,
        right=[costs.numel_of_fc, fc_by_loops],
        wrong={
            "bias forgotten": lambda i, o, b=True: o * i,
            "bias always": lambda i, o, b=True: (i + 1) * o,
            "one bias per input": lambda i, o, b=True: (o + b) * i,
            "one bias in all": lambda i, o, b=True: int(b) + i * o,
            "outputs only": lambda i, o, b=True: (1 + b) * o,
            "added": lambda i, o, b=True: i + (1 + b) * o,
        },
        todo=stub,
    )


def test_torch_is_the_oracle_of_both():
    assert costs.numel_of_conv(2, 4, 3, 1) == 76
    assert costs.numel_of_conv(96, 256, 5, 2) == 307_456
    assert costs.numel_of_fc(9216, 4096) == 37_752_832


TOTALS = {
    "fc6": 26_218_496,
    "conv": 3_723_968,
    "fc": 43_040_778,
    "all": 46_764_746,
    "fc_share": 43_040_778 / 46_764_746,
}


def test_totals():
    assert_check_is_fair(
        sums.check_totals,
        right=[TOTALS, TOTALS | {"fc_share": 0.920}],
        wrong={
            "bias forgotten": TOTALS | {"fc6": 26_214_400},
            "paper's network": TOTALS | {"fc6": 37_752_832},
            "channels only": TOTALS | {"fc6": 256 * 4096 + 4096},
            "colour": TOTALS | {"conv": 3_747_200},
            "multiply-adds": TOTALS | {"conv": 895_113_600},
            "kinds swapped": TOTALS | {"conv": 43_040_778},
            "fc8 left out": TOTALS | {"fc": 42_999_808},
            "weights only": TOTALS | {"all": 46_755_168},
            "percent": TOTALS | {"fc_share": 92.04},
            "other share": TOTALS | {"fc_share": 0.07963},
            "ratio": TOTALS | {"fc_share": 11.558},
        },
        todo=dict.fromkeys(TOTALS),
    )


PAPERS = {
    "fc6": 37_752_832,
    "conv": 2_334_080,
    "fc": 58_631_144,
    "all": 60_965_224,
    "fc_share": 0.962,
}


@pytest.mark.parametrize("key", PAPERS)
def test_the_paper_s_own_numbers_are_told_apart(key):
    assert sums.check_totals(TOTALS | {key: PAPERS[key]}).mistake == "paper's network"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (TOTALS | {"conv": 0}, "totals['conv']: that is another number"),
        (TOTALS | {"fc_share": 0.922}, "totals['fc_share']: that is another number"),
        (TOTALS | {"fc_share": 0.96}, "totals['fc_share']: that is another number"),
        (TOTALS | {"fc": EqualInt(1)}, "totals['fc']: that is another number"),
        (TOTALS | {"weights": 1}, "totals has a key that was not asked for"),
        ([1], "totals should be a dict, not list"),
    ],
)
def test_totals_messages(answer, message):
    assert sums.check_totals(answer).message.startswith(message)


MEMORY = {
    "fc6_fc7_MiB": 54_534_144 * 4 / 2**20,
    "nearly_1_GB": "false",
    "torchvision_MB": 61_100_840 * 4 / 10**6,
    "file_of_233_MB": "wrong unit",
    "activations_128_MB": 128 * 7_700_896 / 10**6,
    "mostly_weights": "false",
}


def test_memory_claims():
    rounded = {
        key: round(value) if isinstance(value, float) else value
        for key, value in MEMORY.items()
    }
    assert_check_is_fair(
        budgets.check_memory_claims,
        right=[MEMORY, rounded],
        wrong={
            "MB": MEMORY | {"fc6_fc7_MiB": 218.1},
            "numbers": MEMORY | {"fc6_fc7_MiB": 52.0},
            "eight bytes": MEMORY | {"fc6_fc7_MiB": 416.1},
            "fc8 too": MEMORY | {"fc6_fc7_MiB": 223.7},
            "whole network": MEMORY | {"fc6_fc7_MiB": 232.6},
            "unit to blame": MEMORY | {"nearly_1_GB": "wrong unit"},
            "MiB": MEMORY | {"torchvision_MB": 233.1},
            "paper's network": MEMORY | {"torchvision_MB": 243.86},
            "believed": MEMORY | {"file_of_233_MB": "true"},
            "no unit fits": MEMORY | {"file_of_233_MB": "false"},
            "one picture": MEMORY | {"activations_128_MB": 7.7},
            "flatten too": MEMORY | {"activations_128_MB": 990.43},
            "weights layers only": MEMORY | {"activations_128_MB": 337.5},
        },
        todo=dict.fromkeys(MEMORY),
    )


def test_a_verdict_is_one_of_three_words():
    result = budgets.check_memory_claims(MEMORY | {"nearly_1_GB": "no"})
    assert "'no' is not one of true, false, wrong unit" in result.message


def test_torchvision_says_what_the_notebook_says_it_says():
    from torchvision.models import AlexNet_Weights

    listed = AlexNet_Weights.IMAGENET1K_V1.meta
    assert round(listed["_file_size"], 1) == 233.1
    assert round(MEMORY["torchvision_MB"] * 10**6 / 2**20, 1) == 233.1
    assert listed["_ops"] == 0.714  # its "GFLOPS": multiply-adds, in fact


FIXED, EACH = 3 * 243_860_896, 7_700_896


def test_largest_batch():
    copy = FIXED // 3
    assert_check_is_fair(
        budgets.check_largest_batch,
        right=[294, training_memory(ALEXNET_2012).largest_batch(3 * GB)],
        wrong={
            "not rounded": 294.565,
            "rounded up": 295,
            "one copy forgotten": (3 * GB - 2 * copy) // EACH,
            "two copies forgotten": (3 * GB - copy) // EACH,
            "weights forgotten": 3 * GB // EACH,
            "3 GiB": (3 * GIB - FIXED) // EACH,
            "batch counted once": 2,
            "numbers": (3 * GB - FIXED) // (EACH // 4),
            "parameters in numbers": (3 * GB - FIXED // 4) // EACH,
            "flatten too": 293,
            "pictures too": 272,
            "weights layers only": 860,
        },
        todo=None,
    )


@pytest.mark.parametrize("answer", [300.5, 294.0, "294", True, EqualInt(3)])
def test_largest_batch_is_a_whole_number(answer):
    result = budgets.check_largest_batch(answer)
    assert (result.status, result.mistake) == ("failed", None)


@pytest.mark.parametrize("answer", [(3 * GB - FIXED) / EACH, 294.57])
def test_half_a_picture_does_not_fit(answer):
    message = budgets.check_largest_batch(answer).message
    assert "round down, half a picture does not" in message


@pytest.mark.parametrize(
    "check",
    [
        costs.check_count_conv,
        costs.check_count_fc,
        sums.check_totals,
        budgets.check_memory_claims,
        budgets.check_largest_batch,
    ],
)
def test_no_check_shows_the_answer(check: Callable):
    for answer in (lambda *args: -1, dict.fromkeys([*TOTALS, *MEMORY], 1), 17):
        message = check(answer).message
        for secret in ("26218496", "26,218,496", "43040778", "294", "208.03"):
            assert secret not in message


def test_the_truths_quote_what_their_proofs_measure():
    assert "60,965,224" in claims()["sixty-million"].prove().evidence
    one_gb = claims()["two-layers-one-gb"]
    assert "0.22 GB" in one_gb.prove().evidence
    assert "four copies of the two" in one_gb.truth
    assert "x 4 = 0.87 GB" in one_gb.prove(one_gb.decoy).evidence
    shares = claims()["linear-layers-95-percent"].prove().evidence
    assert shares == (
        "ALEXNET_2012 96.17%, ALEXNET_TORCHVISION 95.96%, ALEXNET_ONE_TOWER 93.99%"
    )
