"""Check of notebook 04: units that are 0 whatever they are shown."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from alexnet_lib.inside.statistics import dead_units
from alexnet_lib.learning.checks.compare import WrongKind, same_integer
from alexnet_lib.learning.checks.engine import Case, Mistake, check_function, exercise
from alexnet_lib.learning.result import CheckResult, failed


def _planted(columns: list[list[float]]) -> Tensor:
    """Activations (N, units) from the numbers of each unit."""
    return torch.tensor(columns).T.contiguous()


def _maps() -> Tensor:
    """Four maps of 2 x 2 on three images: the second is dead, the third nearly."""
    maps = torch.rand(3, 4, 2, 2, generator=torch.Generator().manual_seed(0)) + 0.1
    maps[:, 1] = 0
    maps[:, 2] = 0
    maps[2, 2, 1, 0] = 0.5
    maps[0, 3] = 0
    return maps


# activations, what to think of
DEAD_CASES = (
    (
        _planted([[0.0, 0, 0], [1, 0, 2], [0, 0, 0.5], [0, 0, 0]]),
        "a unit is a column; it is dead when nothing in its column differs from 0",
    ),
    (_planted([[1.0, 2], [3, 1]]), "here none is dead"),
    (_planted([[0.0, 0, 1e-8], [0, 0, 0]]), "a small number is not 0"),
    (
        _planted([[0.0, 0, 0, 0], [0, 3, 0, 0], [5, 0, 0, 0], [2, 2, 2, 2]]),
        "a unit that answers to one image in four can still learn",
    ),
    (_maps(), "a map counts as one unit: it is dead when it is 0 everywhere"),
)


def _units(of_images: Callable[[Tensor], Tensor]) -> Callable[[Tensor], list[int]]:
    """A wrong function: activations (N, units) -> which units it calls dead."""

    def function(activations: Tensor) -> list[int]:
        numbers = activations.transpose(0, 1).flatten(start_dim=1)  # (units, ...)
        return of_images(numbers).nonzero().flatten().tolist()

    return function


DEAD_MISTAKES = (
    Mistake(
        name="any for all",
        says="one 0 were enough to be dead",
        function=_units(lambda numbers: (numbers == 0).any(dim=1)),
    ),
    Mistake(
        name="mostly quiet",
        says="units that are 0 for more than half of the images were dead",
        function=_units(lambda numbers: (numbers == 0).float().mean(dim=1) > 0.5),
    ),
    Mistake(
        name="first image only",
        says="the first image decided",
        function=lambda a: [u for u in range(a.shape[1]) if not a[0, u].any()],
    ),
    Mistake(
        name="threshold",
        says="small numbers counted as 0",
        function=_units(lambda numbers: (numbers < 1e-6).all(dim=1)),
    ),
    Mistake(
        name="alive",
        says="the living had been asked for",
        function=_units(lambda numbers: (numbers != 0).any(dim=1)),
    ),
    Mistake(
        name="images for units",
        says="the rows were the units: rows are images, columns are units",
        function=lambda a: [n for n in range(len(a)) if not a[n].any()],
    ),
    Mistake(
        name="always on",
        says="a unit that is never 0 were dead, too: it passes its gradient on",
        function=_units(
            lambda numbers: (numbers == 0).all(dim=1) | (numbers != 0).all(dim=1)
        ),
    ),
)


@exercise("dead_units")
def check_dead_units(student: Callable[[Tensor], list[int]]) -> CheckResult:
    """`dead_units(activations)` on planted dead units."""
    if not callable(student):
        return failed(f"dead_units should be a function, not {type(student).__name__}")
    cases = [
        Case(args=(a,), hint=hint, call=f"dead_units of activations {tuple(a.shape)}")
        for a, hint in DEAD_CASES
    ]
    return check_function(
        student,
        name="dead_units",
        reference=dead_units,
        cases=cases,
        mistakes=DEAD_MISTAKES,
        compare=same_units,
    )


def same_units(answer: Any, expected: list[int]) -> str | None:
    """A list of whole numbers, in any order; a set or a tensor will do."""
    if type(answer) is Tensor:
        answer = answer.tolist()
    if type(answer) not in (list, tuple, set):
        return WrongKind(f"it should be a list of numbers, not {type(answer).__name__}")
    if any(isinstance(same_integer(unit, 0), WrongKind) for unit in answer):
        return WrongKind("each unit is a whole number, counted from 0")
    return None if sorted(map(int, answer)) == expected else "those are other units"
