"""Submissions made by code: honest, unlucky and hostile ones, each a small notebook."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from nbformat import NotebookNode

from alexnet_lib.classroom.assignments.master import Copy, file_name
from alexnet_lib.classroom.assignments.parts import Assignment
from alexnet_lib.classroom.source import tags

# Hostile code is run only where something stands around it.
CONFINED = sys.platform == "linux"

# An object that is equal to everything, and looks like a number in every way it can.
CHAMELEON = """\
class Chameleon(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __abs__(self): return 0
    def __sub__(self, other): return 0
    def __getitem__(self, key): return self
    def __instancecheck__(self, other): return True
    def get(self, key, default=None): return self
    def item(self): return self
class Every(dict):
    def get(self, key, default=None): return Chameleon(1)
    def __getitem__(self, key): return Chameleon(1)
    def __contains__(self, key): return True
    def __eq__(self, other): return True
def positions(*args): return Chameleon(1)
def block_cost(*args): return Chameleon(1)
sides = diagnosis = budget = Every()
"""
# What it can see of the disk, of other processes and of its parent, for its answers.
SPY = """\
import os
found = [name for name in os.environ if "SPY" in name]
for root in [*{roots}, os.getcwd(), "/proc/1", "/tmp", "/home", "/etc"]:
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            try:
                text = open(path, errors="ignore").read(2**22)
            except OSError:
                continue
            if name != "job.json" and ({clue!r} in text or "BEGIN SECRET" in text):
                found.append(path)
for number in (os.getppid(), {parent}, *range(1, 40)):
    for name in ("environ", "cmdline", "cwd", "maps"):
        try:
            if "SPY" in open(f"/proc/{{number}}/{{name}}").read():
                found.append(number)
        except OSError:
            pass
try:
    import alexnet_lib.classroom.assignments.secret
    found.append("the room of the answers")
except (ImportError, OSError):
    pass
sides = diagnosis = budget = {{"found": found}}
explanation = repr(found)
"""
WRITER = """\
import os
wrote = set()
for path in {targets}:
    attempts = dict(
        append=lambda: open(path, "a").write("was here"),
        chmod=lambda: os.chmod(path, 0),
        remove=lambda: os.remove(path),
        symlink=lambda: os.symlink("/etc/passwd", path + ".link"),
        mkdir=lambda: os.mkdir(path + ".d"),
    )
    for name, attempt in attempts.items():
        try:
            attempt()
            wrote.add(name)
        except OSError:
            pass
explanation = " ".join(sorted(wrote))
"""
SOCKETS = """\
import socket
got = []
for family, kind, address in {addresses}:
    try:
        with socket.socket(getattr(socket, family), getattr(socket, kind)) as line:
            line.settimeout(0.2)
            line.connect(address)
            line.send(b"hello from a student")
            got.append(family + kind)
    except OSError:
        pass
explanation = " ".join(got)
"""
PLANTED = "import os\nos.environ['PLANTED'] = 'yes'\nraise SystemExit('planted')\n"
PLANTER = """\
for name in ("json", "re", "os", "signal", "numpy", "alexnet_lib", "sitecustomize"):
    open(name + ".py", "w").write("raise SystemExit('planted')")
"""
LIAR = """\
import os
for handle in range(3, 64):
    try:
        for number in range(99):
            line = '{"call": %d, "value": true, "points": 18}' % number
            os.write(handle, line.encode() + b"\\n")
    except OSError:
        pass
"""
HOSTILE = {
    "loop": "while True:\n    pass",
    "deaf_loop": (
        "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
        "while True:\n    pass"
    ),
    "hog": "held = []\nwhile True:\n    held.append(bytearray(10**7))",
    "exit": "import os\nos._exit(0)",
    "abort": "import ctypes\nctypes.string_at(0)",
    "chameleon": CHAMELEON,
    "bomb": (
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n"
        "        pass"
    ),
    "gigabyte": "import sys\nfor _ in range(1024):\n    sys.stdout.write('x' * 2**20)",
    "flood": (
        "import os\nfor handle in range(3, 64):\n    try:\n        while True:\n"
        '            os.write(handle, b\'{"call": 0, "value": 1}\\n\' * 9999)\n'
        "    except OSError: pass"
    ),
    "liar": LIAR,
}


if not CONFINED:
    HOSTILE = {"chameleon": CHAMELEON}


def answer(copy: Copy, only: Callable[[str], bool] = lambda name: True) -> NotebookNode:
    """The student's notebook with the solution of the questions that `only` accepts."""
    nb = NotebookNode(json.loads(json.dumps(copy.notebook)))
    nb.cells = [NotebookNode(cell) for cell in nb.cells]
    solved = [cell for cell in copy.solution.cells if "solution" not in tags(cell)]
    for place, cell in enumerate(nb.cells):
        check = nb.cells[place + 1].source if "exercise" in cell_tags(cell) else ""
        if check and only(check.split('"')[1]):
            cell["source"] = solved[place].source
    return nb


def cell_tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def with_code(copy: Copy, code: str, *, solved: bool = False) -> NotebookNode:
    """A cell of one's own behind the last one; the rest as given, or solved."""
    nb = answer(copy, lambda name: solved)
    cell = {"cell_type": "code", "source": code, "metadata": {}, "outputs": []}
    nb.cells.append(NotebookNode(cell))
    return nb


def hand_in(
    folder: Path, assignment: Assignment, student: str, nb: NotebookNode | str
) -> Path:
    """Write a submission as it comes back."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name(assignment, student)
    text = nb if isinstance(nb, str) else json.dumps(nb)
    path.write_text(text, encoding="utf-8")
    return path
