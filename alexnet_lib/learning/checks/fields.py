"""Check of notebook 08: which pixels a unit can see, through any stack of windows."""

from collections.abc import Callable, Sequence
from typing import Any

from alexnet_lib.architecture.spec import Conv2d, MaxPool2d, ModelSpec
from alexnet_lib.architecture.variants import ALEXNET_2012, ALEXNET_D2L
from alexnet_lib.learning.checks.compare import WrongKind
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
    same_integer,
)
from alexnet_lib.learning.result import CheckResult

Window = tuple[int, int, int]  # kernel, stride, padding
Windows = Sequence[Window]


def windows_of(spec: ModelSpec, layer: str) -> list[Window]:
    """Kernel, stride and padding of each window, from the picture to this layer."""
    found = []
    for each in spec.layers:
        if isinstance(each, Conv2d | MaxPool2d):
            found.append((each.kernel_size, each.stride, each.padding))
        if each.name == layer:
            return found
    raise ValueError(f"{spec.name} has no layer {layer!r}")


def field(windows: Windows, position: int) -> tuple[int, int]:
    """First and last pixel of one unit, from the last window back to the picture."""
    first = last = position
    for kernel, stride, padding in reversed(windows):
        first = first * stride - padding
        last = last * stride - padding + kernel - 1
    return first, last


def any_field(
    *,
    backwards: bool = True,
    use_padding: bool = True,
    use_position: bool = True,
    strides: bool = True,
    extra: int = 0,
) -> Callable[[Windows, int], tuple[int, int]]:
    """The field, and whatever goes wrong with it."""

    def see(windows: Windows, position: int) -> tuple[int, int]:
        first = last = position if use_position else 0
        for kernel, stride, padding in reversed(windows) if backwards else windows:
            step, zeros = stride if strides else 1, padding if use_padding else 0
            first = first * step - zeros
            last = last * step - zeros + kernel - 1 + extra
        return first, last

    return see


FIELD_CASES = (
    ([(3, 1, 0)], 4, "one window of 3 that moves by 1: which pixels, at position 4"),
    ([(5, 2, 2)], 3, "it begins `padding` pixels before the picture"),
    ([(3, 2, 0), (3, 1, 0)], 0, "two windows: go back through the last one first"),
    ([(2, 2, 0), (3, 1, 1)], 5, "padding of the second counts in steps of the first"),
    (windows_of(ALEXNET_D2L, "pool5"), 2, "the same, six times more"),
    (windows_of(ALEXNET_2012, "conv5"), 0, "numbers below 0 lie in the padding"),
)
FIELD_MISTAKES = (
    Mistake(
        name="no padding",
        says="there were no padding",
        function=any_field(use_padding=False),
    ),
    Mistake(
        name="first layer first",
        says="you began at the picture: begin at the unit, and go back",
        function=any_field(backwards=False),
    ),
    Mistake(
        name="position forgotten",
        says="every unit were the first of its map",
        function=any_field(use_position=False),
    ),
    Mistake(
        name="no strides",
        says="every window moved by 1",
        function=any_field(strides=False),
    ),
    Mistake(
        name="one too many",
        says="a window of 3 that begins at 4 ended at 7: count 4, 5, 6",
        function=any_field(extra=1),
    ),
    Mistake(
        name="size",
        says="the second number were the size: give the last pixel",
        function=lambda windows, position: (
            (ends := field(windows, position))[0],
            ends[1] - ends[0] + 1,
        ),
    ),
)


def same_pair(answer: Any, expected: tuple[int, int]) -> str | None:
    """Two whole numbers, in this order."""
    if type(answer) not in (tuple, list) or len(answer) != 2:
        return WrongKind("it should be a pair: first pixel, last pixel")
    for number, right in zip(answer, expected, strict=True):
        if difference := same_integer(number, right):
            return difference
    return None


@exercise("field")
def check_field(student: Callable[[Windows, int], tuple[int, int]]) -> CheckResult:
    """`field(windows, position)`: first and last pixel that a unit sees."""
    return check_function(
        student,
        name="field",
        reference=field,
        cases=[
            Case(args=(windows, position), hint=hint)
            if len(windows) < 3
            else Case(
                args=(windows, position),
                hint=hint,
                call=f"field({len(windows)} windows, {position})",
            )
            for windows, position, hint in FIELD_CASES
        ],
        mistakes=FIELD_MISTAKES,
        compare=same_pair,
    )
