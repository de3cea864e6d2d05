"""Check of notebook 12: a training that is stopped, kept in a file, and goes on."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

STOPPED, STEPS, BATCH = 9, 18, 8
FEATURES, CLASSES, IMAGES = 6, 3, 40
Pack = Callable[[nn.Module, torch.optim.Optimizer, torch.Generator, int], Any]
Unpack = Callable[[Any, nn.Module, torch.optim.Optimizer, torch.Generator], Any]


@dataclass
class Training:
    """A small training in which everything that may be forgotten matters."""

    model: nn.Module
    optimizer: torch.optim.Optimizer
    order: torch.Generator

    @classmethod
    def begin(cls, seed: int) -> "Training":
        """A fresh one; the seed decides the weights and all generators."""
        torch.manual_seed(seed)
        model = nn.Sequential(
            nn.Linear(FEATURES, 12),
            nn.BatchNorm1d(12),
            nn.ReLU(),
            nn.Dropout(0.3),
            nn.Linear(12, CLASSES),
        )
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
        return cls(model, optimizer, torch.Generator().manual_seed(seed + 1))

    def go_on(self, start: int, stop: int) -> None:
        """The steps from `start` to `stop`; the rate falls with their number."""
        features, labels = _examples()
        for step in range(start, stop):
            rows = torch.randint(IMAGES, (BATCH,), generator=self.order)
            for group in self.optimizer.param_groups:
                group["lr"] = 0.1 / (1 + step)
            loss = F.cross_entropy(self.model(features[rows]), labels[rows])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()

    def parts(self) -> dict[str, list[Tensor]]:
        """What decides the next step, by the words for it."""
        momenta = self.optimizer.state_dict()["state"].values()
        return {
            "the weights": [p.detach().clone() for p in self.model.parameters()],
            "the averages of the normalisation": [
                buffer.clone() for buffer in self.model.buffers()
            ],
            "the momenta": [
                value.clone()
                for state in momenta
                for value in state.values()
                if isinstance(value, Tensor)
            ],
            "the state of `order`": [self.order.get_state()],
            "the state of torch's own generator": [torch.get_rng_state()],
            "the training mode": [torch.tensor(self.model.training)],
        }


@cache
def _examples() -> tuple[Tensor, Tensor]:
    """Made up; the same ones each time. Shape: (IMAGES, FEATURES) and (IMAGES,)."""
    generator = torch.Generator().manual_seed(12)
    rows = torch.randn(IMAGES, FEATURES, generator=generator)
    return rows, torch.randint(CLASSES, (IMAGES,), generator=generator)


@exercise("resume")
def check_resume(pack: Pack, unpack: Unpack) -> CheckResult:
    """Train without a stop, and with one; the weights must be equal bit for bit."""
    for name, function in (("pack", pack), ("unpack", unpack)):
        if not callable(function):
            kind = type(function).__name__
            return failed(f"{name} should be a function, not {kind}")
    with torch.random.fork_rng(devices=[]):
        return _judge(pack, unpack)


def _judge(pack: Pack, unpack: Unpack) -> CheckResult:
    first = Training.begin(seed=0)
    first.go_on(0, STOPPED)
    before = first.parts()
    try:
        packed = pack(first.model, first.optimizer, first.order, STOPPED)
    except NotImplementedError:
        return todo("write the body of pack, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"pack raised {type(error).__name__}: {error}")
    if packed is None or packed is Ellipsis:
        return failed("pack gave nothing: does it end with a return?")
    if _differ(before, first.parts()):
        return failed(
            f"pack changed {_differ(before, first.parts())[0]}: looking must not "
            "touch the training",
            "changed",
        )
    try:
        kept = _through_a_file(packed)
    except Exception:  # the refusals of torch have several classes
        return failed(
            "what pack gave cannot be read without running what is in it: your "
            "function behaves as if the objects had to be kept. Keep their numbers: "
            "state_dict() of model and optimizer, get_state() of a generator",
            "objects",
        )
    first.go_on(STOPPED, STEPS)

    second = Training.begin(seed=99)  # other weights, other generators
    try:
        step = unpack(kept, second.model, second.optimizer, second.order)
    except NotImplementedError:
        return todo("pack works; now write the body of unpack")
    except Exception as error:  # as above
        return failed(f"unpack raised {type(error).__name__}: {error}")
    lost = _differ(before, second.parts())
    if type(step) is Tensor and step.numel() == 1:
        step = step.item()
    if type(step) is not int or step != STOPPED:
        lost.append("the position")
        given, step = step, 0
    else:
        given = step
    second.go_on(step, STEPS)
    difference = _largest_difference(first.model, second.model)
    if difference == 0 and not lost:
        return passed(
            f"stopped after {STOPPED} of {STEPS} steps and gone on: every weight is "
            "the same, bit for bit"
        )
    if lost == ["the position"]:
        return failed(
            f"unpack gave {given!r} for the number of steps that are done, {STOPPED}: "
            "the rate of each later step is wrong",
            "the position",
        )
    end = (
        f"At step {STEPS} the weights differ by up to {difference:.2g}"
        if difference
        else "The weights agree all the same; in eval mode the network would not"
    )
    return failed(
        f"after unpack, not as they were when pack was called: {', '.join(lost)}. "
        f"{end}",
        ", ".join(lost),
    )


def _through_a_file(packed: Any) -> Any:
    """As a file would hold it: no reference to the training remains."""
    buffer = io.BytesIO()
    torch.save(packed, buffer)
    buffer.seek(0)
    return torch.load(buffer, weights_only=True)


def _differ(before: dict[str, list[Tensor]], now: dict[str, list[Tensor]]) -> list[str]:
    """The parts that are not what they were, in words."""
    return [
        name
        for name, tensors in before.items()
        if len(tensors) != len(now[name])
        or not all(torch.equal(a, b) for a, b in zip(tensors, now[name], strict=True))
    ]


def _largest_difference(one: nn.Module, other: nn.Module) -> float:
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return max((a - b).abs().max().item() for a, b in pairs)
