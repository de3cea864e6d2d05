"""Pick a garment or draw one, and hear from a trained network what it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import ipywidgets
import numpy as np
import torch

from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import Batches, DataSet
from alexnet_lib.figures.bars import (
    describe_class_bars,
    draw_class_bars,
    share_text,
)
from alexnet_lib.figures.style import image_tag
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.sketch_pad import SketchPad
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("garments")

PICK, DRAW, ANY = say("pick"), say("draw"), say("any")
KEPT = "garment"  # notebook 08 looks at this drawing again: kept_drawing(KEPT)
ZOOM = 10  # pixels of the screen for one of the picture
GREYS = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
AT_ONCE, AT_MOST = 16, 800  # pictures looked through for the next mistake


def class_shares(network: LoadedModel, pictures: torch.Tensor) -> np.ndarray:
    """What the network gives each class. Shape: uint8 (n, C, H, W) -> (n, classes).

    The pictures are prepared as in training; each row is in [0, 1] and sums to 1.
    """
    batches = Batches(
        pictures,
        torch.zeros(len(pictures), dtype=torch.int64),
        len(pictures),
        resize=network.resize,
        normalise=network.normalise,
    )
    with torch.no_grad(), one_thread():
        logits = network.model(batches.prepare(pictures))
    return logits.double().softmax(dim=1).numpy()  # float32 would say 100 %


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch work alone: on busy cores its threads wait ten times as long."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class GarmentPicker(Twinned):
    """A picture on the left, what the network makes of it on the right."""

    def __init__(self, network: LoadedModel, clothes: DataSet, number: int = 0):
        self.network, self.clothes = network, clothes
        self.images, self.labels = clothes.test_images, clothes.test_labels
        self.mode = ipywidgets.ToggleButtons(
            options=[PICK, DRAW],
            description=say("picture"),
            style={"description_width": "60px"},
        )
        self.caption = ipywidgets.HTML()
        self.caption.add_class("garment-caption")
        self.bars = Picture()
        self.bars.add_class("garment-bars")
        self.pad = SketchPad(self.redraw, keep_as=KEPT)
        self._picker = self._make_picker()
        self._sheet = ipywidgets.VBox([self._picker])
        self.mode.observe(self._switch, names="value")
        answer = ipywidgets.VBox([self.caption, self.bars])
        flow = ipywidgets.Layout(flex_flow="row wrap", grid_gap="24px")
        body = ipywidgets.HBox([self._sheet, answer], layout=flow)
        super().__init__(children=[self.mode, body])
        self.number.value = number
        self.redraw()

    def _make_picker(self) -> ipywidgets.VBox:
        style = {"description_width": "60px"}
        wide = ipywidgets.Layout(width="280px")
        self.kind = ipywidgets.Dropdown(
            options=[ANY, *self.clothes.class_names],
            description=say("label"),
            style=style,
            layout=wide,
        )
        self.number = ipywidgets.IntSlider(
            0,
            0,
            len(self.labels) - 1,
            description=say("number"),
            style=style,
            layout=wide,
        )
        self.picture = Picture()
        self.previous, self.next, self.mistake, self.take = (
            ipywidgets.Button(
                description=words, tooltip=tip, layout=ipywidgets.Layout(width="138px")
            )
            for words, tip in (
                (say("previous"), say("previous_tip")),
                (say("next"), say("next_tip")),
                (say("next_mistake"), say("next_mistake_tip")),
                (say("draw_on_this"), say("draw_on_this_tip")),
            )
        )
        self.kind.observe(self._choose_kind, names="value")
        self.number.observe(self.redraw, names="value")
        self.previous.on_click(lambda _button: self._step(-1))
        self.next.on_click(lambda _button: self._step(1))
        self.mistake.on_click(lambda _button: self.next_mistake())
        self.take.on_click(lambda _button: self.draw_on_this())
        return ipywidgets.VBox(
            [
                self.picture,
                self.kind,
                self.number,
                ipywidgets.HBox([self.previous, self.next]),
                ipywidgets.HBox([self.mistake, self.take]),
            ]
        )

    @property
    def pixels(self) -> np.ndarray:
        """The picture in question. Shape: uint8 (28, 28)."""
        if self.mode.value == DRAW:
            return self.pad.pixels
        return self.images[self._numbers()[self.number.value], 0].numpy()

    @property
    def label(self) -> int | None:
        """Its published label; a drawing has none."""
        if self.mode.value == DRAW:
            return None
        return int(self.labels[self._numbers()[self.number.value]])

    def redraw(self, _change=None) -> None:
        """Ask the network about the present picture and show its answer."""
        pixels, names = self.pixels, self.clothes.class_names
        batch = torch.from_numpy(pixels.copy())[None, None]
        self.shares = class_shares(self.network, batch)[0].tolist()
        words = self._sentence()
        self._say(words)
        drawing = draw_class_bars(names, self.shares, self._marks())
        self.bars.draw_svg(drawing, f"{words} {self._longest()}")
        if self.label is not None:
            self.picture.draw_palette(pixels, GREYS, self._what(), ZOOM)

    def next_mistake(self) -> None:
        """Go to the next picture of this kind that the network gets wrong."""
        numbers, here = self._numbers(), self.number.value
        ahead = np.roll(np.arange(len(numbers)), -here - 1)[
            : min(AT_MOST, len(numbers))
        ]
        for start in range(0, len(ahead), AT_ONCE):
            places = ahead[start : start + AT_ONCE]
            rows = numbers[places]
            found = class_shares(self.network, self.images[rows]).argmax(axis=1)
            wrong = places[found != self.labels[rows].numpy()]
            if len(wrong):
                self.number.value = int(wrong[0])
                return
        self._say(say("no_mistake", count=len(ahead)))

    def draw_on_this(self) -> None:
        """Put the picked picture on the pad and switch to drawing."""
        self.pad.draw(self.pixels)
        self.mode.value = DRAW

    def words(self) -> str:
        return self.bars.alt

    def static_html(self) -> str:
        picture = Picture()
        what = self._what() if self.label is not None else say("a_drawing")
        picture.draw_palette(self.pixels, GREYS, what, ZOOM // 2)
        drawing = draw_class_bars(self.clothes.class_names, self.shares, self._marks())
        bars = image_tag(drawing.encode(), self.bars.alt, kind="svg+xml")
        return f"<p>{escape(self._sentence())}</p>{picture.value} {bars}"

    def _say(self, words: str) -> None:
        """Put a sentence over the bars; a screen reader reads it out."""
        self.caption.value = f'<p role="status" style="margin:0">{escape(words)}</p>'

    def _numbers(self) -> np.ndarray:
        """Which pictures the slider runs over, as positions in the test set."""
        labels = self.labels.numpy()
        if self.kind.value == ANY:
            return np.arange(len(labels))
        return np.flatnonzero(labels == self.clothes.class_names.index(self.kind.value))

    def _choose_kind(self, _change) -> None:
        before = self.number.value
        self.number.value = 0  # below any new end of the slider
        self.number.max = len(self._numbers()) - 1
        if before == 0:  # the slider did not move, the picture did
            self.redraw()

    def _step(self, by: int) -> None:
        self.number.value = (self.number.value + by) % (self.number.max + 1)

    def _switch(self, change) -> None:
        self._sheet.children = [self.pad if change["new"] == DRAW else self._picker]
        self.redraw()

    def _said(self) -> int:
        return int(np.argmax(self.shares))

    def _marks(self) -> dict[int, str]:
        said, label = self._said(), self.label
        if said == label:
            return {said: say("mark_both")}
        marks = {said: say("mark_network")}
        return marks if label is None else marks | {label: say("mark_label")}

    def _sentence(self) -> str:
        names, said = self.clothes.class_names, self._said()
        name, share = names[said], share_text(self.shares[said])
        if self.label is None:
            return say("of_a_drawing", said=name, share=share)
        entry = "the_same" if said == self.label else "not_the_same"
        return say(entry, said=name, share=share, label=names[self.label])

    def _longest(self) -> str:
        said = describe_class_bars(self.clothes.class_names, self.shares)
        return say("longest", bars=said)

    def _what(self) -> str:
        name = self.clothes.class_names[self.label]
        return say("test_picture", number=self.number.value, label=name)


def garment_picker(
    network: LoadedModel, clothes: DataSet, number: int = 0
) -> GarmentPicker:
    """Pick test pictures or draw your own, and let a trained network name them.

    `number`: the test picture it starts with. Displays nothing by itself.
    """
    return GarmentPicker(network, clothes, number)
