"""The check engine: types before values, one clear line, nothing given away."""

import pytest
import torch

from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    check_table,
    check_value,
    exercise,
    same_choice,
    same_integer,
    same_number,
    same_tensor,
)
from tests.unit.checking import EqualInt, EqualsEverything, raiser, stub

CASES = (
    Case(args=(2, 3), hint="two and three"),
    Case(args=(0, 4), hint="nothing and four"),
)
MINUS = Mistake(name="minus", says="minus were plus", function=lambda a, b: a - b)


def plus(a: int, b: int) -> int:
    return a + b


def check_plus(student):
    return check_function(
        student, name="plus", reference=plus, cases=CASES, mistakes=(MINUS,)
    )


def test_function_right():
    assert str(check_plus(lambda a, b: sum((a, b)))) == "passed: 2 cases agree"


def test_function_known_mistake_is_named_and_no_answer_given():
    result = check_plus(lambda a, b: -(b - a))
    assert result.mistake == "minus"
    assert result.message == (
        "plus(2, 3) went wrong: your function behaves as if minus were plus."
    )
    assert "5" not in result.message


def test_function_unknown_mistake_gets_the_hint():
    result = check_plus(lambda a, b: a * b)
    assert result.mistake is None
    assert result.message == (
        "plus(2, 3) gave 6: that is another number. Hint: two and three."
    )


def test_function_stub_is_to_do():
    assert str(check_plus(stub)) == (
        "todo: write the body of plus, then run this cell again"
    )


def test_function_that_raises_is_reported_not_raised():
    assert check_plus(raiser).message == (
        "plus(2, 3) raised ZeroDivisionError: division by zero"
    )


def test_function_that_returns_nothing():
    message = check_plus(lambda a, b: None).message
    assert message == "plus(2, 3) gave None: does plus end with a return?"


@pytest.mark.parametrize("cheat", [EqualsEverything(), EqualInt(7), 5.0, True, "5"])
def test_function_types_come_before_values(cheat):
    assert check_plus(lambda a, b: cheat).status == "failed"


def test_not_a_function():
    assert check_plus(5).message == "plus should be a function, not int"


def test_arguments_cannot_be_edited_by_the_student():
    def spoil(items):
        items.clear()
        return 3

    cases = (Case(args=([1, 2, 3],), hint=""), Case(args=([4, 5, 6],), hint=""))
    result = check_function(spoil, name="spoil", reference=len, cases=cases)
    assert result.status == "passed"  # the reference saw the list whole
    assert cases[0].args == ([1, 2, 3],)


def test_long_answers_are_not_printed():
    result = check_function(
        lambda a, b: "x" * 500, name="plus", reference=plus, cases=CASES
    )
    assert len(result.message) < 200


def test_value():
    mistakes = {"half": (4, "half of it were enough")}

    def check(answer):
        return check_value(answer, 8, name="n", mistakes=mistakes, hint="count")

    assert check(8).status == "passed"
    assert check(4).mistake == "half"
    assert check(4).message == "n: you answered as if half of it were enough."
    assert check(5).message == "n: that is another number. Hint: count."
    assert check(None).status == "todo"
    assert check(EqualsEverything()).status == "failed"
    assert check(8.0).status == "failed"


def test_table_goes_key_by_key():
    expected = {"a": 1, "b": 2}
    hints = {"a": "first", "b": "second"}

    def check(answers):
        return check_table(answers, expected, name="t", hints=hints)

    assert check({"a": None, "b": None}).status == "todo"
    assert str(check({"a": 1, "b": None})) == "todo: right so far; t['b'] is still open"
    assert check({"a": 3, "b": None}).message.startswith("t['a']: that is another")
    assert check({"a": 1, "b": 2}).status == "passed"
    assert check({"a": 1, "c": 2}).message == (
        "t has a key that was not asked for: 'c'"
    )
    assert check([1, 2]).message == "t should be a dict, not list"
    assert check({"a": EqualsEverything(), "b": 2}).status == "failed"


def test_compare_numbers_and_words():
    assert same_integer(3, 3) is None
    assert same_integer(torch.tensor(3), 3) is None
    assert same_integer(torch.tensor([3, 3]), 3) is not None
    assert same_number(1e-3)(torch.tensor(0.5), 0.5) is None
    assert same_number(1e-3)(0.96, 0.9617) is not None  # relative, also below 1
    assert same_number(1e-3)(1.0005, 1.0) is None
    assert same_number(1e-3)(1.1, 1.0) == "that is another number"
    assert same_number()("1", 1.0) == "it should be a number, not str"
    assert same_choice(["yes", "no"])("yes", "yes") is None
    assert same_choice(["max 3/2", "ReLU"])("relu", "ReLU") is None
    assert same_choice(["max 3/2", "ReLU"])("max 3 / 2", "max 3/2") is None
    assert same_choice(["yes", "no"])("no", "yes") == "that is not the one"
    assert same_choice(["yes", "no"])("y", "yes") == "'y' is not one of yes, no"


def test_compare_tensors():
    expected = torch.tensor([1.0, 2.0])
    same = same_tensor(1e-5)
    assert same(torch.tensor([1.0, 2.0]), expected) is None
    assert same([1.0, 2.0], expected) == "it should be a torch tensor, not list"
    assert same(torch.zeros(3), expected) == "its shape is (3,), which should be (2,)"
    assert same(torch.tensor([1.0, 2.1]), expected) == "some of its numbers differ"
    nan = torch.tensor([1.0, float("nan")])
    assert same(nan, expected) == "some of its numbers differ"


def test_exercise_never_raises_and_names_itself():
    @exercise("conv_out")
    def check(answer):
        raise KeyError("unforeseen")

    result = check(1)
    assert result.status == "failed"
    assert result.exercise == "conv_out"
    assert result.message == "conv_out could not be checked (KeyError: 'unforeseen')"


def test_hints_are_folded_behind_one_another():
    @exercise("conv_out")
    def check(answer):
        return check_plus(answer)

    html = check(stub)._repr_html_()
    assert html.index("Hint 1 of 3") < html.index("Hint 2 of 3")
    assert html.count("<details>") == html.count("</details>") == 3
    assert "Hint 1" not in check(plus)._repr_html_()
    assert "Hint 1" not in repr(check(stub))
