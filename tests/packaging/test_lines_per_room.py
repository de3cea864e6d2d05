"""The limits of lines_per_room.py can fail."""

import importlib.util
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

spec = importlib.util.spec_from_file_location(
    "lines_per_room", Path(__file__).with_name("lines_per_room.py")
)
lines_per_room = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lines_per_room)


SOURCE = '''"""What it is."""

import os  # why


def home() -> str:
    """One sentence.

    And another.
    """
    text = """not a docstring
    """
    return os.path.expanduser(text)
'''


def sizes(number: int, lines: int, code: int) -> dict[str, object]:
    return {f"{n}.py": lines_per_room.Size(lines, code) for n in range(number)}


def test_docstrings_comments_and_blank_lines_are_not_code():
    assert lines_per_room.measure(SOURCE) == lines_per_room.Size(lines=13, code=5)


def test_measures_by_room(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "loader.py").write_text("a = 1\n\nb = 2\n")
    (tmp_path / "runtime.py").write_text("c = 3\n")

    assert lines_per_room.measure_rooms(tmp_path) == {
        "data": {"data/loader.py": lines_per_room.Size(3, 2)},
        "top": {"runtime.py": lines_per_room.Size(1, 1)},
    }


def test_a_long_module_is_named():
    rooms = {"widgets": {"widgets/big.py": lines_per_room.Size(251, 9)}}
    rooms["widgets"]["widgets/right.py"] = lines_per_room.Size(250, 250)

    assert lines_per_room.find_excesses(rooms) == [
        "widgets/big.py has 251 lines: above 250 it is two modules"
    ]


def test_only_what_a_learner_imports_counts_to_the_total():
    modules = sizes(35, lines=250, code=200)
    one = {"inside": sizes(1, lines=1, code=1)}

    assert lines_per_room.find_excesses({"data": modules, "widgets": modules}) == []
    assert lines_per_room.find_excesses({"data": modules} | one) == [
        "what a learner imports has 7001 lines of code: at most 7000"
    ]
