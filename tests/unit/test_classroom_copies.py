"""The learner's copies: made, updated while untouched, kept once touched."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

from alexnet_lib.classroom.build import write
from alexnet_lib.classroom.copies import MANIFEST, relink, update_copies
from alexnet_lib.classroom.source import parse_source

NAME = "02_sizes.ipynb"
TEXT = """\
# %% [markdown]
# # 02 · A title?
#
# [next](03_costs.ipynb#a), [map](paper_map.md), [data](../data/README.md)

# %%
1 + 1
"""


@pytest.fixture
def course(tmp_path: Path) -> tuple[Path, Path]:
    """A folder with two executed notebooks, and the one for the copies."""
    notebooks = tmp_path / "notebooks"
    for name in (NAME, "03_costs.ipynb"):
        publish(notebooks / name, TEXT)
    return notebooks, tmp_path / "my_course"


def publish(path: Path, text: str) -> None:
    nb = parse_source(text)
    nb.cells[-1].outputs = [new_output("stream", name="stdout", text="2")]
    nb.cells[-1].execution_count = 2
    nb.metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {}}
    }
    write(nb, path)


def test_copies_have_no_outputs_and_keep_the_rest(course):
    notebooks, copies = course
    report = update_copies(notebooks, copies)
    assert report.made == [NAME, "03_costs.ipynb"]
    nb = nbformat.read(copies / NAME, as_version=4)
    assert nb.cells[2].outputs == []
    assert nb.cells[2].execution_count is None
    assert "widgets" not in nb.metadata
    assert [c.id for c in nb.cells] == [c.id for c in parse_source(TEXT).cells]
    assert nb.cells[1].metadata.jupyter.source_hidden


def test_links_work_from_the_folder_of_the_copies(course):
    notebooks, copies = course
    update_copies(notebooks, copies)
    text = nbformat.read(copies / NAME, as_version=4).cells[0].source
    assert "(03_costs.ipynb#a)" in text
    assert "(../notebooks/paper_map.md)" in text
    assert "(../data/README.md)" in text


def test_addresses_are_not_relinked(tmp_path):
    text = (
        '[a](https://x.org/b) <a href="#c"> [d](/e) <img src="data:image/png;base64,A">'
    )
    assert relink(text, tmp_path / "notebooks", tmp_path / "mine", set()) == text


def test_an_untouched_copy_follows_the_course(course):
    notebooks, copies = course
    update_copies(notebooks, copies)
    assert update_copies(notebooks, copies).unchanged == [NAME, "03_costs.ipynb"]
    publish(notebooks / NAME, TEXT.replace("1 + 1", "1 + 2"))
    assert update_copies(notebooks, copies).updated == [NAME]
    assert "1 + 2" in (copies / NAME).read_text()


def touch(path: Path) -> str:
    nb = nbformat.read(path, as_version=4)
    nb.cells[2].source = "my_answer = 2"
    nbformat.write(nb, path)
    return path.read_text()


def test_a_touched_copy_is_kept_and_the_reader_is_told(course):
    notebooks, copies = course
    update_copies(notebooks, copies)
    mine = touch(copies / NAME)
    report = update_copies(notebooks, copies)  # the course did not move: no news
    assert (report.kept, report.lines()) == ([], [])
    publish(notebooks / NAME, TEXT.replace("1 + 1", "1 + 2"))
    for _start in range(2):
        report = update_copies(notebooks, copies)
        assert report.kept == [NAME]
        assert report.lines() == [
            "02_sizes.ipynb is kept as you left it, and the course has a newer one: "
            "rename yours, and the next start brings the new one"
        ]
        assert (copies / NAME).read_text() == mine


def test_a_deleted_copy_comes_back(course):
    notebooks, copies = course
    update_copies(notebooks, copies)
    (copies / NAME).unlink()
    assert update_copies(notebooks, copies).made == [NAME]
    assert (copies / NAME).is_file()


def test_other_files_of_the_reader_are_left_alone(course):
    notebooks, copies = course
    copies.mkdir()
    (copies / "notes.md").write_text("mine")
    (copies / NAME).write_text("not even a notebook")
    assert update_copies(notebooks, copies).kept == [NAME]
    assert (copies / NAME).read_text() == "not even a notebook"
    assert (copies / "notes.md").read_text() == "mine"


@pytest.mark.parametrize("manifest", ["{not json", "[]", None])
def test_a_lost_manifest_never_costs_work(course, manifest):
    notebooks, copies = course
    update_copies(notebooks, copies)
    mine = touch(copies / NAME)
    if manifest is None:
        (copies / MANIFEST).unlink()
    else:
        (copies / MANIFEST).write_text(manifest)
    assert update_copies(notebooks, copies).kept == [NAME]
    assert (copies / NAME).read_text() == mine
    assert list(json.loads((copies / MANIFEST).read_text())) == ["03_costs.ipynb"]


def test_a_course_without_notebooks_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no notebooks such as 00_name\.ipynb"):
        update_copies(tmp_path, tmp_path / "mine")


def test_a_place_that_cannot_be_made_is_one_line(course):
    notebooks, copies = course
    copies.write_text("a file in the way")
    with pytest.raises(OSError, match=r"cannot make the folder .*\): name another$"):
        update_copies(notebooks, copies)
    assert copies.read_text() == "a file in the way"
