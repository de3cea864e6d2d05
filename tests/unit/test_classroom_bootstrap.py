"""The bootstrap cell, executed as a notebook would, with and without the package."""

import os
import subprocess
import sys
from pathlib import Path

from alexnet_lib import runtime
from alexnet_lib.classroom.bootstrap import bootstrap_cell, bootstrap_source

ADDRESS = "https://example.org/owner/course"
FAKE_COLAB = """\
import sys, types
google, colab, output = (types.ModuleType(n) for n in ("google", "g.c", "g.c.o"))
google.colab, colab.output, google.__path__, colab.__path__ = colab, output, [], []
output.enable_custom_widget_manager = lambda: print("widgets on")
sys.modules |= {"google": google, "google.colab": colab, "google.colab.output": output}
"""


def execute(source: str, folder: Path, importable: bool) -> subprocess.CompletedProcess:
    """Run the cell's text in a fresh Python that does or does not see the package."""
    package = [str(runtime.PACKAGE.parent)] if importable else []
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *package])}
    # -S: without site-packages, where the package may be installed
    return subprocess.run(
        [sys.executable, "-S", "-c", source],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def fake_pip(folder: Path) -> None:
    (folder / "pip.py").write_text("import sys; print('pip', *sys.argv[1:])")


def test_it_is_silent_where_the_package_is_importable(tmp_path: Path):
    for address in ("", ADDRESS):
        done = execute(bootstrap_source(address), tmp_path, importable=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_an_address_it_says_what_to_do(tmp_path: Path):
    done = execute(bootstrap_source(""), tmp_path, importable=False)
    assert done.returncode == 1
    assert done.stderr == (
        "alexnet_lib is missing: clone the course's repository and run `make lab` "
        "in it\n"
    )


def test_with_an_address_it_installs_without_touching_dependencies(tmp_path: Path):
    fake_pip(tmp_path)
    done = execute(bootstrap_source(ADDRESS), tmp_path, importable=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(
        f"pip install -qq --no-deps git+{ADDRESS} d2l safetensors "
    )


def test_no_version_is_asked_for_so_that_pip_changes_nothing(tmp_path: Path):
    fake_pip(tmp_path)
    done = execute(bootstrap_source(ADDRESS), tmp_path, importable=False)
    _pip, _install, *words = done.stdout.split()
    options = [word for word in words if word.startswith("-")]
    assert options == ["-qq", "--no-deps"]
    assert [word for word in words if set(word) & set("=<>~!")] == []


def test_a_failing_installation_stops_the_cell(tmp_path: Path):
    (tmp_path / "pip.py").write_text("raise SystemExit(3)")
    done = execute(bootstrap_source(ADDRESS), tmp_path, importable=False)
    assert "returned non-zero exit status 3" in done.stderr


def test_colab_gets_its_widget_manager(tmp_path: Path):
    source = FAKE_COLAB + bootstrap_source(ADDRESS)
    assert execute(source, tmp_path, importable=True).stdout == "widgets on\n"


def test_the_cell_is_short_tagged_and_folded():
    for address in ("", ADDRESS):
        cell = bootstrap_cell(address)
        assert len(cell.source.splitlines()) <= 10
        assert cell.metadata == {
            "tags": ["bootstrap"],
            "jupyter": {"source_hidden": True},
        }
        assert cell.id == "bootstrap"


def test_the_address_is_the_one_of_runtime(monkeypatch):
    monkeypatch.setattr(runtime, "REPOSITORY", ADDRESS)
    assert bootstrap_source() == bootstrap_source(ADDRESS)
