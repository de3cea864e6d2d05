"""The command `stamp`, on a small course of its own."""

from pathlib import Path

import nbformat
import pytest

from alexnet_lib import runtime
from alexnet_lib.classroom.build import write
from alexnet_lib.classroom.source import read_source
from tests.unit.command_line import call, error_of

ADDRESS = "https://github.com/owner/course"
TEXT = "# %% [markdown]\n# # {0} · A title?\n#\n# They say {0}.\n\n# %%\n1 + 1\n"
ROW = "| {0} | [Part](notebooks/{0}_part.ipynb) | 50 |\n"
RUNTIME = 'A = 1\nREPOSITORY = ""\nREPOSITORY_LINE = "no"\n'


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of two notebooks, whose address is read from its own constant."""
    monkeypatch.setattr(runtime, "checkout", lambda: tmp_path)
    (tmp_path / "alexnet_lib").mkdir()
    (tmp_path / "alexnet_lib/runtime.py").write_text(RUNTIME)
    (tmp_path / "README.md").write_text(ROW.format("02") + ROW.format("03"))
    (tmp_path / "notebooks/source").mkdir(parents=True)
    for number in ("02", "03"):
        source = tmp_path / f"notebooks/source/{number}_part.py"
        source.write_text(TEXT.format(number))
        nb = read_source(source, "")
        nb.cells[2].execution_count = 2  # built: stamping may not lose it
        write(nb, tmp_path / f"notebooks/{number}_part.ipynb")
    return tmp_path


def contents(course: Path) -> dict[str, bytes]:
    files = [path for path in course.rglob("*") if path.is_file()]
    return {path.relative_to(course).as_posix(): path.read_bytes() for path in files}


def test_an_address_is_written_everywhere_and_taken_out_again(course, capsys):
    before = contents(course)

    stamped = call(capsys, "stamp", "owner/course")
    carrying = contents(course)
    again = call(capsys, "stamp", ADDRESS)
    removed = call(capsys, "stamp", "--remove")

    everything = [
        "alexnet_lib/runtime.py",
        "README.md",
        "notebooks/02_part.ipynb",
        "notebooks/03_part.ipynb",
    ]
    assert stamped == {"address": ADDRESS, "changed": everything, "files": 4}
    assert all(b"owner/course" in carrying[name] for name in everything)
    assert again == {"address": ADDRESS, "changed": [], "files": 4}
    assert removed == {"address": "", "changed": everything, "files": 4}
    assert contents(course) == before


def test_stamped_notebooks_are_in_step_with_their_sources(course, capsys, monkeypatch):
    ids = [
        cell.id for cell in nbformat.read(course / "notebooks/02_part.ipynb", 4).cells
    ]
    call(capsys, "stamp", "owner/course")
    assert "notebooks 02" in error_of(capsys, "notebooks", "--check")

    monkeypatch.setattr(runtime, "REPOSITORY", ADDRESS)  # as the next process reads it

    assert call(capsys, "notebooks", "--check") == {"in_step": ["02_part", "03_part"]}
    nb = nbformat.read(course / "notebooks/02_part.ipynb", as_version=4)
    assert [cell.id for cell in nb.cells] == ids
    assert nb.cells[2].execution_count == 2
    assert f"git+{ADDRESS} " in nb.cells[1].source
    assert "blob/main/notebooks/02_part.ipynb" in nb.cells[0].source


def test_only_the_constant_changes_in_the_code(course, capsys):
    call(capsys, "stamp", "owner/course")

    source = (course / "alexnet_lib/runtime.py").read_text()
    assert source == RUNTIME.replace('REPOSITORY = ""', f'REPOSITORY = "{ADDRESS}"')


def test_without_an_address_new_notebooks_get_the_one_that_is_written(course, capsys):
    call(capsys, "stamp", "owner/course")
    source = course / "notebooks/source/04_part.py"
    source.write_text(TEXT.format("04"))
    write(read_source(source, ""), course / "notebooks/04_part.ipynb")

    assert call(capsys, "stamp")["changed"] == ["notebooks/04_part.ipynb"]


def test_check_writes_nothing_and_names_the_first_file(course, capsys):
    assert call(capsys, "stamp", "--check")["changed"] == []
    before = contents(course)

    message = error_of(capsys, "stamp", "owner/course", "--check")

    assert message == (
        f"runtime.py lacks the address {ADDRESS}: run `python -m alexnet_lib "
        f"stamp {ADDRESS}`"
    )
    assert contents(course) == before
    call(capsys, "stamp", "owner/course")
    (course / "notebooks/03_part.ipynb").write_bytes(before["notebooks/03_part.ipynb"])
    assert error_of(capsys, "stamp", "--check").startswith("03_part.ipynb lacks the")
    assert error_of(capsys, "stamp", "--remove", "--check").startswith(
        "runtime.py carries an address: run `python -m alexnet_lib stamp --remove`"
    )


def test_nothing_is_written_when_one_file_cannot_be(course, capsys):
    path = course / "notebooks/03_part.ipynb"
    nb = nbformat.read(path, as_version=4)
    del nb.cells[1]
    write(nb, path)
    before = contents(course)

    assert error_of(capsys, "stamp", "owner/course") == (
        "03_part.ipynb has 0 bootstrap cells: build it again with `python -m "
        "alexnet_lib notebooks 03`"
    )
    assert contents(course) == before
    (course / "alexnet_lib/runtime.py").write_text("A = 1\n")
    assert error_of(capsys, "stamp").startswith(
        'alexnet_lib/runtime.py has 0 lines REPOSITORY = "...": write exactly one'
    )


def test_contradictions_and_a_missing_checkout_are_errors(course, capsys, monkeypatch):
    assert error_of(capsys, "stamp", "owner/course", "--remove") == (
        "give 'owner/course' or --remove, not both"
    )
    assert "is not the address of a repository" in error_of(capsys, "stamp", "course")
    monkeypatch.setattr(runtime, "checkout", lambda: None)
    assert error_of(capsys, "stamp").endswith("clone it, and run this there")


def test_it_says_what_it_did(course, capsys):
    from alexnet_lib.__main__ import main

    assert main(["stamp", "owner/course"]) == 0
    assert main(["stamp", "--remove", "--check"]) == 2
    assert main(["stamp", "--remove"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"4 files carry {ADDRESS}; 4 of them changed",
        "4 files carry no address; 4 of them changed",
    ]
