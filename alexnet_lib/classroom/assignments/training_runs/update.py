"""An update rule of one's own: where the rate stands, what decays, what biases get."""

import random
from dataclasses import dataclass, replace

Walk = tuple[float, list[float], list[float], bool]  # start, gradients, rates, bias?


@dataclass(frozen=True)
class Update:
    """Momentum, decay and rate, put together in one of six ways."""

    momentum: float
    decay: float
    rate_inside: bool  # the velocity holds lengths of steps, else gradients
    decay_apart: bool  # decay moves the weight itself, else it joins the gradient
    share: bool  # 1 - momentum of what is new joins the velocity, else all of it
    bias_decay: bool
    bias_rate: float  # times the rate of the weights

    def walk(
        self, start: float, gradients: list[float], rates: list[float], is_bias: bool
    ) -> list[float]:
        """The number after each step; the velocity begins at 0."""
        number, velocity, seen = start, 0.0, []
        decay = self.decay if self.bias_decay or not is_bias else 0.0
        for gradient, rate in zip(gradients, rates, strict=True):
            rate *= self.bias_rate if is_bias else 1.0
            shrink = rate * decay * number if self.decay_apart else 0.0
            new = gradient if self.decay_apart else gradient + decay * number
            new *= 1 - self.momentum if self.share else 1.0
            velocity = self.momentum * velocity + new * (
                rate if self.rate_inside else 1
            )
            number -= velocity * (1 if self.rate_inside else rate) + shrink
            seen.append(number)
        return seen


def mistakes(rule: Update, walk: Walk) -> dict[str, list[float]]:
    """What comes out by the usual mistakes, each with a hint that gives no answer."""
    start, gradients, rates, is_bias = walk
    wrong = {
        "the velocity seems to hold the other thing: lengths of steps, or gradients?": (
            replace(rule, rate_inside=not rule.rate_inside)
        ),
        "decay seems to be in the other place: in the velocity, or beside it?": replace(
            rule, decay_apart=not rule.decay_apart
        ),
        "what joins the velocity has another size": replace(rule, share=not rule.share),
        "nothing seems to be left of the velocity of the step before": replace(
            rule, momentum=0.0
        ),
        "nothing seems to decay": replace(rule, decay=0.0),
    }
    minus = [-gradient for gradient in gradients]
    return {
        **{hint: each.walk(*walk) for hint, each in wrong.items()},
        "this weight seems to be treated as a bias": rule.walk(
            start, gradients, rates, not is_bias
        ),
        "it seems to walk along the gradient, not against it": rule.walk(
            start, minus, rates, is_bias
        ),
    }


def draw_update(draw: random.Random) -> Update:
    """Neither the paper's rule nor torch's: the notebook writes and prints those."""
    places = [
        (inside, apart, share)
        for inside in (True, False)
        for apart in (True, False)
        for share in (True, False)
        if apart or share
    ]
    biases = draw.choice(((False, 1.0), (False, 2.0), (True, 2.0), (False, 0.5)))
    return Update(
        draw.choice((0.6, 0.7, 0.8, 0.85)),
        draw.choice((0.02, 0.03, 0.05)),
        *draw.choice(places),
        *biases,
    )


def draw_walk(
    draw: random.Random, steps: int, *, rate_changes: bool, is_bias: bool = False
) -> Walk:
    """Steps at one rate, or at a rate that falls on the way."""
    rate = draw.choice((0.1, 0.2, 0.4))
    rates = [rate] * steps
    if rate_changes:
        drop = draw.randrange(1, steps)
        rates[drop:] = [round(rate / draw.choice((4, 5, 10)), 3)] * (steps - drop)
    gradients = [round(draw.uniform(-3, 3), 1) or 0.5 for _ in range(steps)]
    start = draw.choice((-1, 1)) * round(draw.uniform(1, 5), 1)
    return start, gradients, rates, is_bias


def draw_example(draw: random.Random, rule: Update) -> Walk:
    """A weight's walk on which every usual mistake shows."""
    while True:
        walk = draw_walk(draw, 3, rate_changes=True)
        right = rule.walk(*walk)
        apart = [
            max(abs(a - b) for a, b in zip(right, wrong, strict=True))
            for wrong in mistakes(rule, walk).values()
        ]
        if min(apart) > 0.002:
            return walk
