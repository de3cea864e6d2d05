"""Read the feature maps of chosen layers while an image passes through."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle


class ActivationRecorder:
    """Record the output of chosen layers inside a `with` block, then unhook them.

        with ActivationRecorder(model, ["conv1", "pool1"]) as recorder:
            model(images)
        recorder["conv1"]  # (N, 96, 55, 55), detached

    Each forward pass overwrites the previous recording.
    """

    def __init__(self, model: nn.Module, layer_names: Iterable[str]):
        if isinstance(layer_names, str):
            raise TypeError(
                f"expected a list of layer names, got the text {layer_names!r}: "
                f"write [{layer_names!r}]"
            )
        modules = dict(model.named_modules())
        self._modules = {name: _lookup(modules, name) for name in layer_names}
        self._outputs: dict[str, Tensor] = {}
        self._handles: list[RemovableHandle] = []

    def __enter__(self) -> "ActivationRecorder":
        try:
            for name, module in self._modules.items():
                hook = self._make_hook(name)
                self._handles.append(module.register_forward_hook(hook))
        except BaseException:  # an interrupt here would not reach __exit__
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        while self._handles:
            self._handles.pop().remove()

    def __getitem__(self, name: str) -> Tensor:
        _lookup(self._modules, name)
        if name not in self._outputs:
            raise RuntimeError(
                f"nothing recorded for {name!r}: run the model inside the `with` block"
            )
        return self._outputs[name]

    def __contains__(self, name: str) -> bool:
        return name in self._outputs

    def _make_hook(self, name: str) -> Callable[[nn.Module, tuple, Tensor], None]:
        def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            # clone: an in-place ReLU after this layer must not edit the recording
            self._outputs[name] = output.detach().clone()

        return hook


@torch.no_grad()
def all_activations(model: nn.Module, images: Tensor) -> dict[str, Tensor]:
    """What every layer gives for these images, from one pass, in the model's order.

    In eval mode, which is put back afterwards; layers that hold others are left out.

    Shape: images (N, C, H, W) -> {name: (N, ...)}.
    """
    names = [n for n, module in model.named_modules() if n and not [*module.children()]]
    recorder = ActivationRecorder(model, names)
    with recorder, evaluating(model):
        model(images)
    return {name: recorder[name] for name in names if name in recorder}


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Eval mode inside the block; afterwards each layer has its own mode again."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, mode in modes:
            module.training = mode


def find_layer(model: nn.Module, name: str) -> nn.Module:
    """The layer of this name; ValueError with a suggestion when there is none."""
    return _lookup(dict(model.named_modules()), name)


def _lookup(modules: dict[str, nn.Module], name: str) -> nn.Module:
    if name in modules and name:
        return modules[name]
    known = [known for known in modules if known]
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"layers are: {', '.join(known)}"
    raise ValueError(f"no layer named {name!r}: {hint}")
