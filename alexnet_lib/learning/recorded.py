"""The recorded runs that a page replays: those that are there, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from alexnet_lib.learning.proofs.beginnings import apart, runs_folder
from alexnet_lib.training.records import RunRecord, find_records
from alexnet_lib.training.results import EpochResult

FEWEST_RUNS = 3  # one run is a story, two have no middle
# experiment: how many runs it has when all are recorded
COMPLETE = {
    "course": 1,
    "d2l": 1,
    "quick": 3,
    "resolution": 9,
    "places": 3,
    "parts": 15,
    "constant": 3,
    "dropout": 24,
    "sick": 6,
    "modern": 24,
}


@dataclass(frozen=True)
class Moment:
    """Where a run stood at one moment of its training."""

    seconds: float  # of training, by the clock of the machine that trained
    epochs: float
    train_accuracy: float  # from 0 to 1, over the pictures since the moment before
    valid_accuracy: float | None = None


def runs(*experiments: str) -> dict[str, RunRecord]:
    """The runs of these experiments that are recorded, by name; perhaps none."""
    found: dict[str, RunRecord] = {}
    for experiment in experiments:
        found |= find_records(runs_folder(), experiment)
    return found


def missing(*experiments: str) -> str:
    """One line: which runs are not recorded yet, and the command that records them.

    Empty when all are there.
    """
    lacking = {
        name: f"{name} ({len(runs(name))} of {COMPLETE[name]})"
        for name in experiments
        if len(runs(name)) < COMPLETE[name]
    }
    if not lacking:
        return ""
    command = f"python -m alexnet_lib record {next(iter(lacking))}"
    others = ", and so on" if len(lacking) > 1 else ""
    return (
        f"not recorded yet: {', '.join(lacking.values())}; do so: {command}{others} "
        "(it tells how long that will take)"
    )


def against(values: Sequence[float], others: Sequence[float]) -> str:
    """What runs from several seeds say of two networks, and in which direction."""
    if min(len(values), len(others)) < FEWEST_RUNS:
        return f"not to be said before {FEWEST_RUNS} runs of each are recorded"
    if not apart(values, others):
        return "the ranges of the seeds overlap"
    return f"{'better' if min(values) > max(others) else 'worse'}, by every seed"


def moments(curve: Iterable[EpochResult], epochs_each: float = 1.0) -> list[Moment]:
    """A curve over seconds; rows without a training accuracy only add their seconds.

    epochs_each: what a row of the curve is of an epoch, for a live run in pieces.
    """
    seconds, found = 0.0, []
    for row in curve:
        seconds += row.seconds
        if row.train_accuracy is not None:
            epochs = row.epoch * epochs_each
            found.append(
                Moment(seconds, epochs, row.train_accuracy, row.valid_accuracy)
            )
    return found


def first_with(run: Sequence[Moment], accuracy: float) -> Moment | None:
    """The first moment of a run with at least this training accuracy, if any."""
    return next((m for m in run if m.train_accuracy >= accuracy), None)


def at_seconds(run: Sequence[Moment], seconds: float) -> Moment | None:
    """The last moment of a run that was reached within these seconds, if any."""
    within = [moment for moment in run if moment.seconds <= seconds]
    return within[-1] if within else None


def compare_at_equal_seconds(
    mine: Sequence[Moment], others: Mapping[str, Sequence[Sequence[Moment]]]
) -> list[str]:
    """A sentence for each group of runs: where it stood when mine ended, and when it
    was as far as mine.
    """
    if not mine:
        return []
    end = mine[-1]
    return [
        f"{name}: {_then(runs, end.seconds)}; {_until(runs, end.train_accuracy)}"
        for name, runs in others.items()
    ]


def _then(runs: Sequence[Sequence[Moment]], seconds: float) -> str:
    reached = [m.train_accuracy for run in runs if (m := at_seconds(run, seconds))]
    if not reached:
        return f"at {seconds:,.0f} s still in its first epoch"
    return f"at {seconds:,.0f} s {percent_range(reached)}"


def _until(runs: Sequence[Sequence[Moment]], accuracy: float) -> str:
    """When it was as far: known at the ends of epochs only."""
    found = [m.seconds for run in runs if (m := first_with(run, accuracy))]
    if not found:
        return "never as far as yours"
    which = f" in {len(found)} of {len(runs)} runs" if len(found) < len(runs) else ""
    return f"as far as yours at {range_text(found, ',.0f')} s{which}"


def overtaking(
    slow: Sequence[RunRecord], fast: Sequence[RunRecord], *_others: Sequence[RunRecord]
) -> str:
    """When the first run of `fast` was where the first of `slow` ended."""
    if not slow or not fast:
        return "the two long runs: not both recorded yet"
    *_, end = moments(slow[0].curve)
    others = moments(fast[0].curve)
    words = (
        f"{slow[0].recipe.name} ended at a training accuracy of "
        f"{percent_range([end.train_accuracy])} after {end.seconds / 3600:.1f} hours; "
        f"{fast[0].recipe.name} "
    )
    if passed := first_with(others, end.train_accuracy):
        return (
            f"{words}was there after epoch {passed.epochs:.0f}, "
            f"{passed.seconds / 3600:.1f} hours"
        )
    return f"{words}never came as far"


def percent_range(values: Sequence[float]) -> str:
    """'81.2 %' for one value, '80.1 to 81.2 %' for several, words for none."""
    if not values:
        return "not recorded yet"
    return f"{range_text([100 * value for value in values], '.1f')} %"


def range_text(values: Sequence[float], form: str) -> str:
    """Lowest to highest in this format, or one number where they look the same."""
    low, high = format(min(values), form), format(max(values), form)
    return low if low == high else f"{low} to {high}"
