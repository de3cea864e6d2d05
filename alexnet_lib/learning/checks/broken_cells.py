"""The course's broken cells: what each one said, and which of the causes it had."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo


@dataclass(frozen=True, kw_only=True)
class BrokenCell:
    """A cell that raises: its error, the words that tell, the letter of its cause."""

    error: str
    message: str  # as it stands in the last line of the error
    cause: str
    clue: str


CAUSES = {
    "A": "the folder was never made",
    "B": "a picture brought its transparency along",
    "C": "a web page bent the quotation marks",
    "D": "other windows leave more numbers than a layer was made for",
    "E": "the result of == was thrown away",
    "F": "the picture is too small for so many windows",
    "G": "adding one shift for each colour gave a grey picture three channels",
    "H": "a hook wrote into the output that it was shown",
    "I": "the class was copied without the underscores of __init__",
    "J": "the weights come from a network of other widths",
    "K": "a sentence about the kernels left out that there are groups",
    "L": "a listing imports a part of torch and uses all of it",
    "M": "a mask was multiplied in place into what ReLU had put out",
    "N": "the colours came as blue, green, red",
    "O": "the biases were handed over twice",
    "P": "weights were asked for before the layer had seen a picture",
    "Q": "there is no comma between two layers",
    "R": "a single picture came without its batch axis",
}
SILENT = ("E", "N")  # faults of the course that raise nothing
CELLS = {
    "01": BrokenCell(
        error="SyntaxError",
        message="invalid syntax. Perhaps you forgot a comma?",
        cause="Q",
        clue="Python says what it thinks is missing",
    ),
    "02": BrokenCell(
        error="RuntimeError",
        message="Calculated output size: (256x0x0). Output size is too small",
        cause="F",
        clue="a size has become 0",
    ),
    "03": BrokenCell(
        error="ValueError",
        message="optimizer got an empty parameter list",
        cause="I",
        clue="a network without parameters has no layers: who should have made them",
    ),
    "05": BrokenCell(
        error="RuntimeError",
        message="mat1 and mat2 shapes cannot be multiplied (1x2304 and 1600x1024)",
        cause="D",
        clue="2,304 numbers came where 1,600 were expected",
    ),
    "06": BrokenCell(
        error="RuntimeError",
        message="modified by an inplace operation: [torch.FloatTensor [2, 3]]",
        cause="M",
        clue="a mini-batch of 2 with 3 units: no picture",
    ),
    "08": BrokenCell(
        error="RuntimeError",
        message="modified by an inplace operation: [torch.FloatTensor [1, 4, 3, 3]]",
        cause="H",
        clue="one picture, four maps of 3 x 3",
    ),
    "09": BrokenCell(
        error="ValueError",
        message="Attempted to use an uninitialized parameter",
        cause="P",
        clue="uninitialized: it has no shape yet",
    ),
    "10": BrokenCell(
        error="RuntimeError",
        message="expected input[8, 3, 28, 28] to have 1 channels, but got 3 channels",
        cause="G",
        clue="pictures of 28 pixels, that is garments, with three channels",
    ),
    "11": BrokenCell(
        error="ValueError",
        message="some parameters appear in more than one parameter group",
        cause="O",
        clue="more than one group: which parameters are in two",
    ),
    "12": BrokenCell(
        error="RuntimeError",
        message="Parent directory kept_networks does not exist.",
        cause="A",
        clue="a directory is a folder",
    ),
    "13": BrokenCell(
        error="ValueError",
        message="expected 4D input (got 3D input)",
        cause="R",
        clue="count the axes of what came: which one is missing",
    ),
    "14": BrokenCell(
        error="RuntimeError",
        message="expected input[1, 4, 224, 224] to have 3 channels, but got 4 channels",
        cause="B",
        clue="red, green, blue, and a fourth",
    ),
    "15": BrokenCell(
        error="RuntimeError",
        message="expected input[1, 96, 27, 27] to have 48 channels, but got 96",
        cause="K",
        clue="48 is half of 96",
    ),
    "16": BrokenCell(
        error="RuntimeError",
        message="size mismatch for conv1.weight: copying a param with shape",
        cause="J",
        clue="96 kernels in the file, 64 in the model",
    ),
    "17, first": BrokenCell(
        error="SyntaxError",
        message="invalid character '\u201c' (U+201C)",
        cause="C",
        clue="the character is printed: look closely",
    ),
    "17, second": BrokenCell(
        error="NameError",
        message="name 'torch' is not defined",
        cause="L",
        clue="a name is missing, and which one",
    ),
}


@exercise("broken_causes")
def check_causes(answers: Any) -> CheckResult:
    """A letter for each broken cell; the first wrong one is told what it overlooks."""
    if not isinstance(answers, dict):
        return failed(f"causes should be a dict, not {type(answers).__name__}")
    if unknown := sorted(set(map(str, answers)) - set(CELLS)):
        return failed(f"there is no broken cell {unknown[0]!r}: keep the keys")
    still_open = [
        key for key in CELLS if answers.get(key) is None or answers[key] is Ellipsis
    ]
    if len(still_open) == len(CELLS):
        return todo("put a letter in place of a None, then run this cell again")
    given = {key: answers[key] for key in CELLS if key not in still_open}
    for key, answer in given.items():
        result = _check_cause(key, answer, given)
        if result is not None:
            return result
    if still_open:
        return todo(f"{len(given)} right so far; {still_open[0]!r} is still open")
    return passed(f"all {len(CELLS)} causes are found")


def _check_cause(key: str, answer: Any, given: dict[str, Any]) -> CheckResult | None:
    """None when the cause is the right one."""
    cell, where = CELLS[key], f"causes[{key!r}]"
    if type(answer) is not str or answer.strip().upper() not in CAUSES:
        return failed(f"{where} should be one of the letters A to {max(CAUSES)}")
    letter = answer.strip().upper()
    if letter == cell.cause:
        return None
    if letter in SILENT:
        return failed(
            f"{where}: that fault raises nothing. The code runs on, and is wrong.",
            "silent fault",
        )
    if Counter(map(_letter, given.values()))[letter] > 1:
        return failed(
            f"{where}: you gave {letter} twice, and each cause has one cell. Look "
            f"again: {cell.clue}.",
            "one cause twice",
        )
    other = next(each for each in CELLS.values() if each.cause == letter)
    if _opening(other) == _opening(cell):
        return failed(
            f"{where}: that cause ends in nearly the same words, with other numbers. "
            f"Read the numbers: {cell.clue}.",
            "same words",
        )
    if other.error == cell.error:
        return failed(
            f"{where}: that cause ends in a {other.error}, too, which says something "
            f"else. What this one says: {cell.clue}.",
            "same kind of error",
        )
    return failed(
        f"{where}: that cause ends in a {other.error}, and this is a {cell.error}: "
        f"{cell.clue}.",
        "another error",
    )


def _letter(answer: Any) -> str:
    return str(answer).strip().upper()


def _opening(cell: BrokenCell) -> str:
    return cell.message[:14]
