"""The command line: `python -m alexnet_lib COMMAND`. It only dispatches.

A command is a module with `HELP`, `add_arguments(parser)`, `run(args) -> dict` and
`render(result) -> str`. Only the chosen one is imported.
"""

import argparse
import ast
import json
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from alexnet_lib import __version__

COMMANDS = {
    name: f"alexnet_lib.commands.{name}"
    for name in (
        "doctor",
        "layers",
        "data",
        "train",
        "evaluate",
        "predict",
        "bench",
        "copies",
        "notebooks",
        "stamp",
        "record",
        "race",
        "site",
        "twins",
        "slides",
        "assign",
        "grade",
    )
}
USER_ERRORS = (ValueError, TypeError, RuntimeError, OSError)


class OneLineParser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message} (see {self.prog} --help)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0, or 2 with one line on stderr, or 130 when interrupted."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        _dispatch(arguments)
    except SystemExit as stop:  # --help and --version have printed what was asked for
        return int(stop.code or 0)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except USER_ERRORS as error:
        message = " ".join(str(error).split()) or type(error).__name__
        print(message, file=sys.stderr)
        return 2
    return 0


def _dispatch(arguments: list[str]) -> None:
    name = arguments[0] if arguments else "--help"
    if name.startswith("-"):
        _overview().parse_args(arguments or ["--help"])
        return
    module = import_module(_find(name))
    parser = OneLineParser(
        prog=f"python -m alexnet_lib {name}",
        description=module.HELP,
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    parser.add_argument(
        "--json", action="store_true", help="one JSON object on the last line"
    )
    args = parser.parse_args(arguments[1:])
    result = module.run(args)
    if os.environ.get("RANK", "0") == "0":  # under torchrun one process speaks for all
        print(_to_json(result) if args.json else module.render(result), flush=True)


def commands_there() -> dict[str, Path]:
    """The source of each command that is part of this installation."""
    found = {name: find_spec(module) for name, module in COMMANDS.items()}
    return {name: Path(spec.origin) for name, spec in found.items() if spec}


def _find(name: str) -> str:
    """The module of a command that is there."""
    there = commands_there()
    if name not in there:
        close = get_close_matches(name, there, n=1)
        known = ", ".join(there)
        hint = f"did you mean {close[0]!r}?" if close else f"they are {known}"
        raise ValueError(f"no command named {name!r}: {hint}")
    return COMMANDS[name]


def _overview() -> argparse.ArgumentParser:
    lines = [
        f"  {name:<10} {_help_of(path)}" for name, path in commands_there().items()
    ]
    parser = OneLineParser(
        prog="python -m alexnet_lib",
        description="The commands of the AlexNet course.",
        usage="%(prog)s COMMAND [--help] [--json] ...",
        epilog="commands:\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    return parser


def _help_of(path: Path) -> str:
    """`HELP` of a command, read without importing it: some of them import torch."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="HELP")], value=value):
                return ast.literal_eval(value)
            case ast.AnnAssign(target=ast.Name(id="HELP"), value=ast.expr() as value):
                return ast.literal_eval(value)
    return ""


def _to_json(result: dict) -> str:
    """One line. JSON has no NaN and no infinity: they become null."""
    text = json.dumps(result)
    return json.dumps(json.loads(text, parse_constant=lambda _: None))


if __name__ == "__main__":
    sys.exit(main())
