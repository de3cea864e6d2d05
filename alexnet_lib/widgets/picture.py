"""The one picture class of the widgets: an <img> with its description.

ipywidgets' own Image has no alternative text, and a matplotlib figure takes 60 ms and
more; a palette PNG made by Pillow takes 1 to 6 ms for 96 maps.
"""

from io import BytesIO

import ipywidgets
import numpy as np
from PIL import Image

from alexnet_lib.figures.style import image_tag


class Picture(ipywidgets.HTML):
    """A picture in a widget; `alt` says in words what the picture shows."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.alt = ""

    def draw_palette(
        self,
        indices: np.ndarray,
        palette: np.ndarray,
        alt: str,
        scale: int = 1,
    ) -> None:
        """Show indices (H, W) uint8 through a palette (256, 3) uint8, enlarged."""
        if indices.dtype != np.uint8 or indices.ndim != 2:
            raise ValueError(
                f"expected (H, W) uint8 indices, got {indices.dtype} {indices.shape}"
            )
        image = Image.fromarray(indices, mode="P")
        image.putpalette(palette.astype(np.uint8).tobytes())
        self._set_pixels(image, alt, scale)

    def _set_pixels(self, image: Image.Image, alt: str, scale: int) -> None:
        buffer = BytesIO()
        image.save(buffer, format="PNG", compress_level=1)
        width, height = image.size
        style = f"width:{width * scale}px;height:{height * scale}px;"
        style += "image-rendering:pixelated;"
        self._set(image_tag(buffer.getvalue(), alt, style=style), alt)

    def draw_colours(self, pixels: np.ndarray, alt: str, scale: int = 1) -> None:
        """Show red, green and blue, uint8 (H, W, 3), enlarged."""
        if pixels.dtype != np.uint8 or pixels.shape[2:] != (3,):
            raise ValueError(
                f"expected (H, W, 3) uint8 colours, got {pixels.dtype} {pixels.shape}"
            )
        self._set_pixels(Image.fromarray(pixels), alt, scale)

    def draw_svg(self, svg: str, alt: str) -> None:
        """Show a drawing made of SVG text."""
        self._set(image_tag(svg.encode(), alt, kind="svg+xml"), alt)

    def clear(self) -> None:
        """Show nothing; the caption says why."""
        self._set("", "")

    def _set(self, tag: str, alt: str) -> None:
        self.alt = alt
        self.value = tag
