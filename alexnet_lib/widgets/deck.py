"""The ablation deck: lay 100 chips on what matters, then uncover the recorded runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import ipywidgets

from alexnet_lib.figures.style import image_tag
from alexnet_lib.learning import undone
from alexnet_lib.learning.undone import Effect
from alexnet_lib.widgets.deck_drawing import (
    CHIPS_IN_ALL,
    Table,
    describe_table,
    draw_table,
)
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("deck")

STEP = 5  # chips that one press of an arrow key moves


@dataclass(frozen=True)
class Votes:
    """The chips of a class: their sum on each part, voters, and lines not counted."""

    chips: tuple[int, ...]
    voters: int
    faults: tuple[str, ...]


def count_votes(text: str, parts: int) -> Votes:
    """One line for each voter: a name if you like, a colon, chips on each part."""
    total, voters, faults = [0] * parts, 0, []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        words = line.rpartition(":")[2].replace(",", " ").split()
        if not all(word.isdecimal() for word in words):
            faults.append(say("not_whole", line=number))
        elif len(words) != parts:
            fault = say("other_count", line=number, count=len(words), parts=parts)
            faults.append(fault)
        elif sum(map(int, words)) != CHIPS_IN_ALL:
            chips = sum(map(int, words))
            fault = say("other_sum", line=number, chips=chips, all=CHIPS_IN_ALL)
            faults.append(fault)
        else:
            total = [a + int(b) for a, b in zip(total, words, strict=True)]
            voters += 1
    return Votes(tuple(total), voters, tuple(faults))


class AblationDeck(Twinned):
    """A slider for each part, a vote by pasted lines, and a button that uncovers."""

    def __init__(self, effects: Sequence[Effect]):
        if not effects:
            raise ValueError("there are no effects to bet on: record the runs first")
        self.effects = list(effects)
        self.revealed = False
        self.chips = [
            ipywidgets.IntSlider(
                0,
                0,
                CHIPS_IN_ALL,
                STEP,
                description=effect.part,
                style={"description_width": "200px"},
                layout=ipywidgets.Layout(width="480px"),
            )
            for effect in self.effects
        ]
        self.pasted = ipywidgets.Textarea(
            description=say("class_vote"),
            placeholder=say("class_vote_example"),
            layout=ipywidgets.Layout(width="480px", height="90px"),
        )
        self.button = ipywidgets.Button(description=say("reveal"))
        self.picture, self.caption = Picture(), ipywidgets.HTML()
        self.caption.add_class("deck-caption")
        for slider in self.chips:
            slider.observe(self._keep_to_100, names="value")
        self.pasted.observe(self.redraw, names="value")
        self.button.on_click(self.reveal)
        super().__init__(
            children=[*self.chips, self.pasted, self.button, self.caption, self.picture]
        )
        self.redraw()

    def reveal(self, _button=None) -> None:
        """Uncover the runs once all own chips are laid, or a class has voted."""
        self.revealed = self.revealed or self._hand() == 0 or bool(self.votes.voters)
        self.redraw(hint=not self.revealed)

    def redraw(self, _change=None, hint: bool = False) -> None:
        """Draw what lies on the table, and say the same in words."""
        self.votes = count_votes(self.pasted.value, len(self.effects))
        self.table = self._table(self.revealed)
        words = describe_table(self.table)
        said = [
            words,
            *(say("not_counted", fault=fault) for fault in self.votes.faults),
        ]
        if hint:
            said.append(say("lay_first"))
        said.append(say("your_line", line=self.line()))
        self.caption.value = f'<p role="status">{escape(" ".join(said))}</p>'
        self.picture.draw_svg(draw_table(self.table), words)

    def line(self) -> str:
        """The own chips as others can paste them."""
        return say("me", chips=" ".join(str(slider.value) for slider in self.chips))

    def words(self) -> str:
        return self.picture.alt

    def static_html(self) -> str:
        """The covered table, and the uncovered one folded away."""
        covered, open_ = (self._table(revealed) for revealed in (False, True))
        summary = f"<summary>{escape(say('reveal'))}</summary>"
        return f"{_shown(covered)}<details>{summary}{_shown(open_)}</details>"

    def _table(self, revealed: bool) -> Table:
        return Table(
            effects=self.effects,
            own=[slider.value for slider in self.chips],
            votes=self.votes.chips,
            voters=self.votes.voters,
            revealed=revealed,
        )

    def _hand(self) -> int:
        return CHIPS_IN_ALL - sum(slider.value for slider in self.chips)

    def _keep_to_100(self, change) -> None:
        """Nobody lays more than there are: the pile that grew stops short."""
        if self._hand() < 0:
            change["owner"].value += self._hand()  # comes back here, and draws
        else:
            self.redraw()


def _shown(table: Table) -> str:
    words = describe_table(table)
    tag = image_tag(draw_table(table).encode(), words, kind="svg+xml")
    return f"<p>{escape(words)}</p>{tag}"


@dataclass(frozen=True)
class NotYet:
    """One line in place of a deck whose answers nobody knows."""

    line: str = say("no_deck_yet")

    def __repr__(self) -> str:
        return self.line

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.line)}</p>"


def ablation_deck(effects: Sequence[Effect] | None = None) -> AblationDeck | NotYet:
    """Bet on what matters; a line instead while runs are missing. Displays nothing."""
    found = undone.effects() if effects is None else effects
    return AblationDeck(found) if found else NotYet()
