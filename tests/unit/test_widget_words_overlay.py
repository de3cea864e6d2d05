"""Another language lies over the table; what does not fit it is one clear line."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from string import Formatter

import numpy as np
import pytest
import yaml

from alexnet_lib import widgets
from alexnet_lib.architecture.variants import ALEXNET_2012
from alexnet_lib.widgets import words
from alexnet_lib.widgets.words import english_table, lay_over


def overlay(folder: Path, text: str) -> Path:
    path = folder / "zh.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_overlay_changes_its_entries_and_no_others(tmp_path):
    path = overlay(
        tmp_path, 'ruler: {bar_over: "第{number}窗超出{count}", stride: "步幅"}'
    )
    laid = lay_over(english_table(), path)
    changed = {
        f"{widget}.{key}"
        for widget, entries in english_table().items()
        for key, said in entries.items()
        if laid[widget][key] != said
    }
    assert changed == {"ruler.bar_over", "ruler.stride"}
    assert english_table()["ruler"]["stride"] == "Stride"
    say = words.Words(laid["ruler"], english_table()["ruler"])
    assert say("bar_over", number=7, count=2) == "第7窗超出2"
    # cells name networks in English
    assert (say.translated("Stride"), say.translated("other")) == ("步幅", "other")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("board: {plai: x}", "there is no entry board.plai: did you mean board.play?"),
        ("xyz: {qqq: x}", "there is no entry xyz.qqq: see words.yaml"),
        ("board: {on: x}", "there is no entry board.True"),
        (
            'ruler: {bar: "window"}',
            "ruler.bar has no placeholders where the English has {number}: keep them",
        ),
        (
            'committee: {of_networks_many: "{n} nets"}',
            "committee.of_networks_many has {n} where the English has {count}: keep",
        ),
        (
            'live: {minutes: "{count} minutes"}',
            "live.minutes has {count} where the English has {count:.0f}: keep them",
        ),
        ('ruler: {bar: "window {number"}', "ruler.bar cannot be read: expected '}'"),
        ("ruler: {stride: 3}", "ruler.stride is 3: expected words in quotes"),
        ("ruler: Stride", "'ruler' holds no entries, but 'Stride'"),
        ("- ruler", "holds no widgets with entries: see words.yaml"),
        ("ruler: {", "is no YAML in UTF-8: while parsing a flow"),
    ],
)
def test_a_wrong_overlay_is_one_line(text, said, tmp_path):
    path = overlay(tmp_path, text)
    with pytest.raises(ValueError, match=re.escape(said)) as caught:
        lay_over(english_table(), path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(
        ValueError, match="No such file or directory; see ALEXNET_WORDS"
    ):
        lay_over(english_table(), tmp_path / "none.yaml")


def loud(said: str) -> str:
    """In upper case, with the placeholders as they are."""
    parts = []
    for text, name, form, conversion in Formatter().parse(said):
        parts.append(text.upper())
        if name is not None:
            how = (f"!{conversion}" if conversion else "") + (
                f":{form}" if form else ""
            )
            parts.append(f"{{{name}{how}}}")
    return "".join(parts)


EVERYONE = """
import json, numpy, torch
from alexnet_lib import widgets
found = {
    "ruler": widgets.window_ruler(),
    "cockpit": widgets.layer_cockpit("one tower (224)"),
    "treemap": widgets.cost_treemap("paper (2012)"),
    "triangle": widgets.lrn_triangle(),
    "stepper": widgets.window_stepper(numpy.ones((1, 4, 4)), numpy.ones((1, 2, 2))),
    "thermometer": widgets.gradient_thermometer(
        torch.ones(2, 1, 28, 28), torch.tensor([0, 1])
    ),
}
print(json.dumps({name: widget.words() for name, widget in found.items()}))
"""
NOT_OURS = r"floor|sigmoid|(conv|pool|norm|relu|fc)\d"  # names of the library


def said_in_a_kernel(**environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", EVERYONE],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )


def test_widgets_speak_the_language_of_the_overlay(tmp_path):
    table = {
        widget: {key: loud(said) for key, said in entries.items()}
        for widget, entries in english_table().items()
    }
    path = overlay(tmp_path, yaml.safe_dump(table))
    done = said_in_a_kernel(ALEXNET_WORDS=str(path))
    assert done.stderr == ""
    shouted = json.loads(done.stdout)
    for name, said in shouted.items():
        said = said.removeprefix(ALEXNET_2012.name)
        ours = [each for each in re.findall(r"\b[A-Za-z]\w*", said) if len(each) > 1]
        low = [each for each in ours if each != each.upper()]
        assert [each for each in low if not re.fullmatch(NOT_OURS, each)] == [], name
        assert len(ours) > len(low), name
    # nothing but the case has changed
    image = np.ones((1, 4, 4))
    assert shouted["ruler"].casefold() == widgets.window_ruler().words().casefold()
    assert shouted["triangle"] == widgets.lrn_triangle().words().upper()
    stepper = widgets.window_stepper(image, image[:, :2, :2])
    assert shouted["stepper"] == stepper.words().upper()


def test_a_wrong_overlay_stops_the_import_with_its_line(tmp_path):
    path = overlay(tmp_path, "board: {plai: x}")
    done = said_in_a_kernel(ALEXNET_WORDS=str(path))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"ValueError: {path}: there is no entry board.plai: did you mean board.play?"
    )
