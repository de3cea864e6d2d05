"""The race: its record, how rates are chosen, and the command that runs it."""

import json
import re
from dataclasses import replace

import pytest
import torch

from alexnet_lib import data
from alexnet_lib.__main__ import main
from alexnet_lib.commands import race as command
from alexnet_lib.learning.races import (
    FILE,
    LOWEST_TARGET,
    RACERS,
    epochs_to,
    load_race,
    recorded_race,
    save_race,
)
from alexnet_lib.runtime import course_file
from tests.unit.races import ARRIVALS, made_up_race

RACE = made_up_race()


@pytest.mark.parametrize("activation", RACERS)
def test_epochs_are_those_it_was_made_of(activation):
    assert RACE.rates(activation) == tuple(ARRIVALS[activation])
    for rate, (rate_seeds, seeds) in ARRIVALS[activation].items():
        assert RACE.epochs(activation, rate, 0.25, RACE.rate_seeds) == rate_seeds
        assert RACE.epochs(activation, rate, 0.25, RACE.seeds) == seeds


def test_the_own_rate_goes_by_the_mean_of_the_rate_seeds():
    own = {activation: RACE.own_rate(activation, 0.25) for activation in RACERS}
    assert own == {"ReLU": 0.03, "tanh": 0.05, "sigmoid": 0.1}


def test_a_rate_at_which_one_seed_never_arrives_is_out():
    slow = [
        replace(run, errors=(0.5,) * 3) if run.learning_rate in (0.1, 0.2) else run
        for run in RACE.runs
    ]
    race = replace(RACE, runs=tuple(slow))
    with pytest.raises(
        ValueError, match=r"sigmoid .* 0\.25 at no rate .* higher target$"
    ):
        race.own_rate("sigmoid", 0.25)


