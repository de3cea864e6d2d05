"""How large the gradients and the activations of each layer are."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from alexnet_lib.inside.recorder import ActivationRecorder


class GradientRecorder:
    """Record the norm of each layer's gradient inside a `with` block, then unhook.

        with GradientRecorder(model) as recorder:
            loss.backward()
        recorder.norms["conv1"]

    The norm is the root of the sum of squares of the gradient of the layer's weights;
    biases are left out. Each backward pass overwrites the one before.
    """

    def __init__(self, model: nn.Module):
        self._weights = _weights(model)
        self._norms: dict[str, float] = {}
        self._handles: list[RemovableHandle] = []

    def __enter__(self) -> "GradientRecorder":
        for name, weight in self._weights.items():

            def hook(gradient: Tensor, name: str = name) -> None:
                # double: the square of 1e-24 is 0 in float32
                self._norms[name] = gradient.double().norm().item()

            self._handles.append(weight.register_hook(hook))
        return self

    def __exit__(self, *exc_info: object) -> None:
        while self._handles:
            self._handles.pop().remove()

    @property
    def norms(self) -> dict[str, float]:
        """Name of the layer: norm, in the order of the layers."""
        if not self._norms:
            raise RuntimeError(
                "no gradient is recorded: call backward() inside the `with` block"
            )
        return {n: self._norms[n] for n in self._weights if n in self._norms}


@dataclass(frozen=True)
class LayerStatistics:
    """One layer with weights: what comes back to it, and what it hands on."""

    name: str
    gradient_norm: float
    activation_std: float  # of the numbers that the next such layer is given


def layer_statistics(
    model: nn.Sequential, images: Tensor, labels: Tensor
) -> list[LayerStatistics]:
    """Gradient norm and standard deviation of each layer, from one pass there and back.

    The loss is the cross entropy. Weights, their `.grad` and modes stay as they are.

    Shape: images (N, C, H, W), labels (N,).
    """
    weights = _weights(model)
    children = [name for name, _ in model.named_children()]
    starts = [children.index(name) for name in weights]
    ends = [start - 1 for start in starts[1:]] + [len(children) - 1]
    handed_on = dict(zip(weights, (children[end] for end in ends), strict=True))
    with (
        ActivationRecorder(model, handed_on.values()) as activations,
        GradientRecorder(model) as gradients,
    ):
        loss = F.cross_entropy(model(images), labels)
        torch.autograd.grad(loss, list(weights.values()))  # unlike backward: no .grad
    return [
        LayerStatistics(name, norm, activations[handed_on[name]].std().item())
        for name, norm in gradients.norms.items()
    ]


def dead_units(activations: Tensor) -> list[int]:
    """The units that are exactly 0 for every image: their ReLU lets no gradient back.

    A map of a convolution is one unit, dead when it is 0 everywhere.

    Shape: (N, units) or (N, maps, H, W), behind the ReLU.
    """
    if activations.ndim not in (2, 4) or not len(activations):
        raise ValueError(
            "expected (N, units) or (N, maps, H, W) with at least one image, got "
            f"{tuple(activations.shape)}"
        )
    quiet = (activations == 0).transpose(0, 1).flatten(start_dim=1).all(dim=1)
    return quiet.nonzero().flatten().tolist()


def _weights(model: nn.Module) -> dict[str, nn.Parameter]:
    """The weights that learn, by the name of their layer."""
    found = {
        name: module.weight
        for name, module in model.named_modules()
        if isinstance(getattr(module, "weight", None), nn.Parameter)
        and module.weight.requires_grad
    }
    if not found:
        raise ValueError("the model has no layer whose weights learn: are they frozen?")
    return found
