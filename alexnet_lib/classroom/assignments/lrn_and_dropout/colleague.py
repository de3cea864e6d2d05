"""What a colleague's dropout printed, and the mistake that is in it."""

import random
from dataclasses import dataclass

Pictures = tuple[tuple[float, ...], ...]  # one row of units for each picture

UNITS, PICTURES = 6, 3
MISTAKES = (
    "eval() is forgotten before predicting",
    "one mask for all pictures of a mini-batch",
    "the same masks in every call",
    "scaled in testing, too",
    "not scaled at all",
    "left in eval mode after predicting",
)


@dataclass(frozen=True)
class Report:
    """Two calls in training, two in predicting, one in training again."""

    p: float
    given: Pictures  # what the layer is given in every call
    calls: tuple[tuple[str, Pictures], ...]  # heading, what it put out
    mistake: str

    @property
    def factor(self) -> float:
        """Mean of many predictions, divided by that of many calls in training."""
        match MISTAKES.index(self.mistake):
            case 3:
                return 1 - self.p
            case 4:
                return 1 / (1 - self.p)
        return 1.0


def draw_report(draw: random.Random) -> Report:
    """A report that only one of the mistakes can have made."""
    p, number = draw.choice((0.25, 0.3, 0.4, 0.6)), draw.randrange(len(MISTAKES))
    given = _rows(lambda: round(draw.uniform(1, 9), 1))
    while True:
        masks = [_rows(lambda: float(draw.random() >= p)) for _ in range(5)]
        if all(map(_telling, masks)) and len({mask[0] for mask in masks}) == 5:
            break
    if number == 1:
        masks = [(mask[0],) * PICTURES for mask in masks]
    if number == 2:
        masks = [masks[0]] * 5
    scale = 1.0 if number == 4 else 1 / (1 - p)
    trained = [_times(scale, given, mask) for mask in masks]
    whole = (((1.0,) * UNITS),) * PICTURES
    tested = _times(1 - p if number == 3 else 1.0, given, whole)
    predicting = trained[2:4] if number == 0 else [tested, tested]
    again = tested if number == 5 else trained[4]
    headings = ("training, step 1", "training, step 2", "predicting, call 1")
    headings += ("predicting, call 2", "training goes on, step 3")
    put_out = (*trained[:2], *predicting, again)
    return Report(
        p, given, tuple(zip(headings, put_out, strict=True)), MISTAKES[number]
    )


def _rows(number) -> Pictures:
    return tuple(tuple(number() for _ in range(UNITS)) for _ in range(PICTURES))


def _telling(mask: Pictures) -> bool:
    """Every picture loses something and keeps something, and no two lose alike."""
    return len(set(mask)) == PICTURES and all(0 < sum(row) < UNITS for row in mask)


def _times(scale: float, numbers: Pictures, mask: Pictures) -> Pictures:
    """Two decimals, as they are printed."""
    return tuple(
        tuple(round(scale * x * kept, 2) for x, kept in zip(*both, strict=True))
        for both in zip(numbers, mask, strict=True)
    )


def as_text(report: Report) -> str:
    """The report as it was printed: a block for each call, a line for each picture."""
    lines = []
    for heading, rows in (("what the layer is given", report.given), *report.calls):
        lines.append(heading)
        lines += ["  " + "".join(f"{x:8.2f}" for x in row) for row in rows]
    return "\n".join(lines)
