"""Call a command as the shell does, and read what it says."""

import json
from pathlib import Path

import pytest

from alexnet_lib import __main__


def call(capsys: pytest.CaptureFixture, *arguments: str | Path) -> dict:
    """What a command says with --json, when it succeeds."""
    status = __main__.main([*map(str, arguments), "--json"])
    out, err = capsys.readouterr()
    assert status == 0, err
    return json.loads(out.splitlines()[-1])


def error_of(capsys: pytest.CaptureFixture, *arguments: str | Path) -> str:
    """The one line of a command that fails."""
    assert __main__.main([*map(str, arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err.rstrip("\n")