def test_the_first_epoch_is_number_one():
    assert epochs_to([0.2, 0.1], 0.25) == 1
    assert epochs_to([0.3, 0.25, 0.4], 0.25) == 2
    assert epochs_to([0.3], 0.25) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: RACE.rates("relu"), "no racer 'relu': they are ReLU, tanh, sigmoid"),
        (
            lambda: RACE.find("tanh", 0.2, 0),
            "no run of tanh at rate 0.2 from seed 0: the rates are 0.03, 0.05, 0.1; "
            "the seeds [100, 101, 102] and [0, 1, 2]",
        ),
        (
            lambda: RACE.epochs("tanh", 0.05, 0.05, [0]),
            "target is 0.05: the runs were stopped at 0.1, choose from there up to 1",
        ),
        (lambda: RACE.epochs("tanh", 0.05, 1, [0]), "target is 1: the runs were"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        call()


def test_a_race_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "race" / "one.json"
    save_race(path, RACE)
    assert load_race(path) == RACE
    assert [p.name for p in path.parent.iterdir()] == ["one.json"]
    runs = [line for line in path.read_text().splitlines() if "RACE_" in line]
    assert len(runs) == len(RACE.runs)


def test_what_is_no_race_is_named(tmp_path):
    path = tmp_path / "race.json"
    save_race(path, RACE)
    whole = json.loads(path.read_text())
    faults = ["[]", "{", json.dumps(whole | {"format": "other"}), json.dumps({})]
    faults.append(json.dumps({k: v for k, v in whole.items() if k != "seeds"}))
    faults.append(json.dumps(whole | {"colour": "red"}))
    faults.append(json.dumps(whole | {"runs": [{"variant": "RACE_RELU"}]}))
    for text in faults:
        path.write_text(text)
        with pytest.raises(ValueError, match=r"race\.json is no recorded race \("):
            load_race(path)


# --- the command ----------------------------------------------------------------------
def noise(source: str) -> data.DataSet:
    """Forty pictures of noise."""
    draw = torch.Generator().manual_seed(0)
    images = torch.randint(256, (40, 1, 28, 28), generator=draw, dtype=torch.uint8)
    labels = torch.arange(40) % 10
    return data.DataSet(
        name="FashionMNIST",
        source=source,
        note="forty pictures of noise",
        class_names=data.CLASS_NAMES["FashionMNIST"],
        train_images=images,
        train_labels=labels,
        test_images=images,
        test_labels=labels,
        root=None,
    )


@pytest.fixture
def few(monkeypatch) -> data.DataSet:
    """Forty pictures that claim to be real, two rates, two epochs at most."""
    monkeypatch.setattr(command, "TRAIN_IMAGES", 40)
    monkeypatch.setattr(command, "RATES", dict.fromkeys(RACERS, (0.01, 1e30)))
    monkeypatch.setattr(command, "SEEDS", (0,))
    monkeypatch.setattr(command, "RATE_SEEDS", (100,))
    monkeypatch.setattr(command, "RECIPE", replace(command.RECIPE, epochs=2))
    return noise("given")


def test_it_goes_on_where_it_was_stopped_and_keeps_what_is_there(
    few, monkeypatch, tmp_path
):
    path, trained = tmp_path / "race.json", []
    whole = command.run_to

    def run_to(*args):
        trained.append(args[1:4])
        if len(trained) == 5:
            raise KeyboardInterrupt
        return whole(*args)

    monkeypatch.setattr(command, "run_to", run_to)
    with pytest.raises(KeyboardInterrupt):
        command.record(path, few)
    assert len(load_race(path).runs) == 4
    race = command.record(path, few)
    assert load_race(path) == race
    assert len(race.runs) == 3 * 2 * 2
    assert len(trained) == len(race.runs) + 1
    assert len(set(trained)) == len(race.runs)


def test_a_run_says_how_it_ended(few):
    slow = command.run_to(0.1, "RACE_TANH", 0.01, 0, few)
    assert (slow.end, len(slow.errors)) == ("given up", 2)
    assert command.run_to(0.1, "RACE_RELU", 1e30, 0, few).end == "diverged"
    first = command.run_to(0.99, "RACE_TANH", 0.01, 0, few)
    assert (first.end, len(first.errors)) == ("arrived", 1)
    assert first.errors[0] == slow.errors[0]


def test_the_weights_and_the_order_come_from_the_seed(few):
    again = [command.run_to(0.1, "RACE_TANH", 0.01, seed, few) for seed in (3, 3, 4)]
    assert again[0].errors == again[1].errors
    assert again[0].errors != again[2].errors


def test_threads_are_put_back(few, monkeypatch, tmp_path):
    monkeypatch.setattr(command, "load", lambda root=None: few)
    seen = []

    def record(path, data):
        seen.append(torch.get_num_threads())
        return RACE

    monkeypatch.setattr(command, "record", record)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        assert main(["race", "--out", str(tmp_path / "r.json")]) == 0
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    assert seen == [1]


def test_the_command_prints_the_standings(few, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "load", lambda root=None: few)
    monkeypatch.setattr(command, "record", lambda path, data: RACE)
    path = tmp_path / "race.json"
    assert main(["race", "--out", str(path), "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["file"] == str(path)
    assert result["epochs"]["tanh"] == {"rate": 0.05, "epochs": [3, 9, 5], "median": 5}
    assert main(["race", "--out", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == (
        "ReLU     rate 0.03: [6, 7, 6] epochs to 25% training error, median 6"
    )


def test_no_record_from_the_stand_in(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "load", lambda root=None: noise("stand-in"))
    assert main(["race", "--out", str(tmp_path / "race.json")]) == 2
    message = "records are made from the real images only: forty pictures of noise"
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_no_checkout_to_write_into(few, monkeypatch, capsys):
    monkeypatch.setattr(command, "load", lambda root=None: few)
    monkeypatch.setattr(command.runtime, "checkout", lambda: None)
    assert main(["race"]) == 2
    assert "name a file with --out" in capsys.readouterr().err


# --- what the course ships ------------------------------------------------------------
def test_the_shipped_race_is_complete_and_the_command_s():
    race = load_race(course_file(FILE))
    assert race.source == "given"
    assert (race.train_images, race.recipe) == (command.TRAIN_IMAGES, command.RECIPE)
    assert (race.rate_seeds, race.seeds) == (command.RATE_SEEDS, command.SEEDS)
    wanted = {
        (RACERS[activation], rate, seed)
        for activation, rates in command.RATES.items()
        for rate in rates
        for seed in (*command.RATE_SEEDS, *command.SEEDS)
    }
    assert {(r.variant, r.learning_rate, r.seed) for r in race.runs} == wanted
    assert len(race.runs) == len(wanted)
    for run in race.runs:
        assert (run.errors[-1] <= LOWEST_TARGET) == (run.end == "arrived")
        assert all(0 <= error <= 1 for error in run.errors)


def test_what_the_notebook_says_of_the_shipped_race():
    race = recorded_race()
    for target in (0.25, LOWEST_TARGET):
        rates = {a: race.own_rate(a, target) for a in RACERS}
        epochs = {a: race.epochs(a, rates[a], target, race.seeds) for a in RACERS}
        # tanh first, ReLU second, the sigmoid last, from whatever seed
        assert max(epochs["tanh"]) < min(epochs["ReLU"])
        assert 2 * max(epochs["ReLU"]) < min(epochs["sigmoid"])
        if target == 0.25:
            by_seed = zip(epochs["ReLU"], epochs["tanh"], strict=True)
            later = [relu - tanh for relu, tanh in by_seed]
            assert (min(later), max(later)) == (1, 3)  # "by one to three epochs"
        # neither the lowest nor the highest rate tried was the best of a network
        for activation, rate in rates.items():
            assert rate not in (race.rates(activation)[0], race.rates(activation)[-1])


def test_tanh_bears_twice_the_rate_at_which_both_are_equal():
    race = recorded_race()

    def tried(activation: str, rate: float) -> list[int | None]:
        return race.epochs(activation, rate, 0.25, race.rate_seeds)

    assert tried("ReLU", 0.05) == tried("tanh", 0.05) == [5, 5, 5]
    assert max(tried("tanh", 0.1)) < 5 < min(tried("ReLU", 0.1))


def test_the_sigmoids_curves_lie_flat_at_first():
    race = recorded_race()
    rate = race.own_rate("sigmoid", 0.25)
    for seed in race.seeds:
        assert min(race.find("sigmoid", rate, seed).errors[:6]) > 0.85


@pytest.mark.needs_data
def test_the_first_epochs_of_a_recorded_run_come_out_again(real_data_root):
    pictures = data.load(root=real_data_root)
    recorded = recorded_race().find("tanh", recorded_race().rates("tanh")[1], 0)
    again = command.run_to(
        recorded.errors[0], recorded.variant, recorded.learning_rate, 0, pictures
    )
    assert again.errors[0] == pytest.approx(recorded.errors[0], abs=0.02)
