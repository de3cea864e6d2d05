"""Processes that are killed or interrupted: what they leave is enough to go on."""

import os
import random
import signal
import subprocess
import sys
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import torch
from safetensors.torch import load_file

from alexnet_lib.training.records import load_record
from tests.unit.small_data import start_training, train_here
from tests.unit.small_training import without_times

# Dropout and batch normalisation have states of their own to lose.
RUN = (
    *("--variant", "ALEXNET_QUARTER_BN_28", "--recipe", "quick", "--epochs", "2"),
    *("--train-limit", "240", "--batch-size", "20"),  # twelve steps an epoch
    *("--precision", "float32", "--checkpoint-every", "0"),
)
PATIENCE = 120.0  # seconds: far beyond what is needed on any machine


def versions(checkpoint: Path) -> tuple[int, int]:
    """Another one after each write: the file is replaced as a whole."""
    try:
        found = checkpoint.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns


def kill_after(process: BaseProcess, checkpoint: Path, writes: int, then: float) -> int:
    """SIGKILL when so many checkpoints were written, and a little later."""
    deadline, before = time.monotonic() + PATIENCE, versions(checkpoint)
    while writes and process.is_alive():
        assert time.monotonic() < deadline, "the training did not get on"
        if (now := versions(checkpoint)) != before:
            writes, before = writes - 1, now
        time.sleep(0.0005)
    time.sleep(then)
    process.kill()
    process.join(PATIENCE)
    return process.exitcode


def assert_same_run(folder: Path, other: Path) -> None:
    ours, theirs = (load_file(each / "weights.safetensors") for each in (folder, other))
    assert ours.keys() == theirs.keys()
    for name, tensor in ours.items():
        assert torch.equal(tensor, theirs[name]), name
    curves = [load_record(each / "run.json").curve for each in (folder, other)]
    assert without_times(curves[0]) == without_times(curves[1])


def test_killed_again_and_again_it_gives_the_same_weights(tmp_path: Path):
    never_killed, out = tmp_path / "whole", tmp_path / "killed"
    assert train_here([*RUN, "--out", str(never_killed)]) == 0
    chance, killed = random.Random(0), 0
    for _ in range(5):
        process = start_training(*RUN, "--out", out, "--resume")
        writes, then = chance.randint(1, 2), chance.random() * 0.02
        code = kill_after(process, out / "checkpoint.safetensors", writes, then)
        killed += code == -signal.SIGKILL
    assert killed >= 3
    assert train_here([*RUN, "--out", str(out), "--resume"]) == 0
    assert_same_run(never_killed, out)
    left = {path.name for path in out.iterdir() if "tfevents" not in path.name}
    assert left == {"run.json", "weights.safetensors"}


def test_ctrl_c_on_the_real_command_is_two_lines_and_loses_nothing(tmp_path: Path):
    """The stand-in's pictures: this process knows nothing of the test."""
    out = tmp_path / "run"
    command = [sys.executable, "-m", "alexnet_lib", "train", "--train-limit", "3000"]
    env = os.environ | {"ALEXNET_DATA": str(tmp_path), "ALEXNET_OFFLINE": "1"}
    running = subprocess.Popen(
        [*command, "--out", str(out), "--checkpoint-every", "0"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A job in the background is born deaf to Ctrl-C, and its children with it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + PATIENCE
    while versions(out / "checkpoint.safetensors") == (0, 0):
        assert time.monotonic() < deadline
        assert running.poll() is None, running.communicate()
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    stdout, stderr = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert stdout == ""
    *_, hint, line = stderr.splitlines()
    assert hint.split("\r")[-1].strip() == (
        f"{out} keeps what was done: --resume goes on with it"
    )
    assert line == "interrupted"
    assert os.listdir(out) == ["checkpoint.safetensors"]
