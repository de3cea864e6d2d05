"""One unit, one loud number somewhere, and what three rules make of the unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.widgets.words import words_of

say = words_of("triangle")

PRINTED, CODE, BATCH = say("printed"), say("code"), say("batch_norm")
RULES = (PRINTED, CODE, BATCH)
CHANNEL, PIXEL, PICTURE = (
    say("in_channel"),
    say("in_pixel"),
    say("in_picture"),
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
    found = answers(scene, [QUIET, scene.loudness])
    becomes = (
        say("by", value=short(found[name][1]), rule=rule)
        for name, rule in zip(
            RULES, (say("by_printed"), say("by_code"), BATCH), strict=True
        )
    )
    said = say(
        "sentence",
        loudness=scene.loudness,
        place=_where(scene),
        value=UNIT,
        becomes=", ".join(becomes),
        quiet=QUIET,
        before=", ".join(short(found[name][0]) for name in RULES),
    )
    return f"{said} {_who_answers(scene)} {_compared(scene)}"


def _where(scene: Scene) -> str:
    if scene.place == CHANNEL:
        return say("stands_in_channel", away=scene.away)
    return say("stands_in_pixel" if scene.place == PIXEL else "stands_in_picture")


def short(value: float) -> str:
    """Two digits behind the point; what rounds to nothing has no sign."""
    return f"{round(value, 2) + 0.0:.2f}"


def _who_answers(scene: Scene) -> str:
    if scene.place == CHANNEL:
        channels = say.counted("channels", len(scene.window))
        entry = "lrn_answers" if scene.heard_by else "nobody_answers"
        return say(entry, size=scene.size, channels=channels)
    return say("batch_norm_answers")


def _compared(scene: Scene) -> str:
    if scene.same_rule:
        return say("one_curve")
    loudest = replace(scene, loudness=LOUDEST)
    found = answers(loudest, [LOUDEST])
    more, less = found[CODE][0], found[PRINTED][0]
    if min(more, less) and abs(more / less - 1) < 0.005:
        return say("told_apart")
    return say("code_leaves_more" if more > less else "code_leaves_less")
