"""The explorer: filters, maps, fields and top pictures, in any order of moves."""

import re
import tracemalloc

import pytest
import torch
from torch import nn

from alexnet_lib import widgets
from alexnet_lib.architecture.arithmetic import seen_pixels, walk
from alexnet_lib.architecture.filters import Filters
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import (
    ALEXNET_KERAS,
    ALEXNET_QUARTER,
    LENET5_RELU,
    VARIANTS,
)
from alexnet_lib.widgets.explorer import FILTERS, MAPS, Explorer
from alexnet_lib.widgets.feature_maps import FeatureMaps
from alexnet_lib.widgets.filter_wall import RAW, SEEN, FilterWall
from alexnet_lib.widgets.glass import window_basis
from tests.unit.glasses import NAMES, moves, pictures, untrained


@pytest.fixture(scope="module")
def network():
    return untrained()


@pytest.fixture
def maps(network) -> FeatureMaps:
    return FeatureMaps(network, pictures())


def history_of(network, moments: int = 5) -> Filters:
    kernels = network.model.conv1.weight.detach()
    steps = torch.linspace(0, 1, moments).view(-1, 1, 1, 1, 1)
    return Filters(
        variant=network.variant,
        fractions=tuple((step**2).item() for step in steps.flatten()),
        kernels=kernels * (0.5 + 0.5 * steps),
    )


# --- the filter wall ------------------------------------------------------------------
def test_the_wall_says_what_it_shows(network):
    wall = FilterWall(network, 28, None)
    assert wall.words().startswith(
        "48 filters of conv1, 3 x 3, at the end of the training (no earlier ones are "
        "shipped), in the order of the file; as they are."
    )
    assert wall.words().endswith("Windows of these pictures fill all 9 dimensions.")
    assert wall.words() in wall.caption.value
    assert wall.moment.disabled


def test_the_wall_goes_back_to_the_start_and_hides_what_is_not_seen():
    network = untrained("ALEXNET_QUARTER")
    wall = FilterWall(network, 28, history_of(network))
    assert ", after 100 % of the training" in wall.words()
    wall.moment.value = 0
    assert ", before the first step" in wall.words()
    wall.moment.value = 2
    assert ", after 25 % of the training" in wall.words()
    assert "span 25 of 121 dimensions" in wall.words()
    assert "(random: 21 %)" in wall.words()
    raw = wall.picture.value
    wall.show.value = SEEN
    assert wall.picture.value != raw
    assert SEEN in wall.words()
    assert re.findall(r'<img alt="([^"]+)"', wall.static_html())[0].find(RAW) > 0


@pytest.mark.parametrize("order", ["norm", "frequency", "orientation"])
def test_every_order_is_another_picture(order):
    network = untrained("ALEXNET_QUARTER")
    wall = FilterWall(network, 28, None)
    before = wall.picture.value
    wall.order.value = order
    assert f"sorted by {order}" in wall.words()
    assert wall.picture.value != before


def test_a_history_of_another_network_is_refused(network):
    other = untrained("ALEXNET_QUARTER")
    message = "the history holds kernels (24, 1, 11, 11) of ALEXNET_QUARTER, and conv1"
    with pytest.raises(ValueError, match=re.escape(message)):
        FilterWall(network, 28, history_of(other))


@pytest.mark.parametrize("variant", VARIANTS)
def test_fewer_dimensions_are_seen_exactly_where_pictures_are_enlarged(variant):
    """In every variant, by a whole number of times; and it is its first convolution."""
    spec = VARIANTS[variant]
    large = spec.input_shape[1]
    small = 28 if large == 224 else large  # 227 / 28 is no whole number: no phases
    with torch.device("meta"):
        first = next(
            n for n, m in build_model(spec).named_children() if isinstance(m, nn.Conv2d)
        )
    network = type("Network", (), {"spec": spec, "variant": variant})()
    name, basis = window_basis(network, small)
    assert name == first
    assert len(basis) == next(
        layer.kernel_size for layer in spec.layers if layer.name == name
    )
    assert (basis.shape[1] < len(basis)) == (small < large)


# --- maps, places and fields ----------------------------------------------------------
def test_the_number_is_that_of_the_network(maps, network):
    maps.layer.value = "pool1"
    maps.channel.value, maps.row.value, maps.column.value = 7, 3, 11
    image = pictures().test_images[:1].float() / 255
    with torch.no_grad():
        expected = network.model[:4](image)[0, 7, 3, 11].item()
    assert f"Channel 7 of pool1 at row 3, column 11: {expected:.3g} " in maps.words()
    assert maps.place_words() in maps.caption.value.replace("&#x27;", "'")


def test_the_strongest_place(maps):
    maps.channel.value = 5
    maps.strongest.click()
    row, column = maps.row.value, maps.column.value
    assert maps.maps[5, row, column] == maps.maps[5].max()
    value = f"{maps.maps[5].max():.3g}"
    assert f"{value} (its largest: {value})" in maps.words()


