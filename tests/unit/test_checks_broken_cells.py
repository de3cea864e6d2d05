"""The clinic: sixteen errors, their causes, and the wrong ones a class would name."""

import pytest

from alexnet_lib.learning.checks.broken_cells import CAUSES, CELLS, SILENT, check_causes
from tests.unit.checking import EqualsEverything, assert_check_is_fair

RIGHT = {key: cell.cause for key, cell in CELLS.items()}


def test_causes():
    assert_check_is_fair(
        check_causes,
        right=[RIGHT, {key: f" {letter.lower()}" for key, letter in RIGHT.items()}],
        wrong={
            "silent fault": RIGHT | {"14": "N"},
            "one cause twice": RIGHT | {"10": "B"},
            "same words": RIGHT | {"10": "B", "14": "G"},
            "same kind of error": RIGHT | {"02": "A", "12": "F"},
            "another error": RIGHT | {"01": "L", "17, second": "Q"},
        },
        todo=dict.fromkeys(CELLS),
    )


@pytest.mark.parametrize("key", CELLS)
def test_every_other_letter_is_wrong_and_none_gives_the_answer(key):
    for letter in set(CAUSES) - {CELLS[key].cause}:
        result = check_causes(dict.fromkeys(CELLS) | {key: letter})
        assert result.status == "failed"
        assert result.mistake
        assert CAUSES[CELLS[key].cause] not in result.message


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("Z", "causes['02'] should be one of the letters A to R"),
        (2, "causes['02'] should be one of the letters A to R"),
        (EqualsEverything(), "causes['02'] should be one of the letters A to R"),
    ],
)
def test_what_is_no_letter(answer, message):
    assert check_causes(RIGHT | {"02": answer}).message == message


def test_some_may_stay_open():
    result = check_causes(RIGHT | {"16": None})
    assert result.status == "todo"
    assert result.message == "15 right so far; '16' is still open"
    assert "no broken cell '18'" in check_causes(RIGHT | {"18": "A"}).message


def test_each_cause_belongs_to_one_cell_or_raises_nothing():
    used = sorted([cell.cause for cell in CELLS.values()] + list(SILENT))
    assert used == sorted(CAUSES)
