"""Check of notebook 06: what many masks say together."""

from collections.abc import Callable
from itertools import product

import torch
from torch import Tensor, nn

from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

MEMBERS = 1000  # masks of the check
NEAR = 0.06  # of a mean over so many: four standard deviations at most


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


def _whole_head() -> Tensor:
    """What the head says in eval mode, without a mask. Shape: (6, 3)."""
    with torch.no_grad():
        return softmax(tiny_head()(_features()))


def _far(answer: Tensor, expected: Tensor) -> bool:
    return bool((answer.double() - expected.double()).abs().max() > NEAR)


@exercise("committee_probabilities")
def check_committee_probabilities(
    student: Callable[[nn.Module, Tensor, int], Tensor],
) -> CheckResult:
    """Of `committee_probabilities(head, features, members)`, by all masks of a head."""
    if not callable(student):
        return failed(
            "committee_probabilities should be a function, "
            f"not {type(student).__name__}"
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
        return todo(
            "write the body of committee_probabilities, then run this cell again"
        )
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"committee_probabilities raised {type(error).__name__}: {error}")
    masks = sum(rows) / (2 * len(features))
    return _committee_fault(head, pair, masks) or passed(
        f"{MEMBERS:,} masks come near the mean of all 256 that this head has"
    )


def _committee_fault(head: nn.Module, pair: list, masks: float) -> CheckResult | None:
    first, second = pair
    if first is None or first is Ellipsis:
        return failed(
            f"committee_probabilities gave {first}: does it end with a return?"
        )
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
            torch.equal(first, second) and not _far(first, _whole_head()),
            "two calls gave the same numbers to the last digit: no dropout was drawn. "
            "In which mode is the head?",
        ),
        "same masks": (
            torch.equal(first, second),
            "two calls gave the same numbers to the last digit: do you set a seed "
            "inside? Then every call draws the same masks",
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
