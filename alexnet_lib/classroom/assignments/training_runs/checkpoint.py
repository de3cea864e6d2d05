"""A training that shall go on as if it had never stopped, and what its file lacks."""

import random
from dataclasses import dataclass

STATE = {  # what a file may hold: how its tensors are called in a listing
    "weights and biases": ("model.{layer}.weight", "model.{layer}.bias"),
    "velocities": ("optimizer.{layer}.weight", "optimizer.{layer}.bias"),
    "running means": ("model.norm.running_mean", "model.norm.running_var"),
    "torch's generator": ("generator.torch",),
    "generator of the order": ("generator.order",),
    "number of steps": ("step",),
    "gradients": ("gradient.{layer}.weight", "gradient.{layer}.bias"),
}
MAY_BE_IDLE = (  # what a file can hold although nothing hangs on it
    *("torch's generator", "generator of the order", "number of steps"),
    "gradients",
)
LAYERS = ("conv1", "conv2", "fc3")


@dataclass(frozen=True)
class Stopped:
    """How a training is made, and what was written when it was stopped."""

    momentum: float  # 0: plain steps
    dropout: float
    normalised: bool  # a layer of batch normalisation
    shuffled: bool  # a generator draws the pictures of every step, else in fixed order
    falling: bool  # the rate hangs on the number of steps, else it is constant
    kept: tuple[str, ...]

    def needed(self) -> list[str]:
        """What the next steps depend on, apart from code and pictures."""
        depends = {
            "weights and biases": True,
            "velocities": self.momentum > 0,
            "running means": self.normalised,
            "torch's generator": self.dropout > 0,
            "generator of the order": self.shuffled,
            "number of steps": self.falling or not self.shuffled,
        }
        return [name for name, needed in depends.items() if needed]

    @property
    def missing(self) -> list[str]:
        return [name for name in self.needed() if name not in self.kept]

    def listing(self) -> list[str]:
        """The names of the tensors in the file."""
        return [
            line
            for name in self.kept
            for layer in (LAYERS if "{layer}" in STATE[name][0] else ("",))
            for line in (each.format(layer=layer) for each in STATE[name])
        ]


def draw_stopped(draw: random.Random) -> Stopped:
    """Two or three things are missing, and something is there that nobody needs."""
    while True:
        made = Stopped(
            draw.choice((0.0, 0.8, 0.9)),
            draw.choice((0.0, 0.3, 0.5)),
            draw.choice((True, False)),
            draw.choice((True, False)),
            draw.choice((True, False)),
            (),
        )
        needed = made.needed()
        idle = [name for name in MAY_BE_IDLE if name not in needed]
        if len(needed) < 4:
            continue
        gone = draw.sample(needed[1:], draw.choice((2, 3)))
        there = [name for name in needed if name not in gone]
        kept = [*there, *draw.sample(idle, min(len(idle), 2))]
        return Stopped(
            made.momentum,
            made.dropout,
            made.normalised,
            made.shuffled,
            made.falling,
            tuple(name for name in STATE if name in kept),
        )


@dataclass(frozen=True)
class Comparison:
    """Test accuracies of four recipes, in percent; one of them was run only once."""

    accuracies: dict[str, tuple[float, ...]]

    def verdicts(self) -> dict[str, str]:
        """For each pair: who is better in every run, or why nobody can say."""
        names, found = list(self.accuracies), {}
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                found[f"{one}, {other}"] = self._verdict(one, other)
        return found

    def _verdict(self, one: str, other: str) -> str:
        first, second = self.accuracies[one], self.accuracies[other]
        if min(len(first), len(second)) == 1:
            return "one run"
        if min(first) > max(second):
            return one
        return other if min(second) > max(first) else "overlap"


def draw_comparison(draw: random.Random) -> Comparison:
    """Among the pairs of three runs, some overlap and some do not."""
    while True:
        lonely = draw.choice("ABCD")
        accuracies = {}
        for name in "ABCD":
            centre = draw.uniform(88, 92)
            runs = 1 if name == lonely else 3
            numbers = [round(draw.gauss(centre, 0.6), 1) for _ in range(runs)]
            accuracies[name] = tuple(numbers)
        made = Comparison(accuracies)
        said = [word for word in made.verdicts().values() if word != "one run"]
        every = [number for each in accuracies.values() for number in each]
        if 0 < said.count("overlap") < 3 and len(set(every)) == len(every):
            return made
