"""What assignment 5 holds to be right of hooks, fields and windows, against torch."""

import random
from collections import Counter

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.looking_inside import listening, sight
from alexnet_lib.classroom.assignments.looking_inside.enlarged import (
    ENLARGEMENTS,
    MEASURES,
    Enlargement,
    Tolerance,
    draw_enlargement,
    draw_spread,
)
from alexnet_lib.classroom.assignments.looking_inside.own import RATE, STEPS
from alexnet_lib.classroom.assignments.parts import Work
from alexnet_lib.classroom.source import tags
from tests.unit.earned import copy_of, names_of

ASSIGNMENT = find_assignment(5)


def drawn(seed: int):
    return ASSIGNMENT.draw(random.Random(seed))


def test_a_rule_keeps_the_calls_that_it_names():
    layers = (("ash", "times", 2, False), ("elm", "plus", 1, True))
    case = listening.Case(layers, ("ash", "elm", "ash"), (1, -3), ("ash",))
    first, last = ["ash", [1, -3]], ["ash", [3, -5]]
    for calls, kept in (
        ("every", [first, last]),
        ("first", [first]),
        ("last", [last]),
    ):
        assert listening.ListeningRule("given", calls, False).record(case) == kept
        latest = listening.ListeningRule("given", calls, True)
        assert latest.record(case) == kept[::-1]
    gives = listening.ListeningRule("gives", "every", False).record(case)
    assert gives == [["ash", [2, -6]], ["ash", [6, -10]]]
    assert case.answer == [6, -10]


@pytest.mark.parametrize("seed", range(6))
def test_who_sees_a_pixel_is_who_hands_it_a_gradient(seed):
    numbers = random.Random(seed)
    places = Counter()
    for place in ("middle", "start", "end", "unseen") * 3:
        windows, size, pixel = sight.draw_case(numbers, place)
        row = torch.ones(1, 1, size, requires_grad=True)
        out = row
        for kernel, stride, padding in windows:
            out = F.conv1d(out, torch.ones(1, 1, kernel), None, stride, padding)
        gradients = torch.stack(
            [torch.autograd.grad(x, row, retain_graph=True)[0][0, 0] for x in out[0, 0]]
        )
        units = gradients[:, pixel].nonzero().flatten().tolist()
        assert sight.map_sizes(windows, size)[-1] == len(gradients)
        found = sight.watchers(windows, size, pixel)
        assert found == ([units[0], units[-1]] if units else [])
        for unit, gradient in enumerate(gradients):
            seen = gradient.nonzero().flatten().tolist()
            assert sight.field(windows, size, unit) == [seen[0], seen[-1]]
        places[place] += 1
    assert len(places) == 4


def test_own_units_are_cut_on_both_sides():
    for seed in range(20):
        unit = drawn(seed).unit
        assert unit.rows[1] >= unit.height - 1 - 5
        assert unit.columns[0] == 0
        assert unit.height != unit.width


def test_enlarging_is_torchs():
    line = torch.tensor([[[1.0, 4.0, 2.0, 7.0]]], dtype=torch.float64)
    numbers = line.flatten().tolist()
    for kind, mode in (("copied", "nearest"), ("mixed", "linear")):
        theirs = F.interpolate(line, scale_factor=5, mode=mode).flatten()
        ours = Enlargement(kind, 4, 5, 6, 2).enlarge(numbers)
        assert [float(x) for x in ours] == pytest.approx(theirs.tolist(), rel=1e-12)
    smoothed = Enlargement("smoothed", 4, 3, 6, 2).enlarge([0.0, 6.0])
    assert smoothed == [0, 0, 3, 6, 6, 6]


def test_ranks_are_numpys_and_no_rounding_decides():
    numbers, kinds = random.Random(0), Counter()
    for _ in range(20):
        own = draw_enlargement(numbers)
        views = np.array(own.windows(), dtype=float)  # (windows, small, kernel)
        assert own.one_window == np.linalg.matrix_rank(views[own.place])
        assert own.together == np.linalg.matrix_rank(views.reshape(-1, own.kernel))
        sizes = np.linalg.svd(views.reshape(-1, own.kernel), compute_uv=False)
        assert not ((sizes > 1e-12 * sizes[0]) & (sizes < 1e-3 * sizes[0])).any()
        kinds[own.kind] += 1
    assert kinds.keys() == set(ENLARGEMENTS)


