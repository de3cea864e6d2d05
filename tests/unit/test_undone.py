"""The runs with one thing undone, in both states: recorded, and not recorded yet.

What is made up here lies in a folder of the test and is shipped nowhere.
"""

import pytest

from alexnet_lib import widgets
from alexnet_lib.commands.experiments_colour import MODERN, UNDONE
from alexnet_lib.learning import recorded, undone
from alexnet_lib.learning.undone import PARTS, Effect
from alexnet_lib.widgets.deck import AblationDeck
from tests.unit.made_up import make_up_runs

MADE_UP = {
    "nothing": (0.80, 0.81, 0.82),
    "batch_norm": (0.70, 0.71, 0.72),
    "average": (0.81, 0.82, 0.83),
    "full_rank": (0.78, 0.79, 0.80),
    "small_stem": (0.75, 0.77, 0.79),
    "augmentation": (0.805, 0.815, 0.83),
    "decay": (0.83, 0.84, 0.85),
    "schedule": (0.79, 0.80, 0.81),
}


def test_the_parts_are_those_that_are_undone():
    assert MADE_UP.keys() == UNDONE.keys()
    assert {name for name, _ in PARTS.values()} == UNDONE.keys() - {undone.NOTHING}
    assert {other for _, other in PARTS.values()} <= UNDONE.keys()
    assert recorded.COMPLETE[undone.EXPERIMENT] == len(MODERN.runs)


def test_runs_are_grouped_by_what_their_names_say(tmp_path, monkeypatch):
    make_up_runs(tmp_path, monkeypatch, MADE_UP)
    assert recorded.missing("modern") == ""
    assert undone.accuracies() == {name: list(each) for name, each in MADE_UP.items()}
    effects = {effect.part: effect for effect in undone.effects()}
    assert list(effects) == list(PARTS)
    norm = effects["batch normalisation"]
    assert norm.lost == pytest.approx((8, 12))
    assert norm.matters
    assert norm.verdict == "worse, by every seed"
    decay = effects["weight decay"]
    assert decay.lost == pytest.approx((-5, -1))
    assert (decay.matters, decay.verdict) == (False, "better, by every seed")
    rate = effects["falling rate"]
    assert not rate.matters
    assert rate.verdict == "the ranges of the seeds overlap"
    # low rank is compared with the full rank, not with the average
    assert effects["full rank of fc6 and fc7"].with_it == (0.81, 0.82, 0.83)


def test_without_runs_there_is_a_line_and_no_bet(tmp_path, monkeypatch):
    make_up_runs(tmp_path, monkeypatch, {})
    assert undone.effects() == []
    deck = widgets.ablation_deck()
    assert not isinstance(deck, AblationDeck)
    line = "no deck yet: nothing to bet on before all of its runs are recorded"
    assert (repr(deck), deck._repr_html_()) == (line, f"<p>{line}</p>")
    assert recorded.missing("modern") == (
        "not recorded yet: modern (0 of 24); do so: "
        "python -m alexnet_lib record modern (it tells how long that will take)"
    )


def test_with_one_run_missing_there_is_no_bet_either(tmp_path, monkeypatch):
    fewer = MADE_UP | {"decay": MADE_UP["decay"][:2]}
    make_up_runs(tmp_path, monkeypatch, fewer)
    assert not isinstance(widgets.ablation_deck(), AblationDeck)
    assert "modern (23 of 24)" in recorded.missing("modern")


def test_an_effect_of_equal_runs_is_none():
    same = Effect("x", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    assert same.lost == (0, 0)
    assert not same.matters
