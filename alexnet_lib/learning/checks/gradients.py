"""Check of notebook 04: a recorder of gradients that leaves no hook behind."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.architecture.deep import build_deep
from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

Recorder = Callable[[nn.Module], AbstractContextManager[dict[str, float]]]
TOLERANCE = 1e-4  # relative
LINES_IN_WORDS = {
    "hooks left": "behind the block {} of your hooks still hang on the network: keep "
    "each handle that register_hook returns, and call its remove()",
    "hooks left after an error": "when the block ends with an error, {} hooks stay: "
    "what must happen in any case belongs under `finally`",
}


@dataclass(frozen=True)
class _Seen:
    """What a recorder of the learner's gave, and what is true."""

    norms: dict[str, Any]
    gradients: dict[str, Tensor]  # of this backward pass alone, by layer
    weights: dict[str, Tensor]
    accumulated: dict[str, Tensor]  # what stood in .grad afterwards


# name: (says, what it would have written for one layer)
_MISREADINGS: dict[str, tuple[str, Callable[[_Seen, str], float]]] = {
    "weights": (
        "it were the weights' norm, not their gradient's",
        lambda seen, name: seen.weights[name].norm().item(),
    ),
    "summed": (
        "the gradient's numbers were added up, so that plus and minus cancel",
        lambda seen, name: seen.gradients[name].sum().item(),
    ),
    "root forgotten": (
        "the squares were added and no root was taken",
        lambda seen, name: seen.gradients[name].square().sum().item(),
    ),
    "mean size": (
        "it were the mean of the sizes",
        lambda seen, name: seen.gradients[name].abs().mean().item(),
    ),
    "largest": (
        "it were the largest number of the gradient",
        lambda seen, name: seen.gradients[name].abs().max().item(),
    ),
    "read from .grad": (
        "`.grad` had been read, in which torch adds up all gradients since it was last "
        "cleared: a hook is given the new one alone",
        lambda seen, name: seen.accumulated[name].norm().item(),
    ),
}


@exercise("recorded_norms")
def check_recorded_norms(student: Recorder) -> CheckResult:
    """`with recorded_norms(network) as norms:` around a backward pass."""
    if not callable(student):
        return failed(
            f"recorded_norms should be a function, not {type(student).__name__}"
        )
    try:
        for depth in (3, 5):
            network = _network(depth)
            wrong = _judge(_look(student, network)) or _left(network, "hooks left")
            if wrong is not None:
                return wrong
        for kind in (Exception, BaseException):  # the kernel's interrupt is the latter
            if fault := _after_an_error(student, _network(3), kind):
                return fault
        return passed(
            "the norms are those of autograd, and no hook stays, after an error either"
        )
    except NotImplementedError:
        return todo("write the body of recorded_norms, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(
            f"with recorded_norms(network): loss.backward() raised "
            f"{type(error).__name__}: {error}"
        )


def _network(depth: int) -> nn.Sequential:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(depth)
        return build_deep("tanh", depth)


def _loss(network: nn.Module) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(8, 1, 28, 28, generator=generator)
    return F.cross_entropy(network(images), torch.arange(8))


def _look(student: Recorder, network: nn.Sequential) -> _Seen | CheckResult:
    """One pass before, so that something stands in .grad already; then the block."""
    _loss(network).backward()
    with student(network) as norms:
        _loss(network).backward()
        inside = dict(norms) if isinstance(norms, dict) else norms
    if not isinstance(inside, dict):
        kind = type(inside).__name__
        return failed(f"recorded_norms should yield a dict, not {kind}")
    if not inside and norms:
        return failed(
            "the dict is still empty when backward() has ended and fills only behind "
            "the block: let a hook write into it, which torch calls on the way",
            "filled too late",
        )
    layers = {name: m for name, m in network.named_children() if hasattr(m, "weight")}
    loss = _loss(network)
    found = torch.autograd.grad(loss, [layer.weight for layer in layers.values()])
    return _Seen(
        norms=inside,
        gradients=dict(zip(layers, found, strict=True)),
        weights={name: layer.weight.detach() for name, layer in layers.items()},
        accumulated={name: layer.weight.grad for name, layer in layers.items()},
    )


def _judge(seen: _Seen | CheckResult) -> CheckResult | None:
    """What is wrong with the names or the numbers, if anything is."""
    if isinstance(seen, CheckResult):
        return seen
    layers = list(seen.gradients)
    if set(seen.norms) != set(layers):
        return _wrong_names(list(seen.norms), layers)
    for name in layers:
        value = seen.norms[name]
        if isinstance(value, Tensor) and value.numel() == 1:
            value = value.item()
        if type(value) not in (float, int):
            kind = type(value).__name__
            return failed(f"norms[{name!r}] should be one number, not {kind}")
        seen.norms[name] = value
    right = {name: gradient.norm().item() for name, gradient in seen.gradients.items()}
    if _same(seen.norms, right):
        return None
    for mistake, (says, of_layer) in _MISREADINGS.items():
        if _same(seen.norms, {name: of_layer(seen, name) for name in layers}):
            return failed(f"recorded_norms behaves as if {says}.", mistake)
    bad = next(n for n in layers if not _same({n: seen.norms[n]}, {n: right[n]}))
    return failed(
        f"norms[{bad!r}] is another number. Hint: the root of the sum of squares of "
        "the gradient of this layer's weight"
    )


def _wrong_names(found: list, layers: list[str]) -> CheckResult:
    if found == layers[-1:]:
        return failed(
            f"only {layers[-1]!r} is there: your hooks share one variable, which holds "
            "its last value when they are called. Hand the name to each hook when it "
            "is made, as in `def hook(gradient, name=name)`",
            "late binding",
        )
    if not found:
        return failed("the dict stays empty: was a hook hung on any weight?", "empty")
    if all(str(name).rpartition(".")[0] in layers for name in found):
        return failed(
            f"{found[0]!r} names a parameter: one entry for each layer, named as "
            "network.named_children() does, with its weight alone",
            "parameters for layers",
        )
    odd = sorted(set(map(str, layers)) ^ set(map(str, found)))
    return failed(f"the layers with weights are {', '.join(layers)}: look at {odd[0]}")


def _same(found: dict[str, float], expected: dict[str, float]) -> bool:
    return all(
        abs(found[name] - value) <= TOLERANCE * (abs(value) or 1.0)
        for name, value in expected.items()
    )


def _after_an_error(
    student: Recorder, network: nn.Module, kind: type[BaseException]
) -> CheckResult | None:
    class Raised(kind):
        pass

    try:
        with student(network):
            raise Raised
    except Raised:
        return _left(network, "hooks left after an error")
    return failed(
        "an error inside the block vanishes: let it through, and clean up under "
        "`finally`, not under `except`",
        "error swallowed",
    )


def _left(network: nn.Module, mistake: str) -> CheckResult | None:
    if number := hooks_on(network):
        return failed(LINES_IN_WORDS[mistake].format(number), mistake)
    return None


def hooks_on(network: nn.Module) -> int:
    """How many hooks hang on a network: on its modules and on its parameters."""
    ways = ("forward", "forward_pre", "backward", "backward_pre")
    kinds = [f"_{way}_hooks" for way in ways]
    on_modules = [getattr(m, kind) for m in network.modules() for kind in kinds]
    kinds = ("_backward_hooks", "_post_accumulate_grad_hooks")
    on_weights = [getattr(p, kind) for p in network.parameters() for kind in kinds]
    return sum(len(hooks) for hooks in (*on_modules, *on_weights) if hooks)
