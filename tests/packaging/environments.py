"""Fresh Python environments that know nothing of the checkout, and copies of it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
UV = (sys.executable, "-m", "uv")


def run(*command: object, cwd: Path, **environment: str) -> str:
    """A command's stdout, outside of any environment; RuntimeError when it fails."""
    ours = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={k: v for k, v in os.environ.items() if k not in ours} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = " ".join(str(word) for word in command)
        raise RuntimeError(f"{words} failed\n{done.stdout}\n{done.stderr}")
    return done.stdout


def new_environment(
    folder: Path, python: str, packages: list[str], *, locked: bool = True
) -> Path:
    """An environment with these packages, at the lock's versions; returns its Python.

    pip is in it, as it is in Colab and in conda's environments. Without `locked`, the
    packages and what they need come in whatever versions fit together.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run(
        *UV,
        "venv",
        "--quiet",
        "--seed",
        "--python",
        python,
        folder / "venv",
        cwd=folder,
    )
    constraints = folder / "constraints.txt"
    lock = (ROOT / "lock.txt").read_text("utf-8") if locked else ""
    constraints.write_text(locked_versions(lock))
    inside = folder / "venv" / SCRIPTS / "python"
    install = ("pip", "install", "--quiet", "--python", inside, "-c", constraints)
    run(*UV, *install, *packages, cwd=folder)
    return inside


def locked_versions(lock: str) -> str:
    """The lines name==version of a lock file, with their markers, without hashes."""
    lines = re.findall(r"^[\w.-]+==[^\n\\]+", lock, re.MULTILINE)
    return "".join(f"{line.strip()}\n" for line in lines)


def installed(python: Path) -> dict[str, str]:
    """The version of each distribution of an environment."""
    command = (*UV, "pip", "list", "--quiet", "--format", "json", "--python", python)
    listed = json.loads(run(*command, cwd=python.parent))
    return {entry["name"]: entry["version"] for entry in listed}


def find_changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What was there before and is now gone or of another version, a line each."""
    return [
        f"{name} was {version} and is {after.get(name, 'gone')}"
        for name, version in sorted(before.items())
        if after.get(name) != version
    ]


def copy_checkout(into: Path) -> Path:
    """The files that git knows or would take, without what it ignores."""
    listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in run(*listed, cwd=ROOT).split("\0"):
        if name and (ROOT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, into / name)
    return into
