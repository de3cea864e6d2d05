"""Small networks and pictures to look into, and random moves of any control."""

import random
from collections.abc import Callable

import ipywidgets
import numpy as np
import torch

from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import CLASS_NAMES, DataSet
from alexnet_lib.widgets.sketch_pad import SketchPad

TYPED = ("", "0", "0, 2", "1-3", "many", "999", "3-1", "0-5, 4")
NAMES = CLASS_NAMES["FashionMNIST"]


def untrained(variant: str = "ALEXNET_MODERN_28", seed: int = 0) -> LoadedModel:
    """A variant as it begins, in the form of a loaded file."""
    spec = find_variant(variant)
    torch.manual_seed(seed)
    classes = build_model(spec)[-1].out_features
    return LoadedModel(
        model=build_model(spec).eval(),
        spec=spec,
        variant=variant,
        dataset="FashionMNIST",
        resize=spec.input_shape[1],
        normalise=None,
        class_names=NAMES
        if classes == 10
        else tuple(f"class {n}" for n in range(classes)),
        record="",
    )


def pictures(count: int = 20, channels: int = 1) -> DataSet:
    """Random grey or coloured pictures of 28 pixels."""
    draw = torch.Generator().manual_seed(0)
    shape = (count, channels, 28, 28)
    images = torch.randint(0, 256, shape, generator=draw, dtype=torch.uint8)
    labels = torch.arange(count) % 10
    return DataSet(
        name="FashionMNIST",
        source="stand-in",
        note="",
        class_names=NAMES,
        train_images=images,
        train_labels=labels,
        test_images=images,
        test_labels=labels,
        root=None,
    )


def controls_of(widget: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    """Every control inside, of the kinds that `move` can move."""
    found = []
    for child in getattr(widget, "children", ()):
        known = (ipywidgets.IntSlider, ipywidgets.Button, ipywidgets.Text, SketchPad)
        if isinstance(child, known) or hasattr(child, "options"):
            found.append(child)
        else:
            found += controls_of(child)
    return found


def move(widget: ipywidgets.Widget, draw: random.Random) -> None:
    """Give one control that is shown a random value, or press it."""
    control = draw.choice([c for c in controls_of(widget) if not _off(c)])
    match control:
        case ipywidgets.IntSlider():
            control.value = draw.randint(control.min, control.max)
        case ipywidgets.Button():
            control.click()
        case ipywidgets.Text():
            control.value = draw.choice(TYPED)
        case SketchPad():
            seed = draw.randrange(1 << 30)
            control.draw(np.random.default_rng(seed).integers(0, 256, (28, 28)))
        case _:
            control.index = draw.randrange(len(control.options))


def _off(control: ipywidgets.Widget) -> bool:
    return getattr(control, "disabled", False)


def moves(widget: ipywidgets.Widget, count: int, check: Callable[[], None]) -> None:
    """Random moves, the same ones every time, and a look after each."""
    draw = random.Random(0)
    for _ in range(count):
        move(widget, draw)
        check()
