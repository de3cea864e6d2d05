"""From a source text to cells: ids, the bootstrap cell, and being in step."""

import copy

import pytest

from alexnet_lib.classroom.source import difference, label, parse_source, read_source

TEXT = """\
# %% [markdown]
# # 98 · A title?

# %%
1 + 1

# %% tags=["check"]
2 + 2

# %%
1 + 1
"""


def test_the_bootstrap_cell_stands_behind_the_title():
    nb = parse_source(TEXT)
    assert [cell.cell_type for cell in nb.cells] == ["markdown"] + ["code"] * 4
    assert nb.cells[1].metadata.tags == ["bootstrap"]
    assert nb.cells[3].metadata.tags == ["check"]


def test_ids_come_from_the_content():
    ids = [cell.id for cell in parse_source(TEXT).cells]
    assert ids == [cell.id for cell in parse_source(TEXT).cells]
    assert len(set(ids)) == len(ids)
    assert ids[4] == f"{ids[2]}-2"


def test_an_edit_leaves_the_ids_of_the_other_cells_alone():
    before = [cell.id for cell in parse_source(TEXT).cells]
    after = [cell.id for cell in parse_source(TEXT.replace("2 + 2", "3 + 3")).cells]
    changed = [
        i
        for i, pair in enumerate(zip(before, after, strict=True))
        if pair[0] != pair[1]
    ]
    assert changed == [3]


def test_metadata_name_no_machine():
    nb = parse_source(TEXT)
    assert nb.metadata.language_info == {"name": "python"}
    assert nb.metadata.kernelspec.name == "python3"
    assert "jupytext" not in nb.metadata


def test_a_source_starts_with_its_title(tmp_path):
    path = tmp_path / "97_no_title.py"
    path.write_text("# %%\n1 + 1\n")
    with pytest.raises(
        ValueError, match=r"97_no_title\.py: a notebook starts with a mark"
    ):
        read_source(path)


def test_outputs_and_widget_state_are_no_difference():
    nb = parse_source(TEXT)
    nb.cells[2].execution_count = 7
    nb.metadata["widgets"] = {"state": {}}
    assert difference(parse_source(TEXT), nb) is None


def test_each_kind_of_difference_is_named():
    expected = parse_source(TEXT)
    changes = {
        "the source of cell 2 (1 + 1) differs": lambda nb: nb.cells[2].update(
            source=""
        ),
        "the metadata of cell 3": lambda nb: nb.cells[3].metadata.clear(),
        "the id of cell 0": lambda nb: nb.cells[0].update(id="mine"),
        "the cell_type of cell 4": lambda nb: nb.cells[4].update(cell_type="raw"),
        "4 cells, and its source has 5": lambda nb: nb.cells.pop(),
        "the metadata of the notebook": lambda nb: nb.metadata.update(author="me"),
    }
    for says, change in changes.items():
        found = copy.deepcopy(expected)
        change(found)
        assert says in (difference(expected, found) or "")


def test_another_address_is_a_difference_of_the_bootstrap_cell():
    found = difference(parse_source(TEXT, "https://x.org/a"), parse_source(TEXT, ""))
    assert found.startswith("the source of cell 1 (import subprocess")


def test_a_label_names_the_cell():
    nb = parse_source(TEXT)
    assert label(nb, 0) == "cell 0 (# # 98 · A title?)".replace("# #", "#")
