"""The cost treemap: the same network as parameters, as work, and as memory."""

from html import escape

import ipywidgets

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.memory import stored_numbers
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import VARIANTS
from alexnet_lib.figures.style import image_tag
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.treemap_drawing import Cost, describe_costs, draw_treemap
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("treemap")

PAPER = say("paper")
NETWORKS = {
    PAPER: "ALEXNET_2012",
    say("one_tower"): "ALEXNET_ONE_TOWER",
    say("torchvision"): "ALEXNET_TORCHVISION",
    say("d2l"): "ALEXNET_D2L",
    say("quarter"): "ALEXNET_QUARTER",
    say("modern"): "ALEXNET_MODERN_32",
    say("lenet"): "LENET5",
}
MEASURES = (say("parameters"), say("multiply_adds"), say("activations"))
NAME = {"description_width": "80px"}


def layer_costs(model_spec: ModelSpec) -> dict[str, list[Cost]]:
    """Each measure's cost of every layer, for one image."""
    rows = summarize(model_spec)
    readings = (lambda row: row.num_params, lambda row: row.macs, stored_numbers)
    return {
        measure: [Cost(row.name, row.kind, read(row)) for row in rows]
        for measure, read in zip(MEASURES, readings, strict=True)
    }


class CostTreemap(Twinned):
    """Choose a network and what its areas stand for; the bars always show all three."""

    def __init__(self, network: str):
        network = say.translated(network)
        if network not in NETWORKS:
            raise ValueError(f"no network {network!r}: they are {', '.join(NETWORKS)}")
        self.network = ipywidgets.Dropdown(
            options=list(NETWORKS),
            value=network,
            description=say("network"),
            style=NAME,
        )
        self.measure = ipywidgets.ToggleButtons(
            options=MEASURES, description=say("area_is"), style=NAME
        )
        self.picture, self.caption = Picture(), Caption()
        self.caption.add_class("treemap-caption")
        for control in (self.network, self.measure):
            control.observe(self.redraw, names="value")
        controls = ipywidgets.VBox([self.network, self.measure])
        super().__init__(children=[controls, self.caption, self.picture])
        self.redraw()

    def redraw(self, _change=None) -> None:
        """Draw the chosen network by the chosen measure, and say the same in words."""
        svg, words = self._drawing(self.measure.value)
        self.caption.say(words)
        self.picture.draw_svg(svg, words)

    def words(self) -> str:
        return self.picture.alt

    def static_html(self) -> str:
        pictures = []
        for measure in MEASURES:
            svg, words = self._drawing(measure)
            tag = image_tag(svg.encode(), words, kind="svg+xml")
            pictures.append(f"<p>{escape(words)}</p>{tag}")
        return "".join(pictures)

    def _drawing(self, measure: str) -> tuple[str, str]:
        spec = VARIANTS[NETWORKS[self.network.value]]
        costs = layer_costs(spec)
        words = describe_costs(spec.name, measure, costs[measure])
        return draw_treemap(costs, measure), words


def cost_treemap(network: str = PAPER) -> CostTreemap:
    """Areas by parameters, multiply-adds or activations; displays nothing by itself."""
    return CostTreemap(network)
