"""The fair race: the comparison is judged, not who wins."""

from dataclasses import replace
from statistics import mean, median

import pytest

from alexnet_lib.learning.checks import fairness
from alexnet_lib.learning.races import RACERS, Race, recorded_race
from tests.unit.checking import EqualInt, EqualsEverything, assert_check_is_fair
from tests.unit.races import made_up_race

MADE_UP = made_up_race()


@pytest.fixture(autouse=True)
def _made_up(monkeypatch):
    monkeypatch.setattr(fairness, "recorded_race", lambda: MADE_UP)


def fair_at(target: float, race: Race = MADE_UP) -> dict:
    rates = {a: race.own_rate(a, target) for a in RACERS}
    epochs = {a: race.epochs(a, rates[a], target, race.seeds) for a in RACERS}
    ratio = median(epochs["tanh"]) / median(epochs["ReLU"])
    return {"target": target, "rates": rates, "epochs": epochs, "ratio": ratio}


FAIR = fair_at(0.2)
OPEN = {
    "target": None,
    "rates": dict.fromkeys(RACERS),
    "epochs": dict.fromkeys(RACERS),
    "ratio": None,
}


def changed(key: str, **parts) -> dict:
    return FAIR | {key: FAIR[key] | parts}


def epochs_like(of) -> dict:
    return FAIR | {"epochs": {a: of(a) for a in RACERS}}


def rate_seed_epochs(activation: str) -> list:
    rate = FAIR["rates"][activation]
    return MADE_UP.epochs(activation, rate, 0.2, MADE_UP.rate_seeds)


def test_fair():
    tanh, relu = FAIR["epochs"]["tanh"], FAIR["epochs"]["ReLU"]
    assert tanh == [9, 27, 15]
    assert_check_is_fair(
        fairness.check_fair,
        right=[
            FAIR,
            fair_at(0.3),
            fair_at(0.4)
            | {"epochs": {a: (*n,) for a, n in fair_at(0.4)["epochs"].items()}},
            FAIR | {"ratio": round(FAIR["ratio"], 2)},
        ],
        wrong={
            "percent for a share": FAIR | {"target": 25},
            "accuracy for error": FAIR | {"target": 0.75},
            "the page's target": fair_at(0.25),
            "one rate for all": FAIR | {"rates": dict.fromkeys(RACERS, 0.05)},
            "chosen by the race": changed("rates", ReLU=0.05),
            "chosen by one seed": changed("rates", ReLU=0.1),
            "not its own best": changed("rates", tanh=0.03),
            "one number": changed("epochs", tanh=15),
            "seeds left out": changed("epochs", tanh=tanh[:1]),
            "rate seeds": epochs_like(rate_seed_epochs),
            "counted from 0": epochs_like(lambda a: [n - 1 for n in FAIR["epochs"][a]]),
            "another target": FAIR | {"epochs": fair_at(0.25)["epochs"]},
            "inverted": FAIR | {"ratio": 1 / FAIR["ratio"]},
            "best runs": FAIR | {"ratio": min(tanh) / min(relu)},
            "means": FAIR | {"ratio": mean(tanh) / mean(relu)},
            "the paper's": FAIR | {"ratio": 6},
        },
        todo=OPEN,
    )


def test_who_wins_does_not_matter(monkeypatch):
    """The same answers with ReLU's and tanh's runs exchanged are fair, too."""
    swap = {"RACE_RELU": "RACE_TANH", "RACE_TANH": "RACE_RELU"}
    runs = [replace(r, variant=swap.get(r.variant, r.variant)) for r in MADE_UP.runs]
    other = replace(MADE_UP, runs=tuple(runs))
    monkeypatch.setattr(fairness, "recorded_race", lambda: other)
    result = fairness.check_fair(fair_at(0.2, other))
    assert result.status == "passed"
    assert "whoever wins it" in result.message
    assert fair_at(0.2, other)["ratio"] > 1 > FAIR["ratio"]


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        (FAIR | {"target": None}, "todo", "set fair['target'] first"),
        (changed("rates", tanh=None), "todo", "fair['rates']['tanh'] is still open"),
        (changed("epochs", ReLU=None), "todo", "fair['epochs']['ReLU'] is still open"),
        (FAIR | {"ratio": None}, "todo", "right so far; fair['ratio'] is still open"),
        (
            [1],
            "failed",
            "fair should be a dict with the keys target, rates, epochs, ra",
        ),
        ({"target": 0.2}, "failed", "fair should be a dict with the keys target"),
        (FAIR | {"target": 0.05}, "failed", "can be compared from 0.1 to 0.5"),
        (
            FAIR | {"target": 0.25},
            "failed",
            "that race is on the page already; choose another, from 0.1 to 0.5",
        ),
        (FAIR | {"target": [0.2]}, "failed", "should be one number for all, not list"),
        (FAIR | {"target": True}, "failed", "should be one number for all, not bool"),
        (FAIR | {"rates": 0.05}, "failed", "fair['rates'] should have the keys ReLU"),
        (changed("rates", tanh="0.05"), "failed", "should be a number, not str"),
        (changed("rates", tanh=0.7), "failed", "tanh was not run at 0.7, but at 0.03,"),
        (
            changed("epochs", tanh=[9, 9, 9]),
            "failed",
            "fair['epochs']['tanh']: these are",
        ),
        (
            changed("epochs", tanh=[EqualInt(1)] * 3),
            "failed",
            "should hold whole numbers of epochs",
        ),
        (
            changed("rates", tanh=EqualsEverything()),
            "failed",
            "should be a number, not EqualsEverything",
        ),
        (
            FAIR | {"ratio": 3.5},
            "failed",
            "that is another number. Hint: median of tan",
        ),
        (FAIR | {"ratio": "1"}, "failed", "it should be a number, not str"),
    ],
)
def test_messages(answer, status, message):
    result = fairness.check_fair(answer)
    assert result.status == status
    assert message in result.message


@pytest.mark.parametrize("target", [0.1, 0.12, 0.15, 0.2, 0.3, 0.4, 0.5])
def test_any_other_target_can_be_run_on_the_shipped_race(monkeypatch, target):
    monkeypatch.setattr(fairness, "recorded_race", recorded_race)
    fair = fair_at(target, recorded_race())
    assert fairness.check_fair(fair).status == "passed"
