"""What an experiment is: named jobs, and what is made of them."""

from dataclasses import dataclass, field

from alexnet_lib.commands.job import Job
from alexnet_lib.training.recipes import find_recipe

SEEDS = (0, 1, 2)
# No recorded run has these seeds: a rate is not chosen to suit a seed. One seed is not
# enough: at a high rate a sigmoid network may sit still for seven epochs, or for two.
RATE_SEEDS = (100, 101, 102)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A comparison: named runs, and how the learning rates of some were chosen."""

    runs: dict[str, Job]  # name of the record: what is trained
    rates: dict[str, tuple[float, ...]] = field(default_factory=dict)  # variant: tried
    rate_seeds: tuple[int, ...] = RATE_SEEDS
    rate_images: int | None = None  # tried on the first so many training images
    shipped: dict[str, str] = field(default_factory=dict)  # run: its weights file
    ranks: dict[str, dict[str, int]] = field(default_factory=dict)  # run: layer: rank
    filters: dict[str, str] = field(default_factory=dict)  # run: its filter file


def make_grid(
    experiment: str,
    recipes: dict[str, str],
    seeds: tuple[int, ...],
    part: str = "",
    **job: object,
) -> dict[str, Job]:
    """Each variant with its recipe, from each seed; `part` stands in the runs' names.

    The experiment is what `record` calls it: by that name the pages find the runs.
    """
    return {
        f"{experiment}{part}_{short_name(variant)}_seed{seed}": Job(
            variant=variant,
            recipe=find_recipe(recipe),
            seed=seed,
            experiment=experiment,
            **job,
        )
        for seed in seeds
        for variant, recipe in recipes.items()
    }


def short_name(variant: str) -> str:
    """A variant's part of a run's name."""
    return variant.lower().removeprefix("alexnet_")
