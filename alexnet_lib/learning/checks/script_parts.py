"""Checks of notebook 12: a training script, taken apart and repaired."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.data import DataSet
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
    same_number,
)
from alexnet_lib.learning.checks.script_device import check_choose_device
from alexnet_lib.learning.checks.script_files import check_keep, check_set_aside
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

Pairs = Sequence[tuple[Tensor, Tensor]]


@exercise("script")
def check_script(
    self_test: Callable[[nn.Module, Pairs], Any],
    choose_device: Callable[[], Any],
    set_aside: Callable[[DataSet], Any],
    mean_loss: Callable[[nn.Module, Pairs], Any],
    keep: Callable[[nn.Module, Path, int], Any],
) -> CheckResult:
    """The five parts in the order of a training; the first faulty one is named."""
    results = {
        "self_test": check_self_test(self_test),
        "choose_device": check_choose_device(choose_device),
        "set_aside": check_set_aside(set_aside),
        "mean_loss": check_mean_loss(mean_loss),
        "keep": check_keep(keep),
    }
    for result in results.values():
        if result.status == "failed":
            return result
    still = [name for name, result in results.items() if result.status == "todo"]
    if len(still) == len(results):
        return todo("write the body of self_test, then run this cell again")
    if still:
        return todo(f"right so far; {still[0]} is still to be written")
    return passed("all five parts do what they say")


# A picture of another size than MNIST's, so that a typed 28 shows.
SIDE, CHANNELS, BATCH = 20, 3, 4


def check_self_test(student: Callable[[nn.Module, Pairs], Any]) -> CheckResult:
    """`self_test(model, batches)`: the shape of the logits of one mini-batch."""
    if not callable(student):
        return failed(f"self_test should be a function, not {type(student).__name__}")
    fed: list[tuple[int, ...]] = []
    model = nn.Sequential(nn.Flatten(), nn.Linear(CHANNELS * SIDE**2, 7))
    model.register_forward_pre_hook(lambda _, args: fed.append(tuple(args[0].shape)))
    shape = (BATCH, CHANNELS, SIDE, SIDE)
    labels = torch.zeros(BATCH, dtype=torch.long)
    batches = [(torch.zeros(shape), labels)] * 2
    call = f"self_test on mini-batches of {shape}"
    try:
        answer = student(model, batches)
    except NotImplementedError:
        return todo("write the body of self_test, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        if fed and fed[-1] != shape:
            return _fed_another(call, fed[-1])
        return failed(f"{call} raised {type(error).__name__}: {error}")
    if not fed:
        return failed(f"{call}: the network was not asked", "not run")
    if fed[0] != shape:
        return _fed_another(call, fed[0])
    if type(answer) not in (tuple, list, torch.Size):
        kind = type(answer).__name__
        return failed(f"{call} gave {kind}: the shape of the logits belongs there")
    if tuple(answer) == shape:
        return failed(
            f"{call} gave the shape of the pictures, not of the logits", "pictures"
        )
    if tuple(answer) != (BATCH, 7):
        return failed(
            f"{call} gave {tuple(answer)}: one row of logits a picture belongs there"
        )
    return passed("self_test feeds what training feeds")


def _fed_another(call: str, shape: tuple[int, ...]) -> CheckResult:
    return failed(
        f"{call} fed the network {shape}: your function behaves as if the size of the "
        "pictures were known beforehand, and not taken from a mini-batch",
        "typed size",
    )


def _loss(reduction: str, count: Callable[[Pairs], float]) -> Callable:
    """The losses of all batches, added up and divided by `count`."""

    def function(model: nn.Module, batches: Pairs) -> float:
        model.eval()
        with torch.no_grad():
            losses = [
                F.cross_entropy(model(images), labels, reduction=reduction)
                for images, labels in batches
            ]
        return float(sum(losses)) / count(batches)

    return function


def num_pictures(batches: Pairs) -> int:
    return sum(len(labels) for _, labels in batches)


LOSS_MISTAKES = (
    Mistake(
        name="mean of means",
        says="every mini-batch weighed the same: the last one is smaller, and its "
        "pictures weigh more than the others",
        function=_loss("mean", len),
    ),
    Mistake(
        name="sum of means",
        says="the losses of the mini-batches were to be added up: then the number "
        "grows with the number of mini-batches",
        function=_loss("mean", lambda batches: 1),
    ),
    Mistake(
        name="sum",
        says="the losses of all pictures were to be added up, and divided by nothing",
        function=_loss("sum", lambda batches: 1),
    ),
    Mistake(
        name="sum over batches",
        says="the sum over the pictures were to be divided by the number of batches",
        function=_loss("sum", len),
    ),
    Mistake(
        name="means over pictures",
        says="the means of the mini-batches, added up, were a sum over pictures",
        function=_loss("mean", num_pictures),
    ),
    Mistake(
        name="last batch",
        says="there were only the last mini-batch",
        function=lambda model, batches: _loss("mean", len)(model, batches[-1:]),
    ),
)


def check_mean_loss(student: Callable[[nn.Module, Pairs], Any]) -> CheckResult:
    """`mean_loss(model, batches)` on mini-batches of unequal size."""
    if not callable(student):
        return failed(f"mean_loss should be a function, not {type(student).__name__}")
    modes: list[bool] = []
    graphs: list[bool] = []

    def watched(model: nn.Module, batches: Pairs) -> Any:
        model.register_forward_pre_hook(lambda m, _: modes.append(m.training))
        answer = student(model, batches)
        graphs.append(isinstance(answer, Tensor) and answer.requires_grad)
        return answer

    sizes = ((4, 4, 1), (3,))
    result = check_function(
        watched,
        name="mean_loss",
        reference=_loss("sum", num_pictures),
        cases=[
            Case(
                args=_trained_on(size),
                call=f"mean_loss(model, mini-batches of {size} pictures)",
                hint="add up over the pictures, divide once",
            )
            for size in sizes
        ],
        mistakes=LOSS_MISTAKES,
        compare=same_number(1e-5),
    )
    if result.status == "todo" or " raised " in result.message:
        return result
    if any(modes):
        return failed(
            "mean_loss ran the network in training mode: your function behaves as if "
            "dropout and batch statistics were off by themselves",
            "training mode",
        )
    if any(graphs):
        return failed(
            "mean_loss gave a tensor that still hangs on its graph: the activations "
            "of every mini-batch stay in memory; see torch.no_grad and .item()",
            "graph kept",
        )
    return result


def _trained_on(sizes: Sequence[int]) -> tuple[nn.Module, Pairs]:
    """A network in training mode, and mini-batches of these sizes."""
    generator = torch.Generator().manual_seed(len(sizes))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Dropout(0.5))
    batches = [
        (
            3 * torch.randn(size, 1, 2, 2, generator=generator),
            torch.randint(3, (size,), generator=generator),
        )
        for size in sizes
    ]
    return model.train(), batches
