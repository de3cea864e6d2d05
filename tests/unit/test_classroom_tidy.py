"""What changes from run to run is taken out of outputs and widget state."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from alexnet_lib import runtime
from alexnet_lib.classroom.tidy import (
    WIDGET_STATE,
    WIDGET_VIEW,
    join_streams,
    number_widgets,
    scrub,
    tidy_outputs,
)

BOX, SLIDER, LINK, UNSEEN = (letter * 32 for letter in "abcd")


def stream(text: str, name: str = "stdout"):
    return new_output("stream", name=name, text=text)


def test_streams_that_follow_one_another_are_joined():
    picture = new_output("display_data", data={"text/plain": "x"})
    outputs = [
        stream("a\n"),
        stream("b\n"),
        picture,
        stream("c\n"),
        stream("d", "stderr"),
    ]
    joined = join_streams(outputs)
    assert [output.get("text") for output in joined] == ["a\nb\n", None, "c\n", "d"]


def test_a_line_that_was_rewritten_keeps_its_last_state():
    joined = join_streams(
        [stream("\r10 %"), stream("\r50 %"), stream("\r100 %\nend\n")]
    )
    assert joined[0].text == "100 %\nend\n"


def test_addresses_and_paths_are_scrubbed(monkeypatch, tmp_path):
    monkeypatch.setenv("ALEXNET_DATA", str(tmp_path))
    assert scrub("<object at 0x7f12ab34cd56>") == "<object at 0x0>"
    assert scrub(f"{runtime.PACKAGE}/spec.py") == "alexnet_lib/spec.py"
    assert scrub(f"{tmp_path}/MNIST") == "data/MNIST"
    assert scrub("/opt/x/lib/python3.11/site-packages/torch/a.py") == (
        "site-packages/torch/a.py"
    )
    assert scrub(f"{Path.home()}/x") == "~/x"
    assert scrub("0xff and 3/4") == "0xff and 3/4"


def test_pictures_are_left_alone():
    data = {"image/png": f"{runtime.PACKAGE}", "text/plain": f"{runtime.PACKAGE}"}
    cell = new_code_cell(outputs=[new_output("display_data", data=data)])
    nb = new_notebook(cells=[cell])
    tidy_outputs(nb)
    found = nb.cells[0].outputs[0].data
    assert found == {"image/png": f"{runtime.PACKAGE}", "text/plain": "alexnet_lib"}


def shown_box(ids: dict[str, str]) -> nbformat.NotebookNode:
    """A box with a slider, a link to the slider, and a widget nobody sees."""
    box, slider, link, unseen = (
        ids.get(name, name) for name in (BOX, SLIDER, LINK, UNSEEN)
    )
    state = {
        unseen: {"state": {"value": 3}},
        link: {"state": {"source": [f"IPY_MODEL_{slider}", "value"]}},
        slider: {"state": {"value": 1}},
        box: {"state": {"children": [f"IPY_MODEL_{slider}"]}},
    }
    view = new_output("execute_result", data={WIDGET_VIEW: {"model_id": box}})
    metadata = {"widgets": {WIDGET_STATE: {"state": state, "version_major": 2}}}
    return new_notebook(
        cells=[new_code_cell(id="x", outputs=[view])], metadata=metadata
    )


def test_widgets_are_numbered_from_what_is_shown():
    nb = number_widgets(shown_box({}))
    first, second, third = (f"{number:032x}" for number in range(3))
    assert nb.cells[0].outputs[0].data[WIDGET_VIEW]["model_id"] == first
    assert nb.metadata.widgets[WIDGET_STATE]["state"] == {
        first: {"state": {"children": [f"IPY_MODEL_{second}"]}},
        second: {"state": {"value": 1}},
        third: {"state": {"source": [f"IPY_MODEL_{second}", "value"]}},
    }


def test_other_random_ids_give_the_same_notebook():
    others = dict(
        zip(
            (BOX, SLIDER, LINK, UNSEEN),
            ("e" * 32, "1" * 32, "f" * 32, "2" * 32),
            strict=True,
        )
    )
    assert number_widgets(shown_box({})) == number_widgets(shown_box(others))


def test_no_widgets_leave_no_state():
    nb = new_notebook(metadata={"widgets": {WIDGET_STATE: {"state": {}}}})
    assert "widgets" not in number_widgets(nb).metadata
