"""The confusion explorer: what a network takes for what, and the pictures."""

import time
from collections.abc import Sequence
from html import escape

import ipywidgets
import numpy as np

from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import DataSet
from alexnet_lib.figures.bars import share_text
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.confusion_look import (
    GREYS,
    Look,
    describe_disputed,
    describe_mistake,
    draw_sheet,
    most_confused,
    table_html,
)
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.ticker import Ticker
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("confusion")

CELL, DISPUTE = say("cell"), say("dispute")
AT_FIRST, MOST = 2_000, 20  # pictures looked at, and shown
LARGE = 6  # pixels of the screen for one of the picture to judge
VERDICTS = (say("label_right"), say("network_right"), say("neither"), say("unsure"))
NAME = {"description_width": "90px"}


class ConfusionExplorer(Twinned):
    """Choose a label and an answer; see the pictures. Or judge twenty of them."""

    def __init__(
        self,
        network: LoadedModel,
        clothes: DataSet,
        confusion: Sequence[Sequence[int]] | None,
        at_first: int = AT_FIRST,
    ):
        self.look, self.confusion = Look(network, clothes), confusion
        self.verdicts: dict[int, str] = {}  # the reader's, by the picture's number
        self._until = min(at_first, self.look.total)
        begun = time.perf_counter()
        while self.look.count < self._until:
            self.look.go_on()
        self._speed = self.look.count / (time.perf_counter() - begun)
        self._ticker = Ticker(self._look_further, rest=0.01)
        self._showing = False
        self._make_controls()
        self.table, self.caption = ipywidgets.HTML(), Caption()
        self.caption.add_class("confusion-caption")
        self.sheet, self.large = Picture(), Picture()
        super().__init__(
            children=[
                self.show,
                self._cell_controls,
                self._dispute_controls,
                self.caption,
                ipywidgets.HBox([self.large, self.sheet]),
                self.table,
                ipywidgets.HBox([self.more, self.progress]),
            ]
        )
        self.label.index, self.said.index = most_confused(self.counts)
        self.redraw()

    def _make_controls(self) -> None:
        names = list(self.look.names)
        self.show = ipywidgets.ToggleButtons(
            options=[CELL, DISPUTE], description=say("show"), style=NAME
        )
        self.label, self.said = (
            ipywidgets.Dropdown(options=names, description=words, style=NAME)
            for words in (say("label"), say("network_says"))
        )
        self.number = ipywidgets.IntSlider(
            min=1, max=MOST, description=say("number"), style=NAME
        )
        self.verdict = ipywidgets.ToggleButtons(
            options=VERDICTS, value=None, description=say("you_say"), style=NAME
        )
        self.more = ipywidgets.Button(
            tooltip=say("more_tip"),
            layout=ipywidgets.Layout(width="260px"),
        )
        self.progress = ipywidgets.IntProgress(
            min=0, max=self.look.total, description=say("looked_at"), style=NAME
        )
        self._cell_controls = ipywidgets.HBox([self.label, self.said])
        self._dispute_controls = ipywidgets.VBox([self.number, self.verdict])
        for control in (self.show, self.label, self.said, self.number):
            control.observe(self.redraw, names="value")
        self.verdict.observe(self._judge, names="value")
        self.more.on_click(lambda _button: self.look_at_all())

    @property
    def counts(self) -> Sequence[Sequence[int]]:
        """[label][class named]: the record's, or else those looked at here."""
        return self.look.counts().tolist() if self.confusion is None else self.confusion

    @property
    def disputed(self) -> np.ndarray:
        """The pictures whose labels the network contradicts most surely."""
        return self.look.surest_mistakes(MOST)

    def redraw(self, _change=None) -> None:
        """Show the chosen cell or the chosen picture, and say the same in words."""
        with self._ticker.lock:
            if not self._showing:
                self._showing = True
                self._draw()
                self._showing = False

    def _draw(self) -> None:
        dispute = self.show.value == DISPUTE
        self._cell_controls.layout.display = "none" if dispute else ""
        self._dispute_controls.layout.display = "" if dispute else "none"
        show = self._show_dispute if dispute else self._show_cell
        show()
        chosen = (self.label.index, self.said.index)
        self.table.value = table_html(self.counts, self.look.names, self._title, chosen)
        left = self.look.total - self.look.count
        quote = say("more", count=left, seconds=left / self._speed)
        self.more.description = quote if left else say("all_looked_at")
        self.more.disabled = not left
        self.progress.value = self.look.count

    @property
    def _title(self) -> str:
        if self.confusion is None:
            return say("counted_here", count=self.look.count)
        total = sum(map(sum, self.confusion))
        return say("from_the_record", count=total)

    # --- a cell -----------------------------------------------------------------------
    def _show_cell(self) -> None:
        label, said = self.label.index, self.said.index
        rows, words = self.look.named(label, said)[:MOST], self._cell_words(label, said)
        self.caption.say(words)
        self.large.clear()
        draw_sheet(self.sheet, self.look.images[rows], words)

    def _cell_words(self, label: int, said: int) -> str:
        names, rows = self.look.names, self.look.named(label, said)
        words = say("labelled_and_says", label=names[label], said=names[said]) + " "
        if self.confusion is not None:
            row = self.confusion[label]
            words += say("in_the_record", count=row[said], total=sum(row)) + " "
        so_labelled = (self.look.labels[: self.look.count] == label).sum()
        words += say("looked_at_here", count=len(rows), total=so_labelled)
        if len(rows):
            first, last = rows[0], rows[:MOST][-1]
            words += " " + say(
                "least_sure" if label == said else "surest",
                count=min(len(rows), MOST),
                first=share_text(self.look.sure[first]),
                last=share_text(self.look.sure[last]),
            )
        return words

    # --- twenty to dispute ------------------------------------------------------------
    def _show_dispute(self) -> None:
        rows = self.disputed
        if not len(rows):
            self.caption.say(say("contradicts_none"))
            self.large.clear()
            self.sheet.clear()
            return
        self.number.max = len(rows)
        place = self.number.value - 1
        self.verdict.value = self.verdicts.get(int(rows[place]))
        words = self._dispute_words(int(rows[place]))
        self.caption.say(words)
        sheet_words = say("all_surest_first", count=len(rows))
        draw_sheet(self.sheet, self.look.images[rows], sheet_words, place)
        self.large.draw_palette(self.look.images[rows[place]], GREYS, words, LARGE)

    def _dispute_words(self, row: int) -> str:
        words = describe_disputed(self.look, row, self.number.value)
        if not self.verdicts:
            return f"{words} {say('judged_none')}"
        told = [f"{list(self.verdicts.values()).count(v)} {v}" for v in VERDICTS]
        judged = say("judged", count=len(self.verdicts), told=", ".join(told))
        return f"{words} {judged}"

    def _judge(self, change) -> None:
        if self._showing or change["new"] is None or not len(self.disputed):
            return
        row = int(self.disputed[self.number.value - 1])
        self.verdicts[row] = change["new"]
        self.redraw()

    # --- more pictures ----------------------------------------------------------------
    def look_at_all(self) -> None:
        """Let the network look at the other test pictures; the controls stay alive."""
        self._until = self.look.total
        self._ticker.start()

    def _look_further(self) -> bool:
        if self.look.count < self._until:
            self.look.go_on()
        self.redraw()
        return self.look.count < self._until

    def close(self) -> None:
        self._ticker.stop()
        super().close()

    def words(self) -> str:
        return self.caption.value.removeprefix('<p role="status">').removesuffix("</p>")

    def static_html(self) -> str:
        """The table, the pictures of the chosen cell, and the twenty, with a list."""
        label, said = self.label.index, self.said.index
        words, look = self._cell_words(label, said), self.look
        cell, twenty = Picture(), Picture()
        draw_sheet(cell, look.images[look.named(label, said)[:MOST]], words)
        draw_sheet(twenty, look.images[self.disputed], say("mistakes_in_rows"))
        items = "".join(
            f"<li>{escape(describe_mistake(look, row))}</li>" for row in self.disputed
        )
        table = table_html(self.counts, look.names, self._title, (label, said))
        return (
            f"{table}<p>{escape(words)}</p>{cell.value}"
            f"<p>{escape(say('twenty_in_rows'))}</p>{twenty.value}<ol>{items}</ol>"
        )


def confusion_explorer(
    network: LoadedModel,
    clothes: DataSet,
    confusion: Sequence[Sequence[int]] | None = None,
) -> ConfusionExplorer:
    """Look at what a trained network takes for what; displays nothing by itself.

    confusion: of its record, [label][class named]. Where there is none, and for the
    stand-in, the pictures looked at here are counted.
    """
    if clothes.source == "stand-in":
        confusion = None
    return ConfusionExplorer(network, clothes, confusion)
