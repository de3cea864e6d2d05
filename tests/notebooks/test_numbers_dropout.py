"""Numbers that stand in the text of notebook 06 are those that the library computes."""

import pytest
import torch

from alexnet_lib import data, runtime
from alexnet_lib.commands.experiments import EXPERIMENTS
from alexnet_lib.learning import dropout_grid, heads
from alexnet_lib.learning.checks import by_heart, committees
from alexnet_lib.training import evaluate, find_recipe, train
from alexnet_lib.widgets.committee import MOST_DROPPED, MOST_MEMBERS
from tests.notebooks.test_numbers import text_of

pytestmark = pytest.mark.notebooks
PAPER, OTHER = (
    by_heart.numbers_dropped_from(name)
    for name in (by_heart.PAPER, by_heart.TORCHVISION)
)
EPOCHS = {
    job.train_limit or 60_000: job.recipe.epochs
    for job in EXPERIMENTS["dropout"].runs.values()
}


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("fc6 and fc7 put out {} numbers instead of {}", [heads.HIDDEN, PAPER[0]]),
        (
            "It learns {} pictures, {} epochs in mini-batches of {}; then",
            [by_heart.FEW, heads.BY_HEART.epochs, heads.BY_HEART.batch_size],
        ),
        ("names of {:,} others", [by_heart.OTHERS]),
        ("{} units, for which it has gone through all {} masks", [8, 2**8]),
        ("it asks your function for {:,}", [committees.MEMBERS]),
        ("Networks* from 1 to {}", [MOST_MEMBERS]),
        ("Dropped* from 0 to {} %", [MOST_DROPPED]),
        ("The paper's two layers have {} numbers each", [PAPER[1]]),
        ("torchvision drops from the {} of pool5, then from the {} of fc6", OTHER),
        ("least {:.0f} % of `few` are right", [100 * by_heart.TARGET]),
        ("at most {} seconds", [by_heart.SECONDS]),
        ("four shares, p = {:g}, {}, {} and {}", dropout_grid.SHARES),
        ("on {:,} pictures ({} epochs)", [2_000, EPOCHS[2_000]]),
    ],
)
def test_the_text_has_the_number_that_is_computed(phrase, numbers):
    assert phrase.format(*numbers) in text_of("06")


def test_the_recorded_runs_are_what_the_text_says():
    assert EPOCHS == {2_000: 40, 60_000: 4}
    jobs = EXPERIMENTS["dropout"].runs.values()
    assert {job.resize for job in jobs} == {112}
    assert find_recipe("quick_plain").epochs == 4


@pytest.mark.needs_data
def test_what_the_text_says_of_learning_by_heart_is_so(real_data_root):
    """With dropout later, and in the end all the same; seed by seed."""
    few, _others = by_heart.few_and_others(data.load(root=real_data_root))
    arrived = {0.0: [], 0.5: []}
    for share, epochs in arrived.items():
        for seed in range(3):
            runtime.seed_everything(seed)
            network = heads.build_head(share)
            seen = []
            for _result in train(network, few, heads.BY_HEART):
                seen.append(evaluate(network, few).accuracy)
            assert seen[-1] >= by_heart.TARGET
            epochs.append(next(i for i, x in enumerate(seen) if x >= by_heart.TARGET))
    assert min(arrived[0.5]) > max(arrived[0.0])
    assert "with dropout the 200 are learned more slowly, and in the end" in text_of(
        "06"
    )


def test_the_variance_of_dropped_ones():
    p = 0.3
    ones = torch.nn.functional.dropout(torch.ones(200_000), p)
    assert ones.var().item() == pytest.approx(p / (1 - p), rel=0.03)
    assert ones.square().mean().item() == pytest.approx(1 / (1 - p), rel=0.03)
    assert "the mean of the squares is 1 / (1 - p)" in text_of("06")
