"""What two processes send each other so that two halves compute one network."""

from dataclasses import dataclass, field
from typing import Literal
from zlib import crc32

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx

Direction = Literal["forward", "backward"]


@dataclass(frozen=True)
class Parcel:
    """One message that arrived: for which layer, on which way, how large."""

    layer: str
    direction: Direction
    num_bytes: int


@dataclass
class Wire:
    """The connection to the other tower; it notes everything that arrives."""

    rank: int
    received: list[Parcel] = field(default_factory=list)

    @property
    def other(self) -> int:
        return 1 - self.rank

    def swap(self, mine: Tensor, layer: str, direction: Direction) -> Tensor:
        """Send a tensor and receive one of the same shape, both at once."""
        mine, theirs = mine.contiguous(), torch.empty_like(mine)
        self._do(
            dist.P2POp(dist.isend, mine, self.other),
            dist.P2POp(dist.irecv, theirs, self.other),
        )
        return self._note(theirs, layer, direction)

    def send(self, mine: Tensor) -> None:
        self._do(dist.P2POp(dist.isend, mine.contiguous(), self.other))

    def receive(self, like: Tensor, layer: str, direction: Direction) -> Tensor:
        theirs = torch.empty_like(like)
        self._do(dist.P2POp(dist.irecv, theirs, self.other))
        return self._note(theirs, layer, direction)

    def _do(self, *operations: dist.P2POp) -> None:
        for work in dist.batch_isend_irecv(list(operations)):
            work.wait()

    def _note(self, theirs: Tensor, layer: str, direction: Direction) -> Tensor:
        num_bytes = theirs.numel() * theirs.element_size()
        self.received.append(Parcel(layer, direction, num_bytes))
        return theirs

    def in_order(self, mine: Tensor, theirs: Tensor) -> tuple[Tensor, Tensor]:
        """The first tower's half, then the second's, whichever of them is mine."""
        return (mine, theirs) if self.rank == 0 else (theirs, mine)


class ReadBoth(nn.Module):
    """In front of a layer that reads both halves: fetch the other tower's half.

    Backward, each tower has a gradient for all maps, from its own half of the kernels.
    A half's whole gradient is the sum of two, so each sends the part that belongs to
    the other.

    Shape: (N, C / 2, ...) -> (N, C, ...).
    """

    def __init__(self, wire: Wire, layer: str):
        super().__init__()
        self.wire, self.layer = wire, layer

    def forward(self, mine: Tensor) -> Tensor:
        return _ReadBoth.apply(mine, self.wire, self.layer)

    def extra_repr(self) -> str:
        return f"for {self.layer}"


class _ReadBoth(torch.autograd.Function):
    @staticmethod
    def forward(ctx: FunctionCtx, mine: Tensor, wire: Wire, layer: str) -> Tensor:
        ctx.wire, ctx.layer = wire, layer
        theirs = wire.swap(mine, layer, "forward")
        return torch.cat(wire.in_order(mine, theirs), dim=1)

    @staticmethod
    def backward(ctx: FunctionCtx, grad: Tensor) -> tuple[Tensor | None, ...]:
        halves = grad.chunk(2, dim=1)
        wire = ctx.wire
        to_send = halves[wire.other]
        arrived = wire.swap(to_send, ctx.layer, "backward")
        first, second = wire.in_order(halves[wire.rank], arrived)
        return first + second, None, None


class HandOver(nn.Module):
    """In front of the last layer, which the first tower alone computes.

    The second tower sends its half and is left with one zero, from which it starts its
    way back: there it waits for the gradient of what it sent.

    Shape: (N, F / 2) -> (N, F) on the first tower, () on the second.
    """

    def __init__(self, wire: Wire, layer: str):
        super().__init__()
        self.wire, self.layer = wire, layer

    def forward(self, mine: Tensor) -> Tensor:
        return _HandOver.apply(mine, self.wire, self.layer)

    def extra_repr(self) -> str:
        return f"for {self.layer}"


class _HandOver(torch.autograd.Function):
    @staticmethod
    def forward(ctx: FunctionCtx, mine: Tensor, wire: Wire, layer: str) -> Tensor:
        ctx.wire, ctx.layer = wire, layer
        if wire.rank == 0:
            theirs = wire.receive(mine, layer, "forward")
            return torch.cat((mine, theirs), dim=1)
        wire.send(mine)
        ctx.like = torch.empty_like(mine)
        return mine.new_zeros(())

    @staticmethod
    def backward(ctx: FunctionCtx, grad: Tensor) -> tuple[Tensor | None, ...]:
        if ctx.wire.rank == 1:
            arrived = ctx.wire.receive(ctx.like, ctx.layer, "backward")
            return arrived, None, None
        mine, theirs = grad.chunk(2, dim=1)
        ctx.wire.send(theirs)
        return mine, None, None


class SharedDropout(nn.Module):
    """Dropout whose mask depends on a seed alone, so that two towers draw the same.

    Each draws the mask of the whole layer and keeps the columns of its own half; one
    process (`part` 0 of 1) keeps them all. Drawn in float32 whatever the numbers are.

    Shape: (N, F / parts) -> the same.
    """

    def __init__(self, p: float, seed: int, part: int = 0, parts: int = 1):
        super().__init__()
        self.p, self.part, self.parts = p, part, parts
        self.generator = torch.Generator().manual_seed(seed)

    def forward(self, a: Tensor) -> Tensor:
        if not self.training:
            return a
        shape = (a.shape[0], a.shape[1] * self.parts, *a.shape[2:])
        kept = torch.rand(shape, generator=self.generator) >= self.p
        mine = kept.chunk(self.parts, dim=1)[self.part]
        return a * mine.to(a.device) / (1 - self.p)

    def extra_repr(self) -> str:
        return f"p={self.p}, part {self.part} of {self.parts}"


def share_masks(model: nn.Sequential, seed: int) -> None:
    """Put a SharedDropout in the place of each dropout of a whole network, in place."""
    for name, layer in model.named_children():
        if isinstance(layer, nn.Dropout):
            setattr(model, name, SharedDropout(layer.p, mask_seed(seed, name)))


def mask_seed(seed: int, layer: str) -> int:
    """Another seed for each layer: two masks of one layout would be the same mask."""
    return seed + crc32(layer.encode())
