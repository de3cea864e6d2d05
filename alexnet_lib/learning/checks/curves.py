"""Checks of notebook 07: curves without labels, and what three seeds can tell apart."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from random import Random
from typing import Any

from alexnet_lib.learning import recorded
from alexnet_lib.learning.checks.engine import check_table, exercise, same_choice
from alexnet_lib.learning.proofs.beginnings import apart
from alexnet_lib.learning.result import CheckResult
from alexnet_lib.training.records import RunRecord

LETTERS = "ABCDEF"
ORDER = 2012  # the seed that deals the letters
PREFIX = "sick_"

# (what it is, what was answered): "you answered as if ..."
CONFUSIONS = {
    ("overfitting", "shuffled labels"): (
        "what was learned held for no other picture: look where the validation curve is"
    ),
    ("shuffled labels", "overfitting"): (
        "some of what was learned held for other pictures: compare the validation "
        "curve with guessing, one in ten"
    ),
    ("rate too low", "rate too high"): (
        "it had been thrown off its way: look whether it still moves, and whither"
    ),
    ("rate too high", "rate too low"): (
        "it crept along in the right direction: look whether it gets anywhere at all"
    ),
    ("rate too low", "validated in train mode"): (
        "it learned well and was only measured wrongly: look at the training curve"
    ),
    ("validated in train mode", "rate too low"): (
        "it learned too slowly: look how far the training curve gets"
    ),
    ("validated in train mode", "healthy"): (
        "dropout were off while it was validated: another run has the same training "
        "curve; which of the two is measured worse?"
    ),
    ("healthy", "validated in train mode"): (
        "dropout were on while it was validated: another run has the same training "
        "curve; which of the two is measured worse?"
    ),
    ("overfitting", "healthy"): (
        "it did not matter how far the two curves lie apart at the end"
    ),
    ("healthy", "overfitting"): (
        "training had run away from validation: how far apart are they at the end?"
    ),
    ("shuffled labels", "rate too high"): (
        "nothing had been learned: look at the training curve alone"
    ),
    ("rate too high", "shuffled labels"): (
        "the training pictures had been learned by heart: look at the training curve"
    ),
    ("validated in train mode", "overfitting"): (
        "the gap grew with the training: is there a gap at all?"
    ),
}


def cause_of(name: str) -> str:
    """The words for a run's file name: 'sick_rate_too_high' is 'rate too high'."""
    return name.removeprefix(PREFIX).replace("_", " ")


def without_labels(runs: Mapping[str, RunRecord]) -> dict[str, RunRecord]:
    """The runs under letters, dealt in an order that is the same every time."""
    names = Random(ORDER).sample(sorted(runs), len(runs))
    return {letter: runs[name] for letter, name in zip(LETTERS, names, strict=False)}


def causes_by_letter(runs: Mapping[str, RunRecord]) -> dict[str, str]:
    """What is behind each letter, read from the names of the records."""
    dealt = without_labels(runs)
    of_run = {id(run): cause_of(name) for name, run in runs.items()}
    return {letter: of_run[id(run)] for letter, run in dealt.items()}


@exercise("causes")
def check_causes(answers: Any) -> CheckResult:
    """A cause for each letter, from the six that the page names."""
    expected = causes_by_letter(recorded.runs("sick"))
    mistakes: dict[str, dict[str, tuple[str, str]]] = {}
    for letter, cause in expected.items():
        mistakes[letter] = {
            f"{cause} taken for {answer}": (answer, says)
            for (true, answer), says in CONFUSIONS.items()
            if true == cause
        }
    return check_table(
        answers,
        expected,
        name="causes",
        hints=dict.fromkeys(
            expected, "first the training curve, then the gap, then one in ten"
        ),
        mistakes=mistakes,
        compare=same_choice(sorted(expected.values())),
    )


# --- what three seeds can tell apart --------------------------------------------------
VERDICTS = ("yes", "no", "cannot say")
SIDES = (28, 56, 112, 224)


def accuracies_by_side(runs: Sequence[RunRecord]) -> dict[int, list[float]]:
    """Test accuracies of the quarter-width network, by the side of its pictures."""
    found: dict[int, list[float]] = {side: [] for side in SIDES}
    for run in runs:
        if run.resize in found:
            found[run.resize].append(run.test_accuracy)
    return found


def pair_name(first: int, second: int) -> str:
    """The key of two sides in the exercise."""
    return f"{first} and {second}"


def exceeds_the_seeds(first: Sequence[float], second: Sequence[float]) -> str:
    """Whether two ranges are apart; nobody can say where a network ran but once."""
    if min(len(first), len(second)) < 2:
        return "cannot say"
    return "yes" if apart(first, second) else "no"


@exercise("exceeds")
def check_exceeds(answers: Any) -> CheckResult:
    """For each pair of sides: do the differences exceed what seeds do?"""
    values = accuracies_by_side(list(recorded.runs("resolution", "quick").values()))
    pairs = {pair_name(a, b): (values[a], values[b]) for a, b in combinations(SIDES, 2)}
    expected = {pair: exceeds_the_seeds(*both) for pair, both in pairs.items()}
    told = {
        ("yes", "no"): (
            "ranges overlap",
            "a run of the worse size reached the better size's lowest run",
        ),
        ("no", "yes"): (
            "means differ",
            "it were enough that two means, or two best runs, differ",
        ),
        ("cannot say", "yes"): ("one run", "one run of a size had a range"),
        ("cannot say", "no"): ("one run", "one run of a size had a range"),
        ("yes", "cannot say"): ("three runs", "three runs of each could show nothing"),
        ("no", "cannot say"): ("three runs", "three runs of each could show nothing"),
    }
    mistakes: dict[str, dict[str, tuple[str, str]]] = {pair: {} for pair in pairs}
    for pair, right in expected.items():
        for (true, answer), (mistake, says) in told.items():
            if true == right:
                mistakes[pair][f"{mistake}, {answer}"] = (answer, says)
    return check_table(
        answers,
        expected,
        name="exceeds",
        hints=dict.fromkeys(pairs, "two bars with a gap between them, or not"),
        mistakes=mistakes,
        compare=same_choice(VERDICTS),
    )
