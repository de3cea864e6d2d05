"""What channel surgery reads and draws: lists of channels, the picture, the maps."""

from collections.abc import Sequence

import numpy as np

from alexnet_lib.figures.walls import GAP, palette, shades, square_columns, tile
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.words import words_of

say = words_of("surgery")

LARGE = 224  # pixels of the screen, for the picture and for the maps


def read_channels(text: str, count: int) -> list[int]:
    """'3, 5, 12-14' as [3, 5, 12, 13, 14]; ValueError for what is no such list.

    count: how many channels there are, numbered from 0.
    """
    found: set[int] = set()
    for part in filter(None, map(str.strip, text.replace(";", ",").split(","))):
        first, dash, last = (word.strip() for word in part.partition("-"))
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise ValueError(say("is_no_channel", part=part))
        ends = int(first), int(last or first)
        if max(ends) >= count:
            raise ValueError(say("no_channel", channel=max(ends), last=count - 1))
        found.update(range(ends[0], ends[1] + 1))
    return sorted(found)


def draw_input(picture: Picture, shown: np.ndarray, words: str) -> None:
    """A picture as it goes into the network. Shape: uint8 (C, H, W), C 1 or 3."""
    zoom = max(1, LARGE // shown.shape[1])
    if len(shown) == 1:
        picture.draw_palette(shades(shown[0], 0, 255), palette("gray"), words, zoom)
    else:
        picture.draw_colours(shown.transpose(1, 2, 0).copy(), words, zoom)


def draw_maps(
    picture: Picture,
    look: tuple[np.ndarray, np.ndarray, str],
    silent: Sequence[int],
    framed: int,
    layer: str,
) -> None:
    """All maps of a layer, silent ones grey. look: from `figures.walls.map_shades`."""
    tiles, colours, scale = look
    tiles = tiles.copy()
    tiles[list(silent)] = GAP
    sheet = tile(tiles, square_columns(len(tiles), 1.0), framed=framed)
    words = say("maps", count=len(tiles), layer=layer, scale=scale, channel=framed)
    picture.draw_palette(sheet, colours, words, max(1, LARGE // sheet.shape[1]))
