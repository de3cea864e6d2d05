"""A pad of 28 x 28 squares to draw on with the mouse, a finger or the keyboard."""

from collections.abc import Callable
from importlib.resources import files

import anywidget
import ipywidgets
import numpy as np
import traitlets

from alexnet_lib.learning import progress
from alexnet_lib.widgets.words import words_of

say = words_of("pad")

SIDE = 28
TOOLS = (say("brush"), say("fill"), say("rub_out"))
TOOL_TIPS = (say("brush_tip"), say("fill_tip"), say("rub_out_tip"))
IN_THE_PAGE = {  # what `sketch_pad.js` says, and fills in
    "fill": TOOLS[1],
    "rub_out": TOOLS[2],
    "role": say("role"),
    "place": say("place", row="{row}", column="{column}", shade="{shade}"),
    "how": say("how", place="{place}"),
}
BLANK = bytes(SIDE * SIDE).hex()
REMEMBERED = 50  # strokes that can be undone


class Canvas(anywidget.AnyWidget):
    """The squares themselves; `pixels` is two hexadecimal digits a square, by rows."""

    # the text, not the path: anywidget would watch a file for changes
    _esm = (files("alexnet_lib.widgets") / "sketch_pad.js").read_text("utf-8")
    pixels = traitlets.Unicode(BLANK).tag(sync=True)
    strokes = traitlets.Int(0).tag(sync=True)  # finished ones; the front end counts
    tool = traitlets.Enum(TOOLS, TOOLS[0]).tag(sync=True)
    width = traitlets.Int(3).tag(sync=True)  # of the brush, in pixels
    shade = traitlets.Int(200).tag(sync=True)  # 0 black to 255 white
    mirror = traitlets.Bool(False).tag(sync=True)
    words = traitlets.Dict(IN_THE_PAGE).tag(sync=True)


def kept_drawing(name: str) -> np.ndarray | None:
    """What the reader last drew on the pad of this name; None for a pad not used.

    Shape: uint8 (28, 28).
    """
    kept = progress.read("drawings").get(name)
    return None if kept is None else _to_pixels(kept)


def _to_pixels(digits: str) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(digits), np.uint8).reshape(SIDE, SIDE)


class SketchPad(ipywidgets.VBox):
    """Canvas and tools; `pixels` holds the drawing, and `on_change` hears of it.

    With `keep_as`, finished strokes are kept on this machine under that name, and the
    pad begins with what was kept.
    """

    def __init__(
        self,
        on_change: Callable[[], None] | None = None,
        keep_as: str | None = None,
    ):
        style = {"description_width": "60px"}
        narrow = ipywidgets.Layout(width="280px")
        self.canvas = Canvas()
        self.tool = ipywidgets.ToggleButtons(
            options=TOOLS,
            description=say("tool"),
            style={"button_width": "86px"},
            tooltips=TOOL_TIPS,
        )
        self.width = ipywidgets.IntSlider(
            3, 1, 9, description=say("width"), style=style, layout=narrow
        )
        self.shade = ipywidgets.IntSlider(
            200, 0, 255, description=say("shade"), style=style, layout=narrow
        )
        self.mirror = ipywidgets.Checkbox(
            False, description=say("mirror"), indent=False, layout=narrow
        )
        self.undo_button = ipywidgets.Button(description=say("undo"), icon="undo")
        self.clear_button = ipywidgets.Button(description=say("empty"))
        for button in (self.undo_button, self.clear_button):
            button.layout.width = "138px"
        for name in ("tool", "width", "shade", "mirror"):
            ipywidgets.link((getattr(self, name), "value"), (self.canvas, name))
        self._past = [BLANK]
        self._keep_as = keep_as
        kept = kept_drawing(keep_as) if keep_as else None
        if kept is not None:
            self.draw(kept)
        self._on_change = on_change
        self.canvas.observe(self._stroke_ended, names="strokes")
        self.canvas.observe(self._changed, names="pixels")
        self.undo_button.on_click(lambda _button: self.undo())
        self.clear_button.on_click(lambda _button: self.draw(np.zeros((SIDE, SIDE))))
        buttons = ipywidgets.HBox([self.undo_button, self.clear_button])
        super().__init__(
            children=[
                self.canvas,
                self.tool,
                self.width,
                self.shade,
                self.mirror,
                buttons,
            ]
        )

    @property
    def pixels(self) -> np.ndarray:
        """The drawing. Shape: uint8 (28, 28), 0 black to 255 white."""
        return _to_pixels(self.canvas.pixels)

    def draw(self, pixels: np.ndarray) -> None:
        """Put a picture on the pad, to draw on. Shape: (28, 28), 0 to 255."""
        if pixels.shape != (SIDE, SIDE):
            raise ValueError(
                f"the pad holds {SIDE} x {SIDE} pixels, got shape {pixels.shape}"
            )
        self.canvas.pixels = pixels.astype(np.uint8).tobytes().hex()
        self._remember()

    def undo(self) -> None:
        """Take the last stroke back, as often as there are strokes."""
        if len(self._past) > 1:
            self._past.pop()
        self.canvas.pixels = self._past[-1]
        self._keep()

    def _remember(self) -> None:
        if self.canvas.pixels != self._past[-1]:
            self._past = [*self._past, self.canvas.pixels][-REMEMBERED:]
            self._keep()

    def _keep(self) -> None:
        if self._keep_as:
            progress.write("drawings", self._keep_as, self.canvas.pixels)

    def _stroke_ended(self, _change) -> None:
        self._remember()

    def _changed(self, _change) -> None:
        if self._on_change is not None:
            self._on_change()
