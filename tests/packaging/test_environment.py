"""pyproject.toml, lock.txt and environment.yml say the same, and list what is used."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
CONDA_NAMES = {
    "build": "python-build",
    "matplotlib": "matplotlib-base",
    "playwright": "playwright-python",
    "torch": "pytorch",
}
# Listed without an import of ours: why.
NOT_IMPORTED = {
    "build": "tests/packaging calls python -m build",
    "d2l": "imported by notebooks, and by commands only where it is installed",
    "hatchling": "pyproject.toml's build back end",
    "ipykernel": "the kernel that runs the notebooks",
    "jupyterlab": "make lab",
    "nbval": "a pytest plugin",
    "pandas": "d2l imports it",
    "requests": "d2l imports it",
    "ruff": "make lint",
    "scipy": "d2l imports it",
    "tensorboard": "torch.utils.tensorboard needs it",
}
# Imported where it is found, and done without.
DONE_WITHOUT = {"captum", "d2l", "google", "keras"}


def parse_requirements(lines: list[str]) -> dict[str, str]:
    """Name -> version bound, such as {'torch': '>=2.6'}."""
    return {
        name.lower(): bound.strip()
        for name, bound in (
            re.fullmatch(r"([\w.-]+)\s*(.*)", line).groups() for line in lines
        )
    }


@pytest.fixture(scope="module")
def pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def declared(pyproject) -> dict[str, str]:
    """What pyproject.toml names: dependencies, extras and groups, but for `site`."""
    project, groups = pyproject["project"], pyproject["dependency-groups"]
    lists = [project["dependencies"]]
    lists += [group for name, group in groups.items() if name != "site"]
    lists += project.get("optional-dependencies", {}).values()
    return parse_requirements([line for lines in lists for line in lines])


@pytest.fixture(scope="module")
def locked() -> dict[str, str]:
    pattern = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
    return dict(pattern.findall((ROOT / "lock.txt").read_text()))


def imported_distributions(folders: list[str]) -> set[str]:
    """The distributions whose modules our sources import, anywhere in a file."""
    modules: set[str] = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    modules |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    modules.add(node.module.partition(".")[0])
    ours = {"alexnet_lib", "tests", "conftest"}
    owners = packages_distributions()
    return {
        owners.get(module, [module])[0].lower()
        for module in modules - ours - set(sys.stdlib_module_names)
    }


def version_tuple(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0]))


def test_what_is_imported_is_declared(declared):
    imported = imported_distributions(["alexnet_lib", "tests", "notebooks/source"])

    assert imported - set(declared) - DONE_WITHOUT == set()


def test_what_is_declared_is_used(declared):
    imported = imported_distributions(["alexnet_lib", "tests", "notebooks/source"])

    assert set(declared) - imported - set(NOT_IMPORTED) == set()
    assert set(NOT_IMPORTED) <= set(declared)


def test_the_package_imports_only_its_dependencies(pyproject):
    """The wheel's users have no test tools: those are imported by tests alone."""
    dependencies = set(parse_requirements(pyproject["project"]["dependencies"]))
    # Notebooks are built in a checkout, with its tools.
    workshop = {"jupytext", "nbclient", "nbformat"}

    imported = imported_distributions(["alexnet_lib"])

    assert imported - dependencies - workshop - DONE_WITHOUT == set()


def test_what_d2l_imports_is_declared(declared):
    source = Path(find_spec("d2l").origin).with_name("torch.py")
    modules = set()
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            modules |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module.partition(".")[0])
    owners = packages_distributions()
    modules -= set(sys.stdlib_module_names)
    wanted = {owners[name][0].lower() for name in modules}

    # ipykernel brings both.
    assert wanted - {"ipython", "matplotlib-inline"} - set(declared) == set()


def test_conda_environment_is_pyproject(pyproject, declared):
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    listed = parse_requirements(environment["dependencies"])
    expected = {
        CONDA_NAMES.get(name, name): bound
        for name, bound in declared.items()
        # postBuild adds d2l, without the versions it asks for; who wants them, extras.
        # axe is for the browser's tests, which skip what is not installed.
        if name not in ("axe-playwright-python", "d2l", "otter-grader", "keras")
    }

    assert listed.pop("python") == pyproject["project"]["requires-python"]
    assert listed.pop("pip") == ""
    assert listed == expected
    assert environment["channels"] == ["conda-forge"]
    assert environment["name"] == pyproject["project"]["name"]


def test_post_build_installs_the_declared_d2l(declared):
    script = (ROOT / "postBuild").read_text()

    assert f"--no-deps d2l{declared['d2l']}\n" in script
    assert (ROOT / "postBuild").stat().st_mode & 0o100, "postBuild is not executable"


def test_the_web_edition_has_a_lock_of_its_own(pyproject):
    wanted = parse_requirements(pyproject["dependency-groups"]["site"])
    lock = (ROOT / "lock-site.txt").read_text()
    versions = dict(re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE))
    assert versions.keys() >= wanted.keys()
    assert versions["jupyter-book"].startswith("1.")
    assert "--hash=sha256:" in lock
    assert "http" not in lock


def test_lock_covers_every_direct_dependency(declared, locked):
    for name, bound in declared.items():
        operator, version = re.fullmatch(r"(>=|==)([\d.]+)", bound).groups()
        exact = version_tuple(locked[name])
        if operator == "==":
            assert exact == version_tuple(version), name
        else:
            assert exact >= version_tuple(version), name


def test_lock_has_hashes_and_names_no_host():
    text = (ROOT / "lock.txt").read_text()
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]

    assert len(blocks) > 100
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.search(r"https?:|file:|--index|--find-links|@ ", text) is None


def test_torch_pair_has_no_upper_bound(declared):
    """A cap lets a resolver pick a mismatched pair whose import fails."""
    assert "<" not in declared["torch"] + declared["torchvision"]
