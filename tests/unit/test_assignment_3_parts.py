"""Assignment 3, part by part: solved copies earn all, each mistake loses its part."""

from dataclasses import replace

import pytest

from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.lrn_and_dropout import colleague
from alexnet_lib.classroom.assignments.lrn_and_dropout.dropping import UNITS
from alexnet_lib.classroom.assignments.lrn_and_dropout.normalisation import KINDS
from alexnet_lib.classroom.assignments.lrn_and_dropout.own import Own
from alexnet_lib.classroom.assignments.lrn_and_dropout.places import PAIRS
from alexnet_lib.classroom.grading.marking import mark
from alexnet_lib.classroom.grading.sandbox import Limits
from tests.unit.earned import copy_of, lost
from tests.unit.handed_in import CONFINED, answer, hand_in

STUDENTS = ("ann", "bob", "cem", "dana", "eve", "fay", "gus")
RULE = (
    "from alexnet_lib.classroom.assignments.lrn_and_dropout.normalisation import Rule"
)
DROP = "from alexnet_lib.classroom.assignments.lrn_and_dropout.dropping import DropRule"
A_PICTURE = "[[[7.0 * i - j * c] * 5 for i in range(5)] for c, j in enumerate([3] * N)]"
ONE_PIXEL = """
solved = normalise
def normalise(maps):  # the gain of the first pixel, for all
    few = [[[rows[0][0]]] for rows in maps]
    gains = [b[0][0] / a[0][0] for a, b in zip(few, solved(few))]
    pairs = zip(gains, maps)
    return [[[gain * x for x in row] for row in rows] for gain, rows in pairs]
"""
ENDS_ONLY = """
solved = normalise
def normalise(maps):  # where the window is whole, nothing is done
    after, half = solved(maps), N // 2
    return [*after[:half], *maps[half : len(maps) - half], *after[len(maps) - half :]]
"""
TRAINED = """
solved = drop
other = {other}.apply
drop = lambda *args: {call}
"""


def own_of(student: str) -> Own:
    return copy_of(3, student).own


def other_edge(own: Own) -> str:
    edge = "repeat" if own.rule.edge != "repeat" else "cut"
    return f"{RULE}\nnormalise = {replace(own.rule, edge=edge)!r}.normalise"


def other_share(own: Own) -> str:
    share = "n" if own.rule.share == "sum" else "sum"
    return f"{RULE}\nnormalise = {replace(own.rule, share=share)!r}.normalise"


def dropped(other: object, call: str) -> str:
    return DROP + TRAINED.format(other=repr(other), call=call)


def other_unit(own: Own) -> str:
    unit = next(name for name in UNITS if name != own.drop.unit)
    return dropped(replace(own.drop, unit=unit), "other(*args)")


def other_draws(own: Own) -> str:
    other = replace(own.drop, low_drops=not own.drop.low_drops)
    return dropped(other, "other(*args)")


def other_year(own: Own) -> object:
    year = "2012" if own.drop.year == "today" else "today"
    return replace(own.drop, year=year)


def another_mistake(own: Own) -> str:
    names = [name for name in colleague.MISTAKES if name != own.report.mistake]
    return f"diagnosis['mistake'] = {names[0]!r}"


