"""What assignment 3 holds to be right, against torch and against counting."""

import random
from collections import Counter, defaultdict

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from alexnet_lib.architecture import layers
from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.lrn_and_dropout import dropping, normalisation
from alexnet_lib.classroom.assignments.lrn_and_dropout.colleague import (
    MISTAKES,
    Report,
    draw_report,
)
from alexnet_lib.classroom.assignments.lrn_and_dropout.normalisation import Rule, flat
from alexnet_lib.classroom.assignments.lrn_and_dropout.places import (
    FORMULAS,
    SLOPES,
    Row,
    is_picture,
    tells_apart,
)
from alexnet_lib.classroom.assignments.lrn_and_dropout.printed import draw_printed
from alexnet_lib.classroom.assignments.parts import Work

ASSIGNMENT = find_assignment(3)
ROW = Row("relu", 1.0, "max", 3, 2, 8, 61, False)


def in_torch(rule: Rule, maps: list) -> torch.Tensor:
    """The rule once more: channels put at both ends, then windows slid along them."""
    a = torch.tensor(maps, dtype=torch.float64)
    squares, half = a.square(), rule.n // 2
    ends = {
        "cut": (torch.zeros_like(squares[:half]), torch.zeros_like(squares[:half])),
        "round": (squares[-half:], squares[:half]),
        "repeat": (squares[:1].repeat(half, 1, 1), squares[-1:].repeat(half, 1, 1)),
    }
    first, last = ends[rule.edge]
    energy = torch.cat([first, squares, last]).unfold(0, rule.n, 1).sum(dim=-1)
    if rule.share == "n":
        energy /= rule.n
    if rule.share == "there":
        ones = torch.ones(1, 1, len(maps), dtype=torch.float64)
        there = F.conv1d(ones, torch.ones(1, 1, rule.n).double(), padding=half)
        energy /= there.reshape(-1, 1, 1)
    return a / (rule.k + rule.alpha * energy) ** rule.beta


@pytest.mark.parametrize("kind", normalisation.KINDS)
@pytest.mark.parametrize("n", [3, 5, 7])
def test_the_rule_is_that_of_sliding_windows(kind, n):
    rule, numbers = Rule(n, 2.5, 0.005, 0.8, *kind), random.Random(0)
    for size in ((n, 1, 1), (n + 3, 2, 3)):
        maps = normalisation.draw_maps(numbers, *size)
        ours = torch.tensor(rule.normalise(maps), dtype=torch.float64)
        torch.testing.assert_close(ours, in_torch(rule, maps), rtol=1e-12, atol=0)


def test_with_other_constants_the_rule_would_be_torchs_or_the_papers():
    maps = normalisation.draw_maps(random.Random(1), 9, 2, 2)
    a = torch.tensor(maps, dtype=torch.float64)[None]
    for share, theirs in (
        ("n", nn.LocalResponseNorm(5, 0.003, 0.75, 2.0)),
        ("sum", layers.LocalResponseNorm(5, 0.003, 0.75, 2.0)),
    ):
        rule = Rule(5, 2.0, 0.003, 0.75, "cut", share)
        ours = torch.tensor(rule.normalise(maps), dtype=torch.float64)
        torch.testing.assert_close(ours, theirs(a)[0], rtol=1e-9, atol=0)
        assert ("cut", share) not in normalisation.KINDS


def test_the_example_shows_every_usual_mistake_and_no_hint_holds_a_number():
    for seed in range(12):
        own = ASSIGNMENT.draw(random.Random(seed))
        found = {
            "normalise": (
                own.rule.normalise(own.example),
                normalisation.mistakes(own.rule, own.example),
            ),
            "drop": (own.drop.apply(*own.call), dropping.mistakes(own.drop, own.call)),
        }
        for right, wrong in found.values():
            rounded = [round(x, 3) for x in flat(right)]
            for hint, maps in wrong.items():
                assert [round(x, 3) for x in flat(maps)] != rounded, hint
                assert not any(map(str.isdigit, hint))


