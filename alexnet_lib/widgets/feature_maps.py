"""Every map of every layer for one picture, and what one of its numbers sees."""

from html import escape

import ipywidgets
import numpy as np

from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import DataSet
from alexnet_lib.figures.bars import share_text
from alexnet_lib.figures.walls import (
    MARK,
    frame,
    map_shades,
    palette,
    shades,
    square_columns,
    tile,
)
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.glass import Glass
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.picture_source import PictureSource
from alexnet_lib.widgets.top_pictures import TopPictures
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("maps")

WIDE, LARGE = 560, 224  # pixels of the screen: all maps, and one of them
NAME = {"description_width": "90px"}


class FeatureMaps(Twinned):
    """Choose picture, layer, channel and place; read the number and what it sees."""

    def __init__(self, network: LoadedModel, pictures: DataSet, number: int = 0):
        self.pictures, self.glass = pictures, Glass(network)
        self._setting = False
        self.source = PictureSource(
            pictures, network.spec.input_shape[0] == 3, self.take_picture
        )
        self._make_controls()
        self.input, self.sheet, self.one = (Picture() for _ in range(3))
        self.caption, self.top = Caption(), TopPictures(self.glass, pictures)
        self.caption.add_class("maps-caption")
        self.sheet.add_class("maps-sheet")
        side = ipywidgets.VBox([self.input, self.one])
        flow = ipywidgets.Layout(flex_flow="row wrap", grid_gap="16px")
        super().__init__(
            children=[
                self.source,
                self.layer,
                ipywidgets.HBox([self.channel, self.strongest], layout=flow),
                ipywidgets.HBox([self.row, self.column], layout=flow),
                self.caption,
                ipywidgets.HBox([side, self.sheet], layout=flow),
                self.top,
            ]
        )
        if number:
            self.source.number.value = number
        else:
            self.take_picture()
        self.go_to_strongest()

    def _make_controls(self) -> None:
        layers = {f"{row.name} ({row.kind})": row for row in self.glass.rows.values()}
        # a slider: in a dropdown, JupyterLab takes the arrow keys for itself
        self.layer = ipywidgets.SelectionSlider(
            options=[(words, row.name) for words, row in layers.items()],
            description=say("layer"),
            style=NAME,
            layout=ipywidgets.Layout(width="420px"),
        )
        relu = [row.name for row in layers.values() if row.kind == "ReLU"]
        self.layer.value = (relu or [self.layer.value])[0]
        self.channel, self.row, self.column = (
            ipywidgets.IntSlider(0, 0, 0, description=words, style=NAME)
            for words in (say("channel"), say("row"), say("column"))
        )
        self.strongest = ipywidgets.Button(
            description=say("strongest"), tooltip=say("strongest_tip")
        )
        self.layer.observe(self.take_layer, names="value")
        self.channel.observe(self.take_channel, names="value")
        for slider in (self.row, self.column):
            slider.observe(self.take_place, names="value")
        self.strongest.on_click(lambda _button: self.go_to_strongest())

    # --- what a move does: each calls the next smaller one ----------------------------
    def take_picture(self) -> None:
        """Send the present picture through the network."""
        self.glass.look(self.source.pixels)
        self.take_layer()

    def take_layer(self, _change=None) -> None:
        """Show the maps of the present layer, and give the sliders its sizes."""
        if self._setting:
            return
        self.maps = self.glass.maps[self.layer.value]
        height, width = self.maps.shape[1:] if self.maps.ndim == 3 else (1, 1)
        sizes = (self.channel, len(self.maps)), (self.row, height), (self.column, width)
        self._setting = True
        for slider, size in sizes:
            slider.max = size - 1  # pulls the value in where it lies beyond
            slider.disabled = size == 1
        self._setting = False
        self._shades, self._palette, self._scale = map_shades(self.maps)
        self.take_channel()

    def take_channel(self, _change=None) -> None:
        """Frame the present channel, and show who excites it most."""
        if self._setting:
            return
        self._draw_sheet(self.sheet)
        self.top.show(self.layer.value, self.channel.value)
        self.take_place()

    def take_place(self, _change=None) -> None:
        """Say the number at the present place, and frame what it sees."""
        if self._setting:
            return
        words = self.place_words()
        self.caption.say(words)
        self._draw_input(self.input)
        self._draw_one()

    def go_to_strongest(self) -> None:
        """Put row and column where the present map is largest."""
        if self.maps.ndim == 3:
            self._setting = True
            place = np.unravel_index(self._map().argmax(), self._map().shape)
            self.row.value, self.column.value = map(int, place)
            self._setting = False
        self.take_place()

    # --- drawing ----------------------------------------------------------------------
    def _map(self) -> np.ndarray:
        return self.maps[self.channel.value]

    def _draw_sheet(self, picture: Picture) -> None:
        tiles = self._shades
        if tiles.ndim == 1:
            tiles = tiles[:, None, None]
        sheet = tile(tiles, square_columns(len(tiles), 1.5), framed=self.channel.value)
        words = say("framed", layer=self.layer_words(), channel=self.channel.value)
        zoom = max(1, WIDE // sheet.shape[1])
        picture.draw_palette(sheet, self._palette, words, zoom)

    def _draw_one(self) -> None:
        if self.maps.ndim == 1:
            self.one.clear()
            return
        tiles = self._shades[self.channel.value].copy()
        tiles[self.row.value, self.column.value] = MARK
        words = say("large", place=self._where())
        self.one.draw_palette(tiles, self._palette, words, max(1, LARGE // len(tiles)))

    def _draw_input(self, picture: Picture) -> None:
        shown, words = self.glass.shown, f"{self.source.what}; {self.field_words()}"
        top, bottom, left, right = self._seen()
        zoom = max(1, LARGE // shown.shape[1])
        if len(shown) == 1:
            sheet, marks = shades(shown[0], 0, 255), palette("gray")
            frame(sheet, top, left, bottom - top, right - left, index=MARK)
            picture.draw_palette(sheet, marks, words, zoom)
            return
        colours = shown.transpose(1, 2, 0).copy()
        border = np.zeros(shown.shape[1:], np.uint8)
        frame(border, top, left, bottom - top, right - left, index=MARK)
        colours[border == MARK] = palette("gray")[MARK]
        picture.draw_colours(colours, words, zoom)

    # --- words ------------------------------------------------------------------------
    def layer_words(self) -> str:
        """The present layer: how many numbers, and on which scale they are drawn."""
        shape = " x ".join(map(str, self.maps.shape[1:]))
        count = len(self.maps)
        what = say("maps", count=count, shape=shape) if shape else ""
        what = what or say("units", count=count)
        return say("one_scale", layer=self.layer.value, what=what, scale=self._scale)

    def field_words(self) -> str:
        """What the present number sees of the picture."""
        top, bottom, left, right = self._seen()
        _, height, width = self.glass.spec.input_shape
        if (bottom - top + 1, right - left + 1) == (height, width):
            return say("sees_all")
        if bottom < top or right < left:
            return say("sees_padding")
        return say(
            "sees",
            top=top,
            bottom=bottom,
            left=left,
            right=right,
            height=height,
            width=width,
        )

    def place_words(self) -> str:
        """The present number, its place, what it sees, and what the network says."""
        best = int(self.glass.shares.argmax())
        return say(
            "sentence",
            what=self.source.what,
            said=self.glass.network.class_names[best],
            share=share_text(float(self.glass.shares[best])),
            number=self._number(),
            field=self.field_words(),
        )

    def _number(self) -> str:
        channel, layer, found = self.channel.value, self.layer.value, self._map()
        if self.maps.ndim == 1:
            return say("unit", channel=channel, layer=layer, value=found)
        value, where = found[self.row.value, self.column.value], self._where()
        most = found.max()
        return say(
            "number", channel=channel, layer=layer, place=where, value=value, most=most
        )

    def _where(self) -> str:
        return say("place", row=self.row.value, column=self.column.value)

    def _seen(self) -> tuple[int, int, int, int]:
        return self.glass.seen(self.layer.value, self.row.value, self.column.value)

    def words(self) -> str:
        return f"{self.place_words()} {self.layer_words()}."

    def static_html(self) -> str:
        parts = [f"<p>{escape(self.place_words())}</p>{self.input.value} "]
        parts += [f"<p>{escape(self.layer_words())}</p>{self.sheet.value}"]
        return "".join([*parts, self.top.static_html()])

    def close(self) -> None:
        self.top.close()
        super().close()
