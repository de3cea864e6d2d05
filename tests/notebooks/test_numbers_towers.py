"""Numbers that stand in the text of notebook 15 are those that the library computes."""

import pytest

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.halves import (
    cut_in_two,
    half_as_many_kernels,
    without_groups,
)
from alexnet_lib.architecture.memory import MB, training_memory
from alexnet_lib.architecture.variants import ALEXNET_2012, ALEXNET_2012_SOURCE
from alexnet_lib.learning.checks.grouping import GROUP_CASES
from alexnet_lib.learning.claims import claims
from alexnet_lib.learning.content import notebook_content
from tests.notebooks.test_numbers import text_of

pytestmark = pytest.mark.notebooks
ROWS = cut_in_two(ALEXNET_2012_SOURCE)
WEIGHTED = {row.name: row for row in ROWS if row.in_depth}
OURS, DENSE, ALONE = (
    summarize(each)
    for each in (
        ALEXNET_2012_SOURCE,
        without_groups(ALEXNET_2012_SOURCE),
        half_as_many_kernels(ALEXNET_2012_SOURCE),
    )
)


def total(rows, count: str) -> int:
    return sum(getattr(row, count) for row in rows)


def held(card: int) -> int:
    return sum(row.num_params[card] for row in ROWS)


def left_out() -> int:
    """Parameters that the groups leave out."""
    return total(DENSE, "num_params") - total(OURS, "num_params")


WORDS = {4: "four", 5: "five", 7: "seven"}


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("torch's own on {} cases", [WORDS[len(GROUP_CASES)]]),
        ("256 kernels of 5 x 5 x {}", [WEIGHTED["conv2"].in_depth]),
        ("of a kernel, {}, with the number of maps, {}", [48, OURS[4].in_shape[0]]),
        (
            "makes it {:.1f} % and {:.1f} %",
            [100 * held(card) / (held(0) + held(1)) for card in range(2)],
        ),
        (
            "are {:.0f} % of all, some {:.0f} MB with gradient and momentum",
            [100 * left_out() / total(OURS, "num_params"), 12 * left_out() / MB],
        ),
        (
            "nearly as many parameters, half of those in convolutions, and "
            "{:.1f} % of the multiply-adds",
            [100 * total(ALONE, "macs") / total(OURS, "macs")],
        ),
        ("each sends its {} maps, and both put all {}", [128, 256]),
        (
            "receives {} maps of 13 x 13, which are {:,} numbers",
            [OURS[7].out_shape[0] // 2, WEIGHTED["conv3"].received[0]],
        ),
        ("as far as its own {} kernels", [OURS[8].out_shape[0] // 2]),
    ],
)
def test_the_text_has_the_number_that_is_computed(phrase, numbers):
    assert phrase.format(*numbers) in text_of("15")


def test_what_the_groups_save_is_as_the_text_says():
    text = text_of("15")
    assert "They save more than a third of the multiply-adds" in text
    assert 1 - total(OURS, "macs") / total(DENSE, "macs") > 1 / 3
    assert "and more than three quarters of what crosses the bus" in text
    dense = cut_in_two(without_groups(ALEXNET_2012_SOURCE))
    for card in range(2):
        ours, theirs = (
            sum(row.received[card] for row in rows) for rows in (ROWS, dense)
        )
        assert ours / theirs < 1 / 4
    convs = [
        sum(row.num_params for row in rows if row.kind == "Conv2d")
        for rows in (OURS, ALONE)
    ]
    assert convs[1] / convs[0] == pytest.approx(0.5, abs=0.001)
    kept = total(ALONE, "num_params") / total(OURS, "num_params")
    assert 0.95 < kept < 1
    assert (
        "about 2 per cent"
        in notebook_content("15")["predictions"]["15-saved"]["options"]
    )
    assert f"{left_out() / total(OURS, 'num_params'):.0%}" == "2%"


def test_what_claims_and_questions_quote():
    cards = claims()
    assert f"{held(1):,} each" in cards["each-card-half-the-model"].truth
    more = [total(DENSE, c) / total(OURS, c) - 1 for c in ("num_params", "macs")]
    for share in more:
        assert (
            f"{100 * share:.1f} per cent more" in cards["hardly-another-network"].truth
        )
    needs = training_memory(ALEXNET_2012)
    why = notebook_content("15")["recall"][1]["why"]
    assert f"{128 * needs.activations_per_image / MB:.0f} MB" in why
    assert f"{needs.fixed / MB:.0f} MB" in why


def test_the_table_of_the_text_is_the_table_of_the_library():
    text = text_of("15")
    kernels = {row.name: row.out_shape[0] for row in OURS if row.macs}
    for name, number in kernels.items():
        mine = number if name == "fc8" else number // 2
        letter = "" if name == "fc8" else "a"
        assert f"| {name}{letter} | {mine:,}" in text
        line = text.partition(f"| {name}{letter} |")[2].split("|")[1]
        assert (WEIGHTED[name].reads == "both halves") == (" and " in line)