def test_the_constants_are_those_of_torchs_layer():
    seen = set()
    for seed in range(12):
        printed = draw_printed(random.Random(seed))
        seen.add(printed.given)
        mean = printed.other_alpha if printed.given == "printed" else printed.alpha
        constants = {"beta": printed.beta, "k": printed.k}
        torchs = nn.LocalResponseNorm(printed.n, alpha=mean, **constants)
        ours = layers.LocalResponseNorm(
            printed.n, alpha=printed.on_the_sum, **constants
        )
        a = torch.zeros(1, 12, 1, 1, dtype=torch.float64)
        a[0, 6] = printed.lone
        torch.testing.assert_close(torchs(a), ours(a), rtol=1e-9, atol=0)
        gain = (ours(a)[0, 6] / printed.lone).item()
        assert printed.lone_gain == pytest.approx(gain, rel=1e-9)
        a[0, 6] = printed.half_energy**0.5
        half = (ours(a)[0, 6] / a[0, 6]).item()
        assert half == pytest.approx(printed.k**-printed.beta / 2, rel=1e-9)
    assert seen == {"printed", "torch"}


@pytest.mark.parametrize("act", FORMULAS)
@pytest.mark.parametrize("reduce", ["max", "mean"])
def test_what_commutes_is_found_by_trying(act, reduce):
    row = Row(act, SLOPES[act][-1], reduce, 4, 3, 8, 61, True)
    rule, numbers = Rule(3, 2.5, 0.005, 0.8, "round", "sum"), random.Random(2)
    pictures = [normalisation.draw_maps(numbers, 4, 7, 7) for _ in range(25)]
    for pair, commutes in row.commutes().items():
        told = tells_apart(row, rule, pair)
        assert any(map(told, pictures)) != commutes, pair


def test_act_and_pool_are_torchs():
    numbers = random.Random(3)
    maps = normalisation.draw_maps(numbers, 3, 9, 8)
    a = torch.tensor(maps, dtype=torch.float64)
    acts = {
        "relu": F.relu,
        "leaky": lambda x: F.leaky_relu(x, 0.3),
        "abs": torch.abs,
        "minus": torch.neg,
        "times": lambda x: 3.0 * x,
        "tanh": lambda x: torch.tanh(0.2 * x),
    }
    assert acts.keys() == FORMULAS.keys()
    for act, theirs in acts.items():
        row = Row(act, SLOPES[act][-1], "max", 3, 2, 8, 61, False)
        ours = torch.tensor(row.each(maps), dtype=torch.float64)
        torch.testing.assert_close(ours, theirs(a))
    for reduce, pool in (("max", F.max_pool2d), ("mean", F.avg_pool2d)):
        row = Row("relu", 1.0, reduce, 4, 3, 8, 61, False)
        ours = torch.tensor(row.pool(maps), dtype=torch.float64)
        torch.testing.assert_close(ours, pool(a, 4, 3))


def test_sides_and_numbers_saved_are_those_of_torchs_pools():
    for seed in range(12):
        row = ASSIGNMENT.draw(random.Random(seed)).row
        for window in (row.window, row.stride):
            maps, sides = torch.zeros(1, 1, row.side, row.side), []
            for _ in range(3):
                maps = F.max_pool2d(maps, window, row.stride, ceil_mode=row.rounds_up)
                sides.append(maps.shape[-1])
            assert row.sides(window) == sides
        first = row.sides(row.window)[0]
        saved = torch.empty(row.channels, row.side, row.side).numel()
        assert row.numbers_saved == saved - row.channels * first * first


