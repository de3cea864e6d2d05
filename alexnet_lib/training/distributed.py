"""One training in several processes, started by torchrun; alone, nothing changes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist
from torch import nn


@contextmanager
def joined(device: torch.device) -> Iterator[torch.device]:
    """Join the processes that torchrun started; gives the device of this one.

    NCCL between GPUs, gloo between CPUs. Without torchrun nothing is joined. Raises
    ValueError when there are fewer GPUs than processes, and RuntimeError when another
    process ends while this one needs it.
    """
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        yield device
        return
    if device.type == "cuda":
        processes, gpus = int(os.environ["LOCAL_WORLD_SIZE"]), torch.cuda.device_count()
        if processes > gpus:
            raise ValueError(
                f"{processes} processes for {gpus} GPU{'s' * (gpus != 1)}: start one "
                "for each, or train with --device cpu"
            )
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield device
    except RuntimeError as error:
        if isinstance(error, dist.DistError) or "gloo/transport" in str(error):
            raise RuntimeError(
                "another process of this training has ended: its own message says why"
            ) from error
        raise
    finally:
        dist.destroy_process_group()


def num_processes() -> int:
    """How many train together; 1 for an ordinary run."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def place() -> tuple[int, int]:
    """(rank of this process, number of processes)."""
    processes = num_processes()
    return (dist.get_rank() if processes > 1 else 0), processes


def wait() -> None:
    """Go on when all processes have come here."""
    if num_processes() > 1:
        dist.barrier()


def is_first() -> bool:
    """Whether this process writes the files and draws the bar."""
    return place()[0] == 0


def replicate(model: nn.Module) -> nn.Module:
    """The model as one of several equal ones whose gradients are averaged."""
    if num_processes() == 1:
        return model
    device = next(model.parameters()).device
    return nn.parallel.DistributedDataParallel(
        model, device_ids=[device] if device.type == "cuda" else None
    )


def whole_batch(
    loss: float, num_correct: int, num_images: int
) -> tuple[float, int, int]:
    """Mean loss, right answers and images of a batch, from each process's share of it.

    The same in every process, so that all of them stop when the loss is no number, and
    what one of them writes down holds for all. Alone, the three numbers given.
    """
    if num_processes() == 1:
        return loss, num_correct, num_images
    loss_sum, correct, images = add_up(loss * num_images, num_correct, num_images)
    return loss_sum / images, int(correct), int(images)


def weight_of(num_images: int, num_in_batch: int) -> float:
    """What a loss over this process's images counts in the mean over processes.

    1 when all have as many images. The last batch of an epoch may divide unevenly, and
    a mean of means would then weigh its images differently.
    """
    return num_images * num_processes() / num_in_batch


def draw_apart(start: int, epoch: int, step: int) -> None:
    """Give each process but the first random numbers of its own for this step.

    They depend on nothing else, so a training that goes on drops the same units as one
    that never stopped, although a checkpoint knows the first process's state only.
    """
    rank, _ = place()
    if rank:
        torch.manual_seed(((start + rank) * 1_000_003 + epoch) * 1_000_003 + step)


def add_up(*numbers: float) -> list[float]:
    """Each number, summed over the processes."""
    if num_processes() == 1:
        return list(numbers)
    device = "cuda" if dist.get_backend() == "nccl" else "cpu"
    sums = torch.tensor(numbers, dtype=torch.float64, device=device)
    dist.all_reduce(sums)
    return sums.tolist()
