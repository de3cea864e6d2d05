"""The teacher's guide: minutes add up, quotes are quotes, no answer is in it."""

import ast
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from alexnet_lib.classroom.solutions import exercises
from alexnet_lib.classroom.source import tags
from alexnet_lib.learning.content import notebook_content

ROOT = Path(__file__).resolve().parents[2]
PATH = ROOT / "notebooks" / "instructors_guide.md"
GUIDE = PATH.read_text(encoding="utf-8")
CORE_PATH = [f"{number:02}" for number in range(9)]
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")
LABS = {
    "Lab 1: 00, 01, 02": ["00", "01", "02"],
    "Lab 2: 03, 04, 05, 06": ["03", "04", "05", "06"],
    "Lab 3: 07, 08": ["07", "08"],
}


def part(heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level = next(
        mark for mark in ("##", "###") if f"\n{mark} {heading}\n" in "\n" + GUIDE
    )
    after = GUIDE.partition(f"{level} {heading}\n")[2]
    return re.split(rf"^#{{2,{len(level)}}} ", after, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in a text, without headings and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rules = [at for at, line in enumerate(lines) if set(line) <= set("|- ")]
    skip = {*rules, *(at - 1 for at in rules)}
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for at, line in enumerate(lines)
        if at not in skip
    ]


@pytest.fixture(scope="module")
def notebooks() -> dict[str, nbformat.NotebookNode]:
    return {
        path.stem[:2]: nbformat.read(path, as_version=4)
        for path in sorted((ROOT / "notebooks").glob("0[0-8]_*.ipynb"))
    }


def sections(nb: nbformat.NotebookNode) -> dict[int, tuple[bool, list[str]]]:
    """Number of a section -> whether it is core, and its cells' sources."""
    found: dict[int, tuple[bool, list[str]]] = {}
    here = 0
    for cell in nb.cells:
        if match := re.match(r"## (\d+) · ", cell.source):
            here = int(match[1])
            found[here] = ("core" in tags(cell), [])
        if here:
            found[here][1].append(cell.source)
    return found


def span(words: str) -> list[int]:
    """'sections 2 and 3', '4 to 6' or 'section 7' as numbers."""
    numbers = list(map(int, re.findall(r"\d+", words)))
    return list(range(numbers[0], numbers[-1] + 1))


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_is_ninety_minutes_without_a_gap(lab):
    times = [list(map(int, row[0].split(" to "))) for row in rows(part(lab))]
    assert times[0][0] == 0
    assert times[-1][1] == 90
    for before, after in pairwise(times):
        assert before[1] == after[0]
        assert after[1] > after[0]


@pytest.mark.parametrize("lab", LABS)
def test_the_sections_and_bets_of_a_lab_are_in_its_notebooks(lab, notebooks):
    walked, bets = [], defaultdict(list)
    for _, place, aloud, in_class, _ in rows(part(lab)):
        number, where = place.split(", ")
        walked.append(number)
        there = sections(notebooks[number])
        assert all(there[section][0] for section in span(where)), f"{place}: core only"
        text = "\n".join(cell for s in span(where) for cell in there[s][1])
        for bet in re.findall(r"`([^`]+)`", aloud):
            assert f'predict("{bet}")' in text, f"{bet} is not in {place}"
            bets[number].append(bet)
        for exercise in re.findall(r"exercise (\d)", in_class):
            nearby = "\n".join(cell for _, cells in there.values() for cell in cells)
            assert f"### Exercise {exercise}\n" in nearby
    assert list(dict.fromkeys(walked)) == LABS[lab]
    for number in LABS[lab]:
        left = set(notebook_content(number)["predictions"]) - set(bets[number])
        assert left <= {"05-shift", "05-buys", "06-both"}, f"no minute for {left}"


def test_minutes_are_those_of_the_notebooks(notebooks):
    table = {row[0]: row[1:] for row in rows(part("Three labs"))[: len(CORE_PATH)]}
    assert list(table) == CORE_PATH
    for number, nb in notebooks.items():
        core = re.search(
            r"\bCore (\d+) minutes(?:, stretch (\d+))?", nb.cells[0].source
        )
        assert table[number][:2] == [core[1], core[2] or "0"]
        assert table[number][2] == f"under {120 if number in ('07', '08') else 60}"


def said_by_checks() -> str:
    """Every piece of text in the checks' sources, as Python joins them."""
    folder = ROOT / "alexnet_lib" / "learning" / "checks"
    trees = [ast.parse(path.read_text("utf-8")) for path in folder.glob("*.py")]
    return "\n".join(
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def test_diagnoses_are_quoted_word_for_word():
    checks = said_by_checks()
    quotes = [row[1].strip('"') for row in rows(part("What students get wrong"))]
    assert len(quotes) > 30
    assert [quote for quote in quotes if quote not in checks] == []


def test_every_exercise_named_is_there_and_every_notebook_has_hints(notebooks):
    named = [row[0].split(", ") for row in rows(part("What students get wrong"))]
    assert sorted({number for number, _ in named}) == CORE_PATH
    for number, exercise in named:
        texts = "\n".join(cell.source for cell in notebooks[number].cells)
        assert f"### Exercise {exercise}\n" in texts


def test_no_hint_gives_an_answer_away(notebooks):
    """No line of a solution, and no number that only a solution has."""
    hints = defaultdict(str)
    for place, said, hint in rows(part("What students get wrong")):
        hints[place[:2]] += f"{said} {hint}\n"
    for number, nb in notebooks.items():
        parts = exercises(nb)
        hidden = {exercise.solution for exercise in parts}
        given = "\n".join(c.source for i, c in enumerate(nb.cells) if i not in hidden)
        folded = "\n".join(nb.cells[at].source for at in hidden)
        secret = set(NUMBER.findall(folded)) - set(NUMBER.findall(given))
        assert not secret & set(NUMBER.findall(hints[number])), number
        assert not [n for n in NUMBER.findall(hints[number]) if len(n) > 2], number
        lines = [line.strip() for part in parts for line in part.code.splitlines()]
        for line in lines:
            if len(line) > 12 and line not in given:
                assert line not in GUIDE, f"{number}: {line}"


def test_the_whole_guide_names_no_value_that_an_exercise_asks_for():
    """The numbers of 02 and 03 that a search would find first."""
    for answer in (
        "37,752,832",
        "60,965,224",
        "223,948,800",
        "9,216",
        "6,400",
        "54.25",
    ):
        assert answer not in GUIDE


def test_what_a_machine_prints_is_what_the_code_says():
    table = [row[0] for row in rows(part("The first week"))]
    lines = [quoted for cell in table for quoted in re.findall(r"`([^`]{25,})`", cell)]
    assert len(lines) > 12
    sources = [ROOT / "Makefile", *(ROOT / "alexnet_lib").rglob("*.py")]
    texts = "\n".join(path.read_text("utf-8") for path in sources)
    flat = re.sub(r'"\s*\n\s*f?"', "", texts)  # a text is cut over lines
    filled_in = re.compile(r"\.\.\.|[\d,]*\d(?:\.\d+)?|\bFashionMNIST\b|^torch |: ")
    for line in lines:
        pieces = filled_in.split(line)
        words = [piece.strip(" ();:',") for piece in pieces]
        assert max(map(len, words)) > 15, line
        assert [piece for piece in words if piece not in flat] == []


def test_links_resolve():
    targets = re.findall(r"\]\(([^)]+)\)", GUIDE)
    assert len(targets) > 10
    for target in targets:
        name, _, anchor = target.partition("#")
        path = PATH.parent / name if name else PATH
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
            slugs = [
                re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings
            ]
            assert anchor in slugs, target


@pytest.mark.parametrize("page", ["README.md", "notebooks/assignments/README.md"])
def test_the_guide_is_found_from_the_pages_for_teachers(page):
    path = ROOT / page
    links = re.findall(r"\]\(([^)#]+)", path.read_text("utf-8"))
    assert PATH in [(path.parent / link).resolve() for link in links]
