"""The twins as files: whole, quiet, and what the live widgets show."""

import re
from dataclasses import replace
from math import prod
from pathlib import Path

import pytest

from alexnet_lib import data, runtime, widgets
from alexnet_lib.classroom.twins import State, Twin
from alexnet_lib.commands import twin_pages
from alexnet_lib.learning import shipped
from alexnet_lib.widgets.filter_wall import SEEN, FilterWall
from alexnet_lib.widgets.lrn_triangle_drawing import draw_scene
from alexnet_lib.widgets.lrn_triangle_rules import PIXEL, Scene, describe_scene
from tests.unit.command_line import call, error_of
from tests.unit.glasses import pictures
from tests.unit.twin_files import DATA, Page, decode, difference

FOLDER = Path(__file__).resolve().parents[2] / "notebooks" / "twins"
FILES = sorted(FOLDER.glob("*.html"))
NAMES = {
    *("activation_maps", "channel_surgery", "filter_wall"),
    *("layer_cockpit", "lrn_triangle"),
}
AGAIN = "the page is not what its widget shows: `python -m alexnet_lib twins`"
SIDE = 28  # pixels of the stored pictures


def in_the_tree(name: str) -> str:
    return (FOLDER / f"{name}.html").read_text(encoding="utf-8")


def wall() -> Twin:
    opened = shipped.first_shipped("d2l", "quarter")
    return twin_pages.filter_wall(opened.network, SIDE, opened.history)


def test_all_are_there_and_small():
    assert {path.stem for path in FILES} == NAMES
    sizes = [path.stat().st_size for path in FILES]
    assert max(sizes) < 1_500_000
    assert sum(sizes) < 4_000_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_state_has_a_picture_and_words(path):
    page = Page(path.read_text(encoding="utf-8"))
    rows = [name for name, _id in page.buttons]
    assert len(page.sections) == prod(rows.count(name) for name in set(rows)) > 1
    for section in page.sections.values():
        assert len(section.words) > 40
        assert section.images or section.rows > 5
        assert all(len(alt) > 20 for alt, _source in section.images)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_loaded_and_links_lead_to_the_notebook(path):
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    drawings = [decode(found[0]) for found in DATA.finditer(text)]
    assert not page.tags & {"script", "link", "iframe", "object", "base"}
    assert all(DATA.fullmatch(source) for source in page.sources)
    assert "//" not in DATA.sub("", text)
    for content in (content for kind, content in drawings if kind == "svg+xml"):
        bare = content.decode().replace(' xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"//|href|<script|<image|url\((?!#)", bare)
    (link,) = page.links
    assert (FOLDER / link).resolve().parent == FOLDER.parent
    assert (FOLDER / link).is_file()


@pytest.mark.parametrize(
    "make", [twin_pages.layer_cockpit, twin_pages.lrn_triangle, wall]
)
def test_a_file_in_the_tree_is_what_its_widget_shows(make):
    twin = make()
    assert difference(in_the_tree(twin.name), twin.html()) == "", AGAIN
    assert make().html() == twin.html()


@pytest.mark.needs_data
def test_the_command_makes_what_is_in_the_tree(
    real_data_root, monkeypatch, tmp_path, capsys
):
    monkeypatch.setenv("ALEXNET_DATA", str(real_data_root))
    told = call(capsys, "twins", "--out", tmp_path / "new")
    assert told["folder"] == str(tmp_path / "new")
    assert told["twins"].keys() == NAMES
    for name, each in told["twins"].items():
        made = (tmp_path / "new" / f"{name}.html").read_text(encoding="utf-8")
        assert each["bytes"] == len(made.encode())
        assert each["states"] == len(Page(made).sections)
        assert difference(in_the_tree(name), made) == "", AGAIN


def test_a_state_stands_under_its_own_title():
    cockpit = widgets.layer_cockpit("LeNet-5 (28)")
    cockpit.rounding.value = "ceil"
    text = in_the_tree("layer_cockpit")
    section = Page(text).sections["Network: LeNet-5 (28); Rounding: ceil"]
    assert section.words == cockpit.words()
    assert cockpit.table.value in text.partition(f'id="{section.id}"')[2]

    section = Page(in_the_tree("lrn_triangle")).sections[
        "The loud one is: in the next pixel; Window n: 7; alpha, code: 0.0005"
    ]
    scene = replace(Scene(), place=PIXEL, size=7, code_alpha=5e-4)
    assert section.words == describe_scene(scene)
    assert decode(section.images[0][1]) == ("svg+xml", draw_scene(scene).encode())

    opened = shipped.first_shipped("d2l", "quarter")
    live = FilterWall(opened.network, SIDE, opened.history)
    live.order.value, live.show.value = "norm", SEEN
    sections = Page(in_the_tree("filter_wall")).sections
    title = next(t for t in sections if t.startswith(f"Show: {SEEN}; Sort by: norm"))
    assert sections[title].words == live.words()


@pytest.mark.needs_data
def test_a_state_of_a_picture_stands_under_its_own_title(real_data_root):
    clothes = data.load(root=real_data_root)
    opened = shipped.first_shipped("d2l", "quarter")
    live = widgets.channel_surgery(opened.network, clothes, number=1)
    live.silence_until_it_changes()
    title = f"Picture: 1, Pullover; Layer: {live.layer.value}; Channels: "
    section = Page(in_the_tree("channel_surgery")).sections[
        f"{title}{live.until.description}"
    ]
    assert section.words == live.words()
    assert [alt for alt, _ in section.images][1:] == [live.picture.alt, live.maps.alt]

    explorer = widgets.explorer(opened.network, clothes, number=2)
    maps = explorer.maps
    maps.layer.value = "fc8"
    maps.channel.value = int(maps.maps.argmax())
    section = Page(in_the_tree("activation_maps")).sections[
        "Picture: 2, Trouser; Layer: fc8"
    ]
    assert section.words == maps.words()
    explorer.close()


def test_a_history_of_the_filters_has_its_first_moment_too():
    opened = shipped.first_shipped("quarter")
    final = opened.network.model.conv1.weight.detach().unsqueeze(0)
    history = twin_pages.Filters(
        kernels=final.repeat(3, 1, 1, 1, 1),
        fractions=(0.0, 0.5, 1.0),
        variant=opened.network.variant,
    )
    twin = twin_pages.filter_wall(opened.network, SIDE, history)
    assert twin.choices["Moment"] == ["the last", "the first"]
    assert "after 100 % of the training" in twin.states[0].words
    assert "before the first step" in twin.states[1].words


def test_words_are_escaped_and_a_missing_state_is_an_error():
    twin = Twin(
        name="small",
        title="a < b",
        notebook="00_start.ipynb",
        says="c & d",
        choices={"e": ["<f>", "g"]},
        states=[State("1 < 2", "<p>one</p>"), State("two", "<p>two</p>")],
    )
    text = twin.html()
    assert "<h1>a &lt; b</h1>" in text
    assert "c &amp; d" in text
    assert Page(text).sections["e: <f>"].words == "1 < 2"
    assert text.count(" checked>") == 1
    with pytest.raises(ValueError, match="shorter"):
        replace(twin, states=twin.states[:1]).html()


def test_without_the_pictures_or_a_place_one_line_says_so(monkeypatch, capsys):
    monkeypatch.setattr(data, "load", pictures)
    assert error_of(capsys, "twins").startswith(
        "the twins show published pictures, and Fashion-MNIST is not here: `python -m"
    )
    monkeypatch.setattr(runtime, "checkout", lambda: None)
    assert error_of(capsys, "twins") == (
        "the twins belong to the course's repository: name a folder, --out DIR"
    )
