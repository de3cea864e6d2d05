"""The check of which layers commute: it runs every counterexample it is given."""

import pytest
import torch
from torch import nn

from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.learning.checks import commuting
from tests.unit.checking import EqualsEverything, assert_check_is_fair

RELU_POOL, RELU_LRN, LRN_POOL = commuting.PAIRS


def noise(scale: float, *shape: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    return scale * torch.randn(shape, generator=generator)


def three_numbers() -> torch.Tensor:
    """The louder of two pixels stands beside a deafening neighbour."""
    a = torch.zeros(1, 2, 3, 3)
    a[0, 0, 0, 0], a[0, 0, 1, 1], a[0, 1, 1, 1] = 40.0, 50.0, 1000.0
    return a


def one_loud_negative() -> torch.Tensor:
    return torch.tensor([10.0, -1000.0]).reshape(1, 2, 1, 1)


def too_loud_for_itself() -> torch.Tensor:
    """One channel: a lone 1000 comes out quieter than a lone 200."""
    a = torch.zeros(1, 1, 3, 3)
    a[0, 0, 0, 0], a[0, 0, 1, 1] = 200.0, 1000.0
    return a


def right(**changes) -> dict:
    answers = {
        RELU_POOL: True,
        RELU_LRN: one_loud_negative(),
        LRN_POOL: three_numbers(),
    }
    names = {"relu_pool": RELU_POOL, "relu_lrn": RELU_LRN, "lrn_pool": LRN_POOL}
    return answers | {names[name]: value for name, value in changes.items()}


def test_commute():
    loud = noise(100, 2, 8, 7, 7)
    assert_check_is_fair(
        commuting.check_commute,
        right=[
            right(),
            right(relu_lrn=loud, lrn_pool=loud),
            right(lrn_pool=too_loud_for_itself()),
            right(relu_lrn=loud.double().requires_grad_()),
        ],
        wrong={
            "taken for commuting": right(relu_lrn=True),
            "no counterexample": right(lrn_pool=False),
            "no such counterexample": right(relu_pool=loud),
            "nothing negative": right(relu_lrn=loud.abs()),
            "nothing positive": right(relu_lrn=-loud.abs()),
            "negatives too quiet": right(relu_lrn=noise(1, 1, 8, 4, 4)),
            "too quiet": right(lrn_pool=noise(1, 1, 8, 7, 7)),
            "the same one wins": right(lrn_pool=torch.full((1, 4, 7, 7), 100.0)),
            "too small to pool": right(lrn_pool=noise(100, 1, 8, 2, 2)),
            "not a batch": right(relu_lrn=noise(100, 8, 4, 4)),
            "infinite": right(relu_lrn=noise(100, 1, 8, 4, 4) / 0),
        },
        todo=dict.fromkeys(commuting.PAIRS),
    )


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([True], "commute should be a dict, not list"),
        (
            {"ReLU": True},
            "commute should have the keys ReLU, max-pool; ReLU, LRN; LRN,",
        ),
        (right(relu_lrn=3.0), "should be True, or a tensor (N, C, H, W), not float"),
        (right(relu_lrn=EqualsEverything()), "not EqualsEverything"),
        (right(relu_pool=EqualsEverything()), "not EqualsEverything"),
        (right(relu_pool=1), "not int"),
        (right(relu_lrn=torch.zeros(1, 0, 3, 3)), "got (1, 0, 3, 3)"),
    ],
)
def test_commute_messages(answers, message):
    result = commuting.check_commute(answers)
    assert result.status == "failed"
    assert message in result.message


def test_what_holds_so_far_is_said():
    result = commuting.check_commute(right(lrn_pool=None))
    assert str(result) == "todo: right so far; commute['LRN, max-pool'] is still open"
    passed = commuting.check_commute(right())
    assert "ReLU, LRN: " in passed.message
    assert " apart" in passed.message


def test_the_two_orders_are_those_of_torch_s_own_layers():
    a = noise(100, 1, 6, 7, 7).double()
    relu, pool = nn.ReLU(), nn.MaxPool2d(3, 2)
    lrn = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
    assert torch.equal(pool(relu(a)), relu(pool(a)))
    for pair, one, other in (
        (RELU_LRN, lrn(relu(a)), relu(lrn(a))),
        (LRN_POOL, pool(lrn(a)), lrn(pool(a))),
    ):
        torch.testing.assert_close(commuting.apply(pair, a), one)
        torch.testing.assert_close(commuting.apply(commuting.swapped(pair), a), other)
    assert commuting.relative_difference(LRN_POOL, torch.zeros(1, 1, 3, 3)) == 0


def test_no_tensor_sets_relu_and_pooling_apart():
    for seed in range(50):
        generator = torch.Generator().manual_seed(seed)
        a = 10 * torch.randn(1, 3, 9, 8, generator=generator)
        assert commuting.relative_difference(RELU_POOL, a) == 0


@pytest.mark.parametrize("alpha_on", ["sum", "mean"])
def test_plain_counterexamples_hold_by_either_rule(alpha_on, monkeypatch):
    """With the code's alpha by 0.9 and 2.6 %, with the printed one four times that."""
    rule = LocalResponseNorm(alpha_on=alpha_on)
    monkeypatch.setitem(commuting.LAYERS, "LRN", rule)
    apart = {
        pair: f"{commuting.relative_difference(pair, a):.1%}"
        for pair, a in commuting.plain_counterexamples().items()
    }
    expected = {"sum": ("3.8%", "10.5%"), "mean": ("0.9%", "2.6%")}[alpha_on]
    assert tuple(apart.values()) == expected
