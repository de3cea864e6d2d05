"""The window stepper: one kernel on a small image, number by number."""

from html import escape

import ipywidgets
import numpy as np

from alexnet_lib.architecture.arithmetic import window_output_size
from alexnet_lib.figures.style import image_tag
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.stepper_drawing import (
    Step,
    describe_step,
    draw_step,
    take_step,
)
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("stepper")

NAME = {"description_width": "70px"}


class WindowStepper(Twinned):
    """Move the window; read the products, the sums, and where the number lands."""

    def __init__(self, image: np.ndarray, kernel: np.ndarray, bias: float):
        self.image, self.kernel, self.bias = image, kernel, bias
        self.row = ipywidgets.IntSlider(0, 0, 1, description=say("row"), style=NAME)
        self.col = ipywidgets.IntSlider(0, 0, 1, description=say("column"), style=NAME)
        self.stride = ipywidgets.ToggleButtons(
            options=[1, 2], description=say("stride"), style=NAME
        )
        self.padding = ipywidgets.ToggleButtons(
            options=[0, 1], description=say("padding"), style=NAME
        )
        for toggle in (self.stride, self.padding):
            toggle.style.button_width = "48px"
        self.next = ipywidgets.Button(description=say("next"), icon="step-forward")
        self.picture, self.caption = Picture(), Caption()
        self.caption.add_class("stepper-caption")
        self._fitting = False
        for slider in (self.row, self.col):
            slider.observe(self.redraw, names="value")
        for toggle in (self.stride, self.padding):
            toggle.observe(self._fit, names="value")
        self.next.on_click(self.advance)
        moves = ipywidgets.VBox([self.row, self.col])
        windows = ipywidgets.VBox([self.stride, self.padding])
        super().__init__(
            children=[
                ipywidgets.HBox([moves, windows, self.next]),
                self.caption,
                self.picture,
            ]
        )
        self._fit()

    def redraw(self, _change=None) -> None:
        """Draw the present position."""
        if self._fitting:
            return
        self.step = self._step_at(self.row.value, self.col.value)
        words = describe_step(self.step)
        self.caption.say(words)
        self.picture.draw_svg(draw_step(self.step), words)

    def advance(self, _button=None) -> None:
        """Go on in reading order; behind the last position comes the first."""
        if self.col.value < self.col.max:
            self.col.value += 1
            return
        self._fitting = True
        self.col.value = 0
        self.row.value = self.row.value + 1 if self.row.value < self.row.max else 0
        self._fitting = False
        self.redraw()

    def _step_at(self, row: int, col: int) -> Step:
        stride, padding = self.stride.value, self.padding.value
        return take_step(self.image, self.kernel, self.bias, stride, padding, row, col)

    def _fit(self, _change=None) -> None:
        """Give the sliders as many positions as the window now has."""
        self._fitting = True
        size, sides = self.kernel.shape[-1], self.image.shape[1:]
        for slider, side in zip((self.row, self.col), sides, strict=True):
            positions = window_output_size(
                side, size, self.stride.value, self.padding.value
            )
            slider.max = positions - 1
        self._fitting = False
        self.redraw()

    def words(self) -> str:
        return self.picture.alt

    def static_html(self) -> str:
        """The present position, and the last one, where the map is full."""
        last = self._step_at(self.row.max, self.col.max)
        steps = [self.step] if last.number == self.step.number else [self.step, last]
        return "".join(
            f"<p>{escape(describe_step(step), quote=False)}</p>"
            + image_tag(draw_step(step).encode(), describe_step(step), kind="svg+xml")
            for step in steps
        )


def window_stepper(
    image: np.ndarray, kernel: np.ndarray, bias: float = 0.0
) -> WindowStepper:
    """Step a kernel (C, k, k) over an image (C, H, W); displays nothing by itself."""
    return WindowStepper(np.asarray(image), np.asarray(kernel), bias)
