"""A deep network that does not learn, and why: one step of it, really computed.

Plain loops, so that the same secret gives the same table on every machine.
"""

import random
from dataclasses import dataclass
from math import sqrt, tanh

DEPTH, WIDTH, PICTURES = 8, 16, 16
CAUSES = {  # and the activations with which they show
    "weights too small in every layer": ("ReLU", "tanh"),
    "weights so large that outputs grow with depth": ("ReLU",),
    "weights too small in one layer": ("ReLU", "tanh"),
    "biases that kill one layer": ("ReLU",),
    "weights so large that tanh saturates": ("tanh",),
}
GAIN = {"ReLU": 2, "tanh": 1}  # mean square of the weights times the width
Rows = list[list[float]]


@dataclass(frozen=True)
class Layer:
    """What the table shows of one layer."""

    rms: float  # of its outputs
    zeros: float  # share of its outputs
    gradient_norm: float  # of its weights


@dataclass(frozen=True)
class SickRun:
    """A measured table, and what was done to the network."""

    activation: str
    layers: tuple[Layer, ...]
    cause: str
    where: str  # "all", or a layer such as "layer3"

    @property
    def ratio(self) -> float:
        """Gradient norm of the first layer over the last one's, as printed; 0 for 0."""
        first, last = (self.layers[i].gradient_norm for i in (0, -1))
        return first / last if last else 0.0


def draw_sick_run(draw: random.Random) -> SickRun:
    cause = draw.choice(list(CAUSES))
    activation = draw.choice(CAUSES[cause])
    usual = sqrt(GAIN[activation] / WIDTH)
    place = draw.randrange(2, DEPTH - 1)
    factors, biases = [1.0] * DEPTH, [0.0] * DEPTH
    match list(CAUSES).index(cause):
        case 0:
            factors = [draw.uniform(0.3, 0.5)] * DEPTH
        case 1:
            factors = [draw.uniform(2.0, 3.0)] * DEPTH
        case 2:
            factors[place] = draw.uniform(0.01, 0.03)
        case 3:
            biases[place] = -draw.uniform(30, 60)
        case _:
            factors = [draw.uniform(12, 20)] * DEPTH
    layers = measure(draw, activation, [usual * f for f in factors], biases)
    where = f"layer{place + 1}" if "one layer" in cause else "all"
    return SickRun(activation, layers, cause, where)


def measure(
    draw: random.Random, activation: str, stds: list[float], biases: list[float]
) -> tuple[Layer, ...]:
    """One forward and one backward pass; the loss is a random sum of the outputs."""
    weights = [_exact_normal(draw, std) for std in stds]
    inputs = [[draw.gauss(0, 1) for _ in range(WIDTH)] for _ in range(PICTURES)]
    kept = [inputs]
    for matrix, bias in zip(weights, biases, strict=True):
        kept.append([_step(matrix, bias, row, activation) for row in kept[-1]])
    backward = [[draw.gauss(0, 1) for _ in range(WIDTH)] for _ in range(PICTURES)]
    layers = []
    for place in reversed(range(DEPTH)):
        backward = [
            [g * _slope(h, activation) for g, h in zip(gs, hs, strict=True)]
            for gs, hs in zip(backward, kept[place + 1], strict=True)
        ]
        gradient = [
            sum(b[out] * h[into] for b, h in zip(backward, kept[place], strict=True))
            for out in range(WIDTH)
            for into in range(WIDTH)
        ]
        outputs = [value for row in kept[place + 1] for value in row]
        layers.append(
            Layer(
                _short(_rms(outputs)),
                outputs.count(0.0) / len(outputs),
                _short(sqrt(sum(value**2 for value in gradient))),
            )
        )
        matrix = weights[place]
        backward = [
            [sum(g * matrix[o][i] for o, g in enumerate(gs)) for i in range(WIDTH)]
            for gs in backward
        ]
    return tuple(reversed(layers))


def _exact_normal(draw: random.Random, std: float) -> Rows:
    """A matrix of normal numbers whose mean square is exactly std ** 2."""
    matrix = [[draw.gauss(0, 1) for _ in range(WIDTH)] for _ in range(WIDTH)]
    scale = std / _rms([value for row in matrix for value in row])
    return [[scale * value for value in row] for row in matrix]


def _step(matrix: Rows, bias: float, row: list[float], activation: str) -> list[float]:
    sums = [sum(w * h for w, h in zip(ws, row, strict=True)) + bias for ws in matrix]
    if activation == "tanh":
        return [tanh(value) for value in sums]
    return [max(0.0, value) for value in sums]


def _slope(output: float, activation: str) -> float:
    """The slope where the activation gave this output."""
    return 1 - output**2 if activation == "tanh" else float(output > 0)


def _rms(values: list[float]) -> float:
    return sqrt(sum(value**2 for value in values) / len(values))


def _short(value: float) -> float:
    """Three digits, as printed: machines differ in the last ones of sixteen."""
    return float(f"{value:.2e}")


def as_text(run: SickRun) -> str:
    """The table as it was printed."""
    lines = ["layer    rms of outputs   outputs that are 0   gradient norm"]
    for number, layer in enumerate(run.layers, start=1):
        lines.append(
            f"layer{number} {layer.rms:>16.2e} {layer.zeros:>20.0%} "
            f"{layer.gradient_norm:>15.2e}"
        )
    return "\n".join(lines)
