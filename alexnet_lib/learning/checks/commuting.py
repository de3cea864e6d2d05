"""Check of notebook 05: which neighbours in a network may change places?"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

Layer = Callable[[Tensor], Tensor]
POOL_SIDE = 3
LAYERS: dict[str, Layer] = {
    "ReLU": nn.ReLU(),
    "max-pool": nn.MaxPool2d(POOL_SIDE, stride=2),
    "LRN": LocalResponseNorm(),  # the paper's constants, as printed
}
PAIRS = ("ReLU, max-pool", "ReLU, LRN", "LRN, max-pool")
COMMUTES = PAIRS[0]
FAR_APART = 1e-3  # relative difference: beyond what rounding does in float32


def apply(names: str, a: Tensor) -> Tensor:
    """The layers of 'LRN, max-pool' one after the other, the first one first."""
    for name in names.split(", "):
        a = LAYERS[name](a)
    return a


def swapped(names: str) -> str:
    """'max-pool, LRN' for 'LRN, max-pool'."""
    first, second = names.split(", ")
    return f"{second}, {first}"


def relative_difference(pair: str, a: Tensor) -> float:
    """How far the two orders are apart, as a share of the length of the first."""
    one, other = apply(pair, a), apply(swapped(pair), a)
    length = max(one.norm(), other.norm())
    return ((one - other).norm() / length).item() if length else 0.0


@exercise("commute")
def check_commute(answers: Any) -> CheckResult:
    """For each pair True, or a tensor on which its two orders differ."""
    if type(answers) is not dict:
        return failed(f"commute should be a dict, not {type(answers).__name__}")
    if set(answers) != set(PAIRS):
        return failed(f"commute should have the keys {'; '.join(PAIRS)}")
    if all(answers[pair] is None for pair in PAIRS):
        return todo("fill in commute, then run this cell again")
    for pair in PAIRS:
        if answers[pair] is not None:
            result = _judge(pair, answers[pair])
            if result is not None:
                return result
    missing = [pair for pair in PAIRS if answers[pair] is None]
    if missing:
        return todo(f"right so far; commute[{missing[0]!r}] is still open")
    apart = [
        f"{pair}: {relative_difference(pair, answers[pair].double()):.1%} apart"
        for pair in PAIRS[1:]
    ]
    return passed(f"one pair commutes; your counterexamples hold. {'; '.join(apart)}")


def _judge(pair: str, answer: Any) -> CheckResult | None:
    where = f"commute[{pair!r}]"
    if answer is False:
        return failed(
            f"{where}: False is a guess until there is a counterexample: give a tensor",
            "no counterexample",
        )
    if answer is True:
        if pair == COMMUTES:
            return None
        return failed(
            f"{where}: you answered as if its two orders agreed on every input. Try "
            "inputs of another kind than those you tried",
            "taken for commuting",
        )
    if type(answer) is not Tensor:
        kind = type(answer).__name__
        return failed(f"{where} should be True, or a tensor (N, C, H, W), not {kind}")
    if answer.ndim != 4 or min(answer.shape) < 1:
        return failed(
            f"{where} should be a tensor (N, C, H, W), got {tuple(answer.shape)}",
            "not a batch",
        )
    if not answer.isfinite().all():
        return failed(f"{where}: some of its numbers are none, or infinite", "infinite")
    if "max-pool" in pair and min(answer.shape[-2:]) < POOL_SIDE:
        return failed(
            f"{where}: the pooling window of {POOL_SIDE} x {POOL_SIDE} finds no room "
            f"on {tuple(answer.shape[-2:])} pixels",
            "too small to pool",
        )
    return _judge_counterexample(pair, where, answer.detach().double())


def _judge_counterexample(pair: str, where: str, a: Tensor) -> CheckResult | None:
    difference = relative_difference(pair, a)
    if difference >= FAR_APART:
        return None
    found = f"{where}: on your tensor the two orders differ by {difference:.1g}"
    if pair == COMMUTES:
        return failed(
            f"{where}: on your tensor both orders give the same numbers. Could any "
            "input do better? Both layers leave the order of two numbers as it is",
            "no such counterexample",
        )
    if pair == "ReLU, LRN":
        if (a >= 0).all():
            return failed(
                f"{found}. It has no negative number, so ReLU has nothing to do",
                "nothing negative",
            )
        if (a <= 0).all():
            return failed(
                f"{found}. It has no positive number, so nothing is left of it",
                "nothing positive",
            )
        return failed(
            f"{found}. What ReLU takes away must be loud, and near a number that stays",
            "negatives too quiet",
        )
    if a.abs().max() < 10:
        return failed(
            f"{found}. The paper's alpha is small: what do squares of your numbers add "
            "to k?",
            "too quiet",
        )
    return failed(
        f"{found}. In each window the largest number wins in both orders. When would "
        "LRN make another one the largest?",
        "the same one wins",
    )


def plain_counterexamples(seed: int = 0) -> dict[str, Tensor]:
    """One for each pair that has one: loud noise, as it might come from conv1.

    Shape: float64 (1, 96, 55, 55).
    """
    generator = torch.Generator().manual_seed(seed)
    a = 20 * torch.randn(1, 96, 55, 55, generator=generator, dtype=torch.float64)
    return {pair: a.relu() if "ReLU" not in pair else a for pair in PAIRS[1:]}
