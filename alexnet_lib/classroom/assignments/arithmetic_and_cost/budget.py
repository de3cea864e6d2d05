"""A card of one's own: what one training step keeps, and how many pictures fit."""

import random
from dataclasses import dataclass

from alexnet_lib.architecture import memory
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.spec import ModelSpec

UNITS = {"GB": memory.GB, "GiB": memory.GIB}
OPTIMISERS = {  # numbers kept for each parameter, and what they are
    "plain SGD": (2, "its weight and its gradient"),
    "SGD with momentum": (3, "its weight, its gradient and its momentum"),
    "Adam": (4, "its weight, its gradient and two running averages"),
}
FORMATS = {"float32": 4, "bfloat16": 2}  # bytes of one activation


@dataclass(frozen=True)
class Budget:
    """A card, an optimiser and a format; parameters are always float32."""

    size: int
    unit: str
    optimiser: str
    activations: str

    @property
    def bytes(self) -> int:
        return self.size * UNITS[self.unit]

    def fixed(self, network: ModelSpec) -> int:
        """Bytes that are needed whatever the mini-batch."""
        copies, _ = OPTIMISERS[self.optimiser]
        parameters = sum(row.num_params for row in summarize(network))
        return copies * memory.BYTES_PER_NUMBER * parameters

    def per_picture(self, network: ModelSpec) -> int:
        """Bytes of activations for one picture: every output but Flatten's."""
        numbers = sum(map(memory.stored_numbers, summarize(network)))
        return FORMATS[self.activations] * numbers

    def largest_batch(self, network: ModelSpec) -> int:
        return (self.bytes - self.fixed(network)) // self.per_picture(network)


def draw_budget(draw: random.Random) -> Budget:
    return Budget(
        draw.choice((1, 2, 3, 4, 6, 8)),
        draw.choice(list(UNITS)),
        draw.choice(list(OPTIMISERS)),
        draw.choice(list(FORMATS)),
    )
