"""Checks of notebook 06: who answers in eval mode, and what 200 masks say instead."""

from collections.abc import Callable
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

MEMBERS = 1000  # masks of the check
NEAR = 0.06  # of a mean over so many: four standard deviations at most


# --- predict_classes ------------------------------------------------------------------
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
    if network.training != training or network[4].training != training:
        found, left = ("train", "eval") if training else ("eval", "train")
        return failed(
            f"the network came in {found} mode and is left in {left} mode: who trains "
            "on with it would not notice",
            f"left in {left} mode",
        )
    return None


# --- committee_shares -----------------------------------------------------------------
def tiny_head() -> nn.Sequential:
    """Eight units with dropout: 256 masks, so that the mean over all is known."""
    head = nn.Sequential(
        nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 3, bias=False)
    )
    generator = torch.Generator().manual_seed(6)
    for layer in (head[0], head[3]):
        layer.weight.data = 2.0 * torch.randn(layer.weight.shape, generator=generator)
    nn.init.zeros_(head[0].bias)
    return head.eval()


def _features() -> Tensor:
    return torch.randn(6, 4, generator=torch.Generator().manual_seed(2)) + 0.5


def mean_over_masks(of_logits: Callable[[Tensor], Tensor]) -> Tensor:
    """The mean of what each of the 256 masks says. Shape: (6, 3)."""
    head, total = tiny_head(), torch.zeros(6, 3)
    with torch.no_grad():
        hidden = torch.relu(head[0](_features()))
        for bits in product((0.0, 2.0), repeat=8):
            total += of_logits(head[3](hidden * torch.tensor(bits)))
    return total / 256


def softmax(logits: Tensor) -> Tensor:
    return logits.softmax(dim=1)


def votes(logits: Tensor) -> Tensor:
    """1 for the largest, 0 for the others."""
    return nn.functional.one_hot(logits.argmax(dim=1), logits.shape[1]).float()


def _far(answer: Tensor, expected: Tensor) -> bool:
    return bool((answer.double() - expected.double()).abs().max() > NEAR)


@exercise("committee_shares")
def check_committee_shares(
    student: Callable[[nn.Module, Tensor, int], Tensor],
) -> CheckResult:
    """`committee_shares(head, features, members)` against all masks of a tiny head."""
    if not callable(student):
        return failed(
            f"committee_shares should be a function, not {type(student).__name__}"
        )
    head, features, rows = tiny_head(), _features(), []
    head[2].register_forward_hook(  # of dropout: it draws a mask for each row
        lambda layer, given, _: rows.append(layer.training * given[0][..., 0].numel())
    )
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            pair = [student(head, features, MEMBERS) for _ in range(2)]
    except NotImplementedError:
        return todo("write the body of committee_shares, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"committee_shares raised {type(error).__name__}: {error}")
    masks = sum(rows) / (2 * len(features))
    return _committee_fault(head, pair, masks) or passed(
        f"{MEMBERS:,} masks come near the mean of all 256 that this head has"
    )


def _committee_fault(head: nn.Module, pair: list, masks: float) -> CheckResult | None:
    first, second = pair
    if first is None or first is Ellipsis:
        return failed(f"committee_shares gave {first}: does it end with a return?")
    if type(first) is not Tensor or type(second) is not Tensor:
        return failed(f"it should be a torch tensor, not {type(first).__name__}")
    if tuple(first.shape) != (6, 3):
        return failed(
            f"its shape is {tuple(first.shape)}, which should be (6, 3): pictures, "
            "classes"
        )
    if masks not in (0, MEMBERS):  # 0: none, or drawn by hand; the numbers tell
        return failed(
            f"masks drawn: {masks:,g}, but `members` said {MEMBERS:,}: use it there",
            "members ignored",
        )
    first, second = first.detach(), second.detach()
    expected, logits = mean_over_masks(softmax), mean_over_masks(lambda x: x)
    answers = {
        "summed": (
            not _far(first / MEMBERS, expected),
            "you gave the sum over the masks: divide by how many they are",
        ),
        "one network": (
            torch.equal(first, second),
            "two calls gave the same numbers to the last digit: no dropout was drawn. "
            "In which mode is the head?",
        ),
        "softmax over the batch": (
            not _far(first.sum(dim=0), torch.ones(3)),
            "each column adds up to 1: the softmax went over the pictures",
        ),
        "logits": (
            bool((first < -NEAR).any()),
            "some numbers are below 0: logits. Probabilities are asked for",
        ),
        "softmax afterwards": (
            not _far(first, softmax(logits)),
            "you averaged logits and took the softmax of the mean: that is the "
            "geometric mean of the members, not the mean of what they say",
        ),
        "votes": (
            not _far(first, mean_over_masks(votes)),
            "you counted votes: each member's whole probabilities are to be averaged",
        ),
    }
    for mistake, (found, says) in answers.items():
        if found:
            return failed(says, mistake)
    if _far(first, second):
        return failed(
            "two calls differ far more than means of 1,000 masks do: do you use "
            "`members` masks, or fewer?",
            "too few masks",
        )
    if _far(first, expected):
        return failed("some numbers are far from the mean over all masks")
    if any(part.training for part in head.modules()):
        return failed("the head came in eval mode and is left in train mode", "mode")
    return None
