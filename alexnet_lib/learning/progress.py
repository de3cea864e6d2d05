"""The reader's own file: predictions, answers and ledger, kept on this machine only."""

import json
import os
import tempfile
from typing import Any

from alexnet_lib.runtime import progress_file


def read(section: str) -> dict[str, Any]:
    """All entries of one section, such as 'predictions'; empty when there are none."""
    return _load().get(section, {})


def write(section: str, key: str, value: Any) -> None:
    """Store one entry, whole: the old file stays until the new one stands."""
    everything = _load()
    everything.setdefault(section, {})[key] = value
    path = progress_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".progress-")
    except OSError as error:
        raise _cannot_keep(error) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(everything, file, indent=1, sort_keys=True)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _load() -> dict[str, dict[str, Any]]:
    path = progress_file()
    try:
        everything = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _cannot_keep(error) from error
    except ValueError as error:
        raise ValueError(
            f"{path} is not readable as JSON ({error}): move it away to start afresh"
        ) from error
    sections = everything.values() if isinstance(everything, dict) else [None]
    if not all(isinstance(section, dict) for section in sections):
        raise ValueError(
            f"{path} does not hold the course's answers: move it away to start afresh"
        )
    return everything


def _cannot_keep(error: OSError) -> OSError:
    return OSError(
        f"your answers cannot be kept in {progress_file()} ({error.strerror}): name "
        "another file in ALEXNET_PROGRESS"
    )
