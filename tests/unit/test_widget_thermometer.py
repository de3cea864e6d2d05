"""The gradient thermometer: what it says is what is measured, in any order of moves."""

import re
from html import unescape

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_lib import widgets
from alexnet_lib.architecture.deep import ACTIVATIONS, build_deep
from alexnet_lib.inside.statistics import LayerStatistics, layer_statistics
from alexnet_lib.widgets.thermometer import DEPTHS, STARTS, GradientThermometer
from alexnet_lib.widgets.thermometer_bars import (
    PANEL,
    describe_layers,
    draw_layers,
    short,
)

IMAGES = torch.rand(8, 1, 28, 28, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(8)
SHARED = widgets.gradient_thermometer(IMAGES, LABELS)  # hypothesis wants no fixture


def lengths(svg: str, fill: str) -> list[float]:
    """The lengths of the bars of one panel, in pixels."""
    pattern = rf'<rect x="[^"]+" y="[^"]+" width="([^"]+)" height="13" fill="{fill}"'
    return [float(found) for found in re.findall(pattern, svg)]


def rows(*norms: float, spread: float = 0.5) -> list[LayerStatistics]:
    return [LayerStatistics(f"fc{i}", norm, spread) for i, norm in enumerate(norms, 1)]


MOVES = st.one_of(
    st.tuples(st.just("activation"), st.sampled_from(list(ACTIVATIONS))),
    st.tuples(st.just("depth"), st.integers(*DEPTHS)),
    st.tuples(st.just("start"), st.sampled_from(list(STARTS))),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(MOVES, max_size=8))
def test_survives_any_order_of_moves(moves):
    for control, value in moves:
        getattr(SHARED, control).value = value
    state = (SHARED.activation.value, SHARED.depth.value, SHARED.start.value)
    said = "{}, {} layers, {}: ".format(*state)
    assert SHARED.words().startswith(said)
    assert SHARED.words() in unescape(SHARED.caption.value)
    assert SHARED.picture.value.count("<img") == 1
    assert "nan" not in SHARED.words()


def test_it_says_what_is_measured():
    thermometer = widgets.gradient_thermometer(IMAGES, LABELS)
    assert thermometer.words().startswith("sigmoid, 8 layers, Xavier: ")
    torch.manual_seed(0)
    layers = layer_statistics(build_deep("sigmoid", 8), IMAGES, LABELS)
    ratio = layers[0].gradient_norm / layers[-1].gradient_norm
    assert f"the first layer's gradient is {short(ratio)} times the" in (
        thermometer.words()
    )
    assert thermometer.words().endswith("The gradient dies on the way back.")


def test_the_reader_s_random_numbers_stay_as_they_are():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    thermometer = widgets.gradient_thermometer(IMAGES, LABELS)
    thermometer.depth.value = 13
    assert torch.equal(torch.rand(3), expected)


def test_the_same_network_is_built_once(monkeypatch):
    thermometer = GradientThermometer(IMAGES, LABELS)
    thermometer.depth.value = 5
    first = thermometer.words()
    monkeypatch.setattr("alexnet_lib.widgets.thermometer.build_deep", None)
    thermometer.depth.value = 8
    thermometer.depth.value = 5
    assert thermometer.words() == first


def test_every_control_has_a_label_and_the_picture_its_words():
    thermometer = widgets.gradient_thermometer(IMAGES, LABELS)
    controls = thermometer.children[0].children
    assert [c.description for c in controls] == ["Activation", "Layers", "Start"]
    (alt,) = re.findall(r'<img alt="([^"]+)"', thermometer.picture.value)
    assert unescape(alt) == thermometer.words()


def test_the_twin_shows_all_three_activations():
    thermometer = widgets.gradient_thermometer(IMAGES, LABELS)
    html = thermometer.static_html()
    alts = [unescape(alt) for alt in re.findall(r'<img alt="([^"]+)"', html)]
    assert [alt.partition(",")[0] for alt in alts] == list(ACTIVATIONS)
    bundle = thermometer._repr_mimebundle_()
    assert bundle["text/html"] == html
    assert bundle["text/plain"] == thermometer.words()


@pytest.mark.parametrize(
    ("layers", "verdict"),
    [
        (rows(1e-5, 1e-3, 1.0), "The gradient dies on the way back."),
        (rows(0.5, 0.5, 1.0), "The gradient arrives."),
        (rows(300.0, 20.0, 1.0), "The gradient grows on the way back."),
        (rows(1e-9, 1e-9, 2e-9), "get almost nothing back."),
        (rows(0.0, 0.0, 0.0), "get almost nothing back."),
    ],
)
def test_the_verdict(layers, verdict):
    assert describe_layers("title", layers).endswith(verdict)


def test_gradients_of_0_have_words():
    said = describe_layers("title", rows(0.0, 0.0, 0.0))
    assert "even the last layer's gradient is 0: too small for the computer" in said


def test_bars_are_logarithmic_and_stay_in_their_panel():
    svg = draw_layers(rows(1e-12, 1e-5, 1e2, 1e9, 0.0))
    step = PANEL / 14  # pixels for a factor of ten
    expected = [0, 7 * step, 14 * step, 14 * step, 0]
    assert lengths(svg, "#0072b2") == pytest.approx(expected, abs=0.06)
    assert len(lengths(svg, r"url\(#stripes\)")) == 5
    assert svg.count("◀") == 1  # 0 is off the scale; 1e-12 is its end


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (0.41, "0.41"),
        (36.4, "36"),
        (3.7e-9, "3.7e-9"),
        (0.0099, "9.9e-3"),
        (2e12, "2.0e12"),
    ],
)
def test_short_numbers(value, said):
    assert short(value) == said


@pytest.mark.parametrize("shape", [(8, 28, 28), (8, 3, 28, 28), (8, 1, 224, 224)])
def test_images_of_another_shape(shape):
    with pytest.raises(ValueError, match=re.escape(f"(N, 1, 28, 28), got {shape}")):
        widgets.gradient_thermometer(torch.zeros(shape), LABELS)
