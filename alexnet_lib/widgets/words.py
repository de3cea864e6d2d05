"""What the widgets say: one table, and another language that may lie over it.

`words.yaml` holds the English, by widget; placeholders are those of `str.format`. What
`ALEXNET_WORDS` names is a file of the same form, with as many entries as one likes.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

VARIABLE = "ALEXNET_WORDS"

Table = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Words:
    """The entries of one widget: `say("quote", speed=80)`."""

    entries: Mapping[str, str]
    english: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        return self.entries[key].format(**values)

    def counted(self, key: str, count: int, /, **values: object) -> str:
        """Entry `key_one` for a count of 1, else `key_many`; both may name {count}."""
        form = "one" if count == 1 else "many"
        return self(f"{key}_{form}", count=count, **values)

    def translated(self, english: str) -> str:
        """What stands in the place of an English entry; other words stay as they are.

        Cells choose networks by their English names, in whatever language they show.
        """
        found = (key for key, words in self.english.items() if words == english)
        return self.entries.get(next(found, ""), english)


def words_of(widget: str) -> Words:
    """The entries of one widget, in the language in use."""
    return Words(_in_use()[widget], english_table()[widget])


@cache
def english_table() -> Table:
    """The table that the course ships."""
    path = files("alexnet_lib.widgets") / "words.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def _in_use() -> Table:
    path = os.environ.get(VARIABLE)
    return lay_over(english_table(), Path(path)) if path else english_table()


def lay_over(table: Table, path: Path) -> Table:
    """The table with the entries of a file in the place of its own.

    ValueError of one line for a file that is none, an entry that the table does not
    have, and for other placeholders than it has there.
    """
    laid = {widget: dict(entries) for widget, entries in table.items()}
    for widget, entries in _read(path).items():
        if not isinstance(entries, dict):
            raise ValueError(f"{path}: {widget!r} holds no entries, but {entries!r}")
        for key, words in entries.items():
            _check(table, widget, key, words, path)
            laid[widget][key] = words
    return laid


def _read(path: Path) -> dict:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}; see {VARIABLE}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        said = " ".join(str(error).split())
        raise ValueError(f"{path} is no YAML in UTF-8: {said}") from None
    if not isinstance(content, dict):
        raise ValueError(f"{path} holds no widgets with entries: see words.yaml")
    return content


def _check(table: Table, widget: str, key: str, words: Any, path: Path) -> None:
    name = f"{widget}.{key}"
    names = [f"{each}.{entry}" for each, own in table.items() for entry in own]
    if name not in names:
        close = get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]}?" if close else "see words.yaml"
        raise ValueError(f"{path}: there is no entry {name}: {hint}")
    if not isinstance(words, str):
        raise ValueError(f"{path}: {name} is {words!r}: expected words in quotes")
    try:
        found = placeholders(words)
    except ValueError as error:
        raise ValueError(f"{path}: {name} cannot be read: {error}") from None
    if found != (wanted := placeholders(table[widget][key])):
        raise ValueError(
            f"{path}: {name} has {_listed(found)} where the English has "
            f"{_listed(wanted)}: keep them as they are"
        )


def placeholders(words: str) -> set[str]:
    """What is filled in, with its form, such as 'share:.0f'; ValueError if broken."""
    found = set()
    for _text, name, form, conversion in Formatter().parse(words):
        if name is not None:
            how = f"!{conversion}" if conversion else ""
            found.add(f"{name}{how}" + (f":{form}" if form else ""))
    return found


def _listed(found: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(found)) or "no placeholders"
