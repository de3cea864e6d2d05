"""From a submission to its marks: the child answers, this process compares."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alexnet_lib.classroom.assignments.master import Copy
from alexnet_lib.classroom.assignments.parts import (
    Assignment,
    OralQuestion,
    Part,
    Probe,
    Work,
)
from alexnet_lib.classroom.grading import sandbox
from alexnet_lib.classroom.grading.notebook_code import (
    Handed,
    functions,
    quoted_numbers,
    read_notebook,
    same_cell,
)
from alexnet_lib.classroom.grading.sandbox import Limits, Outcome
from alexnet_lib.classroom.grading.submissions import read

ENDINGS = {
    "done": "graded",
    "crashed": "the notebook ended Python",
    "time": "out of time",
    "memory": "out of memory",
    "processes": "too many processes",
    "output": "too much output",
}
NOTHING = object()


@dataclass(frozen=True)
class PartMark:
    """What a part earned, and the kind of trouble it met, if any."""

    part: Part
    points: int
    trouble: str = ""


@dataclass
class Marks:
    """Everything that is written about one student."""

    student: str
    status: str
    parts: dict[str, list[PartMark]] = field(default_factory=dict)  # by question
    remarks: list[str] = field(default_factory=list)  # for the student, answer-free
    words: int = 0
    quoted: list[str] = field(default_factory=list)
    explanation: str = ""
    oral: list[OralQuestion] = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(mark.points for marks in self.parts.values() for mark in marks)


def mark_nothing(copy: Copy, status: str, remark: str = "") -> Marks:
    """No points, and why."""
    marks = Marks(copy.student, status, remarks=[remark] if remark else [])
    for question in copy.questions:
        marks.parts[question.name] = [PartMark(part, 0) for part in question.parts]
    return marks


def mark(
    assignment: Assignment,
    copy: Copy,
    path: Path,
    limits: Limits,
    hidden: Iterable[Path] = (),
) -> Marks:
    """Grade one file; what is wrong with it ends up in the marks, never as an error."""
    try:
        handed = read_notebook(read(path))
    except (ValueError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return mark_nothing(copy, "not readable", f"{path.name}: {reason}")
    given = {same_cell(source) for source in copy.given()}
    cells = [cell for cell in handed.cells if same_cell(cell) not in given]
    probes = [p for q in copy.questions for part in q.parts for p in part.probes]
    names = list(dict.fromkeys([p.target for p in probes if p.args is None]))
    calls: list[sandbox.Call] = [(name, None) for name in [*names, *also(assignment)]]
    calls += [(p.target, list(p.args)) for p in probes if p.args is not None]
    places = {repr(call): place for place, call in enumerate(calls)}
    outcome = sandbox.run(cells, calls, limits, hidden)
    marks = Marks(copy.student, ENDINGS.get(outcome.ended, outcome.ended))
    for question in copy.questions:
        marks.parts[question.name] = [
            _mark_part(part, outcome, places) for part in question.parts
        ]
    _remark(marks, copy, handed, cells, outcome)
    values = {
        name: outcome.values.get(places[repr((name, None))])
        for name in [*names, *also(assignment)]
    }
    text = values.get(assignment.explanation)
    marks.explanation = text.strip() if type(text) is str else ""
    marks.words = len(marks.explanation.split())
    marks.quoted = quoted_numbers(marks.explanation, handed.printed)
    work = Work(answers=values, functions=functions(cells), quoted=marks.quoted)
    marks.oral = assignment.oral(copy.own, work)
    return marks


def also(assignment: Assignment) -> list[str]:
    """Values that earn no points by a program and are still wanted."""
    return [assignment.bet, assignment.explanation]


def _mark_part(part: Part, outcome: Outcome, places: dict[str, int]) -> PartMark:
    for probe in part.probes:
        args = None if probe.args is None else list(probe.args)
        place = places[repr((probe.target, args))]
        if trouble := _trouble(probe, outcome, place):
            return PartMark(part, 0, trouble)
        answer = _entry(outcome.values[place], probe.key)
        if answer is NOTHING or answer is None:
            return PartMark(part, 0, "still open")
        if not probe.same(answer, probe.expected):
            return PartMark(part, 0, "not right")
    return PartMark(part, part.points)


def _trouble(probe: Probe, outcome: Outcome, place: int) -> str:
    """Why there is no value to compare; '' when there is one."""
    if place in outcome.values:
        return ""
    if kind := outcome.wrong_kinds.get(place):
        return f"{probe.target} gave {kind}, where plain numbers and texts count"
    match outcome.errors.get(place):
        case None:
            return "not reached"
        case "NotImplementedError":
            return "still open"
        case "AttributeError" if probe.args is None:
            return f"{probe.target} is not there"
        case "OutOfTime":
            return f"{probe.target} took too long"
        case kind:
            return f"{probe.target} stopped with {kind}"


def _entry(value: Any, key: str | int | None) -> Any:
    """The asked entry of a value; NOTHING when there is none."""
    if key is None:
        return value
    if isinstance(key, str):
        return value.get(key, NOTHING) if type(value) is dict else NOTHING
    inside = type(value) is list and 0 <= key < len(value)
    return value[key] if inside else NOTHING


def _remark(
    marks: Marks, copy: Copy, handed: Handed, cells: list[str], outcome: Outcome
) -> None:
    """What the student should know about the run. Nothing that the code says itself:
    an error's text could carry the hidden cases out."""
    if f"`{copy.fingerprint}`" not in handed.prose:
        marks.remarks.append(
            f"this notebook does not say that it is your copy {copy.fingerprint}: was "
            f"it made from somebody else's?"
        )
    if outcome.ended != "done":
        marks.remarks.append(f"{marks.status}: what came after that was not looked at")
    for number, kind in sorted(outcome.cell_errors.items()):
        if number < len(cells):
            lines = cells[number].strip().splitlines() or ["empty"]
            marks.remarks.append(f"the cell `{lines[0][:60]}` stopped with {kind}")
