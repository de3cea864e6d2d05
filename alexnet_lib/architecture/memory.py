"""The memory that one training step needs, in bytes. Pure Python.

What is counted, all of it in float32, so 4 bytes a number:

- per parameter three numbers: its weight, its gradient, its momentum;
- per image and layer one number for each output, kept for the backward pass.

What is not: the image itself, a Flatten (it looks at the numbers of the layer before
it), the gradients of the activations, and whatever a layer needs while it works. ReLU
and dropout count like any other layer, although a framework may work in place.
1 MB is 10**6 bytes, 1 MiB is 2**20; cards are sold by the first and report the second.
"""

from dataclasses import dataclass
from math import prod

from alexnet_lib.architecture.arithmetic import LayerSummary, summarize
from alexnet_lib.architecture.spec import ModelSpec

BYTES_PER_NUMBER = 4  # float32
MB, MIB = 10**6, 2**20
GB, GIB = 10**9, 2**30


@dataclass(frozen=True, kw_only=True)
class TrainingMemory:
    """Bytes, by what they hold; only the activations grow with the mini-batch."""

    weights: int
    gradients: int
    momentum: int
    activations_per_image: int

    @property
    def fixed(self) -> int:
        """Bytes that are needed whatever the mini-batch."""
        return self.weights + self.gradients + self.momentum

    def total(self, batch_size: int) -> int:
        """Bytes for a mini-batch of this many images."""
        return self.fixed + batch_size * self.activations_per_image

    def largest_batch(self, budget: int) -> int:
        """The most images that fit into `budget` bytes; 0 when not even one does."""
        return max(0, budget - self.fixed) // self.activations_per_image


def training_memory(model_spec: ModelSpec) -> TrainingMemory:
    """What one step of SGD with momentum keeps, by the rule at the top of this file."""
    rows = summarize(model_spec)
    parameters = BYTES_PER_NUMBER * sum(row.num_params for row in rows)
    return TrainingMemory(
        weights=parameters,
        gradients=parameters,
        momentum=parameters,
        activations_per_image=BYTES_PER_NUMBER * sum(map(stored_numbers, rows)),
    )


def stored_numbers(row: LayerSummary) -> int:
    """How many numbers of this layer's output are kept for one image."""
    return 0 if row.kind == "Flatten" else prod(row.out_shape)
