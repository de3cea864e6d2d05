"""Numbers that stand in the text of notebook 13, and its section 6 in both states."""

import re
from pathlib import Path

import pytest

from alexnet_lib import learning, widgets
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.small_pictures import FC_WIDTH, RANK
from alexnet_lib.architecture.spec import BatchNorm2d, LocalResponseNorm
from alexnet_lib.architecture.variants import (
    ALEXNET_2012,
    ALEXNET_SMALL_32,
    ALEXNET_SMALL_32_FC,
    ALEXNET_TORCHVISION,
    find_variant,
)
from alexnet_lib.classroom.source import read_source
from alexnet_lib.commands.experiments_colour import MODERN, UNDONE
from alexnet_lib.figures import curves, show
from alexnet_lib.learning import recorded, undone
from alexnet_lib.learning.checks import budget_game
from alexnet_lib.learning.checks.modern_costs import for_cifar
from alexnet_lib.learning.content import prediction
from alexnet_lib.training import find_recipe
from alexnet_lib.widgets.deck import STEP, AblationDeck, count_votes
from alexnet_lib.widgets.deck_drawing import CHIPS_IN_ALL
from tests.notebooks.test_numbers import SOURCES, share, text_of
from tests.unit.made_up import make_up_runs
from tests.unit.test_undone import MADE_UP

pytestmark = pytest.mark.notebooks
LARGE, SMALL = (
    {row.name: row for row in summarize(for_cifar(stem))} for stem in (False, True)
)
RECIPE = find_recipe("modern")
WORDS = {4: "four", 6: "six", 7: "Seven"}


def macs(rows) -> int:
    return sum(row.macs for row in rows)


