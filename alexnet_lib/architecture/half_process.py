"""The process of one tower: it waits for orders, computes its half, and reports.

Orders and reports are short and go through pipes; tensors go through files in the
folder of the pair. A third pipe ties the two towers together, so that each notices when
the other is gone, even while both have nothing to do.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path

import torch
import torch.distributed as dist
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from alexnet_lib.architecture.exchange import Parcel, Wire
from alexnet_lib.architecture.half_network import build_half, rows_of
from alexnet_lib.architecture.halves import NUM_TOWERS
from alexnet_lib.architecture.spec import ModelSpec

PATIENCE = 120.0  # seconds that one tower waits for a message of the other
ALONE = "the other tower has ended"
# Files in the folder of a pair.
WHOLE, PICTURES, ANSWERS = (
    "whole.safetensors",
    "step.safetensors",
    "tower_{}.safetensors",
)


class AloneError(Exception):
    """The other tower is gone."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """Build a half and read its rows of the weights in the file `WHOLE`."""

    model_spec: ModelSpec
    seed: int  # of the dropout masks


@dataclass(frozen=True, kw_only=True)
class Step:
    """Forward and backward for the file `PICTURES`, with dropout if `training`."""

    training: bool


@dataclass(frozen=True, kw_only=True)
class Report:
    """What one tower held and received in one step; bytes, but for `num_params`."""

    rank: int
    device: str
    num_params: int
    weights: int
    gradients: int
    saved: int  # tensors that torch kept for the way back, without weights and picture
    received: tuple[Parcel, ...]
    seconds: float


@dataclass(frozen=True)
class Failed:
    """The last line of a tower."""

    reason: str


Order = Load | Step


def serve(rank: int, folder: Path, orders: Connection, sibling: Connection) -> None:
    """The main function of a tower's process: ends when the pipe of orders closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever gives the orders is stopped
    status = 0
    try:
        _serve(rank, folder, orders, sibling)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # the pair was closed, or the notebook has ended
    except Exception as error:
        lost = isinstance(error, AloneError | dist.DistError)
        lost = lost or "gloo/transport" in str(error)
        reason = ALONE if lost else f"{type(error).__name__}: {error}"
        with suppress(OSError):  # the pair was closed while the towers met: no failure
            orders.send(Failed(reason))
            status = 1
    finally:
        sys.stderr.flush()
        os._exit(status)  # torch's threads would wait for a partner that may be gone


def _serve(rank: int, folder: Path, orders: Connection, sibling: Connection) -> None:
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // NUM_TOWERS))
    device = _join(rank, folder)
    wire, half = Wire(rank), nn.Sequential()
    orders.send("ready")
    while True:
        if orders not in connection.wait([orders, sibling]):
            raise AloneError
        match orders.recv():
            case Load(model_spec=model_spec, seed=seed):
                half = load_half(model_spec, wire, seed, folder / WHOLE).to(device)
                orders.send("loaded")
            case Step(training=training):
                wire.received.clear()
                orders.send(_take_step(half.train(training), wire, folder, device))


def _join(rank: int, folder: Path) -> torch.device:
    """Meet the other tower; gives the device of this one."""
    store = dist.FileStore(str(folder / "meeting"), NUM_TOWERS)
    gpus = torch.cuda.device_count() >= NUM_TOWERS
    if gpus:
        torch.cuda.set_device(rank)
        torch.backends.cudnn.allow_tf32 = False  # ten bits would hide what is compared
    elif sys.platform in ("linux", "darwin"):  # they stand on one machine
        loopback = "lo" if sys.platform == "linux" else "lo0"
        os.environ.setdefault("GLOO_SOCKET_IFNAME", loopback)
    dist.init_process_group(
        "nccl" if gpus else "gloo",
        store=store,
        rank=rank,
        world_size=NUM_TOWERS,
        timeout=timedelta(seconds=PATIENCE),
    )
    return torch.device("cuda", rank) if gpus else torch.device("cpu")


def load_half(
    model_spec: ModelSpec, wire: Wire, seed: int, path: Path
) -> nn.Sequential:
    """One tower with its rows of the weights in `path`; it reads no others."""
    with torch.device("meta"):  # no numbers are drawn that would be thrown away
        half = build_half(model_spec, wire, seed)
    last = model_spec.layers[-1].name
    mine: dict[str, Tensor] = {}
    with safe_open(path, "pt") as whole:
        for name in whole.keys():  # noqa: SIM118 (a file, not a dict)
            rows = whole.get_slice(name)
            kept = rows_of(rows.get_shape(), name.rpartition(".")[0], last, wire.rank)
            if kept is not None:
                mine[name] = rows[kept].clone()
    half.load_state_dict(mine, assign=True)
    return half


def _take_step(
    half: nn.Sequential, wire: Wire, folder: Path, device: torch.device
) -> Report:
    """One way forward and back; logits, loss and gradients go into a file."""
    batch = load_file(folder / PICTURES, str(device))
    half.zero_grad(set_to_none=True)
    saved: dict[int, torch.UntypedStorage] = {}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        saved[storage.data_ptr()] = storage  # held, so that no other takes its place
        return tensor

    start = time.perf_counter()
    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        output = half(batch["images"])
        loss = output
        if wire.rank == 0:
            loss = nn.functional.cross_entropy(output, batch["labels"])
    for tensor in (*batch.values(), *half.parameters()):
        saved.pop(tensor.untyped_storage().data_ptr(), None)
    kept = sum(storage.nbytes() for storage in saved.values())
    saved.clear()
    loss.backward()
    if device.type == "cuda":
        torch.cuda.synchronize()
    seconds = time.perf_counter() - start

    parameters = dict(half.named_parameters())
    answers = {f"gradient {name}": p.grad for name, p in parameters.items()}
    if wire.rank == 0:
        answers |= {"logits": output.detach(), "loss": loss.detach()}
    save_file(answers, folder / ANSWERS.format(wire.rank))
    return Report(
        rank=wire.rank,
        device=str(device),
        num_params=sum(p.numel() for p in parameters.values()),
        weights=sum(p.nbytes for p in parameters.values()),
        gradients=sum(p.grad.nbytes for p in parameters.values()),
        saved=kept,
        received=tuple(wire.received),
        seconds=seconds,
    )
