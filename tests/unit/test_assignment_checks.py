"""The visible checks, run by otter itself: what a student sees in the notebook."""

import os
from pathlib import Path

import pytest

from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.hand_out import read_master
from alexnet_lib.classroom.assignments.master import Copy, make_copy
from alexnet_lib.classroom.solutions import exercises
from alexnet_lib.classroom.source import tags
from tests.unit.wrong_forms import WRONG_3_AND_4

pytestmark = [
    pytest.mark.needs_extra("otter"),
    # ipylab, which otter imports, is behind the traitlets of today.
    pytest.mark.filterwarnings("ignore:Traits should be given:DeprecationWarning"),
]

SECRET = b"a secret of the teacher, for tests only"
CHECKS = ("q1", "q2", "q3", "q4", "q5", "bet", "words")


@pytest.fixture(scope="module", params=[1, 2, 3, 4, 5])
def copy(request: pytest.FixtureRequest) -> Copy:
    assignment = find_assignment(request.param)
    return make_copy(assignment, read_master(assignment), "ann", SECRET)


@pytest.fixture
def notebook(copy, tmp_path, monkeypatch) -> dict:
    """The names of a kernel that has run the set-up cell and the given cells."""
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for cell in copy.notebook.cells:
        given = cell.cell_type == "code" and not tags(cell)
        if given or "setup" in tags(cell):
            exec(cell.source, names)
    return names


def solve(copy: Copy, names: dict) -> None:
    for exercise in exercises(copy.solution):
        exec(exercise.code, names)


def said(names: dict, question: str) -> str:
    """What otter shows for a question."""
    return repr(names["grader"].check(question, global_env=names))


def test_the_checks_are_written_beside_the_notebook(copy, notebook, tmp_path):
    written = sorted(path.stem for path in tmp_path.glob("checks_*/*.py"))
    assert written == sorted(CHECKS)
    assert (tmp_path / f"checks_{copy.fingerprint}").is_dir()


@pytest.mark.parametrize("question", CHECKS)
def test_a_solution_passes(copy, notebook, question):
    solve(copy, notebook)
    assert said(notebook, question) == f"{question} results: All test cases passed!"


@pytest.mark.parametrize("question", CHECKS)
def test_a_stub_fails_with_a_line_to_read(copy, notebook, question):
    for cell in copy.notebook.cells:
        if "exercise" in tags(cell):
            exec(cell.source, notebook)
    assert "Test case failed" in said(notebook, question)


HOOKED = """
solved = record
def record(network, numbers, names):
    found = solved(network, numbers, names)
    network.layers[names[0]].register_forward_hook(print)
    return found
"""
# question, what the student wrote in its place, a piece of the message
WRONG = {
    1: (
        ("q1", "positions = lambda *args: 1.0", "AssertionError: positions("),
        ("q2", "sides['conv1'] = 3.0", "sides['conv1'] should be a whole number"),
        ("q3", "diagnosis['mistake'] = 'no'", "copy the mistake as it is written"),
        ("q4", "block_cost = lambda *args: [1, 2]", "the example of the text comes"),
        ("q5", "budget['largest_batch'] = 3.5", "should be a whole number"),
        ("bet", "bet['one_picture'] = 'pool1'", "should be one of ['conv1'"),
        ("words", "explanation = 'why ' * 81", "81 words: at most 80"),
    ),
    2: (
        ("q1", "slope = lambda x: '1'", "should be a number"),
        ("q1", "slope = lambda x: 0.01", "see the text"),
        ("q2", "chain_gradients = lambda *args: [1.0]", "one number for each weight"),
        ("q2", "chain_gradients = lambda *args: [9, 9]", "the example of the text"),
        ("q3", "diagnosis['cause'] = 'no'", "copy the cause as it is written"),
        ("q3", "diagnosis['where'] = 'layer9'", "should be all or a layer"),
        ("q4", "stds['conv2'] = 3.5", "stds['conv2'] should lie between 0 and 1"),
        ("q5", "reach['layers'] = 3.5", "should be a whole number"),
        ("bet", "bet['steadiest'] = 'all'", "half, whole or twice"),
        ("words", "explanation = 'two'", "quote two numbers of your own run"),
    ),
    **WRONG_3_AND_4,
    5: (
        ("q1", "record = lambda *args: 3", "record should return a list"),
        ("q1", "record = lambda *args: [3]", "each entry should be [name, numbers]"),
        ("q1", "record = lambda *args: []", "which calls are kept, and which are not"),
        ("q1", HOOKED, "a hook is still there: ["),
        ("q2", "watchers = lambda *args: [1.0]", "should return whole numbers"),
        ("q2", "watchers = lambda *args: [9, 9]", "the example of the text comes out"),
        ("q2", "unit['rows'] = [-3, 5]", "unit['rows'] should lie within the"),
        ("q3", "seen = lambda *args: [3.0, []]", "dimensions: a plain int, not float"),
        ("q3", "sight['no_gradient'] = 0", "should make up the whole kernel"),
        ("q4", "operate = lambda *args: [[], 1]", "by_chance: a plain float, not int"),
        ("q4", "operate = lambda *args: [[], 0.5]", "needs another number of cuts"),
        ("q5", "diagnosis['mistake'] = 'no'", "copy the mistake as it is written"),
        ("q5", "diagnosis['row'] = 9", "counts positions of the square, not pixels"),
        ("bet", "bet['seen'] = 300", "should lie between 0 and 256"),
        ("words", "explanation = 'two'", "quote two numbers of your own run"),
    ),
}


def test_a_wrong_form_is_named(copy, notebook):
    number = int(copy.notebook.cells[0].source.split()[2])
    for question, code, message in WRONG[number]:
        solve(copy, notebook)
        exec(code, notebook)
        assert message in said(notebook, question), code


def test_the_checks_work_in_colab(copy, tmp_path, monkeypatch):
    """There otter knows no notebook file, and asks for a folder of tests."""
    from otter.check import utils

    class Shell:
        def __str__(self) -> str:
            return "<google.colab._shell.Shell object>"

    monkeypatch.setattr(utils, "get_ipython", Shell)
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    setup = next(cell for cell in copy.notebook.cells if "setup" in tags(cell))
    exec(setup.source, names)
    assert names["grader"].interpreter is utils.IPythonInterpreter.COLAB
    exec("positions = slope = record = normalise = walk = lambda *args: 99", names)
    assert "Test case failed" in said(names, "q1")


def test_without_otter_the_set_up_cell_says_what_to_do(copy, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.chdir(tmp_path)
    setup = next(cell for cell in copy.notebook.cells if "setup" in tags(cell))
    with pytest.raises(SystemExit, match="otter-grader is missing: run `%pip install"):
        exec(setup.source, {})
    assert os.listdir(tmp_path) == []
    assert Path(tmp_path).is_dir()
