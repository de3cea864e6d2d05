"""Runs the cells of one notebook and reports plain values. It knows no answers.

Lies alone beside `job.json` in the child's folder and imports the standard library
only, all of it before the first cell runs.
"""

import importlib.util
import json
import os
import re
import signal
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

LONGEST_TEXT = 5_000  # characters of a text
MOST_ITEMS = 1_000  # of a list or dict
DEEPEST = 5
MAGIC = re.compile(r"^(\s*)(?:[%!?].*|\w.*\?)$")


class OutOfTime(BaseException):
    """Not an Exception: a cell that catches those does not catch this."""


class NotPlain(Exception):
    """A value of a kind that is not reported."""


def plain(value, depth=0):
    """The value when it is of a plain type, exactly; a tuple becomes a list."""
    kind = type(value)
    if value is None or kind in (int, float, bool):
        return value
    if kind is str and len(value) <= LONGEST_TEXT:
        return value
    if kind in (list, tuple, dict) and len(value) <= MOST_ITEMS and depth < DEEPEST:
        if kind is not dict:
            return [plain(item, depth + 1) for item in value]
        if all(type(key) is str for key in value):
            return {key: plain(item, depth + 1) for key, item in value.items()}
    raise NotPlain(kind.__name__)


def bring_package(folder):
    """Import alexnet_lib from its folder: the folder around it may not be read."""
    name = os.path.basename(folder)
    spec = importlib.util.spec_from_file_location(
        name,
        os.path.join(folder, "__init__.py"),
        submodule_search_locations=[folder],
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def as_python(source):
    """A cell without what only IPython understands; a cell of `%%` is left out."""
    if source.lstrip().startswith("%%"):
        return ""
    try:
        return compile(source, "notebook", "exec")
    except SyntaxError:  # only then look for magics: % is Python, too
        lines = [MAGIC.sub(r"\1pass", line) for line in source.splitlines()]
        return compile("\n".join(lines), "notebook", "exec")


class SilentGrader:
    """Stands where the notebook's own checks stand: here they say nothing."""

    def __init__(self, *args, **kwargs):
        pass

    def check(self, *args, **kwargs):
        pass


def ring(signum, frame):
    raise OutOfTime


def main():
    with open("job.json", encoding="utf-8") as file:
        job = json.load(file)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    bring_package(job["package"])
    dump = json.dumps
    student = ModuleType("__main__")
    student.display = SilentGrader
    student.grader = SilentGrader()
    otter = ModuleType("otter")
    otter.__spec__ = ModuleSpec("otter", None)  # for `find_spec`
    otter.Notebook = SilentGrader
    sys.modules.update(__main__=student, otter=otter)

    def report(entry, work, seconds):
        """Do one piece of work within its time, and say what came of it."""
        try:
            try:
                if hasattr(signal, "setitimer"):  # not on Windows
                    signal.signal(signal.SIGALRM, ring)
                    signal.setitimer(signal.ITIMER_REAL, seconds)
                line = dump({**entry, **work()}, allow_nan=False)
            finally:
                if hasattr(signal, "setitimer"):
                    signal.setitimer(signal.ITIMER_REAL, 0)
        except BaseException as error:
            kind = type(error).__name__
            what = "kind" if type(error) is NotPlain else "error"
            shown = str(error) if type(error) is NotPlain else kind
            line = dump({**entry, what: shown[:100]})
        out.write(line + "\n")
        out.flush()

    def run_cell(source):
        exec(as_python(source), student.__dict__)
        return {}

    def get(name, args):
        value = getattr(student, name)
        return {"value": plain(value if args is None else value(*args))}

    for number, source in enumerate(job["cells"]):
        report({"cell": number}, lambda source=source: run_cell(source), job["seconds"])
    for number, (name, args) in enumerate(job["calls"]):
        report({"call": number}, lambda n=name, a=args: get(n, a), job["call_seconds"])
    report({"done": True}, dict, 1)


if __name__ == "__main__":
    main()
