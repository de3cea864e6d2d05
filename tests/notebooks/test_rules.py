"""The rules of CONTRIBUTING.md hold for every committed notebook."""

from pathlib import Path

import pytest

from alexnet_lib.classroom.rules import defects

pytestmark = pytest.mark.notebooks


def test_committed_notebook_keeps_the_rules(committed: Path):
    found = defects(committed)
    assert not found, "\n".join(found)


def test_the_clean_fixture_keeps_the_rules(clean: Path):
    assert defects(clean) == []
