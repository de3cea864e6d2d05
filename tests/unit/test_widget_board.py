"""The live / replay board: curves, words, and a training that waits when told to."""

import asyncio
import random
import re
import threading
import time
from html import unescape

import pytest
import torch
from torch import nn

from alexnet_lib.data import CLASS_NAMES, Batches, DataSet
from alexnet_lib.learning.recorded import Moment
from alexnet_lib.training import Recipe
from alexnet_lib.widgets import live_controls
from alexnet_lib.widgets.board import MINE, NOW, STEPS, LiveBoard, live_board
from alexnet_lib.widgets.board_drawing import (
    EPOCHS,
    SECONDS,
    describe_board,
    draw_board,
    shown,
    view_of,
)
from alexnet_lib.widgets.live import (
    LiveRun,
    Pieces,
    Plan,
    fresh_plan,
    own_randomness,
    take_over_plan,
)
from alexnet_lib.widgets.live_controls import PAUSE, RESUME, START, Choice
from alexnet_lib.widgets.ticker import Ticker
from tests.unit.test_checks_long_run import record

M = Moment
GROUPS = {
    "long": [[M(1000.0 * k, k, 0.1 + 0.08 * k) for k in range(1, 11)]],
    "short": [
        [M(20.0 * k + s, k, 0.6 + 0.05 * k, 0.5) for k in (1, 2)] for s in (0, 5)
    ],
}
RECIPE = Recipe(name="tiny", learning_rate=0.05, epochs=1, batch_size=8)


class Net(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Dropout(0.5), nn.Linear(16, 3))


class Diverging(Net):
    """Its loss is no number from the fifth mini-batch on."""

    calls = 0

    def forward(self, images):
        self.calls += 1
        return super().forward(images) * (1 if self.calls < 5 else float("nan"))


def tiny_plan(make=Net, recipe=RECIPE, steps=5) -> Plan:
    """Sixty pictures of 4 x 4, in mini-batches of eight."""
    draw = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (60, 1, 4, 4), generator=draw, dtype=torch.uint8)
    labels = torch.arange(60) % 3
    order = torch.Generator()
    batches = Batches(images, labels, 8, shuffle=True, generator=order)
    valid = Batches(images[:9], labels[:9], 9)
    return Plan(
        name="tiny",
        make=make,
        pieces=Pieces(batches, steps),
        recipe=recipe,
        precision="float32",
        valid=valid,
    )


def alts(html: str) -> list[str]:
    return [unescape(alt) for alt in re.findall(r'<img alt="([^"]+)"', html)]


# --- the drawing ----------------------------------------------------------------------
def test_seconds_go_by_powers_of_ten_and_epochs_evenly():
    view = view_of(GROUPS, SECONDS)
    assert (view.low, view.high) == (10.0, 10_000.0)
    gap = view.x(100) - view.x(10)
    assert view.x(1000) - view.x(100) == pytest.approx(gap)
    view = view_of(GROUPS, EPOCHS)
    assert view.x(6) - view.x(4) == pytest.approx(view.x(4) - view.x(2))
    assert view.y(0.9) < view.y(0.5) < view.y(0.1)


@pytest.mark.parametrize("axis", [SECONDS, EPOCHS])
def test_a_replay_shows_more_and_more(axis):
    counts = []
    for step in range(11):
        view = view_of(GROUPS, axis, step / 10)
        counts.append(
            sum(len(shown(r, view)) for runs in GROUPS.values() for r in runs)
        )
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert counts[-1] == 14


def test_marks_are_drawn_for_what_is_shown_and_hollow_for_validation():
    whole = draw_board(GROUPS, view_of(GROUPS, SECONDS))
    legend = len(GROUPS)
    assert whole.count("<g transform") == 10 + 2 * 4 + legend
    assert whole.count('fill="white" stroke') == 4
    assert "hollow marks: validation" in whole
    early = draw_board(GROUPS, view_of(GROUPS, SECONDS, 0.2))
    assert early.count("<g transform") == 2 * 2 + legend  # 40 s: the first epochs
    assert "stroke-dasharray" in early  # the moment of the replay


