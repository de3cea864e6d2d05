"""The slides of a notebook: what it asks, what one bets, what one sees.

Nothing is written twice: a slide is made of a section's heading, a bet, a picture, or
of what was seen in it. Answers stay in the notebook: of an exercise a slide shows the
task only.
"""

import ast
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

from nbformat import NotebookNode

from alexnet_lib.classroom.source import label, tags
from alexnet_lib.learning.content import notebook_content, prediction

WORDS = 44  # on one slide; what is longer goes on in its notes
SMALL = 400  # pixels wide: a smaller picture shares its slide with those beside it
HEADING = re.compile(r"^##+ (?:\d+ · )?(.*?)(?: · (?:core|stretch))?$", re.MULTILINE)
SEEN = re.compile(r"^\*\*(What we saw|How to read it)\.\*\* ", re.MULTILINE)
SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z*`\"'(])")
INLINE = (
    (re.compile(r"\[([^]]+)\]\([^)]+\)"), r"\1"),  # a slide leads nowhere
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*(.+?)\*\*", re.DOTALL), r"<b>\1</b>"),
    (re.compile(r"(?<!\w)\*([^*\s][^*]*)\*"), r"<i>\1</i>"),
)
IMAGE = re.compile(r"<img [^>]*>")
SAID = re.compile(r"^<p>(.*?)</p>", re.DOTALL)


@dataclass(frozen=True)
class Slide:
    """One idea: `body` and `notes` are HTML; `kind` says how it is laid out.

    Of a picture the notes are its caption, which is always shown.
    """

    kind: str
    title: str
    body: str
    notes: str = ""


@dataclass(frozen=True)
class Deck:
    number: str
    title: str
    slides: tuple[Slide, ...]


def make_deck(nb: NotebookNode, number: str) -> Deck:
    """The slides of an executed notebook, from its core sections.

    Raises ValueError for a notebook without a title, or with a picture that lacks its
    description or lies outside the notebook.
    """
    title = re.match(r"# \d\d · (.+)", nb.cells[0].source)
    if title is None:
        raise ValueError(f"notebook {number} has no title such as `# 02 · Why?`")
    slides = [*_opening(nb.cells[0].source, title[1]), *_sections(nb)]
    slides += [*_who_is_right(number), *_ending(nb.cells[-1].source)]
    return Deck(number, title[1], tuple(slides))


def _opening(source: str, title: str) -> Iterator[Slide]:
    goals = re.findall(r"^\d\. (.+(?:\n(?!\d\.|\n).+)*)", source, re.MULTILINE)
    yield Slide("title", title, "", _list(goals, "ol"))
    sides = re.findall(
        r"\*\*(They say|The doubt)\*\*: (.+?)(?=\n\n|\Z)", source, re.DOTALL
    )
    said = "".join(f"<p><b>{name}</b>: {inline(text)}</p>" for name, text in sides)
    yield Slide("words", "Says who?", said)


def _sections(nb: NotebookNode) -> Iterator[Slide]:
    """The core sections, in the order of the notebook; of the exercises the first."""
    core, asked = False, False
    for index, cell in enumerate(nb.cells[1:-1], start=1):
        if cell.cell_type == "code":
            if core:
                yield from _bets(cell.source)
                yield from _pictures(nb, index)
            continue
        if cell.source.startswith("## "):
            core = "core" in tags(cell)
            if core and "Who is right?" not in cell.source:
                heading = HEADING.match(cell.source)[1]
                lead = cell.source.partition("\n\n")[2].partition("\n### ")[0]
                if lead.strip():
                    yield Slide("question", plain(heading), *_shortened(lead))
        if core:
            yield from _seen(cell.source)
            if "### Exercise" in cell.source and not asked:
                asked = True
                yield _exercise(nb, index)


def _bets(source: str) -> Iterator[Slide]:
    for key in re.findall(r"\bpredict\(\"([^\"]+)\"\)", source):
        bet = prediction(key)
        options = _list(bet["options"], 'ol type="A"')
        yield Slide("bet", "Bet first", f"<p>{inline(bet['question'])}</p>{options}")


def _pictures(nb: NotebookNode, index: int) -> Iterator[Slide]:
    """A slide for each large picture; small ones of one output share a slide.

    Of a widget these are its still pictures, the first and the last. Tables stay in
    the notebook: they are too small for a room, and hold what exercises ask for.
    """
    for output in nb.cells[index].get("outputs", ()):
        html = "".join(output.get("data", {}).get("text/html", ""))
        images = [_image(tag, label(nb, index)) for tag in IMAGE.findall(html)]
        said = SAID.match(html)
        caption = said[1] if said and len(said[1].split()) <= WORDS else ""
        if any(width < SMALL for width, _, _ in images):
            yield _side_by_side(images, caption)
            continue
        for _, _, tag in images[:: max(1, len(images) - 1)]:  # first and last state
            yield Slide("picture", "", f'<div class="pictures">{tag}</div>', caption)
            caption = ""  # it tells the first state


