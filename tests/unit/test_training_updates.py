"""The two printed updates: torch's own as oracle, and the paper's set beside it."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from alexnet_lib.training.recipes import find_recipe, learning_rate_at, make_optimizer
from alexnet_lib.training.updates import paper_update, torch_update

STEPS = 20


def gradients(seed: int = 0) -> Tensor:
    """One for each step. Shape: (20, 2, 3)."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(STEPS, 2, 3, generator=generator, dtype=torch.float64)


def walk_of_sgd(rates: list[float], momentum: float, decay: float) -> list[Tensor]:
    """The weights after each step of `torch.optim.SGD`, from all ones."""
    weight = nn.Parameter(torch.ones(2, 3, dtype=torch.float64))
    sgd = torch.optim.SGD([weight], rates[0], momentum=momentum, weight_decay=decay)
    seen = []
    for rate, gradient in zip(rates, gradients(), strict=True):
        sgd.param_groups[0]["lr"] = rate
        weight.grad = gradient.clone()
        sgd.step()
        seen.append(weight.detach().clone())
    return seen


def walk(rule, rates: list[float], momentum: float, decay: float) -> list[Tensor]:
    weight = torch.ones(2, 3, dtype=torch.float64)
    memory, seen = torch.zeros_like(weight), []
    for rate, gradient in zip(rates, gradients(), strict=True):
        weight, memory = rule(weight, gradient, memory, rate, momentum, decay)
        seen.append(weight)
    return seen


FALLING = [0.1] * 10 + [0.01] * 10
RISING = [0.01] * 10 + [0.1] * 10


@pytest.mark.parametrize("rates", [[0.1] * STEPS, FALLING, RISING])
@pytest.mark.parametrize(("momentum", "decay"), [(0.9, 0.01), (0.5, 0.0), (0.0, 0.1)])
def test_torch_update_is_torch_s(rates, momentum, decay):
    ours = walk(torch_update, rates, momentum, decay)
    torch.testing.assert_close(ours, walk_of_sgd(rates, momentum, decay))


@pytest.mark.parametrize(("momentum", "decay"), [(0.9, 0.01), (0.5, 0.0), (0.0, 0.1)])
def test_paper_update_is_torch_s_at_one_rate(momentum, decay):
    rates = [0.03] * STEPS
    ours = walk(paper_update, rates, momentum, decay)
    torch.testing.assert_close(ours, walk_of_sgd(rates, momentum, decay))


def test_at_one_rate_the_velocity_is_the_buffer_times_minus_the_rate():
    weight = torch.ones(2, 3, dtype=torch.float64)
    velocity = buffer = torch.zeros_like(weight)
    for gradient in gradients():
        _, velocity = paper_update(weight, gradient, velocity, 0.03)
        weight, buffer = torch_update(weight, gradient, buffer, 0.03)
    torch.testing.assert_close(velocity, -0.03 * buffer)


@pytest.mark.parametrize("rates", [FALLING, RISING])
def test_they_part_in_the_first_step_at_another_rate_and_not_before(rates):
    ours, theirs = walk(paper_update, rates, 0.9, 0.01), walk_of_sgd(rates, 0.9, 0.01)
    torch.testing.assert_close(ours[:10], theirs[:10])
    for k in range(10, STEPS):
        assert (ours[k] - theirs[k]).abs().min() > 1e-4


def test_without_momentum_they_never_part():
    torch.testing.assert_close(
        walk(paper_update, FALLING, 0.0, 0.01), walk(torch_update, FALLING, 0.0, 0.01)
    )


def test_on_a_long_slope_the_paper_s_step_is_9_1_times_torch_s():
    """By hand: 0.9 * 10 + 0.1 rates of the old size, against (0.9 * 10 + 1) / 10."""
    weight, slope = torch.zeros(1, dtype=torch.float64), torch.ones(1).double()
    velocity = buffer = weight
    for _step in range(500):
        _, velocity = paper_update(weight, slope, velocity, 0.01, 0.9, 0.0)
        _, buffer = torch_update(weight, slope, buffer, 0.01, 0.9, 0.0)
    ours, _ = paper_update(weight, slope, velocity, 0.001, 0.9, 0.0)
    theirs, _ = torch_update(weight, slope, buffer, 0.001, 0.9, 0.0)
    assert (ours / theirs).item() == pytest.approx(9.1)


def test_at_rate_0_only_the_paper_s_rule_rolls_on():
    weight, gradient = torch.ones(3), torch.ones(3)
    ours, velocity = paper_update(weight, gradient, -torch.ones(3), 0.0)
    theirs, _ = torch_update(weight, gradient, torch.ones(3), 0.0)
    torch.testing.assert_close(ours, torch.full((3,), 0.1))
    torch.testing.assert_close(velocity, torch.full((3,), -0.9))
    assert torch.equal(theirs, weight)


def test_one_step_of_the_paper_by_hand():
    """0.9 * 2 - 0.0005 * 0.01 * 100 - 0.01 * 3 = 1.7695."""
    weight, velocity = paper_update(*map(torch.tensor, (100.0, 3.0, 2.0)), 0.01)
    assert velocity.item() == pytest.approx(1.7695)
    assert weight.item() == pytest.approx(101.7695)


def test_nothing_given_is_changed():
    given = [torch.ones(3), torch.ones(3), torch.ones(3)]
    paper_update(*given, 0.1)
    torch_update(*given, 0.1)
    assert all(torch.equal(each, torch.ones(3)) for each in given)


def test_the_engine_s_optimizer_makes_torch_s_update_with_decay_on_weights_only():
    """The recipe of 2012 through its falls, on a layer in float64."""
    recipe = replace(find_recipe("paper_2012"), weight_decay=0.05)
    layer = nn.Linear(3, 2).double()
    decays = {"weight": 0.05, "bias": 0.0}
    ours = {n: p.detach().clone() for n, p in layer.named_parameters()}
    buffers = {name: torch.zeros_like(value) for name, value in ours.items()}
    optimizer = make_optimizer(layer, recipe)
    for k, gradient in enumerate(gradients(1)):
        rate = learning_rate_at(recipe, k / STEPS)
        for group in optimizer.param_groups:
            group["lr"] = rate
        for name, each in layer.named_parameters():
            each.grad = gradient.clone() if name == "weight" else gradient[:, 0].clone()
            ours[name], buffers[name] = torch_update(
                ours[name], each.grad, buffers[name], rate, 0.9, decays[name]
            )
        optimizer.step()
    assert learning_rate_at(recipe, 19 / STEPS) == pytest.approx(1e-5)
    for name, each in layer.named_parameters():
        torch.testing.assert_close(each.detach(), ours[name])
