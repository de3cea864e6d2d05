"""Numbers that stand in the text of notebook 16 are those that the library computes."""

import pytest
import torch

from alexnet_lib.architecture import variants
from alexnet_lib.architecture.arithmetic import overhang, summarize
from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.figures.dialects import order_of
from alexnet_lib.learning.checks.assembled_2012 import WRONG
from alexnet_lib.learning.claims import claims
from tests.notebooks.test_numbers import text_of

pytestmark = pytest.mark.notebooks
SEVEN = (
    variants.ALEXNET_2012,
    variants.ALEXNET_2012_SOURCE,
    variants.CAFFENET,
    variants.ALEXNET_TORCHVISION,
    variants.ALEXNET_D2L,
    variants.ALEXNET_ONE_TOWER,
    variants.ALEXNET_KERAS,
)
PAPER = {row.name: row for row in summarize(variants.ALEXNET_2012)}
NUMBERS = {13: "thirteen", 4: "Four"}


def params(table) -> int:
    return sum(row.num_params for row in summarize(table))


def std_behind(*settings: float) -> float:
    generator = torch.Generator().manual_seed(0)
    maps = 20 * torch.randn(1, 96, 55, 55, generator=generator)
    return LocalResponseNorm(*settings)(maps).std().item()


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("recognises {} other dialects", [NUMBERS[len(WRONG)]]),
        ("begins with {} kernels", [summarize(SEVEN[3])[0].out_shape[0]]),
        ("the official one has {}", [PAPER["conv1"].out_shape[0]]),
        (
            "{} of the seven have the paper's {:,} parameters",
            [
                NUMBERS[[params(each) for each in SEVEN].count(params(SEVEN[0]))],
                params(SEVEN[0]),
            ],
        ),
        (
            "cover {} x 4 + 11 = {} pixels",
            [
                PAPER["conv1"].out_shape[1] - 1,
                224 + overhang(224, 11, 4, 0, "ceil"),
            ],
        ),
        ("With padding 2 there are {} positions to cover", [224 + 2 * 2]),
        ("comes in, about {:.1f} goes out", [std_behind(11, 1.0, 0.5, 1.0)]),
    ],
)
def test_the_text_has_the_number_that_is_computed(phrase, numbers):
    assert phrase.format(*numbers) in text_of("16")


def test_no_two_of_the_seven_have_the_same_order():
    orders = [order_of([row.kind for row in summarize(each)]) for each in SEVEN]
    assert len(set(orders)) == len(SEVEN)


def test_the_defaults_leave_less_than_a_fiftieth():
    assert std_behind(11, 1.0, 0.5, 1.0) < 20 / 50
    assert std_behind(5, 1e-4, 0.75, 2.0) > 20 / 4


def test_the_tables_of_the_text_are_those_of_the_port():
    text = text_of("16")
    assert "| (out, in, height, width) | (height, width, in, out) |" in text
    truth = claims()["default-normalisation"].truth
    assert "eleven channels" in truth
    assert "depth_radius 2, bias 2, alpha 0.0001, beta 0.75" in truth
