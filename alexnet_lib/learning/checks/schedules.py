"""Checks of notebook 11: the hand schedule of 2012, and what was treated unlike."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch.optim.lr_scheduler import LRScheduler, MultiStepLR

from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    check_table,
    exercise,
    same_choice,
    same_number,
)
from alexnet_lib.learning.hand_schedules import RUNS, START
from alexnet_lib.learning.result import CheckResult, passed

Schedule = Callable[[torch.optim.Optimizer], LRScheduler]
PAPER = RUNS["145"]
EPOCHS = PAPER.killed
OTHERS = "conv2"  # stands for every layer but the first
DROPS = [epoch for epoch, _old, _new in PAPER.changes_of(OTHERS)]
CONV1 = [epoch for epoch, _old, new in PAPER.changes_of("conv1") if new > 0]
SAID = ("yes", "no", "not said")

CASE = Case(
    args=(START, EPOCHS),
    hint="which lines of the log concern layers other than conv1",
    call=f"{EPOCHS} epochs of hand_schedule",
)


def rates_of(schedule: Schedule) -> Callable[[float, int], list[float] | None]:
    """The rate of each epoch, epoch 0 first, when `step()` is called after each."""

    def rates(start: float, epochs: int) -> list[float] | None:
        weight = torch.nn.Parameter(torch.zeros(1))
        optimizer = torch.optim.SGD([weight], lr=start)
        scheduler = schedule(optimizer)
        if scheduler is None or scheduler is Ellipsis:
            return None
        if not isinstance(scheduler, LRScheduler):
            kind = type(scheduler).__name__
            raise TypeError(f"return a scheduler such as MultiStepLR, not {kind}")
        seen = []
        for _epoch in range(epochs):
            seen.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return seen

    return rates


def same_rates(answer: Any, expected: Sequence[float]) -> str | None:
    """Every epoch's rate within a millionth of itself; else the first that differs."""
    for epoch, (ours, theirs) in enumerate(zip(expected, answer, strict=True)):
        if abs(ours - theirs) > 1e-6 * ours:
            return (
                f"in epoch {epoch} the rate is {theirs:g}, which the log does not say"
            )
    return None


def multi_step(milestones: Sequence[float], gamma: float = 0.1) -> Schedule:
    """A learner's answer with these numbers."""
    return lambda optimizer: MultiStepLR(optimizer, list(milestones), gamma)


def _gaps() -> list[int]:
    return [DROPS[0], *(later - drop for drop, later in pairwise(DROPS))]


MISTAKES = tuple(
    Mistake(name=name, says=says, function=rates_of(schedule))
    for name, says, schedule in (
        (
            "conv1's drop",
            "what the log says about conv1 alone held for all layers",
            multi_step(CONV1),
        ),
        (
            "conv1's drop too",
            "conv1's own drop and everybody's came one after the other",
            multi_step(sorted({*CONV1, *DROPS})),
        ),
        ("last drop forgotten", "there were two drops", multi_step(DROPS[:-1])),
        ("half", "each drop were to a half", multi_step(DROPS, 0.5)),
        ("gamma inverted", "each change made the rate larger", multi_step(DROPS, 10)),
        (
            "momentum as gamma",
            "gamma were the momentum",
            multi_step(DROPS, 0.9),
        ),
        (
            "one epoch early",
            "epochs were counted from 1 and the milestones from 0",
            multi_step([epoch - 1 for epoch in DROPS]),
        ),
        (
            "one epoch late",
            "the epoch named were the last at the old rate",
            multi_step([epoch + 1 for epoch in DROPS]),
        ),
        (
            "epochs between",
            "milestones were counted from the drop before",
            multi_step(_gaps()),
        ),
        (
            "never falls",
            "no milestone were ever reached: they are whole epochs, not shares of the "
            "training and not mini-batches",
            multi_step([10_000]),
        ),
    )
)


@exercise("hand_schedule")
def check_hand_schedule(student: Schedule) -> CheckResult:
    """`hand_schedule(optimizer)`: the rates of run 145, layers other than conv1."""
    result = check_function(
        rates_of(student) if callable(student) else student,
        name="hand_schedule",
        reference=lambda start, epochs: PAPER.rates(OTHERS),
        cases=(CASE,),
        mistakes=MISTAKES,
        compare=same_rates,
        show_answer=lambda answer: "other rates",
    )
    if result.status != "passed":
        return result
    return passed(f"the rates of all {EPOCHS} epochs are those of the log")


@exercise("unlike")
def check_unlike(answers: Any) -> CheckResult:
    """Which rate which layer had, and whether biases decayed, by whom."""
    rates = {
        "conv1_in_epoch_70": PAPER.rate_at(70, "conv1"),
        "conv1_in_epoch_75": PAPER.rate_at(75, "conv1"),
        "others_in_epoch_75": PAPER.rate_at(75, OTHERS),
        "others_in_epoch_85": PAPER.rate_at(85, OTHERS),
    }
    shared = "conv1 had gone on like the others"
    frozen = "it had been frozen then"
    all_frozen = "every layer had been frozen, not conv1 alone"
    return check_table(
        answers,
        rates
        | {"biases_decay_in_the_paper": "not said", "biases_decay_in_the_code": "no"},
        name="unlike",
        hints={
            "conv1_in_epoch_70": "take the last line about conv1 up to that epoch",
            "conv1_in_epoch_75": "take the last line about conv1 up to that epoch",
            "others_in_epoch_75": "leave out the lines about conv1",
            "others_in_epoch_85": "leave out the lines about conv1",
            "biases_decay_in_the_paper": "the printed rule has one letter, w",
            "biases_decay_in_the_code": "look for a decay among the biases' settings",
        },
        mistakes={
            "conv1_in_epoch_70": {
                "like the others": (1e-4, shared),
                "frozen": (0, frozen),
            },
            "conv1_in_epoch_75": {
                "like the others": (1e-4, shared),
                "not frozen yet": (1e-5, "the line of epoch 72 had been missed"),
            },
            "others_in_epoch_75": {
                "conv1's rate": (1e-5, "conv1's line of epoch 67 held for all layers"),
                "frozen": (0, all_frozen),
            },
            "others_in_epoch_85": {
                "drop missed": (1e-4, "the line of epoch 79 had been missed"),
                "frozen": (0, all_frozen),
            },
            "biases_decay_in_the_paper": {
                "believed": ("yes", "the paper's weight w named the biases, too"),
                "in so many words": ("no", "the paper spared the biases in words"),
            },
            "biases_decay_in_the_code": {
                "torch's default": ("yes", "the code did what torch does by default"),
                "no setting": ("not said", "the code could leave a decay open"),
            },
        },
        compare=dict.fromkeys(rates, same_number())
        | dict.fromkeys(
            ("biases_decay_in_the_paper", "biases_decay_in_the_code"), same_choice(SAID)
        ),
    )
