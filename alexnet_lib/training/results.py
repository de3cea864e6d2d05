"""What a training gives back, step by step and epoch by epoch."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EpochResult:
    """One epoch; the validation columns are None when there were no such images.

    `seconds` and `images_per_second` are of the training alone, by the clock on the
    wall; `cpu_seconds` are those the processor spent on it, over all cores, which other
    programs on the machine hardly change. None in records that are older.
    """

    epoch: int  # 1 is the first
    train_loss: float  # mean over the images, while the weights were changing
    valid_loss: float | None
    valid_accuracy: float | None
    seconds: float
    images_per_second: float
    train_accuracy: float | None = None  # as train_loss
    cpu_seconds: float | None = None


@dataclass(frozen=True)
class StepResult:
    """One mini-batch: what it cost before the weights were changed by it."""

    epoch: int  # 1 is the first
    step: int  # 1 is the first of its epoch
    loss: float  # mean over the mini-batch
    learning_rate: float
    fraction: float  # of the whole training that is done now
