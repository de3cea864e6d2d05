"""Checks of notebook 06 on eval mode and on committees, with real answers."""

import copy

import pytest
import torch
from torch import Tensor, nn

from alexnet_lib.inside.committee import committee_answers
from alexnet_lib.learning.checks import modes
from tests.unit.checking import EqualsEverything, assert_check_is_fair, raiser, stub


# --- predict_classes ------------------------------------------------------------------
def right_predict(network, images):
    was_training = network.training
    network.eval()
    with torch.no_grad():
        answers = network(images).argmax(dim=1)
    network.train(was_training)
    return answers


def predict_on_a_copy(network, images):
    other = modes.moody_network()
    other.load_state_dict(network.state_dict())
    return other.eval()(images).max(dim=1).indices


def left_in_eval(network, images):
    return network.eval()(images).argmax(dim=1)


def left_in_train(network, images):
    answers = network.eval()(images).argmax(dim=1)
    network.train()
    return answers


def p_set_to_0(network, images):
    network[4].p = 0.0
    return right_predict(network, images)


def only_dropout_off(network, images):
    was_training, norm = network.training, network[2]
    moments = norm.running_mean.clone(), norm.running_var.clone()
    counted = norm.num_batches_tracked.clone()
    network.train()
    network[4].eval()
    answers = network(images).argmax(dim=1)
    norm.running_mean.copy_(moments[0])
    norm.running_var.copy_(moments[1])
    norm.num_batches_tracked.copy_(counted)
    network.train(was_training)
    return answers


def test_predict_classes():
    assert_check_is_fair(
        modes.check_predict_classes,
        right=[right_predict, predict_on_a_copy],
        wrong={
            "train mode": lambda network, x: network(x).argmax(dim=1),
            "left in eval mode": left_in_eval,
            "left in train mode": left_in_train,
            "dropout removed": p_set_to_0,
            "batch statistics": only_dropout_off,
            "batch axis": lambda network, x: network.eval()(x).argmax(dim=0),
        },
        todo=stub,
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (None, "predict_classes should be a function, not NoneType"),
        (raiser, "predict_classes raised ZeroDivisionError"),
        (lambda n, x: None, "predict_classes gave None: does it end with a return?"),
        (lambda n, x: [1], "it should be a torch tensor, not list"),
        (lambda n, x: n.eval()(x), "one number for each picture: which of its 5"),
        (lambda n, x: torch.zeros(3), "its shape is (3,), which should be (200,)"),
        (
            lambda n, x: right_predict(n, x).flip(0),
            "some answers differ from those of the network in eval mode",
        ),
    ],
)
def test_predict_classes_messages(answer, message):
    result = modes.check_predict_classes(answer)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


# --- committee_shares -----------------------------------------------------------------
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


def left_training(head, features, members):
    return sum(head.train()(features).softmax(dim=1) for _ in range(members)) / members


def test_committee_shares():
    by_softmax = asked(lambda logits: logits.softmax(dim=2).mean(dim=0))
    assert_check_is_fair(
        modes.check_committee_shares,
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
    result = modes.check_committee_shares(
        lambda head, x, members: answer(head, x, masks(members))
    )
    assert (result.status, result.mistake) == ("failed", "members ignored")
    assert result.message == (
        f"masks drawn: {drawn}, but `members` said 1,000: use it there"
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([], "committee_shares should be a function, not list"),
        (raiser, "committee_shares raised ZeroDivisionError"),
        (lambda *args: None, "committee_shares gave None"),
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
def test_committee_shares_messages(answer, message):
    result = modes.check_committee_shares(answer)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


def test_all_masks_are_those_of_the_tiny_head():
    sampled = committee_answers(modes.tiny_head(), modes._features(), 4000).mean(dim=0)
    expected = modes.mean_over_masks(modes.softmax)
    torch.testing.assert_close(sampled, expected, atol=0.03, rtol=0)
