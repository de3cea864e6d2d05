"""Check of notebook 04: is this comparison fair? Who wins does not matter."""

from collections.abc import Callable
from statistics import mean, median
from typing import Any

from alexnet_lib.learning.checks.engine import exercise, same_number
from alexnet_lib.learning.races import LOWEST_TARGET, RACERS, Race, recorded_race
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

KEYS = ("target", "rates", "epochs", "ratio")
HIGHEST_TARGET = 0.5  # training error; one above it is an accuracy by mistake
PAPERS_TARGET = 0.25  # the page prints all that is asked for at this one
Epochs = list[int | None]


@exercise("fair")
def check_fair(answers: Any) -> CheckResult:
    """One target, for each activation its own rate, and all three seeds of the race."""
    if type(answers) is not dict or set(answers) != set(KEYS):
        return failed(f"fair should be a dict with the keys {', '.join(KEYS)}")
    if all(_is_open(answers[key]) for key in KEYS):
        return todo("fill in fair, then run this cell again")
    race = recorded_race()
    for judge in (_judge_target, _judge_rates, _judge_epochs, _judge_ratio):
        result = judge(race, answers)
        if result is not None:
            return result
    return passed(
        "one target, a rate of its own for each, and three seeds each: a fair race, "
        "whoever wins it"
    )


def _is_open(value: Any) -> bool:
    if type(value) is dict:
        return all(entry is None for entry in value.values())
    return value is None or value is Ellipsis


def _judge_target(_race: Race, answers: dict) -> CheckResult | None:
    target = answers["target"]
    if target is None:
        return todo("set fair['target'] first: all others follow from it")
    if isinstance(target, bool) or not isinstance(target, int | float):
        kind = type(target).__name__
        return failed(f"fair['target'] should be one number for all, not {kind}")
    if target > 1:
        return failed(
            f"fair['target'] is {target}: write 25 % as 0.25", "percent for a share"
        )
    if target > HIGHEST_TARGET:
        return failed(
            f"fair['target'] is {target}: it is an error, the share of wrong answers; "
            f"choose {HIGHEST_TARGET} or less",
            "accuracy for error",
        )
    if target < LOWEST_TARGET:
        return failed(
            f"fair['target'] is {target}: the recorded runs can be compared from "
            f"{LOWEST_TARGET} to {HIGHEST_TARGET}"
        )
    if target == PAPERS_TARGET:
        return failed(
            f"fair['target'] is {target}: that race is on the page already; choose "
            f"another, from {LOWEST_TARGET} to {HIGHEST_TARGET}",
            "the page's target",
        )
    return None


def _judge_rates(race: Race, answers: dict) -> CheckResult | None:
    target, rates = answers["target"], answers["rates"]
    if (wrong := _not_one_each("rates", rates)) is not None:
        return wrong
    for activation, rate in rates.items():
        if type(rate) not in (int, float):
            kind = type(rate).__name__
            return failed(
                f"fair['rates'][{activation!r}] should be a number, not {kind}"
            )
    if len({*rates.values()}) == 1:
        return failed(
            f"all three run at {rates['ReLU']}: a rate that suits one of them is a "
            "handicap for the others",
            "one rate for all",
        )
    for activation in RACERS:
        if rates[activation] not in race.rates(activation):
            known = ", ".join(f"{rate:g}" for rate in race.rates(activation))
            return failed(
                f"fair['rates']: {activation} was not run at {rates[activation]}, but "
                f"at {known}"
            )
        fewest = race.mean_epochs(activation, target, race.rate_seeds)
        if fewest[rates[activation]] > min(fewest.values()):
            return _not_its_best(race, activation, rates[activation], target)
    return None


def _not_its_best(
    race: Race, activation: str, rate: float, target: float
) -> CheckResult:
    where = f"fair['rates'][{activation!r}] is {rate:g}"
    by_race = race.mean_epochs(activation, target, race.seeds)
    if by_race[rate] == min(by_race.values()):
        return failed(
            f"{where}: best on the seeds of the race itself. Choose by the rate seeds, "
            "or the choice is part of the luck that you want to measure",
            "chosen by the race",
        )
    first = {
        each: race.epochs(activation, each, target, race.rate_seeds[:1])[0] or 10**6
        for each in race.rates(activation)
    }
    if first[rate] == min(first.values()):
        return failed(
            f"{where}: best from the first of the rate seeds. Take the mean of all "
            "three",
            "chosen by one seed",
        )
    return failed(
        f"{where}: another of its rates reaches the target in fewer epochs, by "
        "the mean over the rate seeds",
        "not its own best",
    )


