"""Checks of notebook 06 on placement and on learning by heart, and the committee."""

import re
from dataclasses import replace

import pytest
import torch
from torch import nn

from alexnet_lib.inside.committee import committee_answers
from alexnet_lib.learning.checks import by_heart as heart
from alexnet_lib.learning.heads import BY_HEART, build_head, head_spec
from alexnet_lib.training import evaluate, train
from tests.unit.checking import assert_check_is_fair, raiser, stub
from tests.unit.small_data import small_data

PLACEMENT = {
    "paper, first": 4096,
    "paper, second": 4096,
    "torchvision, first": 9216,
    "torchvision, second": 4096,
    "pool5 is dropped by": "torchvision",
    "fc7's output is dropped by": "paper",
}


def test_placement():
    assert_check_is_fair(
        heart.check_placement,
        right=[PLACEMENT, PLACEMENT | {"pool5 is dropped by": " Torchvision"}],
        wrong={
            "input for output": PLACEMENT | {"paper, first": 9216},
            "parameters": PLACEMENT | {"paper, first": 37_752_832},
            "half": PLACEMENT | {"paper, second": 2048},
            "fc8": PLACEMENT | {"paper, second": 1000},
            "output for input": PLACEMENT | {"torchvision, first": 4096},
            "maps": PLACEMENT | {"torchvision, first": 256},
            "first again": PLACEMENT | {"torchvision, second": 9216},
            "behind fc8": PLACEMENT | {"torchvision, second": 1000},
            "pool5: both": PLACEMENT | {"pool5 is dropped by": "both"},
            "pool5: paper": PLACEMENT | {"pool5 is dropped by": "paper"},
            "fc7: torchvision": PLACEMENT
            | {"fc7's output is dropped by": "torchvision"},
            "fc7: neither": PLACEMENT | {"fc7's output is dropped by": "neither"},
        },
        todo=dict.fromkeys(PLACEMENT),
    )
    halves = PLACEMENT | {"torchvision, first": 4608}
    assert heart.check_placement(halves).mistake == "half"


# --- by_heart -------------------------------------------------------------------------
def right_by_heart(network, few, others, measure=None):
    for _result in train(network, few, BY_HEART):
        seen = evaluate(network, few).accuracy
        if seen >= 0.99:
            break
    new = evaluate(network, others).accuracy
    return measure(network, few, others, seen, new) if measure else (seen, new)


def by_hand(network, few, others):
    """Right, written differently: all epochs, and accuracies as tensors."""
    for _result in train(network, few, BY_HEART):
        pass
    network.eval()
    shares = []
    for pairs in (few, others):
        hits = [network(images).argmax(dim=1) == labels for images, labels in pairs]
        shares.append(torch.cat(hits).double().mean())
    return shares


def after_training(measure):
    return lambda *args: right_by_heart(*args, measure=measure)


def one_epoch(network, few, others):
    next(train(network, few, BY_HEART))
    return evaluate(network, few).accuracy, evaluate(network, others).accuracy


def all_learned(network, few, others):
    [(images, labels)] = others
    split = zip(images.split(20), labels.split(20), strict=True)
    both = [*few, *split]
    for _result in train(network, both, replace(BY_HEART, epochs=200)):
        if min(evaluate(network, pairs).accuracy for pairs in (few, others)) == 1:
            break
    return 1.0, 1.0


def another_network(network, few, others):
    return right_by_heart(build_head(0.5), few, others)


def check_on_the_small_data(student):
    return heart.check_by_heart(student, small_data())


def test_by_heart():
    assert_check_is_fair(
        check_on_the_small_data,
        right=[right_by_heart, by_hand],
        wrong={
            "too early": one_epoch,
            "others learned": all_learned,
            "not trained": another_network,
            "percent": after_training(lambda n, f, o, a, b: (100 * a, 100 * b)),
            "swapped": after_training(lambda n, f, o, a, b: (b, a)),
            "no gap": after_training(lambda n, f, o, a, b: (a, a)),
            "measured while training": after_training(
                lambda n, f, o, a, b: (evaluate(n, f, training=True).accuracy, b)
            ),
            "measured otherwise": after_training(lambda n, f, o, a, b: (a, b / 2)),
        },
        todo=stub,
    )


def test_by_heart_takes_at_most_20_seconds():
    few, others = heart.few_and_others(small_data())
    torch.manual_seed(0)
    network = build_head(0.0)
    numbers = right_by_heart(network, few, others)
    verdicts = [
        heart._by_heart_verdict(numbers, network, few, others, seconds)
        for seconds in (19.0, 21.0)
    ]
    assert [verdict.mistake for verdict in verdicts] == [None, "too slow"]
    assert "21 s of the processor, and 20 are allowed" in verdicts[1].message


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("words", "by_heart should be a function, not str"),
        (raiser, "by_heart raised ZeroDivisionError: division by zero"),
        (after_training(lambda n, f, o, a, b: a), "should give two numbers"),
        (after_training(lambda n, f, o, a, b: (a, True)), "should give two numbers"),
    ],
)
def test_by_heart_messages(answer, message):
    result = check_on_the_small_data(answer)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


def test_a_pass_shows_the_gap():
    said = check_on_the_small_data(right_by_heart).message
    assert re.search(r"of the 200 known by heart after .* a gap of \d+ points", said)


# --- what the page stands on ----------------------------------------------------------
def test_the_head_is_the_paper_s_three_layers():
    assert [layer.name for layer in head_spec(0.5).layers] == [
        "flatten", "fc6", "relu6", "drop6", "fc7", "relu7", "drop7", "fc8",
    ]  # fmt: skip
    assert build_head(0.2).drop6.p == build_head(0.2).drop7.p == 0.2


def test_committee_answers_are_each_member_s_and_the_mode_stays():
    head = nn.Sequential(nn.Linear(4, 50), nn.Dropout(0.5), nn.Linear(50, 3)).eval()
    features = torch.rand(5, 4)
    answers = committee_answers(head, features, 7)
    assert answers.shape == (7, 5, 3)
    torch.testing.assert_close(answers.sum(dim=2), torch.ones(7, 5))
    assert not torch.equal(answers[0], answers[1])
    assert not head.training
    assert not head[1].training


def test_committee_answers_refuses_what_train_mode_changes_otherwise():
    head = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5))
    with pytest.raises(ValueError, match="'1' is a batch normalisation, which train"):
        committee_answers(head, torch.rand(2, 4), 3)
    with pytest.raises(ValueError, match="members is 0: ask at least one"):
        committee_answers(nn.Dropout(), torch.rand(2, 4), 0)
