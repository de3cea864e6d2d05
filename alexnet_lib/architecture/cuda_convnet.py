"""Read a network in the form of 2012: cuda-convnet's layer file and parameter file.

A file has a section for each layer, in order, with the names of the layers it reads.
What the form cannot say, cuda-convnet does everywhere: windows hang over the edge
(rounding 'ceil'), and alpha multiplies the mean over a normalisation's window. Pure
Python.
"""

from collections.abc import Callable, Mapping
from configparser import ConfigParser
from configparser import Error as FormError
from importlib.resources import files
from typing import TypeVar

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.spec import LayerSpec, ModelSpec, Shape

NUM_CARDS = 2
LEFT_OUT = {
    "data": "the pictures",
    "rnorm": "a normalisation over space, without parameters, that no paper mentions",
    "softmax": "part of the loss",
}
TYPES = ("conv", "cmrnorm", "pool", "fc", "hs", *LEFT_OUT)
Section = Mapping[str, str]
Number = TypeVar("Number", int, float)


def course_file_text(name: str) -> str:
    """The text of 'layers_145.cfg' or 'params_145.cfg'."""
    path = files("alexnet_lib.architecture") / name
    return path.read_text(encoding="utf-8")


def read_network(layers: str, params: str, name: str, input_shape: Shape) -> ModelSpec:
    """The network of a layer file and a parameter file, given as their texts.

    input_shape: (C, H, W); the crop is no part of the files. Raises ValueError, which
    names the layer, for whatever is missing or unknown.
    """
    sections, numbers = parse(layers), parse(params)
    found: list[LayerSpec] = []
    for title, section in sections.items():
        for each in section.get("inputs", "").split(","):
            _demand_above(each.strip(), title, sections)
        found += to_layers(title, section | numbers.get(title, {}))
    linear = [k for k, each in enumerate(found) if isinstance(each, spec.Linear)]
    if linear:  # the first fc layer of 2012 flattens unasked
        found.insert(linear[0], spec.Flatten(name="flatten"))
    return ModelSpec(
        name=name, input_shape=input_shape, layers=tuple(found), rounding="ceil"
    )


def to_layers(title: str, section: Section) -> list[LayerSpec]:
    """The layers that one section stands for: none, one, or one and its ReLU."""
    name, cards = title, 1
    if title.endswith("a") and section.get("type") != "data":
        name, cards = title.removesuffix("a"), NUM_CARDS
    reads = section.get("inputs", "").split(",")
    own_card = len(reads) == 1 and reads[0].endswith("a") and reads[0] != "data"

    def whole(key: str) -> int:
        return _number(title, section, key, int)

    def real(key: str) -> float:
        return _number(title, section, key, float)

    layer: LayerSpec
    match _value(title, section, "type"):
        case "conv":
            layer = spec.Conv2d(
                name=name,
                out_channels=cards * whole("filters"),
                kernel_size=whole("filterSize"),
                stride=whole("stride"),
                padding=whole("padding"),
                groups=cards if own_card else 1,
            )
        case "cmrnorm":
            layer = spec.LocalResponseNorm(
                name=name,
                size=whole("size"),
                alpha=real("scale"),
                beta=real("pow"),
                k=real("minDiv"),
                alpha_on="mean",
                groups=cards,
            )
        case "pool":
            layer = spec.MaxPool2d(
                name=name, kernel_size=whole("sizeX"), stride=whole("stride")
            )
        case "fc":
            layer = spec.Linear(name=name, out_features=cards * whole("outputs"))
        case "hs":  # each unit is kept with this probability
            layer = spec.Dropout(name=name, p=1 - real("keep"))
        case left_out if left_out in LEFT_OUT:
            return []
        case unknown:
            raise ValueError(
                f"{title} is of type {unknown!r}, which this reader does not know: it "
                f"knows {', '.join(TYPES)}"
            )
    if section.get("neuron") == "relu":
        return [layer, spec.ReLU(name=f"relu{name[-1]}")]
    return [layer]


def starting_weights(layers: str) -> dict[str, tuple[float, float]]:
    """For each layer the standard deviation of its weights and the value of its biases.

    cuda-convnet's biases are 0 where the file says nothing.
    """
    return {
        title.removesuffix("a"): (
            _number(title, section, "initW", float),
            _number(title, {"initB": "0"} | section, "initB", float),
        )
        for title, section in parse(layers).items()
        if section["type"] in ("conv", "fc")
    }


def parse(text: str) -> dict[str, dict[str, str]]:
    """Sections by title, in order; keys keep their capitals."""
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str
    try:
        parser.read_string(text)
    except FormError as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"this is not a file of cuda-convnet: {reason}") from error
    return {title: dict(parser[title]) for title in parser.sections()}


def _value(title: str, section: Section, key: str) -> str:
    if key not in section:
        has = ", ".join(section) or "nothing"
        raise ValueError(f"{title} lacks {key!r}: it has {has}")
    return section[key]


def _number(
    title: str, section: Section, key: str, kind: Callable[[str], Number]
) -> Number:
    value = _value(title, section, key)
    try:
        return kind(value)
    except ValueError as error:
        raise ValueError(f"{title}: {key} is {value!r}, which is no number") from error


def _demand_above(wanted: str, title: str, sections: Mapping[str, Section]) -> None:
    """A layer may read what stands above it, and the same on the other card."""
    above = list(sections)[: list(sections).index(title)]
    twin = wanted[:-1] + "a" if wanted.endswith("b") else wanted
    if wanted and twin not in above:
        raise ValueError(
            f"{title} reads {wanted!r}, and no layer above it has this name: they are "
            f"{', '.join(above) or 'none'}"
        )
