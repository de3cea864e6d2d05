"""Something done again and again while the controls stay alive."""

import asyncio
from collections.abc import Callable


class Ticker:
    """Calls `tick` until it gives False or someone calls `stop`.

    Where an event loop runs, as in a notebook's kernel, the ticks are a task of it, and
    between two of them clicks are heard. Elsewhere `start` comes back when all is done.
    """

    def __init__(self, tick: Callable[[], bool], rest: float):
        self.tick, self.rest = tick, rest  # seconds between two ticks
        self.running = False
        self._task: asyncio.Task | None = None

    def start(self) -> None:
        """Begin, or go on."""
        if self.running:
            return
        self.running = True
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            while self._tick():
                pass
            return
        self._task = loop.create_task(self._run())

    def stop(self) -> None:
        """Do not tick again."""
        self.running = False
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _tick(self) -> bool:
        if self.running:
            self.running = self.tick() and self.running
        return self.running

    async def _run(self) -> None:
        while self._tick():
            await asyncio.sleep(self.rest)
