"""Switch channels of a network off, and see what it says without them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from alexnet_lib.inside.recorder import evaluating, find_layer


@contextmanager
def silenced(model: nn.Module, channels: Mapping[str, Sequence[int]]) -> Iterator[None]:
    """Inside the block these channels of these layers give 0, whatever comes in.

        with silenced(model, {"relu5": [3, 17]}):
            logits = model(images)

    Silence behind the ReLU: a 0 in front of a normalisation is no silence. The weights
    stay as they are, and no hook stays behind.
    """
    layers = {name: find_layer(model, name) for name in channels}
    handles: list[RemovableHandle] = []
    try:
        for name, layer in layers.items():
            handles.append(layer.register_forward_hook(_mute(name, channels[name])))
        yield
    finally:
        while handles:
            handles.pop().remove()


def silence(maps: Tensor, channels: Sequence[int], where: str = "the layer") -> Tensor:
    """A copy in which these channels are 0. Shape: (N, C, ...), channels from 0."""
    beyond = [c for c in channels if not 0 <= c < maps.shape[1]]
    if beyond:
        raise ValueError(
            f"{where} has {maps.shape[1]} channels, numbered from 0: there is no "
            f"channel {beyond[0]}"
        )
    quiet = maps.clone()  # in place, it would edit what autograd still needs
    quiet[:, list(channels)] = 0
    return quiet


def behind(model: nn.Sequential, layer_name: str) -> nn.Sequential:
    """The layers after this one, to go on from its activations; they are not copied."""
    names = [name for name, _ in model.named_children()]
    find_layer(model, layer_name)
    return model[names.index(layer_name) + 1 :]


@torch.no_grad()
def class_shares(rest: nn.Sequential, maps: Tensor, channels: Sequence[int]) -> Tensor:
    """What each class gets when these channels of `maps` are silent.

    rest: the layers behind the one that gave `maps`, see `behind`.

    Shape: maps (N, C, ...) -> (N, num_classes) double, each row sums to 1.
    """
    with evaluating(rest):
        logits = rest(silence(maps, channels))
    return logits.double().softmax(dim=1)  # float32 would round 0.9999 to 1


def votes(rest: nn.Sequential, maps: Tensor, classes: Sequence[int]) -> Tensor:
    """How much each channel speaks for one class of each picture, to first order.

    Gradient of the log-probability times activation, summed over the map: about what
    the class would lose if this channel alone fell silent.

    Shape: maps (N, C, ...), classes (N,) -> (N, C).
    """
    active = maps.detach().clone().requires_grad_()
    with evaluating(rest), torch.enable_grad():
        told = rest(active).log_softmax(dim=1)
        columns = torch.as_tensor(classes, device=told.device).unsqueeze(1)
        (slope,) = torch.autograd.grad(told.gather(1, columns).sum(), active)
    return (slope * maps).flatten(2).sum(dim=2)


def forgotten(
    rest: nn.Sequential, maps: Tensor, labels: Tensor, channels: Sequence[int]
) -> dict[int, tuple[float, float]]:
    """Of each class, the share named rightly before the cut and after it.

    Shape: maps (N, C, ...), labels (N,) -> {class: (before, after)}, from 0 to 1.
    """
    told = [class_shares(rest, maps, cut).argmax(dim=1) for cut in ((), channels)]
    return {
        label: tuple(
            (t == labels)[labels == label].double().mean().item() for t in told
        )
        for label in labels.unique().tolist()
    }


def _mute(name: str, channels: Sequence[int]) -> Callable:
    def hook(module: nn.Module, inputs: tuple, output: Tensor) -> Tensor:
        return silence(output, channels, repr(name))

    return hook
