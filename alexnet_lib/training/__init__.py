"""Training any module on any batches; knows nothing of AlexNet."""

from alexnet_lib.training.loop import (
    Batches,
    EpochResult,
    Evaluation,
    evaluate,
    train,
)
from alexnet_lib.training.precision import Precision, pick_precision
from alexnet_lib.training.recipes import RECIPES, Recipe, find_recipe, learning_rate_at
from alexnet_lib.training.records import (
    RunRecord,
    load_record,
    load_records,
    save_record,
)

__all__ = [
    "RECIPES",
    "Batches",
    "EpochResult",
    "Evaluation",
    "Precision",
    "Recipe",
    "RunRecord",
    "evaluate",
    "find_recipe",
    "learning_rate_at",
    "load_record",
    "load_records",
    "pick_precision",
    "save_record",
    "train",
]
