"""What a check must withstand: wrong answers by name, right ones, a stub, a cheat."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from alexnet_lib.learning.content import hints_for
from alexnet_lib.learning.result import CheckResult


class EqualsEverything:
    """An object that says yes to every comparison and can be called and indexed."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = object.__hash__

    def __call__(self, *args: Any, **kwargs: Any) -> "EqualsEverything":
        return self

    def __getitem__(self, key: Any) -> "EqualsEverything":
        return self


class EqualInt(int):
    """An integer that equals every other number."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


def stub(*args: Any) -> Any:
    raise NotImplementedError


def raiser(*args: Any) -> Any:
    raise ZeroDivisionError("division by zero")


def assert_check_is_fair(
    check: Callable[[Any], CheckResult],
    *,
    right: Iterable[Any],
    wrong: Mapping[str, Any],
    todo: Any,
    at_least: int = 5,
) -> None:
    """Right answers pass, each wrong one is named, the stub is to do, cheats fail.

    `wrong` maps the name of the mistake, as the check diagnoses it, to an answer; at
    least `at_least` of them (five for a function, three for a value).
    """
    right = list(right)
    assert len(right) >= 2, "give two right answers that are written differently"
    for answer in right:
        result = check(answer)
        assert result.status == "passed", result
    assert len(wrong) >= at_least
    for mistake, answer in wrong.items():
        result = check(answer)
        assert result.status == "failed", (mistake, result)
        assert result.mistake == mistake, (mistake, result)
        assert result.message.strip()
    result = check(todo)
    assert result.status == "todo", result
    assert result.exercise is not None
    assert 1 <= len(hints_for(result.exercise)) <= 3, "hints belong to the exercise"
    assert check(EqualsEverything()).status == "failed"
