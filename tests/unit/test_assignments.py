"""The master, the copies drawn from it, and what no copy may hold."""

import random
import re

import pytest

from alexnet_lib.classroom.assignments import MODULES, find_assignment
from alexnet_lib.classroom.assignments.hand_out import hand_out, read_master
from alexnet_lib.classroom.assignments.master import (
    NOT_GRADED,
    Copy,
    fill,
    make_copy,
)
from alexnet_lib.classroom.assignments.secret import generator
from alexnet_lib.classroom.solutions import exercises
from alexnet_lib.classroom.source import parse_source, tags

SECRET = b"a secret of the teacher, for tests only"
STUDENTS = ("ann", "bob", "cem")


@pytest.fixture(scope="module", params=sorted(MODULES))
def number(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture(scope="module")
def copies(number) -> dict[str, Copy]:
    assignment = find_assignment(number)
    master = read_master(assignment)
    return {name: make_copy(assignment, master, name, SECRET) for name in STUDENTS}


def test_a_copy_is_the_same_every_time_and_unlike_the_others(copies, number):
    assignment = find_assignment(number)
    again = make_copy(assignment, read_master(assignment), "ann", SECRET)
    other = make_copy(assignment, read_master(assignment), "ann", SECRET + b"!")
    assert again.notebook == copies["ann"].notebook
    assert again.questions == copies["ann"].questions
    assert other.own != again.own
    assert len({copy.fingerprint for copy in copies.values()}) == len(STUDENTS)


def test_the_points_are_those_of_the_text(copies, number):
    assignment, copy = find_assignment(number), copies["ann"]
    prose = "\n".join(cell.source for cell in copy.notebook.cells)
    by_heading = [int(n) for n in re.findall(r"^## .*\((\d+) points\)", prose, re.M)]
    by_program = [question.points for question in copy.questions]
    assert by_heading == [*by_program, assignment.hand_points]
    assert f"{sum(by_heading)} points: {sum(by_program)} are counted" in prose
    assert f"**{assignment.words} words**" in prose


def test_no_copy_holds_a_line_of_a_solution(copies):
    for copy in copies.values():
        given = "\n".join(cell.source for cell in copy.notebook.cells).splitlines()
        lines = {line.strip() for line in given}
        whole = {line.strip() for line in solution_lines(copy)}
        stubs = {line.strip() for line in stub_lines(copy)}
        assert len(whole - stubs) > 20
        assert lines & (whole - stubs) == set()
        assert not any("solution" in tags(cell) for cell in copy.notebook.cells)
        assert "Solution" not in "\n".join(given)


def solution_lines(copy: Copy) -> list[str]:
    """Every line of code that solves an exercise of this copy."""
    return [
        line
        for exercise in exercises(copy.solution)
        for line in exercise.code.splitlines()
        if len(line.strip()) > 1
    ]


def stub_lines(copy: Copy) -> list[str]:
    """What the student is given to fill in, such as the line of a `def`."""
    cells = copy.notebook.cells
    stubs = [cell.source for cell in cells if "exercise" in tags(cell)]
    return [line for stub in stubs for line in stub.splitlines()]


def test_no_copy_names_its_hidden_cases_or_answers(copies):
    for copy in copies.values():
        text = "\n".join(cell.source for cell in copy.notebook.cells)
        probes = [p for q in copy.questions for part in q.parts for p in part.probes]
        calls = [probe.args for probe in probes if probe.args is not None]
        assert len(calls) > 20
        shown = [args for args in calls if len(args) > 1 and str(args)[1:-1] in text]
        assert shown == []
        entries = [probe.expected for probe in probes if probe.args is None]
        long = [str(e) for e in entries if isinstance(e, int | float) and e > 99]
        assert [number for number in long if number in text] == []


def test_every_place_of_the_master_is_filled(copies):
    for copy in copies.values():
        for nb in (copy.notebook, copy.solution):
            assert "{{" not in "\n".join(
                cell.source
                for cell in nb.cells
                if not NOT_GRADED & set(tags(cell)) and cell.cell_type == "markdown"
            )


def test_a_name_that_nobody_drew_is_refused():
    assert fill("a {{b}} c", {"b": "1"}) == "a 1 c"
    with pytest.raises(ValueError, match=r"the master asks for {{d}}, and nothing is"):
        fill("{{d}}", {"b": "1"})


BROKEN = """\
# %% [markdown]
# # Title

# %% tags=["exercise"]
x = None

# %% tags=["check"]
{check}

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# x = 1
# ```
# </details>

# %% tags=["{tag}"]
def test_it(x):
    assert x == {right}
"""


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"check": "print(1)"}, r"is tagged 'check': write grader.check\(\"...\"\)"),
        ({"tag": "core"}, r"the exercise in cell 2 \(x = None\) has no cell tagged"),
        ({"right": r'"\\n"'}, "the visible checks of q1 hold a backslash or '''"),
    ],
)
def test_a_broken_master_is_named(changed, message):
    parts = {"check": 'grader.check("q1")', "tag": "visible", "right": "1", **changed}
    with pytest.raises(ValueError, match=message):
        make_copy(find_assignment(1), BROKEN.format(**parts), "ann", SECRET)


def test_the_solution_is_the_copy_with_its_stubs_filled(copies):
    copy = copies["bob"]
    ours = [c for c in copy.solution.cells if "solution" not in tags(c)]
    pairs = list(zip(copy.notebook.cells, ours, strict=True))
    different = [mine for mine, theirs in pairs if mine.source != theirs.source]
    assert different
    assert all("exercise" in tags(cell) for cell in different)


def test_hand_out_writes_two_folders(tmp_path, number):
    assignment = find_assignment(number)
    paths = hand_out(assignment, STUDENTS, SECRET, tmp_path)
    assert [path.name for path in paths] == [
        f"assignment_{number}_{name}.ipynb" for name in STUDENTS
    ]
    assert sorted(path.name for path in (tmp_path / "teacher").iterdir()) == [
        f"assignment_{number}_{name}_solution.ipynb" for name in STUDENTS
    ]
    before = paths[0].read_bytes()
    hand_out(assignment, STUDENTS, SECRET, tmp_path)
    assert paths[0].read_bytes() == before
    assert SECRET.decode() not in before.decode()


def test_random_numbers_follow_secret_and_purpose():
    first = generator(SECRET, 1, "ann", "copy").random()
    assert first == generator(SECRET, 1, "ann", "copy").random()
    others = [(1, "ann", "hidden cases"), (2, "ann", "copy"), (1, "anncopy")]
    assert all(first != generator(SECRET, *purpose).random() for purpose in others)
    assert first != generator(SECRET + b"x", 1, "ann", "copy").random()
    assert isinstance(generator(SECRET, 1), random.Random)


def test_an_unknown_assignment_is_named():
    with pytest.raises(ValueError, match="no assignment 9: there are 1, 2"):
        find_assignment(9)


def test_the_master_is_a_source_like_the_others(number):
    nb = parse_source(read_master(find_assignment(number)))
    assert len(exercises(nb)) == 7
    code = [cell.source for cell in nb.cells if cell.cell_type == "code"]
    assert max(len(source.splitlines()) for source in code) <= 25
