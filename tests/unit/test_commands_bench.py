"""bench: the statistics on fake clocks, the time it keeps to, and a tiny real run."""

import gzip
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from alexnet_lib import __main__
from alexnet_lib.architecture.memory import training_memory
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import (
    ALEXNET_2012,
    ALEXNET_D2L,
    ALEXNET_QUARTER,
    LENET5,
    LENET5_RELU,
)
from alexnet_lib.commands import (
    bench_d2l,
    bench_ladder,
    bench_loops,
    bench_memory,
    bench_parts,
    bench_peak,
    bench_table,
)
from alexnet_lib.commands.bench_rounds import (
    Budget,
    NoTimeError,
    Stopwatch,
    Turn,
    cpu_seconds,
    measure_rounds,
    speed_up,
    spread,
    turn_order,
)
from alexnet_lib.data import CLASS_NAMES, Batches, DataSet, stand_in
from alexnet_lib.training import Precision

CPU = torch.device("cpu")
FOREVER = Budget(until=float("inf"), latest=float("inf"))


# --- the statistics, on clocks that only the candidates move ---
class Clock:
    """A wall clock and a CPU clock, in seconds; candidates move both."""

    def __init__(self) -> None:
        self.wall, self.cpu, self.turns = 0.0, 0.0, []

    def candidate(
        self, name: str, seconds: float, cpu: float = 0.5
    ) -> Callable[[], None]:
        def work() -> None:
            self.wall += seconds
            self.cpu += cpu
            self.turns.append(name)

        return work

    @property
    def stopwatch(self) -> Stopwatch:
        return Stopwatch(wall=lambda: self.wall, cpu=lambda: self.cpu)

    def budget(self, until: float, latest: float = float("inf")) -> Budget:
        return Budget(until=until, latest=latest, now=lambda: self.wall)


def test_the_median_and_the_quartiles_between_neighbours():
    found = spread([4.0, 1.0, 3.0, 2.0])
    assert found.median == 2.5
    assert found.quartiles == (1.75, 3.25)
    assert spread([1.0, 3.0]).quartiles == (1.5, 2.5)


def rounds_of(*times: tuple[float, float], cpu: float | None = 1.0) -> list[dict]:
    return [{"d2l": Turn(slow, cpu), "ours": Turn(fast, cpu)} for slow, fast in times]


def test_a_ratio_is_taken_inside_its_round():
    # The machine is ten times slower in the second round: the ratio stays near 2,
    # where the ratio of the means would be 66 / 31 and that of the medians 2.2.
    found = speed_up(rounds_of((4.0, 2.0), (42.0, 20.0), (20.0, 10.0)), "d2l", "ours")
    assert found["ratio"] == 2.0
    assert found["quartiles"] == [2.0, 2.05]
    assert (found["cpu_ratio"], found["cpu_quartiles"]) == (1.0, [1.0, 1.0])
    backwards = speed_up(rounds_of((4.0, 2.0), (42.0, 20.0)), "ours", "d2l")
    assert backwards["ratio"] == pytest.approx(0.488)


def test_without_a_cpu_clock_there_is_no_cpu_ratio():
    found = speed_up(rounds_of((4.0, 2.0), (4.0, 2.0), cpu=None), "d2l", "ours")
    assert found["ratio"] == 2.0
    assert found["cpu_ratio"] is None
    assert found["cpu_quartiles"] is None
    stopwatch = Stopwatch(wall=lambda: 0.0, cpu=None)
    assert stopwatch.time(lambda: None) == Turn(0.0, None)


def test_turns_go_forwards_and_backwards_after_one_warm_up():
    clock = Clock()
    candidates = {name: clock.candidate(name, 1.0) for name in "ABC"}
    rounds = measure_rounds(candidates, clock.stopwatch, FOREVER, most=3)
    assert "".join(clock.turns) == "ABC" + "ABC" + "CBA" + "ABC"
    assert [set(each) for each in rounds] == [set("ABC")] * 3
    assert rounds[0]["A"] == Turn(1.0, 0.5)
    assert turn_order("AB", 3) == "BA"


