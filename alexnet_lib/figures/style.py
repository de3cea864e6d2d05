"""One look for every figure of the course, and the words that go with each."""

import base64
from dataclasses import dataclass
from html import escape
from io import BytesIO

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

# One colour and one hatch per kind of layer, everywhere (Okabe and Ito's palette, which
# colour-blind readers can tell apart; its two palest are darker here, to stand out from
# white by 3 to 1. The hatch serves where there is no colour).
LAYER_COLOURS = {
    "Conv2d": "#0072b2",
    "MaxPool2d": "#b57d00",
    "AvgPool2d": "#b57d00",
    "AdaptiveAvgPool2d": "#b57d00",
    "LocalResponseNorm": "#cc79a7",
    "BatchNorm2d": "#cc79a7",
    "Linear": "#009e73",
}
OTHER_LAYER_COLOUR = "#8c8c8c"
LAYER_HATCHES = {
    "Conv2d": "",
    "MaxPool2d": "//",
    "AvgPool2d": "//",
    "AdaptiveAvgPool2d": "//",
    "LocalResponseNorm": "..",
    "BatchNorm2d": "..",
    "Linear": "\\\\",
}
SERIES_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b57d00", "#3a97cc")
SERIES_MARKERS = ("o", "s", "^", "D", "v", "P")


def use_course_style() -> None:
    """Set matplotlib's defaults to the look of the course: fonts of 10 pt and more."""
    plt.rcParams.update(
        {
            "axes.prop_cycle": plt.cycler(color=SERIES_COLOURS),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlesize": 12,
            "axes.titlelocation": "left",
            "figure.constrained_layout.use": True,
            "figure.dpi": 100,
            "figure.figsize": (6, 3.5),
            "font.size": 11,
            "hatch.linewidth": 0.6,
            "image.interpolation": "nearest",
            "legend.frameon": False,
            "xtick.labelsize": 10,
            "ytick.labelsize": 10,
        }
    )


@dataclass(frozen=True)
class Shown:
    """A picture with its words: what a cell displays as its last expression."""

    html: str
    alt: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.alt}


def to_png(fig: Figure) -> bytes:
    """Close the figure and return its PNG."""
    buffer = BytesIO()
    # no date and no version in the file: the same figure gives the same bytes
    fig.savefig(buffer, format="png", dpi=100, metadata={"Software": None})
    plt.close(fig)
    return buffer.getvalue()


def image_tag(data: bytes, alt: str, kind: str = "png", style: str = "") -> str:
    """An <img> tag that carries its own data and its own description."""
    if not alt.strip():
        raise ValueError(
            "describe the figure: `alt` is what a reader who cannot see it gets"
        )
    source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    return (
        f'<img alt="{escape(alt, quote=True)}" style="max-width:100%;{style}" '
        f'src="{source}">'
    )


def show(fig: Figure, alt: str) -> Shown:
    """Close the figure and return it with its description, for the end of a cell."""
    if not alt.strip():
        plt.close(fig)
    return Shown(image_tag(to_png(fig), alt), alt)
