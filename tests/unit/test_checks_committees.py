"""The check of committees, with the answers a class really gives."""

import copy

import pytest
import torch
from torch import Tensor, nn

from alexnet_lib.inside.committee import committee_answers
from alexnet_lib.learning.checks import committees
from tests.unit.checking import EqualsEverything, assert_check_is_fair, raiser, stub


def asked(of_answers, training: bool = True):
    """A committee whose members' logits (members, N, classes) are put together so."""

    def shares(head: nn.Module, features: Tensor, members: int) -> Tensor:
        head.train(training)
        with torch.no_grad():
            logits = torch.stack([head(features) for _ in range(members)])
        head.eval()
        return of_answers(logits)

    return shares


def repeated(head, features, members):
    """All masks in one pass: every picture stands there `members` times."""
    with torch.no_grad():
        logits = head.train()(features.repeat(members, 1))
    head.eval()
    return logits.reshape(members, -1, 3).softmax(dim=2).mean(dim=0)


def by_hand(masks: int | None = None):
    """Dropout written out, with `members` masks or a number of its own."""

    def shares(head: nn.Module, features: Tensor, members: int) -> Tensor:
        with torch.no_grad():
            hidden = head[1](head[0](features))
            drawn = torch.rand(masks or members, *hidden.shape).ge(0.5) / 0.5
            return head[3](hidden * drawn).softmax(dim=2).mean(dim=0)

    return shares


def seeded(head, features, members):
    torch.manual_seed(0)
    return repeated(head, features, members)


def left_training(head, features, members):
    return sum(head.train()(features).softmax(dim=1) for _ in range(members)) / members


def test_committee_probabilities():
    by_softmax = asked(lambda logits: logits.softmax(dim=2).mean(dim=0))
    assert_check_is_fair(
        committees.check_committee_probabilities,
        right=[
            by_softmax,
            lambda *args: committee_answers(*args).double().mean(dim=0),
            repeated,
            lambda head, x, n: repeated(copy.deepcopy(head), x, n),
            by_hand(),
        ],
        wrong={
            "summed": asked(lambda logits: logits.softmax(dim=2).sum(dim=0)),
            "one network": asked(
                lambda logits: logits.softmax(dim=2).mean(dim=0), False
            ),
            "same masks": seeded,
            "softmax over the batch": asked(
                lambda logits: logits.softmax(dim=1).mean(dim=0)
            ),
            "logits": asked(lambda logits: logits.mean(dim=0)),
            "softmax afterwards": asked(
                lambda logits: logits.mean(dim=0).softmax(dim=1)
            ),
            "votes": asked(
                lambda logits: (
                    nn.functional.one_hot(logits.argmax(dim=2), 3).float().mean(dim=0)
                )
            ),
            "too few masks": by_hand(2),
            "members ignored": lambda head, x, members: by_softmax(head, x, 200),
            "mode": left_training,
        },
        todo=stub,
    )


@pytest.mark.parametrize("answer", [asked, repeated])
@pytest.mark.parametrize(
    ("masks", "drawn"),
    [
        (lambda members: 1, "1"),
        (lambda members: 2, "2"),
        (lambda members: 200, "200"),
        (lambda members: 500, "500"),
        (lambda members: members - 1, "999"),
        (lambda members: members + 1, "1,001"),
    ],
)
def test_masks_are_counted_whatever_their_mean(answer, masks, drawn):
    if answer is asked:
        answer = asked(lambda logits: logits.softmax(dim=2).mean(dim=0))
    result = committees.check_committee_probabilities(
        lambda head, x, members: answer(head, x, masks(members))
    )
    assert (result.status, result.mistake) == ("failed", "members ignored")
    assert result.message == (
        f"masks drawn: {drawn}, but `members` said 1,000: use it there"
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([], "committee_probabilities should be a function, not list"),
        (raiser, "committee_probabilities raised ZeroDivisionError"),
        (lambda *args: None, "committee_probabilities gave None"),
        (lambda *args: EqualsEverything(), "it should be a torch tensor, not EqualsEv"),
        (
            asked(lambda logits: logits.softmax(dim=2)),
            "its shape is (1000, 6, 3), which should be (6, 3)",
        ),
        (
            asked(lambda logits: logits.softmax(dim=2).mean(dim=0).flip(1)),
            "some numbers are far from the mean over all masks",
        ),
    ],
)
def test_committee_probabilities_messages(answer, message):
    result = committees.check_committee_probabilities(answer)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


def test_all_masks_are_those_of_the_tiny_head():
    head, features = committees.tiny_head(), committees._features()
    sampled = committee_answers(head, features, 4000).mean(dim=0)
    expected = committees.mean_over_masks(committees.softmax)
    torch.testing.assert_close(sampled, expected, atol=0.03, rtol=0)
