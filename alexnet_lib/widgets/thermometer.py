"""The gradient thermometer: what comes back to each layer of a network of any depth."""

from html import escape

import ipywidgets
import torch
from torch import Tensor

from alexnet_lib.architecture.deep import ACTIVATIONS, build_deep
from alexnet_lib.figures.style import image_tag
from alexnet_lib.inside.statistics import LayerStatistics, layer_statistics
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.thermometer_bars import describe_layers, draw_layers
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("thermometer")

XAVIER = say("xavier")
# label: name in `build_deep`
STARTS = {
    say("normal"): "normal",
    XAVIER: "xavier",
    say("kaiming"): "kaiming",
    say("torch"): "torch",
}
DEPTHS = (2, 20)  # layers with weights
SEED = 0
NAME = {"description_width": "80px"}


class GradientThermometer(Twinned):
    """Choose activation, depth and starting weights; read every layer's gradient."""

    def __init__(self, images: Tensor, labels: Tensor):
        if images.ndim != 4 or images.shape[1:] != (1, 28, 28):
            raise ValueError(
                f"expected images (N, 1, 28, 28), got {tuple(images.shape)}: give some "
                "training images of Fashion-MNIST, divided by 255"
            )
        self.images, self.labels = images, labels
        self._found: dict[tuple[str, int, str], list[LayerStatistics]] = {}
        self.activation = ipywidgets.ToggleButtons(
            options=list(ACTIVATIONS),
            value="sigmoid",
            description=say("activation"),
            style=NAME | {"button_width": "76px"},
        )
        self.depth = ipywidgets.IntSlider(
            8, *DEPTHS, description=say("layers"), style=NAME
        )
        self.start = ipywidgets.Dropdown(
            options=list(STARTS), value=XAVIER, description=say("start"), style=NAME
        )
        self.picture, self.caption = Picture(), Caption()
        self.caption.add_class("thermometer-caption")
        for control in (self.activation, self.depth, self.start):
            control.observe(self.redraw, names="value")
        controls = ipywidgets.VBox([self.activation, self.depth, self.start])
        super().__init__(children=[controls, self.caption, self.picture])
        self.redraw()

    def redraw(self, _change=None) -> None:
        """Draw the chosen network, and say the same in words."""
        svg, words = self._drawing(self.activation.value)
        self.caption.say(words)
        self.picture.draw_svg(svg, words)

    def words(self) -> str:
        return self.picture.alt

    def static_html(self) -> str:
        """The chosen depth and start, with each activation."""
        pictures = []
        for activation in ACTIVATIONS:
            svg, words = self._drawing(activation)
            tag = image_tag(svg.encode(), words, kind="svg+xml")
            pictures.append(f"<p>{escape(words)}</p>{tag}")
        return "".join(pictures)

    def _drawing(self, activation: str) -> tuple[str, str]:
        depth, start = self.depth.value, self.start.value
        layers = self._look(activation, depth, STARTS[start])
        title = say("title", activation=activation, depth=depth, start=start)
        return draw_layers(layers), describe_layers(title, layers)

    def _look(self, activation: str, depth: int, start: str) -> list[LayerStatistics]:
        """The same weights each time; the reader's random numbers stay as they are."""
        key = (activation, depth, start)
        if key not in self._found:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(SEED)
                model = build_deep(activation, depth, start)
            self._found[key] = layer_statistics(model, self.images, self.labels)
        return self._found[key]


def gradient_thermometer(images: Tensor, labels: Tensor) -> GradientThermometer:
    """Gradients of a deep network on a few images (N, 1, 28, 28) in [0, 1].

    Displays nothing by itself.
    """
    return GradientThermometer(images, labels)