def test_every_layer_can_be_shown(maps):
    for _words, name in maps.layer.options:
        maps.layer.value = name
        maps.channel.value = maps.channel.max
        assert f"{name}, " in maps.layer_words()
        for picture in (maps.sheet, maps.input, maps.top.picture):
            assert picture.value.count("<img") == 1
    assert "10 units" in maps.layer_words()
    assert "it sees the whole picture" in maps.words()
    assert maps.one.value == ""
    assert maps.row.disabled


@pytest.mark.parametrize("spec", [LENET5_RELU, ALEXNET_QUARTER, ALEXNET_KERAS])
def test_seen_pixels_are_those_with_an_influence(spec):
    """The oracle: which input pixels get a gradient when all weights are 1."""
    rows = [row for row in walk(spec) if len(row.out_shape) == 3]
    layers = build_model(spec)[: len(rows)]
    for parameter in layers.parameters():
        nn.init.ones_(parameter)
    for index, module in enumerate(layers):  # a maximum would choose one pixel
        if isinstance(module, nn.MaxPool2d):
            layers[index] = nn.AvgPool2d(
                module.kernel_size, module.stride, module.padding
            )
        if not isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.ZeroPad2d):
            layers[index] = nn.Identity()
    image = torch.ones(1, *spec.input_shape, requires_grad=True)
    value = image
    for row, layer in zip(rows, layers, strict=True):
        value = layer(value)
        for position in (0, value.shape[2] // 2, value.shape[2] - 1):
            (gradient,) = torch.autograd.grad(
                value[0, 0, position].sum(), image, retain_graph=True
            )
            down = gradient[0].abs().sum(dim=(0, 2)).nonzero().flatten().tolist()
            first, last = seen_pixels(spec, row.name, position)
            assert down[:1] + down[-1:] == [first, last] * (first <= last), row.name


def test_behind_the_maps_everything_is_seen_and_unknown_names_are_told():
    assert seen_pixels(LENET5_RELU, "fc4", 0) == (0, 27)
    with pytest.raises(ValueError, match="no layer named 'conv9': layers are conv1"):
        seen_pixels(LENET5_RELU, "conv9", 0)


def test_top_pictures_are_those_with_the_largest_maximum(maps, network):
    maps.layer.value, maps.channel.value = "conv2", 9
    images = pictures().test_images.float() / 255
    with torch.no_grad():
        most = network.model[:5](images)[:, 9].amax(dim=(1, 2))
    order, first = maps.glass.excites("conv2", 9, 8)
    assert order.tolist() == most.argsort(descending=True, stable=True)[:8].tolist()
    assert first == pytest.approx(most.max().item(), rel=1e-5)
    named = ", ".join(NAMES[i % 10] for i in order)
    assert named in maps.top.caption.value


def test_more_pictures_on_request(network):
    maps = FeatureMaps(network, pictures(60))
    assert maps.glass.looked_at == 32
    assert "Look at 28 more, about" in maps.top.more.description
    maps.top.more.click()
    assert maps.glass.looked_at == 60
    assert maps.top.more.disabled
    assert "Of the first 60 test pictures" in maps.top.caption.value


# --- the whole of it ------------------------------------------------------------------
def test_two_views_one_at_a_time(network):
    explorer = widgets.explorer(network, pictures(), number=3)
    assert explorer.children[1] is explorer.filters
    explorer.view.value = MAPS
    assert explorer.children[1] is explorer.maps
    assert "Test picture 3, " in explorer.words()
    html = explorer.static_html()
    assert html.count("<img") == 5
    assert all(len(alt) > 12 for alt in re.findall(r'<img alt="([^"]*)"', html))
    explorer.view.value = FILTERS


@pytest.mark.parametrize(
    "variant", ["ALEXNET_MODERN_28", "ALEXNET_MODERN_32", "LENET5"]
)
def test_survives_any_order_of_moves(variant):
    network = untrained(variant)
    explorer = Explorer(network, pictures(), history_of(network))

    def check() -> None:
        for picture in (explorer.filters.picture, explorer.maps.sheet):
            assert picture.value.count("<img") == 1
            assert len(picture.alt) > 12
        assert explorer.maps.channel.value < len(explorer.maps.maps)

    moves(explorer, 120, check)


def test_memory_does_not_grow_with_the_moves(network):
    explorer = Explorer(network, pictures(), history_of(network))
    moves(explorer, 60, lambda: None)
    tracemalloc.start()
    try:
        moves(explorer, 60, lambda: None)
        before, _ = tracemalloc.get_traced_memory()
        moves(explorer, 180, lambda: None)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 300_000  # bytes; one sheet of maps is more
