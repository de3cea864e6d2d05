"""The starting weights of a network, by name."""

from collections.abc import Callable
from difflib import get_close_matches

from torch import Generator, nn

# Section 5 of the paper: bias 1 gives the ReLUs behind these layers positive inputs.
# `layers-145.cfg` agrees, layer for layer (initB).
BIAS_ONE = ("conv2", "conv4", "conv5", "fc6", "fc7")
STD_2012 = 0.01
# `layers-145.cfg`, initW; the paper says 0.01 for these as well.
STD_SOURCE = {"conv3": 0.03, "conv4": 0.03, "conv5": 0.03}


def initialize(model: nn.Module, name: str, generator: Generator | None = None) -> None:
    """Draw the weights of every convolution and linear layer anew, in place.

    | name | weights | biases |
    |---|---|---|
    | `torch` | left as torch drew them | the same |
    | `xavier` | uniform, as d2l's `init_cnn` | left alone |
    | `kaiming` | normal, for ReLU, by fan-in | 0 |
    | `paper_2012` | normal, 0.01 | 1 in conv2, conv4, conv5, fc6, fc7, else 0 |
    | `source_2012` | normal, 0.01, but 0.03 in conv3 to conv5 | the same |

    The last two go by the names of the layers: build the model with `build_model`.
    The same generator state gives the same weights.
    """
    if name not in INITIALISATIONS:
        close = get_close_matches(name, INITIALISATIONS, n=1)
        known = ", ".join(INITIALISATIONS)
        hint = f"did you mean {close[0]!r}?" if close else f"they are {known}"
        raise ValueError(f"no initialisation named {name!r}: {hint}")
    INITIALISATIONS[name](model, generator)


def _torch(model: nn.Module, generator: Generator | None) -> None:
    """Nothing to do: torch drew uniform numbers when it made the layers."""


def _xavier(model: nn.Module, generator: Generator | None) -> None:
    for _, layer in _layers_with_weights(model):
        nn.init.xavier_uniform_(layer.weight, generator=generator)


def _kaiming(model: nn.Module, generator: Generator | None) -> None:
    for _, layer in _layers_with_weights(model):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
        nn.init.zeros_(layer.bias)


def _paper_2012(model: nn.Module, generator: Generator | None) -> None:
    _normal(model, {}, generator)


def _source_2012(model: nn.Module, generator: Generator | None) -> None:
    _normal(model, STD_SOURCE, generator)


def _normal(
    model: nn.Module, std_of: dict[str, float], generator: Generator | None
) -> None:
    layers = _layers_with_weights(model)
    if not any(name in BIAS_ONE for name, _ in layers):
        raise ValueError(
            f"the 2012 biases go to layers named {', '.join(BIAS_ONE)}, this model has "
            f"{', '.join(name for name, _ in layers) or 'none'}: build it with "
            "build_model, or choose 'kaiming'"
        )
    for name, layer in layers:
        std = std_of.get(name, STD_2012)
        nn.init.normal_(layer.weight, std=std, generator=generator)
        nn.init.constant_(layer.bias, 1.0 if name in BIAS_ONE else 0.0)


def _layers_with_weights(
    model: nn.Module,
) -> list[tuple[str, nn.Conv2d | nn.Linear]]:
    return [
        (name, layer)
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Conv2d | nn.Linear)
    ]


INITIALISATIONS: dict[str, Callable[[nn.Module, Generator | None], None]] = {
    "torch": _torch,
    "xavier": _xavier,
    "kaiming": _kaiming,
    "paper_2012": _paper_2012,
    "source_2012": _source_2012,
}
