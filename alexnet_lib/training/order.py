"""The same function in a cheaper order of layers."""

from collections import OrderedDict

from torch import nn

HOOKS = (
    "_forward_hooks",
    "_forward_pre_hooks",
    "_backward_hooks",
    "_backward_pre_hooks",
)


def relu_after_pool(model: nn.Module) -> nn.Module:
    """The layers of a Sequential, each ReLU moved behind the max pool that follows it.

    max(relu(x)) = relu(max(x)), since a ReLU keeps the order of what it compares; after
    the pool it has a quarter of the numbers to look at. The gradients are the same too:
    in both orders the largest number of a window gets all, or, when it is not above 0,
    nothing. Layers, parameters and their names are shared with `model`, which stays as
    it is. Another module than a Sequential is given back unchanged, and so is one that
    somebody watches by a hook.
    """
    if type(model) is not nn.Sequential or _is_watched(model):
        return model
    # Not named_children: it leaves out a layer that stands in a second place.
    layers = list(model._modules.items())
    for i in range(len(layers) - 1):
        first, second = layers[i][1], layers[i + 1][1]
        # Whoever watches one of the two wants to see it where it stands.
        watched = _is_watched(first) or _is_watched(second)
        if type(first) is nn.ReLU and isinstance(second, nn.MaxPool2d) and not watched:
            layers[i], layers[i + 1] = layers[i + 1], layers[i]
    return nn.Sequential(OrderedDict(layers))


def _is_watched(layer: nn.Module) -> bool:
    return any(getattr(layer, hooks) for hooks in HOOKS)
