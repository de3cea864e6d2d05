"""What notebook 07 says of recorded runs is what their records say."""

import json
import re
from pathlib import Path
from statistics import mean

import pytest

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.variants import find_variant, resized
from alexnet_lib.classroom.source import read_source
from alexnet_lib.learning import recorded
from alexnet_lib.learning.checks.curves import (
    accuracies_by_side,
    causes_by_letter,
    exceeds_the_seeds,
    without_labels,
)

pytestmark = pytest.mark.notebooks
ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "notebooks/source/07_the_long_run.py"
SICK = recorded.runs("sick")


def text() -> str:
    cells = read_source(SOURCE).cells
    return " ".join(" ".join(c.source.split()) for c in cells if c.cell_type != "code")


def test_the_solution_names_the_right_letters():
    [solution] = re.findall(r"A healthy.*?By eye", text())
    told = dict(re.findall(r"\b([A-F]) ([a-z ]+?)[,.]", solution))
    assert told == causes_by_letter(SICK)


def test_the_pair_can_be_told_apart_by_its_validation_losses():
    of = {cause: without_labels(SICK)[x] for x, cause in causes_by_letter(SICK).items()}
    pairs = zip(of["healthy"].curve, of["validated in train mode"].curve, strict=True)
    assert sum(b.valid_loss > a.valid_loss for a, b in pairs) >= 6  # of eight


def test_how_the_sick_runs_look():
    last = {x: run.curve[-1] for x, run in without_labels(SICK).items()}
    of = {cause: last[x] for x, cause in causes_by_letter(SICK).items()}
    low, high = of["rate too low"], of["rate too high"]
    assert high.train_accuracy < 0.12  # guessing
    assert low.train_accuracy < 0.3 < low.valid_accuracy  # dropout hides it
    by_heart = of["overfitting"], of["shuffled labels"]
    assert all(row.train_accuracy > 0.99 for row in by_heart)
    assert by_heart[0].valid_accuracy > 0.8
    assert by_heart[1].valid_accuracy < 0.15
    few = [run.train_images for run in without_labels(SICK).values()]
    assert sorted(few)[:3] == [2200, 2200, 11000]


def test_112_pixels_take_less_work_than_28():
    fitted = find_variant("ALEXNET_QUARTER_BN_28")
    at_112 = resized(find_variant("ALEXNET_QUARTER_BN"), (1, 112, 112))
    work = [sum(row.macs for row in summarize(spec)) for spec in (at_112, fitted)]
    assert work[0] < work[1]


def test_what_224_pixels_buy():
    sides = accuracies_by_side(recorded.runs("resolution", "quick").values())
    for side in (28, 56, 112):
        assert exceeds_the_seeds(sides[side], sides[224]) == "yes"
        assert mean(sides[side]) < mean(sides[224])
    assert mean(sides[224]) - mean(sides[28]) < 0.005
    assert max(sides[112]) < min(min(sides[side]) for side in (28, 56, 224))
    said = text()
    assert "224 pixels are ahead of all, and ahead of 28 by less than half a" in said
    assert "112 pixels come last, with the first layer that 224 has" in said


def test_no_other_side_has_as_many_places_as_224():
    fitted = {28: "ALEXNET_QUARTER_BN_28", 56: "ALEXNET_QUARTER_BN_56"}
    places = {}
    for side in (28, 56, 112, 224):
        spec = find_variant(fitted.get(side, "ALEXNET_QUARTER_BN"))
        places[side] = summarize(resized(spec, (1, side, side)))[0].out_shape[1:]
    assert places.pop(224) == (54, 54)
    assert max(places.values()) == (28, 28)
    assert "54 x 54 of them, no other at more than 28 x 28" in text()


@pytest.mark.parametrize("experiment", ["constant", "parts"])
def test_each_schedule_has_the_best_of_its_rates_and_it_is_no_edge(experiment):
    found = json.loads((ROOT / f"data/runs/rates/{experiment}.json").read_text())
    rates = {float(r): a for r, a in found["valid_accuracy"]["ALEXNET_QUARTER"].items()}
    assert "neither was the largest or the smallest of these" in text()
    assert {len(seeds) for seeds in rates.values()} == {1}
    best = max(rates, key=lambda rate: rates[rate][0])
    assert min(rates) < best < max(rates)
    runs = recorded.runs(experiment).values()
    own = {r.recipe.learning_rate for r in runs if r.variant == "ALEXNET_QUARTER"}
    assert own == {best}


def test_as_many_places_do_as_well_on_56_pixels():
    control = [run.test_accuracy for run in recorded.runs("places").values()]
    sides = accuracies_by_side(recorded.runs("resolution", "quick").values())
    assert exceeds_the_seeds(control, sides[224]) == "no"
    assert min(control) > max(sides[28] + sides[56])  # it is the places, not chance
    dense, book = (
        summarize(find_variant(name))
        for name in ("ALEXNET_QUARTER_BN_56_DENSE", "ALEXNET_QUARTER_BN")
    )
    assert dense[0].out_shape == book[0].out_shape == (24, 54, 54)
    assert [row.out_shape for row in dense] == [row.out_shape for row in book]
    assert "56 pixels with a smaller window have as many" in text()
