"""Bets made before a cell runs, kept on this machine, and shown again afterwards."""

from dataclasses import dataclass
from html import escape

from alexnet_lib.learning import progress
from alexnet_lib.learning.content import prediction

CONFIDENCES = {"a guess": 0.4, "fairly sure": 0.7, "certain": 0.95}


def record(key: str, option: str, confidence: str | None = None) -> None:
    """Keep the reader's bet; the options and confidences are the card's own."""
    options = prediction(key)["options"]
    if option not in options:
        raise ValueError(f"{option!r} is not an option of {key}: {', '.join(options)}")
    if confidence is not None and confidence not in CONFIDENCES:
        known = ", ".join(CONFIDENCES)
        raise ValueError(f"confidence is {confidence!r}: it must be one of {known}")
    progress.write("predictions", key, {"option": option, "confidence": confidence})


@dataclass(frozen=True)
class Revealed:
    """What came out, folded away until it is asked for, beside the reader's bet."""

    came_out: str
    bet: str

    def __repr__(self) -> str:
        return f"what came out: {self.came_out}; {self.bet}"

    def _repr_html_(self) -> str:
        return (
            "<details><summary>Show what came out</summary>"
            f"<p>What came out: <b>{escape(self.came_out)}</b>; {escape(self.bet)}.</p>"
            "</details>"
        )


def reveal(key: str, came_out: object) -> Revealed:
    """Set what came out beside what was predicted under this key."""
    prediction(key)
    bet = progress.read("predictions").get(key)
    if bet is None:
        return Revealed(str(came_out), "you made no prediction")
    sure = f" ({bet['confidence']})" if bet["confidence"] else ""
    return Revealed(str(came_out), f"you predicted {bet['option']}{sure}")
