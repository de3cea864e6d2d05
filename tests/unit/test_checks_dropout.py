"""The check of dropout in notebook 06, with the answers a class really gives."""

import pytest
import torch
from torch import Tensor

from alexnet_lib.learning.checks import dropout
from tests.unit.checking import assert_check_is_fair, raiser, stub


# --- dropout --------------------------------------------------------------------------
def right_dropout(x, p, training, generator):
    if not training:
        return x
    return x * (torch.rand(x.shape, generator=generator) >= p) / (1 - p)


def by_bernoulli(x, p, training, generator):
    mask = torch.bernoulli(torch.full_like(x, 1 - p), generator=generator)
    return torch.where(mask.bool(), x / (1 - p), 0.0) if training else x.clone()


def in_training(function, in_eval=lambda x, p: x):
    """A wrong answer that differs in training, in eval mode, or in both."""

    def answer(x, p, training, generator):
        return function(x, p, generator) if training else in_eval(x, p)

    return answer


def kept(x: Tensor, p: float, generator: torch.Generator) -> Tensor:
    return torch.rand(x.shape, generator=generator) >= p


def scaled_by(factor):
    return in_training(lambda x, p, g: x * kept(x, p, g) * factor(p))


def in_place(x, p, training, generator):
    if training:
        x *= kept(x, p, generator) / (1 - p)
    return x


def fixed_number(x, p, g):
    order = torch.rand(x.shape, generator=g).argsort(dim=1).argsort(dim=1)
    return x * (order >= p * x.shape[1]) / (1 - p)


def fixed_total(x, p, g):
    order = torch.randperm(x.numel(), generator=g).reshape(x.shape)
    return x * (order >= int(p * x.numel())) / (1 - p)


def smallest_first(x, p, g):
    odds = x.detach().flatten().argsort().argsort().reshape(x.shape) / x.numel()
    chosen = torch.rand(x.shape, generator=g) >= 2 * p * (1 - odds)
    return x * chosen / (1 - p)


def same_mask(x, p, g):
    return x * kept(x, p, torch.Generator().manual_seed(0)) / (1 - p)


def mask_not_in_it(x, p, g):
    return x + (x * kept(x, p, g) / (1 - p) - x).detach()


def factor_not_in_it(x, p, g):
    thinned = x * kept(x, p, g)
    return thinned + (thinned / (1 - p) - thinned).detach()


def gradient_cut(x, p, g):
    return x.detach() * kept(x, p, g) / (1 - p)


def noise(x, p, g):
    factors = 0.5 + torch.rand(x.shape, generator=g)
    return x * kept(x, p, g) * factors / (1 - p)


def per_row(x, p, g):
    return x * kept(x[:, :1], p, g) / (1 - p)


def per_column(x, p, g):
    return x * kept(x[:1], p, g) / (1 - p)


def test_dropout():
    right = in_training(lambda x, p, g: right_dropout(x, p, True, g))
    assert_check_is_fair(
        dropout.check_dropout,
        right=[right_dropout, by_bernoulli, right],
        wrong={
            "in place": in_place,
            "nothing dropped": in_training(lambda x, p, g: x / (1 - p)),
            "p kept": in_training(lambda x, p, g: x * ~kept(x, p, g) / p),
            "not scaled": scaled_by(lambda p: 1),
            "scaled down": scaled_by(lambda p: 1 - p),
            "divided by p": scaled_by(lambda p: 1 / p),
            "scaled twice": scaled_by(lambda p: (1 - p) ** -2),
            "times p": scaled_by(lambda p: p),
            "unequal factors": in_training(noise),
            "whole pictures": in_training(per_row),
            "one mask for all": in_training(per_column),
            "fixed number": in_training(fixed_number),
            "fixed total": in_training(fixed_total),
            "smallest dropped": in_training(smallest_first),
            "same mask": in_training(same_mask),
            "generator ignored": in_training(
                lambda x, p, g: x * (torch.rand(x.shape) >= p) / (1 - p)
            ),
            "on in eval mode": lambda x, p, t, g: right_dropout(x, p, True, g),
            "scaled in eval mode": in_training(
                lambda x, p, g: right_dropout(x, p, True, g), lambda x, p: x * (1 - p)
            ),
            "divided in eval mode": in_training(
                lambda x, p, g: right_dropout(x, p, True, g), lambda x, p: x / (1 - p)
            ),
            "gradient cut": in_training(gradient_cut),
            "mask not in it": in_training(mask_not_in_it),
            "factor not in it": in_training(factor_not_in_it),
        },
        todo=stub,
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (5, "dropout should be a function, not int"),
        (raiser, "dropout raised ZeroDivisionError: division by zero"),
        (lambda *args: None, "dropout gave None: does it end with a return?"),
        (lambda *args: 0.5, "it should be a torch tensor, not float"),
        (lambda x, *args: x[0], "its shape is (100,), which should be (400, 100)"),
        (
            in_training(lambda x, p, g: x * kept(x, p / 2, g) / (1 - p)),
            "with p = 0.3, 15% became 0",
        ),
        (
            scaled_by(lambda p: 5),
            "what stays is multiplied by 5.00. The mean over all masks should be x",
        ),
        (
            in_training(lambda x, p, g: right_dropout(x, p, True, g), lambda x, p: 0),
            "with training=False it should give x back, unchanged",
        ),
    ],
)
def test_dropout_messages(answer, message):
    result = dropout.check_dropout(answer)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


def test_the_mean_and_the_variance_are_reported():
    said = dropout.check_dropout(right_dropout).message
    assert "p = 0.3: mean 1.00, variance 0.4" in said
    assert "(p / (1 - p) is 0.43)" in said