def test_words_say_where_each_group_stands():
    assert describe_board(GROUPS, view_of(GROUPS, SECONDS)) == (
        "Training accuracy after 10,000 seconds: long 90.0 % at epoch 10, 10,000 s; "
        "short 70.0 % (validation 50.0 %) at epoch 2, 40 to 45 s."
    )
    assert describe_board(GROUPS, view_of(GROUPS, EPOCHS, 0.1)) == (
        "Training accuracy after 1.0 epochs: long 18.0 % at epoch 1, 1,000 s; "
        "short 65.0 % (validation 50.0 %) at epoch 1, 20 to 25 s."
    )
    start = describe_board(GROUPS, view_of(GROUPS, SECONDS, 0.0))
    assert "after 10 seconds: long has finished no epoch; short has" in start


def test_a_board_without_runs_says_so():
    for axis in (SECONDS, EPOCHS):
        view = view_of({}, axis)
        assert describe_board({}, view).endswith(": no runs.")
        assert draw_board({}, view).startswith("<svg")


@pytest.mark.parametrize("epochs", [0.116, 1.0, 4.0, 10.0, 91.0])
def test_epochs_have_a_few_round_marks(epochs):
    view = view_of({"one": [[M(1.0, epochs, 0.5)]]}, EPOCHS)
    marks = re.findall(r'text-anchor="middle">([\d.]+)<', draw_board({}, view))
    assert 3 <= len(marks) <= 7
    assert float(marks[-1]) <= epochs


# --- a run in slices ------------------------------------------------------------------
def test_a_run_that_waits_learns_what_one_that_does_not_learns():
    plan = tiny_plan().stretched(3)
    at_once, in_slices = LiveRun(plan), None
    at_once.advance(60)
    in_slices = LiveRun(plan)
    slices = 0
    while not in_slices.finished:
        in_slices.advance(0)  # one step
        torch.manual_seed(slices)  # somebody else draws in between
        torch.rand(3)
        slices += 1
    assert slices > 10
    assert in_slices.fraction == at_once.fraction == 1.0
    for a, b in zip(
        at_once.model.parameters(), in_slices.model.parameters(), strict=True
    ):
        assert torch.equal(a, b)
    accuracies = [
        [row.train_accuracy for row in run.curve] for run in (at_once, in_slices)
    ]
    assert accuracies[0] == accuracies[1]


def test_other_random_numbers_stay_as_they_were():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    plan = tiny_plan()
    plan.measure_speed()
    LiveRun(plan).advance(60)
    assert torch.equal(torch.rand(2), expected)
    with pytest.raises(ZeroDivisionError), own_randomness(seed=1):
        _ = 1 / 0
    torch.manual_seed(3)
    assert torch.equal(torch.rand(2), expected)


def test_its_moments_count_epochs_in_pieces():
    run = LiveRun(tiny_plan().stretched(3))
    run.advance(60)
    assert run.reason == "it has come to its end"
    assert run.moments[-1].epochs == pytest.approx(3, abs=0.5)
    assert all(moment.valid_accuracy is not None for moment in run.moments)
    before = run.seconds
    run.advance(60)  # nothing more
    assert run.seconds == before


def test_pieces_never_hold_more_than_an_epoch():
    pieces = tiny_plan(steps=100).pieces
    assert len(pieces) == len(list(pieces)) == 8
    assert pieces.share == 1
    long = tiny_plan().stretched(40)
    assert len(long.pieces) <= 8
    assert long.total_images == pytest.approx(40 * 60, rel=0.02)


