"""One unit, one loud number somewhere, and what three rules make of the unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.architecture.layers import LocalResponseNorm

PRINTED, CODE, BATCH = "printed formula", "2012 code, PyTorch", "BatchNorm"
RULES = (PRINTED, CODE, BATCH)
CHANNEL, PIXEL, PICTURE = (
    "in another channel, same pixel",
    "in the same channel, next pixel",
    "in the same channel, another picture",
)
PLACES = (CHANNEL, PIXEL, PICTURE)
UNIT = 10.0
PICTURES, CHANNELS, SIDE = 4, 11, 3
HOME = (0, CHANNELS // 2, SIDE // 2, SIDE // 2)  # where the unit stands
MOST_AWAY = CHANNELS - 1 - HOME[1]
QUIET, LOUDEST = 1.0, 10_000.0


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where the loud number stands, how loud it is, and the constants of the rules."""

    place: str = CHANNEL
    away: int = 1  # channels between the unit and the loud one
    loudness: float = 300.0
    size: int = 5
    alpha: float = 1e-4  # on the sum, as printed
    code_alpha: float = 1e-4  # on the mean
    k: float = 2.0
    beta: float = 0.75

    @property
    def loud(self) -> tuple[int, int, int, int]:
        """Picture, channel, row and column of the loud number."""
        picture, channel, row, col = HOME
        if self.place == CHANNEL:
            return picture, channel + self.away, row, col
        if self.place == PIXEL:
            return picture, channel, row - 1, col
        return picture + 2, channel, row, col

    @property
    def window(self) -> range:
        """The channels that the unit's window covers."""
        first = max(0, HOME[1] - self.size // 2)
        return range(first, min(CHANNELS, HOME[1] + (self.size - 1) // 2 + 1))

    @property
    def heard_by(self) -> tuple[str, ...]:
        """The rules that read the loud number when they normalise the unit."""
        if self.place != CHANNEL:
            return (BATCH,)
        return (PRINTED, CODE) if self.loud[1] in self.window else ()

    @property
    def same_rule(self) -> bool:
        """Whether the two LRNs are one and the same, for every input."""
        return abs(self.code_alpha - self.alpha * self.size) < 1e-9 * self.code_alpha


def numbers() -> Tensor:
    """What a ReLU might give, the unit of 10 among them.

    Shape: (PICTURES, CHANNELS, SIDE, SIDE), float64, the same each time.
    """
    generator = torch.Generator().manual_seed(2)
    shape = (PICTURES, CHANNELS, SIDE, SIDE)
    quiet = 6 * torch.randn(shape, generator=generator, dtype=torch.float64)
    quiet = quiet.relu().round()
    quiet[HOME] = UNIT
    return quiet


def answers(scene: Scene, loudnesses: Sequence[float]) -> dict[str, list[float]]:
    """What becomes of the unit by each rule, for each loudness.

    All loudnesses at once: as many copies of the batch, each with another loud number.
    """
    copies = numbers().repeat(len(loudnesses), 1, 1, 1, 1)  # (L, N, C, H, W)
    loud = torch.tensor(loudnesses, dtype=torch.float64)
    copies[(slice(None), *scene.loud)] = loud
    picture, channel, row, col = HOME
    rest = {"size": scene.size, "beta": scene.beta, "k": scene.k}
    printed = LocalResponseNorm(alpha=scene.alpha, **rest)
    code = nn.LocalResponseNorm(alpha=scene.code_alpha, **rest)
    found = {
        name: norm(copies[:, picture])[:, channel, row, col]
        for name, norm in ((PRINTED, printed), (CODE, code))
    }
    # BatchNorm takes the copies for channels, and normalises each by itself
    maps = copies[:, :, channel].transpose(0, 1)  # (N, L, H, W)
    batch = F.batch_norm(maps, None, None, training=True)
    found[BATCH] = batch[picture, :, row, col]
    return {name: values.tolist() for name, values in found.items()}


def describe_scene(scene: Scene) -> str:
    """The same said in words: where, what becomes of the unit, and who answers."""
    where = scene.place.removeprefix("in ")
    if scene.place == CHANNEL:
        where = f"another channel, {scene.away} away"
    found = answers(scene, [QUIET, scene.loudness])
    becomes = ", ".join(f"{short(found[name][1])} by {_the(name)}" for name in RULES)
    before = ", ".join(short(found[name][0]) for name in RULES)
    return (
        f"A loud {scene.loudness:,.0f} stands in {where}. Your unit's {UNIT:.0f} "
        f"becomes {becomes}; with a {QUIET:.0f} in its place {before}. "
        f"{_who_answers(scene)} {_compared(scene)}"
    )


def short(value: float) -> str:
    """Two digits behind the point; what rounds to nothing has no sign."""
    return f"{round(value, 2) + 0.0:.2f}"


def _the(rule: str) -> str:
    return {PRINTED: "the printed formula", CODE: "the 2012 code and PyTorch"}.get(
        rule, rule
    )


def _who_answers(scene: Scene) -> str:
    if scene.place == CHANNEL:
        reach = f"A window of {scene.size} reads {_counted(len(scene.window))}"
        if scene.heard_by:
            return (
                f"{reach}, the loud one among them: both LRNs answer to it, BatchNorm "
                "does not."
            )
        return f"{reach}, the loud one is not among them: nobody answers to it."
    return (
        "BatchNorm reads this channel in all pictures and at all pixels, so it answers "
        "to it; LRN reads only the unit's own pixel and does not."
    )


def _counted(channels: int) -> str:
    return "1 channel" if channels == 1 else f"{channels} channels"


def _compared(scene: Scene) -> str:
    if scene.same_rule:
        return "The two LRN curves are one: alpha on the sum, and alpha / n."
    loudest = replace(scene, loudness=LOUDEST)
    found = answers(loudest, [LOUDEST])
    more, less = found[CODE][0], found[PRINTED][0]
    if min(more, less) and abs(more / less - 1) < 0.005:
        return "The two LRN curves cannot be told apart here."
    which = "more" if more > less else "less"
    return f"The curve of the code leaves {which} of the unit than the printed one."
