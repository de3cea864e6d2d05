"""Exercises find their checks and solutions, or say what is missing."""

import copy

import pytest
from nbformat.v4 import new_output

from alexnet_lib.classroom.solutions import (
    as_given,
    demand_passed,
    exercises,
    solved,
    verdicts,
)
from alexnet_lib.classroom.source import parse_source

TEXT = """\
# %% [markdown]
# # 98 · A title?

# %%
import math

# %% [markdown]
# Text.

# %%
"between"

# %% tags=["exercise", "nbval-check-output"]
def double(x):
    raise NotImplementedError

# %% tags=["check", "nbval-check-output"]
name = "double"
check(double)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def double(x):
#     return 2 * x
# ```
#
# Twice.
# </details>

# %% tags=["exercise"]
side = None

# %% tags=["check"]
check(side)  # the second

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# side = 55
# ```
# </details>
"""


def without(text: str, part: str, instead: str = "") -> str:
    assert part in text
    return text.replace(part, instead, 1)


def test_every_exercise_has_its_cells():
    found = exercises(parse_source(TEXT))
    assert [(e.stub, e.check, e.solution) for e in found] == [(5, 6, 7), (8, 9, 10)]
    assert found[0].code == "def double(x):\n    return 2 * x"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (without(TEXT, '# %% tags=["check", "nbval-check-output"]', "# %%"), "'check'"),
        (without(TEXT, '[markdown] tags=["solution"]', "[markdown]"), "'solution'"),
        (without(TEXT, "```python", "```"), "has 0 blocks"),
        (without(TEXT, "# Twice.", "# ```python\n# 1\n# ```"), "has 2 blocks"),
        (without(TEXT, "<summary>Solution", "<summary>See"), "is not folded"),
    ],
)
def test_a_missing_part_is_named(text: str, says: str):
    with pytest.raises(
        ValueError, match=r"in cell \d+ \(.*\) .*" + says.replace("(", "")
    ):
        exercises(parse_source(text))


def test_solved_puts_the_solutions_in_place():
    given = parse_source(TEXT)
    nb = solved(given)
    assert nb.cells[5].source == "def double(x):\n    return 2 * x"
    assert nb.cells[8].source == "side = 55"
    assert nb.cells[5].metadata.tags == ["exercise"]
    assert nb.cells[6].metadata.tags == ["check"]
    assert "NotImplementedError" in given.cells[5].source


@pytest.mark.parametrize(
    ("word", "passes"), [("passed: ok", True), ("failed: no", False)]
)
def test_a_check_that_does_not_pass_is_an_error(word: str, passes: bool):
    nb = demand_passed(solved(parse_source(TEXT)))
    names = {"check": lambda answer: word}
    exec(nb.cells[5].source, names)
    if passes:
        exec(nb.cells[6].source, names)
        assert names["name"] == "double"
    else:
        with pytest.raises(AssertionError, match=word):
            exec(nb.cells[6].source, names)


def test_a_check_ends_in_a_call():
    text = without(TEXT, "check(double)", "result = check(double)")
    with pytest.raises(ValueError, match="does not end in a call"):
        demand_passed(parse_source(text))


def test_as_given_keeps_set_up_stubs_and_checks():
    nb = as_given(parse_source(TEXT))
    sources = [cell.source.split("\n")[0] for cell in nb.cells]
    assert sources[2:] == [
        "import math",
        "def double(x):",
        'name = "double"',
        "side = None",
        "check(side)  # the second",
    ]


def test_verdicts_are_read_from_the_checks():
    nb = copy.deepcopy(parse_source(TEXT))
    shown = new_output("execute_result", data={"text/plain": "todo: write it"})
    nb.cells[6].outputs = [shown]
    assert verdicts(nb) == ["todo", "nothing"]
