"""The wheel, built by way of the sdist and installed into an empty environment."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def run(*command: object, cwd: Path, **environment: str) -> str:
    """Run a command; its stdout, or a failure that shows both streams."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    assert len(list(out.glob("*.tar.gz"))) == 1
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bare_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the wheel installed and nothing else at all."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=venv.parent)
    python = venv / SCRIPTS / "python"
    pip = (sys.executable, "-m", "pip", "--python", python)
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=venv.parent)
    return python


@pytest.fixture(scope="module")
def full_python(bare_python: Path) -> Path:
    """The same, borrowing our packages (6 GB) by a path file; never our checkout."""
    site_packages = run(
        bare_python,
        "-c",
        "import sysconfig; print(sysconfig.get_path('purelib'))",
        cwd=bare_python.parent,
    ).strip()
    borrowed = sysconfig.get_path("purelib")
    # A path file inside a folder that a path file names is not read: the editable
    # install of the checkout stays out.
    (Path(site_packages) / "borrowed.pth").write_text(borrowed + "\n")
    return bare_python


def test_wheel_carries_weights_and_records_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    carried = {name for name in names if name.startswith("alexnet_lib/course_files/")}
    shipped = {
        f"alexnet_lib/course_files/{path.relative_to(ROOT / 'data').as_posix()}"
        for folder in ("weights", "runs")
        for path in (ROOT / "data" / folder).rglob("*")
        if path.is_file()
    }

    assert carried == shipped
    assert {name.split("/")[0] for name in names if "dist-info" not in name} == {
        "alexnet_lib"
    }


def test_wheel_carries_what_the_package_reads(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "alexnet_lib").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert files <= names


# `tmp_path` is empty: the checkout is not importable from there.
def test_bare_wheel_imports_without_torch(bare_python, tmp_path):
    code = (
        "import sys, alexnet_lib; print(alexnet_lib.__file__, 'torch' in sys.modules)"
    )

    origin, torch_loaded = run(bare_python, "-c", code, cwd=tmp_path).split()

    assert Path(origin).is_relative_to(bare_python.parents[1])
    assert torch_loaded == "False"


def test_doctor_runs_from_the_wheel(full_python, tmp_path):
    alexnet = full_python.with_name("alexnet")
    caches = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    out = run(alexnet, "doctor", "--json", cwd=tmp_path, ALEXNET_OFFLINE="1", **caches)

    report = json.loads(out.splitlines()[-1])
    assert set(report) >= {"python", "packages", "device", "data", "problems"}


def test_weights_load_from_the_wheel(full_python, tmp_path):
    """Every weights file of the checkout, found in the installed package and read."""
    code = (
        "import sys\n"
        "from safetensors.torch import load_file\n"
        "from alexnet_lib.runtime import course_file\n"
        "for name in sys.argv[1:]:\n"
        "    path = course_file('weights/' + name)\n"
        "    print(path, sum(tensor.numel() for tensor in load_file(path).values()))\n"
    )
    names = sorted(path.name for path in (ROOT / "data/weights").glob("*.safetensors"))

    lines = run(full_python, "-c", code, *names, cwd=tmp_path).splitlines()

    assert len(lines) == len(names)
    for line in lines:
        path, numbers = line.rsplit(" ", 1)
        assert Path(path).is_relative_to(full_python.parents[1])
        assert int(numbers) > 0
