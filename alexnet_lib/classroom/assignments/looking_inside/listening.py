"""Networks of a made-up framework, and what a student's hooks should hear of a pass.

Right answers come from a pass without hooks, in which no layer works in place.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

Numbers = list[int]
WORK: dict[str, Callable[[int, int], int]] = {  # of one number, with a layer's amount
    "times": lambda number, amount: amount * number,
    "plus": lambda number, amount: number + amount,
    "relu": lambda number, amount: max(number, 0),
}
MOMENTS = ("given", "gives")
CALLS = ("every", "first", "last")
NAMES = ("ash", "elm", "fir", "oak", "yew")


@dataclass(frozen=True)
class Case:
    """A network, what it is given, and the layers to listen to."""

    layers: tuple[tuple[str, str, int, bool], ...]  # name, work, amount, in place
    order: tuple[str, ...]  # in which the layers are called
    numbers: tuple[int, ...]
    names: tuple[str, ...]

    @property
    def args(self) -> tuple:
        """Lists, as they arrive in the notebook."""
        layers = [list(layer) for layer in self.layers]
        return layers, list(self.order), list(self.numbers), list(self.names)

    def calls(self) -> list[tuple[str, Numbers, Numbers]]:
        """Name, numbers given, numbers that come out: of every call, in order."""
        work = {name: (WORK[kind], amount) for name, kind, amount, _ in self.layers}
        numbers, found = list(self.numbers), []
        for name in self.order:
            one, amount = work[name]
            given, numbers = numbers, [one(number, amount) for number in numbers]
            found.append((name, given, numbers))
        return found

    @property
    def answer(self) -> Numbers:
        return self.calls()[-1][2]


@dataclass(frozen=True)
class ListeningRule:
    """What is kept of a pass."""

    moment: str  # what a layer is given, or what it gives
    calls: str  # of a layer that is called more than once
    latest_first: bool

    def record(self, case: Case) -> list[list]:
        """[name, numbers] of each call that is kept."""
        heard = [
            [name, given if self.moment == "given" else out]
            for name, given, out in case.calls()
            if name in case.names
        ]
        kept = [entry for place, entry in enumerate(heard) if self._keeps(heard, place)]
        return kept[::-1] if self.latest_first else kept

    def _keeps(self, heard: list[list], place: int) -> bool:
        others = {"every": [], "first": heard[:place], "last": heard[place + 1 :]}
        return heard[place][0] not in [name for name, _ in others[self.calls]]


def draw_rule(draw: random.Random) -> ListeningRule:
    return ListeningRule(
        draw.choice(MOMENTS), draw.choice(CALLS), draw.choice((True, False))
    )


def draw_case(
    draw: random.Random,
    *,
    shuffled: bool = False,
    in_place: bool = False,
    repeated: bool = False,
) -> Case:
    """A network of four layers in which each call changes its numbers.

    shuffled: called in another order than made; in_place: all but the first layer
    write over what they are given; repeated: two layers are called twice in a row.
    """
    while True:
        names = draw.sample(NAMES, 4)
        layers = []
        for place, name in enumerate(names):
            kind = draw.choice(list(WORK))
            amount = 0 if kind == "relu" else draw.choice((-3, -2, 2, 3))
            layers.append((name, kind, amount, in_place and place > 0))
        order = list(names)
        if shuffled:
            draw.shuffle(order)
        if repeated:
            twice = draw.sample(names, 2)
            order = [name for name in order for _ in range(1 + (name in twice))]
        numbers = tuple(draw.randint(-9, 9) for _ in range(3))
        listened = tuple(name for name in names if name != names[-1] or in_place)
        case = Case(tuple(layers), tuple(order), numbers, listened)
        changes = all(given != out for _, given, out in case.calls())
        heard = [order.index(name) for name in listened]
        if changes and (not shuffled or heard != sorted(heard)):
            return case