@pytest.mark.parametrize(
    "answer",
    [
        *(None, True, "[[[1.0]]]", [], [[[1.0] * 3] * 3] * 2, [[[1.0] * 2] * 3] * 3),
        [[[1.0] * 13] * 3] * 3,
        [[[True] * 3] * 3] * 3,
        *([[[x] * 3] * 3] * 3 for x in (float("inf"), float("nan"), 10**400)),
        [[[1.0] * 3] * 3, [[1.0] * 3] * 3, [[1.0] * 4] * 3],
        [[1.0, 2.0, 3.0]] * 3,
    ],
)
def test_what_is_no_picture_is_refused(answer):
    assert is_picture([[[1.0] * 3] * 3] * 3, 3, 3)
    assert not is_picture(answer, 3, 3)
    rule = Rule(3, 2.5, 0.005, 0.8, "cut", "there")
    assert not tells_apart(ROW, rule, "norm, pool")(answer)


@pytest.mark.parametrize("kind", dropping.KINDS)
@pytest.mark.parametrize("low", [True, False])
def test_dropping_keeps_the_mean_and_drops_together(kind, low):
    rule, numbers = dropping.DropRule(*kind, low), random.Random(4)
    maps = normalisation.draw_maps(numbers, 3, 2, 2)
    tested = flat(rule.apply(maps, [], 0.35, False))
    total, masks = torch.zeros(12, dtype=torch.float64), Counter()
    for _ in range(4000):
        draws = [numbers.random() for _ in range(12)]
        trained = torch.tensor(flat(rule.apply(maps, draws, 0.35, True)))
        total += trained
        masks[tuple((trained != 0).tolist())] += 1
    torch.testing.assert_close(
        total / 4000, torch.tensor(tested).double(), rtol=0.08, atol=0
    )
    assert len(masks) == {"number": 2**12, "map": 2**3, "place": 2**4}[kind[0]] or (
        kind[0] == "number" and len(masks) > 1000
    )


def diagnosed(report: Report) -> str:
    """What a reader finds who looks at zeros first, then at sizes."""
    (_, one), (_, two), (_, call), (_, again), (_, later) = report.calls
    zeros = [[[x == 0 for x in row] for row in rows] for rows in (one, two, later)]
    if call != again:
        return MISTAKES[0]
    if zeros[0] == zeros[1]:
        return MISTAKES[2]
    if zeros[0][0] == zeros[0][1]:
        return MISTAKES[1]
    if not any(map(any, zeros[2])):
        return MISTAKES[5]
    return MISTAKES[3] if call != report.given else MISTAKES[4]


def test_every_report_can_be_diagnosed_and_its_factor_measured():
    numbers, sums = random.Random(5), defaultdict(lambda: [0.0, 0.0])
    for _ in range(3000):
        report = draw_report(numbers)
        assert diagnosed(report) == report.mistake
        pair = sums[report.mistake, report.p]
        for place, calls in enumerate((report.calls[2:4], report.calls[:2])):
            pair[place] += sum(x for _, rows in calls for row in rows for x in row)
    assert {mistake for mistake, _ in sums} == set(MISTAKES)
    for (mistake, p), (predicted, trained) in sums.items():
        factor = Report(p, (), (), mistake).factor
        assert predicted / trained == pytest.approx(factor, rel=0.12), (mistake, p)


def test_ten_oral_questions_name_what_the_student_made():
    own = ASSIGNMENT.draw(random.Random(2))
    work = Work(
        answers={"bet": {"new_points": "without"}, "order": {"saved": 4711}},
        functions={"normalise": "def normalise(maps):\n    return 41 * maps"},
        quoted=("75.2",),
    )
    asked = ASSIGNMENT.oral(own, work)
    text = "\n".join(question.ask for question in asked)
    assert len(asked) == 10
    for word in ("`return 41 * maps`", "'without'", "75.2", "found 4711", "'nothing'"):
        assert word in text
    empty = ASSIGNMENT.oral(own, Work(answers={}, functions={}))
    assert "no number of your run" in "\n".join(question.ask for question in empty)
