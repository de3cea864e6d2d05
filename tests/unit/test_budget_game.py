"""The budget game: who may play, what is counted again, and one look at the test."""

import pytest
import torch
from torch import nn

from alexnet_lib.data import CLASS_NAMES, DataSet, stand_in
from alexnet_lib.learning import progress
from alexnet_lib.learning.checks.budget_game import MOST_EPOCHS, BudgetGame
from alexnet_lib.training import Recipe
from tests.unit.checking import stub

RECIPE = Recipe(name="game", learning_rate=0.05, momentum=0.9, batch_size=20, epochs=1)


def drawn_pictures() -> DataSet:
    """Eighty to train on, twenty held out, forty to test."""
    images, labels = map(torch.from_numpy, stand_in.draw("CIFAR10", 140))
    return DataSet(
        name="CIFAR10",
        source="given",
        note="CIFAR10: drawn for a test",
        class_names=CLASS_NAMES["CIFAR10"],
        train_images=images[:100],
        train_labels=labels[:100],
        test_images=images[100:],
        test_labels=labels[100:],
        root=None,
    )


PICTURES = drawn_pictures()


def tiny() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(8, 10),
    )


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("ALEXNET_PROGRESS", str(tmp_path / "progress.json"))


def play(make=tiny, seed: int = 1, recipe: Recipe = RECIPE):
    torch.manual_seed(0)
    game = BudgetGame(PICTURES, seed)
    return game, game.play(make, recipe)


def test_a_class_seed_draws_the_held_out_pictures():
    first, again, other = (
        BudgetGame(PICTURES, seed)._held_out[0] for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    game = BudgetGame(PICTURES, 1)
    held_out = {image.numpy().tobytes() for image in first}
    assert held_out.isdisjoint(image.numpy().tobytes() for image in game._train[0])


def test_a_try_is_trained_judged_and_said_in_one_line():
    game, found = play()
    assert game.tries == [found]
    assert found.network.training
    assert str(found).startswith("try 1: ")
    assert "330 parameters, 48,680 multiply-adds" in str(found)
    assert 0 <= found.accuracy <= 1
    game.play(tiny, RECIPE)
    assert [each.number for each in game.tries] == [1, 2]


class Grows(nn.Module):
    """Within the budget until it is trained; then it does a thousand times the work."""

    def __init__(self):
        super().__init__()
        self.net, self.wide = tiny(), nn.Conv2d(3, 3, 31, padding=15)
        self.steps = 0

    def forward(self, images):
        self.steps += self.training
        for _ in range(0 if self.training or not self.steps else 7):
            images = self.wide(images)
        return self.net(images)


class MoreOnRealPictures(nn.Module):
    """Does its real work where the batch is larger than the counter's trial."""

    def __init__(self):
        super().__init__()
        self.net, self.more = tiny(), nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, images):
        return self.net(self.more(images) if len(images) > 3 else images)


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (stub, "not played: write the body of small_network"),
        (lambda: nn.Flatten(), "not played: the network cannot be counted"),
        (MoreOnRealPictures, "not entered: "),
        (lambda: nn.Sequential(nn.Flatten(), nn.Linear(3072, 400)), "not played: the"),
    ],
)
def test_who_does_not_keep_the_rules_is_told_why(make, line):
    game, found = play(make)
    assert found.startswith(line)
    assert game.tries == []


def test_work_that_begins_after_training_is_counted():
    game, found = play(Grows)
    work = 48_680 + 7 * 3 * 3 * 31 * 31 * 32 * 32
    assert found.startswith(f"not entered: {work:,} multiply-adds for a picture, and")
    assert game.tries == []


def test_a_network_that_was_trained_elsewhere_is_seen(monkeypatch):
    monkeypatch.setattr(BudgetGame, "_judge", lambda *_: (0.55, 0))
    game, found = play()
    assert found == (
        "not played: before its first step the network is right on 55.0% of the "
        "held-out pictures, so it was trained elsewhere"
    )
    assert game.tries == []


def test_nobody_wins_by_patience():
    long = Recipe(name="long", learning_rate=0.05, epochs=MOST_EPOCHS + 1)
    _, found = play(recipe=long)
    assert found.startswith("not played: 4 epochs, and 3 are allowed")


def test_the_test_pictures_are_opened_once():
    game, _ = play()
    first = game.open_test()
    assert "; test " in first
    assert first.endswith("chosen of 1 try")
    game.play(tiny, RECIPE)
    closed = "the test set was opened before, and stays closed. Then: "
    assert game.open_test() == closed + first
    another, _ = play()  # a new kernel
    assert another.open_test() == closed + first
    assert len(progress.read("budget")) == 1
    other_class, _ = play(seed=2)
    assert "; test " in other_class.open_test()


def test_nothing_is_opened_before_the_first_try():
    game = BudgetGame(PICTURES, 1)
    assert game.open_test().startswith("nothing to test yet")
    assert progress.read("budget") == {}


def test_the_best_by_held_out_pictures_is_tested():
    game, _ = play()
    game.play(tiny, RECIPE)
    best = max(game.tries, key=lambda each: each.accuracy)
    assert game.open_test().startswith(str(best))
