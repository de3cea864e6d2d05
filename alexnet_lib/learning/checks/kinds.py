"""Check of notebook 14: a picture of any kind, upright and in three colours."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from alexnet_lib.data import pictures
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
    same_tensor,
)
from alexnet_lib.learning.checks.preparing import drawn
from alexnet_lib.learning.result import CheckResult

GREY_LEVEL = 1.0  # of 255
ORIENTATION = 0x0112  # of EXIF: how the camera was held


def to_colour(picture: Image.Image) -> Tensor:
    """Upright, red, green and blue in bytes; white behind what is transparent."""
    ready, _notes = pictures.in_mode(pictures.upright(picture), "RGB")
    return _tensor(ready)


def _tensor(picture: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(picture)).movedim(-1, 0)


def _visible(picture: Image.Image, background: str = "white") -> Tensor:
    """As `to_colour`, but the picture is not turned."""
    ready, _notes = pictures.in_mode(_narrow(picture), "RGB", background)
    return _tensor(ready)


def _narrow(picture: Image.Image, clips: bool = False) -> Image.Image:
    """16 bits as 8: scaled, or cut off at 255."""
    if not picture.mode.startswith("I"):
        return picture
    shades = np.asarray(picture).astype(np.float64) / (1 if clips else 257)
    return Image.fromarray(shades.round().clip(0, 255).astype(np.uint8))


def _turned(picture: Image.Image) -> Image.Image:
    return ImageOps.exif_transpose(picture)


def _with_indices(picture: Image.Image) -> Tensor:
    if picture.mode != "P":
        return to_colour(picture)
    return torch.from_numpy(np.array(picture)).expand(3, -1, -1)


def _grey_alone(picture: Image.Image) -> Tensor:
    found = to_colour(picture)
    return found[:1] if picture.mode.startswith(("L", "I")) else found


def _alpha_kept(picture: Image.Image) -> Tensor:
    if picture.mode != "RGBA":
        return to_colour(picture)
    return _tensor(_turned(picture))


COLOUR_MISTAKES = (
    Mistake(
        name="not turned",
        says="the camera had been held upright: EXIF tells how it was",
        function=_visible,
    ),
    Mistake(
        name="hidden colours",
        says="what is transparent had a colour: `convert('RGB')` drops the alpha and "
        "brings up what lies under it",
        function=lambda picture: _tensor(_narrow(_turned(picture)).convert("RGB")),
    ),
    Mistake(
        name="black behind",
        says="the page behind what is transparent were black: it was to be white",
        function=lambda picture: _visible(_turned(picture), "black"),
    ),
    Mistake(
        name="cut off",
        says="255 were white in 16 bits, too: there white is 65,535",
        function=lambda picture: _visible(_narrow(_turned(picture), clips=True)),
    ),
    Mistake(
        name="indices",
        says="a palette picture held colours: it holds numbers of colours in a list",
        function=_with_indices,
    ),
    Mistake(
        name="one channel",
        says="a grey picture had one channel for the network, too: three are wanted, "
        "all alike",
        function=_grey_alone,
    ),
    Mistake(
        name="four channels",
        says="alpha were a colour: three channels are wanted",
        function=_alpha_kept,
    ),
)


def picture_kinds() -> dict[str, Image.Image]:
    """One picture of each kind that comes out of cameras, scanners and web pages."""
    whole = drawn(30, 20, 7)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    on_its_side = whole.copy()
    on_its_side.info["exif"] = exif.tobytes()
    cut_out = whole.convert("RGBA")
    cut_out.putalpha(drawn(30, 20, 8).convert("L"))
    grey = np.asarray(whole.convert("L")).astype(np.uint16)
    return {
        "a photo": whole,
        "a photo taken sideways": on_its_side,
        "a grey picture": whole.convert("L"),
        "a cut-out, RGBA": cut_out,
        "16 bits of grey": Image.fromarray(grey * 257),
        "a palette picture": whole.quantize(12),
    }


@exercise("to_colour")
def check_to_colour(student: Callable[[Image.Image], Any]) -> CheckResult:
    """`to_colour(picture)`: (3, H, W), bytes, whatever kind the picture is."""
    return check_function(
        student,
        name="to_colour",
        reference=to_colour,
        cases=[
            Case(
                args=(picture,),
                hint="print its mode, its size and its largest number",
                call=f"to_colour({kind})",
            )
            for kind, picture in picture_kinds().items()
        ],
        mistakes=COLOUR_MISTAKES,
        compare=same_tensor(GREY_LEVEL),
        show_answer=lambda answer: type(answer).__name__,
    )
