"""A rate that rises and falls by a plan of one's own, and what a run costs."""

import random
from dataclasses import dataclass
from math import cos, pi

KINDS = ("drops", "line", "cosine")


@dataclass(frozen=True)
class Schedule:
    """Steps are counted from 0, through all epochs."""

    images: int
    batch_size: int
    drop_last: bool  # a smaller last mini-batch is left out
    epochs: int
    peak: float
    warm_steps: int
    kind: str
    milestones: tuple[int, int]  # epochs whose first step has the next rate
    factor: int  # by which the rate is divided there
    lowest: float  # share of the peak that is left in the last step

    @property
    def steps_per_epoch(self) -> int:
        whole, rest = divmod(self.images, self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    @property
    def steps(self) -> int:
        return self.epochs * self.steps_per_epoch

    def rate_at(self, step: int) -> float:
        if step < self.warm_steps:
            return self.peak * (step + 1) / self.warm_steps
        if self.kind == "drops":
            epoch = step // self.steps_per_epoch
            passed = sum(epoch >= milestone for milestone in self.milestones)
            return self.peak / self.factor**passed
        way = (step - self.warm_steps) / (self.steps - 1 - self.warm_steps)
        if self.kind == "cosine":
            way = (1 - cos(pi * way)) / 2
        return self.peak * (1 - (1 - self.lowest) * way)

    def edges(self) -> list[int]:
        """The steps at which a rate is off when it comes one step too early or late."""
        starts = [self.warm_steps]
        if self.kind == "drops":
            starts += [m * self.steps_per_epoch for m in self.milestones]
            return [*starts, *(start - 1 for start in starts[1:])]
        return [*starts, self.steps - 1]

    def inside(self, draw: random.Random, count: int) -> list[int]:
        """Steps behind the warm-up, far from all edges."""
        found, near = [], self.steps_per_epoch // 10
        while len(found) < count:
            step = draw.randrange(self.warm_steps + near, self.steps - near)
            if min(abs(step - edge) for edge in self.edges()) > near:
                found.append(step)
        return found


@dataclass(frozen=True)
class Timing:
    """What was timed on the way: the first step warms up, the others are alike."""

    first_step: float  # seconds since the start when it had ended
    later_step: int  # number of a later one, counted from 1
    later_end: float  # seconds since the start when that had ended
    validation: float  # seconds behind every epoch
    night: float  # hours

    @property
    def seconds_per_step(self) -> float:
        return (self.later_end - self.first_step) / (self.later_step - 1)

    def hours(self, schedule: Schedule) -> float:
        """Of all epochs, each with its validation; warming up is not counted."""
        return schedule.epochs * self.epoch_seconds(schedule) / 3600

    def epoch_seconds(self, schedule: Schedule) -> float:
        return schedule.steps_per_epoch * self.seconds_per_step + self.validation

    def epochs_in_a_night(self, schedule: Schedule) -> float:
        """Not yet rounded."""
        return self.night * 3600 / self.epoch_seconds(schedule)


def draw_schedule(draw: random.Random) -> Schedule:
    while True:
        epochs = draw.randrange(20, 41)
        early = draw.randrange(epochs // 3, epochs // 2)
        late = draw.randrange(epochs // 2 + 2, epochs - 3)
        plan = Schedule(
            draw.randrange(21_000, 90_000, 10),
            draw.choice((48, 96, 100, 160)),
            draw.choice((True, False)),
            epochs,
            draw.choice((0.02, 0.04, 0.06, 0.08)),
            draw.randrange(50, 200, 10),
            draw.choice(KINDS),
            (early, late),
            draw.choice((4, 5, 8, 10)),
            draw.choice((0.01, 0.02, 0.05)),
        )
        if plan.images % plan.batch_size and plan.warm_steps < plan.steps_per_epoch:
            return plan


def draw_timing(draw: random.Random, schedule: Schedule) -> Timing:
    """Numbers of which no rounding decides how many epochs fit into the night."""
    while True:
        first = round(draw.uniform(4, 9), 1)
        later = draw.choice((11, 21, 31))
        each = draw.uniform(0.15, 0.9)
        timing = Timing(
            first,
            later,
            round(first + each * (later - 1), 1),
            float(draw.randrange(20, 90)),
            draw.choice((7.5, 8.0, 9.0, 10.5)),
        )
        epochs = timing.epochs_in_a_night(schedule)
        if epochs > 2 and 0.05 < epochs % 1 < 0.95:
            return timing
