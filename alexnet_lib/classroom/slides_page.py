"""How slides look: one HTML file for a deck, which asks nothing of any network.

A browser scrolls from slide to slide; keys: arrows, space, Home and End; n shows the
notes. Printed, each slide is a page.
"""

from html import escape

from alexnet_lib.classroom.slides import Deck, Slide

# Held by the browser: not a byte comes from elsewhere.
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'"
)
KICKERS = {
    "title": "AlexNet, from its sources",
    "bet": "predict",
    "exercise": "your turn",
    "question": "the question",
}
STYLE = """\
:root {--u: min(1vh, .5625vw);}
* {box-sizing: border-box;}
html {scroll-snap-type: y mandatory; background: #fff; color: #1a1a1a;
  font: calc(4 * var(--u)) / 1.4 system-ui, "Segoe UI", Helvetica, Arial, sans-serif;}
body {margin: 0;}
section {height: 100vh; scroll-snap-align: start; position: relative; overflow: hidden;
  padding: calc(9 * var(--u)) calc(8 * var(--u)) calc(8 * var(--u));
  display: flex; flex-direction: column; justify-content: center;}
.kicker {position: absolute; top: calc(3 * var(--u)); left: calc(8 * var(--u));
  font-size: .6em; color: #595959;}
.place {position: absolute; bottom: calc(2.5 * var(--u)); right: calc(4 * var(--u));
  font-size: .55em; color: #595959;}
h1, h2 {margin: 0 0 .5em; line-height: 1.15; text-wrap: balance;}
h1 {font-size: 2.6em;} h2 {font-size: 1.7em; color: #00528a;}
.question h2 {font-size: 2.1em; color: inherit;}
p {margin: 0 0 .5em; max-width: 44em;}
.text > p, .end > p {font-size: 1.3em;} .question > p, .words > p {font-size: 1.15em;}
ol {margin: .2em 0 0; padding-left: 1.6em;} li {margin: .25em 0;}
.title {background: #00304f; color: #fff;} .title * {color: #fff;}
.bet {border-left: calc(1.6 * var(--u)) solid #e69f00;}
.exercise {border-left: calc(1.6 * var(--u)) solid #009e73;}
.bet > p, .bet > ol, .exercise > p {font-size: 1.15em;}
code, pre {font-family: ui-monospace, Consolas, "DejaVu Sans Mono", monospace;}
code {font-size: .92em;}
pre {font-size: .78em; margin: .4em 0 0; padding: .7em 1em; background: #f2f4f6;
  white-space: pre-wrap;}
.pictures {flex: 1; min-height: 0; display: grid; gap: 1em; grid-auto-rows: 1fr;}
.pictures img {height: 100%; width: 100%; min-width: 0; min-height: 0;
  object-fit: contain;}
img.pixels {image-rendering: pixelated;}
.caption {font-size: .72em; color: #333; max-width: none; margin: .5em 0 0;}
.picture {padding-bottom: calc(6 * var(--u));}
aside {display: none;}
body.notes aside {display: block; position: absolute; inset: auto 0 0 0;
  padding: 1em calc(8 * var(--u)); background: #fff8e1; font-size: .62em;
  border-top: 2px solid #e69f00;}
@page {size: 33.867cm 19.05cm; margin: 0;}
@media print {:root {--u: 1.905mm;} section {height: 19.05cm; break-after: page;}
  html {print-color-adjust: exact; -webkit-print-color-adjust: exact;}}
"""
SCRIPT = """\
const slides = [...document.querySelectorAll('section')];
const now = () => Math.round(scrollY / innerHeight);
const go = (to) => {
  const place = Math.max(0, Math.min(slides.length - 1, to));
  slides[place].scrollIntoView();
  history.replaceState(null, '', '#' + slides[place].id);
};
const step = {ArrowRight: 1, ArrowDown: 1, PageDown: 1, ' ': 1,
              ArrowLeft: -1, ArrowUp: -1, PageUp: -1};
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'n') document.body.classList.toggle('notes');
  else if (event.key === 'Home') go(0);
  else if (event.key === 'End') go(slides.length - 1);
  else if (event.key in step) go(now() + step[event.key] * (event.shiftKey ? -1 : 1));
  else return;
  event.preventDefault();
});
"""


def render_deck(deck: Deck) -> str:
    """The whole HTML file of a deck."""
    sections, heading = [], deck.title
    for place, slide in enumerate(deck.slides, start=1):
        if slide.kind in ("question", "end"):
            heading = slide.title if slide.kind == "question" else deck.title
        sections.append(_section(deck, slide, place, heading))
    script = f"<script>\n{SCRIPT}</script>\n"
    return _page(f"{deck.number} · {deck.title}", "\n".join(sections) + "\n" + script)


def render_index(decks: dict[str, Deck]) -> str:
    """The file that lists the decks: name of a file -> its deck."""
    items = "".join(
        f'<li><a href="{escape(name)}">{deck.number} · {escape(deck.title)}</a></li>'
        for name, deck in decks.items()
    )
    keys = "<p>Arrow keys or space: next slide. n: notes. Printed: a slide a page.</p>"
    body = f"<main><h2>AlexNet, from its sources: slides</h2>{keys}<ul>{items}</ul>"
    return _page("Slides", f"{body}</main><style>main {{padding: 2em}}</style>")


def _section(deck: Deck, slide: Slide, place: int, heading: str) -> str:
    kicker = KICKERS.get(slide.kind, "" if slide.title == heading else heading)
    level = "h1" if slide.kind == "title" else "h2"
    title = f"<{level}>{escape(slide.title)}</{level}>" if slide.title else ""
    notes = f"<aside>{slide.notes}</aside>" if slide.notes else ""
    if slide.kind == "picture":
        notes = f'<p class="caption">{slide.notes}</p>' if slide.notes else ""
    return (
        f'<section id="s{place}" class="{slide.kind}">'
        f'<div class="kicker">{escape(kicker)}</div>{title}{slide.body}{notes}'
        f'<div class="place">{deck.number} · {place} of {len(deck.slides)}</div>'
        f"</section>"
    )


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )
