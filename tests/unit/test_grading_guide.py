"""What the teacher's guide types and promises is what the commands take and do."""

from argparse import ArgumentParser
from pathlib import Path

from alexnet_lib.classroom.assignments import MODULES, find_assignment
from alexnet_lib.classroom.grading.sandbox import Limits
from alexnet_lib.commands import assign, grade

GUIDE = Path(__file__).parents[2] / "notebooks" / "assignments" / "README.md"


def test_the_guides_commands_are_the_commands():
    lines = [
        line.split()
        for line in GUIDE.read_text().splitlines()
        if line.startswith(".venv/bin/python -m alexnet_lib ")
    ]
    assert len(lines) == 4
    for _, _, _, command, *words in lines:
        parser = ArgumentParser(exit_on_error=False)
        {"assign": assign, "grade": grade}[command].add_arguments(parser)
        if "--help" not in words:
            parser.parse_args(words)


def test_the_guides_numbers_are_those_of_the_program():
    text, limits = GUIDE.read_text(), Limits()
    assert f"{limits.disk // 2**20} MB to write" in text
    assert f"`--seconds`, {limits.seconds:g} unless you say otherwise" in text
    for number in MODULES:
        title = find_assignment(number).title
        assert f"| {number} · {title} |" in text
