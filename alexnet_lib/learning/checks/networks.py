"""How a network that the learner put together is checked.

It is right when it has the reference's parameters and, with the reference's weights
copied in, its outputs: how it is written does not matter. A wrong one is told which of
the known wrong networks it equals.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from alexnet_lib.learning.result import CheckResult, failed, passed

Build = Callable[[], nn.Module]


@dataclass(frozen=True, kw_only=True)
class WrongNetwork:
    """A plausible wrong network; `says` completes "your network behaves as if ..."."""

    name: str
    says: str
    build: Build


def check_network(
    network: Any,
    name: str,
    shape: tuple[int, int, int],
    right: Build,
    wrong: Sequence[WrongNetwork],
) -> CheckResult:
    """Same parameters and, with the reference's weights copied in, same outputs."""
    if not isinstance(network, nn.Module):
        return failed(f"{name} should be a torch network, not {type(network).__name__}")
    with torch.random.fork_rng(devices=[]):
        images = torch.randn(3, *shape, generator=torch.Generator().manual_seed(0))
        network, reference = _double(network), _double(right())
        answer = _output(network, images)
        if isinstance(answer, torch.Tensor) and _like(network, reference, images):
            count = sum(p.numel() for p in network.parameters())
            return passed(f"{count:,} parameters, and the outputs of the reference")
        for mistake in wrong:
            if _like(network, _double(mistake.build()), images):
                says = f"your network behaves as if {mistake.says}"
                return failed(f"{name}: {says}.", mistake.name)
    if not isinstance(answer, torch.Tensor):
        return failed(
            f"a picture of {' x '.join(map(str, shape))} stopped it: {answer}"
        )
    count = sum(p.numel() for p in network.parameters())
    theirs = [tuple(p.shape) for p in network.parameters()]
    if theirs != [tuple(p.shape) for p in reference.parameters()]:
        return failed(
            f"{name} has {count:,} parameters, in other layers than asked for: compare "
            "widths and windows line by line",
            "wrong widths",
        )
    return failed(f"{name} has the right parameters, but its outputs differ")


def _double(network: nn.Module) -> nn.Module:
    return deepcopy(network).double().eval()


def _output(network: nn.Module, images: torch.Tensor) -> torch.Tensor | str:
    """What it makes of the images, or what stopped it, in one line."""
    try:
        with torch.no_grad():
            return network(images.double())
    except Exception as error:
        return str(error).splitlines()[0] if str(error) else type(error).__name__


def _like(network: nn.Module, other: nn.Module, images: torch.Tensor) -> bool:
    """Whether two networks do the same with the same weights, or fail the same way."""
    theirs, ours = list(network.parameters()), list(other.parameters())
    if any(isinstance(p, nn.UninitializedParameter) for p in theirs):
        return False
    if [p.shape for p in theirs] != [p.shape for p in ours]:
        return False
    network = deepcopy(network)
    for parameter, source in zip(network.parameters(), ours, strict=True):
        parameter.data.copy_(source.data)
    answer, expected = _output(network, images), _output(other, images)
    if isinstance(answer, str) or isinstance(expected, str):
        return isinstance(answer, str) and answer == expected
    return (
        type(answer) is torch.Tensor
        and answer.shape == expected.shape
        and torch.allclose(answer, expected, rtol=1e-6, atol=1e-8)
    )
