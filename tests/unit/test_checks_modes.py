"""The check of eval mode, with the answers a class really gives."""

import pytest
import torch

from alexnet_lib.learning.checks import modes
from tests.unit.checking import assert_check_is_fair, raiser, stub


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


def normalisation_left_in_eval(network, images):
    answers = network.eval()(images).argmax(dim=1)
    network.training = True
    network[4].train()
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


def test_every_part_is_to_be_as_it_was():
    result = modes.check_predict_classes(normalisation_left_in_eval)
    assert (result.status, result.mistake) == ("failed", "left in eval mode")
