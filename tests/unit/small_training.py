"""A training of twelve steps in which everything that can be stopped takes part."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_lib.data import Batches
from alexnet_lib.training.loop import train_steps
from alexnet_lib.training.recipes import Recipe
from alexnet_lib.training.results import EpochResult, StepResult
from alexnet_lib.training.run import CheckpointFile

Result = StepResult | EpochResult

RECIPE = Recipe(
    name="small",
    learning_rate=0.05,
    epochs=3,
    batch_size=6,
    momentum=0.9,
    nesterov=True,
    weight_decay=1e-3,
    decay_on="weights",
    label_smoothing=0.1,
    schedule="one_cycle",
    augmentation="flip_crop",
)
NUM_STEPS, NUM_RESULTS = 4, 15  # 6, 6, 6 and 2 images; three times four, and three


@dataclass(frozen=True, kw_only=True)
class Small:
    """What may differ between two small trainings."""

    recipe: Recipe = RECIPE
    precision: str = "float32"
    own_generator: bool = True  # else the order comes from torch's global one
    validated: bool = False
    path: Path | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    def arguments(self, seed: int = 0) -> dict[str, Any]:
        """What `train` and `train_steps` get beside the model.

        All random numbers start from `seed`; a checkpoint puts them back.
        """
        torch.manual_seed(seed)
        generator = torch.Generator().manual_seed(seed) if self.own_generator else None
        images, labels = pictures()
        kept = CheckpointFile(path=self.path, settings=self.settings)
        return {
            "train_batches": Batches(
                images, labels, RECIPE.batch_size, shuffle=True, generator=generator
            ),
            "recipe": self.recipe,
            "valid_batches": Batches(images, labels, 8) if self.validated else None,
            "precision": self.precision,
            "checkpoint": kept if self.path else None,
        }

    def steps(self, model: nn.Module, seed: int = 0) -> Iterator[Result]:
        return train_steps(model, **self.arguments(seed))


def pictures() -> tuple[Tensor, Tensor]:
    """Twenty pictures of noise, brighter for the second and third class."""
    generator = torch.Generator().manual_seed(1)
    labels = torch.randint(0, 3, (20,), generator=generator)
    noise = torch.randint(0, 85, (20, 1, 14, 14), generator=generator)
    return (noise + 85 * labels.view(-1, 1, 1, 1)).to(torch.uint8), labels


def make_model(seed: int = 0) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(4, 4, 3),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(4 * 9, 3),
    )


def leave_after(results: Iterator[Result], count: int) -> list[Result]:
    """The first `count` results; then the loop is left, as `break` leaves it."""
    seen = []
    if count:
        for result in results:
            seen.append(result)
            if len(seen) == count:
                break
    results.close()
    return seen


def without_times(results: list[Result]) -> list[Result]:
    """The same results, but for what the clock said."""
    times = {"seconds": 0.0, "images_per_second": 0.0, "cpu_seconds": 0.0}
    return [
        replace(each, **times) if isinstance(each, EpochResult) else each
        for each in results
    ]


def assert_same_numbers(model: nn.Module, other: nn.Module) -> None:
    """Weights and buffers, bit for bit."""
    ours, theirs = model.state_dict(), other.state_dict()
    assert ours.keys() == theirs.keys()
    for name, tensor in ours.items():
        assert torch.equal(tensor, theirs[name]), name
