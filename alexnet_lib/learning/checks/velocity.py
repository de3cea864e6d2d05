"""Check of notebook 11: the printed update against torch's."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
    same_tensor,
)
from alexnet_lib.learning.result import CheckResult, passed
from alexnet_lib.training.updates import paper_update, torch_update

Rule = Callable[[Tensor, Tensor, Tensor, float, float, float], tuple[Tensor, Tensor]]
Walk = Callable[[Sequence[float], float, float], Tensor]

STEPS = 20
ONE_RATE = (0.1,) * STEPS
DIVIDED = (0.1,) * (STEPS // 2) + (0.01,) * (STEPS // 2)
EXACT = 1e-9  # absolute; the walks are in float64

CASES = (
    # rates, momentum, decay: larger decays than the paper's, so that they show
    Case(
        args=(ONE_RATE, 0.9, 0.01),
        hint="write the printed rule down term by term, then the second line of it",
        call=f"{STEPS} steps of paper_update at one rate",
    ),
    Case(
        args=(ONE_RATE, 0.5, 0.1),
        hint="momentum and decay are arguments: use them, not the paper's numbers",
        call=f"{STEPS} steps of paper_update with momentum 0.5 and decay 0.1",
    ),
    Case(
        args=(DIVIDED, 0.9, 0.01),
        hint="look at where the rate stands in the printed rule",
        call=f"{STEPS} steps of paper_update, the rate divided by 10 half-way",
    ),
)


def start_and_noise() -> tuple[Tensor, Tensor]:
    """Three weights to begin with, and what each step adds to their gradients."""
    generator = torch.Generator().manual_seed(11)
    noise = torch.randn(STEPS, 3, generator=generator, dtype=torch.float64)
    return torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64), noise


def gradient_at(weight: Tensor, noise: Tensor) -> Tensor:
    """The gradient of a bowl of three curvatures, as a mini-batch would blur it."""
    curvatures = torch.tensor([0.5, 2.0, 0.0], dtype=torch.float64)
    return curvatures * weight + noise


def walk_of(rule: Rule) -> Walk:
    """The weights after each step when `rule` makes the steps. Shape: (steps, 3)."""

    def walk(rates: Sequence[float], momentum: float, decay: float) -> Tensor | None:
        weight, noise = start_and_noise()
        velocity, seen = torch.zeros_like(weight), []
        for rate, blur in zip(rates, noise, strict=True):
            gradient = gradient_at(weight, blur)
            answer = rule(
                weight.clone(), gradient, velocity.clone(), rate, momentum, decay
            )
            if answer is None or answer is Ellipsis:
                return None
            if not isinstance(answer, tuple | list) or len(answer) != 2:
                raise TypeError("return two tensors, the new weight and the velocity")
            weight, velocity = answer
            seen.append(weight)
        return torch.stack(seen)

    return walk


def _walk_of_torch(rates: Sequence[float], momentum: float, decay: float) -> Tensor:
    """The same by `torch.optim.SGD`, which the paper's rule equals at one rate."""
    start, noise = start_and_noise()
    weight = nn.Parameter(start)
    sgd = torch.optim.SGD([weight], rates[0], momentum=momentum, weight_decay=decay)
    seen = []
    for blur in noise:
        weight.grad = gradient_at(weight.detach(), blur)
        sgd.step()
        seen.append(weight.detach().clone())
    return torch.stack(seen)


def _reference(rates: Sequence[float], momentum: float, decay: float) -> Tensor:
    oracle = _walk_of_torch if len(set(rates)) == 1 else walk_of(paper_update)
    return oracle(rates, momentum, decay)


def _decay_without_rate(w, g, v, rate, m, decay):
    v = m * v - decay * w - rate * g
    return w + v, v


def _decay_pushes(w, g, v, rate, m, decay):
    v = m * v + decay * rate * w - rate * g
    return w + v, v


def _decay_outside(w, g, v, rate, m, decay):
    v = m * v - rate * g
    return w + v - decay * rate * w, v


def _no_decay(w, g, v, rate, m, decay):
    v = m * v - rate * g
    return w + v, v


def _uphill(w, g, v, rate, m, decay):
    v = m * v - decay * rate * w + rate * g
    return w + v, v


def _no_momentum(w, g, v, rate, m, decay):
    v = -decay * rate * w - rate * g
    return w + v, v


def _momentum_on_weight(w, g, v, rate, m, decay):
    v = -decay * rate * w - rate * g
    return m * w + v, v


def _nesterov(w, g, v, rate, m, decay):
    step = -decay * rate * w - rate * g
    v = m * v + step
    return w + m * v + step, v


def _damped(w, g, v, rate, m, decay):
    v = m * v + (1 - m) * (-decay * rate * w - rate * g)
    return w + v, v


def _old_velocity(w, g, v, rate, m, decay):
    return w + v, m * v - decay * rate * w - rate * g


def _velocity_subtracted(w, g, v, rate, m, decay):
    v = m * v - decay * rate * w - rate * g
    return w - v, v


def _swapped(w, g, v, rate, m, decay):
    return paper_update(w, g, v, rate, m, decay)[::-1]


def _papers_numbers(w, g, v, rate, m, decay):
    return paper_update(w, g, v, rate)


MISTAKES = tuple(
    Mistake(name=name, says=says, function=walk_of(rule))
    for name, says, rule in (
        (
            "rate outside",
            "the rate stood outside the velocity, as it does in torch: that is the "
            "same only until the rate changes",
            torch_update,
        ),
        (
            "decay without rate",
            "the decay were not multiplied by the rate",
            _decay_without_rate,
        ),
        (
            "decay sign",
            "decay made the weights larger: look at its sign",
            _decay_pushes,
        ),
        (
            "decay outside",
            "the decay were taken off the weight and not gathered in the velocity",
            _decay_outside,
        ),
        ("decay forgotten", "there were no decay", _no_decay),
        ("gradient sign", "the step went up the gradient: look at its sign", _uphill),
        ("momentum forgotten", "the old velocity were thrown away", _no_momentum),
        (
            "momentum on the weights",
            "momentum multiplied the weight, not the velocity",
            _momentum_on_weight,
        ),
        (
            "nesterov",
            "momentum were counted once more in the second line, as Nesterov does",
            _nesterov,
        ),
        (
            "damped",
            "what is new counted only for 1 - momentum, as in a running mean",
            _damped,
        ),
        (
            "old velocity",
            "the weight moved by the velocity from before this step",
            _old_velocity,
        ),
        ("velocity subtracted", "the velocity were taken off", _velocity_subtracted),
        ("swapped", "the velocity were returned first", _swapped),
        (
            "paper's numbers",
            "momentum and decay were always the paper's",
            _papers_numbers,
        ),
    )
)


@exercise("paper_update")
def check_paper_update(student: Rule) -> CheckResult:
    """`paper_update(weight, gradient, velocity, learning_rate, momentum, decay)`."""
    result = check_function(
        walk_of(student) if callable(student) else student,
        name="paper_update",
        reference=_reference,
        cases=CASES,
        mistakes=MISTAKES,
        compare=same_tensor(EXACT),
        show_answer=lambda answer: f"a {type(answer).__name__}",
    )
    if result.status != "passed":
        return result
    return passed(
        f"{STEPS} steps equal torch.optim.SGD's while the rate stands still, and the "
        "paper's when it falls"
    )
