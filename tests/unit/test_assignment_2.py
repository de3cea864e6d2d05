"""What assignment 2 holds to be right, against autograd and against random draws."""

import random
from collections import Counter
from itertools import pairwise

import pytest
import torch
from torch import nn

from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.gradients_and_init.curve import (
    FORMULAS,
    Curve,
    chain_gradients,
)
from alexnet_lib.classroom.assignments.gradients_and_init.own import draw_chain
from alexnet_lib.classroom.assignments.gradients_and_init.sick_run import CAUSES
from alexnet_lib.classroom.assignments.gradients_and_init.start import (
    ConvLayer,
    Start,
    draw_reach,
)
from alexnet_lib.classroom.assignments.gradients_and_init.texts import TORCH_FORMULAS
from alexnet_lib.classroom.assignments.parts import Work, all_near

ASSIGNMENT = find_assignment(2)
CURVES = [Curve(kind, 1.4, 0.7, 2.0, True) for kind in FORMULAS]


def in_torch(curve: Curve, x: torch.Tensor) -> torch.Tensor:
    """The curve as the run cell of the notebook computes it."""
    formula = curve.formula(TORCH_FORMULAS)
    return eval(formula, {"torch": torch, "x": x.clamp(max=curve.cap)})


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.kind)
def test_value_and_slope_are_torchs(curve):
    x = torch.linspace(-4, 5, 181, dtype=torch.float64).requires_grad_()
    y = in_torch(curve, x)
    y.sum().backward()
    for place, number in enumerate(x.tolist()):
        assert curve.value(number) == pytest.approx(y[place].item(), rel=1e-9)
        if abs(number - curve.cap) > 1e-9:
            slope = x.grad[place].item()
            assert curve.slope(number) == pytest.approx(slope, rel=1e-9, abs=1e-12)


def test_the_slope_at_the_cap_is_the_one_that_was_drawn():
    for curve in CURVES:
        bent = Curve(curve.kind, curve.a, curve.b, curve.cap, False)
        assert curve.slope(2.0) == 0
        assert bent.slope(2.0) == pytest.approx(curve.slope(2.0 - 1e-9), rel=1e-6)
        assert bent.slope(2.0 + 1e-9) == 0


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.kind)
def test_chain_gradients_are_autograds(curve):
    numbers = random.Random(0)
    for depth in range(1, 7):
        given, x, target = draw_chain(numbers, depth)
        weights = torch.tensor(given, dtype=torch.float64).requires_grad_()
        h = torch.tensor(x, dtype=torch.float64)
        for weight in weights:
            h = in_torch(curve, weight * h)
        (h - target).square().backward()
        ours = chain_gradients(curve, given, x, target)
        assert ours == pytest.approx(weights.grad.tolist(), rel=1e-9, abs=1e-15)


def test_every_cause_shows_in_its_table():
    seen = Counter()
    for seed in range(40):
        sick = ASSIGNMENT.draw(random.Random(seed)).sick
        seen[sick.cause] += 1
        rms = [layer.rms for layer in sick.layers]
        zeros = [layer.zeros for layer in sick.layers]
        match list(CAUSES).index(sick.cause):
            case 0:
                assert all(after < 0.8 * now for now, after in pairwise(rms))
            case 1:
                assert rms[-1] > 20 * rms[0]
            case 2:
                place = int(sick.where[-1]) - 1
                assert rms[place] < 0.1 * rms[place - 1]
                assert rms[-1] > 0.1 * rms[place]
            case 3:
                place = int(sick.where[-1]) - 1
                assert zeros[place:] == [1.0] * (8 - place)
                assert max(zeros[:place]) < 1
                assert sick.ratio == 0
            case _:
                assert min(rms) > 0.9
                assert max(zeros) == 0
    assert seen.keys() == CAUSES.keys()


