"""A printed formula and torch's layer: alpha on the sum, or on the mean."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Printed:
    """Somebody's constants; `given` says whose alpha it is."""

    n: int
    k: float
    alpha: float
    beta: float
    given: str  # "printed": on the sum; "torch": on the mean of n
    lone: float  # a number without any neighbours

    @property
    def on_the_sum(self) -> float:
        return self.alpha if self.given == "printed" else self.alpha / self.n

    @property
    def other_alpha(self) -> float:
        """The alpha with which the other of the two computes the same."""
        return self.alpha * self.n if self.given == "printed" else self.on_the_sum

    @property
    def lone_gain(self) -> float:
        """What becomes of a lone number, divided by the number."""
        return (self.k + self.on_the_sum * self.lone**2) ** -self.beta

    @property
    def half_energy(self) -> float:
        """The sum of squares at which the gain is half of k ** -beta."""
        return self.k * (2 ** (1 / self.beta) - 1) / self.on_the_sum


def draw_printed(draw: random.Random) -> Printed:
    return Printed(
        draw.choice((3, 7, 9)),
        draw.choice((1.0, 1.5, 3.0)),
        draw.choice((0.0002, 0.0004, 0.0006, 0.0012)),
        draw.choice((0.5, 0.65, 0.8)),
        draw.choice(("printed", "torch")),
        float(draw.randrange(60, 200)),
    )
