"""The recorded runs of notebook 13: one thing undone in each, three seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alexnet_lib.learning import recorded
from alexnet_lib.training.records import RunRecord

EXPERIMENT = "modern"
NOTHING = "nothing"  # the modernised network itself
# part: (the runs without it, the runs they are compared with)
PARTS: dict[str, tuple[str, str]] = {
    "batch normalisation": ("batch_norm", NOTHING),
    "average, not fc6 and fc7": ("average", NOTHING),
    "small first layer": ("small_stem", NOTHING),
    "augmentation": ("augmentation", NOTHING),
    "weight decay": ("decay", NOTHING),
    "falling rate": ("schedule", NOTHING),
    "full rank of fc6 and fc7": ("full_rank", "average"),
}


@dataclass(frozen=True)
class Effect:
    """What a part does: test accuracies, from 0 to 1, without it and with it."""

    part: str
    without: tuple[float, ...]
    with_it: tuple[float, ...]

    @property
    def lost(self) -> tuple[float, float]:
        """Least and most that any two runs differ by, in points; below 0 is gained."""
        least = min(self.with_it) - max(self.without)
        most = max(self.with_it) - min(self.without)
        return 100 * least, 100 * most

    @property
    def verdict(self) -> str:
        """Of the runs without the part, against those with it."""
        return recorded.against(self.without, self.with_it)

    @property
    def matters(self) -> bool:
        """Whether undoing it costs accuracy by every seed."""
        return self.lost[0] > 0


def accuracies(runs: Mapping[str, RunRecord] | None = None) -> dict[str, list[float]]:
    """What was undone: the test accuracies recorded so far, by seed; perhaps none."""
    found = recorded.runs(EXPERIMENT) if runs is None else runs
    groups: dict[str, list[float]] = {}
    for name in sorted(found):
        undone = name.removeprefix(f"{EXPERIMENT}_without_").rpartition("_seed")[0]
        groups.setdefault(undone, []).append(found[name].test_accuracy)
    return groups


def effects(groups: Mapping[str, Sequence[float]] | None = None) -> list[Effect]:
    """One for each part; none at all until every part has its runs."""
    found = accuracies() if groups is None else groups
    needed = {name for pair in PARTS.values() for name in pair}
    if any(len(found.get(name, ())) < recorded.FEWEST_RUNS for name in needed):
        return []
    return [
        Effect(part, tuple(found[without]), tuple(found[with_it]))
        for part, (without, with_it) in PARTS.items()
    ]
