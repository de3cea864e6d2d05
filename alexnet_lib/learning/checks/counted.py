"""Count what a network really computes, whatever its author says of it.

Nothing is asked of the module but to answer: each operation is watched on its way to
the processor. A number that takes part must come from the picture, from a parameter,
from a buffer or from an operation before; an operation that is not known is refused.
That stops honest errors and cheap tricks, and no burglar.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils import _pytree
from torch.utils._python_dispatch import TorchDispatchMode

STATISTICS = ("running_mean", "running_var", "num_batches_tracked")
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
# Neither learned numbers times activations, nor a way to smuggle such: not counted.
FREE = frozenset(
    [
        "_adaptive_avg_pool2d",
        "_log_softmax",
        "_softmax",
        "_unsafe_view",
        "adaptive_max_pool2d",
        "add",
        "alias",
        "amax",
        "avg_pool2d",
        "cat",
        "celu",
        "channel_shuffle",
        "clone",
        "constant_pad_nd",
        "detach",
        "elu",
        "empty",
        "expand",
        "gelu",
        "hardsigmoid",
        "hardswish",
        "hardtanh",
        "im2col",
        "leaky_relu",
        "max_pool2d_with_indices",
        "mean",
        "mish",
        "native_batch_norm",
        "native_group_norm",
        "native_layer_norm",
        "new_zeros",
        "permute",
        "pixel_unshuffle",
        "reflection_pad2d",
        "relu",
        "select",
        "sigmoid",
        "silu",
        "slice",
        "softplus",
        "split",
        "split_with_sizes",
        "squeeze",
        "sub",
        "sum",
        "t",
        "tanh",
        "transpose",
        "unfold",
        "unsqueeze",
        "view",
    ]
)


class CannotCount(ValueError):
    """The network does something that this counter cannot or will not count."""


@dataclass(frozen=True)
class Cost:
    """Numbers that a network keeps, and multiply-adds for one picture."""

    parameters: int
    macs: int


def _convolution(args: tuple, out: Tensor) -> int:
    images, weight, transposed = args[0], args[1], args[6]
    per_position = weight.numel() // weight.shape[0]
    return (images if transposed else out).numel() * per_position


def _each(_args: tuple, out: Tensor) -> int:
    return out.numel()


# one for each product of two numbers, bias and sums free, as in the course's tables
COUNTED: dict[str, Callable[[tuple, Tensor], int]] = {
    "convolution": _convolution,
    "mm": lambda args, out: out.numel() * args[0].shape[-1],
    "bmm": lambda args, out: out.numel() * args[0].shape[-1],
    "addmm": lambda args, out: out.numel() * args[1].shape[-1],
    "baddbmm": lambda args, out: out.numel() * args[1].shape[-1],
    "mul": _each,
    "div": _each,
    "_prelu_kernel": _each,
}


class Counter(TorchDispatchMode):
    """Counts multiply-adds of all that runs inside its `with` block."""

    def __init__(self, model: nn.Module, images: Tensor):
        super().__init__()
        self.macs = 0
        self._alive: list[Tensor] = []  # so that no address is given out twice
        self._known: set[int] = set()
        for tensor in (*model.parameters(), *model.buffers(), images):
            self._learn(tensor)

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func._schema.name.partition("::")[2]
        name = name if name.startswith("_") else name.rstrip("_")
        if name not in FREE and name not in COUNTED:
            raise CannotCount(
                f"it computes with aten.{name}, which this counter does not know: "
                "build it of convolutions, linear layers, poolings, normalisations "
                "and activations"
            )
        for tensor in _pytree.tree_leaves((args, kwargs)):
            if isinstance(tensor, Tensor) and not self.knows(tensor):
                raise CannotCount(
                    f"aten.{name} is given {tensor.numel():,} numbers that are "
                    "neither parameters nor buffers: register what it keeps"
                )
        out = func(*args, **(kwargs or {}))
        if name in COUNTED:
            self.macs += COUNTED[name](args, out)
        for tensor in _pytree.tree_leaves(out):
            if isinstance(tensor, Tensor):
                self._learn(tensor)
        return out

    def knows(self, tensor: Tensor) -> bool:
        """One number alone may come from anywhere: Python's numbers arrive so."""
        return tensor.numel() <= 1 or _address(tensor) in self._known

    def _learn(self, tensor: Tensor) -> None:
        self._alive.append(tensor)
        self._known.add(_address(tensor))


def _address(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def count_parameters(model: nn.Module) -> int:
    """Numbers that the module keeps: parameters, and buffers, each storage once.

    The running statistics of batch normalisation are left out, as in every table.
    """
    free = {
        _address(norm.get_buffer(name))
        for norm in model.modules()
        if type(norm) in NORMS and norm.running_mean is not None
        for name in STATISTICS
        if norm.get_buffer(name).untyped_storage().nbytes() <= 8 * norm.num_features
    }
    sizes = {}
    for tensor in (*model.parameters(), *model.buffers()):
        if _address(tensor) not in free:
            storage = tensor.untyped_storage()
            sizes[_address(tensor)] = storage.nbytes() // tensor.element_size()
    return sum(sizes.values())


@contextmanager
def asked(model: nn.Module) -> Iterator[None]:
    """Eval mode and no gradients; behind it each part is in the mode it was in."""
    states = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, training in states:
            module.training = training


def answer(model: nn.Module, images: Tensor) -> tuple[Tensor, int]:
    """Logits in eval mode, and multiply-adds for each picture.

    Shape: (N, C, H, W) -> (N, num_classes). Raises CannotCount.
    """
    # not inference_mode: there an operation arrives before it is taken apart
    with asked(model), Counter(model, images) as counter:
        logits: Any = model(images)
    if type(logits) is not Tensor or not counter.knows(logits):
        raise CannotCount("what it returns was not computed by torch")
    return logits, -(-counter.macs // len(images))


def count_cost(model: nn.Module, in_shape: tuple[int, ...], classes: int = 10) -> Cost:
    """What the module keeps and computes, found by letting it answer.

    in_shape: (C, H, W) of one picture. Raises CannotCount where it cannot be said.
    """
    images = torch.rand(3, *in_shape, generator=torch.Generator().manual_seed(0))
    with asked(model):
        model(images)  # lazy layers take shape now
    kept = count_parameters(model)
    logits, macs = answer(model, images)
    if tuple(logits.shape) != (len(images), classes):
        raise CannotCount(
            f"for {len(images)} pictures it gives shape {tuple(logits.shape)}, which "
            f"should be ({len(images)}, {classes})"
        )
    if answer(model, images[:1])[1] != macs or count_parameters(model) != kept:
        raise CannotCount("it is another network from one call to the next")
    return Cost(kept, macs)


def largest_layer(model: nn.Module) -> str:
    """The name of the module that keeps most numbers itself; '' for a bare one."""
    own = {
        name: sum(each.numel() for each in module.parameters(recurse=False))
        + sum(each.numel() for each in module.buffers(recurse=False))
        for name, module in model.named_modules()
    }
    return max(own, key=own.__getitem__)
