"""The widgets that have a twin, and the states it shows: set here, shown by them."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

from alexnet_lib import widgets
from alexnet_lib.architecture.filters import Filters
from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.classroom.twins import State, Twin
from alexnet_lib.data import DataSet
from alexnet_lib.learning import shipped
from alexnet_lib.widgets.cockpit import PRESETS
from alexnet_lib.widgets.feature_maps import FeatureMaps
from alexnet_lib.widgets.filter_wall import ORDERS, RAW, SEEN, FilterWall
from alexnet_lib.widgets.lrn_triangle_rules import CHANNEL, PICTURE, PIXEL

LOOK_AT = 0, 1, 2  # test pictures of the maps: a boot, a pullover, trousers
CUT = 39, 1, 6  # of the surgery: notebook 08's boot, a pullover, a coat
LOUD = {
    "in the next channel": (CHANNEL, 1),
    "2 channels away": (CHANNEL, 2),
    "3 channels away": (CHANNEL, 3),
    "in the next pixel": (PIXEL, 1),
    "in another picture": (PICTURE, 1),
}
Options = Mapping[str, Any]  # what stands on a button: what it sets


def make_twins(pictures: DataSet) -> Iterator[Twin]:
    """The pages, with the trained network that notebook 08 opens."""
    yield layer_cockpit()
    opened = shipped.first_shipped("d2l", "quarter")
    side = pictures.test_images.shape[-1]
    yield filter_wall(opened.network, side, opened.history)
    yield activation_maps(opened.network, pictures)
    yield channel_surgery(opened.network, pictures)
    yield lrn_triangle()


def layer_cockpit() -> Twin:
    """The table of each network that the cockpit offers."""
    live = widgets.layer_cockpit()

    def at(preset: str, rounding: str) -> State:
        live.preset.value = preset
        live.rounding.value = rounding
        return State(live.words(), live.table.value)

    return _twin(
        at,
        {"Network": _same(PRESETS), "Rounding": _same(live.rounding.options)},
        name="layer_cockpit",
        title="The layer cockpit",
        notebook="02_layer_size_arithmetic.ipynb",
        says="Each table goes through a network layer by layer, up to the one that "
        "stops it, if one does.",
    )


def filter_wall(network: LoadedModel, small: int, history: Filters | None) -> Twin:
    """The wall in all its orders; before and after the training, where both are here.

    small: side of the pictures before they are enlarged for the network, in pixels.
    """
    live = FilterWall(network, small, history)

    def at(show: str, order: str, moment: int = live.moment.max) -> State:
        live.show.value, live.order.value, live.moment.value = show, order, moment
        return State(live.words(), live.picture.value)

    choices: dict[str, Options] = {"Show": _same((RAW, SEEN)), "Sort by": _same(ORDERS)}
    if live.moment.max:
        choices["Moment"] = {"the last": live.moment.max, "the first": 0}
    return _twin(
        at,
        choices,
        name="filter_wall",
        title="The filter wall",
        notebook="08_looking_inside.ipynb",
        says="The filters of a trained network's first layer, all on one scale; what "
        "the data can see of them is explained in section 3 there.",
    )


def activation_maps(network: LoadedModel, pictures: DataSet) -> Twin:
    """The maps behind every ReLU and the last layer, the largest number marked."""
    live = FeatureMaps(network, pictures)

    def at(number: int, layer: str) -> State:
        live.source.number.value, live.layer.value = number, layer
        most = live.maps.reshape(len(live.maps), -1).max(axis=1)
        live.channel.value = int(most.argmax())
        live.go_to_strongest()
        shown = (live.input.value, live.one.value, live.sheet.value)
        return State(live.words(), f"{' '.join(shown)} {live.top.static_html()}")

    layers = [row.name for row in live.glass.rows.values() if row.kind == "ReLU"]
    layers.append(list(live.glass.rows)[-1])
    twin = _twin(
        at,
        {"Picture": _numbered(pictures, LOOK_AT), "Layer": _same(layers)},
        name="activation_maps",
        title="The activation maps of a picture",
        notebook="08_looking_inside.ipynb",
        says="All that a layer of the trained network makes of a test picture of "
        "Fashion-MNIST; framed and marked is the largest of its numbers.",
    )
    live.close()
    return twin


def channel_surgery(network: LoadedModel, pictures: DataSet) -> Twin:
    """The first and the last layer that can be cut, by each of the buttons."""
    live = widgets.channel_surgery(network, pictures)
    cuts = {
        live.none.description: live.cut,
        live.loudest.description: live.silence_advocates,
        live.until.description: live.silence_until_it_changes,
    }

    def at(number: int, layer: str, cut: Callable[[], None]) -> State:
        live.number.value, live.layer.value = number, layer
        cut()
        shown = (live.bars.value, live.picture.value, live.maps.value)
        return State(live.words(), " ".join(shown))

    layers = live.layer.options[-1], live.layer.options[0]
    return _twin(
        at,
        {
            "Picture": _numbered(pictures, CUT),
            "Layer": _same(layers),
            "Channels": cuts,
        },
        name="channel_surgery",
        title="Channel surgery",
        notebook="08_looking_inside.ipynb",
        says="What the trained network says of a test picture of Fashion-MNIST when "
        "some channels of a layer are silent.",
    )


def lrn_triangle() -> Twin:
    """The three tasks of the notebook, with their answers."""
    live = widgets.lrn_triangle()

    def at(loud: tuple[str, int], size: int, code_alpha: float) -> State:
        (live.place.value, live.away.value), live.size.value = loud, size
        live.code_alpha.value = code_alpha
        return State(live.words(), live.picture.value)

    return _twin(
        at,
        {
            "The loud one is": LOUD,
            "Window n": {"5": 5, "7": 7},
            "alpha, code": {"0.0001": 1e-4, "0.0005": 5e-4},
        },
        name="lrn_triangle",
        title="The LRN triangle",
        notebook="05_loud_neighbours.ipynb",
        says="What the printed formula, the code of 2012 and BatchNorm make of a unit "
        "beside a loud number.",
    )


def _twin(
    at: Callable[..., State], choices: Mapping[str, Options], **words: str
) -> Twin:
    """Every combination, set and kept; `words` are those of the page."""
    combinations = product(*(options.values() for options in choices.values()))
    return Twin(
        choices={name: list(options) for name, options in choices.items()},
        states=[at(*combination) for combination in combinations],
        **words,
    )


def _same(words: Any) -> Options:
    """Buttons that set what stands on them."""
    return {word: word for word in words}


def _numbered(pictures: DataSet, numbers: tuple[int, ...]) -> Options:
    labels = (pictures.test_labels[number] for number in numbers)
    names = [pictures.class_names[label] for label in labels]
    return {
        f"{number}, {name}": number for number, name in zip(numbers, names, strict=True)
    }
