"""Cards: a question, answers to choose from, and what comes back. One click each."""

from collections.abc import Callable, Sequence
from html import escape

import ipywidgets

from alexnet_lib.learning import predictions
from alexnet_lib.learning.claims import Claim, claims, claims_of
from alexnet_lib.learning.content import notebook_content, prediction, section
from alexnet_lib.learning.stamps import stamp
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("cards")

VERDICT_WORDS = {
    "true": say("verdict_true"),
    "false": say("verdict_false"),
    "depends": say("verdict_depends"),
}
# in the order of `predictions.CONFIDENCES`, which keeps its own words
SURE = say("a_guess"), say("fairly_sure"), say("certain")
FOLDED = "<details><summary>{}</summary><p>{}</p></details>"


class Card(Twinned):
    """One question; `choose(option)` is what a click does, and answers in `reply`."""

    def __init__(
        self,
        title: str,
        question: str,
        options: Sequence[str],
        on_choice: Callable[[str], str],
        answer: str = "",
    ):
        self.question, self.options, self.answer = question, tuple(options), answer
        self._title, self._on_choice = title, on_choice
        self.choice = ipywidgets.RadioButtons(
            options=self.options,
            value=None,
            description=say("answer"),
            layout=ipywidgets.Layout(width="max-content", max_width="100%"),
        )
        self.reply = Caption()
        self.choice.observe(lambda change: self.choose(change["new"]), names="value")
        heading = ipywidgets.HTML(f"<b>{escape(title)}</b><br>{escape(question)}")
        super().__init__(children=[heading, self.choice, self.reply])
        self.add_class("course-card")

    def choose(self, option: str | None) -> None:
        """Answer the card with one of its options."""
        if option is None:
            return
        self.choice.value = option
        self.reply.say(self._on_choice(option))

    def static_html(self) -> str:
        items = "".join(f"<li>{escape(option)}</li>" for option in self.options)
        folded = (
            FOLDED.format(escape(say("answer")), escape(self.answer))
            if self.answer
            else ""
        )
        return (
            f"<p><b>{escape(self._title)}</b><br>{escape(self.question)}</p>"
            f"<ul>{items}</ul>{folded}"
        )

    def words(self) -> str:
        return f"{self._title}: {self.question} ({' / '.join(self.options)})"


class Deck(Twinned):
    """Several cards under one another."""

    def __init__(self, cards: Sequence[Card]):
        self.cards = list(cards)
        super().__init__(children=self.cards)
        self.add_class("course-card")

    def static_html(self) -> str:
        return "".join(card.static_html() for card in self.cards)

    def words(self) -> str:
        return "\n".join(card.words() for card in self.cards)


def predict(key: str) -> Card:
    """A bet before a cell runs: choose an answer, then say how sure you are."""
    entry = prediction(key)

    def keep(option: str) -> str:
        predictions.record(key, option, sure.value)
        if not sure.value:
            return say("noted", option=option)
        return say("noted_surely", option=option, sure=sure.label)

    card = Card(say("predict"), entry["question"], entry["options"], keep)
    sure = ipywidgets.ToggleButtons(
        options=list(zip(SURE, predictions.CONFIDENCES, strict=True)),
        value=None,
        description=say("how_sure"),
    )
    sure.observe(lambda _change: card.choose(card.choice.value), names="value")
    card.children = (*card.children[:2], sure, card.reply)
    return card


def recall(notebook: str) -> Deck:
    """Two questions from earlier notebooks, to warm up; skip them as you like."""
    return Deck([_recall_card(**q) for q in section(notebook, "recall")])


def _recall_card(question: str, options: list[str], answer: int, why: str) -> Card:
    right = str(options[answer])

    def judge(option: str) -> str:
        return say("right_recall" if option == right else "wrong_recall", why=why)

    words = f"{right}: {why}"
    return Card(say("still_know"), question, list(map(str, options)), judge, words)


def claim_card(claim: Claim) -> Card:
    """A claim to judge; the first answer is kept, and each runs the proof."""

    def judge(option: str) -> str:
        stamp(
            claim.id, next(v for v, words in VERDICT_WORDS.items() if words == option)
        )
        finding = claim.prove()
        right = VERDICT_WORDS[finding.verdict]
        verdict = (
            say("yes_it_is") if option == right else say("proof_says", right=right)
        )
        return f"{verdict}. {finding.evidence}. {claim.truth}"

    question = f"{claim.source}: {claim.statement}"
    answer = f"{VERDICT_WORDS[claim.verdict]}. {claim.truth}"
    options = list(VERDICT_WORDS.values())
    return Card(say("which_source"), question, options, judge, answer)


def claim_cards(notebook: str) -> Deck:
    """The claims of one notebook, but for the one that `who_is_right` settles."""
    settled = notebook_content(notebook).get("who_is_right", {}).get("claim")
    others = [claim for claim in claims_of(notebook) if claim.id != settled]
    return Deck([claim_card(claim) for claim in others])


def who_is_right(notebook: str) -> Card:
    """Two plausible statements; pick one, then see the proof run."""
    entry = section(notebook, "who_is_right")
    claim = claims()[entry["claim"]]
    options = {"A": entry["a"], "B": entry["b"]}
    right = entry["right"]
    # The options show no letters.
    settled = say("is_right", right={"A": "first", "B": "second"}[right])

    def judge(option: str) -> str:
        verdict = say("yes_it_is") if option == options[right] else settled
        return f"{verdict}. {claim.prove().evidence}. {claim.truth}"

    answer = f"{settled}. {claim.truth}"
    return Card(
        say("who_is_right"), entry["question"], list(options.values()), judge, answer
    )
