"""The layer cockpit: change any window of a network and read what follows from it."""

from dataclasses import replace
from html import escape

import ipywidgets

from alexnet_lib.architecture.arithmetic import LayerError, LayerSummary, walk
from alexnet_lib.architecture.spec import AvgPool2d, Conv2d, MaxPool2d, ModelSpec
from alexnet_lib.architecture.variants import VARIANTS, resized
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.cockpit_table import Problem, describe_table, layer_table_html
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("cockpit")

PAPER = say("paper_227")
# label: variant, input side, rounding
PRESETS = {
    PAPER: ("ALEXNET_2012", 227, "floor"),
    say("code_2012"): ("ALEXNET_2012_SOURCE", 224, "ceil"),
    say("paper_224"): ("ALEXNET_2012", 224, "floor"),
    say("caffenet"): ("CAFFENET", 227, "floor"),
    say("torchvision"): ("ALEXNET_TORCHVISION", 224, "floor"),
    say("one_tower"): ("ALEXNET_ONE_TOWER", 224, "floor"),
    say("d2l"): ("ALEXNET_D2L", 224, "floor"),
    say("mnist"): ("ALEXNET_MNIST", 28, "floor"),
    say("lenet"): ("LENET5", 28, "floor"),
}
ADJUSTABLE = Conv2d | MaxPool2d | AvgPool2d
NAME = {"description_width": "80px"}
BUTTONS = NAME | {"button_width": "56px"}


class LayerCockpit(Twinned):
    """Controls on top, the layer table under them, and the finding in one sentence."""

    def __init__(self, preset: str):
        preset = say.translated(preset)
        if preset not in PRESETS:
            raise ValueError(f"no preset {preset!r}: they are {', '.join(PRESETS)}")
        slider = ipywidgets.IntSlider
        self.preset = ipywidgets.Dropdown(
            options=list(PRESETS), value=preset, description=say("network"), style=NAME
        )
        self.side = slider(224, 1, 320, description=say("input_side"), style=NAME)
        self.rounding = ipywidgets.ToggleButtons(
            options=["floor", "ceil"],
            description=say("rounding"),
            style=BUTTONS,
            layout=ipywidgets.Layout(width="max-content"),
        )
        self.layer = ipywidgets.Dropdown(description=say("layer"), style=NAME)
        self.kernel_size = slider(11, 1, 15, description=say("kernel"), style=NAME)
        self.stride = slider(4, 1, 8, description=say("stride"), style=NAME)
        self.padding = slider(0, 0, 8, description=say("padding"), style=NAME)
        self.groups = ipywidgets.ToggleButtons(
            options=[1, 2, 4],
            description=say("groups"),
            style=BUTTONS,
            layout=ipywidgets.Layout(width="max-content"),
        )
        self.reset = ipywidgets.Button(
            description=say("reset"),
            tooltip=say("reset_tip"),
        )
        self.reset.on_click(self._load_preset)
        self.table, self.caption = ipywidgets.HTML(), Caption()
        self.table.add_class("cockpit-table")
        self.caption.add_class("cockpit-caption")
        self._loading = False
        self.preset.observe(self._load_preset, names="value")
        self.layer.observe(self._load_layer, names="value")
        for control in (self.side, self.rounding):
            control.observe(self.redraw, names="value")
        for control in (self.kernel_size, self.stride, self.padding, self.groups):
            control.observe(self._change_layer, names="value")
        box = ipywidgets.VBox
        network = box([self.preset, self.side, self.rounding, self.reset])
        one = box(
            [self.layer, self.kernel_size, self.stride, self.padding, self.groups]
        )
        super().__init__(
            children=[ipywidgets.HBox([network, one]), self.caption, self.table]
        )
        self._load_preset()

    def redraw(self, _change=None) -> None:
        """Walk the network and show every row, up to the layer that does not fit."""
        if self._loading:
            return
        self.rows, self.problem = look_through(self.model_spec, self._built_for)
        self.table.value = self._html()
        self.caption.say(self.words())

    @property
    def model_spec(self) -> ModelSpec:
        """The network as the controls have it now."""
        channels = self._spec.input_shape[0]
        shape = (channels, self.side.value, self.side.value)
        return resized(self._spec, shape, self.rounding.value)

    def _html(self) -> str:
        return layer_table_html(self.model_spec, self.rows, self.problem)

    def words(self) -> str:
        return describe_table(self.model_spec, self.rows, self.problem)

    def static_html(self) -> str:
        return f"<p>{escape(self.words(), quote=False)}</p>{self._html()}"

    def _load_preset(self, _change=None) -> None:
        variant, side, rounding = PRESETS[self.preset.value]
        self._spec = VARIANTS[variant]
        self._built_for = first_linear_inputs(self._spec)
        self._loading = True
        self.side.value, self.rounding.value = side, rounding
        names = [x.name for x in self._spec.layers if isinstance(x, ADJUSTABLE)]
        self.layer.options = names
        self.layer.value = names[0]
        self._loading = False
        self._load_layer()
        self.redraw()

    def _load_layer(self, _change=None) -> None:
        """Put the chosen layer's numbers into the sliders."""
        if self._loading or self.layer.value is None:
            return
        layer = next(x for x in self._spec.layers if x.name == self.layer.value)
        self._loading = True
        self.kernel_size.value, self.stride.value = layer.kernel_size, layer.stride
        self.padding.value = layer.padding
        self.groups.value = getattr(layer, "groups", 1)
        self.groups.disabled = not isinstance(layer, Conv2d)
        self._loading = False

    def _change_layer(self, _change=None) -> None:
        """Put the sliders' numbers into the chosen layer."""
        if self._loading:
            return
        layers = [
            self._changed(x) if x.name == self.layer.value else x
            for x in self._spec.layers
        ]
        self._spec = replace(self._spec, layers=tuple(layers))
        self.redraw()

    def _changed(self, layer: ADJUSTABLE) -> ADJUSTABLE:
        window = {
            "kernel_size": self.kernel_size.value,
            "stride": self.stride.value,
            "padding": self.padding.value,
        }
        if isinstance(layer, Conv2d):
            window["groups"] = self.groups.value
        return replace(layer, **window)


def first_linear_inputs(model_spec: ModelSpec) -> tuple[str, int] | None:
    """Name of the first linear layer and how many numbers its weights were made for."""
    for row in walk(model_spec):
        if row.kind == "Linear":
            return row.name, row.in_shape[0]
    return None


def look_through(
    model_spec: ModelSpec, built_for: tuple[str, int] | None
) -> tuple[list[LayerSummary], Problem | None]:
    """The rows that fit, and what stops the network, if anything does.

    Two things can: a window wider than what it slides over, and a first linear layer
    that gets another number of inputs than its weights were made for.
    """
    rows: list[LayerSummary] = []
    try:
        for row in walk(model_spec):
            if (
                built_for
                and row.name == built_for[0]
                and row.in_shape[0] != built_for[1]
            ):
                reason = say("made_for", count=built_for[1], given=row.in_shape[0])
                return rows, Problem(row.name, row.kind, reason)
            rows.append(row)
    except LayerError as error:
        kind = next(
            type(x).__name__ for x in model_spec.layers if x.name == error.layer
        )
        return rows, Problem(error.layer, kind, error.reason)
    return rows, None


def layer_cockpit(preset: str = PAPER) -> LayerCockpit:
    """Change input side, rounding and every window; displays nothing by itself."""
    return LayerCockpit(preset)
