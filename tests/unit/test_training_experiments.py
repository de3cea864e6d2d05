"""The table of recorded runs: names, seeds, and what hangs together."""

import re
from dataclasses import replace

import pytest
import torch

from alexnet_lib import runtime
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.commands.experiments import EXPERIMENTS, RATE_SEEDS, SEEDS
from alexnet_lib.commands.job import Job
from alexnet_lib.commands.network import train_job
from alexnet_lib.training.checkpoint import load_checkpoint
from alexnet_lib.training.recipes import RECIPES, find_recipe
from tests.unit.small_data import small_data
from tests.unit.small_training import without_times

RUNS = [
    (experiment, run, job)
    for experiment, each in EXPERIMENTS.items()
    for run, job in each.runs.items()
]


def test_every_run_has_a_name_of_its_own():
    names = [run for _, run, _ in RUNS]
    assert len(names) == len(set(names))
    shipped = [name for e in EXPERIMENTS.values() for name in e.shipped.values()]
    filters = [name for e in EXPERIMENTS.values() for name in e.filters.values()]
    assert len({*shipped, *filters}) == len(shipped) + len(filters)


@pytest.mark.parametrize(("experiment", "run", "job"), RUNS)
def test_every_run_can_be_recorded(experiment: str, run: str, job: Job):
    assert re.fullmatch(r"[a-z0-9_]{1,80}", run), "a file name on every system"
    assert run.startswith(experiment)
    assert job.experiment
    assert job.experiment.startswith(experiment)
    assert summarize(job.spec)[-1].out_shape == (10,)
    assert job.seed in SEEDS
    assert job.seed not in RATE_SEEDS


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_hangs_on_a_run_names_a_run(name: str):
    experiment = EXPERIMENTS[name]
    runs = experiment.runs.keys()
    assert experiment.shipped.keys() <= runs
    assert experiment.filters.keys() <= runs
    assert experiment.ranks.keys() <= experiment.shipped.keys()
    variants = {job.variant for job in experiment.runs.values()}
    assert experiment.rates.keys() <= variants
    for grid in experiment.rates.values():
        assert list(grid) == sorted(set(grid))
    for run, file in (experiment.shipped | experiment.filters).items():
        assert re.fullmatch(r"[a-z0-9_]+\.safetensors", file), run


def test_a_comparison_differs_in_one_thing_only():
    """Beside the network, its own recipe and the seed, the runs of a grid agree."""
    for name in ("lenet_grid", "parts", "resolution", "quick"):
        jobs = EXPERIMENTS[name].runs.values()
        assert len({(job.dataset, job.train_limit, job.precision) for job in jobs}) == 1
        assert len({(job.recipe.epochs, job.recipe.batch_size) for job in jobs}) == 1


def test_the_recipe_of_the_course_is_the_one_it_was_begun_with():
    """A training of many hours goes on only with the very same recipe."""
    [job] = EXPERIMENTS["course"].runs.values()
    assert job.recipe == RECIPES["course"]
    assert (job.variant, job.seed, job.resize, job.precision) == (
        *("ALEXNET_D2L", 0, None),
        "auto",
    )


def test_the_page_about_the_runs_lists_every_experiment():
    page = runtime.course_file("runs/README.md").read_text()
    listed = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", page, re.M))
    assert listed == {name: str(len(e.runs)) for name, e in EXPERIMENTS.items()}


# --- mistakes made on purpose ---
QUICK = replace(find_recipe("quick"), epochs=3, batch_size=20, learning_rate=0.02)
SICK = Job(
    variant="ALEXNET_QUARTER_BN_28",
    recipe=QUICK,
    seed=0,
    train_limit=120,
    validate=True,
    precision="float32",
)


def test_validating_in_train_mode_shows_and_survives_a_stop(tmp_path, monkeypatch):
    faulty = replace(SICK, fault="validated_in_train_mode")
    whole = train_job(faulty, small_data())
    healthy = train_job(SICK, small_data())
    assert [row.valid_loss for row in whole.curve] != [
        row.valid_loss for row in healthy.curve
    ]
    assert whole.curve[0].train_loss == healthy.curve[0].train_loss

    path = tmp_path / "checkpoint.safetensors"
    seen, step = [], torch.optim.SGD.step

    def stop(self, *args):
        seen.append(1)
        if len(seen) == 9:  # in the second epoch of six steps
            raise KeyboardInterrupt
        return step(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(torch.optim.SGD, "step", stop)
        with pytest.raises(KeyboardInterrupt):
            train_job(faulty, small_data(), checkpoint=path)
    assert load_checkpoint(path).position.epoch == 2
    went_on = train_job(faulty, small_data(), checkpoint=path)
    assert without_times(went_on.curve) == without_times(whole.curve)
    assert torch.equal(went_on.model.fc8.weight, whole.model.fc8.weight)


def test_shuffled_labels_are_the_same_labels_in_another_order():
    honest = train_job(replace(SICK, recipe=replace(QUICK, epochs=1)), small_data())
    wrong = train_job(
        replace(SICK, recipe=replace(QUICK, epochs=1), fault="shuffled_labels"),
        small_data(),
    )
    assert wrong.train_images == honest.train_images == 110
    assert wrong.normalise == honest.normalise
    assert wrong.curve[0].train_loss != honest.curve[0].train_loss