def params(rows) -> int:
    return sum(row.num_params for row in rows)


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("A picture has {} times fewer pixels", [(224 // 32) ** 2]),
        ("hands on maps of {0} x {0}", [SMALL["conv1"].out_shape[1]]),
        ("the large one handed on {0} x {0}", [LARGE["conv1"].out_shape[1]]),
        ("{0} x {0} places reach the **average", [SMALL["pool5"].out_shape[1]]),
        ("made for {0} x {0}. It cannot invent", [LARGE["pool5"].out_shape[1]]),
        ("reach fc6, which has {:,} inputs", [LARGE["fc6"].in_shape[0]]),
        (
            "hold {} % of the paper's parameters",
            [share(lambda r: r.num_params, "Linear")],
        ),
        ("fc6 and fc7 put out {:,} numbers", [FC_WIDTH]),
        ("fc6 and fc7 at rank {}, compared", [RANK]),
        ("the rate is {:g} and not {:g}", [0.02, RECIPE.learning_rate]),
        ("All CIFAR-10 pictures, {} epochs, three", [WORDS[RECIPE.epochs]]),
        ("see all pictures, for {} epochs", [WORDS[RECIPE.epochs]]),
        ("{} parts, each **undone** once", [WORDS[len(undone.PARTS)]]),
        ("At most **{:,} numbers kept**", [budget_game.MOST.parameters]),
        ("**{:,} multiply-adds** for one picture", [budget_game.MOST.macs]),
    ],
)
def test_the_text_has_the_number_that_is_computed(phrase, numbers):
    assert phrase.format(*numbers) in text_of("13")


def test_what_the_text_says_in_words():
    text = text_of("13")
    ratio = macs(LARGE.values()) / macs(SMALL.values())
    assert 2.5 < ratio < 3.5
    assert "the work is only a third" in text
    assert prediction("13-stem")["options"][0] == "about 3 times"
    gone = params(LARGE.values()) - params(SMALL.values())
    assert 0 < gone < 0.001 * params(LARGE.values())
    assert "hardly a parameter is gone" in text
    places = SMALL["pool5"].out_shape[1] ** 2 / LARGE["pool5"].out_shape[1] ** 2
    assert places == 1 / 4
    assert "Three quarters of fc6's inputs are copies" in text
    dense, average = (
        summarize(spec) for spec in (ALEXNET_SMALL_32_FC, ALEXNET_SMALL_32)
    )
    assert 0.88 < 1 - params(average) / params(dense) < 0.92
    assert 0.09 < 1 - macs(average) / macs(dense) < 0.13
    assert "Nine tenths of the parameters go, and a tenth of the work" in text
    assert "which is not the paper's (notebook 02): 64 kernels in conv1, no LRN" in text
    kinds = {type(layer) for layer in ALEXNET_TORCHVISION.layers}
    assert not kinds & {LocalResponseNorm, BatchNorm2d}
    assert LocalResponseNorm in {type(layer) for layer in ALEXNET_2012.layers}


def test_the_recorded_runs_are_what_the_text_says():
    assert {job.recipe.epochs for job in MODERN.runs.values()} == {RECIPE.epochs}
    assert {job.train_limit for job in MODERN.runs.values()} == {None}
    assert find_variant(UNDONE["small_stem"][0]).input_shape == (3, 112, 112)
    smaller = {
        name for name, (_, change) in UNDONE.items() if "learning_rate" in change
    }
    assert smaller == {"batch_norm", "schedule"}
    assert {UNDONE[name][1]["learning_rate"] for name in smaller} == {0.02}
    assert not MODERN.rates, "the text says that no rate was searched"
    assert (RECIPE.augmentation, RECIPE.decay_on) == ("flip_crop", "weights")
    assert CHIPS_IN_ALL == 100
    assert STEP == 5
    line = re.search(r"`(Ada: [\d ]+)`", text_of("13"))
    assert count_votes(line[1], len(undone.PARTS)).voters == 1
    assert budget_game.MOST_EPOCHS == 3


def test_one_training_at_rank_32_died_as_the_text_says():
    text = text_of("13")
    runs = recorded.runs("modern")
    lowest = {
        name: min(c.train_accuracy for c in runs[name].curve[1:]) for name in runs
    }
    (died,) = [name for name, accuracy in lowest.items() if accuracy < 0.11]
    assert died.startswith("modern_without_full_rank")
    first, *rest = (each.train_accuracy for each in runs[died].curve)
    assert first > 0.2
    assert max(rest) < 0.13
    assert runs[died].test_accuracy == pytest.approx(0.10)
    assert RANK == 32
    assert "at rank 32 one training of three fell back to 10 % in its second" in text


# --- section 6 with and without records -----------------------------------------------
def cells_from(beginning: str, number: int) -> list[str]:
    """The sources of some code cells, from the first one that begins so."""
    [path] = Path(SOURCES).glob("13_*.py")
    code = [cell.source for cell in read_source(path).cells if cell.cell_type == "code"]
    first = next(i for i, source in enumerate(code) if source.startswith(beginning))
    return code[first : first + number]


def run_cells(*sources: str) -> dict:
    import matplotlib.pyplot as plt

    rows = {"fc6 and fc7": ALEXNET_SMALL_32_FC, "average": ALEXNET_SMALL_32}
    work = {name: macs(summarize(spec)) for name, spec in rows.items()}
    names = {
        "recorded": recorded,
        "undone": undone,
        "widgets": widgets,
        "learning": learning,
        "curves": curves,
        "show": show,
        "plt": plt,
        "left": 0.09,
        "work": work,
    }
    for source in sources:
        *lines, last = source.rstrip().split("\n")
        if last.endswith("()") and not last.startswith(" "):  # what the cell shows
            source = "\n".join(
                [*lines, f"shown_{last.strip('()').split('.')[-1]} = {last}"]
            )
        exec(source, names)
    return names


DECK = cells_from('print(recorded.missing("modern")', 3)
LEDGER = cells_from("found = {effect.part: effect", 1)


def test_without_records_there_is_a_line_no_bet_and_no_figure(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("ALEXNET_PROGRESS", str(tmp_path / "progress.json"))
    make_up_runs(tmp_path / "runs", monkeypatch, {})
    found = run_cells(*DECK, *LEDGER)
    said = capsys.readouterr().out
    assert said.startswith(
        "not recorded yet: modern (0 of 24); do so: python -m alexnet_lib record modern"
    )
    assert not isinstance(found["shown_ablation_deck"], AblationDeck)
    assert found["shown_seed_ranges"] is None
    assert "nothing to draw before the runs are recorded" in said
    row = learning.ledger().rows["big FC layers"]
    assert row["buys"] == "runs not recorded yet"
    assert "is open" in row["verdict"]


def test_with_records_there_are_deck_ranges_and_a_verdict(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("ALEXNET_PROGRESS", str(tmp_path / "progress.json"))
    make_up_runs(tmp_path / "runs", monkeypatch, MADE_UP)
    found = run_cells(*DECK, *LEDGER)
    said = capsys.readouterr().out
    assert said.startswith("all runs of this comparison are recorded")
    assert isinstance(found["shown_ablation_deck"], AblationDeck)
    assert "without weight decay: better, by every seed" in said
    assert "all parts 80 to 82" in found["shown_seed_ranges"].alt
    row = learning.ledger().rows["big FC layers"]
    assert row["buys"] == "with them 81.0 to 83.0 %, average 80.0 to 82.0 %"
    assert "the ranges of the seeds overlap" in row["verdict"]
