"""What assignment 5 holds to be right of surgery and of posted maps, against torch."""

import random
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_lib.classroom.assignments.looking_inside import surgery
from alexnet_lib.classroom.assignments.looking_inside.posted_map import (
    MISTAKES,
    Looker,
    PostedMap,
    draw_posted_map,
)
from alexnet_lib.inside.attribution import occlusion_map


@pytest.mark.parametrize("votes", surgery.VOTES)
def test_a_vote_is_what_the_silence_of_one_channel_takes(votes):
    numbers = random.Random(2)
    for level in surgery.LEVELS:
        rule = surgery.SurgeryRule(votes, level)
        head = surgery.draw_head(numbers, rule, several=True)
        order = sorted(range(3), key=lambda c: -head.logits()[c])

        def speaks(logits: list[float], order: list[int] = order) -> float:
            first, second, third = (logits[c] for c in order)
            match surgery.VOTES.index(votes):
                case 0:
                    return first
                case 1:
                    return first - second
            return first - (second + third) / 2

        taken = [
            speaks(head.logits()) - speaks(head.logits(head.silenced((c,), level)))
            for c in range(7)
        ]
        assert rule.vote(head) == pytest.approx(taken, abs=1e-9)


@pytest.mark.parametrize("votes", surgery.VOTES)
def test_no_rounding_decides_who_comes_second_or_which_vote_is_larger(votes):
    numbers = random.Random(5)
    for several in (True, False) * 15:
        rule = surgery.SurgeryRule(votes, numbers.choice(surgery.LEVELS))
        head = surgery.draw_head(numbers, rule, several=several)
        for values in (head.logits(), rule.vote(head)):
            gaps = np.diff(sorted(values))
            assert gaps.min() >= surgery.APART


def test_the_cut_is_the_shortest_that_changes_the_answer_and_chance_is_counted():
    numbers = random.Random(3)
    for several in (False, True):
        rule = surgery.draw_rule(numbers)
        head = surgery.draw_head(numbers, rule, several=several)
        cut, share = rule.operate(head)
        assert (len(cut) > 1) == several
        before = head.named()
        assert head.named(tuple(cut), rule.level) != before
        assert head.named(tuple(cut[:-1]), rule.level) == before
        w, b = torch.tensor(head.weights), torch.tensor(head.biases)
        choices = torch.tensor(list(combinations(range(7), len(cut))))
        maps = torch.tensor(head.active).repeat(len(choices), 1)
        maps = maps.scatter(1, choices, rule.level)
        named = (maps @ w.T + b).argmax(dim=1)
        assert share == pytest.approx((named != before).double().mean().item())


class AsModel(nn.Module):
    """The three classes of a posted map, for the course's own occlusion."""

    def __init__(self, looker: Looker):
        super().__init__()
        self.looker = looker

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return torch.tensor([self.looker.logits(x[0].tolist()) for x in images])


def test_the_right_map_is_the_librarys_where_squares_do_not_overlap():
    numbers, looked = random.Random(4), 0
    while looked < 2:
        looker = draw_posted_map(numbers).looker
        if looker.side != looker.step:
            continue
        looked += 1
        theirs = occlusion_map(
            AsModel(looker),
            torch.tensor([looker.picture]),
            looker.ranking[0],
            looker.side,
            looker.step,
            looker.cover,
        )[:: looker.step, :: looker.step]
        ours = torch.tensor(looker.occlusion())
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


def test_every_mistake_prints_another_map_than_the_others():
    seen = Counter()
    for seed in range(12):
        looker = draw_posted_map(random.Random(seed)).looker
        printed = {name: PostedMap(looker, name).as_text() for name in MISTAKES}
        assert len(set(printed.values())) == len(MISTAKES)
        assert "-0.00" not in "".join(printed.values())
    for seed in range(60):
        seen[random.Random(seed).choice(list(MISTAKES))] += 1
    assert seen.keys() == MISTAKES.keys()


def test_the_strongest_place_is_the_maximum():
    for seed in range(4):
        posted = draw_posted_map(random.Random(seed))
        right = np.array(posted.looker.occlusion())
        row, column, loss = posted.strongest
        assert (row, column) == np.unravel_index(right.argmax(), right.shape)
        assert loss == right.max()
