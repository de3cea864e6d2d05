"""What assignment 4 holds to be right, against torch and against counting."""

import random
from dataclasses import replace
from math import ceil, exp

import pytest
import torch

from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.parts import Work
from alexnet_lib.classroom.assignments.training_runs import curves, six_runs, update
from alexnet_lib.classroom.assignments.training_runs.checkpoint import (
    Comparison,
    draw_comparison,
)
from alexnet_lib.classroom.assignments.training_runs.questions import same_set
from alexnet_lib.classroom.assignments.training_runs.schedule import (
    Schedule,
    Timing,
    draw_schedule,
    draw_timing,
)
from alexnet_lib.classroom.assignments.training_runs.update import Update, draw_walk
from alexnet_lib.training import updates

ASSIGNMENT = find_assignment(4)
PAPER = Update(0.8, 0.03, True, False, False, False, 2.0)
PLAN = Schedule(100, 8, False, 10, 0.08, 6, "drops", (4, 7), 5, 0.05)


@pytest.mark.parametrize(
    ("rule", "theirs"),
    [
        (PAPER, updates.paper_update),
        (replace(PAPER, rate_inside=False), updates.torch_update),
    ],
)
def test_two_places_would_be_the_papers_and_torchs(rule, theirs):
    numbers = random.Random(0)
    for _ in range(20):
        start, gradients, rates, _ = draw_walk(numbers, 6, rate_changes=True)
        w, v = torch.tensor([start], dtype=torch.float64), torch.zeros(1).double()
        seen = []
        for gradient, rate in zip(gradients, rates, strict=True):
            w, v = theirs(w, torch.tensor([gradient]).double(), v, rate, 0.8, 0.03)
            seen.append(w.item())
        assert rule.walk(start, gradients, rates, False) == pytest.approx(seen)
    drawn = {update.draw_update(random.Random(seed)) for seed in range(60)}
    places = {(rule.rate_inside, rule.decay_apart, rule.share) for rule in drawn}
    assert len(places) == 6
    assert not places & {(True, False, False), (False, False, False)}


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("share", [True, False])
def test_a_rule_does_what_its_words_say(apart, share):
    rule = replace(PAPER, decay_apart=apart, share=share)
    walk = draw_walk(random.Random(1), 5, rate_changes=False)
    start, gradients, rates, _ = walk
    outside = replace(rule, rate_inside=False)
    assert rule.walk(*walk) == pytest.approx(outside.walk(*walk))
    twice = [2 * rate for rate in rates]
    plain = replace(rule, decay=0.0)
    as_bias = rule.walk(start, gradients, rates, True)
    assert as_bias == pytest.approx(plain.walk(start, gradients, twice, False))
    still = rule.walk(1.0, [0.0], [0.1], False)  # one step of decay alone
    expected = 1 - 0.1 * 0.03 * (0.2 if share and not apart else 1)
    assert still == pytest.approx([expected])
    steady = plain.walk(0.0, [1.0] * 200, [0.1] * 200, False)
    length = 0.1 if share else 0.1 / (1 - 0.8)
    assert steady[-2] - steady[-1] == pytest.approx(length)


def test_the_example_shows_every_usual_mistake_and_no_hint_holds_a_number():
    for seed in range(30):
        numbers = random.Random(seed)
        rule = update.draw_update(numbers)
        walk = update.draw_example(numbers, rule)
        right = rule.walk(*walk)
        for hint, wrong in update.mistakes(rule, walk).items():
            assert max(abs(a - b) for a, b in zip(right, wrong, strict=True)) > 1e-3
            assert not any(map(str.isdigit, hint))


def test_the_rate_is_that_of_torchs_schedulers():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.08)
    falls = torch.optim.lr_scheduler.MultiStepLR(optimizer, [4, 7], gamma=1 / 5)
    step = 0
    for _ in range(PLAN.epochs):
        for _ in range(0, PLAN.images, PLAN.batch_size):
            if step >= PLAN.warm_steps:
                expected = optimizer.param_groups[0]["lr"]
                assert PLAN.rate_at(step) == pytest.approx(expected)
            step += 1
        optimizer.step()
        falls.step()
    assert step == PLAN.steps == 130
    assert replace(PLAN, drop_last=True).steps == 120
    warm = [PLAN.rate_at(step) for step in range(PLAN.warm_steps)]
    assert warm == pytest.approx(torch.linspace(0.08 / 6, 0.08, 6).tolist(), rel=1e-6)


@pytest.mark.parametrize("kind", ["line", "cosine"])
def test_the_fall_is_torchs(kind):
    plan = replace(PLAN, kind=kind)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.08)
    steps = plan.steps - 1 - plan.warm_steps
    schedulers = torch.optim.lr_scheduler
    falls = {
        "line": lambda: schedulers.LinearLR(optimizer, 1.0, 0.05, steps),
        "cosine": lambda: schedulers.CosineAnnealingLR(optimizer, steps, 0.08 * 0.05),
    }[kind]()
    for step in range(plan.warm_steps, plan.steps):
        assert plan.rate_at(step) == pytest.approx(optimizer.param_groups[0]["lr"])
        optimizer.step()
        falls.step()


