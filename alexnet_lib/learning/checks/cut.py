"""Check of notebook 08: channels that speak for a class, judged on unseen pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import DataSet
from alexnet_lib.inside.surgery import behind, forgotten
from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo
from alexnet_lib.learning.shipped import activations_of

LAYER = "pool5"  # the last maps; its channels are those of conv5
SHARE = 16  # one channel in so many may be cut
TO_CHOOSE, TO_JUDGE = 600, 1_000  # training pictures, and test pictures
LEAST, TIMES = 0.01, 3  # own loss in accuracy, and how often that of the others

Pick = Callable[[Tensor, Tensor, int, int], Sequence[int]]


@dataclass(frozen=True)
class Table:
    """What an operation needs: maps to choose by, others to judge by, and the rest."""

    rest: nn.Sequential
    maps: Tensor  # (N, C, h, w)
    labels: Tensor
    unseen_maps: Tensor
    unseen_labels: Tensor

    @property
    def count(self) -> int:
        """How many channels may be cut."""
        return max(1, self.maps.shape[1] // SHARE)


def prepare_table(network: LoadedModel, pictures: DataSet) -> Table:
    """Training pictures to choose by, test pictures to judge by; takes seconds."""
    few, others = pictures.train_images[:TO_CHOOSE], pictures.test_images[:TO_JUDGE]
    chosen, judged = (activations_of(network, x, [LAYER])[LAYER] for x in (few, others))
    return Table(
        rest=behind(network.model, LAYER),
        maps=chosen,
        labels=pictures.train_labels[:TO_CHOOSE],
        unseen_maps=judged,
        unseen_labels=pictures.test_labels[:TO_JUDGE],
    )


# --- how a cut is chosen: one right way, and some wrong ones --------------------------
def _activity(maps: Tensor) -> Tensor:
    return maps.flatten(2).mean(dim=2)  # (N, C)


def _preference(maps: Tensor, labels: Tensor, target: int) -> Tensor:
    """How much more active each channel is for this class than for the others."""
    activity = _activity(maps)
    own = activity[labels == target].mean(dim=0)
    return own - activity[labels != target].mean(dim=0)


def pick_channels(
    maps: Tensor, labels: Tensor, target: int, count: int
) -> Sequence[int]:
    """The channels that this class excites more than the others do."""
    return _preference(maps, labels, target).topk(count).indices.tolist()


def loudest(maps: Tensor, labels: Tensor, target: int, count: int) -> list[int]:
    return _activity(maps).mean(dim=0).topk(count).indices.tolist()


def loudest_for_it(maps: Tensor, labels: Tensor, target: int, count: int) -> list[int]:
    activity = _activity(maps)[labels == target].mean(dim=0)
    return activity.topk(count).indices.tolist()


def quietest(maps: Tensor, labels: Tensor, target: int, count: int) -> list[int]:
    return (-_preference(maps, labels, target)).topk(count).indices.tolist()


def first_ones(maps: Tensor, labels: Tensor, target: int, count: int) -> list[int]:
    return list(range(count))


def of_the_next_class(
    maps: Tensor, labels: Tensor, target: int, count: int
) -> Sequence[int]:
    classes = labels.unique().tolist()
    other = classes[(classes.index(target) + 1) % len(classes)]
    return pick_channels(maps, labels, other, count)


CUT_MISTAKES: dict[str, tuple[str, Pick]] = {
    "loudest": (
        "the loudest channels of all were its own: what is loud for every class speaks "
        "for none",
        loudest,
    ),
    "loudest for the class": (
        "what is loud for the class were its own: is it as loud for the others?",
        loudest_for_it,
    ),
    "quietest": (
        "you sorted the wrong way round: these are quieter for the class",
        quietest,
    ),
    "no choice": ("the class did not matter", first_ones),
    "another class": ("you chose for another class than `target`", of_the_next_class),
}


# --- the judgement --------------------------------------------------------------------
def losses(table: Table, pick: Pick) -> tuple[float, float]:
    """Accuracy lost on unseen pictures: by the class that is cut, by the other nine.

    Each class in turn is the one to forget; these are the means.
    """
    own, others = [], []
    for target in table.labels.unique().tolist():
        cut = pick(table.maps, table.labels, target, table.count)
        told = forgotten(table.rest, table.unseen_maps, table.unseen_labels, list(cut))
        lost = {label: before - after for label, (before, after) in told.items()}
        own.append(lost.pop(target, 0.0))
        others.append(sum(lost.values()) / max(1, len(lost)))
    return sum(own) / len(own), sum(others) / len(others)


@exercise("pick_channels")
def check_pick_channels(
    student: Pick, network: LoadedModel, pictures: DataSet
) -> CheckResult:
    """`pick_channels(maps, labels, target, count)`: what to cut to forget a class."""
    if complaint := _try_out(student):
        return complaint
    return judge(student, prepare_table(network, pictures))


def _try_out(student: Any) -> CheckResult | None:
    """On random maps, before anything slow: is it written, does it give channels?"""
    if not callable(student):
        return failed(
            f"pick_channels should be a function, not {type(student).__name__}"
        )
    draw = torch.Generator().manual_seed(0)
    maps, labels = torch.rand(30, 8, 3, 3, generator=draw), torch.arange(30) % 3
    try:
        answer = student(maps, labels, 1, 2)
    except NotImplementedError:
        return todo("write the body of pick_channels, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"pick_channels raised {type(error).__name__}: {error}")
    return _no_cut(answer, 8, 2)


def _no_cut(answer: Any, num_channels: int, count: int) -> CheckResult | None:
    if answer is None or answer is Ellipsis:
        return failed(f"pick_channels gave {answer}: does it end with a return?")
    if type(answer) not in (list, tuple, Tensor):
        kind = type(answer).__name__
        return failed(f"pick_channels should give a list of channels, not {kind}")
    channels = answer.tolist() if type(answer) is Tensor else list(answer)
    scalars = [c.item() if type(c) is Tensor and c.ndim == 0 else c for c in channels]
    if not all(type(c) is int for c in scalars):
        return failed("pick_channels should give whole numbers, one for each channel")
    channels = [int(c) for c in channels]
    if len(set(channels)) != count or len(channels) != count:
        return failed(
            f"pick_channels gave {len(set(channels))} different channels of {count}"
        )
    if not all(0 <= c < num_channels for c in channels):
        return failed(
            f"pick_channels gave a channel that is not there: they are 0 to "
            f"{num_channels - 1}"
        )
    return None


def judge(student: Pick, table: Table) -> CheckResult:
    """What the cuts cost on unseen pictures; a known mistake is named."""
    cuts = {}
    for target in table.labels.unique().tolist():
        cut = student(table.maps, table.labels, target, table.count)
        if complaint := _no_cut(cut, table.maps.shape[1], table.count):
            return complaint
        cuts[target] = [int(c) for c in cut]
    for name, (says, wrong) in CUT_MISTAKES.items():
        if all(
            set(cut) == set(wrong(table.maps, table.labels, target, table.count))
            for target, cut in cuts.items()
        ):
            return failed(f"your function behaves as if {says}.", name)
    own, others = losses(table, lambda _maps, _labels, target, _count: cuts[target])
    words = (
        f"on {len(table.unseen_labels):,} unseen pictures, without {table.count} of "
        f"{table.maps.shape[1]} channels, the class to forget loses {100 * own:.1f} "
        f"points of accuracy and the others {100 * others:.1f}"
    )
    if own >= LEAST and own >= TIMES * others:
        return passed(words)
    return failed(
        f"{words}; wanted: at least {100 * LEAST:.0f}, and {TIMES} times the others'"
    )
