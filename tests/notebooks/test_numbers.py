"""Numbers that stand in the text of a notebook are those that the library computes.

One line for each: the phrase as it stands there, with {} where a number is, and what
computes the numbers. A phrase that is no longer in the text fails, too.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from alexnet_lib.architecture.arithmetic import (
    LayerSummary,
    receptive_field,
    summarize,
    window_output_size,
)
from alexnet_lib.architecture.deep import WIDTH
from alexnet_lib.architecture.memory import GB, MB, stored_numbers, training_memory
from alexnet_lib.architecture.spec import Conv2d
from alexnet_lib.architecture.variants import (
    ALEXNET_2012,
    ALEXNET_D2L,
    ALEXNET_ONE_TOWER,
    ALEXNET_TORCHVISION,
    RACE_RELU,
    resized,
)
from alexnet_lib.classroom.source import read_source
from alexnet_lib.learning.checks.costs import CONV_CASES, RANDOM_CASES
from alexnet_lib.learning.checks.inputs import check_triples
from alexnet_lib.learning.hand_schedules import BIAS_RATE, HandRun
from alexnet_lib.learning.hand_schedules import RUNS as HAND
from alexnet_lib.learning.races import LOWEST_TARGET, recorded_race
from alexnet_lib.training import find_recipe

pytestmark = pytest.mark.notebooks
SOURCES = Path(__file__).resolve().parents[2] / "notebooks" / "source"
PAPER = {row.name: row for row in summarize(ALEXNET_2012)}
AT_224 = {row.name: row for row in summarize(resized(ALEXNET_2012, (3, 224, 224)))}
BOOK = {row.name: row for row in summarize(ALEXNET_D2L)}
TRAINING = training_memory(ALEXNET_2012)
KEPT = 128 * TRAINING.activations_per_image
Rows = Iterable[LayerSummary]


def params(rows: Rows, kind: str = "") -> int:
    return sum(row.num_params for row in rows if kind in ("", row.kind))


def share(of: Callable[[LayerSummary], int], kind: str) -> str:
    """What the layers of one kind have of the paper's network, as '96.2 %'."""
    rows = PAPER.values()
    part = sum(of(row) for row in rows if row.kind == kind)
    return f"{100 * part / sum(map(of, rows)):.1f}"


def weights(row: LayerSummary) -> int:
    return row.num_params


def work(row: LayerSummary) -> int:
    return row.macs


def others_keep() -> float:
    """Share of the kept activations that layers without weights put out."""
    kept = {row.name: stored_numbers(row) for row in PAPER.values()}
    weighted = sum(kept[row.name] for row in PAPER.values() if row.macs)
    return 1 - weighted / sum(kept.values())


def ways_to_55() -> set:
    """Exercise 2 of notebook 02."""
    return {
        (size, padding, rounding)
        for size in range(220, 233)
        for padding in range(4)
        for rounding in ("floor", "ceil")
        if window_output_size(size, 11, 4, padding, rounding) == 55
    }


def mnist_sides() -> list[int]:
    """Sides on 28 pixels, up to the map on which the network stops."""
    at_28 = [window_output_size(28, 11, 4, 1)]
    at_28.append(window_output_size(at_28[-1], 3, 2))
    at_28.append(window_output_size(at_28[-1], 5, 1, 2))
    return at_28


def first_unlike(run: HandRun) -> int:
    """The first epoch in which conv1 and the other layers had different rates."""
    pairs = zip(run.rates("conv1"), run.rates("conv2"), strict=True)
    return next(epoch for epoch, (first, other) in enumerate(pairs) if first != other)


