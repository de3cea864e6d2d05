"""The checks of notebook 11, with the answers a class really gives."""

import math

import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR, MultiStepLR, StepLR

from alexnet_lib.learning.checks import recipe, schedules, velocity
from alexnet_lib.training.updates import paper_update, torch_update
from tests.unit.checking import EqualsEverything, assert_check_is_fair, raiser, stub


# --- the update ---
def rule(
    *,
    decay_rate: bool = True,
    decay_sign: float = -1,
    gradient_sign: float = -1,
    keep: bool = True,
    damping: bool = False,
    add: float = 1,
):
    """A learner's update, number by number, with one thing changed."""

    def update(weight, gradient, velocity, learning_rate, momentum, weight_decay):
        weights, velocities = [], []
        for w, g, v in zip(weight, gradient, velocity, strict=True):
            pull = weight_decay * (learning_rate if decay_rate else 1) * w
            new = decay_sign * pull + gradient_sign * learning_rate * g
            v = (momentum * v if keep else 0) + new * (1 - momentum if damping else 1)
            velocities.append(v)
            weights.append(w + add * v)
        return torch.stack(weights), torch.stack(velocities)

    return update


def by_torch(weight, gradient, velocity, learning_rate, momentum, weight_decay):
    """`torch.optim.SGD`'s own step, from a buffer that is put in by hand."""
    parameter = nn.Parameter(weight)
    sgd = torch.optim.SGD(
        [parameter], learning_rate, momentum=momentum, weight_decay=weight_decay
    )
    sgd.state[parameter]["momentum_buffer"] = velocity
    parameter.grad = gradient
    sgd.step()
    return parameter.detach(), sgd.state[parameter]["momentum_buffer"]


def velocity_downwards(w, g, v, rate, momentum, decay):
    """Right: the velocity points the other way, and is taken off."""
    v = momentum * v + rate * (g + decay * w)
    return w - v, v


def in_place(weight, gradient, velocity, rate, momentum, decay):
    """Right: what was handed over is written over, as optimizers do."""
    velocity *= momentum
    velocity -= rate * (decay * weight + gradient)
    weight += velocity
    return weight, velocity


def decoupled(w, g, v, rate, momentum, decay):
    v = momentum * v - rate * g
    return (1 - rate * decay) * w + v, v


def momentum_on_weight(w, g, v, rate, momentum, decay):
    v = -rate * (g + decay * w)
    return momentum * w + v, v


def nesterov(w, g, v, rate, momentum, decay):
    step = rate * (g + decay * w)
    v = momentum * v - step
    return w - step + momentum * v, v


def test_paper_update():
    assert_check_is_fair(
        velocity.check_paper_update,
        right=[paper_update, rule(), velocity_downwards, in_place],
        wrong={
            "rate outside": by_torch,
            "decay without rate": rule(decay_rate=False),
            "decay sign": rule(decay_sign=1),
            "decay outside": decoupled,
            "decay forgotten": rule(decay_sign=0),
            "gradient sign": rule(gradient_sign=1),
            "momentum forgotten": rule(keep=False),
            "momentum on the weights": momentum_on_weight,
            "nesterov": nesterov,
            "damped": rule(damping=True),
            "old velocity": lambda w, g, v, *rest: (w + v, rule()(w, g, v, *rest)[1]),
            "velocity subtracted": rule(add=-1),
            "swapped": lambda *args: tuple(reversed(paper_update(*args))),
            "paper's numbers": lambda w, g, v, rate, *rest: paper_update(w, g, v, rate),
        },
        todo=stub,
    )


def test_rate_outside_is_found_only_because_the_rate_falls():
    result = velocity.check_paper_update(torch_update)
    assert result.mistake == "rate outside"
    assert "the rate divided by 10 half-way went wrong" in result.message


@pytest.mark.parametrize(
    ("student", "message"),
    [
        (raiser, "raised ZeroDivisionError"),
        (lambda *args: None, "does paper_update end with a return?"),
        (lambda w, *rest: w, "return two tensors, the new weight and the velocity"),
        (lambda *args: (*paper_update(*args), 0), "return two tensors"),
        (
            lambda *args: [each[:2] for each in paper_update(*args)],
            "raised RuntimeError",
        ),
        (lambda w, g, v, *rest: (w * math.nan, v), "some of its numbers differ"),
        (lambda w, g, v, *rest: (w, v), "some of its numbers differ. Hint: "),
        (0.9, "should be a function, not float"),
    ],
)
def test_paper_update_messages(student, message):
    result = velocity.check_paper_update(student)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


