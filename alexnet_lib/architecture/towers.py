"""The two-GPU split of 2012 as two real processes, each with its own half.

`TowerPair` starts the two, hands each its half of the weights, and puts together what
they answer. Between GPUs they talk by NCCL, between CPUs by gloo, in both cases only at
the layers that read both halves: see `halves.cut_in_two`.
"""

import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

from alexnet_lib.architecture.half_network import join_halves
from alexnet_lib.architecture.half_process import (
    ALONE,
    ANSWERS,
    PICTURES,
    WHOLE,
    Failed,
    Load,
    Order,
    Report,
    Step,
    serve,
)
from alexnet_lib.architecture.halves import NUM_TOWERS, cut_in_two
from alexnet_lib.architecture.model import check_input
from alexnet_lib.architecture.spec import ModelSpec

START_SECONDS = 120.0  # importing torch twice takes its time
GRACE_SECONDS = 5.0  # for a tower that has been told to end, or is alone


@dataclass(frozen=True, kw_only=True)
class PairStep:
    """What two towers gave together; gradients under the names of the whole network."""

    logits: Tensor  # (N, num_classes)
    loss: float
    gradients: dict[str, Tensor]
    towers: tuple[Report, Report]


class TowerPair:
    """Two processes that are one network.

        with TowerPair() as pair:
            pair.load(variants.ALEXNET_2012_SOURCE, model.state_dict())
            step = pair.step(images, labels)
        step.gradients["conv3.weight"]  # equal to those of the one network

    The processes end with the block, with `close()`, or with the process that started
    them, however that ends. When one of them is lost, the other ends as well and the
    next call raises RuntimeError.
    """

    def __init__(self, start_method: str = "spawn"):
        self._files = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._folder = Path(self._files.name)
        self._model_spec: ModelSpec | None = None
        context = get_context(start_method)
        between = context.Pipe()
        self._orders, theirs = zip(
            *(context.Pipe() for _ in range(NUM_TOWERS)), strict=True
        )
        self._processes = [
            context.Process(
                target=serve,
                args=(rank, self._folder, theirs[rank], between[rank]),
                name=f"tower {rank}",
                daemon=True,
            )
            for rank in range(NUM_TOWERS)
        ]
        for process in self._processes:
            process.start()
        for end in (*between, *theirs):
            end.close()  # they belong to the towers: a copy here would hide their end
        self._started = False  # they import torch while we go on

    @property
    def processes(self) -> tuple[BaseProcess, ...]:
        """The two, as `multiprocessing` knows them: `pid`, `is_alive()`, `kill()`."""
        return tuple(self._processes)

    def load(
        self, model_spec: ModelSpec, weights: Mapping[str, Tensor], seed: int = 0
    ) -> None:
        """Give each tower its half of a network's weights; `seed` draws the masks.

        Raises ValueError when the network cannot be cut in two.
        """
        cut_in_two(model_spec)
        self._demand_open()
        save_file({k: v.contiguous() for k, v in weights.items()}, self._folder / WHOLE)
        self._ask(Load(model_spec=model_spec, seed=seed))
        (self._folder / WHOLE).unlink()
        self._model_spec = model_spec

    def step(self, images: Tensor, labels: Tensor, training: bool = False) -> PairStep:
        """The loss of one mini-batch and every gradient; no weight is changed.

        Shape: images (N, *input_shape) of the type of the weights, labels (N,).
        """
        self._demand_open()
        if self._model_spec is None:
            raise RuntimeError("the towers have no weights yet: call load first")
        check_input(self._model_spec, tuple(images.shape[1:]))
        batch = {"images": images.contiguous(), "labels": labels.contiguous()}
        save_file(batch, self._folder / PICTURES)
        first, second = self._ask(Step(training=training))
        answers = [
            load_file(self._folder / ANSWERS.format(r)) for r in range(NUM_TOWERS)
        ]
        gradients = [
            {k.removeprefix("gradient "): v for k, v in answer.items() if " " in k}
            for answer in answers
        ]
        return PairStep(
            logits=answers[0]["logits"].clone(),  # the file is written again
            loss=answers[0]["loss"].item(),
            gradients=join_halves(*gradients),
            towers=(first, second),
        )

    def close(self) -> None:
        """End both processes, and leave no file behind."""
        for end in self._orders:
            end.close()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self._processes:
            process.join(max(0.0, deadline - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()
        self._files.cleanup()

    def __enter__(self) -> "TowerPair":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _demand_open(self) -> None:
        if self._orders[0].closed:
            raise RuntimeError("this pair is closed: start a new TowerPair")

    def _ask(self, order: Order) -> list:
        """Both towers' answers to one order."""
        if not self._started:
            self._gather(START_SECONDS)
            self._started = True
        for end in self._orders:
            with suppress(OSError):  # a lost tower is noticed when its answer is read
                end.send(order)
        return self._gather()

    def _gather(self, patience: float | None = None) -> list:
        """One answer of each tower; whatever goes wrong, both have ended then."""
        answers: dict[int, object] = {}
        try:
            while len(answers) < NUM_TOWERS:
                waiting = [e for r, e in enumerate(self._orders) if r not in answers]
                ready = connection.wait(waiting, patience)
                if not ready:
                    break
                for end in ready:
                    answers[self._orders.index(end)] = _read(end)
                if any(map(_is_last_word, answers.values())):
                    patience = GRACE_SECONDS  # the other hears of it, and ends as well
        except BaseException:
            self.close()
            raise
        if len(answers) < NUM_TOWERS or any(map(_is_last_word, answers.values())):
            self.close()
            raise RuntimeError(self._reason(answers))
        return [answers[rank] for rank in range(NUM_TOWERS)]

    def _reason(self, answers: Mapping[int, object]) -> str:
        """Which tower ended first, and why, in one line."""
        for rank, answer in answers.items():
            status = self._processes[rank].exitcode
            if answer is None and status is not None and status < 0:
                return (
                    f"tower {rank} was killed (signal {-status}), so tower {1 - rank} "
                    "has ended, too: start a new TowerPair"
                )
        failed = {r: a.reason for r, a in answers.items() if isinstance(a, Failed)}
        for rank, reason in failed.items():
            if reason != ALONE:
                return f"tower {rank} stopped ({reason}), and the other with it"
        return (
            "the two towers do not answer: is the machine busy? start a new TowerPair"
        )


def _is_last_word(answer: object) -> bool:
    return answer is None or isinstance(answer, Failed)


def _read(end: connection.Connection) -> object:
    """What a tower sent; None when it has ended without a word."""
    try:
        return end.recv()
    except (EOFError, OSError):
        return None
