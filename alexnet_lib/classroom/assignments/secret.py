"""The teacher's secret, and the random numbers that are drawn from it.

From one secret, student and purpose follow the same numbers on every machine; without
the secret nobody can work out another student's copy or the hidden cases.
"""

import hmac
import os
import random
import secrets
from pathlib import Path

from alexnet_lib import runtime

SHORTEST = 32  # characters
REMEDY = "make one with `python -m alexnet_lib assign --new-secret FILE`"


def read_secret(path: Path) -> bytes:
    """The secret of a file; refused when it is missing, short or in the repository."""
    _refuse_inside(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no secret file {path}: {REMEDY}")
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    if len(text) < SHORTEST:
        raise ValueError(
            f"the secret in {path} has {len(text)} characters and needs {SHORTEST}: "
            f"{REMEDY}"
        )
    return text.encode()


def new_secret(path: Path) -> None:
    """Write a fresh secret that only its owner can read; never over a file."""
    _refuse_inside(path)
    if path.exists():
        raise ValueError(
            f"{path} is there already, and copies may hang on it: name another file"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_hex(32) + "\n")


def generator(secret: bytes, *purpose: str | int) -> random.Random:
    """Random numbers for one purpose, such as (1, "ann", "copy")."""
    text = "\0".join(map(str, purpose))
    return random.Random(hmac.digest(secret, text.encode(), "sha256"))


def _refuse_inside(path: Path) -> None:
    root = runtime.checkout() or runtime.PACKAGE
    if path.resolve().is_relative_to(root.resolve()):
        raise ValueError(
            f"the secret file {path} lies inside the repository, which students read: "
            f"keep it elsewhere, such as in your home folder"
        )
