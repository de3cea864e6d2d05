"""What is drawn for one student: a rule, a plan, six runs, a file, a small task."""

import random
from dataclasses import dataclass

from alexnet_lib.classroom.assignments.training_runs.checkpoint import (
    Comparison,
    Stopped,
    draw_comparison,
    draw_stopped,
)
from alexnet_lib.classroom.assignments.training_runs.schedule import (
    Schedule,
    Timing,
    draw_schedule,
    draw_timing,
)
from alexnet_lib.classroom.assignments.training_runs.six_runs import SixRuns, six_runs
from alexnet_lib.classroom.assignments.training_runs.update import (
    Update,
    Walk,
    draw_example,
    draw_update,
)


@dataclass(frozen=True)
class Task:
    """A small training that is stopped half way."""

    momentum: float
    rate: float
    dropout: float
    stopped: int  # steps
    seed: int


@dataclass(frozen=True)
class Own:
    """A student's own numbers."""

    update: Update
    walk: Walk  # shown with the weight after each step
    schedule: Schedule
    shown: tuple[int, ...]  # steps whose rates are shown
    timing: Timing
    six: SixRuns
    stopped: Stopped
    comparison: Comparison
    task: Task


def draw(numbers: random.Random) -> Own:
    update, schedule = draw_update(numbers), draw_schedule(numbers)
    warm = numbers.randrange(3, schedule.warm_steps // 2)
    return Own(
        update,
        draw_example(numbers, update),
        schedule,
        (warm, *sorted(schedule.inside(numbers, 2))),
        draw_timing(numbers, schedule),
        six_runs(numbers.getrandbits(64)),
        draw_stopped(numbers),
        draw_comparison(numbers),
        Task(
            numbers.choice((0.85, 0.9, 0.95)),
            numbers.choice((0.02, 0.03, 0.04)),
            numbers.choice((0.2, 0.3, 0.4)),
            numbers.randrange(40, 81, 10),
            numbers.randrange(1000),
        ),
    )
