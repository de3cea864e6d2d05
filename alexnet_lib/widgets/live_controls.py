"""The controls of a live run: a quote, then start, pause, resume, give up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ipywidgets

from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.live import LiveRun, Plan
from alexnet_lib.widgets.ticker import Ticker
from alexnet_lib.widgets.words import words_of

say = words_of("live")

START, PAUSE, RESUME = say("start"), say("pause"), say("resume")
SLICE, REST = 0.25, 0.02  # seconds of training at a time, and between two slices
NAME = {"description_width": "70px"}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What may be trained, and for how long: so many seconds, or so many epochs."""

    make_plan: Callable[[], Plan]  # called when it is chosen first
    seconds: float | None = None
    epochs: float | None = None


class LiveControls(ipywidgets.VBox):
    """One live run at a time; `on_change` is called when its curve has grown.

    A pause takes effect when the present slice of training is over. While it waits the
    network is in training mode; when the run has ended, in the mode it began with.
    """

    def __init__(self, choices: Mapping[str, Choice], on_change: Callable[[], None]):
        self.choices, self.on_change = choices, on_change
        self.live: LiveRun | None = None
        self.limit: float | None = None  # seconds, of the present run
        self._plans: dict[str, Plan] = {}
        self._speeds: dict[str, float] = {}  # pictures a second
        self._ticker = Ticker(self._train_on, REST)
        self.choice = ipywidgets.Dropdown(
            options=list(choices),
            description=say("live_run"),
            style=NAME,
            layout=ipywidgets.Layout(width="430px"),
        )
        self.go = ipywidgets.Button(description=START, tooltip=say("start_tip"))
        self.drop = ipywidgets.Button(
            description=say("give_up"), tooltip=say("give_up_tip")
        )
        self.progress = ipywidgets.FloatProgress(
            min=0, max=1, description=say("progress"), style=NAME
        )
        self.status = Caption()
        self.status.add_class("board-status")
        self.choice.observe(self._tell, names="value")
        self.go.on_click(lambda _button: self.start_or_pause())
        self.drop.on_click(lambda _button: self.give_up())
        buttons = ipywidgets.HBox(
            [self.choice, self.go, self.drop],
            layout=ipywidgets.Layout(flex_flow="row wrap"),
        )
        super().__init__(children=[buttons, self.progress, self.status])
        self._tell()

    @property
    def running(self) -> bool:
        """Whether it trains, or will as soon as the kernel has time."""
        unfinished = self.live is not None and not self.live.finished
        return unfinished and self._ticker.running

    def start_or_pause(self) -> None:
        """What the button does: start, pause, or resume."""
        if self.running:
            self._ticker.stop()
            self._tell()
            return
        if self.live is None or self.live.finished:
            self._begin()
        self.go.description = PAUSE
        self._ticker.start()

    def give_up(self) -> None:
        """End the live run, if there is one, and forget its curve."""
        self.stop()
        self.live = None
        self._tell()
        self.on_change()

    def stop(self) -> None:
        """End the live run; its curve stays."""
        self._ticker.stop()
        if self.live is not None:
            self.live.close()

    def close(self) -> None:
        self.stop()
        super().close()

    def quote(self, name: str) -> str:
        """What a choice will cost, from two steps timed on this machine."""
        plan, speed = self._plan(name), self._speed(name)
        epochs = self._epochs(name)
        num_images = epochs * plan.pieces.num_images
        return say(
            "quote",
            speed=speed,
            pictures=num_images,
            epochs=epochs,
            time=_duration(num_images / speed),
        )

    def _plan(self, name: str) -> Plan:
        if name not in self._plans:
            self._plans[name] = self.choices[name].make_plan()
        return self._plans[name]

    def _speed(self, name: str) -> float:
        plan = self._plan(name)
        if plan.name not in self._speeds:
            self._speeds[plan.name] = plan.measure_speed()
        return self._speeds[plan.name]

    def _epochs(self, name: str) -> float:
        choice = self.choices[name]
        if choice.epochs is not None:
            return choice.epochs
        return choice.seconds * self._speed(name) / self._plan(name).pieces.num_images

    def _begin(self) -> None:
        name = self.choice.value
        self.limit = self.choices[name].seconds
        self.live = LiveRun(self._plan(name).stretched(self._epochs(name)))

    def _train_on(self) -> bool:
        """One slice of training; whether there is another."""
        live = self.live
        if live is None:
            return False
        pieces = len(live.curve)
        try:
            live.advance(SLICE)
        except Exception as error:  # said on the board: nobody reads a task's log
            live.close(f"{type(error).__name__}: {error}")
        if self.limit is not None and live.seconds >= self.limit:
            live.close(say("time_is_over"))
        self._tell()
        if len(live.curve) > pieces or live.finished:
            self.on_change()
        return not live.finished

    def _tell(self, _change=None) -> None:
        """Bring button, bar and sentence into line with the run."""
        live = self.live
        self.drop.disabled = live is None
        self.progress.value = live.fraction if live else 0.0
        waiting = live is not None and not live.finished and not self.running
        self.go.description = PAUSE if self.running else RESUME if waiting else START
        if live is None or live.finished:
            ended = say("ended", reason=live.reason) + " " if live else ""
            self.status.say(ended + self.quote(self.choice.value) + ".")
        else:
            now = say("paused" if waiting else "training", standing=standing(live))
            self.status.say(now)


def standing(live: LiveRun) -> str:
    """How far a live run has come, how fast it goes, and how well it does."""
    plan, done = live.plan, live.fraction
    if not (speed := live.images_per_second):
        return say("done", name=plan.name, share=done)
    return say(
        "done_and_left",
        name=plan.name,
        share=done,
        speed=speed,
        time=_duration((1 - done) * plan.total_images / speed),
        accuracy=live.moments[-1].train_accuracy,
    )


def _duration(seconds: float) -> str:
    """Seconds below two minutes, else minutes."""
    if seconds < 120:
        return say("seconds", count=seconds)
    return say("minutes", count=seconds / 60)
