"""Check of notebook 08: a hook that keeps what a layer gave, and goes away again."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_lib.learning.checks.compare import WrongKind
from alexnet_lib.learning.checks.engine import Case, Mistake, check_function, exercise
from alexnet_lib.learning.result import CheckResult

Record = Callable[[nn.Module, Tensor], dict[str, Tensor]]


class InPlace(nn.Module):
    """Three layers, used in another order than they are made; the ReLU is in place."""

    def __init__(self, seed: int, fails: bool = False):
        super().__init__()
        draw = torch.Generator().manual_seed(seed)
        self.relu, self.fails = nn.ReLU(inplace=True), fails
        with torch.random.fork_rng(devices=[]):
            self.last, self.first = nn.Linear(4, 2), nn.Linear(3, 4)
        for parameter in self.parameters():
            parameter.data = torch.randn(parameter.shape, generator=draw)

    def forward(self, inputs: Tensor) -> Tensor:
        hidden = self.relu(self.first(inputs))
        if self.fails:
            raise ValueError("this network stops half-way")
        return self.last(hidden)

    @property
    def num_hooks(self) -> int:
        return sum(
            len(m._forward_hooks) + len(m._forward_pre_hooks) for m in self.modules()
        )


def record(network: nn.Module, images: Tensor) -> dict[str, Tensor]:
    """What every child gave, by name; the definition in torch's own words."""
    found: dict[str, Tensor] = {}

    def keep(name: str) -> Callable:
        return lambda layer, inputs, output: found.update({name: output.clone()})

    handles = [m.register_forward_hook(keep(n)) for n, m in network.named_children()]
    try:
        network(images)
    finally:
        for handle in handles:
            handle.remove()
    return found


def any_record(
    *,
    copy: Callable[[Tensor], Tensor] = torch.clone,
    inputs_instead: bool = False,
    one_name: bool = False,
    remove: bool = True,
    safely: bool = True,
    give_back: bool = False,
) -> Record:
    """A recording as it should be, and whatever goes wrong with one."""

    def listen(network: nn.Module, images: Tensor) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        names = [name for name, _ in network.named_children()]

        def keep(name: str) -> Callable:
            def hook(layer: nn.Module, inputs: tuple, output: Tensor) -> Tensor | None:
                kept = inputs[0] if inputs_instead else output
                found[names[-1] if one_name else name] = copy(kept)
                return output * 0 if give_back else None

            return hook

        children = network.named_children()
        handles = [module.register_forward_hook(keep(n)) for n, module in children]
        finished = False
        try:
            network(images)
            finished = True
        finally:
            if remove and (finished or safely):
                for handle in handles:
                    handle.remove()
        return found

    return listen


HOOK_MISTAKES: dict[str, tuple[str, Record]] = {
    "not cloned": (
        "you kept the tensor itself, or a detach of it, which shares its memory: the "
        "ReLU behind writes there, in place",
        any_record(copy=lambda tensor: tensor),
    ),
    "input": (
        "you kept what goes into a layer, not what comes out",
        any_record(inputs_instead=True),
    ),
    "one name": (
        "all hooks wrote under the same name: each looks its name up when it runs, and "
        "by then the loop is over",
        any_record(one_name=True),
    ),
    "left behind": (
        "the hooks were still there: remove each by the handle that registering gave",
        any_record(remove=False),
    ),
    "left behind after an error": (
        "the hooks stayed when the network stops half-way: `finally` is run then, too",
        any_record(safely=False),
    ),
    "changed the network": (
        "your hook returned something: that takes the place of the layer's output",
        any_record(give_back=True),
    ),
}


class Told(dict):
    """A recording, and how many hooks were left: after the pass, and after an error."""

    after_pass = after_error = 0
    error: Exception | None = None


def told_by(student: Any) -> Any:
    """The learner's function as one of a seed, which tells what it did to a network."""
    if not callable(student):
        return student

    def tell(seed: int) -> Any:
        images = torch.randn(5, 3, generator=torch.Generator().manual_seed(seed))
        network = InPlace(seed)
        found = student(network, images)
        if not isinstance(found, dict):
            return found
        told = Told(found)
        told.after_pass = network.num_hooks
        broken = InPlace(seed, fails=True)
        try:
            student(broken, images)
        except Exception:  # the network raises it; what counts is what is left
            told.after_error = broken.num_hooks
        return told

    return tell


def same_recording(answer: Any, expected: Told) -> str | None:
    """The same names and numbers, and no hook left in either network."""
    if not isinstance(answer, Told):
        return WrongKind(f"it should be a dict, not {type(answer).__name__}")
    for name, value in answer.items():
        if type(value) is not Tensor:
            return WrongKind(f"{name!r} should be a tensor, not {type(value).__name__}")
    if set(answer) != set(expected):
        return f"its names are {sorted(map(str, answer))}, not {sorted(expected)}"
    for name, right in expected.items():
        if answer[name].shape != right.shape:
            return f"{name!r} has shape {tuple(answer[name].shape)}"
        if not torch.equal(answer[name], right):
            return f"the numbers of {name!r} differ"
    if answer.after_pass != expected.after_pass:
        return f"{answer.after_pass} hooks are left in the network"
    if answer.after_error != expected.after_error:
        return f"{answer.after_error} hooks are left after an error"
    return None


@exercise("record")
def check_record(student: Record) -> CheckResult:
    """`record(network, images)`: what every layer gave, as it was."""
    hints = ("three layers, the second writes in place", "another network, other names")
    return check_function(
        told_by(student),
        name="record",
        reference=told_by(record),
        cases=[
            Case(args=(seed,), hint=hint, call="record(network, images)")
            for seed, hint in enumerate(hints)
        ],
        mistakes=[
            Mistake(name=name, says=says, function=told_by(wrong))
            for name, (says, wrong) in HOOK_MISTAKES.items()
        ],
        compare=same_recording,
        show_answer=lambda answer: f"a dict of {len(answer)}",
    )
