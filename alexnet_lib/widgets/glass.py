"""A network under glass: everything it makes of one picture, and who excites whom."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from alexnet_lib.architecture.arithmetic import seen_pixels, summarize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import Conv2d, ZeroPad2d
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import Batches
from alexnet_lib.data.batches import Statistic
from alexnet_lib.data.resize import resize_like_pil
from alexnet_lib.inside.patches import line_basis, line_windows
from alexnet_lib.inside.recorder import all_activations
from alexnet_lib.widgets.garments import one_thread

SAME = ("Dropout", "Flatten")  # in eval mode they hand on what they are given
GREY = torch.tensor([0.299, 0.587, 0.114]).view(3, 1, 1)  # shares of red, green, blue


def open_network(
    model: nn.Module,
    variant: str,
    class_names: Sequence[str],
    normalise: tuple[Statistic, Statistic] | None = None,
    resize: int | None = None,
) -> LoadedModel:
    """A module from elsewhere, such as torchvision's AlexNet, as one of our variants.

    Its layers are taken in order, and not copied. ValueError when they are not those
    of the variant, or do not give the same outputs one after the other.
    """
    spec = find_variant(variant)
    with torch.device("meta"):
        names = OrderedDict(build_model(spec).named_children())
    theirs = [layer for layer in model.modules() if not [*layer.children()]]
    taken: OrderedDict[str, nn.Module] = OrderedDict()
    waiting = iter(theirs)
    upcoming = next(waiting, None)
    for name, ours in names.items():
        if type(upcoming) is type(ours) and _shapes(upcoming) == _shapes(ours):
            taken[name] = upcoming
            upcoming = next(waiting, None)
        elif _shapes(ours):
            raise ValueError(
                f"the model has no {ours} where {variant} has {name!r}: name another "
                "variant"
            )
        else:
            taken[name] = ours  # no weights: a function in their forward, perhaps
    row = nn.Sequential(taken).eval()
    _check_same(model, row, spec.input_shape, variant)
    return LoadedModel(
        model=row,
        spec=spec,
        variant=variant,
        dataset="",
        resize=resize or spec.input_shape[1],
        normalise=normalise,
        class_names=tuple(class_names),
        record="",
    )


def _shapes(layer: nn.Module | None) -> list[torch.Size]:
    return [] if layer is None else [tensor.shape for tensor in layer.parameters()]


def _check_same(
    model: nn.Module, row: nn.Sequential, shape: tuple[int, ...], variant: str
) -> None:
    picture = torch.rand(1, *shape, generator=torch.Generator().manual_seed(0))
    training = model.training
    try:
        with torch.no_grad(), one_thread():
            same = torch.allclose(model.eval()(picture), row(picture), atol=1e-5)
    finally:
        model.train(training)
    if not same:
        raise ValueError(
            f"the model has the layers of {variant}, but other outputs when they run "
            "one after the other"
        )


def window_basis(network: LoadedModel, small: int) -> tuple[str, Tensor]:
    """The first convolution's name, and what its windows can see along one line.

    small: side of the pictures before they are enlarged for the network.

    Shape: (kernel_size, r), see `inside.patches.line_basis`.
    """
    before = 0, 0
    for layer, row in zip(network.spec.layers, summarize(network.spec), strict=True):
        if isinstance(layer, ZeroPad2d):
            before = layer.top, layer.bottom
        if isinstance(layer, Conv2d):
            large = row.in_shape[1] - sum(before)
            first, last = (zeros + layer.padding for zeros in before)
            travel = (row.out_shape[1] - 1) * layer.stride + layer.kernel_size
            last += max(0, travel - large - first - last)  # a window may hang over
            sizes = (min(small, large), large, layer.kernel_size, layer.stride)
            return layer.name, line_basis(line_windows(*sizes, (first, last)))
    raise ValueError(f"{network.variant} has no convolution to look at")


class Glass:
    """One picture at a time through a network; what every layer makes of it."""

    def __init__(self, network: LoadedModel):
        self.network, self.spec = network, network.spec
        self._lock = threading.Lock()  # one pass at a time: hooks would hear both
        self.rows = {
            row.name: row for row in summarize(self.spec) if row.kind not in SAME
        }
        channels = self.spec.input_shape[0]
        blank = torch.zeros(1, channels, 1, 1, dtype=torch.uint8)
        self._batches = Batches(
            blank,
            torch.zeros(1, dtype=torch.int64),
            1,
            resize=network.resize,
            normalise=network.normalise,
        )
        self.maps: dict[str, np.ndarray] = {}  # (C, H, W) or (F,) of each layer
        self.shares = np.empty(0)  # of each class, from 0 to 1
        self.shown = np.zeros(self.spec.input_shape, np.uint8)  # as it goes in
        self._most: dict[str, list[np.ndarray]] = {name: [] for name in self.rows}

    def look(self, pixels: Tensor) -> None:
        """Take this picture. Shape: uint8 (C, H, W), grey or in colours."""
        batch = self._fit(pixels).unsqueeze(0)
        self.shown = resize_like_pil(batch, self.network.resize)[0].numpy()
        with self._lock, one_thread():
            found = all_activations(self.network.model, self._batches.prepare(batch))
        self.maps = {name: found[name][0].numpy() for name in self.rows}
        logits = found[next(reversed(found))][0]
        self.shares = logits.double().softmax(dim=0).numpy()

    def prepare(self, pictures: Tensor) -> Tensor:
        """Stored pictures as the network takes them. Shape: uint8 (N, C, H, W)."""
        return self._batches.prepare(torch.stack([self._fit(x) for x in pictures]))

    def _fit(self, pixels: Tensor) -> Tensor:
        """As many channels as the network takes."""
        wanted = self.spec.input_shape[0]
        if len(pixels) == wanted:
            return pixels
        if len(pixels) == 1:
            return pixels.expand(wanted, -1, -1)
        return (GREY * pixels[:3]).sum(dim=0, keepdim=True).round().to(torch.uint8)

    def seen(self, layer: str, row: int, column: int) -> tuple[int, int, int, int]:
        """First and last input pixel down, and across, that this number depends on."""
        return (
            *seen_pixels(self.spec, layer, row, axis=0),
            *seen_pixels(self.spec, layer, column, axis=1),
        )

    # --- which pictures excite a channel most -----------------------------------------
    @property
    def looked_at(self) -> int:
        """How many pictures the channels were compared on."""
        return sum(map(len, next(iter(self._most.values()))))

    def look_through(self, pictures: Tensor) -> None:
        """Note the largest activation of every channel. Shape: uint8 (N, C, H, W)."""
        with self._lock, one_thread():
            found = all_activations(self.network.model, self.prepare(pictures))
        for name, kept in self._most.items():
            maps = found[name]
            kept.append(
                maps.amax(dim=(2, 3)).numpy() if maps.ndim == 4 else maps.numpy()
            )

    def excites(self, layer: str, channel: int, count: int) -> tuple[np.ndarray, float]:
        """Numbers of the pictures that excite a channel most, and how much the first.

        Of those looked through, in their order.
        """
        most = np.concatenate([part[:, channel] for part in self._most[layer]])
        order = np.argsort(-most, kind="stable")[:count]
        return order, float(most[order[0]])
