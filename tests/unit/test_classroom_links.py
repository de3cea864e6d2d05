"""Addresses of repositories, and the links that are made from them."""

import re

import pytest

from alexnet_lib.classroom.links import full_address, link_map, link_title
from alexnet_lib.classroom.source import parse_source

ADDRESS = "https://github.com/owner/course"
TITLE = "# 02 · Why 55?\n\n**They say**: 224.\n\n**The doubt**: 54.25."
MAP = """\
| | notebook | minutes |
|---|---|---|
| 02 | [Layer-size arithmetic: the case of 55](notebooks/02_sizes.ipynb) | 50 |
| 13 | Not written yet | 50 |
| 16 | [Many dialects](notebooks/16_many.ipynb) | 50 |

See [the paper](notebooks/paper_map.md) | here.
"""
COLAB = "https://colab.research.google.com/github/owner/course/blob/main/notebooks/"
BINDER = "https://mybinder.org/v2/gh/owner/course/main?urlpath=lab/tree/my_course/"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("owner/course", ADDRESS),
        (" owner/course.git/ ", ADDRESS),
        ("https://github.com/owner/course.git", ADDRESS),
        ("https://github.com/owner/course/", ADDRESS),
        ("my-name/the.course_2", "https://github.com/my-name/the.course_2"),
        ("https://example.org:8443/a/b/course", "https://example.org:8443/a/b/course"),
        ("file:///tmp/bare.git", "file:///tmp/bare.git"),
    ],
)
def test_an_address_is_completed(given, address):
    assert full_address(given) == address
    assert full_address(address) == address


@pytest.mark.parametrize(
    "given",
    [
        "owner",
        "",
        "../course",
        "owner/course name",
        "https://github.com/owner",
        "https://github.com/owner/course/tree/main",  # copied from a browser
        "git@github.com:owner/course.git",
        "https://user:secret@example.org/course",  # would be published with a notebook
        "http://example.org/course",
        'https://example.org/course"; import os',
        "https://example.org/{course}",
        "owner/cours\u00e9",
    ],
)
def test_what_is_no_address_is_refused(given):
    with pytest.raises(ValueError, match="is not the address of a repository") as error:
        full_address(given)
    assert str(error.value) == (
        f"{given!r} is not the address of a repository: give OWNER/NAME on GitHub, or "
        "a full one such as https://example.org/owner/name"
    )


def test_links_stand_under_the_title():
    linked = link_title(TITLE, ADDRESS, "02_sizes.ipynb")

    assert linked.split("\n\n") == [
        "# 02 · Why 55?",
        f"[Open in Colab]({COLAB}02_sizes.ipynb) · "
        f"[Open in Binder]({BINDER}02_sizes.ipynb)",
        "**They say**: 224.",
        "**The doubt**: 54.25.",
    ]


@pytest.mark.parametrize("title", [TITLE, "# 98 · A title?", "# 98 · A title?\nmore"])
def test_linking_twice_is_linking_once_and_nothing_undoes_it(title):
    once = link_title(title, ADDRESS, "02_sizes.ipynb")
    other = link_title(once, "https://github.com/else/where", "02_sizes.ipynb")

    assert once != title
    assert link_title(once, ADDRESS, "02_sizes.ipynb") == once
    assert link_title(other, ADDRESS, "02_sizes.ipynb") == once
    assert link_title(other, "", "02_sizes.ipynb") == title


def test_colab_and_binder_are_offered_only_for_github():
    for address in ("", "https://example.org/owner/course", "file:///tmp/course"):
        assert link_title(TITLE, address, "02_sizes.ipynb") == TITLE
        assert link_map(MAP, address) == MAP


def test_the_map_gets_links_where_there_is_a_notebook():
    linked = link_map(MAP, ADDRESS)

    changed = set(linked.splitlines()) - set(MAP.splitlines())
    assert {line[:6] for line in changed} == {"| 02 |", "| 16 |"}
    assert re.findall(r"\[(\w+)\]\((https[^)]+)\)", linked) == [
        ("Colab", f"{COLAB}02_sizes.ipynb"),
        ("Binder", f"{BINDER}02_sizes.ipynb"),
        ("Colab", f"{COLAB}16_many.ipynb"),
        ("Binder", f"{BINDER}16_many.ipynb"),
    ]
    assert link_map(linked, ADDRESS) == linked
    assert link_map(linked, "") == MAP


def test_a_link_leaves_every_id_of_a_notebook_alone():
    text = (
        f"# %% [markdown]\n# {TITLE.replace(chr(10), chr(10) + '# ')}\n\n# %%\n1 + 1\n"
    )
    plain, linked = (
        parse_source(text, address, "02_sizes.ipynb") for address in ("", ADDRESS)
    )

    assert "Open in Colab" in linked.cells[0].source
    assert "Open in" not in plain.cells[0].source
    assert [cell.id for cell in linked.cells] == [cell.id for cell in plain.cells]
    assert "Open in" not in parse_source(text, ADDRESS).cells[0].source