def _judge_epochs(race: Race, answers: dict) -> CheckResult | None:
    target, rates, given = answers["target"], answers["rates"], answers["epochs"]
    if (wrong := _not_one_each("epochs", given)) is not None:
        return wrong
    right = {a: race.epochs(a, rates[a], target, race.seeds) for a in RACERS}
    for activation, numbers in given.items():
        if type(numbers) not in (list, tuple):
            return failed(
                f"fair['epochs'][{activation!r}] is one number: a range needs a number "
                "for each seed, so give a list",
                "one number",
            )
        if len(numbers) != len(race.seeds):
            return failed(
                f"fair['epochs'][{activation!r}] has {len(numbers)} of "
                f"{len(race.seeds)} seeds: one run may be luck",
                "seeds left out",
            )
        if any(type(number) not in (int, type(None)) for number in numbers):
            return failed(
                f"fair['epochs'][{activation!r}] should hold whole numbers of epochs"
            )
    given = {activation: list(given[activation]) for activation in RACERS}
    if given == right:
        return None
    for mistake, (says, of) in _other_epochs(race, rates, target).items():
        if given == {activation: of(activation) for activation in RACERS}:
            return failed(f"fair['epochs']: you answered as if {says}.", mistake)
    bad = next(a for a in RACERS if given[a] != right[a])
    return failed(
        f"fair['epochs'][{bad!r}]: these are not its epochs. Hint: "
        f"race.epochs({bad!r}, its rate, the target, race.seeds)"
    )


def _other_epochs(
    race: Race, rates: dict[str, float], target: float
) -> dict[str, tuple[str, Callable[[str], Epochs]]]:
    def at(activation: str, goal: float, seeds: tuple[int, ...]) -> Epochs:
        return race.epochs(activation, rates[activation], goal, seeds)

    def less_one(activation: str) -> Epochs:
        return [n and n - 1 for n in at(activation, target, race.seeds)]

    return {
        "rate seeds": (
            "the rate seeds ran the race: a rate chosen on them flatters itself there",
            lambda activation: at(activation, target, race.rate_seeds),
        ),
        "counted from 0": ("the first epoch were number 0", less_one),
        "another target": (
            f"the target were the paper's, not {target}",
            lambda activation: at(activation, PAPERS_TARGET, race.seeds),
        ),
    }


def _judge_ratio(_race: Race, answers: dict) -> CheckResult | None:
    ratio, epochs = answers["ratio"], answers["epochs"]
    if ratio is None:
        return todo("right so far; fair['ratio'] is still open")
    relu, tanh = epochs["ReLU"], epochs["tanh"]
    same = same_number(0.01)
    if (difference := same(ratio, median(tanh) / median(relu))) is None:
        return None
    for mistake, value, says in (
        ("inverted", median(relu) / median(tanh), "ReLU's epochs stood on top"),
        ("best runs", min(tanh) / min(relu), "the best run of each were compared"),
        ("means", mean(tanh) / mean(relu), "means were asked for, not medians"),
        ("the paper's", 6, "the paper's number held here: compute it"),
    ):
        if same(ratio, value) is None:
            return failed(f"fair['ratio']: you answered as if {says}.", mistake)
    return failed(
        f"fair['ratio']: {difference}. Hint: median of tanh's epochs, divided by the "
        "median of ReLU's"
    )


def _not_one_each(key: str, given: Any) -> CheckResult | None:
    """Whether the entry is a dict with something for each of the three."""
    if type(given) is not dict or set(given) != set(RACERS):
        return failed(f"fair[{key!r}] should have the keys {', '.join(RACERS)}")
    still = [activation for activation in RACERS if given[activation] is None]
    if still:
        return todo(f"right so far; fair[{key!r}][{still[0]!r}] is still open")
    return None
