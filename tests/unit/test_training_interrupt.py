"""Ctrl-C and a notebook's stop button: raised when a step is whole, and not before."""

import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from torch import nn

from alexnet_lib.training import checkpoint as files
from alexnet_lib.training.checkpoint import load_checkpoint
from alexnet_lib.training.interrupt import postponed_interrupt
from alexnet_lib.training.results import EpochResult
from tests.unit.small_training import (
    NUM_STEPS,
    RECIPE,
    Result,
    Small,
    assert_same_numbers,
    make_model,
    without_times,
)


@pytest.fixture(autouse=True)
def _handler_of_python() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "checkpoint.safetensors"


def interrupt_at(model: nn.Module, call: int) -> None:
    """Press Ctrl-C in the midst of this forward pass, counted from 1."""
    calls = iter(range(1, 1_000))

    def hook(*args: object) -> None:
        if next(calls) == call:
            signal.raise_signal(signal.SIGINT)

    model[4].register_forward_pre_hook(hook)


def until_interrupted(steps: Iterator[Result]) -> list[Result]:
    """What was yielded before the interrupt came out of the loop."""
    seen = []
    try:
        for each in steps:
            seen.append(each)
    except KeyboardInterrupt:
        return seen
    pytest.fail("nothing was interrupted")


def epochs_of(results: list[Result]) -> list[Result]:
    return without_times([each for each in results if isinstance(each, EpochResult)])


@pytest.mark.parametrize("step", [1, 3, 4, 5, 12])
def test_a_step_is_finished_and_kept_before_the_interrupt_is_raised(
    path: Path, step: int
):
    small = Small(path=path)
    whole = list(Small().steps(never_stopped := make_model()))
    interrupt_at(model := make_model(), step)
    seen = until_interrupted(small.steps(model))
    at = load_checkpoint(path).position
    assert (at.epoch - 1) * NUM_STEPS + at.step == step
    # What was seen of it are whole steps, and the rest follows.
    went_on = list(small.steps(fresh := make_model(9), seed=9))
    assert without_times(seen) == without_times(whole[: len(seen)])
    assert epochs_of(went_on) == epochs_of(whole)
    assert_same_numbers(fresh, never_stopped)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_validation_is_not_waited_for_and_is_done_again(path: Path):
    small = Small(path=path, validated=True)
    whole = list(Small(validated=True).steps(never_stopped := make_model()))
    interrupt_at(model := make_model(), NUM_STEPS + 2)  # of three batches the second
    seen = until_interrupted(small.steps(model))
    assert len(seen) == NUM_STEPS
    at = load_checkpoint(path).position
    assert (at.epoch, at.step, at.curve) == (1, NUM_STEPS, [])
    went_on = list(small.steps(fresh := make_model(9), seed=9))
    assert without_times(went_on) == without_times(whole[NUM_STEPS:])
    assert_same_numbers(fresh, never_stopped)


def test_an_epoch_is_noted_once_however_close_the_interrupt_comes(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    start_epoch = files.Position.start_epoch

    def interrupted(self: files.Position, epoch: int) -> None:
        signal.raise_signal(signal.SIGINT)
        start_epoch(self, epoch)

    whole = list(Small().steps(never_stopped := make_model()))
    with monkeypatch.context() as patch:
        patch.setattr(files.Position, "start_epoch", interrupted)
        until_interrupted(Small(path=path).steps(make_model()))
    at = load_checkpoint(path).position
    assert (at.epoch, at.step, len(at.curve)) == (2, 0, 1)
    went_on = list(Small(path=path).steps(fresh := make_model(9), seed=9))
    assert without_times(went_on) == without_times(whole[NUM_STEPS:])
    assert_same_numbers(fresh, never_stopped)


def test_an_interrupt_while_writing_waits_for_the_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    fsync = files.os.fsync

    def interrupted(number: int) -> None:
        signal.raise_signal(signal.SIGINT)
        fsync(number)

    steps = Small(path=path).steps(make_model())
    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", interrupted)
        assert len(until_interrupted(steps)) == NUM_STEPS  # written after the epoch
    at = load_checkpoint(path).position
    assert (at.epoch, at.step) == (2, 0)
    assert list(path.parent.iterdir()) == [path]


def test_an_interrupt_of_whoever_iterates_keeps_the_steps_too(path: Path):
    def impatient() -> Iterator[Result]:
        for result in Small(path=path).steps(make_model()):
            if result.step == 2:
                signal.raise_signal(signal.SIGINT)
            yield result

    assert len(until_interrupted(impatient())) == 1
    assert load_checkpoint(path).position.step == 2


# --- the block itself ---
def test_the_handler_before_gets_the_signal_at_the_end():
    heard = []
    signal.signal(signal.SIGINT, handler := lambda *args: heard.append(args))
    with postponed_interrupt():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        assert heard == []
        assert signal.getsignal(signal.SIGINT) is not handler
    [(number, frame)] = heard  # twice pressed is once stopped
    assert number == signal.SIGINT
    assert frame.f_code.co_filename == __file__
    assert signal.getsignal(signal.SIGINT) is handler


def test_an_error_in_the_block_comes_out_and_the_handler_is_back():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ValueError, match="ours"), postponed_interrupt():
        raise ValueError("ours")
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("ignoring", [signal.SIG_IGN, signal.SIG_DFL])
def test_where_python_does_not_handle_it_nothing_is_installed(
    ignoring: signal.Handlers,
):
    """As for a process that a shell started in the background."""
    signal.signal(signal.SIGINT, ignoring)
    with postponed_interrupt():
        assert signal.getsignal(signal.SIGINT) is ignoring


def in_thread(work: Callable[[], None]) -> list[BaseException]:
    errors: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()
    return errors


def test_in_another_thread_nothing_is_installed_and_training_works(path: Path):
    before = signal.getsignal(signal.SIGINT)
    results: list[Result] = []

    def work() -> None:
        with postponed_interrupt():
            assert signal.getsignal(signal.SIGINT) is before
        results.extend(Small(path=path).steps(make_model()))

    assert in_thread(work) == []
    assert len(results) == RECIPE.epochs * (NUM_STEPS + 1)
    assert load_checkpoint(path).position.epoch == RECIPE.epochs + 1
