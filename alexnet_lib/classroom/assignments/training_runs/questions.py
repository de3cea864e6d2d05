"""The five questions of assignment 4, and what each part of them looks at."""

import random
from typing import Any

from alexnet_lib.classroom.assignments.parts import (
    Part,
    Probe,
    Question,
    Same,
    all_near,
    near,
    same_int,
    same_word,
)
from alexnet_lib.classroom.assignments.training_runs.own import Own
from alexnet_lib.classroom.assignments.training_runs.schedule import Schedule
from alexnet_lib.classroom.assignments.training_runs.update import Update, draw_walk

HIDDEN_CASES = 8  # calls for each part of a function
EXACT = 1e-6  # relative: the same formula in another order
CLOSE = near(1e-3)  # four digits are asked for


def questions(own: Own, hidden: random.Random) -> tuple[Question, ...]:
    """All five; the calls of q1 and q2 are drawn from `hidden`."""
    return (
        _walk(own.update, hidden),
        _rate(own, hidden),
        _cost(own),
        _curves(own),
        _stopped(own),
    )


def _part(points: int, about: str, *probes: Probe) -> Part:
    return Part(points=points, about=about, probes=probes)


def _entry(target: str, key: str, expected: Any, same: Same = CLOSE) -> Probe:
    return Probe(target=target, key=key, expected=expected, same=same)


def same_set(answer: Any, expected: list[str]) -> bool:
    """The same words in any order, none of them twice."""
    if type(answer) is not list or any(type(word) is not str for word in answer):
        return False
    words = sorted(word.strip().lower() for word in answer)
    return words == sorted(word.lower() for word in expected)


def _walk(rule: Update, hidden: random.Random) -> Question:
    kinds = {
        "one step of a weight": (1, {"rate_changes": False}, (1,)),
        "a weight's steps at one rate": (1, {"rate_changes": False}, (3, 4, 5)),
        "a weight's steps while the rate changes": (1, {"rate_changes": True}, (4, 5)),
        "the steps of a bias, at one rate": (
            1,
            {"rate_changes": False, "is_bias": True},
            (2, 3, 4),
        ),
    }
    parts = []
    for about, (points, wanted, lengths) in kinds.items():
        probes = []
        for _ in range(HIDDEN_CASES):
            args = draw_walk(hidden, hidden.choice(lengths), **wanted)
            probes.append(
                Probe(
                    target="walk",
                    args=args,
                    expected=rule.walk(*args),
                    same=all_near(EXACT),
                )
            )
        parts.append(_part(points, about, *probes))
    return Question(name="q1", target="walk", parts=tuple(parts))


def _rate(own: Own, hidden: random.Random) -> Question:
    plan: Schedule = own.schedule
    warm = hidden.sample(range(plan.warm_steps), HIDDEN_CASES)
    steps = {
        "the rate while it warms up": warm,
        "the rate behind that": plan.inside(hidden, HIDDEN_CASES),
        "the rate at the edges: the first steps of a new rate, and the last step": (
            plan.edges()
        ),
    }
    parts = []
    for about, each in steps.items():
        probes = [
            Probe(
                target="rate_at",
                args=(step,),
                expected=plan.rate_at(step),
                same=near(EXACT),
            )
            for step in each
            if step not in own.shown
        ]
        parts.append(_part(1, about, *probes))
    return Question(name="q2", target="rate_at", parts=tuple(parts))


def _cost(own: Own) -> Question:
    plan, timing = own.schedule, own.timing
    steps = _entry("cost", "steps", plan.steps, same_int)
    hours = _entry("cost", "hours", timing.hours(plan))
    tonight = int(timing.epochs_in_a_night(plan))
    epochs = _entry("cost", "epochs_tonight", tonight, same_int)
    return Question(
        name="q3",
        target="cost",
        parts=(
            _part(1, "the steps of the whole training", steps),
            _part(1, "its hours", hours),
            _part(1, "how many epochs fit into the night", epochs),
        ),
    )


def _curves(own: Own) -> Question:
    letters = {cause: letter for letter, cause in own.six.causes.items()}

    def part(about: str, *causes: str) -> Part:
        probes = [
            _entry("causes", letters[cause], cause, same_word) for cause in causes
        ]
        return _part(1, about, *probes)

    return Question(
        name="q4",
        target="causes",
        parts=(
            part("the two whose rate is wrong", "rate too high", "rate too low"),
            part("the one that overfits", "overfitting"),
            part("the one with shuffled labels", "shuffled labels"),
            part(
                "the healthy one, and its twin that was measured wrongly",
                "healthy",
                "validated in train mode",
            ),
        ),
    )


def _stopped(own: Own) -> Question:
    said = own.comparison.verdicts()
    several = {pair: word for pair, word in said.items() if word != "one run"}
    single = {pair: word for pair, word in said.items() if word == "one run"}

    def pairs(words: dict[str, str]) -> list[Probe]:
        return [_entry("going_on", *item, same_word) for item in words.items()]

    missing = _entry("going_on", "missing", own.stopped.missing, same_set)
    return Question(
        name="q5",
        target="going_on",
        parts=(
            _part(2, "what the file lacks, all of it and nothing else", missing),
            _part(1, "the pairs of recipes with three runs each", *pairs(several)),
            _part(1, "the pairs with the recipe of one run", *pairs(single)),
        ),
    )
