"""What README, CONTRIBUTING, CHANGELOG and the workflow say is there, is there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import alexnet_lib
from alexnet_lib.architecture.memory import training_memory
from alexnet_lib.architecture.variants import ALEXNET_D2L
from alexnet_lib.training.records import load_records

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def code_block(heading: str) -> list[str]:
    """The commands of the indented block behind a bold heading of README.md."""
    after = README.partition(f"**{heading}**")[2]
    block = re.search(r"\n\n((?:    .+\n)+)", after).group(1)
    return [line.strip() for line in block.splitlines()]


def test_two_commands_stand_on_top():
    block = re.search(r"\n\n((?:    .+\n)+)", README).group(1)

    assert [line.split("#")[0].strip() for line in block.splitlines()] == [
        "make lab",
        "make test",
    ]


@pytest.mark.parametrize(
    "name",
    ["README.md", "CONTRIBUTING.md", "Makefile", ".ci/run", ".github/workflows/ci.yml"],
)
def test_make_targets_named_exist(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    before = r"^ {4}|^\t@echo |^step \S+ |run: |[`(]"
    named = set(re.findall(rf"(?:{before})'?make (?:\S+=\S+ )*([a-z-]+)", text, re.M))
    targets = set(re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.M)[0].split())

    assert named <= targets
    assert named or name.endswith(".yml")


def test_commands_of_the_package_named_exist():
    commands = set(re.findall(r"-m alexnet_lib ([a-z]+)", README + MAKEFILE))
    assert commands >= {"copies", "doctor", "notebooks"}

    for command in sorted(commands):
        done = subprocess.run(
            [sys.executable, "-m", "alexnet_lib", command, "--help"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"


def test_plain_commands_are_the_same_on_windows():
    plain = code_block("Without make")
    windows = code_block("Windows")

    assert [line.replace("\\Scripts\\", "/bin/") for line in windows[1:]] == plain[1:]
    assert windows[0] == "py -3.12 -m venv .venv"


def test_plain_commands_install_as_make_does():
    """pip's route in the Makefile, word for word but for its switches of quietness."""
    for line in code_block("Without make")[1:3]:
        options = line.partition("pip install ")[2].replace("lock.txt", "$(LOCK)")
        assert options in MAKEFILE


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_resolve(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)\)", text)

    missing = [
        target
        for target in targets
        if not re.match(r"https?://", target) and not (ROOT / target).exists()
    ]

    assert missing == []


def test_pictures_are_small_and_told_in_words():
    pictures = re.findall(r"!\[([^]]*)\]\(([^)]+)\)", README)
    assert len(pictures) == 2
    for words, target in pictures:
        assert len(words) > 80
        assert (ROOT / target).stat().st_size <= 200_000


def test_every_notebook_is_in_the_map_and_linked():
    numbers = re.findall(r"^\| (\d\d) \|", README, re.M)
    assert numbers == [f"{number:02}" for number in range(18)]

    notebooks = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    linked = re.findall(r"^\| \d\d \| \[[^]]+\]\(notebooks/([^)]+)\)", README, re.M)
    assert linked == notebooks


def test_versions_agree():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))

    assert re.findall(r"^## (\S+)", changelog, re.M)[0] == alexnet_lib.__version__
    assert citation["version"] == alexnet_lib.__version__


def test_changelog_uses_three_headings():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^### (.+)$", changelog, re.M)) <= {
        "Added",
        "Changed",
        "Fixed",
    }


def test_workflow_covers_three_pythons_and_three_systems():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    matrix = workflow["jobs"]["tests"]["strategy"]["matrix"]

    assert matrix["python"] == ["3.11", "3.12", "3.13"]
    assert {system.partition("-")[0] for system in matrix["system"]} == {
        "ubuntu",
        "macos",
        "windows",
    }
    assert any(
        step.get("run") == "bash .ci/run"
        for step in workflow["jobs"]["everything"]["steps"]
    )


# first words of a row in "What came out so far": the experiment and the variant whose
# records it sums up
RESULTS = {
    "AlexNet as in the d2l book, by the book's recipe": ("d2l", "ALEXNET_D2L"),
    "The same by this course's recipe": ("course", "ALEXNET_D2L"),
    "AlexNet, a quarter as wide, batch normalisation": ("quick", "ALEXNET_QUARTER_BN"),
    "The same with a first layer of 3 x 3 for smaller pictures": (
        "places",
        "ALEXNET_QUARTER_BN_56_DENSE",
    ),
    "LeNet-5, sigmoid and average pooling": ("lenet_grid", "LENET5"),
    "LeNet-5, sigmoid and max pooling": ("lenet_grid", "LENET5_SIGMOID_MAX"),
    "LeNet-5, ReLU and average pooling": ("lenet_grid", "LENET5_RELU_AVG"),
    "LeNet-5, ReLU and max pooling": ("lenet_grid", "LENET5_RELU"),
}


def test_results_are_those_of_the_records():
    records = load_records(ROOT / "data" / "runs")
    rows = re.findall(r"^\| ([A-Z].+?) \|", README.partition("came out")[2], re.M)
    assert rows == list(RESULTS)
    for title, key in RESULTS.items():
        runs = [run for run in records if (run.experiment, run.variant) == key]
        low, high = (
            pick(100 * run.test_accuracy for run in runs) for pick in (min, max)
        )
        span = f"{low:.1f} %" if low == high else f"{low:.1f} to {high:.1f} %"
        size, epochs = runs[0].resize, runs[0].epochs
        line = f"| {title} | {size} | {len(runs)} | {epochs} | {span} |"
        assert line in README


def test_the_memory_of_a_training_is_as_counted():
    counted = training_memory(ALEXNET_D2L).total(128)
    assert f"takes {counted / 1e9:.1f} GB of memory" in README
