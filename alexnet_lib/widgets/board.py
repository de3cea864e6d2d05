"""The live / replay board: recorded runs over seconds, and your own over them."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape

import ipywidgets

from alexnet_lib.data import DataSet
from alexnet_lib.figures.style import image_tag
from alexnet_lib.learning.recorded import Moment, compare_at_equal_seconds, moments
from alexnet_lib.training import RunRecord
from alexnet_lib.widgets.board_drawing import (
    EPOCHS,
    SECONDS,
    describe_board,
    draw_board,
    view_of,
)
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.live import fresh_plan, take_over_plan
from alexnet_lib.widgets.live_controls import NAME, Choice, LiveControls
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.ticker import Ticker
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("board")

MINE, NOW = say("mine"), say("now")
STEPS = 40  # places of the replay
MINUTE = 60  # seconds that a live run may take when it is not asked for epochs
LONG = 4  # epochs


class LiveBoard(Twinned):
    """Replay what is recorded; start, pause and resume a training of your own."""

    def __init__(
        self,
        groups: Mapping[str, Iterable[RunRecord]],
        mine: Sequence[Moment],
        choices: Mapping[str, Choice],
    ):
        self.recorded: dict[str, Sequence[Sequence[Moment]]] = {}
        for name, runs in groups.items():
            curves = [moments(run.curve) for run in runs]
            if with_accuracy := [curve for curve in curves if curve]:
                self.recorded[name] = with_accuracy
        self.mine = list(mine)
        self.axis = ipywidgets.ToggleButtons(
            options=[SECONDS, EPOCHS], description=say("over"), style=NAME
        )
        self.moment = ipywidgets.IntSlider(
            STEPS, 0, STEPS, description=say("replay"), readout=False, style=NAME
        )
        self.play = ipywidgets.Button(description=say("play"), tooltip=say("play_tip"))
        self._replay = Ticker(self._next_moment, rest=0.15)
        self._drawing_now = threading.RLock()  # clicks and two tickers redraw
        self.picture, self.caption = Picture(), Caption()
        self.caption.add_class("board-caption")
        self.axis.observe(self.redraw, names="value")
        self.moment.observe(self.redraw, names="value")
        self.play.on_click(lambda _button: self.play_or_pause())
        self.controls = LiveControls(choices, self._live_run_grew)
        flow = ipywidgets.Layout(flex_flow="row wrap")
        replay = ipywidgets.HBox([self.axis, self.moment, self.play], layout=flow)
        super().__init__(children=[replay, self.caption, self.picture, self.controls])
        self.redraw()

    @property
    def groups(self) -> dict[str, Sequence[Sequence[Moment]]]:
        """All curves on the board, by the name of their group."""
        groups: dict[str, Sequence[Sequence[Moment]]] = dict(self.recorded)
        if self.mine:
            groups[MINE] = [self.mine]
        if (live := self.controls.live) and live.moments:
            groups[NOW] = [live.moments]
        return groups

    def redraw(self, _change=None) -> None:
        """Draw all runs up to the moment of the replay, and say the same in words."""
        with self._drawing_now:
            svg, words = self._drawing(self.axis.value, self.moment.value / STEPS)
            self.caption.say(words)
            self.picture.draw_svg(svg, words)

    def _drawing(self, axis: str, share: float) -> tuple[str, str]:
        groups = self.groups
        view = view_of(groups, axis, share)
        words = describe_board(groups, view)
        latest = groups.get(NOW, groups.get(MINE, [[]]))[0]
        if share == 1 and latest:
            said = compare_at_equal_seconds(latest, self.recorded)
            percent = 100 * latest[-1].train_accuracy
            words += " " + say("ended", percent=percent)
            words += "".join(f" {sentence}." for sentence in said)
        return draw_board(groups, view, NOW if NOW in groups else MINE), words

    def words(self) -> str:
        return self.picture.alt

    def static_html(self) -> str:
        parts = []
        for axis in (SECONDS, EPOCHS):
            svg, words = self._drawing(axis, 1.0)
            tag = image_tag(svg.encode(), words, kind="svg+xml")
            parts.append(f"<p>{escape(words)}</p>{tag}")
        return "".join(parts)

    def play_or_pause(self) -> None:
        """What the button does; at the end it begins again."""
        if self._replay.running:
            self._replay.stop()
        else:
            if self.moment.value == STEPS:
                self.moment.value = 0
            self._replay.start()
        self.play.description = say("pause" if self._replay.running else "play")

    def _next_moment(self) -> bool:
        self.moment.value = min(STEPS, self.moment.value + 1)
        if self.moment.value < STEPS:
            return True
        self.play.description = say("play")
        return False

    def _live_run_grew(self) -> None:
        """Show the new point, which stands at the end of the replay."""
        self._replay.stop()
        self.play.description = say("play")
        if self.moment.value == STEPS:
            self.redraw()
        else:
            self.moment.value = STEPS

    def close(self) -> None:
        """End what goes on, then close the widget."""
        self._replay.stop()
        self.controls.close()
        super().close()


def live_board(
    groups: Mapping[str, Iterable[RunRecord]],
    clothes: DataSet,
    mine: Sequence[Moment] = (),
) -> LiveBoard:
    """Recorded runs by the name of their group, your own curve, and live runs on top.

    Runs without training accuracies are left out. Displays nothing by itself.
    """
    fresh = cache(lambda: fresh_plan(clothes))
    choices = {
        say("fresh_seconds", seconds=MINUTE): Choice(make_plan=fresh, seconds=MINUTE),
        say("fresh_epochs", epochs=LONG): Choice(make_plan=fresh, epochs=LONG),
        say("take_over_seconds", seconds=MINUTE): Choice(
            make_plan=lambda: take_over_plan(clothes), seconds=MINUTE
        ),
    }
    return LiveBoard(groups, mine, choices)