def test_a_sick_run_is_the_measurement_of_torch():
    """The loops of the table, once more with matrices and autograd."""
    from alexnet_lib.classroom.assignments.gradients_and_init import sick_run

    stds, biases = [0.3] * 8, [0.0] * 8
    drawn, again = random.Random(5), random.Random(5)
    layers = sick_run.measure(drawn, "ReLU", stds, biases)
    matrices = [torch.tensor(sick_run._exact_normal(again, std)) for std in stds]
    images = torch.tensor([[again.gauss(0, 1) for _ in range(16)] for _ in range(16)])
    out = torch.tensor([[again.gauss(0, 1) for _ in range(16)] for _ in range(16)])
    for place, matrix in enumerate(matrices):
        images = (images @ matrix.requires_grad_().T).relu()
        assert layers[place].rms == pytest.approx(
            images.square().mean().sqrt().item(), rel=6e-3
        )
    (images * out).sum().backward()
    for layer, matrix in zip(layers, matrices, strict=True):
        norm = matrix.grad.norm().item()
        assert layer.gradient_norm == pytest.approx(norm, rel=6e-3)


@pytest.mark.parametrize("groups", [1, 2])
def test_the_first_weights_keep_the_mean_square(groups):
    torch.manual_seed(0)
    layer = ConvLayer(16, 32, 3, groups)
    forward, backward = (
        Start((layer,), 0.2, "forward"),
        Start((layer,), 0.2, "backward"),
    )
    conv = nn.Conv2d(
        16, 32, 3, padding=1, padding_mode="circular", groups=groups, bias=False
    )
    before = torch.randn(8, 16, 12, 12)  # what the layer in front gave to its curve
    images = nn.functional.leaky_relu(before, 0.2).requires_grad_()
    nn.init.normal_(conv.weight, std=forward.std(layer))
    out = conv(images)
    assert out.square().mean().item() == pytest.approx(1, rel=0.1)
    nn.init.normal_(conv.weight, std=backward.std(layer))
    conv(images).backward(torch.randn(8, 32, 12, 12))
    slopes = torch.where(before > 0, 1.0, 0.2)
    flow = (images.grad * slopes).square().mean().item()
    assert flow == pytest.approx(1, rel=0.1)


def test_the_first_weights_are_kaimings():
    layer, start = ConvLayer(16, 32, 3, 1), Start((), 0.2, "forward")
    for direction, mode in (("forward", "fan_in"), ("backward", "fan_out")):
        start = Start((layer,), 0.2, direction)
        weights = torch.empty(32, 16, 3, 3)
        fan = nn.init._calculate_correct_fan(weights, mode)
        gain = nn.init.calculate_gain("leaky_relu", 0.2)
        assert start.std(layer) == pytest.approx(gain / fan**0.5, rel=1e-9)


def test_the_number_of_layers_is_the_first_that_is_enough():
    numbers = random.Random(0)
    for _ in range(100):
        reach = draw_reach(numbers)
        assert 0 < reach.shrink < 1
        assert reach.shrink**reach.layers < 10**-reach.exponent
        assert reach.shrink ** (reach.layers - 1) > 10**-reach.exponent


def test_lists_of_numbers_are_compared_by_type_and_length():
    same = all_near(1e-6)
    assert same([1.0, 2], [1.0, 2.0])
    for wrong in ([1.0], [1.0, 2.1], [1.0, True], (1.0, 2.0), "12", None):
        assert not same(wrong, [1.0, 2.0])


def test_ten_oral_questions_name_what_the_student_made():
    own = ASSIGNMENT.draw(random.Random(2))
    work = Work(
        answers={"bet": {"steadiest": "twice"}, "reach": {"layers": 41}},
        functions={"slope": "def slope(x):\n    return 41 * x"},
        quoted=("1.0321",),
    )
    asked = ASSIGNMENT.oral(own, work)
    text = "\n".join(question.ask for question in asked)
    assert len(asked) == 10
    for word in (
        "`return 41 * x`",
        "'twice'",
        "1.0321",
        "say that 41 layers",
        "'nothing'",
    ):
        assert word in text
