"""The schedules of 2012, and the proofs of notebook 11 that stand on them."""

from dataclasses import replace

import pytest

from alexnet_lib.learning.claims import claims
from alexnet_lib.learning.hand_schedules import RUNS
from alexnet_lib.learning.proofs import recipe
from alexnet_lib.learning.proofs.beginnings import shipped_records
from alexnet_lib.training.recipes import find_recipe
from alexnet_lib.training.records import save_record


def test_rates_of_the_paper_s_network():
    run = RUNS["145"]
    assert run.rates("conv2") == [0.01] * 25 + [1e-3] * 26 + [1e-4] * 28 + [1e-5] * 12
    frozen = [1e-5] * 5 + [0.0] * 19
    assert run.rates("conv1") == [0.01] * 25 + [1e-3] * 26 + [1e-4] * 16 + frozen


def test_the_second_round_leaves_conv1_frozen():
    run = RUNS["145 again"]
    assert set(run.rates("conv1")) == {0.0}
    assert run.rates("fc8") == [1e-3] * 16 + [1e-4] * 17 + [1e-5] * 11


@pytest.mark.parametrize("name", RUNS)
def test_every_run_freezes_conv1_and_ends_its_others_at_1e_5(name):
    run = RUNS[name]
    assert run.rate_at(run.killed, "conv1") == 0
    assert run.rate_at(run.killed, "fc8") == 1e-5
    assert [c.epoch for c in run.changes] == sorted(c.epoch for c in run.changes)


@pytest.mark.parametrize("epoch", [-1, 92])
def test_an_epoch_outside_the_run_is_refused(epoch):
    message = f"^run 145 has no epoch {epoch}: it went from 0 to 91$"
    with pytest.raises(ValueError, match=message):
        RUNS["145"].rate_at(epoch, "conv1")


def test_a_change_is_printed_as_the_notebook_shows_it():
    assert [str(change) for change in RUNS["145"].changes][2:] == [
        "epoch  67: rate 1e-05 for conv1",
        "epoch  72: rate 0 for conv1",
        "epoch  79: rate 1e-05 for all but conv1",
    ]


def test_the_truths_quote_what_their_proofs_measure():
    three = claims()["divided-by-ten-three-times"]
    assert "at epochs 25, 51 and 79" in three.truth
    assert three.prove().evidence == (
        "run 145, conv2: 0.01 to 0.001 at 25, 0.001 to 0.0001 at 51, "
        "0.0001 to 1e-05 at 79"
    )
    assert "1e-05 to 0 at 72" in three.prove(three.decoy).evidence
    equal = claims()["one-rate-for-all-layers"]
    assert "so for nearly three quarters of the run" in equal.truth
    assert equal.prove().evidence == (
        "run 145: conv1 had a rate of its own from epoch 67 on, for 24 epochs, and "
        "stood still for 19 of them"
    )
    assert 0.7 < 1 - 24 / RUNS["145"].killed < 0.75


def test_the_two_rules_are_told_apart_by_the_schedule_alone():
    finding = recipe.torch_is_the_papers_rule("one rate, three drops")
    assert finding.verdict == "depends"
    assert finding.evidence.startswith("one rate: no step differs; three drops: up to ")
    assert recipe.torch_is_the_papers_rule("three drops").verdict == "false"


def test_the_small_rate_needs_the_large_one_only_when_steps_are_few():
    few, many = (recipe.small_rate_does_it_alone(f"{n} steps") for n in (200, 2_000))
    assert (few.verdict, many.verdict) == ("false", "true")
    assert few.evidence.startswith("from 10 away, after 200 steps: small rate alone 1.")


@pytest.fixture
def record(tmp_path, monkeypatch):
    """A function that writes a made-up run of the recorded comparison."""
    template = shipped_records("lenet_grid")[0]
    monkeypatch.setattr(recipe, "runs_folder", lambda: tmp_path)

    def write(experiment: str, variant: str, schedule_of: str, seed: int) -> None:
        made_up = replace(
            template,
            experiment=experiment,
            variant=variant,
            recipe=find_recipe(schedule_of),
            seed=seed,
        )
        save_record(tmp_path / f"{experiment}_{variant}_{seed}.json", made_up)

    return write


def test_nothing_recorded_is_no_error(record):
    assert recipe.recorded_schedules() == {}


def test_the_recorded_schedules_are_those_of_the_plain_network(record):
    for seed in (2, 0):
        record("constant", "ALEXNET_QUARTER", "quick_constant", seed)
    assert list(recipe.recorded_schedules()) == ["one rate"]
    record("parts", "ALEXNET_QUARTER_BN", "quick", 0)
    assert list(recipe.recorded_schedules()) == ["one rate"]
    record("parts", "ALEXNET_QUARTER", "quick_plain", 1)
    found = recipe.recorded_schedules()
    assert {name: [run.seed for run in runs] for name, runs in found.items()} == {
        "one rate": [0, 2],
        "one cycle": [1],
    }
    assert found["one rate"][0].recipe.schedule == "constant"
    assert found["one cycle"][0].recipe.schedule == "one_cycle"
