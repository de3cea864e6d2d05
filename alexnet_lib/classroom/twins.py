"""A widget in a few of its states, as one page that needs no kernel and no network.

No script either: the choices are radio buttons, and the page's style sheet shows the
state that belongs to them. Where a browser cannot do that, all states are shown.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import product

from PIL import Image

PNG = re.compile(r"(?<=data:image/png;base64,)[A-Za-z0-9+/=]+")
# What a page may load is said in the page, and held by the browser.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
STYLE = """\
:root { color-scheme: light dark; font: 1rem/1.5 sans-serif; }
body { max-width: 62rem; margin: 0 auto; padding: 0 1rem 2rem; }
fieldset { border: 1px solid; border-radius: 4px; margin: 0 0 0.5rem; min-width: 0; }
label { display: inline-block; margin-right: 1rem; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 0; }
img { height: auto !important; margin: 0 0.5rem 0.5rem 0; vertical-align: top; }
table { border-collapse: collapse; }
td { padding: 3px 6px; }
.state { overflow-x: auto; }
@supports selector(:has(*)) { .state { display: none; } }
"""


@dataclass(frozen=True)
class State:
    """What a widget shows: in words, and as HTML, where each picture has its own."""

    words: str
    pictures: str


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A page: what may be chosen, and one state for each combination, the last fastest.

    choices: what each row of buttons is called, and what stands on them.
    notebook: the file whose widget this is, in the folder above.
    """

    name: str  # of its file, without .html
    title: str
    notebook: str
    says: str  # what it is good for, in a sentence
    choices: Mapping[str, Sequence[str]]
    states: Sequence[State]

    def html(self) -> str:
        """The whole file."""
        title, link = escape(self.title), escape(self.notebook, quote=True)
        places = list(product(*(range(len(row)) for row in self.choices.values())))
        shown = zip(places, self.states, strict=True)
        parts = [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>",
            f"<style>\n{STYLE}{''.join(map(_rule, places))}</style>\n</head>",
            f"<body>\n<main>\n<h1>{title}</h1>",
            f'<p>Some states of a widget of <a href="../{link}">notebook '
            f"{link[:2]}</a>. Nothing has to run: choose by mouse, or by Tab and the "
            f"arrow keys. {escape(self.says)}</p>",
            *(_buttons(at, *row) for at, row in enumerate(self.choices.items())),
            *(self._section(place, state) for place, state in shown),
            "</main>\n</body>\n</html>\n",
        ]
        return "\n".join(parts)

    def _section(self, place: tuple[int, ...], state: State) -> str:
        rows = zip(self.choices.items(), place, strict=True)
        title = "; ".join(f"{name}: {options[at]}" for (name, options), at in rows)
        return (
            f'<section class="state" id="{_id("state", place)}">\n'
            f"<h2>{escape(title)}</h2>\n"
            f'<p role="status">{escape(state.words)}</p>\n'
            f"{PNG.sub(_squeeze, state.pictures)}\n</section>"
        )


def _buttons(row: int, name: str, options: Sequence[str]) -> str:
    """A row of radio buttons; the first is pressed."""
    labels = [
        f'<label><input type="radio" name="choice-{row}" '
        f'id="{_id("choice", (row, at))}"{" checked" * (not at)}> '
        f"{escape(option)}</label>"
        for at, option in enumerate(options)
    ]
    joined = "\n".join(labels)
    return f"<fieldset>\n<legend>{escape(name)}</legend>\n{joined}\n</fieldset>"


def _rule(place: tuple[int, ...]) -> str:
    """Show a state when its buttons are pressed."""
    pressed = (f"#{_id('choice', at)}:checked" for at in enumerate(place))
    when = "".join(f":has({button})" for button in pressed)
    return f"main{when} #{_id('state', place)} {{ display: block; }}\n"


def _squeeze(found: re.Match[str]) -> str:
    """The same picture in fewer bytes: a widget has no time for it, a page has."""
    buffer = BytesIO()
    Image.open(BytesIO(b64decode(found[0]))).save(buffer, format="PNG", optimize=True)
    return b64encode(buffer.getvalue()).decode()


def _id(what: str, numbers: Sequence[int]) -> str:
    return "-".join([what, *map(str, numbers)])
