"""Records of finished runs: JSON files that a notebook replays."""

import json
import os
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any

from alexnet_lib.training.recipes import Recipe, recipe_from_dict
from alexnet_lib.training.results import EpochResult

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """One finished run: what was trained, how, on what, and what came of it."""

    format: int = FORMAT
    recipe: Recipe
    variant: str
    dataset: str
    source: str  # "given", "downloaded" or "stand-in"
    resize: int | None  # side in pixels; None = the images as they are
    seed: int
    train_images: int
    epochs: int
    test_accuracy: float  # of the finished network, on images looked at once
    seconds: float  # of training, validation not counted
    images_per_second: float
    device: str  # processor and precision
    versions: dict[str, str]
    curve: tuple[EpochResult, ...]
    confusion: tuple[tuple[int, ...], ...]  # [true class][predicted class] = images
    shipped_accuracy: float | None = None  # on the test images, of a file made smaller
    experiment: str | None = None  # the comparison this run belongs to
    enlarge: str = "bytes"  # as PIL resizes them, or "floats"


# JSON type, and the words for it in an error message.
_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "recipe": ((dict,), "an object"),
    "variant": ((str,), "a text"),
    "dataset": ((str,), "a text"),
    "source": ((str,), "a text"),
    "resize": ((int, type(None)), "a whole number or null"),
    "seed": ((int,), "a whole number"),
    "train_images": ((int,), "a whole number"),
    "epochs": ((int,), "a whole number"),
    "test_accuracy": ((int, float), "a number"),
    "seconds": ((int, float), "a number"),
    "images_per_second": ((int, float), "a number"),
    "device": ((str,), "a text"),
    "versions": ((dict,), "an object"),
    "curve": ((list,), "a list"),
    "confusion": ((list,), "a list"),
    "shipped_accuracy": ((int, float, type(None)), "a number or null"),
    "experiment": ((str, type(None)), "a text or null"),
    "enlarge": ((str,), "a text"),
}


def save_record(path: str | Path, record: RunRecord) -> None:
    """Write the record as JSON, one key a line; the folder is made when missing."""
    path = Path(path)
    values = asdict(record)
    for field in ("shipped_accuracy", "experiment", "enlarge"):
        if values[field] == RunRecord.__dataclass_fields__[field].default:
            del values[field]  # older records lack it too
    lines = [
        f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in values.items()
    ]
    write_whole(path, "{\n" + ",\n".join(lines) + "\n}\n")


def write_whole(path: Path, text: str) -> None:
    """Write a file at once: whoever reads meanwhile sees the old one, or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def load_record(path: str | Path) -> RunRecord:
    """Read one record; ValueError names the file and its first fault."""
    path = Path(path)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path.name} is not JSON: {error}") from error
    try:
        return record_from_dict(values)
    except ValueError as error:
        raise ValueError(f"{path.name} is not a run record: {error}") from error


def load_records(folder: str | Path, experiment: str | None = None) -> list[RunRecord]:
    """The records of a folder, in the order of their file names.

    With `experiment`, those of this comparison only; ValueError when there are none.
    """
    paths = sorted(Path(folder).glob("*.json"))
    records = [load_record(path) for path in paths]
    if experiment is None:
        return records
    chosen = [record for record in records if record.experiment == experiment]
    if not chosen:
        known = sorted({each.experiment for each in records if each.experiment})
        raise ValueError(
            f"no run of experiment {experiment!r} in {folder}: "
            f"there are {', '.join(known) or 'none'}"
        )
    return chosen


def find_records(folder: str | Path, experiment: str) -> dict[str, RunRecord]:
    """The runs of an experiment by the names of their files; empty when there are none.

    For a page that shows what is recorded so far.
    """
    records = {
        path.stem: load_record(path) for path in sorted(Path(folder).glob("*.json"))
    }
    return {
        n: record for n, record in records.items() if record.experiment == experiment
    }


def record_from_dict(values: Mapping[str, Any]) -> RunRecord:
    """Check what a JSON file held; ValueError of one line for the first fault."""
    if not isinstance(values, dict):
        raise ValueError(f"expected an object with keys, got {type(values).__name__}")
    if values.get("format") != FORMAT:
        raise ValueError(
            f"format is {values.get('format')!r}: this course reads format {FORMAT}"
        )
    for field in fields(RunRecord):
        if field.default is MISSING and field.name not in values:
            raise ValueError(f"the key {field.name!r} is missing: record the run again")
    for key, value in values.items():
        if key == "format":
            continue
        if key not in _TYPES:
            raise ValueError(f"unknown key {key!r}: the keys are {', '.join(_TYPES)}")
        kinds, words = _TYPES[key]
        # In Python True is a whole number; in a record it is a mistake.
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise ValueError(f"{key!r} must be {words}, got {value!r:.40}")
    if not 0 <= values["test_accuracy"] <= 1:
        raise ValueError(
            f"'test_accuracy' is {values['test_accuracy']}: it must be from 0 to 1"
        )
    return RunRecord(
        **{
            **values,
            "recipe": recipe_from_dict(values["recipe"]),
            "curve": _curve(values["curve"], values["epochs"]),
            "confusion": _confusion(values["confusion"]),
        }
    )


def _curve(rows: list[Any], epochs: int) -> tuple[EpochResult, ...]:
    try:
        curve = tuple(EpochResult(**row) for row in rows)
    except TypeError as error:
        names = ", ".join(field.name for field in fields(EpochResult))
        raise ValueError(f"each row of 'curve' must have {names}: {error}") from error
    if len(curve) != epochs:
        raise ValueError(f"'curve' has {len(curve)} rows for {epochs} epochs")
    return curve


def _confusion(rows: list[Any]) -> tuple[tuple[int, ...], ...]:
    if not all(isinstance(row, list) and len(row) == len(rows) for row in rows):
        raise ValueError(f"'confusion' must be a square of {len(rows)} lists of counts")
    return tuple(map(tuple, rows))
