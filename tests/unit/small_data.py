"""Four hundred drawn pictures, and the command `train` on them in a process.

    python -m tests.unit.small_data --variant LENET5_RELU --out FOLDER

`torchrun -m tests.unit.small_data ...` does the same in several processes.
"""

import os
import sys
from collections.abc import Sequence
from functools import cache
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import torch

from alexnet_lib import __main__
from alexnet_lib.commands import train
from alexnet_lib.data import CLASS_NAMES, DataSet, stand_in

# Takes seconds the first time: here it is done before processes are forked.
torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
torch.set_num_threads(1)


@cache
def small_data(name: str = "FashionMNIST", root: object = None) -> DataSet:
    """Called as `load` is: 300 pictures to train on, 100 to test."""
    images, labels = stand_in.draw(name, 400)
    images = torch.from_numpy(images).unsqueeze(1)
    labels = torch.from_numpy(labels)
    return DataSet(
        name=name,
        source="given",
        note="drawn for a test",
        class_names=CLASS_NAMES[name],
        train_images=images[:300],
        train_labels=labels[:300],
        test_images=images[300:],
        test_labels=labels[300:],
        root=None,
    )


def train_here(arguments: Sequence[str]) -> int:
    """`python -m alexnet_lib train` on the small data; the exit status."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "load", small_data)
        return __main__.main(["train", *arguments])


def start_training(
    *arguments: object, env: dict[str, str] | None = None, log: Path | None = None
) -> BaseProcess:
    """The same in a process of its own, which is there within milliseconds.

    `log`: a file for what it says on stderr.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.unit.small_data"])
    process = context.Process(
        target=_train_there, args=([str(each) for each in arguments], env or {}, log)
    )
    process.start()
    return process


def _train_there(arguments: list[str], env: dict[str, str], log: Path | None) -> None:
    os.environ.update(env)
    if log:
        with log.open("w") as file:
            os.dup2(file.fileno(), 2)
    sys.exit(train_here(arguments))


if __name__ == "__main__":
    sys.exit(train_here(sys.argv[1:]))
