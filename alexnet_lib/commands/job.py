"""What is to be trained, as data: `train` makes one job, an experiment many."""

from dataclasses import dataclass
from typing import Literal

from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import find_variant, resized
from alexnet_lib.training.recipes import Recipe

Fault = Literal["shuffled_labels", "validated_in_train_mode"]
# How 28 pixels become 224: as bytes, each pixel rounded, as PIL does; or as floats, in
# one matrix product with conv1, which is faster and the same but for that rounding.
Enlarge = Literal["bytes", "floats"]


@dataclass(frozen=True, kw_only=True)
class Job:
    """Everything that decides the numbers of a run, but the images themselves."""

    variant: str
    recipe: Recipe
    seed: int
    dataset: str = "FashionMNIST"
    resize: int | None = None  # side in pixels; None = the variant's own
    train_limit: int | None = None
    precision: str = "auto"
    validate: bool = False  # set 5,000 of 60,000 aside, and judge every epoch by them
    enlarge: Enlarge = "bytes"
    fault: Fault | None = None  # made on purpose, for a run that shows what it does
    experiment: str | None = None  # the comparison this run belongs to

    @property
    def spec(self) -> ModelSpec:
        """The network, at the size it is trained for."""
        spec = find_variant(self.variant)
        side = self.resize if self.resize is not None else spec.input_shape[-1]
        return resized(spec, (spec.input_shape[0], side, side))
