"""A student's own small network and the rule by which an own framework counts."""

import random
from dataclasses import dataclass

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.arithmetic import LayerSummary, summarize
from alexnet_lib.architecture.spec import ModelSpec

WINDOWS = ("conv1", "pool1", "conv2", "pool2", "conv3", "pool3")
WEIGHTED = ("conv1", "conv2", "conv3", "fc4", "fc5")
TRIES = 10_000


@dataclass(frozen=True)
class HouseRule:
    """How a made-up framework counts positions; never as torch does."""

    padded_sides: int  # 2: left and right, 1: on the right only
    rounds_up: bool  # a step that does not fit whole is taken

    def positions(
        self, size: int, kernel_size: int, stride: int, padding: int, gap: int = 0
    ) -> int:
        """Positions of a window with `gap` unread pixels between its neighbours."""
        covered = (kernel_size - 1) * (gap + 1) + 1
        travel = size + self.padded_sides * padding - covered
        if travel < 0:
            raise ValueError(f"a window that covers {covered} pixels does not fit")
        steps = -(-travel // stride) if self.rounds_up else travel // stride
        return steps + 1


HOUSE_RULES = (HouseRule(2, True), HouseRule(1, False), HouseRule(1, True))


def sides(network: ModelSpec, rule: HouseRule) -> dict[str, int]:
    """The side of the map behind each window, by a house rule."""
    side, found = network.input_shape[1], {}
    for layer in network.layers:
        if isinstance(layer, spec.Conv2d | spec.MaxPool2d):
            k, s, p = layer.kernel_size, layer.stride, layer.padding
            side = found[layer.name] = rule.positions(side, k, s, p)
    return found


def torch_sides(network: ModelSpec) -> dict[str, int]:
    """The same, as torch counts."""
    rows = summarize(network)
    return {row.name: row.out_shape[1] for row in rows if row.name in WINDOWS}


def weighted_rows(network: ModelSpec) -> dict[str, LayerSummary]:
    """The rows of the layers that have weights."""
    return {row.name: row for row in summarize(network) if row.name in WEIGHTED}


def draw_network(draw: random.Random, rule: HouseRule) -> ModelSpec:
    """A network in which every window fits by both rules, and the rules part."""
    for _ in range(TRIES):
        network = _any_network(draw)
        try:
            theirs, ours = torch_sides(network), sides(network, rule)
        except ValueError:
            continue
        parted = sum(theirs[name] != ours[name] for name in WINDOWS)
        if parted >= 2 and min(theirs["pool3"], ours["pool3"]) >= 2:
            return network
    raise RuntimeError("no network was found for this rule: widen what is drawn")


def _any_network(draw: random.Random) -> ModelSpec:
    side = draw.randint(90, 180)
    wide = draw.choice((3, 5))
    return ModelSpec(
        name="your network",
        input_shape=(draw.choice((1, 3)), side, side),
        layers=(
            spec.Conv2d(
                name="conv1",
                out_channels=draw.randrange(16, 49, 4),
                kernel_size=draw.randint(5, 11),
                stride=draw.randint(2, 4),
                padding=draw.randint(1, 3),
            ),
            spec.ReLU(name="relu1"),
            spec.MaxPool2d(name="pool1", kernel_size=3, stride=2),
            spec.Conv2d(
                name="conv2",
                out_channels=draw.randrange(32, 97, 4),
                kernel_size=wide,
                padding=wide // 2,
                groups=2,
            ),
            spec.ReLU(name="relu2"),
            spec.MaxPool2d(name="pool2", kernel_size=draw.choice((2, 3)), stride=2),
            spec.Conv2d(
                name="conv3",
                out_channels=draw.randrange(32, 97, 4),
                kernel_size=3,
                padding=draw.choice((1, 2)),
            ),
            spec.ReLU(name="relu3"),
            spec.MaxPool2d(name="pool3", kernel_size=3, stride=2),
            spec.Flatten(name="flatten"),
            spec.Linear(name="fc4", out_features=draw.randrange(128, 513, 16)),
            spec.ReLU(name="relu4"),
            spec.Linear(name="fc5", out_features=draw.randint(5, 20)),
        ),
    )


def _quoted(value: str | int) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def as_code(network: ModelSpec) -> str:
    """The network as the Python text that makes it, one layer a line."""
    lines = [
        "spec.ModelSpec(",
        f"    name={_quoted(network.name)},",
        f"    input_shape={network.input_shape!r},",
        "    layers=(",
    ]
    for layer in network.layers:
        given = {"name": layer.name}
        for name, value in vars(layer).items():
            plain = type(layer).__dataclass_fields__[name].default
            if name in ("kernel_size", "stride") or value != plain:
                given[name] = value
        inside = ", ".join(f"{key}={_quoted(value)}" for key, value in given.items())
        lines.append(f"        spec.{type(layer).__name__}({inside}),")
    return "\n".join([*lines, "    ),", ")"])
