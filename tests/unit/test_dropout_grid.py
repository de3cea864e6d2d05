"""The recorded grid of notebook 06: what is there is shown, what is not is named."""

from dataclasses import replace

import matplotlib.pyplot as plt
import pytest

from alexnet_lib.commands.experiments import EXPERIMENTS
from alexnet_lib.figures.grids import plot_by_share
from alexnet_lib.learning import dropout_grid, recorded
from alexnet_lib.learning.proofs.beginnings import runs_folder, shipped_records

SOME = shipped_records("augmentation")[0]  # a record, to make others from


def run(variant: str, images: int, seed: int, accuracy: float):
    return replace(
        SOME, variant=variant, train_images=images, seed=seed, test_accuracy=accuracy
    )


def grid_of(*runs):
    return dropout_grid.recorded_grid({f"run{i}": run for i, run in enumerate(runs)})


FEW = [
    run("ALEXNET_QUARTER_DROP0", 2_000, 1, 0.80),
    run("ALEXNET_QUARTER_DROP0", 2_000, 0, 0.81),
    run("ALEXNET_QUARTER_DROP0", 2_000, 2, 0.805),
    run("ALEXNET_QUARTER", 2_000, 0, 0.82),
    run("ALEXNET_QUARTER", 2_000, 1, 0.83),
    run("ALEXNET_QUARTER", 2_000, 2, 0.825),
    run("ALEXNET_QUARTER_DROP2", 2_000, 0, 0.805),
    run("ALEXNET_QUARTER_DROP2", 2_000, 1, 0.83),
    run("ALEXNET_QUARTER_DROP2", 2_000, 2, 0.82),
    run("ALEXNET_QUARTER_DROP8", 2_000, 0, 0.10),
]


def test_every_run_of_the_experiment_has_its_place_in_the_grid():
    jobs = EXPERIMENTS["dropout"].runs.values()
    places = {
        (job.train_limit or 60_000, dropout_grid.dropout_of(job.variant))
        for job in jobs
    }
    assert places == {(n, p) for n in dropout_grid.SIZES for p in dropout_grid.SHARES}
    assert len(jobs) == 3 * len(places) == recorded.COMPLETE["dropout"]


def test_the_runs_are_sorted_by_size_share_and_seed():
    grid = grid_of(*FEW)
    assert list(grid) == [2_000, 60_000]
    assert list(grid[2_000]) == [0.0, 0.2, 0.5, 0.8]
    assert [run.seed for run in grid[2_000][0.0]] == [0, 1, 2]
    assert dropout_grid.accuracies(grid[2_000])[0.5] == [0.82, 0.83, 0.825]
    assert not any(grid[60_000].values())


def test_what_is_recorded_is_in_the_grid():
    grid = dropout_grid.recorded_grid()
    placed = [
        run for by_share in grid.values() for runs in by_share.values() for run in runs
    ]
    assert len(placed) == len(list(runs_folder().glob("dropout_*.json"))) > 0


def test_lines_say_what_is_there_and_what_three_seeds_tell_apart():
    lines = dropout_grid.lines(grid_of(*FEW)[2_000])
    assert lines[0].startswith("p = 0, 3 runs: test 80.0 to 81.0 %, training, dropout")
    assert "p = 0.8, 1 run: test 10.0 %" in lines[3]
    assert lines[4:] == [
        "p = 0.2 against 0: the ranges of the seeds overlap",
        "p = 0.5 against 0: better, by every seed",
        "p = 0.8 against 0: not to be said before 3 runs of each are recorded",
    ]
    worse = [run("ALEXNET_QUARTER_DROP8", 2_000, seed, 0.20) for seed in (1, 2)]
    lines = dropout_grid.lines(grid_of(*FEW, *worse)[2_000])
    assert lines[-1] == "p = 0.8 against 0: worse, by every seed"


def test_no_runs_are_one_line():
    assert dropout_grid.lines(grid_of()[60_000]) == ["no run recorded yet"]


def test_the_summary_has_what_is_there():
    buys, told = dropout_grid.summary(grid_of(*FEW))
    assert buys.startswith("2,000 pictures: p = 0 80.0 to 81.0 %, p = 0.2 80.5 to")
    assert "60,000" not in buys + told
    assert told.endswith("against 0: not to be said before 3 runs of each are recorded")
    assert dropout_grid.summary(grid_of()) == ("", "")


def test_a_network_without_one_share_is_refused():
    with pytest.raises(ValueError, match=r"LENET5 drops the shares \[\]: name one"):
        dropout_grid.dropout_of("LENET5")


def test_the_figure_says_its_ranges_and_marks_every_run():
    fig, ax = plt.subplots()
    runs = {0.0: [0.8, 0.81], 0.5: [0.9], 0.8: []}
    said = plot_by_share(ax, runs, "test accuracy, %", "2,000 pictures")
    assert said == (
        "2,000 pictures, test accuracy, %: dropout 0: 80.0 to 81.0 %; dropout 0.5: "
        "90.0 to 90.0 %; dropout 0.8: no run yet."
    )
    marked = [line for line in ax.get_lines() if line.get_marker() == "o"]
    assert [list(line.get_ydata()) for line in marked] == [[80, 81], [90]]
    plt.close(fig)


def test_a_figure_without_runs_says_so():
    fig, ax = plt.subplots()
    said = plot_by_share(ax, {0.0: [], 0.5: []}, "test accuracy, %", "60,000 pictures")
    assert said == "60,000 pictures: no run recorded yet."
    assert ax.texts[0].get_text() == "no run recorded yet"
    plt.close(fig)
