"""Two real processes train as one does; one of them writes and speaks."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from safetensors.torch import load_file

from alexnet_lib.training import distributed
from alexnet_lib.training.records import RunRecord, load_record
from tests.unit.small_data import start_training, train_here
from tests.unit.small_training import without_times

REPOSITORY = Path(__file__).resolve().parents[2]
# The last of ten batches has 7 images: 4 for one process, 3 for the other.
RUN = (
    *("--variant", "LENET5_RELU", "--epochs", "2", "--train-limit", "151"),
    *("--batch-size", "16", "--precision", "float32", "--device", "cpu"),
)
LOOPBACK = {"GLOO_SOCKET_IFNAME": "lo" if sys.platform == "linux" else "lo0"}
PATIENCE = 240.0
CPU = torch.device("cpu")


def torchrun(*arguments: object) -> subprocess.CompletedProcess:
    """Two processes on the small data, started as a reader would start them."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--nproc-per-node", "2", "-m", "tests.unit.small_data"]
    return subprocess.run(
        [*command, *map(str, arguments)],
        cwd=REPOSITORY,
        env=os.environ | LOOPBACK | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def start_pair(*arguments: object, logs: Path | None = None) -> list[BaseProcess]:
    """The same two without torchrun, whose import takes its time."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    together = {
        **LOOPBACK,
        "TORCHELASTIC_RUN_ID": "test",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "WORLD_SIZE": "2",
        "LOCAL_WORLD_SIZE": "2",
    }
    return [
        start_training(
            *arguments,
            env={**together, "RANK": str(rank), "LOCAL_RANK": str(rank)},
            log=logs and logs / f"{rank}.log",
        )
        for rank in range(2)
    ]


def join(pair: list[BaseProcess]) -> list[int | None]:
    for process in pair:
        process.join(PATIENCE)
    return [process.exitcode for process in pair]


def run_of(folder: Path) -> tuple[RunRecord, dict[str, torch.Tensor]]:
    return (
        load_record(folder / "run.json"),
        load_file(folder / "weights.safetensors"),
    )


# --- two are as one ---
def test_two_processes_give_the_curve_and_the_weights_of_one(tmp_path: Path):
    assert train_here([*RUN, "--out", str(tmp_path / "one")]) == 0
    done = torchrun(*RUN, "--out", tmp_path / "two", "--json")
    assert done.returncode == 0, done.stderr
    (alone, weights), (run, found) = (run_of(tmp_path / n) for n in ("one", "two"))
    assert len(run.curve) == 2
    for ours, theirs in zip(run.curve, alone.curve, strict=True):
        assert ours.train_loss == pytest.approx(theirs.train_loss, rel=1e-5)
        assert ours.train_accuracy == pytest.approx(theirs.train_accuracy, abs=1e-9)
    assert run.curve[1].train_loss < run.curve[0].train_loss
    for name, tensor in weights.items():  # float16: a last bit may round otherwise
        torch.testing.assert_close(found[name], tensor, rtol=2e-3, atol=1e-4)
    # One process speaks, and one writes.
    [line] = done.stdout.splitlines()
    assert json.loads(line)["epochs"] == 2
    assert len(re.findall("151 images of FashionMNIST", done.stderr)) == 1
    written = sorted(path.name for path in (tmp_path / "two").iterdir())
    assert written[1:] == ["run.json", "weights.safetensors"]
    assert written[0].startswith("events.out.tfevents.")


def test_killed_together_they_go_on_together_bit_for_bit(tmp_path: Path):
    """With dropout and batch normalisation, and with sums that two have made."""
    args = (
        *("--variant", "ALEXNET_QUARTER_BN_28", "--recipe", "quick", "--epochs", "2"),
        *("--train-limit", "90", "--batch-size", "20", "--checkpoint-every", "0"),
        *("--precision", "float32", "--device", "cpu"),
    )
    assert join(start_pair(*args, "--out", tmp_path / "whole")) == [0, 0]
    out, chance, killed = tmp_path / "killed", random.Random(2), 0
    for _ in range(2):
        pair = start_pair(*args, "--out", out, "--resume")
        wait_for_a_new_file(out / "checkpoint.safetensors", pair)
        time.sleep(chance.random() * 0.05)
        for process in pair:
            process.kill()
        killed += -signal.SIGKILL in join(pair)
    assert killed
    assert join(start_pair(*args, "--out", out, "--resume")) == [0, 0]
    (never, weights), (run, found) = (run_of(f) for f in (tmp_path / "whole", out))
    assert without_times(run.curve) == without_times(never.curve)
    assert all(torch.equal(found[name], weights[name]) for name in weights)


def wait_for_a_new_file(path: Path, pair: list[BaseProcess]) -> None:
    before = path.stat().st_ino if path.exists() else None
    deadline = time.monotonic() + PATIENCE
    while not path.exists() or path.stat().st_ino == before:
        assert time.monotonic() < deadline
        if not all(process.is_alive() for process in pair):
            return
        time.sleep(0.001)


# --- when one fails ---
ENDED = "another process of this training has ended: its own message says why"


def last_lines(folder: Path) -> list[str]:
    logs = [(folder / f"{rank}.log").read_text() for rank in range(2)]
    return [(log.splitlines() or [""])[-1].split("\r")[-1].strip() for log in logs]


def test_when_one_fails_the_other_ends_and_the_reason_is_there(tmp_path: Path):
    """Only the first process looks at the folder; the other waits for it."""
    used = tmp_path / "used"
    used.mkdir()
    (used / "thesis.txt").write_text("precious")
    start = time.monotonic()
    assert join(start_pair(*RUN, "--out", used, logs=tmp_path)) == [2, 2]
    assert time.monotonic() - start < PATIENCE / 2
    reason, other = last_lines(tmp_path)
    assert reason.startswith(f"{used} is in use: name a new folder with --out, or rem")
    assert other == ENDED
    assert os.listdir(used) == ["thesis.txt"]


def test_when_one_is_killed_the_other_does_not_wait_for_ever(tmp_path: Path):
    out = tmp_path / "run"
    args = (*RUN, "--epochs", "500", "--out", out, "--checkpoint-every", "0")
    pair = start_pair(*args, logs=tmp_path)
    wait_for_a_new_file(out / "checkpoint.safetensors", pair)
    pair[1].kill()
    assert join(pair) == [2, -signal.SIGKILL]
    assert last_lines(tmp_path)[0] == ENDED
    assert (out / "checkpoint.safetensors").is_file()


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("[/gloo/transport/tcp/pair.cc:545] Read error: Connection reset"),
        dist.DistBackendError("NCCL error: remote process exited"),
    ],
)
def test_what_the_other_hears_is_clear(
    monkeypatch: pytest.MonkeyPatch, error: RuntimeError
):
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "test")
    monkeypatch.setattr(dist, "init_process_group", lambda backend: None)
    monkeypatch.setattr(dist, "destroy_process_group", lambda: None)
    with pytest.raises(RuntimeError) as caught, distributed.joined(CPU):
        raise error
    assert str(caught.value) == ENDED
    with pytest.raises(RuntimeError, match="ours"), distributed.joined(CPU):
        raise RuntimeError("ours")


# --- alone ---
def test_without_torchrun_nothing_is_joined(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("TORCHELASTIC_RUN_ID", raising=False)
    with distributed.joined(CPU) as device:
        assert device is CPU
        assert distributed.num_processes() == 1
        assert distributed.place() == (0, 1)
        assert distributed.is_first()
        distributed.wait()
        model = torch.nn.Linear(2, 2)
        assert distributed.replicate(model) is model
        assert distributed.add_up(1, 2.5) == [1, 2.5]
        assert distributed.whole_batch(0.7, 3, 8) == (0.7, 3, 8)
        assert distributed.weight_of(7, 7) == 1.0
        before = torch.get_rng_state()
        distributed.draw_apart(0, 1, 2)
        assert torch.equal(torch.get_rng_state(), before)


def test_each_process_needs_a_gpu_of_its_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "test")
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with (
        pytest.raises(ValueError, match="2 processes for 1 GPU: start one for each"),
        distributed.joined(torch.device("cuda")),
    ):
        pass
