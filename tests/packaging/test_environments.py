"""What the runs in fresh environments look for, found in made-up ones."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.packaging.colab import choose, data_of, find_faults, in_place_of
from tests.packaging.environments import ROOT, find_changes, locked_versions, run

pytestmark = pytest.mark.packaging

NOTES = {
    "FashionMNIST: 60,000 training and 10,000 test pictures, as published": (
        "as published"
    ),
    "stand-in for MNIST: 2,000 training and 500 test pictures drawn by code, because": (
        "drawn by"
    ),
    "CIFAR10: 50,000 training and 10,000 test pictures from a copy": "from a",
}


def notebook(note: str = "", first: str = "widgets are on\n", stderr: str = ""):
    cells = [new_markdown_cell("# Title")]
    for source, name, text in (
        ("bootstrap", "stdout", first),
        ("print(pictures.note)", "stdout", note),
        ("1 + 1", "stderr", stderr),
    ):
        outputs = [new_output("stream", name=name, text=text)] if text else []
        cells.append(new_code_cell(source, outputs=outputs))
    return new_notebook(cells=cells)


def test_a_change_of_what_was_there_is_found():
    before = {"numpy": "2.0", "torch": "2.15", "tqdm": "4.70"}

    assert find_changes(before, before | {"d2l": "1.0.3"}) == []
    assert find_changes(before, {"numpy": "2.1", "torch": "2.15"}) == [
        "numpy was 2.0 and is 2.1",
        "tqdm was 4.70 and is gone",
    ]


def test_versions_of_the_lock_are_read_with_their_markers():
    lock = (ROOT / "lock.txt").read_text("utf-8")
    lines = locked_versions(lock).splitlines()

    assert len(lines) > 100
    assert [line for line in lines if "hash" in line or "\\" in line] == []
    numpy = [line for line in lines if line.startswith("numpy==")]
    assert len({line.partition(";")[2] for line in numpy}) == len(numpy)


@pytest.mark.parametrize("note", NOTES)
def test_a_notebook_that_names_its_data_has_no_fault(note):
    nb = notebook(note)

    assert data_of(nb) == NOTES[note]
    assert find_faults(nb, ["alexnet-course", "d2l"]) == []


def test_each_fault_of_a_notebook_is_named():
    good = ["alexnet-course"]
    note = next(iter(NOTES))

    assert find_faults(notebook(note), []) == [
        "the first cell did not install the course"
    ]
    assert find_faults(notebook(note, first=""), good) == ["the first cell said ''"]
    assert find_faults(notebook(""), good) == [
        "it does not say where its data come from"
    ]
    assert find_faults(notebook(note, stderr="Warning: old"), good) == [
        "stderr: 'Warning: old'"
    ]


def test_notebooks_run_in_the_order_that_is_given(tmp_path):
    for name in ("02_b.ipynb", "00_a.ipynb", "10_c.ipynb", "glossary.md"):
        (tmp_path / name).touch()

    assert [p.name[:2] for p in choose(tmp_path, [])] == ["00", "02", "10"]
    assert [p.name[:2] for p in choose(tmp_path, ["10", "00"])] == ["10", "00"]
    with pytest.raises(ValueError, match="no notebook '07': there are 00, 02, 10"):
        choose(tmp_path, ["00", "07"])


def test_a_version_takes_the_place_of_a_name():
    given = ["numpy==2.0.2", "d2l==1.0.3"]

    assert in_place_of(["torch", "numpy"], given) == [*given, "torch"]


def test_a_failing_command_is_quoted(tmp_path):
    with pytest.raises(RuntimeError, match=r"git no-such failed\n[\s\S]*no-such"):
        run("git", "no-such", cwd=tmp_path)
