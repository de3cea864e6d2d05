"""Networks of any depth, all of whose layers are alike: to see what depth does."""

from difflib import get_close_matches

from torch import nn

from alexnet_lib.architecture.initialisation import STD_2012, initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import (
    Flatten,
    LayerSpec,
    Linear,
    ModelSpec,
    ReLU,
    Sigmoid,
    Tanh,
)

WIDTH = 64  # outputs of each layer but the last
ACTIVATIONS = {"ReLU": ReLU, "tanh": Tanh, "sigmoid": Sigmoid}
STARTS = ("normal", "xavier", "kaiming", "torch")


def deep_spec(activation: str, depth: int) -> ModelSpec:
    """`depth` linear layers fc1, fc2, ..., an activation behind each but the last.

    activation: "ReLU", "tanh" or "sigmoid". For images of 1 x 28 x 28.
    """
    kind = ACTIVATIONS[_known("activation", activation, tuple(ACTIVATIONS))]
    if depth < 2:
        raise ValueError(f"depth is {depth}: it takes 2 layers or more")
    layers: list[LayerSpec] = [Flatten(name="flatten")]
    for number in range(1, depth):
        layers.append(Linear(name=f"fc{number}", out_features=WIDTH))
        layers.append(kind(name=f"{activation.lower()}{number}"))
    layers.append(Linear(name=f"fc{depth}", out_features=10))
    name = f"{depth} linear layers, {activation}"
    return ModelSpec(name=name, input_shape=(1, 28, 28), layers=tuple(layers))


def build_deep(activation: str, depth: int, start: str = "xavier") -> nn.Sequential:
    """The network of `deep_spec`, its weights drawn from torch's own generator.

    start: "normal" (standard deviation 0.01, biases 0: the paper's, without its ones),
    or "xavier", "kaiming", "torch", as `initialize` names them.

    Shape: (N, 1, 28, 28) -> (N, 10), logits before softmax.
    """
    model = build_model(deep_spec(activation, depth))
    if _known("start", start, STARTS) != "normal":
        initialize(model, start)
        return model
    for layer in model:
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=STD_2012)
            nn.init.zeros_(layer.bias)
    return model


def _known(what: str, name: str, names: tuple[str, ...]) -> str:
    if name in names:
        return name
    lower_case = {known.lower(): known for known in names}
    close = get_close_matches(str(name).lower(), lower_case, n=1)
    hint = (
        f"did you mean {lower_case[close[0]]!r}?"
        if close
        else f"they are {', '.join(names)}"
    )
    raise ValueError(f"no {what} named {name!r}: {hint}")
