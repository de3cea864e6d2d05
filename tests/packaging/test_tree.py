"""What the repository holds: nothing else at the top, nothing of a machine inside."""

import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {
    ".ci",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "alexnet_lib",
    "data",
    "environment.yml",
    "lock-site.txt",
    "lock.txt",
    "notebooks",
    "postBuild",
    "pyproject.toml",
    "tests",
}
LARGEST_FILE = 12_000_000  # bytes
BINARY = {".gz", ".jpg", ".png", ".safetensors"}

# Written in parts, so that this file does not name what no file may name.
HOSTS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "download." + "pytorch.org",
    "ana" + "conda.org",
    "registry.npm" + "js.org",
    "deb." + "debian.org",
]
MACHINE_PATHS = [
    r"(?<![\w.~-])/ro" + r"ot/",
    r"(?<![\w.~-])/wo" + r"rk/(?:main|shared)",
    r"(?<![\w.~-])/ho" + r"me/\w",
    r"(?<![\w.~-])/Us" + r"ers/\w",
    r"(?<![\w.~-])/op" + r"t/(?:wheels|pypi)",
]
WORDS = [
    r"\bcla" + r"ude\b",
    r"\banth" + r"ropic\b",
    r"\bchat" + r"gpt\b",
    r"\bcopi" + r"lot\b",
    r"\bas an A" + r"I\b",
    r"\bA" + r"I[- ](?:generated|assist)",
    r"\bthis sess" + r"ion's\b",
    r"\bco-authored" + r"-by\b",
]
# The plans behind the course are not in it: no file may send a reader there.
PLANS = [r"\b(?:DES" + r"IGN|STY" + r"LE|COU" + r"RSE)\.md\b", r"\breference/\w+\.md\b"]


def tracked_files() -> list[Path]:
    """Files in git, and new ones that git does not ignore."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = [ROOT / name for name in names.split("\0") if name]
    return [path for path in paths if path.is_file()]


def text_files() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in tracked_files()
        if path.suffix not in BINARY
    }


def find_lines(pattern: str, but_not_in: str = "-") -> list[str]:
    found = re.compile(pattern, re.IGNORECASE)
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in text_files().items()
        if found.search(text) and not name.startswith(but_not_in)
        for number, line in enumerate(text.splitlines(), start=1)
        if found.search(line)
    ]


def test_top_level_holds_only_what_it_should():
    found = {path.relative_to(ROOT).parts[0] for path in tracked_files()}

    assert found == TOP_LEVEL


@pytest.mark.parametrize("host", HOSTS)
def test_no_package_registry_is_named(host):
    assert find_lines(re.escape(host)) == []


@pytest.mark.parametrize("pattern", MACHINE_PATHS)
def test_no_path_of_a_machine_is_left(pattern):
    # The tests of the notebook rules hold faults on purpose.
    assert find_lines(pattern, but_not_in="tests/notebooks/") == []


@pytest.mark.parametrize("pattern", WORDS + PLANS)
def test_nothing_of_its_making_is_left(pattern):
    assert find_lines(pattern) == []


def test_files_are_small_and_no_data_set_is_among_them():
    paths = tracked_files()

    assert [path for path in paths if path.stat().st_size > LARGEST_FILE] == []
    assert [path for path in paths if "ubyte" in path.name] == []


def test_text_files_end_with_one_line_end_and_no_blank_tail():
    wrong = [
        name
        for name, text in text_files().items()
        if text and (not text.endswith("\n") or text.endswith("\n\n") or "\r" in text)
    ]

    assert wrong == []
