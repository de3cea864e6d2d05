"""The filter wall: the kernels of the first layer, sorted, through their training."""

from collections.abc import Callable
from html import escape

import ipywidgets
import torch
from torch import Tensor

from alexnet_lib.architecture.filters import Filters
from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.figures.walls import filter_tiles, square_columns, tile
from alexnet_lib.inside.kernels import frequencies, norms, orientations
from alexnet_lib.inside.patches import seen_part, seen_share
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.glass import window_basis
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.twin import Twinned

RAW, SEEN = "as they are", "what the data can see"
ORDERS: dict[str, tuple[Callable[[Tensor], Tensor] | None, str]] = {
    "number": (None, "in the order of the file"),
    "norm": (lambda kernels: -norms(kernels), "sorted by norm, largest first"),
    "frequency": (frequencies, "sorted by frequency, coarsest first"),
    "orientation": (orientations, "sorted by orientation, from lying stripes on"),
}
WIDE = 560  # pixels of the screen for the wall
NAME = {"description_width": "90px"}


class FilterWall(Twinned):
    """Kernels on one scale; sort them, go back to the start, hide what is not seen."""

    def __init__(self, network: LoadedModel, small: int, history: Filters | None):
        self.network, self.history = network, history
        self.layer, self.basis = window_basis(network, small)
        weight = network.model.get_submodule(self.layer).weight.detach()
        self.moments = weight.unsqueeze(0)  # (moments, N, C, k, k)
        if history is not None:
            if history.kernels.shape[1:] != weight.shape:
                raise ValueError(
                    f"the history holds kernels {tuple(history.kernels.shape[1:])} of "
                    f"{history.variant}, and {self.layer} has {tuple(weight.shape)}: "
                    "give the history of this network"
                )
            self.moments = history.kernels
        # a slider: in a dropdown, JupyterLab takes the arrow keys for itself
        self.order = ipywidgets.SelectionSlider(
            options=list(ORDERS), description="Sort by", style=NAME
        )
        self.show = ipywidgets.ToggleButtons(
            options=[RAW, SEEN],
            description="Show",
            style=NAME | {"button_width": "180px"},
            layout=ipywidgets.Layout(width="max-content"),
        )
        last = len(self.moments) - 1
        self.moment = ipywidgets.IntSlider(
            last,
            0,
            last,
            description="Moment",
            style=NAME,
            disabled=not last,
            layout=ipywidgets.Layout(width="420px"),
        )
        self.caption, self.picture = Caption(), Picture()
        self.caption.add_class("filters-caption")
        self.picture.add_class("filters-wall")
        for control in (self.order, self.show, self.moment):
            control.observe(self.redraw, names="value")
        controls = [self.show, self.order, self.moment]
        super().__init__(children=[*controls, self.caption, self.picture])
        self.redraw()

    def redraw(self, _change=None) -> None:
        """Draw the chosen moment in the chosen order, and say the same in words."""
        words = self._draw(self.picture, self.show.value)
        self.caption.say(words)

    def _draw(self, picture: Picture, show: str) -> str:
        kernels = self.moments[self.moment.value]
        seen = seen_part(kernels, self.basis)
        chosen = seen if show == SEEN else kernels
        key, order_words = ORDERS[self.order.value]
        order = torch.arange(len(chosen)) if key is None else key(chosen).argsort()
        bound = kernels.abs().max().item()  # one scale for both views
        tiles, palette, scale = filter_tiles(chosen[order].numpy(), bound)
        columns = square_columns(len(tiles))
        words = f"{self._what()}, {order_words}; {show}. One scale for all: {scale}. "
        words += self._share(kernels)
        sheet = tile(tiles, columns)
        zoom = max(1, WIDE // sheet.shape[1])
        if palette is None:
            picture.draw_colours(sheet, words, zoom)
        else:
            picture.draw_palette(sheet, palette, words, zoom)
        return words

    def _what(self) -> str:
        count, channels, side, _ = self.moments[0].shape
        words = f"{count} filters of {self.layer}, {side} x {side}"
        words += " in three colours" if channels == 3 else ""
        if self.history is None:
            return f"{words}, at the end of the training (no earlier ones are shipped)"
        fraction = self.history.fractions[self.moment.value]
        if fraction == 0:
            return f"{words}, before the first step"
        return f"{words}, after {100 * fraction:.3g} % of the training"

    def _share(self, kernels: Tensor) -> str:
        side, rank = self.basis.shape
        if rank == side:
            return f"Windows of these pictures fill all {side**2} dimensions."
        whole = kernels.double().square().flatten(1).sum(dim=1)
        share = (seen_share(kernels, self.basis) * whole).sum() / whole.sum()
        return (
            f"Windows of these pictures span {rank**2} of {side**2} dimensions; there "
            f"lies {100 * share:.0f} % of the filters' energy (random: "
            f"{100 * rank**2 / side**2:.0f} %)."
        )

    def words(self) -> str:
        return self.picture.alt

    def static_html(self) -> str:
        parts = []
        for show in (RAW, SEEN):
            picture = Picture()
            words = self._draw(picture, show)
            parts.append(f"<p>{escape(words)}</p>{picture.value}")
        return "".join(parts)