def test_rounds_end_before_the_time_does():
    clock = Clock()
    candidates = {"A": clock.candidate("A", 3.0), "B": clock.candidate("B", 1.0)}
    rounds = measure_rounds(candidates, clock.stopwatch, clock.budget(until=19.0))
    assert len(rounds) == 3  # 4 s of warm-up and three rounds of 4 s; 20 would be late
    assert clock.wall == 16.0


def test_a_slow_round_counts_when_the_next_one_is_judged():
    clock = Clock()
    seconds = iter([1.0, 1.0, 9.0, 1.0, 1.0, 1.0])

    def work() -> None:
        clock.wall += next(seconds)

    rounds = measure_rounds({"A": work}, clock.stopwatch, clock.budget(until=15.0))
    assert [each["A"].wall for each in rounds] == [1.0, 9.0]


def test_two_rounds_are_made_however_little_time_there_is():
    clock = Clock()
    candidates = {"A": clock.candidate("A", 3.0)}
    rounds = measure_rounds(candidates, clock.stopwatch, clock.budget(until=1.0))
    assert len(rounds) == 2


def test_what_would_end_too_late_is_not_begun():
    clock = Clock()
    candidates = {"A": clock.candidate("A", 3.0), "B": clock.candidate("B", 4.0)}
    with pytest.raises(NoTimeError, match="2 rounds need 14 s or more"):
        measure_rounds(candidates, clock.stopwatch, clock.budget(9.0, latest=20.0))
    assert "".join(clock.turns) == "AB"
    with pytest.raises(NoTimeError, match="2 rounds need 6 s or more"):
        measure_rounds(candidates, clock.stopwatch, clock.budget(9.0, latest=15.0))
    assert "".join(clock.turns) == "ABA"


def test_a_gpu_is_waited_for_before_the_clock_starts_and_before_it_stops():
    events: list[str] = []

    def tell(event: str) -> Callable[[], float]:
        def note() -> float:
            events.append(event)
            return 0.0

        return note

    watch = Stopwatch(wall=tell("clock"), cpu=None, synchronize=tell("wait"))
    watch.time(tell("work"))
    assert events == ["wait", "clock", "work", "wait", "clock"]


BURN = "import time\nwhile time.process_time() < 0.3: pass"


def test_the_time_of_a_process_that_has_ended_counts():
    before, own = cpu_seconds(), time.process_time()
    subprocess.run([sys.executable, "-S", "-c", BURN], check=True)
    ours = time.process_time() - own
    assert cpu_seconds() - before - ours >= 0.25  # counted in hundredths, rounded down


def test_the_time_of_living_loader_processes_counts(monkeypatch):
    alone = cpu_seconds()
    loaders = [SimpleNamespace(pid=os.getpid())] * 3
    monkeypatch.setattr(multiprocessing, "active_children", lambda: loaders)
    on_linux = Path("/proc/self/stat").exists()
    expected = 3 * time.process_time() if on_linux else 0.0
    assert cpu_seconds() - alone == pytest.approx(expected, rel=0.2, abs=0.2)


def test_a_process_that_is_gone_has_taken_no_time(monkeypatch):
    monkeypatch.setattr(
        multiprocessing, "active_children", lambda: [SimpleNamespace(pid=None)]
    )
    assert cpu_seconds() == pytest.approx(cpu_seconds(), abs=0.1)


# --- what is missing ---
@cache
def pictures(num_images: int) -> tuple[torch.Tensor, torch.Tensor]:
    drawn, kinds = stand_in.draw("FashionMNIST", num_images)
    return torch.from_numpy(drawn).unsqueeze(1), torch.from_numpy(kinds)


def small_data(source: str, root: Path | None, num_images: int = 64) -> DataSet:
    images, labels = pictures(num_images)
    return DataSet(
        name="FashionMNIST",
        source=source,
        note="stand-in for FashionMNIST: drawn for a test",
        class_names=CLASS_NAMES["FashionMNIST"],
        train_images=images,
        train_labels=labels,
        test_images=images,
        test_labels=labels,
        root=root,
    )


