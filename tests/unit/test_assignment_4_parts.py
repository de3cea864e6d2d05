"""Assignment 4, part by part: solved copies earn all, each mistake loses its part."""

from dataclasses import replace

import pytest

from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.training_runs.own import Own
from alexnet_lib.classroom.grading.marking import mark
from alexnet_lib.classroom.grading.sandbox import Limits
from tests.unit.earned import copy_of, lost
from tests.unit.handed_in import CONFINED, answer, hand_in

STUDENTS = ("ann", "bob", "cem", "dana", "hal")
UPDATE = "from alexnet_lib.classroom.assignments.training_runs.update import Update"
FORGETS = """
solved = walk
def walk(start, gradients, rates, is_bias):  # every step is a first one
    seen = [start]
    for gradient, rate in zip(gradients, rates):
        seen += solved(seen[-1], [gradient], [rate], is_bias)
    return seen[1:]
"""
UPHILL = """
solved = walk
walk = lambda start, g, *rest: solved(start, [-x for x in g], *rest)
"""
NO_BIAS = "solved = walk\nwalk = lambda *args: solved(*args[:3], False)"
FROM_ZERO = """
solved = rate_at
rate_at = lambda step: PEAK * step / WARM if step < WARM else solved(step)
"""
TOO_LATE = """
solved = rate_at
rate_at = lambda step: PEAK * (step + 1) / WARM if step <= WARM else solved(step)
"""
NEVER_FALLS = """
solved = rate_at
rate_at = lambda step: solved(step) if step < WARM else PEAK
"""


def own_of(student: str) -> Own:
    return copy_of(4, student).own


def other_place(own: Own) -> str:
    other = replace(own.update, rate_inside=not own.update.rate_inside)
    return f"{UPDATE}\nwalk = {other!r}.walk"


def letter(own: Own, cause: str) -> str:
    return next(key for key, found in own.six.causes.items() if found == cause)


def swapped(own: Own, one: str, other: str) -> str:
    a, b = letter(own, one), letter(own, other)
    return f"causes.update({a}={other!r}, {b}={one!r})"


def pair_of(own: Own, several: bool) -> tuple[str, str]:
    said = own.comparison.verdicts().items()
    return next((pair, word) for pair, word in said if (word != "one run") == several)


def other_word(own: Own, several: bool) -> str:
    pair, word = pair_of(own, several)
    other = "overlap" if word != "overlap" else pair[0]
    return f"going_on[{pair!r}] = {other!r}"


EVERY_WALK = {"q1.1", "q1.2", "q1.3", "q1.4"}
MISTAKES = {
    "every step is a first one": (lambda own: FORGETS, {"q1.2", "q1.3", "q1.4"}),
    "the rate in the other place": (other_place, {"q1.3"}),
    "biases treated as weights": (lambda own: NO_BIAS, {"q1.4"}),
    "along the gradient": (lambda own: UPHILL, EVERY_WALK),
    "an object that equals everything": (
        lambda own: "from unittest.mock import ANY\nwalk = lambda *args: ANY",
        EVERY_WALK,
    ),
    "the warm-up begins at 0": (lambda own: FROM_ZERO, {"q2.1"}),
    "one step of warm-up too many": (lambda own: TOO_LATE, {"q2.3"}),
    "the rate never falls": (lambda own: NEVER_FALLS, {"q2.2", "q2.3"}),
    "an epoch of steps forgotten": (
        lambda own: "cost['steps'] -= PER_EPOCH",
        {"q3.1"},
    ),
    "a number that is no whole one": (
        lambda own: "cost['steps'] = float(cost['steps'])",
        {"q3.1"},
    ),
    "the first step counted as the others": (
        lambda own: (
            f"each = {own.timing.later_end} / {own.timing.later_step}\n"
            f"cost['hours'] = {own.schedule.epochs} * "
            f"(PER_EPOCH * each + {own.timing.validation}) / 3600"
        ),
        {"q3.2"},
    ),
    "validations forgotten": (
        lambda own: f"cost['hours'] = STEPS * {own.timing.seconds_per_step} / 3600",
        {"q3.2"},
    ),
    "an epoch begun counts": (lambda own: "cost['epochs_tonight'] += 1", {"q3.3"}),
    "the two rates swapped": (
        lambda own: swapped(own, "rate too high", "rate too low"),
        {"q4.1"},
    ),
    "overfitting taken for healthy": (
        lambda own: f"causes.update({letter(own, 'overfitting')}='healthy')",
        {"q4.2"},
    ),
    "shuffled labels taken for overfitting": (
        lambda own: f"causes.update({letter(own, 'shuffled labels')}='overfitting')",
        {"q4.3"},
    ),
    "the twins swapped": (
        lambda own: swapped(own, "healthy", "validated in train mode"),
        {"q4.4"},
    ),
    "gradients are kept, too": (
        lambda own: "going_on['missing'].append('gradients')",
        {"q5.1"},
    ),
    "one thing forgotten": (lambda own: "going_on['missing'].pop()", {"q5.1"}),
    "one thing twice": (
        lambda own: "going_on['missing'] *= 2",
        {"q5.1"},
    ),
    "a pair of three runs": (lambda own: other_word(own, True), {"q5.2"}),
    "one run taken for proof": (lambda own: other_word(own, False), {"q5.3"}),
}


@pytest.mark.parametrize("student", STUDENTS)
def test_a_solved_copy_earns_all(student):
    copy = copy_of(4, student)
    assert sum(question.points for question in copy.questions) == 18
    assert lost(copy) == set()


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_loses_its_part(name):
    spoil, parts = MISTAKES[name]
    for student in STUDENTS[:3]:
        assert lost(copy_of(4, student), spoil(own_of(student))) == parts, student


def test_no_number_is_too_large_to_be_compared():
    code = "cost['hours'] = 10**400\nwalk = lambda *args: [10**400] * len(args[1])"
    assert lost(copy_of(4, "ann"), code) == {*EVERY_WALK, "q3.2"}


def test_no_hidden_case_is_shown():
    for student in STUDENTS:
        own, (walks, rates, *_) = own_of(student), copy_of(4, student).questions
        hidden = [probe.args for part in walks.parts for probe in part.probes]
        assert own.walk not in hidden
        steps = {probe.args[0] for part in rates.parts for probe in part.probes}
        assert not steps & set(own.shown)


def test_the_order_of_what_is_missing_does_not_count():
    assert lost(copy_of(4, "ann"), "going_on['missing'].reverse()") == set()


def test_every_part_is_lost_alone_but_those_that_others_stand_on():
    parts = {
        f"{question.name}.{place}"
        for question in copy_of(4, "ann").questions
        for place in range(1, len(question.parts) + 1)
    }
    alone = {next(iter(each)) for _, each in MISTAKES.values() if len(each) == 1}
    # A walk begins with one step, and the rate at the edges is that of a section.
    assert parts - alone == {"q1.1", "q1.2", "q2.2"}
    assert {own_of(name).schedule.kind for name in STUDENTS} == {
        *("drops", "line", "cosine")
    }


def test_the_grader_finds_the_same_and_asks_about_it(tmp_path):
    if not CONFINED:
        return  # the sandbox is that of Linux
    assignment, copy = find_assignment(4), copy_of(4, "ann")
    path = hand_in(tmp_path, assignment, "ann", answer(copy))
    marks = mark(assignment, copy, path, Limits())
    assert (marks.status, marks.points) == ("graded", 18)
    assert len({question.ask for question in marks.oral}) == 10
