"""How large the first weights should be, and how deep a gradient reaches."""

import random
from dataclasses import dataclass
from math import ceil, log, sqrt


@dataclass(frozen=True)
class ConvLayer:
    """A convolution with square kernels."""

    in_channels: int
    out_channels: int
    kernel_size: int
    groups: int

    def fan(self, direction: str) -> int:
        """Numbers that one output reads (fan in), or one input is read by (fan out)."""
        channels = self.in_channels if direction == "forward" else self.out_channels
        return channels // self.groups * self.kernel_size**2


@dataclass(frozen=True)
class Start:
    """Layers in front of a leaky ReLU, and what shall keep its size."""

    layers: tuple[ConvLayer, ...]
    negative_slope: float
    direction: str  # "forward": the outputs, "backward": the gradients

    def std(self, layer: ConvLayer) -> float:
        """Kaiming's: the mean square of slope x weight, summed over the fan, is 1."""
        mean_square = (1 + self.negative_slope**2) / 2
        return sqrt(1 / (mean_square * layer.fan(self.direction)))


@dataclass(frozen=True)
class Reach:
    """A chain of layers, each of which makes the gradient smaller."""

    steepest: float  # slope of the activation
    weight: float
    exponent: int

    @property
    def shrink(self) -> float:
        return self.steepest * self.weight

    @property
    def layers(self) -> int:
        """The fewest layers whose factors together lie under 10 ** -exponent."""
        return ceil(self.exponent * log(10) / -log(self.shrink))


def draw_start(draw: random.Random) -> Start:
    groups = [1, 2, draw.choice((1, 2, 4))]
    channels = [3, *(draw.randrange(16, 129, 8) for _ in range(3))]
    layers = tuple(
        ConvLayer(before, after, draw.choice((3, 5, 7)), group)
        for before, after, group in zip(channels, channels[1:], groups, strict=False)
    )
    slope = draw.choice((0.05, 0.1, 0.2, 0.3))
    return Start(layers, slope, draw.choice(("forward", "backward")))


def draw_reach(draw: random.Random) -> Reach:
    while True:
        reach = Reach(
            draw.choice((0.25, 0.3, 0.4, 0.5)),
            draw.choice((0.6, 0.8, 1.1, 1.3, 1.5)),
            draw.randint(4, 9),
        )
        exact = reach.exponent * log(10) / -log(reach.shrink)
        if 0.05 < exact % 1 < 0.95:  # not so near that rounding decides
            return reach
