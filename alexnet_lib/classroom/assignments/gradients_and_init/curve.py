"""An activation of one's own: a known curve with its own numbers, and a cap."""

import random
from dataclasses import dataclass
from math import exp, tanh

FORMULAS = {  # in the student's notation
    "swish": "{a} * x / (1 + exp(-{b} * x))",
    "tanh": "{a} * tanh({b} * x)",
    "softsign": "{a} * x / (1 + {b} * abs(x))",
}
SLOPES = {  # the same, in Python, with s = 1 / (1 + exp(-b * x))
    "swish": "{a} * s * (1 + {b} * x * (1 - s))",
    "tanh": "{a} * {b} * (1 - tanh({b} * x) ** 2)",
    "softsign": "{a} / (1 + {b} * abs(x)) ** 2",
}


@dataclass(frozen=True)
class Curve:
    """Follows its formula up to `cap` and stays level from there on."""

    kind: str
    a: float
    b: float
    cap: float
    level_at_cap: bool  # the slope at the cap itself: 0, or the formula's

    def value(self, x: float) -> float:
        z = min(x, self.cap)
        match self.kind:
            case "swish":
                return self.a * z / (1 + exp(-self.b * z))
            case "tanh":
                return self.a * tanh(self.b * z)
        return self.a * z / (1 + self.b * abs(z))

    def slope(self, x: float) -> float:
        if x > self.cap or (x == self.cap and self.level_at_cap):
            return 0.0
        match self.kind:
            case "swish":
                s = 1 / (1 + exp(-self.b * x))
                return self.a * s * (1 + self.b * x * (1 - s))
            case "tanh":
                return self.a * self.b * (1 - tanh(self.b * x) ** 2)
        return self.a / (1 + self.b * abs(x)) ** 2

    def formula(self, table: dict[str, str] = FORMULAS) -> str:
        return table[self.kind].format(a=self.a, b=self.b)


def draw_curve(draw: random.Random) -> Curve:
    return Curve(
        draw.choice(list(FORMULAS)),
        draw.choice((0.6, 0.8, 1.4, 1.7)),
        draw.choice((0.5, 0.7, 1.2, 1.6)),
        draw.choice((1.5, 2.0, 2.5, 3.0)),
        draw.choice((True, False)),
    )


def chain_gradients(
    curve: Curve, weights: list[float], x: float, target: float
) -> list[float]:
    """d(loss)/d(weight) of a chain h = f(w * h), loss (h - target) ** 2, in order."""
    inputs, sums = [x], []
    for weight in weights:
        sums.append(weight * inputs[-1])
        inputs.append(curve.value(sums[-1]))
    upstream = 2 * (inputs[-1] - target)
    gradients = []
    for weight, total, before in zip(
        reversed(weights), reversed(sums), reversed(inputs[:-1]), strict=True
    ):
        upstream *= curve.slope(total)
        gradients.append(upstream * before)
        upstream *= weight
    return gradients[::-1]
