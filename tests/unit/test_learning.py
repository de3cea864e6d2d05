"""Predictions, ledger and content: kept whole, and complete."""

import json
import os
import re

import pytest

from alexnet_lib import learning, runtime
from alexnet_lib.learning import content, predictions, progress
from alexnet_lib.learning.claims import claims
from alexnet_lib.learning.ledger_rows import PARTS


def test_no_exercise_has_hints_in_two_notebooks():
    named = [
        exercise
        for number in content.numbers()
        for exercise in content.notebook_content(number).get("hints", {})
    ]
    assert len(named) == len(set(named))


def test_prediction_is_recorded_and_shown_again():
    predictions.record("00-conv1-side", "54", "fairly sure")
    shown = learning.reveal("00-conv1-side", 55)
    assert repr(shown) == "what came out: 55; you predicted 54 (fairly sure)"
    assert "<details>" in shown._repr_html_()
    stored = json.loads(runtime.progress_file().read_text())
    assert stored["predictions"]["00-conv1-side"]["option"] == "54"


def test_reveal_without_a_prediction():
    assert (
        repr(learning.reveal("00-conv1-side", 55))
        == "what came out: 55; you made no prediction"
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: predictions.record("00-conv1-side", "57"),
            "'57' is not an option of 00-conv1-side: 54, 55, 56",
        ),
        (
            lambda: predictions.record("00-conv1-side", "54", "very"),
            "confidence is 'very': it must be one of a guess, fairly sure, certain",
        ),
        (
            lambda: learning.reveal("00-conv2", 1),
            "no prediction '00-conv2' in notebook 00: there are 00-conv1-side",
        ),
        (
            lambda: learning.reveal(3, 1),
            "no prediction 3: a key begins with its notebook, 02-...",
        ),
        (
            lambda: content.section("00", "recall"),
            "notebook '00' has no 'recall': it has ",
        ),
        (
            lambda: content.notebook_content("77"),
            "notebook '77' has no content file: they are 00",
        ),
        (
            lambda: learning.fill("padding", costs="", buys="", verdict=""),
            "the ledger has no part 'padding': it has ReLU, LRN",
        ),
    ],
)
def test_wrong_names_get_one_clear_line(call, message):
    with pytest.raises(ValueError, match="^" + re.escape(message)) as error:
        call()
    assert "\n" not in str(error.value)


def test_ledger_begins_grey_and_keeps_its_rows():
    assert repr(learning.ledger()) == "ledger: 0 of 10 rows begun"
    learning.fill("LRN", costs="2 ms", buys="0.1 points", verdict="not proven")
    table = learning.ledger()
    assert repr(table).splitlines()[1] == (
        "  LRN: costs: 2 ms; buys: 0.1 points; verdict: not proven"
    )
    html = table._repr_html_()
    assert html.count("<tr>") == len(PARTS) + 1
    assert "open: notebook 04" in html


def test_ledger_escapes_what_the_reader_wrote():
    learning.fill("LRN", costs="<script>", buys="", verdict="")
    assert "<script>" not in learning.ledger()._repr_html_()


def test_progress_survives_a_failed_write(monkeypatch):
    progress.write("predictions", "a", 1)

    def no_space(*args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", no_space)
        with pytest.raises(OSError, match="No space left"):
            progress.write("predictions", "b", 2)
    folder = runtime.progress_file().parent
    assert [path.name for path in folder.iterdir()] == ["progress.json"]


def test_progress_that_is_not_json_is_named_and_left_alone(monkeypatch, tmp_path):
    path = tmp_path / "progress.json"
    path.write_text("{broken")
    monkeypatch.setenv("ALEXNET_PROGRESS", str(path))
    with pytest.raises(ValueError, match="move it away to start afresh") as error:
        progress.write("ledger", "LRN", {})
    assert str(path) in str(error.value)
    assert path.read_text() == "{broken"


@pytest.mark.parametrize("held", ["[1, 2]", '{"ledger": 3}', '"text"'])
def test_progress_of_another_kind_is_named_and_left_alone(monkeypatch, tmp_path, held):
    path = tmp_path / "progress.json"
    path.write_text(held)
    monkeypatch.setenv("ALEXNET_PROGRESS", str(path))
    with pytest.raises(ValueError, match="does not hold the course's answers"):
        progress.read("ledger")
    assert path.read_text() == held


def test_progress_where_nothing_can_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ALEXNET_PROGRESS", str(tmp_path / "file" / "progress.json"))
    with pytest.raises(OSError, match="name another file in ALEXNET_PROGRESS"):
        progress.write("ledger", "LRN", {})


@pytest.mark.parametrize("number", content.numbers())
def test_content_is_complete(number):
    whole = content.notebook_content(number)
    for hints in whole.get("hints", {}).values():
        assert 1 <= len(hints) <= 3
    predictions_here = whole.get("predictions", {})
    assert len(predictions_here) <= 3
    for key, entry in predictions_here.items():
        assert key.startswith(number)
        assert len(set(entry["options"])) == len(entry["options"]) >= 2
        assert all(isinstance(option, str) for option in entry["options"])
    for question in whole.get("recall", []):
        assert 0 <= question["answer"] < len(question["options"]) <= 4
        assert question["why"].strip()
    if card := whole.get("who_is_right"):
        assert card["right"] in ("A", "B")
        assert card["claim"] in claims()
