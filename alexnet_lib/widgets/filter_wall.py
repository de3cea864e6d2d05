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
from alexnet_lib.widgets.words import words_of

say = words_of("filters")

RAW, SEEN = say("raw"), say("seen")
ORDERS: dict[str, tuple[Callable[[Tensor], Tensor] | None, str]] = {
    say("number"): (None, say("by_number")),
    say("norm"): (lambda kernels: -norms(kernels), say("by_norm")),
    say("frequency"): (frequencies, say("by_frequency")),
    say("orientation"): (orientations, say("by_orientation")),
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
            options=list(ORDERS), description=say("sort_by"), style=NAME
        )
        self.show = ipywidgets.ToggleButtons(
            options=[RAW, SEEN],
            description=say("show"),
            style=NAME | {"button_width": "180px"},
            layout=ipywidgets.Layout(width="max-content"),
        )
        last = len(self.moments) - 1
        self.moment = ipywidgets.IntSlider(
            last,
            0,
            last,
            description=say("moment"),
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
        what = self._what()
        words = say("sentence", what=what, order=order_words, show=show, scale=scale)
        words += " " + self._share(kernels)
        sheet = tile(tiles, columns)
        zoom = max(1, WIDE // sheet.shape[1])
        if palette is None:
            picture.draw_colours(sheet, words, zoom)
        else:
            picture.draw_palette(sheet, palette, words, zoom)
        return words

    def _what(self) -> str:
        count, channels, side, _ = self.moments[0].shape
        entry = "in_colours" if channels == 3 else "in_grey"
        filters = say(entry, count=count, layer=self.layer, side=side)
        if self.history is None:
            return say("at_the_end", filters=filters)
        fraction = self.history.fractions[self.moment.value]
        if fraction == 0:
            return say("before", filters=filters)
        return say("after", filters=filters, percent=100 * fraction)

    def _share(self, kernels: Tensor) -> str:
        side, rank = self.basis.shape
        if rank == side:
            return say("fill_all", dimensions=side**2)
        whole = kernels.double().square().flatten(1).sum(dim=1)
        share = (seen_share(kernels, self.basis) * whole).sum() / whole.sum()
        return say(
            "span",
            rank=rank**2,
            dimensions=side**2,
            percent=100 * share,
            random=100 * rank**2 / side**2,
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
