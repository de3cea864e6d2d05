"""Open a picture of your own, and hear what a network makes of it."""

from html import escape

import ipywidgets
import numpy as np
from PIL import Image

from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import pictures
from alexnet_lib.figures.bars import share_text
from alexnet_lib.learning import pretrained
from alexnet_lib.widgets.garments import one_thread
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.uploads import uploaded
from alexnet_lib.widgets.words import words_of

say = words_of("teller")

SHOWN = 224  # pixels of the screen, at least; a small picture is enlarged
NAMES = 5


class PictureTeller(Twinned):
    """A picture as the network is shown it, and the names it finds likeliest."""

    def __init__(self, network: LoadedModel, picture: Image.Image, what: str):
        self.network, self._picture, self._what = network, picture, what
        self.upload = ipywidgets.FileUpload(
            accept="image/*", description=say("open"), layout={"width": "180px"}
        )
        self.invert = ipywidgets.Checkbox(
            description=say("swap"),
            indent=False,
            # photographs are what such a network was trained on: nothing to swap
            disabled=network.dataset == pretrained.IMAGENET,
        )
        self.picture, self.answer = Picture(), ipywidgets.HTML()
        self.answer.add_class("teller-answer")
        self.problem = ipywidgets.HTML()
        self.upload.observe(self._opened, names="value")
        self.invert.observe(lambda _change: self.redraw(), names="value")
        flow = ipywidgets.Layout(flex_flow="row wrap", grid_gap="24px")
        super().__init__(
            children=[
                ipywidgets.HBox([self.upload, self.invert]),
                self.problem,
                ipywidgets.HBox([self.picture, self.answer], layout=flow),
            ]
        )
        self.redraw()

    def open_file(self, content: bytes, name: str = say("your_picture")) -> None:
        """Take the picture of a file; one line says so when it cannot be used."""
        before = self._picture, self._what
        try:
            self._picture, self._what = pictures.open_picture(content), name
            self.redraw()
        except (OSError, ValueError) as error:
            self._picture, self._what = before
            self.problem.value = f'<p role="alert">{escape(str(error))}</p>'

    def redraw(self) -> None:
        """Ask the network again."""
        shown, notes = pretrained.as_shown(
            self.network, self._picture, self.invert.value
        )
        inputs = pretrained.prepare(self.network, shown.unsqueeze(0))
        with one_thread():
            self._best = pretrained.likeliest(self.network, inputs, NAMES)
        self._notes = [note.partition(": try with")[0] for note in notes]
        pixels = np.moveaxis(shown.expand(3, -1, -1).numpy(), 0, -1)
        scale = max(1, SHOWN // len(pixels))
        alt = say("as_shown", what=self._what, said=self.words())
        self.picture.draw_colours(np.ascontiguousarray(pixels), alt, scale)
        self.answer.value = self._list()
        self.problem.value = ""

    def words(self) -> str:
        """What the network says, in one sentence."""
        names = ", ".join(f"{name} {share_text(share)}" for name, share in self._best)
        return say("sentence", what=self._what, names=names)

    def static_html(self) -> str:
        return self.picture.value + self.answer.value

    def _list(self) -> str:
        rows = "".join(
            f"<li>{escape(name)}, {share_text(share)}</li>"
            for name, share in self._best
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes)
        heading = escape(say("heading", what=self._what), quote=False)
        return f"<p><b>{heading}</b></p><ol>{rows}</ol>{notes}"

    def _opened(self, change) -> None:
        for name, content in uploaded(change["new"]):
            self.open_file(content, name)


def picture_teller(
    network: LoadedModel, picture: Image.Image, what: str = say("this_picture")
) -> PictureTeller:
    """A network that names pictures: the given one first, then those you open."""
    return PictureTeller(network, picture, what)
