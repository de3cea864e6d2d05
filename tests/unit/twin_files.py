"""Read the pages of the twins, and tell whether two of them show the same."""

import base64
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
from PIL import Image

DATA = re.compile(r"data:image/(png|svg\+xml);base64,([A-Za-z0-9+/=]+)")
# Processors round floats in their own ways: a pixel may come out one shade off, and two
# neighbours of the 253 shades are at most so far apart in red, green or blue.
ONE_SHADE = 4


def decode(source: str) -> tuple[str, bytes]:
    """Kind and content of a picture that stands in its own address."""
    kind, content = DATA.fullmatch(source).groups()
    return kind, base64.b64decode(content)


def alike(one: str, other: str) -> bool:
    """Whether two data addresses show the same picture, however it was compressed."""
    (kind, content), (other_kind, other_content) = decode(one), decode(other)
    if kind != other_kind or kind != "png":
        return (kind, content) == (other_kind, other_content)
    pixels, others = (
        np.asarray(Image.open(BytesIO(data)).convert("RGB")).astype(int)
        for data in (content, other_content)
    )
    return pixels.shape == others.shape and np.abs(pixels - others).max() <= ONE_SHADE


def difference(one: str, other: str) -> str:
    """Where two pages differ, in words; nothing when they show the same."""
    words, others = (DATA.sub("PICTURE", page).splitlines() for page in (one, other))
    for number, (line, other_line) in enumerate(zip(words, others, strict=False)):
        if line != other_line:
            return f"line {number + 1}: {line[:90]!r} is not {other_line[:90]!r}"
    pictures, other_pictures = (
        [found[0] for found in DATA.finditer(page)] for page in (one, other)
    )
    if len(words) != len(others) or len(pictures) != len(other_pictures):
        return "one page is longer than the other"
    pairs = zip(pictures, other_pictures, strict=True)
    wrong = [number for number, pair in enumerate(pairs) if not alike(*pair)]
    return f"pictures {wrong} are others" if wrong else ""


@dataclass
class Section:
    """One state of a page: what is said, and what is shown."""

    id: str
    title: str = ""
    words: str = ""
    images: list[tuple[str, str]] = field(default_factory=list)  # description, address
    rows: int = 0  # of a table


class Page(HTMLParser):
    """The parts of a page that the tests ask for."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: set[str] = set()
        self.sources: list[str] = []  # whatever a browser would load
        self.links: list[str] = []
        self.buttons: list[tuple[str, str]] = []  # row, id
        self.sections: dict[str, Section] = {}  # by title
        self._section: Section | None = None
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.sources += [given[n] for n in ("src", "srcset", "data") if n in given]
        self.links += [given["href"]] if "href" in given else []
        if tag == "input":
            self.buttons.append((given["name"], given["id"]))
        if tag == "section":
            self._section = Section(given["id"])
        if self._section is not None:
            said = tag == "p" and given.get("role") == "status"
            said = said and not self._section.words  # the first, of the whole state
            self._in = "title" if tag == "h2" else "words" if said else self._in
            self._section.rows += tag == "tr"
            if tag == "img":
                self._section.images.append((given["alt"], given["src"]))

    def handle_data(self, data: str) -> None:
        if self._section is not None and self._in:
            old = getattr(self._section, self._in)
            setattr(self._section, self._in, old + data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h2", "p"):
            self._in = ""
        if tag == "section":
            self.sections[self._section.title] = self._section
            self._section = None