def bench_json(capsys: pytest.CaptureFixture, *arguments: str) -> dict:
    """The result; meanwhile the parts are named on stderr, one a line."""
    status = __main__.main(["bench", *arguments, "--json"])
    out, err = capsys.readouterr()
    assert status == 0, err
    result = json.loads(out.splitlines()[-1])
    named = [line.removeprefix("bench: ") for line in err.splitlines()]
    assert named == [part for part in bench_parts.ENDS if part in named]
    assert "ladder" in named
    return result


NO_D2L = (
    "d2l is missing (No module named 'pandas'): `make setup` installs it; by hand: "
    "`pip install --no-deps d2l==1.0.3` and `pip install pandas requests scipy`"
)


def test_without_d2l_and_without_the_real_pictures_each_is_named(monkeypatch, capsys):
    def fail(name: str):
        raise ModuleNotFoundError("No module named 'pandas'")

    ran = []
    monkeypatch.setattr(bench_parts, "BATCH_SIZE", 16)
    monkeypatch.setattr(bench_d2l, "import_module", fail)
    monkeypatch.setattr(bench_parts, "load", lambda name: small_data("stand-in", None))
    for part in ("climb", "compare_norms", "share_of_peak", "compare_memory"):
        monkeypatch.setattr(
            bench_parts, part, lambda *a, _part=part, **k: ran.append(_part) or {}
        )
    result = bench_json(capsys)
    assert ran == ["climb", "compare_memory", "compare_norms", "share_of_peak"]
    assert result["missing"] == [
        "no comparison with d2l, whose loader reads files: stand-in for FashionMNIST: "
        "drawn for a test",
        NO_D2L,
    ]
    assert (result["ratio"], result["quartiles"], result["rounds"]) == (None, None, 0)
    assert result["losses"] is None
    assert __main__.main(["bench"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith("our loop against d2l's own: not measured on: ")
    assert f"missing: {NO_D2L}" in out


@pytest.mark.parametrize("seconds", ["0", "-3", "nan", "inf"])
def test_the_seconds_are_checked(capsys, seconds):
    assert __main__.main(["bench", "--seconds", seconds]) == 2
    err = capsys.readouterr().err
    assert err == f"--seconds is {float(seconds)}: give a number above 0\n"


# --- the time in all ---
def fake_bench(monkeypatch, parts: dict[str, Callable]) -> None:
    bench = bench_parts.Bench(
        device=CPU,
        precision=Precision("float32", "as asked for"),
        data=small_data("given", None),
        d2l=None,
        stopwatch=Stopwatch(),
        start=0.0,
        seconds=0.0,
    )
    monkeypatch.setattr(
        bench_parts,
        "prepare",
        lambda start, seconds: (replace(bench, start=start, seconds=seconds), []),
    )
    monkeypatch.setattr(bench_parts, "parts", lambda bench: parts)


def test_each_part_has_its_share_and_the_comparison_all_it_needs():
    bench = bench_parts.Bench(
        device=CPU,
        precision=Precision("float32", "as asked for"),
        data=small_data("given", None),
        d2l=None,
        stopwatch=Stopwatch(),
        start=1000.0,
        seconds=200.0,
    )
    ends = [bench.budget(part).until for part in bench_parts.ENDS]
    assert ends == sorted(ends)
    assert (ends[0], ends[-1]) == (1084.0, 1196.0)
    assert bench.budget("comparison").latest == float("inf")
    assert bench.budget("ladder").latest == 1200.0


def test_a_part_without_time_is_left_out_and_named(monkeypatch):
    def too_long():
        raise NoTimeError("2 rounds need 75 s or more")

    few = {"ratio": 2.0, "quartiles": [1.9, 2.1], "rounds": 3}
    fake_bench(monkeypatch, {"comparison": lambda: few, "ladder": too_long})
    result = bench_parts.measure(time.monotonic(), 60.0)
    assert (result["ratio"], result["ladder"]) == (2.0, None)
    assert result["notes"] == [
        "comparison: 3 rounds fitted into the time, few for quartiles; for 8 give "
        "about --seconds 160",
        "ladder left out for lack of time: 2 rounds need 75 s or more",
    ]


def test_when_the_time_is_over_only_the_comparison_is_made(monkeypatch):
    ran = []
    works = {part: partial(ran.append, part) for part in bench_parts.ENDS}
    works["comparison"] = lambda: ran.append("comparison") or {"rounds": 8}
    fake_bench(monkeypatch, works)
    result = bench_parts.measure(time.monotonic() - 100, 60.0)
    assert ran == ["comparison"]
    assert result["notes"] == [
        f"{part} left out for lack of time: it was used up before"
        for part in bench_parts.ENDS
        if part != "comparison"
    ]
    assert result["seconds"] >= 100


def test_memory_is_not_begun_without_time():
    now = time.monotonic()
    late = Budget(until=now, latest=now + 60)
    with pytest.raises(NoTimeError, match="it was used up before"):
        bench_memory.compare_memory("LENET5", 4, CPU, late)


# --- the ladder, the norms, the peak ---
def test_every_rung_computes_the_same_loss(monkeypatch):
    monkeypatch.setattr(bench_ladder, "RATE", 0.0)  # the weights stay what they are
    data = small_data("given", None, 2)
    steps = bench_ladder.rungs(
        ALEXNET_QUARTER, data.train_images, data.train_labels, "bfloat16", CPU
    )
    assert list(steps) == [
        "float32, as d2l",
        "float32, channels last",
        "bfloat16",
        "bfloat16, channels last",
        "+ ReLU behind the max pooling",
        "+ fused optimiser",
        "+ conv1 on the 28 pixels",
    ]
    losses = {}
    for name, step in steps.items():
        torch.manual_seed(0)  # the same dropout
        losses[name] = step()
    exact = losses.pop("float32, as d2l")
    assert losses.pop("float32, channels last") == pytest.approx(exact, rel=1e-5)
    for name, loss in losses.items():  # 8 bits for a number
        assert loss == pytest.approx(exact, rel=2**-6), name
    assert losses["bfloat16"] != exact


def test_rungs_that_a_machine_or_a_network_cannot_have_are_left_out():
    data = small_data("given", None, 2)
    steps = bench_ladder.rungs(
        LENET5_RELU, data.train_images, data.train_labels, "float32", CPU
    )
    assert list(steps) == [
        "float32, as d2l",
        "float32, channels last",
        "+ ReLU behind the max pooling",
        "+ fused optimiser",
    ]
    assert bench_ladder.reads_enlarged(ALEXNET_D2L)
    assert not bench_ladder.reads_enlarged(ALEXNET_2012)


def test_the_ladder_is_measured_against_its_first_rung():
    data = small_data("given", None, 4)
    rungs = bench_ladder.climb(
        LENET5_RELU,
        data.train_images,
        data.train_labels,
        "float32",
        CPU,
        Stopwatch(),
        replace(FOREVER, until=0.0),
        steps_a_turn=2,
    )
    first = rungs[0]
    assert (first["ratio"], first["quartiles"]) == (1.0, [1.0, 1.0])
    assert first["over_the_rung_before"]["ratio"] == 1.0
    assert rungs[1]["over_the_rung_before"]["ratio"] == rungs[1]["ratio"]
    assert all(rung["images_per_second"] > 0 for rung in rungs)
    assert {(rung["rounds"], rung["batch_size"]) for rung in rungs} == {(2, 4)}


def test_both_norms_do_the_same_to_the_same(monkeypatch):
    seen = []
    monkeypatch.setattr(
        bench_ladder, "_both_ways", lambda layer, a: seen.append((layer, a))
    )
    monkeypatch.setattr(
        bench_ladder, "measure_rounds", lambda found, *_: rounds_of_norms(found)
    )
    norms = bench_ladder.compare_norms(CPU, Stopwatch(), FOREVER, ((6, 5, 4),), 2)
    assert [(each["dtype"], each["layout"]) for each in norms] == [
        ("float32", "contiguous"),
        ("float32", "channels last"),
        ("bfloat16", "contiguous"),
        ("bfloat16", "channels last"),
    ]
    for norm, (theirs, a), (ours, b) in zip(norms, seen[::2], seen[1::2], strict=True):
        assert (norm["shape"], norm["ratio"]) == ([2, 6, 5, 4], 4.0)
        assert a is b
        assert a.dtype == getattr(torch, norm["dtype"])
        assert a.is_contiguous() == (norm["layout"] == "contiguous")
        torch.testing.assert_close(theirs(a), ours(a))


def test_a_turn_of_a_norm_is_forward_and_backward():
    passed = []

    class Double(torch.nn.Module):
        def forward(self, a):
            b = 2 * a
            b.register_hook(lambda grad: passed.append(grad.shape))
            return b

    work = bench_ladder._both_ways(Double(), torch.ones(1, 2, 3, 3))
    bench_ladder._repeated(work, 3)()
    assert passed == [(1, 2, 3, 3)] * 3


def rounds_of_norms(candidates) -> list[dict]:
    one = {key: Turn(4.0 if key[1] == "torch" else 1.0, None) for key in candidates}
    return [one, one]


def test_the_operations_of_a_step():
    # forward 938,146,176 multiply-adds, backward twice that less conv1's 33,872,256
    assert bench_peak.flops_of_a_step(ALEXNET_D2L) == 5_561_132_544


def test_the_share_of_the_peak_is_in_operations(monkeypatch):
    def two_rounds(candidates, stopwatch, budget):
        assert candidates["step"]() == pytest.approx([2.3], abs=1.0)  # a real step
        return [
            {"product": Turn(0.5, None), "step": Turn(each, None)} for each in (2, 4)
        ]

    monkeypatch.setattr(bench_peak, "measure_rounds", two_rounds)
    data = small_data("given", None, 8)
    batches = Batches(data.train_images, data.train_labels, 8)
    found = bench_peak.share_of_peak(
        LENET5_RELU, batches, "float32", CPU, Stopwatch(), FOREVER, size=64
    )
    # 416,520 multiply-adds forward, of them 117,600 in conv1; 5 products of 64^3
    step, product = 8 * 2 * (3 * 416_520 - 117_600), 5 * 2 * 64**3
    shares = [step / seconds / (product / 0.5) for seconds in (2, 4)]
    assert found["ratio"] == pytest.approx(sum(shares) / 2, abs=1e-3)
    assert found["best_tflops"]["product"] == pytest.approx(product / 0.5 / 1e12)
    assert found["best_tflops"]["step"] == pytest.approx(step / 2 / 1e12)
    assert found["cpu_ratio"] is None


# --- memory ---
def test_a_child_process_measures_what_a_step_takes():
    found = bench_memory.compare_memory(
        "ALEXNET_QUARTER", 16, CPU, Budget(until=time.monotonic() + 300, latest=0.0)
    )
    predicted = training_memory(ALEXNET_QUARTER).total(16)
    assert found["predicted_bytes"] == predicted
    # A little more than is counted: the images, and what layers need while they work.
    assert 0.9 * predicted < found["measured_bytes"] < 1.5 * predicted
    assert found["ratio"] == round(found["measured_bytes"] / predicted, 3)


def test_a_child_that_fails_is_quoted(monkeypatch):
    def run(command, **options):
        return subprocess.CompletedProcess(command, 1, "", "Traceback\nno room\n")

    monkeypatch.setattr(bench_memory.subprocess, "run", run)
    with pytest.raises(RuntimeError, match="measurement of the memory failed: no room"):
        bench_memory.compare_memory("LENET5", 4, CPU, FOREVER)


def test_a_child_that_takes_too_long_is_given_up(monkeypatch):
    def run(command, timeout, **options):
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(bench_memory.subprocess, "run", run)
    now = time.monotonic()
    with pytest.raises(NoTimeError, match="it needs more than 9 s"):
        bench_memory.compare_memory("LENET5", 4, CPU, Budget(until=now + 9, latest=0))


# --- d2l's own loop ---
@pytest.fixture(scope="module")
def d2l():
    return bench_d2l.import_d2l()


@pytest.fixture
def idx_root(tmp_path) -> Iterator[Path]:
    """A read-only data root of 64 pictures, half of its files packed."""
    data = small_data("given", None)
    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    images, labels = data.train_images[:, 0].numpy(), data.train_labels.numpy()
    for part in ("train", "t10k"):
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            header = (
                bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes()
            )
            content = header + array.astype(np.uint8).tobytes()
            if part == "train":
                (raw / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(content))
            else:
                (raw / f"{part}-{kind}-ubyte").write_bytes(content)
    raw.chmod(0o500)
    yield tmp_path
    raw.chmod(0o700)


@pytest.mark.needs_extra("d2l")
def test_d2l_gets_the_pictures_we_get_and_leaves_no_trace(d2l, idx_root, tmp_path):
    before, here = sorted(idx_root.rglob("*")), Path.cwd()
    loader = bench_d2l.d2l_batches(d2l, idx_root, 32, resize=56)
    assert len(loader) == 2
    theirs = iter(loader)
    pairs = [next(theirs) for _ in range(4)]  # the third begins the second epoch
    theirs.close()
    data = small_data("given", None)
    ours = Batches(data.train_images, data.train_labels, 64, resize=56)
    [(images, labels)] = list(ours)
    for first in (0, 2):
        found, kinds = map(torch.cat, zip(*pairs[first : first + 2], strict=True))
        assert torch.equal(in_order(found, kinds), in_order(images, labels))
    assert sorted(idx_root.rglob("*")) == before
    assert Path.cwd() == here


def in_order(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Pictures and labels as rows, sorted: a shuffle does not show."""
    rows = torch.cat([images.flatten(1), labels[:, None].float()], 1)
    return torch.tensor(sorted(rows.tolist()))


@pytest.mark.needs_extra("d2l")
def test_our_losses_are_those_of_d2l(d2l):
    found = losses_of(d2l)
    assert found["agree"]
    assert found["steps"] == 200
    assert found["last_losses"]["d2l"] < found["first_loss"] - 0.5
    assert found["compared"].startswith("the loss of each of 200 steps, LeNet-5 (ReLU")


@pytest.mark.needs_extra("d2l")
def test_where_rounding_does_not_grow_the_losses_are_equal(d2l):
    found = losses_of(d2l, 40, model_spec=LENET5)  # sigmoids flatten what differs
    assert 0 < found["rounding_alone"] < 1e-5
    assert found["largest_difference"] < 1e-5
    assert abs(found["last_losses"]["ours"] - found["first_loss"]) > 0.05


@pytest.mark.needs_extra("d2l")
def test_another_training_is_noticed(d2l, monkeypatch):
    recipe = replace(bench_loops.RECIPE, momentum=0.9)
    monkeypatch.setattr(bench_loops, "RECIPE", recipe)
    found = losses_of(d2l, 30)
    assert not found["agree"]
    assert found["largest_difference"] > 0.01


@pytest.mark.needs_extra("d2l")
def test_losses_give_up_early_and_stop_late(d2l):
    clock = iter(range(1000))
    short = Budget(until=0.0, latest=50.0, now=lambda: float(next(clock)))
    with pytest.raises(NoTimeError, match="200 steps need another 199 s"):
        losses_of(d2l, budget=short)
    # asked once at the start, then twice a step while it is early (5), then once
    clock = iter([0.0] * (1 + 5 * 3 + 2 * 10) + [60.0] * 2)
    assert losses_of(d2l, budget=short)["steps"] == 16


def losses_of(
    d2l,
    num_steps: int = 200,
    budget: Budget = FOREVER,
    model_spec: ModelSpec = LENET5_RELU,
) -> dict:
    data = small_data("given", None, 512)
    return bench_loops.compare_losses(
        d2l,
        model_spec,
        data.train_images,
        data.train_labels,
        num_steps,
        16,
        CPU,
        budget,
    )


@pytest.mark.needs_extra("d2l")
def test_a_tiny_bench_from_end_to_end(monkeypatch, capsys, idx_root):
    tiny = {"BATCH_SIZE": 16, "LADDER_BATCH_SIZE": 16, "LOSS_STEPS": 3}
    for name, value in tiny.items():
        monkeypatch.setattr(bench_parts, name, value)
    for name in ("ALEXNET_D2L", "ALEXNET_QUARTER"):
        monkeypatch.setattr(bench_parts, name, LENET5_RELU)
    monkeypatch.setitem(bench_peak.SIZE, "cpu", 64)
    norms = partial(bench_ladder.compare_norms, shapes=((8, 5, 5),), num_images=2)
    monkeypatch.setattr(bench_parts, "compare_norms", norms)
    memory = {"measured_bytes": 3e6, "predicted_bytes": 2e6, "ratio": 1.5}
    monkeypatch.setattr(
        bench_parts, "compare_memory", lambda *a: memory | {"compared": "a step"}
    )
    monkeypatch.setattr(bench_parts, "load", lambda name: small_data("given", idx_root))
    for module in (bench_loops, bench_ladder, bench_peak):
        monkeypatch.setattr(module, "measure_rounds", partial(measure_rounds, most=3))
    result = bench_json(capsys, "--seconds", "600")
    assert set(result) >= {"ratio", "quartiles", "rounds", "device", "ladder"}
    assert result["missing"] == []
    assert result["rounds"] == 3
    low, high = result["quartiles"]
    assert 0 < low <= result["ratio"] <= high
    assert result["cpu_ratio"] > 0
    assert result["threads"] == 1
    assert result["device"].endswith("1 thread")
    assert "d2l 1.0.3: its loader with its 4 processes" in result["compared"]
    assert [rung["rung"] for rung in result["ladder"]][-1] == "+ fused optimiser"
    assert len(result["lrn"]) == 4
    assert result["peak"]["ratio"] > 0
    assert result["losses"]["agree"]
    assert result["memory"]["ratio"] == 1.5

    text = bench_table.table(result)
    ratio = f"{result['ratio']:.2f} [{low:.2f} to {high:.2f}]"
    assert f"  wall clock  {ratio}  d2l " in text
    flowing = " ".join(text.split())
    assert f"our loop against d2l's own, {result['rounds']} rounds" in flowing
    assert "memory: 3 MB measured, 2 MB predicted, 1.50 times as much" in flowing
    assert "equal results: losses " in flowing
    assert "note: ladder: 3 rounds fitted into the time, few for quartiles" in flowing


# --- the table ---
def result_with(**changes) -> dict:
    return {
        "ratio": None,
        "device": "a GPU",
        "threads": 2,
        "cpu_cores": 2,
        "precision": "bfloat16",
        "load_average": {"before": None, "after": None},
        "seconds": 9.0,
        "missing": [],
        "notes": [],
        **dict.fromkeys(("ladder", "memory", "lrn", "peak", "losses")),
        **changes,
    }


def test_a_gpu_has_no_column_of_cpu_time():
    one = {
        "ratio": 3.0,
        "quartiles": [2.5, 3.5],
        "cpu_ratio": None,
        "cpu_quartiles": None,
    }
    rung = one | {
        "rung": "bfloat16",
        "rounds": 9,
        "batch_size": 64,
        "over_the_rung_before": one | {"ratio": 1.5},
    }
    text = bench_table.table(result_with(ladder=[rung]))
    assert "  bfloat16  3.00 [2.50 to 3.50]    1.50 [2.50 to 3.50]" in text
    assert "CPU time" not in text
    assert "load average" not in text


def test_other_results_are_called_so():
    losses = {
        "agree": False,
        "steps": 7,
        "largest_difference": 0.25,
        "rounding_alone": 1e-6,
        "first_loss": 2.5,
        "last_losses": {"d2l": 2.0, "ours": 2.25},
        "compared": "this and that",
    }
    text = " ".join(bench_table.table(result_with(losses=losses)).split())
    assert "NOT the same results: losses at most 2.5e-01 apart in 7 steps" in text
    assert "rounding alone moves d2l's by 1.0e-06" in text