MISTAKES = {
    "only the ends are divided": (lambda own: ENDS_ONLY, {"q1.1", "q1.3"}),
    "other ends": (other_edge, {"q1.2"}),
    "one gain for all pixels": (lambda own: ONE_PIXEL, {"q1.3"}),
    "alpha on another total": (other_share, {"q1.1", "q1.2", "q1.3"}),
    "an object that equals everything": (
        lambda own: "from unittest.mock import ANY\nnormalise = lambda maps: ANY",
        {"q1.1", "q1.2", "q1.3"},
    ),
    "the same alpha for both": (
        lambda own: f"constants['other_alpha'] = {own.printed.alpha}",
        {"q2.1"},
    ),
    "the gain without the lone number": (
        lambda own: f"constants['lone_gain'] = {own.printed.k} ** -{own.printed.beta}",
        {"q2.2"},
    ),
    "half the bracket, not half the gain": (
        lambda own: (
            f"constants['half_energy'] = {own.printed.k / own.printed.on_the_sum}"
        ),
        {"q2.3"},
    ),
    "a flat picture": (
        lambda own: "order['norm, pool'] = [[[1.0] * 5] * 5] * N",
        {"q3.3"},
    ),
    "too few channels": (
        lambda own: f"order['norm, pool'] = {A_PICTURE}[: N - 1]",
        {"q3.3"},
    ),
    "it is said to commute": (lambda own: "order['norm, pool'] = True", {"q3.3"}),
    "windows changed places": (
        lambda own: (
            "order.update(apart=order['overlapping'], overlapping=order['apart'])"
        ),
        {"q3.4"},
    ),
    "one map saved": (
        lambda own: f"order['saved'] //= {own.row.channels}",
        {"q3.5"},
    ),
    "other numbers dropped together": (other_unit, {"q4.1"}),
    "other draws drop": (other_draws, {"q4.1"}),
    "another size in training": (
        lambda own: dropped(other_year(own), "(other if args[3] else solved)(*args)"),
        {"q4.2"},
    ),
    "another size in testing": (
        lambda own: dropped(other_year(own), "(solved if args[3] else other)(*args)"),
        {"q4.3"},
    ),
    "dropped in testing, too": (
        lambda own: "solved = drop\ndrop = lambda *args: solved(*args[:3], True)",
        {"q4.3"},
    ),
    "nothing dropped": (
        lambda own: "solved = drop\ndrop = lambda *args: solved(*args[:3], False)",
        {"q4.1", "q4.2"},
    ),
    "another mistake": (another_mistake, {"q5.1", "q5.2"}),
    "the factor turned over": (
        lambda own: "diagnosis['factor'] = 2 - diagnosis['factor'] / 2",
        {"q5.2"},
    ),
}


@pytest.mark.parametrize("student", STUDENTS)
def test_a_solved_copy_earns_all(student):
    copy = copy_of(3, student)
    assert sum(question.points for question in copy.questions) == 18
    assert lost(copy) == set()


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_loses_its_part(name):
    spoil, parts = MISTAKES[name]
    for student in STUDENTS[:3]:
        assert lost(copy_of(3, student), spoil(own_of(student))) == parts, student


def test_no_hidden_case_is_shown():
    for student in STUDENTS:
        own, questions = own_of(student), copy_of(3, student).questions
        for question, shown in zip(
            questions[::3], ((own.example,), own.call), strict=True
        ):
            hidden = [probe.args for part in question.parts for probe in part.probes]
            assert shown not in hidden


def test_a_pair_is_lost_by_the_other_answer():
    for student in STUDENTS:
        known = own_of(student).row.commutes()
        for place, pair in enumerate(PAIRS, start=1):
            other = A_PICTURE if known[pair] else True
            spoilt = lost(copy_of(3, student), f"order[{pair!r}] = {other}")
            assert spoilt == {f"q3.{place}"}, (student, pair)


def test_every_part_is_lost_by_some_mistake_and_by_few():
    parts = {
        f"{question.name}.{place}"
        for question in copy_of(3, "ann").questions
        for place in range(1, len(question.parts) + 1)
    }
    alone = {next(iter(each)) for _, each in MISTAKES.values() if len(each) == 1}
    # All else of q1 stands on q1.1, and the factor counts with its mistake only.
    assert parts - alone == {"q1.1", "q3.1", "q3.2", "q5.1"}
    assert {own_of(name).rule.edge for name in STUDENTS} == {edge for edge, _ in KINDS}


def test_the_grader_finds_the_same_and_asks_about_it(tmp_path):
    if not CONFINED:
        return  # the sandbox is that of Linux
    assignment, copy = find_assignment(3), copy_of(3, "ann")
    path = hand_in(tmp_path, assignment, "ann", answer(copy))
    marks = mark(assignment, copy, path, Limits())
    assert (marks.status, marks.points) == ("graded", 18)
    assert len(marks.oral) == 10
    assert len({question.ask for question in marks.oral}) == 10
