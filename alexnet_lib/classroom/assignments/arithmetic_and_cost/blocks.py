"""Blocks of two convolutions in place of one, and what they cost."""

import random
from dataclasses import dataclass

KINDS = ("strips", "depthwise", "waist")
BIASES = ("both steps", "the second step only", "neither step")


@dataclass(frozen=True)
class Block:
    """Two steps that keep the side of the map."""

    kind: str
    biases: str
    narrower: int = 1  # waist: by how much the first step has fewer maps

    def cost(
        self, in_channels: int, out_channels: int, kernel_size: int, side: int
    ) -> list[int]:
        """[parameters, multiply-adds for one picture]; kernels are odd."""
        match self.kind:
            case "strips":
                middle = out_channels
                first = middle * in_channels * kernel_size
                second = out_channels * middle * kernel_size
            case "depthwise":
                middle = in_channels
                first = middle * kernel_size**2
                second = out_channels * middle
            case _:
                middle = in_channels // self.narrower
                first = middle * in_channels
                second = out_channels * middle * kernel_size**2
        biases = out_channels if self.biases != BIASES[2] else 0
        biases += middle if self.biases == BIASES[0] else 0
        weights = first + second
        return [weights + biases, weights * side**2]

    @property
    def steps(self) -> str:
        """The two steps, in words."""
        match self.kind:
            case "strips":
                return (
                    "first `out_channels` kernels of `kernel_size` x 1, then as many "
                    "of 1 x `kernel_size`, each as deep as what it reads"
                )
            case "depthwise":
                return (
                    "first one kernel of `kernel_size` x `kernel_size` for each input "
                    "channel, which reads that channel only; then `out_channels` "
                    "kernels of 1 x 1, as deep as what they read"
                )
        return (
            f"first `in_channels // {self.narrower}` kernels of 1 x 1, then "
            f"`out_channels` kernels of `kernel_size` x `kernel_size`, each as deep as "
            f"what it reads"
        )


def draw_block(draw: random.Random) -> Block:
    kind = draw.choice(KINDS)
    return Block(
        kind, draw.choice(BIASES), draw.choice((2, 4)) if kind == "waist" else 1
    )
