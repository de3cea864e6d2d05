"""A part of notebook 12's script: the device, on machines made up for the check."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import torch

from alexnet_lib.learning.checks.engine import Case, Mistake, check_function
from alexnet_lib.learning.result import CheckResult, failed

# (CUDA there, Apple's MPS there)
MACHINES = {
    (False, False): "with neither CUDA nor MPS",
    (True, False): "with CUDA",
    (False, True): "with MPS",
    (True, True): "with both",
}
DEVICE_MISTAKES = (
    Mistake(
        name="never cuda",
        says="there were no CUDA devices in the world: on them it trains on the CPU",
        function=lambda cuda, mps: "mps" if mps else "cpu",
    ),
    Mistake(
        name="never mps",
        says="Apple's devices did not exist",
        function=lambda cuda, mps: "cuda" if cuda else "cpu",
    ),
    Mistake(
        name="always cpu",
        says="every machine had a CPU only",
        function=lambda cuda, mps: "cpu",
    ),
    Mistake(
        name="always cuda",
        says="every machine had CUDA",
        function=lambda cuda, mps: "cuda",
    ),
    Mistake(
        name="mps or cuda",
        says="every machine had the one if it lacks the other",
        function=lambda cuda, mps: "cuda" if cuda else "mps",
    ),
)


def check_choose_device(student: Callable[[], Any]) -> CheckResult:
    """`choose_device()` on four machines, three of them made up for the check."""
    if not callable(student):
        kind = type(student).__name__
        return failed(f"choose_device should be a function, not {kind}")

    def on_machine(cuda: bool, mps: bool) -> str | None:
        with machine(cuda=cuda, mps=mps):
            answer = student()
        if answer is None:
            return None
        if not isinstance(answer, str | torch.device):
            kind = type(answer).__name__
            raise TypeError(f"it should give a torch.device, not {kind}")
        return torch.device(answer).type

    return check_function(
        on_machine,
        name="choose_device",
        reference=lambda cuda, mps: "cuda" if cuda else "mps" if mps else "cpu",
        cases=[
            Case(args=args, call=f"choose_device() on a machine {words}", hint="ask")
            for args, words in MACHINES.items()
        ],
        mistakes=DEVICE_MISTAKES,
        compare=lambda answer, right: None if answer == right else "that is not it",
    )


@contextmanager
def machine(*, cuda: bool, mps: bool) -> Iterator[None]:
    """Inside the block torch says of this machine what is claimed of it."""
    kind = "cuda" if cuda else "mps" if mps else None
    says = [
        (torch.cuda, "is_available", cuda),
        (torch.cuda, "device_count", int(cuda)),
        (torch.backends.mps, "is_available", mps),
        (torch.accelerator, "is_available", kind is not None),
        (torch.accelerator, "current_accelerator", kind and torch.device(kind)),
    ]
    with ExitStack() as stack:
        for owner, name, value in says:
            answer = (lambda found: lambda *_args, **_named: found)(value)
            stack.enter_context(patch.object(owner, name, answer))
        yield
