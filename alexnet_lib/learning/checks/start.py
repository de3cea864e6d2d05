"""Checks of notebook 00: how many numbers a picture is, and what the data are."""

import hashlib
from collections.abc import Callable
from math import prod
from typing import Any

from torch import Tensor

from alexnet_lib.data import DataSet
from alexnet_lib.learning.checks.engine import (
    Case,
    Compare,
    Mistake,
    check_function,
    check_table,
    exercise,
    same_number,
)
from alexnet_lib.learning.result import CheckResult

# each there to catch one mistake
NUMBER_CASES = (
    ((1, 28, 28), "count the rows, then the numbers in a row"),
    ((3, 28, 28), "a colour picture is three grey ones on top of each other"),
    ((2, 3, 5), "a picture may be wider than it is high"),
    ((4, 1, 1), "one pixel holds one number for each channel"),
)
NUMBER_MISTAKES = (
    Mistake(
        name="channels left out",
        says="every picture had one channel",
        function=lambda shape: shape[1] * shape[2],
    ),
    Mistake(
        name="added",
        says="channels, rows and columns were added",
        function=sum,
    ),
    Mistake(
        name="always colour",
        says="every picture had three channels",
        function=lambda shape: 3 * shape[1] * shape[2],
    ),
    Mistake(
        name="square by rows",
        says="every picture were as wide as it is high",
        function=lambda shape: shape[0] * shape[1] ** 2,
    ),
    Mistake(
        name="square by columns",
        says="every picture were as high as it is wide",
        function=lambda shape: shape[0] * shape[2] ** 2,
    ),
    Mistake(
        name="axes",
        says="the axes were counted, not the numbers",
        function=len,
    ),
    Mistake(
        name="bytes",
        says="bytes were asked for, four to a number",
        function=lambda shape: 4 * prod(shape),
    ),
    Mistake(
        name="channels added",
        says="the channels were added to the pixels",
        function=lambda shape: shape[0] + shape[1] * shape[2],
    ),
)


@exercise("count_numbers")
def check_count_numbers(student: Callable[[tuple[int, int, int]], int]) -> CheckResult:
    """`count_numbers(shape)`: the numbers in a picture (channels, rows, columns)."""
    return check_function(
        student,
        name="count_numbers",
        reference=prod,
        cases=[Case(args=(shape,), hint=hint) for shape, hint in NUMBER_CASES],
        mistakes=NUMBER_MISTAKES,
    )


def pixel_facts(images: Tensor) -> dict[str, Any]:
    """Smallest, largest and mean pixel in [0, 1], and the md5 of the bytes.

    images: uint8, any shape.
    """
    return {
        "smallest": images.min().item() / 255,
        "largest": images.max().item() / 255,
        "mean": images.double().mean().item() / 255,
        "md5": checksum(images),
    }


def checksum(tensor: Tensor) -> str:
    """md5 of a tensor's bytes, in hexadecimal digits."""
    return hashlib.md5(tensor.contiguous().numpy().tobytes()).hexdigest()


def same_checksum(answer: Any, expected: str) -> str | None:
    """The text of an md5: 32 hexadecimal digits, capitals or not."""
    if type(answer) is not str:
        kind = type(answer).__name__
        return f"it should be a text (str), not {kind}: `.hexdigest()` gives one"
    digits = answer.strip().lower()
    if len(digits) != 32 or set(digits) - set("0123456789abcdef"):
        return f"an md5 has 32 hexadecimal digits, this text has {len(digits)}"
    return None if digits == expected else "these bytes have another checksum"


FACT_HINTS = {
    "smallest": "one number for all training pictures: `pixels.min()`",
    "largest": "after the division by 255, what has become of 255?",
    "mean": "one number for all pixels of all training pictures",
    "md5": "of the bytes as they are stored, before any division",
}


@exercise("pixel_facts")
def check_pixel_facts(answers: Any, clothes: DataSet) -> CheckResult:
    """Smallest, largest, mean and checksum of the training pictures that are loaded."""
    if isinstance(answers, dict):
        answers = {key: _number(value) for key, value in answers.items()}
    compare: dict[str, Compare] = {
        "smallest": same_number(1e-4),
        "largest": same_number(1e-4),
        "mean": same_number(1e-4),
        "md5": same_checksum,
    }
    return check_table(
        answers,
        pixel_facts(clothes.train_images),
        name="pixel_facts",
        hints=FACT_HINTS,
        mistakes=_fact_mistakes(clothes, answers),
        compare=compare,
    )


def _number(answer: Any) -> Any:
    """A tensor that holds one number counts as that number."""
    one = type(answer) is Tensor and answer.numel() == 1
    return answer.item() if one else answer


def _fact_mistakes(
    clothes: DataSet, answers: Any
) -> dict[str, dict[str, tuple[Any, str]]]:
    """Wrong values, from the data that are loaded: real or drawn by code."""
    if not isinstance(answers, dict) or all(a is None for a in answers.values()):
        return {}  # not begun: spare the reader the seconds
    train, test = clothes.train_images, clothes.test_images
    facts, others = pixel_facts(train), pixel_facts(test)
    first = pixel_facts(train[0])
    bright = train[train > 0].double().mean().item() / 255
    undivided = "the bytes had not been divided by 255"
    as_percent = "it were in per cent"
    only_first = "only the first picture were asked for"
    of_test = "the test pictures were asked for, not the training pictures"
    by_256 = "the bytes had been divided by 256: the largest byte is 255"
    return {
        "smallest": {
            "extremes swapped": (facts["largest"], "the largest were asked for"),
            "black left out": (1 / 255, "black pixels did not count"),
        },
        "largest": {
            "not divided": (255 * facts["largest"], undivided),
            "divided by 256": (facts["largest"] * 255 / 256, by_256),
            "percent": (100 * facts["largest"], as_percent),
            "first picture": (first["largest"], only_first),
        },
        "mean": {
            "not divided": (255 * facts["mean"], undivided),
            "divided by 256": (facts["mean"] * 255 / 256, by_256),
            "percent": (100 * facts["mean"], as_percent),
            "first picture": (first["mean"], only_first),
            "test pictures": (others["mean"], of_test),
            "middle": (0.5, "it were halfway between the smallest and the largest"),
            "black left out": (bright, "black pixels did not count"),
        },
        "md5": {
            "test pictures": (others["md5"], of_test),
            "first picture": (first["md5"], only_first),
            "labels": (checksum(clothes.train_labels), "the labels were asked for"),
            "divided": (checksum(train / 255), "the divided numbers were asked for"),
            "floats": (checksum(train.float()), "the bytes had been made floats first"),
        },
    }
