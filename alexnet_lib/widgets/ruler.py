"""The window stepper of one axis: floor, ceil and SAME at the right edge."""

from html import escape

import ipywidgets

from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.ruler_drawing import (
    RULES,
    describe_windows,
    draw_window_ruler,
    place_windows,
)
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("ruler")

# what each source does with conv1: size, padding, rule
PRESETS = {
    say("textbook"): (224, 0, "floor"),
    say("code_2012"): (224, 0, "ceil"),
    say("torchvision"): (224, 2, "floor"),
    say("caffe"): (227, 0, "floor"),
    say("tensorflow"): (224, 0, "SAME"),
    say("d2l"): (224, 1, "floor"),
}


class WindowRuler(Twinned):
    """Slide along one axis; read where the last window ends up."""

    def __init__(self, size: int, kernel_size: int, stride: int, padding: int):
        def slider(name: str, value: int, low: int, high: int) -> ipywidgets.IntSlider:
            if not low <= value <= high:
                raise ValueError(
                    f"{name.lower()} is {value}: this slider goes from {low} to {high}"
                )
            return ipywidgets.IntSlider(
                value, low, high, description=name, style={"description_width": "90px"}
            )

        self.preset = ipywidgets.Dropdown(
            options=[say("choose"), *PRESETS],
            description=say("source"),
            style={"description_width": "90px"},
        )
        self.size = slider(say("picture"), size, 5, 260)
        self.kernel_size = slider(say("window"), kernel_size, 1, 15)
        self.stride = slider(say("stride"), stride, 1, 8)
        self.padding = slider(say("padding"), padding, 0, 5)
        self.rule = ipywidgets.ToggleButtons(
            options=RULES,
            description=say("rounding"),
            style={"description_width": "90px", "button_width": "64px"},
            layout=ipywidgets.Layout(width="max-content"),
        )
        self.picture = Picture()
        self.caption = Caption()
        self.caption.add_class("ruler-caption")
        controls = (self.size, self.kernel_size, self.stride, self.padding, self.rule)
        for control in controls:
            control.observe(self.redraw, names="value")
        self.preset.observe(self._load_preset, names="value")
        left = ipywidgets.VBox([self.preset, self.size, self.padding])
        right = ipywidgets.VBox([self.rule, self.kernel_size, self.stride])
        super().__init__(
            children=[ipywidgets.HBox([left, right]), self.caption, self.picture]
        )
        self.redraw()

    def redraw(self, _change=None) -> None:
        """Draw the present state, or say why it cannot be drawn."""
        rule = self.rule.value
        try:
            windows = place_windows(
                self.size.value,
                self.kernel_size.value,
                self.stride.value,
                self.padding.value,
                rule,
            )
        except ValueError as error:
            self._say(say("cannot", rule=rule, error=error))
            self.picture.clear()
            return
        self._say(describe_windows(windows, rule))
        self.picture.draw_svg(draw_window_ruler(windows, rule), self._said)

    def _say(self, words: str) -> None:
        self._said = words
        self.caption.say(words)

    def _load_preset(self, change) -> None:
        if change["new"] in PRESETS:
            size, padding, rule = PRESETS[change["new"]]
            self.kernel_size.value, self.stride.value = 11, 4
            self.size.value, self.padding.value, self.rule.value = size, padding, rule

    def words(self) -> str:
        return self._said

    def static_html(self) -> str:
        rows = []
        for source, (size, padding, rule) in PRESETS.items():
            windows = place_windows(size, 11, 4, padding, rule)
            said = describe_windows(windows, rule)
            rows.append(f"<li><b>{_html(source)}</b>: {_html(said)}</li>")
        return f"{self.caption.value}{self.picture.value}<ul>{''.join(rows)}</ul>"


def _html(words: str) -> str:
    return escape(words, quote=False)


def window_ruler(
    size: int = 224, kernel_size: int = 11, stride: int = 4, padding: int = 0
) -> WindowRuler:
    """Slide a window along one axis, in pixels; displays nothing by itself."""
    return WindowRuler(size, kernel_size, stride, padding)
