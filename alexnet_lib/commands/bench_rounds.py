"""Fair timing on a busy machine: short turns in alternating order, ratios by round.

A neighbour that takes a core away makes the clock wrong for a while. So the candidates
take turns, A B, then B A, then A B; what disturbs one turn of a round mostly disturbs
the next as well, and their ratio keeps its meaning. The median of these ratios is what
is reported, and the quartiles say how far they scatter.
"""

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FEWEST, ENOUGH = 2, 8  # rounds: below the first no median, from the second quartiles

Candidates = Mapping[Hashable, Callable[[], object]]


class NoTimeError(Exception):
    """The time that is left does not hold the fewest rounds."""


@dataclass(frozen=True)
class Turn:
    """What one turn of one candidate took, in seconds."""

    wall: float
    cpu: float | None  # of all threads; None where the processor does not do the work


Round = Mapping[Hashable, Turn]  # one turn of each candidate


def cpu_seconds() -> float:
    """Processor time of this process and of its loader processes, in seconds.

    A living loader process is looked up in /proc, which only Linux has; elsewhere it
    counts when it has ended.
    """
    alive = sum(_cpu_seconds_of(each.pid) for each in multiprocessing.active_children())
    ended = os.times()
    return time.process_time() + ended.children_user + ended.children_system + alive


def _cpu_seconds_of(process: int | None) -> float:
    try:
        line = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return 0.0
    # Behind the name, which may hold blanks: state is field 3, these are 14 and 15.
    user, system = line.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Stopwatch:
    """The clocks; `synchronize` waits until a GPU has done what it was told."""

    wall: Callable[[], float] = time.perf_counter
    cpu: Callable[[], float] | None = cpu_seconds
    synchronize: Callable[[], object] = lambda: None

    def time(self, work: Callable[[], object]) -> Turn:
        """Do the work; how long it took."""
        self.synchronize()
        cpu_start = self.cpu() if self.cpu else 0.0
        start = self.wall()
        work()
        self.synchronize()
        wall = self.wall() - start
        return Turn(wall, self.cpu() - cpu_start if self.cpu else None)


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Until when to go on, in seconds on the clock `now`.

    Rounds end at `until`; the fewest rounds may go on until `latest`.
    """

    until: float
    latest: float
    now: Callable[[], float] = time.monotonic

    @property
    def left(self) -> float:
        """Seconds until `latest`."""
        return self.latest - self.now()


def measure_rounds(
    candidates: Candidates, stopwatch: Stopwatch, budget: Budget, most: int = 60
) -> list[Round]:
    """Rounds of one turn each, until the time is up; one warm-up turn is thrown away.

    No round is begun that would end too late, judged by the slowest so far. Raises
    NoTimeError when the fewest rounds would not fit before `budget.latest`.
    """
    expected = 0.0
    for candidate in candidates.values():
        expected += stopwatch.time(candidate).wall
        if FEWEST * expected > budget.left:
            raise NoTimeError(f"{FEWEST} rounds need {FEWEST * expected:.0f} s or more")
    rounds: list[Round] = []
    while len(rounds) < most:
        start = budget.now()
        if len(rounds) >= FEWEST and start + expected > budget.until:
            break
        order = turn_order(tuple(candidates), len(rounds))
        rounds.append({name: stopwatch.time(candidates[name]) for name in order})
        took = budget.now() - start
        expected = took if len(rounds) == 1 else max(expected, took)
    return rounds


def turn_order(names: Sequence[Hashable], number: int) -> Sequence[Hashable]:
    """Forwards in the first round, backwards in the second, and so on."""
    return names if number % 2 == 0 else names[::-1]


@dataclass(frozen=True)
class Spread:
    """The middle of some numbers, and the two values that hold the middle half."""

    median: float
    quartiles: tuple[float, float]


def spread(numbers: Sequence[float]) -> Spread:
    """Median and quartiles, interpolated between neighbours; two numbers or more."""
    low, median, high = statistics.quantiles(numbers, n=4, method="inclusive")
    return Spread(median, (low, high))


def speed_up(
    rounds: Sequence[Round], slow: Hashable, fast: Hashable, work: float = 1.0
) -> dict[str, Any]:
    """How many times as fast `fast` is: in each round slow / fast, then the spread.

    `work`: how many times the work of `slow` a turn of `fast` does. The keys `ratio`
    and `quartiles` are by the wall clock, those that begin with `cpu_` by processor
    time, or None.
    """
    result: dict[str, Any] = {}
    for clock, prefix in (("wall", ""), ("cpu", "cpu_")):
        pairs = [(getattr(r[slow], clock), getattr(r[fast], clock)) for r in rounds]
        found = None
        if all(one and other for one, other in pairs):
            found = spread([work * one / other for one, other in pairs])
        result[f"{prefix}ratio"] = found and round(found.median, 3)
        result[f"{prefix}quartiles"] = found and [round(q, 3) for q in found.quartiles]
    return result


def median_seconds(rounds: Sequence[Round], name: Hashable) -> float:
    """The median wall time of this candidate's turns."""
    return statistics.median(each[name].wall for each in rounds)
