"""What is shown is the widget in a box with its helper; captions are live and safe."""

from ipywidgets.widgets.widget import _instances

from alexnet_lib import widgets
from alexnet_lib.widgets.access import Access, access
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.svg import text

VIEW = "application/vnd.jupyter.widget-view+json"


def shown(widget):
    """The box that a notebook shows for a widget."""
    return _instances[widget._repr_mimebundle_()[VIEW]["model_id"]]


def test_a_widget_is_shown_beside_the_one_helper():
    ruler, card = widgets.window_ruler(), widgets.predict("02-same")
    for widget in (ruler, card):
        box = shown(widget)
        assert box.children == (widget, access())
        assert "course-widget" in box._dom_classes
    assert isinstance(access(), Access)
    # the rules for notebooks know a card by its class
    assert "course-card" in shown(card)._dom_classes
    assert "course-card" not in shown(ruler)._dom_classes


def test_the_helper_is_the_text_of_its_file():
    assert access()._esm.rstrip().endswith("export default { render };")
    assert ":focus-visible" in access()._css


def test_a_caption_is_a_status_and_escapes_what_it_says():
    caption = Caption()
    caption.say("3 < 4 & more")
    assert caption.value == '<p role="status">3 &lt; 4 &amp; more</p>'
    caption.say("")
    assert caption.value == ""


def test_letters_of_a_drawing_are_escaped_and_placed():
    assert text(1, 2, "a < b") == (
        '<text x="1.0" y="2.0" fill="black" font-size="13" text-anchor="start">'
        "a &lt; b</text>"
    )
    turned = text(1, 2, "up", bold=True, halo=True, turned=(3, 4))
    assert 'transform="rotate(-90 3.0 4.0)"' in turned
    assert 'font-weight="bold"' in turned
    assert 'stroke="white"' in turned
