"""How an exercise is checked: cases chosen by mistake, and a table of wrong functions.

A check never raises, never shows the answer and stops at the first case that fails. A
wrong answer that behaves like one of the known mistakes is told which.
"""

import copy
import functools
import numbers
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alexnet_lib.learning.checks.compare import Compare, WrongKind
from alexnet_lib.learning.checks.compare import same_choice as same_choice
from alexnet_lib.learning.checks.compare import same_integer as same_integer
from alexnet_lib.learning.checks.compare import same_number as same_number
from alexnet_lib.learning.checks.compare import same_tensor as same_tensor
from alexnet_lib.learning.result import CheckResult, failed, passed, todo


@dataclass(frozen=True, kw_only=True)
class Case:
    """Arguments of one call, and what to think of when it goes wrong."""

    args: tuple
    hint: str
    call: str | None = None  # how to print the call, where the arguments are long


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A plausible wrong answer; `says` completes "your function behaves as if ..."."""

    name: str
    says: str
    function: Callable


def exercise(name: str) -> Callable[[Callable], Callable[..., CheckResult]]:
    """Decorate a check: it names its exercise (for the hints) and never raises."""

    def decorate(check: Callable[..., CheckResult]) -> Callable[..., CheckResult]:
        @functools.wraps(check)
        def run(*answers: Any) -> CheckResult:
            try:
                result = check(*answers)
            except Exception as error:  # an answer of an unforeseen kind
                kind = type(error).__name__
                result = failed(f"{name} could not be checked ({kind}: {error})")
            return replace(result, exercise=name)

        return run

    return decorate


def check_function(
    student: Callable,
    *,
    name: str,
    reference: Callable,
    cases: Sequence[Case],
    mistakes: Sequence[Mistake] = (),
    compare: Compare = same_integer,
    show_answer: Callable[[Any], str] = repr,
) -> CheckResult:
    """Call the learner's function on every case and compare it with the reference."""
    if not callable(student):
        return failed(f"{name} should be a function, not {type(student).__name__}")
    for case in cases:
        call = _call(name, case)
        try:
            answer = student(*copy.deepcopy(case.args))
        except NotImplementedError:
            return todo(f"write the body of {name}, then run this cell again")
        except Exception as error:  # whatever the learner's code raises is the finding
            return failed(f"{call} raised {type(error).__name__}: {error}")
        if answer is None or answer is Ellipsis:
            return failed(f"{call} gave {answer}: does {name} end with a return?")
        difference = compare(answer, reference(*copy.deepcopy(case.args)))
        if difference is not None:
            found = _diagnose(student, cases, mistakes, compare)
            if found is not None:
                telling = _telling_case(found, cases, reference) or case
                return failed(
                    f"{_call(name, telling)} went wrong: your function behaves as if "
                    f"{found.says}.",
                    found.name,
                )
            shown = show_answer(answer)
            shown = shown if len(shown) <= 60 else type(answer).__name__
            return failed(f"{call} gave {shown}: {_with_hint(difference, case.hint)}")
    return passed(f"{len(cases)} cases agree")


def _diagnose(
    student: Callable,
    cases: Sequence[Case],
    mistakes: Sequence[Mistake],
    compare: Compare,
) -> Mistake | None:
    """The first known mistake that answers as the student does, on every case."""
    for mistake in mistakes:
        if all(_agree(student, mistake.function, case.args, compare) for case in cases):
            return mistake
    return None


def _call(name: str, case: Case) -> str:
    return case.call or f"{name}({', '.join(map(repr, case.args))})"


def _telling_case(
    mistake: Mistake, cases: Sequence[Case], reference: Callable
) -> Case | None:
    """The first case in which the mistake shows in the value, not in its type alone."""
    for case in cases:
        wrong = mistake.function(*copy.deepcopy(case.args))
        right = reference(*copy.deepcopy(case.args))
        plain = isinstance(wrong, numbers.Real) and isinstance(right, numbers.Real)
        if plain and wrong != right:
            return case
    return None


def _agree(student: Callable, wrong: Callable, args: tuple, compare: Compare) -> bool:
    try:
        theirs = student(*copy.deepcopy(args))
        known = wrong(*copy.deepcopy(args))
        if compare(theirs, known) is None:
            return True
        # a mistake may leave the type behind (54.25 for an int): types first
        return type(theirs) is type(known) is float and theirs == known
    except Exception:  # a crash is no agreement
        return False


def check_value(
    answer: Any,
    expected: Any,
    *,
    name: str,
    mistakes: Mapping[str, tuple[Any, str]] | None = None,
    compare: Compare = same_integer,
    hint: str,
) -> CheckResult:
    """Check one value; `mistakes` maps a name to (wrong value, "as if ...")."""
    if answer is None or answer is Ellipsis:
        return todo(f"set {name}, then run this cell again")
    difference = compare(answer, expected)
    if difference is None:
        return passed(f"{name} is right")
    for mistake, (wrong, says) in (mistakes or {}).items():
        if compare(answer, wrong) is None:
            return failed(f"{name}: you answered as if {says}.", mistake)
    return failed(f"{name}: {_with_hint(difference, hint)}")


def _with_hint(difference: str, hint: str) -> str:
    return (
        f"{difference}"
        if isinstance(difference, WrongKind)
        else (f"{difference}. Hint: {hint}.")
    )


def check_table(
    answers: Any,
    expected: Mapping[str, Any],
    *,
    name: str,
    hints: Mapping[str, str],
    mistakes: Mapping[str, Mapping[str, tuple[Any, str]]] | None = None,
    compare: Compare | Mapping[str, Compare] = same_integer,
) -> CheckResult:
    """Check a dict of given keys, key by key; the first wrong one is named."""
    if not isinstance(answers, dict):
        return failed(f"{name} should be a dict, not {type(answers).__name__}")
    if unknown := sorted(set(map(str, answers)) - set(expected)):
        return failed(f"{name} has a key that was not asked for: {unknown[0]!r}")
    missing = [
        key for key in expected if answers.get(key) is None or answers[key] is Ellipsis
    ]
    if len(missing) == len(expected):
        return todo(f"fill in {name}, then run this cell again")
    for key, right in expected.items():
        if key in missing:
            continue
        how = compare[key] if isinstance(compare, Mapping) else compare
        result = check_value(
            answers[key],
            right,
            name=f"{name}[{key!r}]",
            mistakes=(mistakes or {}).get(key),
            compare=how,
            hint=hints[key],
        )
        if result.status == "failed":
            return result
    if missing:
        return todo(f"right so far; {name}[{missing[0]!r}] is still open")
    return passed(f"all {len(expected)} entries of {name} are right")
