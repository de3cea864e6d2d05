"""A picture to look at: from the data set, from the sketch pad, or from a file."""

from collections.abc import Callable
from html import escape

import ipywidgets
import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from alexnet_lib.data import DataSet
from alexnet_lib.data.pictures import in_mode, open_picture
from alexnet_lib.widgets.garments import KEPT
from alexnet_lib.widgets.sketch_pad import SketchPad
from alexnet_lib.widgets.uploads import uploaded
from alexnet_lib.widgets.words import words_of

say = words_of("source")

TEST, DRAW, FILE = say("test"), say("draw"), say("file")
MOST_PIXELS = 256  # side of a picture from a file: what does not fit is made smaller
NAME = {"description_width": "90px"}


def read_picture(content: bytes, colours: bool) -> Tensor:
    """The middle square of a picture file, at most 256 pixels wide.

    OSError of one line when it is no picture that can be read.

    Shape: uint8 (3, side, side) with colours, else (1, side, side).
    """
    mode = "RGB" if colours else "L"
    image, _notes = in_mode(open_picture(content), mode, background="black")
    side = min(image.size)
    image = ImageOps.fit(
        image, (min(side, MOST_PIXELS),) * 2, Image.Resampling.BILINEAR
    )
    pixels = torch.from_numpy(np.array(image))
    return pixels.permute(2, 0, 1) if colours else pixels.unsqueeze(0)


class PictureSource(ipywidgets.VBox):
    """Three ways to a picture; `pixels` is the present one, `what` says what it is."""

    def __init__(self, pictures: DataSet, colours: bool, on_change: Callable[[], None]):
        self.pictures, self._colours, self._on_change = pictures, colours, on_change
        self.mode = ipywidgets.ToggleButtons(
            options=[TEST, DRAW, FILE],
            description=say("picture"),
            style=NAME | {"button_width": "120px"},
            layout=ipywidgets.Layout(width="max-content"),
        )
        self.number = ipywidgets.IntSlider(
            0,
            0,
            len(pictures.test_labels) - 1,
            description=say("number"),
            style=NAME,
            layout=ipywidgets.Layout(width="420px"),
        )
        self.pad = SketchPad(self._drawn, keep_as=KEPT)
        self.upload = ipywidgets.FileUpload(accept="image/*", description=say("open"))
        self.problem = ipywidgets.HTML()
        self._from_file: Tensor | None = None
        self._place = ipywidgets.VBox([self.number])
        self.mode.observe(self._switch, names="value")
        self.number.observe(lambda _change: self._on_change(), names="value")
        self.upload.observe(self._opened, names="value")
        super().__init__(children=[self.mode, self._place])

    @property
    def pixels(self) -> Tensor:
        """The present picture. Shape: uint8 (C, H, W)."""
        if self.mode.value == DRAW:
            return torch.from_numpy(self.pad.pixels.copy()).unsqueeze(0)
        if self.mode.value == FILE and self._from_file is not None:
            return self._from_file
        return self.pictures.test_images[self.number.value]

    @property
    def what(self) -> str:
        """What the present picture is, in words."""
        if self.mode.value == DRAW:
            return say("your_drawing")
        if self.mode.value == FILE and self._from_file is not None:
            return say("your_file")
        label = self.pictures.class_names[
            int(self.pictures.test_labels[self.number.value])
        ]
        return say("test_picture", number=self.number.value, label=label)

    def open_file(self, content: bytes) -> None:
        """Take the picture of a file; a line says so when it is none."""
        try:
            self._from_file = read_picture(content, self._colours)
        except OSError as error:
            self.problem.value = f'<p role="alert">{escape(str(error))}</p>'
            return
        self.problem.value = ""
        self._on_change()

    def _opened(self, change) -> None:
        for _name, content in uploaded(change["new"]):
            self.open_file(content)

    def _drawn(self) -> None:
        if self.mode.value == DRAW:
            self._on_change()

    def _switch(self, change) -> None:
        places = {
            TEST: [self.number],
            DRAW: [self.pad],
            FILE: [self.upload, self.problem],
        }
        self._place.children = places[change["new"]]
        self._on_change()
