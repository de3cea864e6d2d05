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
            if not _like(network, reference, images, training=True):
                return failed(
                    f"{name} is right when it answers, and gives something else while "
                    "it is trained: does it have a dropout that was not asked for?",
                    "other in training",
                )
            count = sum(p.numel() for p in network.parameters())
            return passed(f"{count:,} parameters, and the outputs of the reference")
        for mistake in wrong:
            if _like(network, _double(mistake.build()), images):
                says = f"your network behaves as if {mistake.says}"
                return failed(f"{name}: {says}.", mistake.name)
    if not isinstance(answer, torch.Tensor):
        said = _misfit(network, images) or answer
        return failed(f"a picture of {' x '.join(map(str, shape))} stopped it: {said}")
    count = sum(p.numel() for p in network.parameters())
    theirs = [tuple(p.shape) for p in network.parameters()]
    if theirs != [tuple(p.shape) for p in reference.parameters()]:
        return failed(
            f"{name} has {count:,} parameters, in other layers than asked for: compare "
            "widths and windows line by line",
            "wrong widths",
        )
    return failed(
        f"{name} has the right parameters, but its outputs differ: compare the kind of "
        "each activation, and the kind, window and stride of each pooling"
    )


def _double(network: nn.Module) -> nn.Module:
    return deepcopy(network).double().eval()


def _output(network: nn.Module, images: torch.Tensor) -> torch.Tensor | str:
    """What it makes of the images, or what stopped it, in one line."""
    try:
        with torch.no_grad():
            return network(images.double())
    except Exception as error:
        return str(error).splitlines()[0] if str(error) else type(error).__name__


def _arrivals(
    network: nn.Module, images: torch.Tensor
) -> list[tuple[nn.Module, tuple[int, ...]]]:
    """The layers with parameters that were reached, and the shape that reached each."""
    found: list[tuple[nn.Module, tuple[int, ...]]] = []

    def note(layer: nn.Module, args: tuple) -> None:
        found.append((layer, tuple(args[0].shape)))

    layers = [m for m in network.modules() if any(True for _ in m.parameters(False))]
    hooks = [layer.register_forward_pre_hook(note) for layer in layers]
    _output(network, images)
    for hook in hooks:
        hook.remove()
    return found


def _misfit(network: nn.Module, images: torch.Tensor) -> str | None:
    """What did not fit the layer that stopped, in words; None for another fault."""
    match _arrivals(network, images)[-1:]:
        case [(nn.Linear(in_features=wants), (_, *maps, count))] if count != wants:
            if maps:
                sides = " x ".join(map(str, (*maps, count)))
                return f"maps of {sides} reach a linear layer: flatten them before it"
            return f"a linear layer was made for {wants} numbers, and {count} reach it"
        case [(nn.Conv2d(in_channels=wants), (_, count, _, _))] if count != wants:
            return f"a convolution was made for {wants} channels, and {count} reach it"
    return None


def _like(
    network: nn.Module, other: nn.Module, images: torch.Tensor, training: bool = False
) -> bool:
    """Whether two networks do the same with the same weights, or fail the same way."""
    theirs, ours = list(network.parameters()), list(other.parameters())
    if any(isinstance(p, nn.UninitializedParameter) for p in theirs):
        return False
    if [p.shape for p in theirs] != [p.shape for p in ours]:
        return False
    network, other = deepcopy(network).train(training), deepcopy(other).train(training)
    for parameter, source in zip(network.parameters(), ours, strict=True):
        parameter.data.copy_(source.data)
    torch.manual_seed(0)  # the same draws, where both have a dropout
    answer = _output(network, images)
    torch.manual_seed(0)
    expected = _output(other, images)
    if isinstance(answer, str) or isinstance(expected, str):
        shapes = [[s for _, s in _arrivals(n, images)] for n in (network, other)]
        return answer == expected and shapes[0] == shapes[1]
    return (
        type(answer) is torch.Tensor
        and answer.shape == expected.shape
        and torch.allclose(answer, expected, rtol=1e-6, atol=1e-8)
    )
