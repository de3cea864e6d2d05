"""The words that go with a notebook: hints, predictions, questions. One YAML file each.

    hints:        {exercise: [first, second, third]}
    predictions:  {key: {question, options}}
    recall:       [{question, options, answer, why}]
    who_is_right: {question, a, b, right, claim} the claim's proof settles it

`answer` is the position of the right option, counted from 0.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

SECTIONS = ("hints", "predictions", "recall", "who_is_right")


@cache
def notebook_content(number: str) -> dict[str, Any]:
    """Everything of one notebook, such as '02'; ValueError when there is none."""
    path = files("alexnet_lib.learning") / "content" / f"{number}.yaml"
    if not path.is_file():
        raise ValueError(
            f"notebook {number!r} has no content file: they are {', '.join(numbers())}"
        )
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if unknown := set(content) - set(SECTIONS):
        raise ValueError(
            f"content of {number} has an unknown section {unknown.pop()!r}"
        )
    return content


def numbers() -> list[str]:
    """The notebooks that have content, such as ['00', '01', ...]."""
    folder = files("alexnet_lib.learning") / "content"
    found = (path.name for path in folder.iterdir())
    return sorted(name[:2] for name in found if name.endswith(".yaml"))


def hints_for(exercise: str | None) -> tuple[str, ...]:
    """The hints of an exercise, first to last; none for an unknown name."""
    for number in numbers():
        hints = notebook_content(number).get("hints", {})
        if exercise in hints:
            return tuple(hints[exercise])
    return ()


def prediction(key: str) -> dict[str, Any]:
    """The question and options of one prediction; its key starts with the notebook."""
    number = str(key)[:2]
    if number not in numbers():
        raise ValueError(
            f"no prediction {key!r}: a key begins with its notebook, 02-..."
        )
    predictions = notebook_content(number).get("predictions", {})
    if key not in predictions:
        known = ", ".join(predictions) or "none"
        raise ValueError(
            f"no prediction {key!r} in notebook {number}: there are {known}"
        )
    return predictions[key]


def section(number: str, name: str) -> Any:
    """One section of a notebook's content, such as 'recall'."""
    content = notebook_content(number)
    if name not in content:
        there = ", ".join(content) or "nothing"
        raise ValueError(f"notebook {number!r} has no {name!r}: it has {there}")
    return content[name]
