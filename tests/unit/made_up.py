"""Run records made up for a test, in a folder of the test."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from alexnet_lib.commands.experiments_colour import MODERN
from alexnet_lib.learning import recorded
from alexnet_lib.training.records import RunRecord, save_record
from alexnet_lib.training.results import EpochResult


def make_up_runs(
    folder: Path, monkeypatch, accuracies: Mapping[str, Sequence[float]]
) -> None:
    """Let pages find runs of `modern` with these test accuracies, and no others."""
    write_runs(folder, accuracies)
    monkeypatch.setattr(recorded, "runs_folder", lambda: folder)


def write_runs(folder: Path, accuracies: Mapping[str, Sequence[float]]) -> None:
    """A record for each accuracy: what was undone, and the seed is its position."""
    for undone, values in accuracies.items():
        for seed, accuracy in enumerate(values):
            name = f"modern_without_{undone}_seed{seed}"
            job = MODERN.runs[name]
            save_record(
                folder / f"{name}.json",
                RunRecord(
                    recipe=job.recipe,
                    variant=job.variant,
                    dataset="CIFAR10",
                    source="stand-in",
                    resize=None,
                    seed=seed,
                    train_images=10,
                    epochs=1,
                    test_accuracy=accuracy,
                    seconds=1.0,
                    images_per_second=10.0,
                    device="made up",
                    versions={},
                    curve=(EpochResult(1, 1.0, None, None, 1.0, 0.5),),
                    confusion=((1,),),
                    experiment="modern",
                ),
            )
