"""The recorded runs of notebook 06: four shares of dropout, few images and many."""

from collections.abc import Mapping, Sequence

from alexnet_lib.architecture.spec import Dropout
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.learning import recorded
from alexnet_lib.training.records import RunRecord

SIZES = (2_000, 60_000)  # training images
SHARES = (0.0, 0.2, 0.5, 0.8)
Grid = dict[int, dict[float, list[RunRecord]]]


def dropout_of(variant: str) -> float:
    """The share that the dropout layers of a variant drop; ValueError for several."""
    shares = {e.p for e in find_variant(variant).layers if isinstance(e, Dropout)}
    if len(shares) != 1:
        raise ValueError(
            f"{variant} drops the shares {sorted(shares)}: name one with one"
        )
    return shares.pop()


def recorded_grid(runs: Mapping[str, RunRecord] | None = None) -> Grid:
    """Training images: share: the runs recorded so far, by seed; perhaps none."""
    found = recorded.runs("dropout") if runs is None else runs
    grid: Grid = {size: {share: [] for share in SHARES} for size in SIZES}
    for run in sorted(found.values(), key=lambda run: run.seed):
        grid[run.train_images][dropout_of(run.variant)].append(run)
    return grid


def accuracies(by_share: Mapping[float, Sequence[RunRecord]]) -> dict[float, list]:
    """Test accuracies, from 0 to 1, of each share."""
    return {
        share: [run.test_accuracy for run in runs] for share, runs in by_share.items()
    }


def told_apart(accuracies: Mapping[float, Sequence[float]]) -> list[str]:
    """For each share above 0: does it beat no dropout by more than the seeds do?"""
    none = accuracies.get(0.0, [])
    said = []
    for share, values in accuracies.items():
        if not share:
            continue
        said.append(f"p = {share:g} against 0: {recorded.against(values, none)}")
    return said


def lines(by_share: Mapping[float, Sequence[RunRecord]]) -> list[str]:
    """A line for each share with runs, then what they tell apart; one for no runs."""
    if not any(by_share.values()):
        return ["no run recorded yet"]
    said = []
    for share, runs in by_share.items():
        if runs:
            tested = [run.test_accuracy for run in runs]
            trained = [run.curve[-1].train_accuracy for run in runs]
            number = "1 run" if len(runs) == 1 else f"{len(runs)} runs"
            said.append(
                f"p = {share:g}, {number}: test {recorded.percent_range(tested)}, "
                f"training, dropout on, {recorded.percent_range(trained)}"
            )
    return [*said, *told_apart(accuracies(by_share))]


def summary(grid: Grid) -> tuple[str, str]:
    """For the ledger: the ranges recorded so far, and what they tell; '' for none."""
    buys, told = [], []
    for size, by_share in grid.items():
        tested = {share: each for share, each in accuracies(by_share).items() if each}
        if tested:
            ranges = (
                f"p = {share:g} {recorded.percent_range(each)}"
                for share, each in tested.items()
            )
            buys.append(f"{size:,} pictures: {', '.join(ranges)}")
            told.append(f"{size:,} pictures: {', '.join(told_apart(tested))}")
    return "; ".join(buys), "; ".join(told)
