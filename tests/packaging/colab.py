"""Run notebooks alone, as Colab does: `make colab`, or `-m tests.packaging.colab`.

Each is one file in an empty folder. Its Python has what Colab has, and not the course:
the first cell fetches that from a repository, which here is a stamped copy of this
checkout on disk. Nothing that was installed before may change. `ALEXNET_DATA` names the
data, or `ALEXNET_OFFLINE=1` forbids their download; otherwise they are downloaded.
"""

import argparse
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.packaging.environments import (
    SCRIPTS,
    UV,
    copy_checkout,
    find_changes,
    installed,
    new_environment,
    run,
)

# What of Colab's packages the course needs, and what is there besides.
COLAB = (
    "torch torchvision numpy matplotlib ipywidgets pandas scipy requests tqdm pillow"
)
COLAB += " scikit-learn tensorboard ipykernel nbclient"
# Imported when the kernel starts, as Colab's own is.
STAND_IN = "def enable_custom_widget_manager(): print('widgets are on')\n"
SAYS_ITS_DATA = re.compile(r"training and [\d,]+ test pictures,? (\w+ \w+)")
CELL_SECONDS = 900


@dataclass(frozen=True)
class Outcome:
    """What came of one notebook; `faults` is empty when all is well."""

    name: str
    seconds: float
    added: list[str]
    data: str
    faults: list[str]

    def line(self) -> str:
        says = "; ".join(self.faults) or f"ok, data: {self.data or 'none needed'}"
        return f"{self.name:40}{self.seconds:6.0f} s  {says}"


def pretend_colab(python: Path) -> None:
    """Put a `google.colab` with its widget manager into an environment."""
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run(python, "-c", where, cwd=python.parent).strip())
    package = packages / "google" / "colab"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from . import output\n")
    (package / "output.py").write_text(STAND_IN)
    (packages / "colab.pth").write_text("import google.colab\n")


def make_repository(folder: Path) -> Path:
    """A copy of the checkout that carries its own address, as a git repository."""
    course = copy_checkout(folder / "course")
    stamp = (sys.executable, "-m", "alexnet_lib", "stamp", course.as_uri())
    run(*stamp, cwd=course, PYTHONPATH=str(course))
    git = ("git", "-c", "user.name=course", "-c", "user.email=course@example.org")
    run("git", "init", "--quiet", cwd=course)
    run("git", "add", "--all", cwd=course)
    run(*git, "commit", "--quiet", "--no-verify", "--message", "copy", cwd=course)
    return course


def run_alone(notebook: Path, python: Path, folder: Path) -> Outcome:
    """Run one notebook in an empty folder, then take out again what it installed."""
    alone = Path(tempfile.mkdtemp(prefix=f"{notebook.stem[:2]}-", dir=folder))
    place = Path(shutil.copy2(notebook, alone))
    before = installed(python)
    if "alexnet-course" in before:
        raise RuntimeError(f"the course is installed in {folder}: name a new --folder")
    environment = {
        "XDG_CACHE_HOME": str(alone / "cache"),  # the course's downloads and answers
        "PIP_CACHE_DIR": str(folder / "pip"),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    execute = [python.with_name("jupyter-execute"), "--inplace"]
    execute += [f"--timeout={CELL_SECONDS}", place.name]
    begun, faults = time.perf_counter(), []
    try:
        run(*execute, cwd=alone, **environment)
    except RuntimeError as error:
        faults.append(str(error))
    seconds = time.perf_counter() - begun
    after = installed(python)
    added = sorted(after.keys() - before.keys())
    nb = nbformat.read(place, as_version=4)
    faults += find_changes(before, after)
    faults += [] if faults else find_faults(nb, added)
    if added:
        run(*UV, "pip", "uninstall", "--quiet", "--python", python, *added, cwd=alone)
    if not faults:
        shutil.rmtree(alone)
    return Outcome(notebook.stem, seconds, added, data_of(nb), faults)


def texts(cell: NotebookNode) -> str:
    """What a cell printed."""
    return "".join(output.get("text", "") for output in cell.get("outputs", ()))


def data_of(nb: NotebookNode) -> str:
    """Where a notebook says its pictures come from; '' when it says nothing."""
    for cell in nb.cells:
        if found := SAYS_ITS_DATA.search(texts(cell)):
            return found[1]
    return ""


def find_faults(nb: NotebookNode, added: list[str]) -> list[str]:
    """What is wrong with an executed notebook although no cell failed."""
    faults = []
    if "alexnet-course" not in added:
        faults.append("the first cell did not install the course")
    if texts(nb.cells[1]) != "widgets are on\n":
        faults.append(f"the first cell said {texts(nb.cells[1])!r}")
    if any(".note" in cell.source for cell in nb.cells[2:]) and not data_of(nb):
        faults.append("it does not say where its data come from")
    for cell in nb.cells[1:]:
        for output in cell.get("outputs", ()):
            if output.get("name") == "stderr":
                faults.append(f"stderr: {output.text.strip()[:300]!r}")
    return faults


def in_place_of(packages: list[str], given: list[str]) -> list[str]:
    """The packages, each that is given with a version by that."""
    names = {package.partition("==")[0] for package in given}
    return [*given, *(package for package in packages if package not in names)]


def choose(folder: Path, numbers: list[str]) -> list[Path]:
    """The notebooks of these numbers, in this order; all of them for none."""
    found = {path.name[:2]: path for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))}
    if unknown := [number for number in numbers if number not in found]:
        raise ValueError(f"no notebook {unknown[0]!r}: there are {', '.join(found)}")
    return [found[number] for number in numbers or found]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="run notebooks alone, as Colab does")
    parser.add_argument("numbers", nargs="*", help="such as 02 (default: all)")
    parser.add_argument("--python", default="python3.12", help="a Python 3.12")
    parser.add_argument("--folder", type=Path, help="kept (default: a temporary one)")
    parser.add_argument(
        "--with",
        dest="extra",
        default="",
        metavar="PACKAGES",
        help="other versions than the lock's, such as 'ipywidgets==7.7.1 numpy==2.0.2'",
    )
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="alexnet-colab-") as temporary:
        folder = (args.folder or Path(temporary)).resolve()
        begun = time.perf_counter()
        python = folder / "venv" / SCRIPTS / "python"
        if not python.exists():
            given = args.extra.split()
            packages = in_place_of(COLAB.split(), given)
            new_environment(folder, args.python, packages, locked=not given)
            pretend_colab(python)
        shutil.rmtree(folder / "course", ignore_errors=True)
        course = make_repository(folder)
        print(f"set up in {time.perf_counter() - begun:.0f} s", flush=True)
        failed = 0
        for notebook in choose(course / "notebooks", args.numbers):
            outcome = run_alone(notebook, python, folder)
            failed += bool(outcome.faults)
            print(outcome.line(), flush=True)
    print(f"{failed} failed" if failed else "all passed")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, ValueError) as error:
        sys.exit(str(error))