@pytest.mark.parametrize("kind", ENLARGEMENTS)
def test_a_picture_squares_what_a_line_spans(kind):
    own = Enlargement(kind, 6, 4, 6, 3)
    unit = np.eye(own.small)
    lines = np.array([own.enlarge(row) for row in unit.tolist()], dtype=float)
    pictures = torch.tensor(np.einsum("ai,bj->abij", lines, lines)).flatten(0, 1)
    cells = F.unfold(pictures.unsqueeze(1), own.kernel, stride=own.stride)
    rows = cells.transpose(1, 2).flatten(0, 1).numpy()
    assert np.linalg.matrix_rank(rows) == own.together**2


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("faint", [True, False])
def test_a_spread_has_the_directions_that_it_says(measure, faint):
    numbers = random.Random(1)
    for least in MEASURES[measure]:
        tolerance = Tolerance(measure, least)
        spread = draw_spread(numbers, tolerance, faint=faint, scale=100.0)
        _, sizes, directions = np.linalg.svd(np.array(spread.rows), full_matrices=False)
        strength = (
            sizes / sizes[0] if measure == "largest" else sizes**2 / (sizes**2).sum()
        )
        near = (strength > 0.65 * least) & (strength < 1.7 * least)
        assert not near.any()
        counted = directions[strength > least]
        assert spread.dimensions == len(counted)
        part = counted.T @ counted @ np.array(spread.kernel)
        assert spread.part == pytest.approx(part.tolist(), abs=1e-9)
        seen_by_numpy = np.linalg.matrix_rank(np.array(spread.rows))
        assert (seen_by_numpy > spread.dimensions) == faint


def test_decay_alone_leaves_what_is_asked_for():
    own = drawn(0)
    weight = nn.Parameter(torch.ones(1, dtype=torch.float64))
    sgd = torch.optim.SGD([weight], lr=RATE, weight_decay=own.decay)
    for _ in range(STEPS):
        weight.grad = torch.zeros_like(weight)
        sgd.step()
    assert own.left_of_start == pytest.approx(weight.item(), rel=1e-9)


@pytest.mark.parametrize("student", ["a", "d"])
def test_the_run_shows_what_the_text_says_of_it(student, capsys):
    """No answer hangs on what is not seen, and weight decay alone changes it."""
    copy = copy_of(5, student)
    names = names_of(copy)
    torch.manual_seed(0)
    for cell in copy.notebook.cells:
        if "run" in tags(cell):
            exec(cell.source, names)
    _, _, seen, unseen = (line.split() for line in capsys.readouterr().out.splitlines())
    assert (seen[0], unseen[0]) == ("seen", "unseen")
    assert float(unseen[2]) / float(unseen[1]) == pytest.approx(
        copy.own.left_of_start, rel=2e-3
    )
    assert unseen[3:] == ["1.0000", "0"]
    assert float(seen[3]) < 0.95
    assert int(seen[4]) > 40


def test_ten_oral_questions_name_what_the_student_made():
    own = drawn(2)
    work = Work(
        answers={"bet": {"seen": 41}, "sight": {"one_window": 43}},
        functions={"record": "def record(n):\n    return 41 * n"},
        quoted=("0.8187",),
    )
    asked = ASSIGNMENT.oral(own, work)
    text = "\n".join(question.ask for question in asked)
    assert len(asked) == 10
    for word in (
        "`return 41 * n`",
        "were 41 answers",
        "found 43",
        "0.8187",
        "'nothing'",
    ):
        assert word in text
    for number in (own.unit.height, own.enlargement.kernel**2, own.decay):
        assert str(number) in text
    empty = ASSIGNMENT.oral(own, Work(answers={}, functions={}))
    assert len(empty) == 10
    assert "no number of your run" in "\n".join(question.ask for question in empty)
