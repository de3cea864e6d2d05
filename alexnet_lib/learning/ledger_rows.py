"""The ledger: ten parts of AlexNet, what they say, what each costs, buys, a verdict."""

from dataclasses import dataclass
from html import escape

from alexnet_lib.learning import progress

# part: (what they say, where it is said, the notebooks that fill the row)
PARTS: dict[str, tuple[str, str, str]] = {
    "ReLU": ("six times faster", "paper, section 3.1", "04"),
    "LRN": ("1.4 and 1.2 points less error", "paper, section 3.3", "05"),
    "overlapping pooling": ("0.4 and 0.3 points", "paper, section 3.4", "05"),
    "dropout": ("stops overfitting, doubles the time", "paper, section 4.2", "06"),
    "augmentation": ("2048 times the data", "paper, section 4.1", "10"),
    "two towers": ("1.7 and 1.2 points", "paper, section 3.2", "15"),
    "initialisation": ("N(0, 0.01), some biases 1", "paper, section 5", "09"),
    "schedule": ("divide the rate by 10, three times", "paper, section 5", "07, 11"),
    "big FC layers": ("60 million parameters", "paper, abstract", "03, 13"),
    "224 pixels": ("pictures of 224 x 224", "paper, section 2", "07, 08"),
}
COLUMNS = ("costs", "buys", "verdict")


@dataclass(frozen=True)
class Ledger:
    """The table so far; rows that are not done are grey and say where they are done."""

    rows: dict[str, dict[str, str]]

    def __repr__(self) -> str:
        done = [part for part in PARTS if part in self.rows]
        lines = [f"ledger: {len(done)} of {len(PARTS)} rows begun"]
        for part in done:
            entries = "; ".join(f"{c}: {self.rows[part].get(c, '?')}" for c in COLUMNS)
            lines.append(f"  {part}: {entries}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th style="text-align:left" scope="col">{title}</th>'
            for title in ("part", "they say", "costs", "buys here", "verdict")
        )
        body = "".join(self._row(part) for part in PARTS)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _row(self, part: str) -> str:
        says, where, notebooks = PARTS[part]
        cells = [f"<b>{part}</b>", f"{says} <i>({where})</i>"]
        style = "text-align:left"
        if part in self.rows:
            cells += [escape(self.rows[part].get(column, "?")) for column in COLUMNS]
        else:
            style += ";color:#6b6b6b"
            cells += ["", "", f"open: notebook {notebooks}"]
        return (
            "<tr>" + "".join(f'<td style="{style}">{c}</td>' for c in cells) + "</tr>"
        )


def fill(part: str, *, costs: str, buys: str, verdict: str) -> Ledger:
    """Write one row in the reader's own numbers and return the table so far."""
    if part not in PARTS:
        raise ValueError(f"the ledger has no part {part!r}: it has {', '.join(PARTS)}")
    entry = {"costs": costs, "buys": buys, "verdict": verdict}
    progress.write("ledger", part, entry)
    return ledger()


def ledger() -> Ledger:
    """The table so far, from the reader's own file."""
    return Ledger(progress.read("ledger"))
