"""Check of notebook 12: scalars written for TensorBoard, and read back."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo
from alexnet_lib.training import EpochResult

Series = list[tuple[int, float]]
CLOSE = 1e-6  # TensorBoard keeps float32

TAGS = {
    "loss/train": lambda row: row.train_loss,
    "loss/validation": lambda row: row.valid_loss,
    "accuracy/validation": lambda row: row.valid_accuracy,
}
HISTORY = tuple(
    EpochResult(
        epoch=epoch,
        train_loss=1.5 / epoch,
        valid_loss=1.2 / epoch + 0.1,
        valid_accuracy=0.5 + 0.1 * epoch,
        seconds=2.0,
        images_per_second=500.0,
    )
    for epoch in (1, 2, 3, 4)
)


@exercise("scalars")
def check_scalars(
    log_run: Callable[[Path, Sequence[EpochResult]], Any],
    read_scalars: Callable[[Path, str], Any],
) -> CheckResult:
    """Four epochs written by the one function, and a log of ours read by the other."""
    for name, function in (("log_run", log_run), ("read_scalars", read_scalars)):
        if not callable(function):
            kind = type(function).__name__
            return failed(f"{name} should be a function, not {kind}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        written = _judge_written(log_run, Path(temporary) / "theirs")
        if written.status != "passed":
            return written
        return _judge_read(read_scalars, Path(temporary) / "ours")


@contextmanager
def _watched_writers() -> Iterator[list[bool]]:
    """Tells of each SummaryWriter made in the block whether it was left open.

    Those are closed at the end: their threads would look for a folder that is gone.
    """
    from torch.utils.tensorboard import SummaryWriter  # takes a second to import

    made: list[SummaryWriter] = []
    flushed: list[SummaryWriter] = []
    make, flush = SummaryWriter.__init__, SummaryWriter.flush

    def noted(writer: SummaryWriter, *args: Any, **named: Any) -> None:
        make(writer, *args, **named)
        made.append(writer)

    def noted_flush(writer: SummaryWriter) -> None:
        flush(writer)
        flushed.append(writer)

    left_open: list[bool] = []
    with (
        patch.object(SummaryWriter, "__init__", noted),
        patch.object(SummaryWriter, "flush", noted_flush),
    ):
        try:
            yield left_open
        finally:
            for writer in made:
                is_open = writer.file_writer is not None and writer not in flushed
                left_open.append(is_open)
                writer.close()


def read_log(folder: Path) -> dict[str, Series]:
    """The scalars of one folder of events: tag -> (step, value), as they were added."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    log = EventAccumulator(str(folder)).Reload()
    return {
        tag: [(event.step, event.value) for event in log.Scalars(tag)]
        for tag in log.Tags()["scalars"]
    }


def expected() -> dict[str, Series]:
    """What a log of HISTORY holds."""
    return {
        tag: [(row.epoch, value(row)) for row in HISTORY] for tag, value in TAGS.items()
    }


def _judge_written(log_run: Callable, folder: Path) -> CheckResult:
    try:
        with _watched_writers() as left_open:
            log_run(folder, HISTORY)
    except NotImplementedError:
        return todo("write the body of log_run, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"log_run raised {type(error).__name__}: {error}")
    if not list(folder.glob("events.out.tfevents.*")):
        return failed("log_run wrote no events into the folder it was given", "nowhere")
    if any(path.is_dir() for path in folder.iterdir()):
        return failed(
            "log_run made a folder for every curve: add_scalars does that, and each "
            "becomes a run of its own; add_scalar writes one value of one curve",
            "add_scalars",
        )
    if any(left_open):
        return failed(
            "log_run left its writer open: values that it still holds may never reach "
            "the disk. Close it, or use it in a with block",
            "not closed",
        )
    found = read_log(folder)
    return _compare(found, expected())


def _compare(found: dict[str, Series], right: dict[str, Series]) -> CheckResult:
    if len(found) == 1 and len(*found.values()) > len(HISTORY):
        return failed(
            f"log_run wrote everything under {next(iter(found))!r}: one curve needs "
            "one tag",
            "one tag",
        )
    if missing := sorted(right.keys() - found.keys()):
        there = ", ".join(sorted(found)) or "none"
        return failed(f"log_run wrote no {missing[0]!r}: there are {there}", "tag")
    for tag, series in right.items():
        steps = [step for step, _ in found[tag]]
        if set(steps) == {0}:
            return failed(
                f"{tag}: every value stands at step 0: your function behaves as if "
                "add_scalar counted by itself",
                "no step",
            )
        if steps == list(range(len(HISTORY))):
            return failed(
                f"{tag}: the steps are {steps}: the epochs count from 1", "from 0"
            )
        if steps != [step for step, _ in series]:
            return failed(f"{tag}: the steps are {steps}, one for each epoch is asked")
        if not _close(found[tag], series):
            return _another_value(tag, found[tag], right)
    return passed("the log holds three curves")


def _another_value(tag: str, series: Series, right: dict[str, Series]) -> CheckResult:
    for other, values in right.items():
        if _close(series, values):
            return failed(f"{tag} holds the values of {other}", "swapped")
    if _close([(step, value / 100) for step, value in series], right[tag]):
        return failed(f"{tag} is in percent: a share from 0 to 1 is asked", "percent")
    return failed(f"{tag} holds other values than the history")


def _close(one: Series, other: Series) -> bool:
    return len(one) == len(other) and all(
        a == b and abs(x - y) <= CLOSE
        for (a, x), (b, y) in zip(one, other, strict=True)
    )


def _judge_read(read_scalars: Callable, folder: Path) -> CheckResult:
    from torch.utils.tensorboard import SummaryWriter  # takes a second to import

    with SummaryWriter(str(folder)) as writer:
        for tag, value in TAGS.items():
            for row in HISTORY:
                writer.add_scalar(tag, value(row), row.epoch)
    for tag, right in expected().items():
        call = f"read_scalars(folder, {tag!r})"
        try:
            answer = read_scalars(folder, tag)
        except NotImplementedError:
            return todo("log_run works; now write the body of read_scalars")
        except KeyError:
            return failed(
                f"{call} found nothing there: an EventAccumulator reads the files "
                "only when Reload() is called",
                "not reloaded",
            )
        except Exception as error:  # whatever the learner's code raises is the finding
            return failed(f"{call} raised {type(error).__name__}: {error}")
        if result := _not_right(call, answer, right):
            return result
    return passed("three curves written, and read back as they were")


def _not_right(call: str, answer: Any, right: Series) -> CheckResult | None:
    if answer is None:
        return failed(f"{call} gave None: does read_scalars end with a return?")
    if type(answer) not in (list, tuple):
        return failed(f"{call} should give a list, not {type(answer).__name__}")
    if all(hasattr(entry, "wall_time") for entry in answer):
        return failed(
            f"{call} gave the events themselves: a pair of step and value is asked",
            "events",
        )
    if all(isinstance(entry, float) for entry in answer):
        return failed(
            f"{call} gave the values alone: without steps nobody knows when", "values"
        )
    if any(type(entry) not in (tuple, list) or len(entry) != 2 for entry in answer):
        return failed(f"{call} should give pairs, (step, value)")
    pairs = [tuple(entry) for entry in answer]
    if _close([(value, step) for step, value in pairs], right):
        return failed(f"{call} gave (value, step): the step comes first", "turned")
    if not _close(pairs, right):
        return failed(f"{call} gave other pairs than the log holds")
    return None
