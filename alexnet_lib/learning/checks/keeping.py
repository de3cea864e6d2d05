"""Check of notebook 12: the weights of the best epoch, by the validation pictures."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo
from alexnet_lib.training import EpochResult

# each rule that somebody may follow ends with another epoch
TRAIN_LOSS = (1.0, 0.6, 0.45, 0.4, 0.3, 0.28, 0.2, 0.21)
VALID_LOSS = (0.7, 0.5, 0.3, 0.4, 0.42, 0.9, 0.45, 0.5)
VALID_ACCURACY = (0.85, 0.9, 0.88, 0.94, 0.94, 0.7, 0.89, 0.87)
BEST = 4
RULES = {
    1: ("first", "the first epoch were the one to keep"),
    2: (
        "stopped at the first fall",
        "the first fall of the accuracy were the end: a better epoch may follow it",
    ),
    3: (
        "validation loss",
        "the lowest validation loss had been asked for: it may choose another epoch "
        "than the accuracy does",
    ),
    5: (
        "later of two",
        "an equal accuracy were a better one: of two equal epochs the first is kept",
    ),
    6: ("lowest accuracy", "the lowest accuracy were the best"),
    7: (
        "training loss",
        "the lowest training loss were the best: it falls on while the network learns "
        "its training pictures by heart",
    ),
    8: ("last", "the last epoch were always the best"),
}


def made_up_training(model: nn.Module) -> Iterator[EpochResult]:
    """Epochs whose weights can be recognised: each is filled with its number."""
    rows = zip(TRAIN_LOSS, VALID_LOSS, VALID_ACCURACY, strict=True)
    for epoch, (train_loss, valid_loss, valid_accuracy) in enumerate(rows, start=1):
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.fill_(epoch)
        yield EpochResult(
            epoch=epoch,
            train_loss=train_loss,
            valid_loss=valid_loss,
            valid_accuracy=valid_accuracy,
            seconds=1.0,
            images_per_second=1.0,
        )


@exercise("keep_best")
def check_keep_best(student: Callable[[Any, nn.Module], Any]) -> CheckResult:
    """`keep_best(results, model)` on eight epochs that are made up."""
    if not callable(student):
        return failed(f"keep_best should be a function, not {type(student).__name__}")
    with torch.random.fork_rng(devices=[]):
        model = nn.Linear(3, 2)
    call = "keep_best(results, model)"
    try:
        answer = student(made_up_training(model), model)
    except NotImplementedError:
        return todo("write the body of keep_best, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"{call} raised {type(error).__name__}: {error}")
    if answer is None:
        return failed(f"{call} gave None: does keep_best end with a return?")
    if type(answer) not in (tuple, list) or len(answer) != 2:
        return failed(f"{call} should give two things, the epoch and its weights")
    epoch, weights = answer
    if type(epoch) is not int:
        return failed(f"the epoch should be an int, not {type(epoch).__name__}")
    if epoch != BEST:
        mistake, says = RULES.get(epoch, (None, "epochs were counted in another way"))
        return failed(
            f"{call} kept epoch {epoch}: your function behaves as if {says}.", mistake
        )
    return _judge_weights(weights, model)


def _judge_weights(weights: Any, model: nn.Module) -> CheckResult:
    here = model.state_dict()
    tensors = isinstance(weights, Mapping) and all(
        type(value) is Tensor for value in weights.values()
    )
    if not tensors or weights.keys() != here.keys():
        return failed(
            "the weights should be a dict like model.state_dict(), not "
            f"{type(weights).__name__}"
        )
    found = {value.flatten()[0].item() for value in weights.values()}
    if found == {float(BEST)}:
        return passed(f"epoch {BEST} of {len(TRAIN_LOSS)}, and its own weights")
    last = float(len(TRAIN_LOSS))
    if found == {last}:
        return failed(
            f"the epoch is right, but its weights are those of epoch {last:.0f}: "
            "state_dict() does not copy, and training goes on in the same tensors",
            "not copied",
        )
    return failed("the epoch is right, but the weights are those of another one")