# --- the schedule ---
def milestones(*epochs: float, gamma: float = 0.1):
    return lambda optimizer: MultiStepLR(optimizer, list(epochs), gamma)


def by_lambda(optimizer):
    return LambdaLR(optimizer, lambda e: 0.1 ** ((e >= 25) + (e >= 51) + (e >= 79)))


def test_hand_schedule():
    assert_check_is_fair(
        schedules.check_hand_schedule,
        right=[milestones(25, 51, 79), milestones(79, 25, 51), by_lambda],
        wrong={
            "conv1's drop": milestones(25, 51, 67),
            "conv1's drop too": milestones(25, 51, 67, 79),
            "last drop forgotten": milestones(25, 51),
            "half": milestones(25, 51, 79, gamma=0.5),
            "gamma inverted": milestones(25, 51, 79, gamma=10),
            "momentum as gamma": milestones(25, 51, 79, gamma=0.9),
            "one epoch early": milestones(24, 50, 78),
            "one epoch late": milestones(26, 52, 80),
            "epochs between": milestones(25, 26, 28),
            "never falls": milestones(25 / 91, 51 / 91, 79 / 91),
        },
        todo=stub,
    )


@pytest.mark.parametrize(
    ("student", "message"),
    [
        (raiser, "raised ZeroDivisionError"),
        (lambda optimizer: None, "does hand_schedule end with a return?"),
        (
            lambda optimizer: optimizer,
            "return a scheduler such as MultiStepLR, not SGD",
        ),
        (lambda optimizer: StepLR(optimizer, 30), "in epoch 25 the rate is 0.01"),
        (
            milestones(25, 51, 72),
            "in epoch 72 the rate is 1e-05, which the log does not say. Hint: ",
        ),
        (MultiStepLR, "raised TypeError"),
        ([25, 51, 79], "should be a function, not list"),
    ],
)
def test_hand_schedule_messages(student, message):
    result = schedules.check_hand_schedule(student)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


# --- what was treated unlike ---
UNLIKE = {
    "conv1_in_epoch_70": 1e-5,
    "conv1_in_epoch_75": 0,
    "others_in_epoch_75": 1e-4,
    "others_in_epoch_85": 1e-5,
    "biases_decay_in_the_paper": "not said",
    "biases_decay_in_the_code": "no",
}


def test_unlike():
    assert_check_is_fair(
        schedules.check_unlike,
        right=[
            UNLIKE,
            UNLIKE | {"conv1_in_epoch_75": 0.0, "others_in_epoch_75": 0.0001},
        ],
        wrong={
            "like the others": UNLIKE | {"conv1_in_epoch_70": 1e-4},
            "not frozen yet": UNLIKE | {"conv1_in_epoch_75": 1e-5},
            "conv1's rate": UNLIKE | {"others_in_epoch_75": 1e-5},
            "frozen": UNLIKE | {"others_in_epoch_85": 0},
            "drop missed": UNLIKE | {"others_in_epoch_85": 1e-4},
            "believed": UNLIKE | {"biases_decay_in_the_paper": "yes"},
            "in so many words": UNLIKE | {"biases_decay_in_the_paper": "no"},
            "torch's default": UNLIKE | {"biases_decay_in_the_code": "yes"},
            "no setting": UNLIKE | {"biases_decay_in_the_code": "not said"},
        },
        todo=dict.fromkeys(UNLIKE),
    )


@pytest.mark.parametrize("key", list(UNLIKE)[:4])
@pytest.mark.parametrize("answer", [1e-3, "1e-5", True, EqualsEverything()])
def test_unlike_rates_are_numbers(key, answer):
    result = schedules.check_unlike(UNLIKE | {key: answer})
    assert (result.status, result.mistake) == ("failed", None)
    assert f"unlike[{key!r}]" in result.message


def test_unlike_goes_on_key_by_key():
    result = schedules.check_unlike(UNLIKE | {"biases_decay_in_the_code": None})
    assert result.status == "todo"
    assert "unlike['biases_decay_in_the_code'] is still open" in result.message


