"""Which test pictures excite a channel most."""

import time

import ipywidgets

from alexnet_lib.data import DataSet
from alexnet_lib.figures.pictures import contact_sheet
from alexnet_lib.figures.walls import palette, shades
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.glass import Glass
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.ticker import Ticker
from alexnet_lib.widgets.words import words_of

say = words_of("top")

SHOWN, AT_ONCE, AT_FIRST, MORE = 8, 8, 32, 256  # pictures
NAME = {"description_width": "90px"}


class TopPictures(ipywidgets.VBox):
    """A row of pictures under their caption, and a button that looks at more."""

    def __init__(self, glass: Glass, pictures: DataSet):
        self.glass, self.pictures = glass, pictures
        self._total = min(AT_FIRST + MORE, len(pictures.test_labels))
        self.caption, self.picture = Caption(), Picture()
        self.more = ipywidgets.Button(
            tooltip=say("more_tip"),
            layout=ipywidgets.Layout(width="260px"),
        )
        self.progress = ipywidgets.IntProgress(
            min=0, max=self._total, description=say("looked_at"), style=NAME
        )
        begun = time.perf_counter()
        while self.glass.looked_at < min(AT_FIRST, self._total):
            self._look()
        self._seconds = (time.perf_counter() - begun) / self.glass.looked_at
        self._ticker = Ticker(self._look_and_show, rest=0.01)
        self.more.on_click(lambda _button: self.look_at_more())
        self._chosen: tuple[str, int] | None = None
        super().__init__(
            children=[
                self.caption,
                self.picture,
                ipywidgets.HBox([self.more, self.progress]),
            ]
        )

    def show(self, layer: str, channel: int) -> None:
        """The pictures that excite this channel most, of those looked at."""
        with self._ticker.lock:
            self._chosen = layer, channel
            self._draw(layer, channel)

    def _draw(self, layer: str, channel: int) -> None:
        rows, most = self.glass.excites(layer, channel, SHOWN)
        names = [self.pictures.class_names[i] for i in self.pictures.test_labels[rows]]
        looked_at = self.glass.looked_at
        words = say(
            "sentence",
            looked_at=looked_at,
            count=len(rows),
            channel=channel,
            layer=layer,
            most=most,
            names=", ".join(names),
        )
        self.caption.say(words)
        images = self.pictures.test_images[rows].float().mean(dim=1).numpy()
        sheet = contact_sheet(shades(images, 0, 255), SHOWN)
        self.picture.draw_palette(sheet, palette("gray"), words, 2)
        left = self._total - looked_at
        quote = say("more", count=left, seconds=left * self._seconds)
        self.more.description = quote if left else say("all_looked_at")
        self.more.disabled = not left
        self.progress.value = looked_at

    def look_at_more(self) -> None:
        """Compare the channels on more pictures; the controls stay alive."""
        self._ticker.start()

    def static_html(self) -> str:
        return self.caption.value + self.picture.value

    def _look(self) -> None:
        begin = self.glass.looked_at
        few = self.pictures.test_images[begin : min(begin + AT_ONCE, self._total)]
        self.glass.look_through(few)

    def _look_and_show(self) -> bool:
        if self.glass.looked_at < self._total:
            self._look()
            self.show(*self._chosen)
        return self.glass.looked_at < self._total

    def close(self) -> None:
        self._ticker.stop()
        super().close()
