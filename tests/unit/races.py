"""A race that nobody ran: small enough to know every number of it."""

from alexnet_lib.learning.races import RACERS, Race, Run
from alexnet_lib.training.recipes import Recipe

# activation: rate: epochs to 25 % from the three rate seeds, and from the three seeds
ARRIVALS = {
    "ReLU": {
        0.01: ([9, 9, 9], [9, 9, 9]),
        0.03: ([5, 6, 5], [6, 7, 6]),  # its own
        0.05: ([6, 7, 7], [4, 5, 4]),  # best only on the seeds of the race
        0.1: ([3, 9, 9], [8, 8, 8]),  # best only from the first rate seed
    },
    "tanh": {
        0.03: ([8, 8, 8], [9, 9, 8]),
        0.05: ([4, 4, 5], [3, 9, 5]),  # its own
        0.1: ([6, 6, 6], [7, 7, 8]),
    },
    "sigmoid": {
        0.05: ([None, 60, 60], [60, 60, 60]),
        0.1: ([30, 31, 32], [28, 33, 35]),  # its own
        0.2: ([40, 41, 42], [45, 50, 50]),
    },
}


def errors_of(arrival: int | None) -> tuple[float, ...]:
    """Half wrong, then a quarter from the arrival on, a tenth after thrice as long."""
    if arrival is None:
        return (0.5,) * 100
    return (0.5,) * (arrival - 1) + (0.25,) * (2 * arrival) + (0.1,)


def made_up_race() -> Race:
    runs = [
        Run(
            variant=RACERS[activation],
            learning_rate=rate,
            seed=first + index,
            errors=errors_of(arrival),
            end="arrived" if arrival else "given up",
            cpu_seconds=1.0,
        )
        for activation, rates in ARRIVALS.items()
        for rate, groups in rates.items()
        for first, arrivals in zip((100, 0), groups, strict=True)
        for index, arrival in enumerate(arrivals)
    ]
    return Race(
        dataset="FashionMNIST",
        source="given",
        train_images=1280,
        recipe=Recipe(name="race", learning_rate=0.1, epochs=100),
        rate_seeds=(100, 101, 102),
        seeds=(0, 1, 2),
        device="a processor",
        versions={"torch": "2"},
        runs=tuple(runs),
    )
