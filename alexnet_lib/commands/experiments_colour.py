"""The runs on CIFAR-10: what a decade changed, and filters that have seen colours."""

from dataclasses import replace

from alexnet_lib.commands.experiment import SEEDS, Experiment, make_grid
from alexnet_lib.commands.job import Job
from alexnet_lib.training.recipes import Recipe, find_recipe

# One thing undone in each, beside the modernised network itself: (variant, change of
# the recipe). Networks without batch normalisation, and one rate from first step to
# last, bear a smaller rate than the peak of the cycle.
UNDONE: dict[str, tuple[str, dict[str, object]]] = {
    "nothing": ("ALEXNET_SMALL_32", {}),
    "batch_norm": ("ALEXNET_SMALL_32_NO_BN", {"learning_rate": 0.02}),
    "average": ("ALEXNET_SMALL_32_FC", {}),
    "full_rank": ("ALEXNET_SMALL_32_LOW_RANK", {}),
    "small_stem": ("ALEXNET_SMALL_112", {}),
    "augmentation": ("ALEXNET_SMALL_32", {"augmentation": "none"}),
    "decay": ("ALEXNET_SMALL_32", {"weight_decay": 0.0}),
    "schedule": ("ALEXNET_SMALL_32", {"schedule": "constant", "learning_rate": 0.02}),
}


def _run(undone: str, seed: int) -> Job:
    variant, changes = UNDONE[undone]
    recipe: Recipe = replace(find_recipe("modern"), **changes)
    return Job(
        variant=variant,
        recipe=recipe,
        seed=seed,
        dataset="CIFAR10",
        experiment="modern",
    )


MODERN = Experiment(
    runs={
        f"modern_without_{undone}_seed{seed}": _run(undone, seed)
        for seed in SEEDS
        for undone in UNDONE
    }
)
COLOUR = Experiment(
    runs=make_grid(
        "colour", {"ALEXNET_COLOUR_32": "modern"}, SEEDS[:1], dataset="CIFAR10"
    ),
    shipped={"colour_colour_32_seed0": "colour.safetensors"},
    filters={"colour_colour_32_seed0": "filters_colour.safetensors"},
)
