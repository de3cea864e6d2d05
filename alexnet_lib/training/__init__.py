"""Training any module on any batches; knows nothing of AlexNet."""

from alexnet_lib.training.evaluation import Batches, Evaluation, evaluate
from alexnet_lib.training.loop import train, train_steps
from alexnet_lib.training.precision import Precision, pick_precision
from alexnet_lib.training.recipes import RECIPES, Recipe, find_recipe, learning_rate_at
from alexnet_lib.training.records import (
    RunRecord,
    find_records,
    load_record,
    load_records,
    save_record,
)
from alexnet_lib.training.results import EpochResult, StepResult
from alexnet_lib.training.run import CheckpointFile, Diverged

__all__ = [
    "RECIPES",
    "Batches",
    "CheckpointFile",
    "Diverged",
    "EpochResult",
    "Evaluation",
    "Precision",
    "Recipe",
    "RunRecord",
    "StepResult",
    "evaluate",
    "find_recipe",
    "find_records",
    "learning_rate_at",
    "load_record",
    "load_records",
    "pick_precision",
    "save_record",
    "train",
    "train_steps",
]
