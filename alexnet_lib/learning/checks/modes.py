"""Check of notebook 06: who answers in eval mode."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo


def moody_network(seed: int = 0) -> nn.Sequential:
    """Dropout, and a normalisation whose eval mode differs as well."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential(
            nn.Flatten(),
            nn.Linear(16, 32),
            nn.BatchNorm1d(32),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(32, 5),
        )
        norm = network[2]
        norm.running_mean.uniform_(-1, 1)
        norm.running_var.uniform_(0.5, 2)
    return network


def _pictures() -> Tensor:
    return torch.rand(200, 1, 4, 4, generator=torch.Generator().manual_seed(1))


@exercise("predict_classes")
def check_predict_classes(
    student: Callable[[nn.Module, Tensor], Tensor],
) -> CheckResult:
    """`predict_classes(network, images)`: in eval mode, and the network as it was."""
    if not callable(student):
        return failed(
            f"predict_classes should be a function, not {type(student).__name__}"
        )
    try:
        for training in (True, False):
            fault = _predict_fault(student, training)
            if fault is not None:
                return fault
    except NotImplementedError:
        return todo("write the body of predict_classes, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"predict_classes raised {type(error).__name__}: {error}")
    return passed("200 answers in eval mode, and the network is as it was before")


def _predict_fault(student: Callable, training: bool) -> CheckResult | None:
    network, images = moody_network().train(training), _pictures()
    before = {name: t.clone() for name, t in network.state_dict().items()}
    answer: Any = student(network, images)
    if answer is None or answer is Ellipsis:
        return failed(f"predict_classes gave {answer}: does it end with a return?")
    if type(answer) is not Tensor:
        return failed(f"it should be a torch tensor, not {type(answer).__name__}")
    shape = tuple(answer.shape)
    if shape == (len(images), 5):
        return failed("one number for each picture: which of its 5 logits is largest?")
    if shape == (5,):
        return failed(
            "you asked in which picture each class is largest: for each picture, "
            "dim=1 is the axis of the classes",
            "batch axis",
        )
    if shape != (len(images),):
        return failed(f"its shape is {shape}, which should be ({len(images)},)")
    drop = network[4] if len(network) > 4 else None
    if type(drop) is not nn.Dropout or drop.p != 0.5:
        return failed(
            "the dropout layer of the network is another one now: it is to be silent "
            "while you ask, not to be removed",
            "dropout removed",
        )
    return _answer_fault(answer, network, before, training)


def _answer_fault(
    answer: Tensor, network: nn.Sequential, before: dict[str, Tensor], training: bool
) -> CheckResult | None:
    reference, images = moody_network().eval(), _pictures()
    with torch.no_grad():
        right = reference(images).argmax(dim=1)
    after = network.state_dict()
    if any(not torch.equal(after[name], before[name]) for name in before):
        return failed(
            "the running statistics of the normalisation have moved: your pictures "
            "passed in train mode, which notes the mean of each batch",
            "train mode",
        )
    if not torch.equal(answer.long(), right):
        reference[2].train()
        by_batch = reference(images).argmax(dim=1)
        if torch.equal(answer.long(), by_batch):
            return failed(
                "dropout is off, but the normalisation uses the mean of your batch: "
                "switch the whole network, not one layer",
                "batch statistics",
            )
        return failed("some answers differ from those of the network in eval mode")
    if any(part.training != training for part in network.modules()):
        found, left = ("train", "eval") if training else ("eval", "train")
        return failed(
            f"the network came in {found} mode and is left in {left} mode: who trains "
            "on with it would not notice",
            f"left in {left} mode",
        )
    return None
