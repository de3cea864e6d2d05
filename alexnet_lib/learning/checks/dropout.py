"""Check of notebook 06: dropout by hand, measured as a machine is, not read."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

Dropout = Callable[[Tensor, float, bool, torch.Generator], Tensor]
SHARE = 0.3  # dropped; not a half, so that p and 1 - p are told apart
ROWS, UNITS = 400, 100  # pictures, numbers of each
NEAR = 0.02  # of shares counted over 40,000 numbers: eight standard deviations
EXACT = 1e-4


@exercise("dropout")
def check_dropout(student: Dropout) -> CheckResult:
    """`dropout(x, p, training, generator)`: share, scale, eval mode, gradient."""
    if not callable(student):
        return failed(f"dropout should be a function, not {type(student).__name__}")
    try:
        fault = next(filter(None, (test(student) for test in TESTS)), None)
    except NotImplementedError:
        return todo("write the body of dropout, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"dropout raised {type(error).__name__}: {error}")
    if fault is not None:
        return fault
    ones = student(torch.ones(ROWS, UNITS), SHARE, True, _generator(9))
    return passed(
        f"of ones, p = {SHARE}: mean {ones.mean():.2f}, variance {ones.var():.2f} "
        f"(p / (1 - p) is {SHARE / (1 - SHARE):.2f}); eval mode and gradient are right"
    )


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _numbers() -> Tensor:
    """(ROWS, UNITS), none of them 0, no two alike."""
    return torch.rand(ROWS, UNITS, generator=_generator(1)) + 0.5


def _behaves(says: str, mistake: str) -> CheckResult:
    return failed(f"your function behaves as if {says}.", mistake)


def _kind(student: Dropout) -> CheckResult | None:
    """A tensor of the same shape comes back, and x is left alone."""
    x = _numbers()
    before = x.clone()
    answer: Any = student(x, SHARE, True, _generator(0))
    if answer is None or answer is Ellipsis:
        return failed(f"dropout gave {answer}: does it end with a return?")
    if type(answer) is not Tensor:
        return failed(f"it should be a torch tensor, not {type(answer).__name__}")
    if answer.shape != x.shape:
        return failed(
            f"its shape is {tuple(answer.shape)}, which should be {tuple(x.shape)}"
        )
    if not torch.equal(x, before):
        return _behaves(
            "x itself were to be changed: an in-place step such as *= writes into the "
            "numbers of the layer before",
            "in place",
        )
    return None


def _share(student: Dropout) -> CheckResult | None:
    """How many are dropped."""
    dropped = (student(_numbers(), SHARE, True, _generator(0)) == 0).float().mean()
    if abs(dropped - SHARE) <= NEAR:
        return None
    if dropped == 0:
        return failed(
            "in training nothing became exactly 0. A unit that is dropped is silent: "
            "draw a mask of zeros and ones",
            "nothing dropped",
        )
    if abs(dropped - (1 - SHARE)) <= NEAR:
        return _behaves(
            "p were the share that stays; here it is the share that is dropped, as in "
            "torch.nn.Dropout(p)",
            "p kept",
        )
    return failed(f"with p = {SHARE}, {dropped:.0%} became 0. How are they drawn?")


def _scale(student: Dropout) -> CheckResult | None:
    """What happens to those that stay."""
    x = _numbers()
    answer = student(x, SHARE, True, _generator(0))
    factors = (answer / x)[answer != 0]
    low, factor, high = (
        pick.item() for pick in (factors.min(), factors.mean(), factors.max())
    )
    keep = 1 - SHARE
    if high - low > EXACT:
        return failed(
            f"what stays is multiplied by {low:.2f} to {high:.2f}: by the same factor "
            "each time, please",
            "unequal factors",
        )
    known = {
        "not scaled": (1.0, "what stays were left as it is: then the sum shrinks"),
        "scaled down": (keep, "what stays were multiplied by 1 - p: divide by it"),
        "divided by p": (1 / SHARE, "what stays were divided by p, the dropped share"),
        "scaled twice": (keep**-2, "what stays were divided by 1 - p twice"),
        "times p": (SHARE, "what stays were multiplied by p"),
    }
    if abs(factor - 1 / keep) <= EXACT:
        return None
    for mistake, (wrong, says) in known.items():
        if abs(factor - wrong) <= EXACT:
            return _behaves(says, mistake)
    return failed(
        f"with p = {SHARE} what stays is multiplied by {factor:.2f}. The mean over all "
        "masks should be x: by what must the rest be multiplied?"
    )


def _independent(student: Dropout) -> CheckResult | None:
    """Each unit of each picture has a draw of its own."""
    x = _numbers()
    answer = student(x, SHARE, True, _generator(0))
    gone = (answer == 0).float()
    if not gone.any():
        return None
    by_row, by_unit = gone.mean(dim=1), gone.mean(dim=0)
    if ((by_row == 0) | (by_row == 1)).all():
        return _behaves("a picture were dropped as a whole", "whole pictures")
    if ((by_unit == 0) | (by_unit == 1)).all():
        return _behaves(
            "one mask served all pictures of the batch: draw in the shape of x",
            "one mask for all",
        )
    if by_row.std() < 1e-6:
        return _behaves(
            "the number of dropped units were fixed; each unit has its own draw, so "
            "the number differs from picture to picture",
            "fixed number",
        )
    if x[gone == 0].mean() - x[gone == 1].mean() > 0.1:
        return _behaves("small numbers were to be dropped first", "smallest dropped")
    return None


def _draws(student: Dropout) -> CheckResult | None:
    """New masks at each call, all of them from the generator."""
    x, generator = _numbers(), _generator(0)
    first, second, third = (student(x, SHARE, True, generator) for _ in range(3))
    if torch.equal(first, second):
        return _behaves("one mask were drawn for good", "same mask")
    # Three equal counts of 40,000 free draws: about once in 100,000 times.
    if len({int((each == 0).sum()) for each in (first, second, third)}) == 1:
        return _behaves(
            "the number of dropped units were fixed for the batch; each unit has its "
            "own draw, so the number differs from call to call",
            "fixed total",
        )
    if not torch.equal(first, student(x, SHARE, True, _generator(0))):
        return _behaves(
            "the generator were not there: pass generator=generator on",
            "generator ignored",
        )
    return None


def _eval_mode(student: Dropout) -> CheckResult | None:
    """Not in training: x, unchanged. And p = 0 drops nothing."""
    x = _numbers()
    answer = student(x, SHARE, False, _generator(0))
    if type(answer) is Tensor and answer.shape == x.shape:
        if (answer == 0).any():
            return _behaves("dropout were on in eval mode, too", "on in eval mode")
        if torch.allclose(answer, x * (1 - SHARE), rtol=EXACT):
            return _behaves(
                "eval mode had to multiply by 1 - p, as in 2012. Here training has "
                "divided by it already",
                "scaled in eval mode",
            )
        if torch.allclose(answer, x / (1 - SHARE), rtol=EXACT):
            return _behaves(
                "eval mode divided by 1 - p, too: there nothing is missing",
                "divided in eval mode",
            )
        if torch.equal(answer, x):
            kept = student(x, 0.0, True, _generator(0))
            same = torch.equal(kept, x)
            return None if same else failed("with p = 0 nothing should change")
    return failed("with training=False it should give x back, unchanged")


def _gradient(student: Dropout) -> CheckResult | None:
    """What comes back passes the same mask, with the same factor."""
    x = _numbers().requires_grad_()
    answer = student(x, SHARE, True, _generator(0))
    if not answer.requires_grad:
        return _behaves(
            "no gradient were to come back: no detach() and no no_grad() around x",
            "gradient cut",
        )
    (gradient,) = torch.autograd.grad(answer.sum(), x)
    expected = (answer != 0).float() / (1 - SHARE)
    if torch.allclose(gradient, expected, rtol=EXACT):
        return None
    if torch.allclose(gradient, torch.ones_like(x), rtol=EXACT):
        return _behaves("the mask were not there on the way back", "mask not in it")
    if torch.allclose(gradient, (answer != 0).float(), rtol=EXACT):
        return _behaves(
            "the factor 1 / (1 - p) were not there on the way back", "factor not in it"
        )
    return failed("the gradient is not the mask divided by 1 - p")


TESTS = (_kind, _independent, _share, _scale, _draws, _eval_mode, _gradient)