def test_modes_are_right_after_the_end_a_stop_and_an_error():
    for mode in (True, False):
        plan = tiny_plan(make=lambda mode=mode: Net().train(mode)).stretched(2)
        ended, given_up = LiveRun(plan), LiveRun(plan)
        ended.advance(60)
        given_up.advance(0)
        assert given_up.model.training  # it waits between two steps
        given_up.close()
        for run in (ended, given_up):
            assert run.model.training is mode
            assert all(p.grad is None for p in run.model.parameters())
    assert given_up.reason == "given up"

    broken = LiveRun(tiny_plan(make=Diverging).stretched(2))
    with pytest.raises(RuntimeError, match="the loss became"):
        broken.advance(60)
    assert broken.finished
    assert broken.reason.startswith("stopped: the loss became")
    assert broken.model.training  # as it was built


def test_an_interrupt_ends_the_run_and_is_heard(monkeypatch):
    run = LiveRun(tiny_plan().stretched(2))
    run.advance(0)

    def interrupted(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(nn.Linear, "forward", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.advance(60)
    assert run.reason == "stopped: KeyboardInterrupt"
    assert all(p.grad is None for p in run.model.parameters())


# --- plans ----------------------------------------------------------------------------
@pytest.fixture(scope="module")
def clothes() -> DataSet:
    """Six hundred tiny pictures of noise."""
    draw = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (1200, 1, 28, 28), generator=draw, dtype=torch.uint8)
    return DataSet(
        name="FashionMNIST",
        source="stand-in",
        note="noise",
        class_names=CLASS_NAMES["FashionMNIST"],
        train_images=images,
        train_labels=torch.arange(1200) % 10,
        test_images=images[:20],
        test_labels=torch.arange(20) % 10,
        root=None,
    )


def test_fresh_weights_are_those_of_the_seed(clothes):
    plan = fresh_plan(clothes, side=112)
    first, again, other = (LiveRun(plan, seed).model for seed in (0, 0, 1))
    assert torch.equal(first.conv1.weight, again.conv1.weight)
    assert not torch.equal(first.conv1.weight, other.conv1.weight)
    images, _ = next(iter(plan.pieces))
    assert images.shape == (128, 1, 112, 112)
    assert abs(images.mean()) < 0.05  # standardised
    assert plan.recipe.name == "quick"
    assert plan.pieces.num_images == 1200 - 500


def test_taking_over_begins_with_the_shipped_weights(clothes):
    plan = take_over_plan(clothes)
    one, two = LiveRun(plan).model, LiveRun(plan).model
    assert torch.equal(one.fc8.weight, two.fc8.weight)
    assert one.fc8.weight is not two.fc8.weight  # each trains its own
    assert next(iter(plan.valid))[0].shape[-2:] == (224, 224)
    assert plan.recipe.learning_rate == pytest.approx(
        fresh_plan(clothes).recipe.learning_rate / 10
    )


# --- the board ------------------------------------------------------------------------
CHOICES = {
    "short": Choice(make_plan=lambda: tiny_plan(), epochs=2),
    "timed": Choice(make_plan=lambda: tiny_plan(), seconds=0.01),
    "diverging": Choice(make_plan=lambda: tiny_plan(make=Diverging), epochs=2),
}


@pytest.fixture
def board() -> LiveBoard:
    runs = {"a": [record("quick")], "none": [], "old": [record("quick", curve=())]}
    return LiveBoard(runs, [M(0.5, 0.1, 0.45)], CHOICES)


def test_it_begins_with_all_runs_a_caption_and_a_quote(board):
    assert list(board.groups) == ["a", MINE]
    assert board.words() in unescape(board.caption.value)
    assert "a 60.0 % (validation 70.0 %) at epoch 2, 2 s" in board.words()
    assert "Yours ended at 45.0 %." in board.words()
    assert (
        "a: at 0 s still in its first epoch; as far as yours at 2 s." in board.words()
    )
    assert alts(board.picture.value) == [board.words()]
    status = board.controls.status.value
    assert "Quote, from two steps on this machine:" in status
    assert re.search(r"so 120 pictures \(2 epochs\) take \d+ s", status)
    controls = board.controls
    assert (controls.go.description, controls.drop.disabled) == (START, True)


def test_every_control_has_a_name(board):
    controls = board.controls
    for control in (board.axis, board.moment, board.play, controls.choice):
        assert control.description
    for control in (controls.go, controls.drop, controls.progress):
        assert control.description
    assert controls.go.tooltip


def test_the_axis_changes_words_and_picture(board):
    before = board.words()
    board.axis.value = EPOCHS
    assert "after 2.0 epochs" in board.words()
    assert board.words() != before
    board.moment.value = 0
    assert "after 0.0 epochs: a has finished no epoch" in board.words()
    assert "Yours ended" not in board.words()


def test_play_runs_from_the_beginning_to_the_end(board):
    seen = []
    board.moment.observe(lambda change: seen.append(change["new"]), names="value")
    board.play.click()
    assert seen == list(range(STEPS + 1))
    assert board.play.description == "Play"


def test_start_trains_to_the_end_where_there_is_no_loop(board):
    controls = board.controls
    controls.go.click()
    assert controls.live.finished
    assert NOW in board.groups
    assert f"{NOW} " in board.words()
    assert "The run has ended: it has come to its end." in controls.status.value
    assert (controls.go.description, controls.progress.value) == (START, 1.0)
    assert board.picture.value.count("your live run")
    controls.drop.click()
    assert NOW not in board.groups
    assert (controls.live, controls.drop.disabled) == (None, True)
    assert controls.progress.value == 0


def test_a_run_by_seconds_ends_when_they_are_over(board, monkeypatch):
    monkeypatch.setattr(live_controls, "SLICE", 0.02)
    board.controls.choice.value = "timed"
    board.controls.go.click()
    assert board.controls.live.finished
    assert re.search("its time is over|come to its end", board.controls.status.value)


def test_a_diverging_run_is_said_to_have_ended(board):
    board.controls.choice.value = "diverging"
    board.controls.go.click()
    assert "The run has ended: stopped: the loss" in (board.controls.status.value)
    assert board.controls.go.description == START
    board.controls.choice.value = "short"
    board.controls.go.click()
    assert "it has come to its end" in board.controls.status.value


def test_in_a_loop_it_pauses_resumes_and_hears_other_controls(board, monkeypatch):
    monkeypatch.setattr(live_controls, "SLICE", 0.0)  # a step at a time
    controls = board.controls

    async def use() -> None:
        controls.go.click()
        assert controls.running
        assert controls.go.description == PAUSE
        while not controls.live.curve:
            await asyncio.sleep(0)
        assert "Training: tiny" in controls.status.value
        board.axis.value = EPOCHS  # while it trains
        assert NOW in board.words()
        controls.go.click()
        assert controls.go.description == RESUME
        assert "Paused: tiny" in controls.status.value
        waiting = controls.live.fraction
        for _ in range(5):
            await asyncio.sleep(0.01)
        assert controls.live.fraction == waiting < 1
        controls.go.click()
        while controls.running:
            await asyncio.sleep(0)

    asyncio.run(use())
    assert controls.live.fraction == 1
    assert controls.go.description == START


def test_closing_ends_the_training(board, monkeypatch):
    monkeypatch.setattr(live_controls, "SLICE", 0.0)

    async def use() -> LiveRun:
        board.controls.go.click()
        await asyncio.sleep(0.01)
        board.play.click()
        run = board.controls.live
        board.close()
        await asyncio.sleep(0.01)
        return run

    run = asyncio.run(use())
    assert run.reason == "given up"
    assert all(parameter.grad is None for parameter in run.model.parameters())


def test_any_order_of_moves_leaves_words_about_what_is_shown(board, monkeypatch):
    monkeypatch.setattr(live_controls, "SLICE", 0.0)
    draw, controls = random.Random(0), board.controls

    def move() -> None:
        match draw.randrange(7):
            case 0:
                board.axis.value = draw.choice(board.axis.options)
            case 1:
                board.moment.value = draw.randint(0, STEPS)
            case 2:
                board.play.click()
            case 3:
                controls.choice.value = draw.choice(controls.choice.options)
            case 4 | 5:
                controls.go.click()
            case 6:
                controls.drop.click()

    async def play_with_it() -> None:
        for _ in range(400):
            move()
            for _ in range(draw.randrange(4)):
                await asyncio.sleep(0)
            assert alts(board.picture.value) == [board.words()]
            assert unescape(board.caption.value).count(board.words()) == 1
            unit = board.axis.value
            assert re.match(rf"Training accuracy after [\d.,]+ {unit}: ", board.words())
            assert (NOW in board.groups) <= (controls.live is not None)
            wanted = {True: PAUSE}.get(
                controls.running,
                START if controls.live is None or controls.live.finished else RESUME,
            )
            assert controls.go.description == wanted
        board.close()

    asyncio.run(play_with_it())


def test_the_twin_has_both_axes_in_pictures_and_words(board):
    html = board.static_html()
    found = alts(html)
    assert len(found) == 2
    assert "seconds: a 60.0 %" in found[0]
    assert "epochs: a 60.0 %" in found[1]
    bundle = board._repr_mimebundle_()
    assert bundle["text/plain"] == board.words()


def test_live_board_offers_three_runs(clothes, monkeypatch):
    monkeypatch.setattr(Plan, "measure_speed", lambda plan: 100.0)
    board = live_board({"quick": [record("quick")]}, clothes)
    names = list(board.controls.choices)
    assert names == [
        "fresh weights, at most 60 s",
        "fresh weights, 4 epochs",
        "take over the shipped network, at most 60 s",
    ]
    assert board.controls.quote(names[0]).endswith(
        "100 pictures a second, so 6,000 pictures (8.6 epochs) take 60 s"
    )
    assert "2,800 pictures (4 epochs) take 28 s" in board.controls.quote(names[1])
    assert board.controls.quote(names[2]).endswith("take 60 s")
    assert MINE not in board.groups


# --- the ticker -----------------------------------------------------------------------
def test_a_ticker_stops_when_told_and_starts_once():
    calls = []
    ticker = Ticker(lambda: len(calls) < 3 and not calls.append(1), rest=0)
    ticker.start()
    assert (len(calls), ticker.running) == (3, False)

    async def use() -> None:
        calls.clear()
        ticker.start()
        ticker.start()  # a second click
        await asyncio.sleep(0.05)
        ticker.stop()
        await asyncio.sleep(0.05)
        assert len(calls) == 1

    ticker.rest = 10
    asyncio.run(use())


def test_clicks_of_another_thread_never_meet_a_tick():
    inside, worst, threads = [0], [0], set()

    def tick() -> bool:
        inside[0] += 1
        worst[0] = max(worst[0], inside[0])
        threads.add(threading.get_ident())
        time.sleep(0.002)
        inside[0] -= 1
        return True

    async def use() -> None:
        ticker = Ticker(tick, rest=0)

        def click() -> None:
            for _ in range(30):
                ticker.start()
                time.sleep(0.003)
                ticker.stop()
                assert inside == [0]  # what a pause waits for

        await asyncio.to_thread(click)
        assert not ticker.running
        ticker.start()
        await asyncio.sleep(0.05)
        ticker.stop()

    asyncio.run(use())
    assert worst == [1]
    assert threads == {threading.get_ident()}  # the loop's: where the cells run, too


def test_a_tick_may_stop_its_ticker():
    def tick() -> bool:
        ticker.stop()
        return True

    ticker = Ticker(tick, rest=0)
    ticker.start()
    assert not ticker.running