def _side_by_side(images: list[tuple[int, int, str]], caption: str) -> Slide:
    """Up to three in a row, each as wide as it needs to be as high as the others."""
    columns = "1fr 1fr 1fr"
    if len(images) < 4:
        columns = " ".join(f"{width / height:.2f}fr" for width, height, _ in images)
    tags_of_all = "".join(tag for _, _, tag in images)
    style = f'style="grid-template-columns:{columns}"'
    return Slide(
        "picture", "", f'<div class="pictures" {style}>{tags_of_all}</div>', caption
    )


def _image(tag: str, where: str) -> tuple[int, int, str]:
    """Width and height in pixels, and the tag without its size in the notebook."""
    found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
    if not found.get("alt", "").strip():
        raise ValueError(f"a picture of {where} has no description: give it an alt")
    source = found.get("src", "")
    if not source.startswith("data:image/"):
        raise ValueError(f"a picture of {where} is not in the notebook: {source[:60]}")
    pixelated = "pixelated" in found.get("style", "")
    style = ' class="pixels"' if pixelated else ""
    return *_size(source), f'<img alt="{found["alt"]}"{style} src="{source}">'


def _size(source: str) -> tuple[int, int]:
    """Width and height of a PNG or an SVG in a data address, in pixels."""
    head = b64decode(source.partition(";base64,")[2][:400])
    if head.startswith(b"\x89PNG"):
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    found = re.search(rb'<svg[^>]*\bwidth="(\d+)[^>]*\bheight="(\d+)', head)
    if found is None:
        raise ValueError(f"a picture is neither PNG nor SVG with a size: {head[:20]!r}")
    return int(found[1]), int(found[2])


def _seen(source: str) -> Iterator[Slide]:
    for match in SEEN.finditer(source):
        text = re.split(r"\n\n(?=### )", source[match.end() :])[0]
        yield Slide("text", match[1], *_shortened(text, loose_ends=(":", "?")))


def _exercise(nb: NotebookNode, index: int) -> Slide:
    """The task as it is given: its text, and the stub that waits for an answer."""
    heading, _, text = nb.cells[index].source.rpartition("### ")[2].partition("\n")
    behind = (c for c in nb.cells[index:] if "exercise" in tags(c))
    stub = next(behind).source
    body, notes = _shortened(text)
    code = f"<pre>{escape(_signature(stub))}</pre>"
    return Slide("exercise", plain(heading), body + code, notes)


def _signature(stub: str) -> str:
    """A function's first lines without its body; anything else as it stands."""
    for node in ast.parse(stub).body:
        if isinstance(node, ast.FunctionDef):
            first = node.body[0].lineno - 1
            return "\n".join([*stub.splitlines()[node.lineno - 1 : first], "    ..."])
    return stub


def _who_is_right(number: str) -> Iterator[Slide]:
    card = notebook_content(number).get("who_is_right")
    if card:
        sides = _list([card["a"], card["b"]], 'ol type="A"')
        yield Slide("bet", "Who is right?", f"<p>{inline(card['question'])}</p>{sides}")


def _ending(source: str) -> Iterator[Slide]:
    for name in ("Verdict so far", "What still does not fit"):
        if found := re.search(rf"\*\*{name}\.\*\* (.+?)(?:\n\n|\Z)", source, re.DOTALL):
            yield Slide("end", name, *_shortened(found[1]))


def _shortened(text: str, loose_ends: tuple[str, ...] = (":",)) -> tuple[str, str]:
    """The first whole sentences as a paragraph, and all of it for the notes.

    A last sentence that announces what is not on the slide, or opens a bracket, goes.
    """
    paragraphs = [" ".join(part.split()) for part in text.strip().split("\n\n")]
    prose = [part for part in paragraphs if part and part[0] not in "|<-"]
    if not prose:
        return "", ""
    kept, count = [], 0
    for sentence in SENTENCE.split(prose[0]):
        count += len(sentence.split())
        if kept and count > WORDS:
            break
        kept.append(sentence)
    while len(kept) > 1 and (
        kept[-1].endswith(loose_ends)
        or sum(part.count("(") - part.count(")") for part in kept)
    ):
        kept.pop()
    short = " ".join(kept)
    whole = "".join(f"<p>{inline(part)}</p>" for part in prose)
    return f"<p>{inline(short)}</p>", "" if [short] == prose else whole


def _list(items: list[str], tag: str) -> str:
    lines = "".join(f"<li>{inline(item)}</li>" for item in items)
    return f"<{tag}>{lines}</{tag.partition(' ')[0]}>"


def inline(text: str) -> str:
    """Markdown within a paragraph as HTML: code, bold, italic; of a link its words."""
    html = escape(" ".join(text.split()), quote=False)
    for pattern, replacement in INLINE:
        html = pattern.sub(replacement, html)
    return html


def plain(text: str) -> str:
    """A heading's words alone."""
    return unescape(re.sub(r"<[^>]+>", "", inline(text)))