NUMBERS: list[tuple[str, str, Callable[[], Iterable]]] = [
    # notebook, phrase, the numbers in it
    ("02", "the formula on the same pages gives {}.", lambda: [(224 - 11) / 4 + 1]),
    (
        "02",
        "Where {:,} and {:,} come from",
        lambda: [PAPER["fc6"].in_shape[0], AT_224["fc6"].in_shape[0]],
    ),
    (
        "02",
        "{1} maps of {2} x {2}, against {1} maps of {3} x {3}. One position more at "
        "conv1 ({4}, not {5}) has become one more at pool5, and {0:,} numbers more",
        lambda: [
            PAPER["fc6"].in_shape[0] - AT_224["fc6"].in_shape[0],
            *PAPER["pool5"].out_shape[:2],
            AT_224["pool5"].out_shape[1],
            PAPER["conv1"].out_shape[1],
            AT_224["conv1"].out_shape[1],
        ],
    ),
    ("02", "28 becomes {}, {}, {}, and a window of 3", mnist_sides),
    (
        "02",
        "Even behind the last pooling one number sees {} of the {} pixels.",
        lambda: [
            receptive_field(ALEXNET_2012, "pool5"),
            ALEXNET_2012.input_shape[1],
        ],
    ),
    (
        "03",
        "The check compares you with `numel` on {} layers.",
        lambda: [len(CONV_CASES) + RANDOM_CASES],
    ),
    (
        "03",
        "A weight of conv1 works at all {} x {} positions of its map.",
        lambda: PAPER["conv1"].out_shape[1:],
    ),
    (
        "03",
        'torchvision lists its AlexNet with {:.2f} "GFLOPS", and means multiply-adds',
        lambda: [sum(map(work, summarize(ALEXNET_TORCHVISION))) / 10**9],
    ),
    (
        "03",
        "Three linear layers hold {} % of the parameters and do {} % of the work.",
        lambda: [share(weights, "Linear"), share(work, "Linear")],
    ),
    (
        "03",
        "Five convolutions hold {} % and do {} %.",
        lambda: [share(weights, "Conv2d"), share(work, "Conv2d")],
    ),
    (
        "03",
        "Its grey piece, {} thirds of it, belongs to the *other layers*",
        lambda: [{2: "two"}.get(round(3 * others_keep()))],
    ),
    (
        "03",
        "only {:,} numbers come in (notebook 02), and {:,} go out",
        lambda: [BOOK["fc6"].in_shape[0], BOOK["fc6"].out_shape[0]],
    ),
    (
        "03",
        "the linear layers fetch {} % of the weights and use each once",
        lambda: [share(weights, "Linear")],
    ),
    (
        "03",
        "without groups it is {:.0f} million and {:.0f} %",
        lambda: [
            params(summarize(ALEXNET_ONE_TOWER)) / 10**6,
            100
            * params(summarize(ALEXNET_ONE_TOWER), "Linear")
            / params(summarize(ALEXNET_ONE_TOWER)),
        ],
    ),
    (
        "03",
        "is wrong by a factor of {:.1f}",
        lambda: [GB / 4 / params([PAPER["fc6"], PAPER["fc7"]])],
    ),
    (
        "03",
        "{:.0f} MB of activations against {:.0f} MB for three copies",
        lambda: [KEPT / MB, TRAINING.fixed / MB],
    ),
    (
        "03",
        "has {:.2f} GB left",
        lambda: [(3 * GB - TRAINING.total(128) - KEPT) / GB],
    ),
    ("04", "linear layers of {} outputs with one activation", lambda: [WIDTH]),
    (
        "04",
        "the first {:,} pictures of Fashion-MNIST, {} mini-batches an epoch",
        lambda: [
            recorded_race().train_images,
            {10: "ten"}.get(recorded_race().train_images // 128),
        ],
    ),
    (
        "04",
        "its convolutions have {}, {} and {} maps",
        lambda: [x.out_channels for x in RACE_RELU.layers if isinstance(x, Conv2d)],
    ),
    ("04", "(None: not within {})", lambda: [recorded_race().recipe.epochs]),
    ("04", "from {} to 0.5, not 0.25)", lambda: [LOWEST_TARGET]),
    (
        "07",
        "a picture of 28 x 28 is {} numbers, an enlarged one {:,}.",
        lambda: [28**2, 224**2],
    ),
    ("07", "is {:,} known mixtures of {} unknowns", lambda: [224**2, 28**2]),
    (
        "07",
        "asks for {:.0f} % on the right class instead of all",
        lambda: [100 - 90 * find_recipe("course").label_smoothing],
    ),
    (
        "11",
        "the first layer stood still for the last {} epochs.",
        lambda: [HAND["145"].rates("conv1").count(0.0)],
    ),
    (
        "11",
        "and an epoch of 2012 had over {:,}.",
        lambda: [1_200_000 // 128 // 1000 * 1000],
    ),
    (
        "11",
        'For the weights, "equal" holds until epoch {}.',
        lambda: [first_unlike(HAND["145"])],
    ),
    (
        "11",
        "weights in the beginning, and {:,.0f} times as fast in the end",
        lambda: [BIAS_RATE / HAND["145"].rate_at(91, "conv2")],
    ),
    (
        "11",
        "the effects reported are {:.1f} and {:.1f} points",
        lambda: [
            100 * (HAND[name].top1_error - HAND["145"].top1_error)
            for name in ("147", "148")
        ],
    ),
    (
        "11",
        "It also had {} more epochs",
        lambda: [HAND["145 again"].killed - HAND["145"].killed],
    ),
]


def text_of(number: str) -> str:
    """All text cells of a notebook's source, each run of white space one space."""
    (source,) = SOURCES.glob(f"{number}_*.py")
    cells = read_source(source).cells
    return " ".join(
        " ".join(c.source for c in cells if c.cell_type == "markdown").split()
    )


@pytest.mark.parametrize(("number", "phrase", "compute"), NUMBERS)
def test_the_text_has_the_number_that_is_computed(number, phrase, compute):
    assert phrase.format(*compute()) in text_of(number)


def test_there_are_thirty_ways_to_55():
    assert "Thirty." in text_of("02")
    assert len(ways_to_55()) == 30
    assert check_triples(ways_to_55()).status == "passed"
