"""Print the lines per room of `alexnet_lib`; fail above the limits. Part of lint.

A module above 250 lines is two, and what a learner imports stays small enough to read:
there the limit counts code, so that nobody saves on docstrings and comments.
"""

import ast
import io
import sys
import tokenize
from dataclasses import dataclass
from pathlib import Path

LEARNER_ROOMS = ("architecture", "data", "training", "inside", "figures")
# Drawings that only a widget uses live in the widgets: no learner imports them. A third
# of `architecture` is the two processes of notebook 15 and the other libraries of 16.
LEARNER_LIMIT = 7_000
MODULE_LIMIT = 250


@dataclass(frozen=True)
class Size:
    """Lines of one module: all of them, and those that hold code."""

    lines: int
    code: int


def measure(source: str) -> Size:
    """Code is what remains without blank lines, comments and docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    words: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False):
            words.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    layout = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER}
    layout |= {tokenize.INDENT, tokenize.DEDENT}
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in layout:
            code.update(range(token.start[0], token.end[0] + 1))
    return Size(len(source.splitlines()), len(code - words))


def measure_rooms(package: Path) -> dict[str, dict[str, Size]]:
    """Size of each module, by room; modules outside a room are in the room 'top'."""
    rooms: dict[str, dict[str, Size]] = {}
    for module in sorted(package.rglob("*.py")):
        parts = module.relative_to(package).parts
        room = parts[0] if len(parts) > 1 else "top"
        size = measure(module.read_text(encoding="utf-8"))
        rooms.setdefault(room, {})["/".join(parts)] = size
    return rooms


def learner_code(rooms: dict[str, dict[str, Size]]) -> int:
    """Lines of code in the rooms that a learner imports."""
    modules = (rooms.get(room, {}) for room in LEARNER_ROOMS)
    return sum(size.code for room in modules for size in room.values())


def find_excesses(rooms: dict[str, dict[str, Size]]) -> list[str]:
    """One line for each limit that is passed."""
    excesses = [
        f"{name} has {size.lines} lines: above {MODULE_LIMIT} it is two modules"
        for modules in rooms.values()
        for name, size in modules.items()
        if size.lines > MODULE_LIMIT
    ]
    if (code := learner_code(rooms)) > LEARNER_LIMIT:
        excesses.append(
            f"what a learner imports has {code} lines of code: at most {LEARNER_LIMIT}"
        )
    return excesses


def main() -> int:
    rooms = measure_rooms(Path(__file__).resolve().parents[2] / "alexnet_lib")
    for room, modules in sorted(rooms.items()):
        longest = max(modules, key=lambda name: modules[name].lines)
        lines = sum(size.lines for size in modules.values())
        code = sum(size.code for size in modules.values())
        print(
            f"{room:13}{lines:6} lines, {code:5} of code, in {len(modules):3} modules, "
            f"the longest {longest} ({modules[longest].lines})"
        )
    code = learner_code(rooms)
    print(f"a learner imports {code} lines of code, of at most {LEARNER_LIMIT}")
    excesses = find_excesses(rooms)
    print(*excesses, sep="\n", end="\n" if excesses else "", file=sys.stderr)
    return 1 if excesses else 0


if __name__ == "__main__":
    sys.exit(main())
