"""The LRN triangle: printed formula, released code, BatchNorm, and one loud number."""

from dataclasses import replace
from html import escape

import ipywidgets

from alexnet_lib.figures.style import image_tag
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.lrn_triangle_drawing import draw_scene
from alexnet_lib.widgets.lrn_triangle_rules import (
    CHANNEL,
    MOST_AWAY,
    PLACES,
    Scene,
    describe_scene,
)
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("triangle")

NAME = {"description_width": "120px"}
WIDE = {"width": "390px"}  # room for the longest place
LOUDNESSES = (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)
ALPHAS = (1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3)
KS = (0.5, 1.0, 2.0, 4.0)
BETAS = (0.5, 0.75, 1.0)
SIZES = (1, 9)


class LRNTriangle(Twinned):
    """Put a loud number somewhere; read what three rules make of your unit."""

    def __init__(self):
        start = Scene()
        self.place = ipywidgets.Dropdown(
            options=PLACES,
            value=start.place,
            description=say("loud_one_is"),
            style=NAME,
            layout=WIDE,
        )
        self.away = ipywidgets.IntSlider(
            start.away,
            1,
            MOST_AWAY,
            description=say("channels_away"),
            style=NAME,
            layout=WIDE,
        )
        self.loudness = _choice(say("loudness"), LOUDNESSES, start.loudness, "{:,.0f}")
        self.size = ipywidgets.IntSlider(
            start.size, *SIZES, description=say("window"), style=NAME, layout=WIDE
        )
        self.alpha = _choice(say("alpha"), ALPHAS, start.alpha, "{:g}")
        self.code_alpha = _choice(say("code_alpha"), ALPHAS, start.code_alpha, "{:g}")
        self.k = _choice(say("k"), KS, start.k, "{:g}")
        self.beta = _choice(say("beta"), BETAS, start.beta, "{:g}")
        self.picture, self.caption = Picture(), Caption()
        self.caption.add_class("triangle-caption")
        left = (self.place, self.away, self.loudness, self.size)
        right = (self.alpha, self.code_alpha, self.k, self.beta)
        for control in (*left, *right):
            control.observe(self.redraw, names="value")
        columns = [ipywidgets.VBox(list(left)), ipywidgets.VBox(list(right))]
        flow = ipywidgets.Layout(flex_flow="row wrap")
        controls = ipywidgets.HBox(columns, layout=flow)
        super().__init__(children=[controls, self.caption, self.picture])
        self.redraw()

    @property
    def scene(self) -> Scene:
        """What the controls say."""
        return Scene(
            place=self.place.value,
            away=self.away.value,
            loudness=self.loudness.value,
            size=self.size.value,
            alpha=self.alpha.value,
            code_alpha=self.code_alpha.value,
            k=self.k.value,
            beta=self.beta.value,
        )

    def redraw(self, _change=None) -> None:
        """Draw the present scene, and say the same in words."""
        self.away.disabled = self.place.value != CHANNEL
        scene = self.scene
        words = describe_scene(scene)
        self.caption.say(words)
        self.picture.draw_svg(draw_scene(scene), words)

    def words(self) -> str:
        return self.picture.alt

    def static_html(self) -> str:
        """The present constants, with the loud number in each of its three places."""
        parts = []
        for place in PLACES:
            scene = replace(self.scene, place=place)
            words = describe_scene(scene)
            tag = image_tag(draw_scene(scene).encode(), words, kind="svg+xml")
            parts.append(f"<p>{escape(words)}</p>{tag}")
        return "".join(parts)


def _choice(
    name: str, values: tuple[float, ...], value: float, form: str
) -> ipywidgets.SelectionSlider:
    options = [(form.format(each), float(each)) for each in values]
    return ipywidgets.SelectionSlider(
        options=options, value=float(value), description=name, style=NAME, layout=WIDE
    )


def lrn_triangle() -> LRNTriangle:
    """A unit beside a loud number, normalised three ways; displays nothing."""
    return LRNTriangle()
