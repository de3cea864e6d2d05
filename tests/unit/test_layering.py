"""The rooms of the house: who may import whom, how long, how named, how light."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "alexnet_lib"
ROOMS = {
    "architecture": set(),
    "data": set(),
    "training": set(),
    "inside": set(),
    "figures": set(),  # and two modules of architecture, below
    "learning": {"architecture", "data", "training", "inside"},
    "widgets": {
        *("figures", "architecture", "inside", "data", "training", "learning"),
    },
    "classroom": {"learning"},
}
ALSO = {
    "figures": {"alexnet_lib.architecture.arithmetic", "alexnet_lib.architecture.spec"},
    "classroom": {  # the networks of assignments are tables, counted by the library
        *("alexnet_lib.architecture.arithmetic", "alexnet_lib.architecture.spec"),
        "alexnet_lib.architecture.memory",
    },
}
# The first line may import nothing of ours, each line what stands above it.
INSIDE_ARCHITECTURE = (
    {"spec"},
    {"arithmetic", "blocks"},
    {"compact", "full_width", "race"},
    {"ablations", "small_pictures"},
    {"variants", "reference", "low_rank", "phases", "filters", "halves", "exchange"},
    {"cuda_convnet", "keras_port"},
    {"layers", "initialisation"},
    {"model"},
    {"weights", "half_network"},
    {"half_process"},
    {"towers"},
)
PURE = {
    *("spec", "arithmetic", "blocks", "compact", "full_width", "ablations", "variants"),
    "halves",
    "small_pictures",
    "cuda_convnet",
}
HEAVY = ("torch", "numpy", "matplotlib", "ipywidgets")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
MOST_LINES = 250
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(
        ".__init__"
    ): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


def is_type_checking(node: ast.AST) -> bool:
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False


@cache
def imports_of(module: str, *, at_import: bool = False) -> set[str]:
    """The modules a module imports: anywhere, or only while it is being imported."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if at_import and (lazy or is_type_checking(node)):
            continue
        waiting.extend(ast.iter_child_nodes(node))
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, *filter(None, [node.module])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                found.add(whole if whole in MODULES else base)
    return found


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "alexnet_lib" else None


@pytest.mark.parametrize("module", [m for m in MODULES if room_of(m) in ROOMS])
def test_the_arrows_between_rooms(module):
    room = room_of(module)
    allowed = {room, "runtime", None, *ROOMS[room]}
    wrong = {
        other
        for other in imports_of(module)
        if room_of(other) not in allowed and other not in ALSO.get(room, ())
    }
    assert wrong == set(), f"{room} may not import these"


def test_nobody_imports_the_commands():
    importers = {
        module
        for module in MODULES
        if room_of(module) != "commands"
        and any(room_of(other) == "commands" for other in imports_of(module))
    }
    assert importers == set()


def test_every_room_is_on_the_list():
    rooms = {room_of(module) for module, path in MODULES.items()} - {None}
    assert rooms - ROOMS.keys() == {"commands", "runtime", "__main__"}


def test_the_arrows_inside_architecture():
    allowed: set[str] = set()
    for level in INSIDE_ARCHITECTURE:
        for name in level:
            ours = {
                other.rpartition(".")[2]
                for other in imports_of(f"alexnet_lib.architecture.{name}")
                if other.startswith("alexnet_lib.architecture.")
            }
            assert ours <= allowed, name
        allowed |= level


def test_tables_and_arithmetic_are_pure_python():
    for name in sorted(PURE):
        others = imports_of(f"alexnet_lib.architecture.{name}")
        roots = {other.partition(".")[0] for other in others} - {"alexnet_lib"}
        assert roots <= sys.stdlib_module_names, name


def test_only_widgets_imports_ipywidgets():
    rooms = {
        room_of(module)
        for module in MODULES
        if any(other.partition(".")[0] == "ipywidgets" for other in imports_of(module))
    }
    assert rooms <= {"widgets"}


def test_no_cycles():
    graph = {module: imports_of(module, at_import=True) for module in MODULES}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"these import each other: {' -> '.join(error.args[1])}")
    assert order.index("alexnet_lib.architecture.spec") < order.index(
        "alexnet_lib.architecture.model"
    )


@pytest.mark.parametrize("module", MODULES)
def test_modules_are_short_and_well_named(module):
    path = MODULES[module]
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{path.name} has {lines} lines: make two of it"
    assert path.stem not in BANNED_NAMES
    assert path.parent.name not in BANNED_NAMES


IMPORT_EVERYTHING = f"""
import importlib, sys
import alexnet_lib
heavy = [name for name in {HEAVY!r} if name in sys.modules]
for module in sys.argv[1:]:
    try:
        importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name.partition(".")[0] not in ("keras", "d2l"):
            raise
print(heavy, "torchvision" in sys.modules)
"""


def test_importing_is_light():
    """`import alexnet_lib` loads nothing heavy, and no room loads torchvision."""
    rooms = [module for module in MODULES if room_of(module) in {*ROOMS, "runtime"}]
    command = [sys.executable, "-c", IMPORT_EVERYTHING, *rooms]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == "[] False\n"


# The reader of imports is itself tested: what it cannot see, it cannot forbid.
SOURCE = """
from __future__ import annotations
from typing import TYPE_CHECKING
import json, torch.nn as nn
from alexnet_lib import runtime
from . import spec
from .arithmetic import walk
from ..data import sources
if TYPE_CHECKING:
    import numpy
class Layer:
    import math
    def run(self):
        import torchvision
"""


def test_the_reader_of_imports_sees_every_form(tmp_path, monkeypatch):
    path = tmp_path / "made_up.py"
    path.write_text(SOURCE)
    monkeypatch.setitem(MODULES, "alexnet_lib.architecture.made_up", path)
    everywhere = imports_of("alexnet_lib.architecture.made_up")
    assert everywhere == {
        "__future__",
        "typing",
        "json",
        "torch.nn",
        "alexnet_lib.runtime",
        "alexnet_lib.architecture.spec",
        "alexnet_lib.architecture.arithmetic",
        "alexnet_lib.data.sources",
        "numpy",
        "math",
        "torchvision",
    }
    at_import = imports_of("alexnet_lib.architecture.made_up", at_import=True)
    assert everywhere - at_import == {"numpy", "torchvision"}
