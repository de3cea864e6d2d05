"""The parts of `bench`, one after another, each within its share of the time."""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TextIO

import torch

from alexnet_lib import runtime
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import ALEXNET_D2L, ALEXNET_QUARTER, LENET5_RELU
from alexnet_lib.commands.bench_d2l import d2l_batches, import_d2l
from alexnet_lib.commands.bench_ladder import climb, compare_norms
from alexnet_lib.commands.bench_loops import compare_losses, compare_speed
from alexnet_lib.commands.bench_memory import compare_memory
from alexnet_lib.commands.bench_peak import share_of_peak
from alexnet_lib.commands.bench_rounds import ENOUGH, Budget, NoTimeError, Stopwatch
from alexnet_lib.data import Batches, DataSet, load
from alexnet_lib.training import Precision, pick_precision

BATCH_SIZE = 128  # d2l's
LADDER_BATCH_SIZE = 64
LOSS_STEPS, LOSS_BATCH_SIZE = 200, 32
# d2l's loader reads 8 batches ahead, which on a GPU take no time: a turn outlasts them.
BATCHES_A_TURN = {"cpu": 1, "cuda": 100}
# When each part ends, as a share of all the time; what one leaves goes to the next.
ENDS = {
    "comparison": 0.42,
    "ladder": 0.70,
    "memory": 0.80,
    "lrn": 0.86,
    "peak": 0.92,
    "losses": 0.98,
}


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What all parts share: the machine, the pictures, the clocks and the end."""

    device: torch.device
    precision: Precision
    data: DataSet
    d2l: ModuleType | None
    stopwatch: Stopwatch
    start: float  # on the clock of `Budget`
    seconds: float

    def budget(self, part: str) -> Budget:
        """The time of this part; the comparison itself is made whatever it takes."""
        end = float("inf") if part == "comparison" else self.start + self.seconds
        return Budget(until=self.start + ENDS[part] * self.seconds, latest=end)

    @property
    def batches_a_turn(self) -> int:
        return BATCHES_A_TURN[self.device.type]

    @property
    def batches(self) -> Batches:
        """Our training pictures, resized for the full-width network."""
        return Batches(
            self.data.train_images,
            self.data.train_labels,
            BATCH_SIZE,
            shuffle=True,
            resize=ALEXNET_D2L.input_shape[-1],
            device=self.device,
            drop_last=True,
        )


def measure(start: float, seconds: float, log: TextIO | None = None) -> dict[str, Any]:
    """All parts as one result; `missing` and `notes` say what is not in it, and why.

    start: on the clock of `time.monotonic`, seconds: of wall time, for everything.
    """
    load_before = load_average()
    bench, missing = prepare(start, seconds)
    results: dict[str, Any] = {}
    notes = []
    for part, work in parts(bench).items():
        if log:
            log.write(f"bench: {part}\n")
        try:
            if bench.budget(part).left <= 0:
                raise NoTimeError("it was used up before")
            results[part] = work()
        except NoTimeError as error:
            notes.append(f"{part} left out for lack of time: {error}")
        else:
            notes += few_rounds(part, results[part], seconds)
        gc.collect()  # networks that hold one another, and d2l's loader processes
    comparison = results.pop("comparison", {})
    return {
        "ratio": None,
        "quartiles": None,
        "rounds": 0,
        **comparison,
        "device": runtime.device_name(bench.device),
        "threads": torch.get_num_threads(),
        "cpu_cores": os.cpu_count(),
        "precision": bench.precision.name,
        "load_average": {"before": load_before, "after": load_average()},
        **{part: results.get(part) for part in ENDS if part != "comparison"},
        "seconds": round(time.monotonic() - start, 1),
        "missing": missing,
        "notes": notes,
    }


def prepare(start: float, seconds: float) -> tuple[Bench, list[str]]:
    """The machine and the data as they are, and a line for each thing missing."""
    missing = []
    # d2l knows no third kind of device.
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    data = load("FashionMNIST")
    if data.source == "stand-in":
        missing.append(f"no comparison with d2l, whose loader reads files: {data.note}")
    try:
        d2l = import_d2l()
    except ImportError as error:
        d2l = None
        missing.append(str(error))
    on_gpu = device.type == "cuda"
    bench = Bench(
        device=device,
        precision=pick_precision("auto", device),
        data=data,
        d2l=d2l,
        stopwatch=Stopwatch(cpu=None, synchronize=torch.cuda.synchronize)
        if on_gpu
        else Stopwatch(),
        start=start,
        seconds=seconds,
    )
    return bench, missing


def parts(bench: Bench) -> dict[str, Callable[[], Any]]:
    """What is to be measured here, by its key in the result and in this order."""
    work: dict[str, Callable[[], Any]] = {}
    if bench.d2l and bench.data.root:
        work["comparison"] = lambda: _comparison(bench)
    work["ladder"] = lambda: climb(
        ALEXNET_D2L,
        bench.data.train_images[:LADDER_BATCH_SIZE],
        bench.data.train_labels[:LADDER_BATCH_SIZE],
        bench.precision.name,
        bench.device,
        bench.stopwatch,
        bench.budget("ladder"),
        steps_a_turn=bench.batches_a_turn,
    )
    work["memory"] = lambda: compare_memory(
        "ALEXNET_D2L", BATCH_SIZE, bench.device, bench.budget("memory")
    )
    work["lrn"] = lambda: compare_norms(
        bench.device,
        bench.stopwatch,
        bench.budget("lrn"),
        passes_a_turn=bench.batches_a_turn,
    )
    work["peak"] = lambda: share_of_peak(
        ALEXNET_D2L,
        bench.batches,
        bench.precision.name,
        bench.device,
        bench.stopwatch,
        bench.budget("peak"),
        steps_a_turn=bench.batches_a_turn,
    )
    if bench.d2l:
        work["losses"] = lambda: _losses(bench)
    return work


def _comparison(bench: Bench) -> dict[str, Any]:
    side = ALEXNET_D2L.input_shape[-1]
    return compare_speed(
        bench.d2l,
        ALEXNET_D2L,
        d2l_batches(bench.d2l, bench.data.root, BATCH_SIZE, side),
        bench.batches,
        bench.precision,
        bench.device,
        bench.stopwatch,
        bench.budget("comparison"),
        bench.batches_a_turn,
    )


def _losses(bench: Bench) -> dict[str, Any]:
    """On a small AlexNet where the time allows it, else on LeNet."""

    def compare(model_spec: ModelSpec) -> dict[str, Any]:
        return compare_losses(
            bench.d2l,
            model_spec,
            bench.data.train_images,
            bench.data.train_labels,
            LOSS_STEPS,
            LOSS_BATCH_SIZE,
            bench.device,
            bench.budget("losses"),
        )

    try:
        return compare(ALEXNET_QUARTER)
    except NoTimeError:
        return compare(LENET5_RELU)


def few_rounds(part: str, result: Any, seconds: float) -> list[str]:
    """A line when there are too few rounds for the quartiles to mean much."""
    found = result[0] if isinstance(result, list) else result
    rounds = found.get("rounds", ENOUGH)
    if rounds >= ENOUGH:
        return []
    wanted = seconds * ENOUGH / rounds
    return [
        f"{part}: {rounds} rounds fitted into the time, few for quartiles; for "
        f"{ENOUGH} give about --seconds {wanted:.0f}"
    ]


def load_average() -> list[float] | None:
    """Programs that wanted a core, over the last 1, 5 and 15 minutes, or None."""
    try:
        return [round(number, 2) for number in os.getloadavg()]
    except (AttributeError, OSError):  # Windows does not count them
        return None