# --- a rate that works ---
def test_falling_rate():
    assert_check_is_fair(
        recipe.check_falling_rate,
        right=[0.05, 0.2, 0.02, torch.tensor(0.1)],
        wrong={
            "too small": 0.003,
            "too large": 1.0,
            "diverged": 100,
            "no step": 0,
            "uphill": -0.05,
        },
        todo=None,
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("0.05", "falling_rate should be a number, not str"),
        (True, "falling_rate should be a number, not bool"),
        (math.nan, "falling_rate is nan: it should be an ordinary number"),
        (math.inf, "falling_rate is inf: it should be an ordinary number"),
        (1e30, "each step leaps over the valley"),
        (1e-9, "the right way, in steps that are too short"),
        (1.0, "a third of this rate gets lower"),
        (-1, "a rate below 0 goes up the gradient: the loss rises"),
        (0.0, "at rate 0 no weight moves"),
    ],
)
def test_falling_rate_messages(answer, message):
    result = recipe.check_falling_rate(answer)
    assert result.status == "failed"
    assert message in result.message


def test_the_range_is_wide_and_has_two_ends():
    rates = (0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 1.0, 2.0)
    verdicts = [recipe.check_falling_rate(rate).status for rate in rates]
    assert verdicts == ["failed"] * 2 + ["passed"] * 5 + ["failed"] * 2


def test_first_losses_are_the_same_each_time_and_leave_torch_s_dice_alone():
    state = torch.get_rng_state()
    first = recipe.first_losses(0.05)
    assert recipe.first_losses(0.05) == first
    assert len(first) == recipe.STEPS == 50
    assert torch.equal(torch.get_rng_state(), state)
    assert 2.2 < first[0] < 2.8  # ten classes, fresh weights: about ln 10


# --- decay on weights only ---
def groups(*, weights: float | None = 5e-4, biases: float | None = 0.0):
    """A learner's groups with these decays; None leaves the group out."""

    def decay_groups(model):
        found = []
        for kind, decay in (("weight", weights), ("bias", biases)):
            named = model.named_parameters()
            chosen = [each for name, each in named if name.endswith(kind)]
            if decay is not None and chosen:
                found.append({"params": chosen, "weight_decay": decay})
        return found

    return decay_groups


def one_group_each(model):
    """Right: without a decay where there is none, and with rates of their own."""
    return [
        {"params": each, "weight_decay": 0.0005} if each.ndim > 1 else {"params": each}
        for each in model.parameters()
    ] + [{"params": [], "lr": 0.02}]


def generators(model):
    """Right: the parameters may be handed over one by one."""
    return [
        {"params": (p for p in model.parameters() if p.ndim > 1), "weight_decay": 5e-4},
        {"params": (p for p in model.parameters() if p.ndim == 1), "lr": 0.02},
    ]


def broken_cell(model):
    biases = [each for name, each in model.named_parameters() if name.endswith("bias")]
    return [
        {"params": model.parameters(), "weight_decay": 5e-4},
        {"params": biases, "weight_decay": 0.0},
    ]


def first_layer_only(model):
    first, *others = model.parameters()
    return [{"params": [first], "weight_decay": 5e-4}, {"params": others}]


def test_decay_groups():
    assert_check_is_fair(
        recipe.check_decay_groups,
        right=[groups(), one_group_each, generators],
        wrong={
            "listed twice": broken_cell,
            "left out": groups(biases=None),
            "biases decay": groups(biases=5e-4),
            "exchanged": groups(weights=0.0, biases=5e-4),
            "no decay": groups(weights=0.0),
            "some weights": first_layer_only,
            "amount": groups(weights=0.05),
        },
        todo=stub,
    )


@pytest.mark.parametrize(
    ("student", "message"),
    [
        (raiser, "decay_groups raised ZeroDivisionError: division by zero"),
        (lambda model: None, "decay_groups gave None: does it end with a return?"),
        (lambda model: model, "return a list of dicts, each with its 'params'"),
        (lambda model: list(model.parameters()), "each with its 'params', not list"),
        (
            lambda model: [{"params": nn.Linear(1, 1).parameters()}],
            "a group holds something that is no parameter of the model",
        ),
        (broken_cell, "a parameter stands in two groups: torch refuses that"),
        (groups(biases=None), "0.bias is in no group: it would never be trained"),
        (groups(weights=0.05), "the weights decay by 0.05, which is not the paper's"),
        (5e-4, "decay_groups should be a function, not float"),
    ],
)
def test_decay_groups_messages(student, message):
    result = recipe.check_decay_groups(student)
    assert result.status == "failed"
    assert message in result.message
