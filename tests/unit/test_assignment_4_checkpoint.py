"""What a stopped training needs: found by losing one thing at a time, with torch."""

import random
from copy import deepcopy
from itertools import product

import pytest
import torch
from torch import nn

from alexnet_lib.classroom.assignments.training_runs.checkpoint import (
    STATE,
    Stopped,
    draw_stopped,
)

STEPS = 6  # before the stop, and after it
PICTURES = torch.Generator().manual_seed(0)
IMAGES = torch.randn(64, 4, generator=PICTURES)
LABELS = torch.randint(2, (64,), generator=PICTURES)
CASES = [
    Stopped(*each, ()) for each in product((0.0, 0.9), (0.0, 0.3), *[(True, False)] * 3)
]


class Training:
    """As `Stopped` says that it is made, in small."""

    def __init__(self, made: Stopped, seed: int):
        torch.manual_seed(seed)
        self.made = made
        norm = [nn.BatchNorm1d(6)] if made.normalised else []
        head = nn.ReLU(), nn.Dropout(made.dropout), nn.Linear(6, 2)
        self.network = nn.Sequential(nn.Linear(4, 6), *norm, *head)
        parameters = self.network.parameters()
        self.optimizer = torch.optim.SGD(parameters, lr=0.1, momentum=made.momentum)
        self.order = torch.Generator().manual_seed(seed)
        self.step = 0

    def go_on(self) -> None:
        for _ in range(STEPS):
            rows = torch.arange(8) + 8 * (self.step % 8)
            if self.made.shuffled:
                rows = torch.randint(64, (8,), generator=self.order)
            if self.made.falling:
                self.optimizer.param_groups[0]["lr"] = 0.1 / (1 + self.step)
            loss = nn.functional.cross_entropy(self.network(IMAGES[rows]), LABELS[rows])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.step += 1

    def kept(self) -> dict[str, object]:
        """Everything, by the names that students are given; gradients aside."""
        state = {name: t.clone() for name, t in self.network.state_dict().items()}
        return {
            "weights and biases": {n: t for n, t in state.items() if "run" not in n},
            "running means": {n: t for n, t in state.items() if "run" in n},
            "velocities": deepcopy(self.optimizer.state_dict()),
            "torch's generator": torch.get_rng_state(),
            "generator of the order": self.order.get_state(),
            "number of steps": self.step,
        }

    def take(self, kept: dict[str, object]) -> None:
        for name in ("weights and biases", "running means"):
            self.network.load_state_dict(kept.get(name, {}), strict=False)
        if "velocities" in kept:
            self.optimizer.load_state_dict(kept["velocities"])
        if "torch's generator" in kept:
            torch.set_rng_state(kept["torch's generator"])
        if "generator of the order" in kept:
            self.order.set_state(kept["generator of the order"])
        self.step = kept.get("number of steps", 0)


def ends_alike(made: Stopped, lost: str | None) -> bool:
    """Whether a new process without one thing ends as if it had never stopped."""
    training = Training(made, seed=1)
    training.go_on()
    kept = training.kept()
    training.go_on()
    resumed = Training(made, seed=2)
    resumed.take({name: value for name, value in kept.items() if name != lost})
    resumed.go_on()
    ends = (each.network.state_dict() for each in (training, resumed))
    pairs = zip(*(state.items() for state in ends), strict=True)
    return all(
        torch.equal(a, b) for (name, a), (_, b) in pairs if "num_batches" not in name
    )


@pytest.mark.parametrize("made", CASES, ids=str)
def test_what_is_needed_is_what_changes_the_end_when_it_is_lost(made):
    assert ends_alike(made, None)
    names = [name for name in STATE if name != "gradients"]
    harmful = [name for name in names if not ends_alike(made, name)]
    assert sorted(harmful) == sorted(made.needed())


def test_a_drawn_file_lacks_two_or_three_things_and_holds_something_idle():
    seen = set()
    for seed in range(60):
        made = draw_stopped(random.Random(seed))
        assert 2 <= len(made.missing) <= 3
        assert "weights and biases" in made.kept
        assert set(made.kept) - set(made.needed())
        listed = made.listing()
        assert ("model.norm.running_mean" in listed) <= made.normalised
        assert ("optimizer.conv1.weight" in listed) <= (made.momentum > 0)
        seen |= set(made.missing)
    assert seen == set(STATE) - {"weights and biases", "gradients"}
