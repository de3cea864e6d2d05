"""Something done again and again while the controls stay alive."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future


class Ticker:
    """Calls `tick` until it gives False or someone calls `stop`.

    Where an event loop runs, as in a notebook's kernel, the ticks take turns on it with
    the cells. JupyterLab lets a thread of its own hear the clicks (a subshell of the
    kernel), so `start` and `stop` may come at any moment: each waits for the end of a
    tick, and what clicks and ticks both change is changed under `lock`. Without a loop
    `start` comes back when all is done.
    """

    def __init__(self, tick: Callable[[], bool], rest: float):
        self.tick, self.rest = tick, rest  # seconds between two ticks
        self.running = False
        self._loop = _running_loop()  # the cells', if a cell makes the ticker
        self.lock = threading.RLock()  # a tick holds it, and may stop its own ticker
        self._round = 0  # of the present start: what an earlier one began is over
        self._ticks: Future | None = None  # loops forget tasks that nobody holds

    def start(self) -> None:
        """Begin, or go on."""
        with self.lock:
            if self.running:
                return
            self.running = True
            self._round += 1
            this = self._round
        loop = self._loop or _running_loop()
        if loop is None:
            while self._tick(this):
                pass
        else:
            self._ticks = asyncio.run_coroutine_threadsafe(self._run(this), loop)

    def stop(self) -> None:
        """Do not tick again; a tick that another thread is in comes to its end."""
        with self.lock:
            self.running = False

    def _tick(self, begun: int) -> bool:
        with self.lock:
            if self.running and begun == self._round:
                self.running = self.tick() and self.running
            return self.running and begun == self._round

    async def _run(self, begun: int) -> None:
        while self._tick(begun):
            await asyncio.sleep(self.rest)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """Of this thread."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