def test_edges_and_insides_are_where_the_rate_turns_and_where_not():
    assert PLAN.edges() == [6, 52, 91, 51, 90]
    assert replace(PLAN, kind="line").edges() == [6, 129]
    numbers = random.Random(2)
    for _ in range(10):
        plan = draw_schedule(numbers)
        inside = plan.inside(numbers, 20)
        near = plan.steps_per_epoch // 10
        assert all(abs(step - edge) > near for step in inside for edge in plan.edges())
        assert all(plan.warm_steps < step < plan.steps for step in inside)


def test_the_cost_is_that_of_a_clock():
    timing = Timing(5.0, 11, 7.0, 30.0, 8.0)
    clock = 0.0
    for _ in range(PLAN.epochs):
        clock += ceil(100 / 8) * 0.2 + 30
    assert timing.hours(PLAN) == pytest.approx(clock / 3600)
    assert timing.epochs_in_a_night(PLAN) == pytest.approx(8 * 3600 / (clock / 10))
    for seed in range(20):
        numbers = random.Random(seed)
        plan = draw_schedule(numbers)
        drawn = draw_timing(numbers, plan)
        assert drawn.epochs_in_a_night(plan) > 2
        assert 0.15 < drawn.seconds_per_step < 0.95


def test_a_step_of_the_small_network_is_autograds(monkeypatch):
    monkeypatch.setattr(curves, "_exp", exp)
    numbers = random.Random(3)
    network = curves.Network(numbers, 0.0)
    [[(point, label)]] = curves.draw_points(numbers, 0.8, 1)
    first, second = (
        torch.tensor(rows, dtype=torch.float64, requires_grad=True)
        for rows in (network.first, network.second)
    )
    x = torch.tensor([*point, 1.0], dtype=torch.float64)
    hidden = torch.cat([(first @ x).relu(), torch.ones(1).double()])
    loss = torch.nn.functional.cross_entropy(second @ hidden, torch.tensor(label))
    loss.backward()
    assert network.step((point, label), 0.1)[1] == pytest.approx(loss.item())
    for ours, theirs in ((network.first, first), (network.second, second)):
        moved = (theirs - 0.1 * theirs.grad).detach()
        torch.testing.assert_close(torch.tensor(ours, dtype=torch.float64), moved)


def test_the_own_exponential_is_one():
    for x in (0.0, -0.1, -1.0, -5.0):
        assert curves._exp(x) == pytest.approx(exp(x), rel=x * x / 1000 + 1e-12)
    assert curves._exp(-2000.0) == 0


def diagnosed(runs: dict) -> dict[str, str]:
    """By the looks that the solution names, at what is printed."""
    found = {}
    for letter, epochs in runs.items():
        last, late = epochs[-1], [e.validated.accuracy for e in epochs[-4:]]
        twins = [
            other
            for other in runs.values()
            if other != epochs
            and [e.trained for e in other] == [e.trained for e in epochs]
        ]
        if twins:
            better = sum(late) > sum(e.validated.accuracy for e in twins[0][-4:])
            found[letter] = "healthy" if better else "validated in train mode"
        elif last.trained.loss > 3:
            found[letter] = "rate too high"
        elif last.trained.accuracy < 70:
            found[letter] = "rate too low"
        else:
            useful = sum(late) / 4 > 45
            found[letter] = "overfitting" if useful else "shuffled labels"
    return found


def test_six_runs_can_be_told_apart_and_are_the_same_every_time():
    orders = set()
    for seed in range(4):
        six = six_runs.six_runs(seed)
        assert diagnosed(six.runs) == six.causes
        assert sorted(six.causes.values()) == sorted(six_runs.CAUSES)
        orders.add(tuple(six.causes.values()))
    assert len(orders) > 1
    assert six_runs.six_runs.__wrapped__(3) == six_runs.six_runs(3)


def test_a_recipe_is_better_when_its_every_run_is():
    found = Comparison({"A": (90.0, 91.0), "B": (89.0, 89.9), "C": (89.5,)}).verdicts()
    assert found == {"A, B": "A", "A, C": "one run", "B, C": "one run"}
    found = Comparison({"A": (90.0, 91.0), "B": (90.5, 99.0), "C": (99.5, 100.0)})
    assert found.verdicts() == {"A, B": "overlap", "A, C": "C", "B, C": "C"}
    for seed in range(20):
        said = list(draw_comparison(random.Random(seed)).verdicts().values())
        assert said.count("one run") == 3
        assert 1 <= said.count("overlap") <= 2


def test_sets_of_words_are_compared_by_type_and_number():
    assert same_set(["b", "A "], ["a", "b"])
    for wrong in (["a"], ["a", "b", "b"], ("a", "b"), "ab", ["a", 2], None):
        assert not same_set(wrong, ["a", "b"])


def test_ten_oral_questions_name_what_the_student_made():
    own = ASSIGNMENT.draw(random.Random(2))
    work = Work(
        answers={"bet": {"nearest": "generator"}, "cost": {"steps": 4711}},
        functions={"walk": "def walk(start):\n    return 41 * start"},
        quoted=("0.1554",),
    )
    asked = ASSIGNMENT.oral(own, work)
    text = "\n".join(question.ask for question in asked)
    assert len(asked) == 10
    for word in ("`return 41 * start`", "'generator'", "0.1554", "counted 4711"):
        assert word in text
    assert "'nothing'" in text
    empty = ASSIGNMENT.oral(own, Work(answers={}, functions={}))
    assert "no number of your run" in "\n".join(question.ask for question in empty)
