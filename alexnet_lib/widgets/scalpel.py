"""Channel surgery: silence channels of a layer and watch what the network says."""

from collections.abc import Iterable
from html import escape

import ipywidgets
import numpy as np
import torch

from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import DataSet
from alexnet_lib.figures.bars import describe_class_bars, draw_class_bars, share_text
from alexnet_lib.figures.style import image_tag
from alexnet_lib.figures.walls import map_shades
from alexnet_lib.inside.surgery import behind, class_shares, votes
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.garments import one_thread
from alexnet_lib.widgets.glass import Glass
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.scalpel_look import draw_input, draw_maps, read_channels
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("surgery")

FIRST_CUT, BARS = 4, 10  # channels silent at first; classes shown
NAME = {"description_width": "90px"}


class ChannelSurgery(Twinned):
    """Choose a picture, a layer and its silent channels; the class bars follow."""

    def __init__(self, network: LoadedModel, pictures: DataSet, number: int):
        self.network, self.pictures, self.glass = network, pictures, Glass(network)
        maps = [row for row in self.glass.rows.values() if len(row.out_shape) == 3]
        cuttable = [row for row in maps if row.kind == "ReLU"] or maps
        self.number = ipywidgets.IntSlider(
            number,
            0,
            len(pictures.test_labels) - 1,
            description=say("number"),
            style=NAME,
            layout=ipywidgets.Layout(width="420px"),
        )
        # No dropdown and no list: there, JupyterLab takes the arrow keys for itself.
        self.layer = ipywidgets.SelectionSlider(
            options=[row.name for row in cuttable],
            value=cuttable[-1].name,
            description=say("layer"),
            style=NAME,
        )
        self.channels = ipywidgets.Text(
            description=say("silent"),
            placeholder=say("silent_example"),
            continuous_update=False,
            style=NAME,
        )
        self.one = ipywidgets.IntSlider(0, 0, 0, description=say("channel"), style=NAME)
        self.flip = ipywidgets.Button(
            description=say("flip"),
            layout=ipywidgets.Layout(width="200px"),
        )
        self.loudest = ipywidgets.Button(
            description=say("loudest", count=FIRST_CUT),
            tooltip=say("loudest_tip"),
            layout=ipywidgets.Layout(width="200px"),
        )
        self.until = ipywidgets.Button(
            description=say("until"),
            tooltip=say("until_tip"),
            layout=ipywidgets.Layout(width="200px"),
        )
        self.none = ipywidgets.Button(
            description=say("none"), layout=ipywidgets.Layout(width="200px")
        )
        self.picture, self.bars, self.maps = Picture(), Picture(), Picture()
        self.caption, self.problem = Caption(), ipywidgets.HTML()
        self.caption.add_class("surgery-caption")
        self._setting = False
        self._silent: tuple[int, ...] = ()
        self._named = ""  # the layer that is cut
        self.number.observe(self.take_picture, names="value")
        self.layer.observe(self.take_layer, names="value")
        self.channels.observe(self._read_channels, names="value")
        self.one.observe(self.redraw, names="value")
        self.flip.on_click(lambda _button: self.flip_one())
        self.loudest.on_click(lambda _button: self.silence_advocates())
        self.until.on_click(lambda _button: self.silence_until_it_changes())
        self.none.on_click(lambda _button: self.cut())
        flow = ipywidgets.Layout(flex_flow="row wrap", grid_gap="16px")
        one = ipywidgets.HBox([self.one, self.flip], layout=flow)
        buttons = ipywidgets.HBox([self.loudest, self.until, self.none], layout=flow)
        rows = [self.number, self.layer, self.channels, self.problem, one, buttons]
        shown = ipywidgets.HBox([self.bars, self.picture, self.maps], layout=flow)
        super().__init__(children=[*rows, self.caption, shown])
        self.take_picture()
        self.silence_advocates()

    @property
    def silent(self) -> list[int]:
        """The channels that are silent now."""
        return list(self._silent)

    # --- moves ------------------------------------------------------------------------
    def take_picture(self, _change=None) -> None:
        """Send the present picture through; what is silent stays silent."""
        self.glass.look(self.pictures.test_images[self.number.value])
        draw_input(self.picture, self.glass.shown, self._what())
        self.take_layer()

    def take_layer(self, _change=None) -> None:
        """Go on from the present layer; another layer begins with no channel silent."""
        name = self.layer.value
        maps = self.glass.maps[name]
        self._maps = torch.from_numpy(maps).unsqueeze(0)
        self._rest = behind(self.network.model, name)
        self._look = map_shades(maps)
        if name != self._named:
            self._named, self._silent = name, ()
            self._setting = True
            self.one.max = len(maps) - 1
            self._setting = False
        self.cut(self._silent)

    def cut(self, channels: Iterable[int] = ()) -> None:
        """Silence these channels of the present layer, and no others."""
        self._silent = tuple(sorted({int(channel) for channel in channels}))
        self._setting = True
        self.channels.value = ", ".join(map(str, self._silent))
        self._setting = False
        self.problem.value = ""
        self.redraw()

    def flip_one(self) -> None:
        """Silence the channel of the slider, or hear it again."""
        self.cut(set(self._silent) ^ {self.one.value})

    def _read_channels(self, change) -> None:
        """Take what was typed; a line says so when it cannot be read."""
        if self._setting:
            return
        try:
            channels = read_channels(change["new"], self._maps.shape[1])
        except ValueError as error:
            self.problem.value = f'<p role="alert">{escape(str(error))}</p>'
            return
        self.cut(channels)

    def silence_advocates(self) -> None:
        """Silence the channels that speak most for the first class of this picture."""
        self.cut(self._advocates()[:FIRST_CUT])

    def silence_until_it_changes(self) -> None:
        """Silence one advocate after the other, until another class is named."""
        said, order = int(self.glass.shares.argmax()), self._advocates()
        for count in range(1, len(order) + 1):
            with one_thread():
                shares = class_shares(self._rest, self._maps, order[:count])[0]
            if int(shares.argmax()) != said:
                break
        self.cut(order[:count])

    def _advocates(self) -> list[int]:
        """All channels, those first that speak most for what is said of the picture."""
        said = int(self.glass.shares.argmax())
        with one_thread():
            told = votes(self._rest, self._maps, [said])[0]
        return told.argsort(descending=True).tolist()

    def redraw(self, _change=None) -> None:
        """Ask the layers behind, and show what they say now."""
        if self._setting:
            return
        with one_thread():
            shares = class_shares(self._rest, self._maps, self.silent)[0]
        self.shares = shares.numpy()
        words = self.words()
        self.caption.say(words)
        names, shown, marks = self._bars()
        drawing = draw_class_bars(names, shown, marks)
        self.bars.draw_svg(drawing, f"{words} {describe_class_bars(names, shown)}.")
        draw_maps(self.maps, self._look, self.silent, self.one.value, self.layer.value)

    # --- what is shown ----------------------------------------------------------------
    def _bars(self) -> tuple[list[str], list[float], dict[int, str]]:
        """Names and shares of at most ten classes, and a word behind some of them."""
        names = self.network.class_names
        rows = list(range(len(names)))
        if len(rows) > BARS:  # of many classes those with the most, before or after
            most = np.maximum(self.shares, self.glass.shares)
            rows = sorted(np.argsort(-most, kind="stable")[:BARS].tolist())
        before, now = int(self.glass.shares.argmax()), int(self.shares.argmax())
        marks = {rows.index(before): say("said_before")} if before in rows else {}
        if now != before:
            marks[rows.index(now)] = say("says_now")
        return [names[r] for r in rows], [float(self.shares[r]) for r in rows], marks

    def _what(self) -> str:
        label = self.pictures.class_names[
            int(self.pictures.test_labels[self.number.value])
        ]
        return say("test_picture", number=self.number.value, label=label)

    def words(self) -> str:
        names, whole = self.network.class_names, self.glass.shares
        before, now = int(whole.argmax()), int(self.shares.argmax())
        said = f"{names[before]} {share_text(float(whole[before]))}"
        if not self.silent:
            return say("all_heard", what=self._what(), said=said)
        listed = ", ".join(map(str, self.silent[:12]))
        if len(self.silent) > 12:
            listed = say("and_others", channels=listed)
        changed = say("still")
        if now != before:
            share = share_text(float(self.shares[now]))
            changed = say("now_says", name=names[now], share=share)
        return say(
            "without",
            what=self._what(),
            count=len(self.silent),
            total=self._maps.shape[1],
            layer=self.layer.value,
            listed=listed,
            said=said,
            then=share_text(float(self.shares[before])),
            changed=changed,
        )

    def static_html(self) -> str:
        names, shown, marks = self._bars()
        drawing = draw_class_bars(names, shown, marks).encode()
        bars = image_tag(drawing, self.bars.alt, kind="svg+xml")
        pictures = f"{self.picture.value} {self.maps.value} {bars}"
        return f"<p>{escape(self.words())}</p>{pictures}"


def channel_surgery(
    network: LoadedModel, pictures: DataSet, number: int = 0
) -> ChannelSurgery:
    """Silence channels and see the class bars move; displays nothing by itself.

    number: the test picture it starts with.
    """
    return ChannelSurgery(network, pictures, number)
