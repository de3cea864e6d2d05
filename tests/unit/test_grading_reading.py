"""What came back, before any of it is run: whose it is, and if it is a notebook."""

import json
import os
from pathlib import Path

import pytest

from alexnet_lib.classroom.assignments import find_assignment
from alexnet_lib.classroom.assignments.hand_out import read_master
from alexnet_lib.classroom.assignments.master import make_copy
from alexnet_lib.classroom.grading import submissions
from alexnet_lib.classroom.grading.marking import mark, mark_nothing
from alexnet_lib.classroom.grading.notebook_code import (
    functions,
    quoted_numbers,
    read_notebook,
    same_cell,
)
from alexnet_lib.classroom.grading.reports import write_text
from alexnet_lib.classroom.grading.sandbox import Limits
from alexnet_lib.classroom.grading.submissions import find, read
from tests.unit.handed_in import answer, hand_in

SECRET = b"a secret of the teacher, for tests only"
NO_NOTEBOOK = "it is not a notebook that can be read: open it in JupyterLab, save it"


@pytest.mark.parametrize(
    "name",
    [
        "assignment_1_ann.ipynb",
        "assignment_1_ann (1).ipynb",
        "assignment_1_ann-Copy1.ipynb",
        "assignment_1_ANN.ipynb",
        "ann.ipynb",
        "ann_4711_submission/assignment_1_ann.ipynb",
    ],
)
def test_a_name_tells_its_student(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "ann.ipynb").write_text("{}")
    found = find(tmp_path, 1, ["ann", "bob"])
    assert (found.files, found.remarks) == ({"ann": path}, [])


def test_a_student_whose_name_begins_like_anothers_is_not_taken_for_them(tmp_path):
    (tmp_path / "assignment_1_ann-lee.ipynb").write_text("{}")
    assert find(tmp_path, 1, ["ann", "ann-lee"]).files.keys() == {"ann-lee"}


def test_another_assignment_is_nobodys(tmp_path):
    (tmp_path / "assignment_2_ann.ipynb").write_text("{}")
    assert find(tmp_path, 1, ["ann"]).remarks == [
        "assignment_2_ann.ipynb: no student of the list is called 'assignment_2_ann': "
        "rename the file, or add the student; it was not graded"
    ]


def test_what_is_not_a_small_file_is_not_read(tmp_path, monkeypatch):
    giant = tmp_path / "giant.ipynb"
    giant.write_text("x" * 3_000)
    monkeypatch.setattr(submissions, "LARGEST", 2_000)
    with pytest.raises(
        ValueError, match="it has 0 MB, more than 0: ask for it with out"
    ):
        read(giant)
    monkeypatch.undo()
    assert read(giant) == b"x" * 3_000
    if os.name == "posix":
        (tmp_path / "link.ipynb").symlink_to(giant)
        with pytest.raises(
            ValueError, match="it is a link to another file, not a note"
        ):
            read(tmp_path / "link.ipynb")
        os.mkfifo(tmp_path / "pipe.ipynb")
        with pytest.raises(ValueError, match="it is not a file: ask for the notebook"):
            read(tmp_path / "pipe.ipynb")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[1, 2]",
        b'{"cells": 3}',
        b'{"cells": [3]}',
        b'{"cells": [{"source": "x"}]}',
        b'{"cells": [{"cell_type": "code", "outputs": 3}]}',
        b"[" * 100_000,
        b'{"cells": [' + b"{}," * 600 + b"{}]}",
    ],
)
def test_what_is_no_notebook_is_refused(data):
    with pytest.raises(ValueError, match=NO_NOTEBOOK):
        read_notebook(data)


def test_a_notebook_is_read_without_its_metadata():
    outputs = [{"text": ["conv1 31.6%\n"]}, {"data": {"text/plain": "'7'"}}, {}]
    cells = [
        {"cell_type": "markdown", "source": ["copy `ab12cd`\n", "here"]},
        {"cell_type": "code", "source": "x = 1", "outputs": outputs},
        {"cell_type": "code", "source": ["def f(a):\n", "    return a"]},
    ]
    handed = read_notebook(b"\xef\xbb\xbf" + json.dumps({"cells": cells}).encode())
    assert handed.cells == ("x = 1", "def f(a):\n    return a")
    assert handed.prose == "copy `ab12cd`\nhere"
    assert "conv1 31.6%" in handed.printed
    assert same_cell("x = 1  \n\n") == same_cell("x = 1")


def test_numbers_count_as_quoted_when_the_run_printed_them():
    printed = "conv1   31.6%   12,345\nfc4 20.44 0.0312 1e-05"
    text = "conv1 takes 31.6 %, so 32 is near; 12,345, 12345 and 20.4 but not 99 or 3.2"
    assert quoted_numbers(text, printed) == ["31.6", "32", "12,345", "12345", "20.4"]
    assert quoted_numbers("conv1 and fc4 by name only", printed) == []
    assert quoted_numbers("31.6", "") == []


def test_functions_are_found_without_parsing():
    cells = [
        "import os\n\ndef f(a):\n    if a:\n        return 1\n\n    return 2\n\nx = 3",
        "def g(\n    a: int,\n) -> int:\n    return a\ny = 1",
        "def f(a):\n    return 4",
        "((((" * 9_999,
    ]
    found = functions(cells)
    assert found["f"] == "def f(a):\n    return 4"
    assert found["g"] == "def g(\n    a: int,\n) -> int:\n    return a"


@pytest.fixture(scope="module")
def copies():
    assignment = find_assignment(1)
    master = read_master(assignment)
    return [make_copy(assignment, master, name, SECRET) for name in ("ann", "bob")]


def test_a_neighbours_notebook_is_remarked_upon(tmp_path, copies):
    ann, bob = copies
    assignment = find_assignment(1)
    path = hand_in(tmp_path, assignment, "ann", answer(bob))
    marks = mark(assignment, ann, path, Limits(memory=2**28))
    assert marks.points < 18
    assert marks.remarks[0] == (
        f"this notebook does not say that it is your copy {ann.fingerprint}: was it "
        f"made from somebody else's?"
    )


def test_a_file_that_cannot_be_opened_is_a_mark_of_nothing(tmp_path, copies):
    gone = tmp_path / "gone.ipynb"
    marks = mark(find_assignment(1), copies[0], gone, Limits())
    assert (marks.status, marks.points) == ("not readable", 0)
    assert marks.remarks == ["gone.ipynb: No such file or directory"]
    nothing = mark_nothing(copies[0], "nothing handed in")
    assert sum(len(parts) for parts in nothing.parts.values()) == 15


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "marks.csv"
    write_text(path, "old\n")

    def fail(*args) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="the disk is full"):
        write_text(path, "new\n")
    assert path.read_text() == "old\n"
    assert list(Path(tmp_path).iterdir()) == [path]
