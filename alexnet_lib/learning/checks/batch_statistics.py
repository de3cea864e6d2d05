"""Check of notebook 13: batch normalisation in train and in eval mode."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

EPS = 1e-5
MOMENTUM = 0.1
CLOSE = 1e-4
Answer = tuple[Tensor, Tensor, Tensor]  # outputs, running mean, running variance
BatchNorm = Callable[[Tensor, Tensor, Tensor, bool], Tensor]

# name: what your function behaves as if; `_faulty` says what each does
MISTAKES = {
    "running statistics in training": "training used the running statistics, too",
    "unbiased in training": "the batch were divided by its unbiased deviation",
    "no eps": "eps were left out: a map of one colour has variance 0",
    "variance for deviation": "the variance were the divisor: it is its square root",
    "only centred": "the mean were taken away, and nothing divided",
    "per picture": "each picture had a mean of its own: the batch shares one",
    "nothing kept": "training left the running statistics as they were",
    "replaced": "the running statistics were those of the last batch alone",
    "wrong way round": "old and new had changed places: most of the old stays",
    "biased is kept": "the running variance took the biased variance, over n and not "
    "n - 1",
    "deviation is kept": "the running variance took in a deviation",
    "batch statistics in eval": "eval mode looked at the batch as well",
    "eval keeps": "eval mode moved the running statistics",
}


def batch_norm(
    x: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    training: bool,
    fault: str = "",
) -> Tensor:
    """As torch does it, without scale and shift; or with one of MISTAKES.

    Shape: (N, C, H, W), (C,), (C,) -> (N, C, H, W); the running ones change in place.
    """
    mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), unbiased=False)
    unbiased = x.var(dim=(0, 2, 3))
    old_mean, old_var = running_mean.clone(), running_var.clone()
    if (training and fault != "nothing kept") or fault == "eval keeps":
        share = {"replaced": 1.0, "wrong way round": 1 - MOMENTUM}.get(fault, MOMENTUM)
        kept = var if fault == "biased is kept" else unbiased
        kept = kept.sqrt() if fault == "deviation is kept" else kept
        running_mean.lerp_(mean, share)
        running_var.lerp_(kept, share)
    if training and fault == "unbiased in training":
        var = unbiased
    own = training or fault == "batch statistics in eval"
    if not own or fault == "running statistics in training":
        mean, var = old_mean, old_var
    mean, var = mean.view(1, -1, 1, 1), var.view(1, -1, 1, 1)
    if training and fault == "per picture":
        mean = x.mean(dim=(2, 3), keepdim=True)
        var = x.var(dim=(2, 3), unbiased=False, keepdim=True)
    if fault == "only centred":
        return x - mean
    if fault == "variance for deviation":
        return (x - mean) / (var + EPS)
    return (x - mean) / (var + (0 if fault == "no eps" else EPS)).sqrt()


def _cases() -> list[tuple[Tensor, Tensor, Tensor, bool]]:
    """A batch in training, another one in eval mode, a map of one colour."""
    generator = torch.Generator().manual_seed(13)
    x = 3 * torch.randn(4, 3, 2, 2, generator=generator) + 2
    x[:, 2] = 7.0
    other = torch.randn(2, 3, 2, 2, generator=generator)
    running = torch.tensor([0.5, -1.0, 4.0]), torch.tensor([2.0, 1.0, 0.5])
    return [(x, *running, True), (other, *running, False)]


def _answers(function: BatchNorm) -> list[Answer]:
    found = []
    for x, mean, var, training in copy.deepcopy(_cases()):
        y = function(x, mean, var, training)
        found.append((y, mean, var))
    return found


def _same(ours: list[Answer], theirs: list[Answer]) -> bool:
    return all(
        torch.allclose(a, b, atol=CLOSE, rtol=CLOSE, equal_nan=True)
        for one, other in zip(ours, theirs, strict=True)
        for a, b in zip(one, other, strict=True)
    )


@exercise("batch_norm")
def check_batch_norm(student: BatchNorm) -> CheckResult:
    """`batch_norm(x, running_mean, running_var, training)`: outputs and statistics."""
    if not callable(student):
        return failed(f"batch_norm should be a function, not {type(student).__name__}")
    try:
        theirs = _answers(student)
    except NotImplementedError:
        return todo("write the body of batch_norm, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"batch_norm raised {type(error).__name__}: {error}")
    for (y, _, _), (x, *_rest) in zip(theirs, _cases(), strict=True):
        if (fault := _kind_fault(y, x)) is not None:
            return fault
    ours = _answers(batch_norm)
    if _same(ours, theirs):
        return passed(
            "outputs and running statistics are right, in train mode and in eval mode"
        )
    for name, says in MISTAKES.items():
        wrong = _answers(lambda *args, name=name: batch_norm(*args, fault=name))
        if _same(wrong, theirs):
            return failed(f"your function behaves as if {says}.", name)
    where = "train" if not _same(ours[:1], theirs[:1]) else "eval"
    what = "outputs" if not _same_outputs(ours, theirs) else "running statistics"
    return failed(f"in {where} mode the {what} differ from those of nn.BatchNorm2d")


def _same_outputs(ours: list[Answer], theirs: list[Answer]) -> bool:
    pairs = zip(ours, theirs, strict=True)
    return all(torch.allclose(a[0], b[0], atol=CLOSE, rtol=CLOSE) for a, b in pairs)


def _kind_fault(y: Any, x: Tensor) -> CheckResult | None:
    if y is None or y is Ellipsis:
        return failed(f"batch_norm gave {y}: does it end with a return?")
    if type(y) is not Tensor:
        return failed(f"it should give a torch tensor, not {type(y).__name__}")
    if y.shape != x.shape:
        return failed(
            f"for shape {tuple(x.shape)} it gives {tuple(y.shape)}: each number comes "
            "out at its own place"
        )
    return None
