"""What a check answers."""

from dataclasses import dataclass
from html import escape
from typing import Literal

from alexnet_lib.learning.content import hints_for

Status = Literal["passed", "failed", "todo"]
MARKS = {"passed": "✓", "failed": "✗", "todo": "…"}  # never colour alone
COLOURS = {"passed": "#1a7f37", "failed": "#b3261e", "todo": "#6e5600"}


@dataclass(frozen=True)
class CheckResult:
    """The verdict on an exercise; `mistake` names the diagnosis, for teachers.

    Shows itself as one line with its hints folded away; it never contains the answer.
    """

    status: Status
    message: str
    mistake: str | None = None
    exercise: str | None = None

    def __str__(self) -> str:
        return f"{self.status}: {self.message}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        colour = COLOURS[self.status]
        hints = "" if self.status == "passed" else _folded(hints_for(self.exercise))
        return (
            f'<div style="border-left:4px solid {colour};padding:4px 10px">'
            f'<b style="color:{colour}">{MARKS[self.status]} {self.status}</b> '
            f"{escape(self.message)}{hints}</div>"
        )


def _folded(hints: tuple[str, ...]) -> str:
    """Hints inside one another: the second can be opened only behind the first."""
    inner = ""
    for number in range(len(hints), 0, -1):
        inner = (
            f"<details><summary>Hint {number} of {len(hints)}</summary>"
            f"<p>{escape(hints[number - 1])}</p>{inner}</details>"
        )
    return inner


def passed(message: str) -> CheckResult:
    return CheckResult("passed", message)


def failed(message: str, mistake: str | None = None) -> CheckResult:
    return CheckResult("failed", message, mistake)


def todo(message: str) -> CheckResult:
    return CheckResult("todo", message)
