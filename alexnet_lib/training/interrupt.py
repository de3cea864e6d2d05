"""Ctrl-C and a notebook's stop button, held back until a step is whole."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def postponed_interrupt() -> Iterator[None]:
    """An interrupt inside the block is raised at its end.

    In the middle of an optimiser's step some weights are new and some are old, and no
    checkpoint can be made of that. Only the main thread hears of interrupts; elsewhere
    this does nothing.
    """
    before = signal.getsignal(signal.SIGINT)
    main = threading.current_thread() is threading.main_thread()
    if not main or not callable(before):
        yield
        return
    heard: list[tuple] = []
    signal.signal(signal.SIGINT, lambda *args: heard.append(args))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if heard:
        before(*heard[-1])
