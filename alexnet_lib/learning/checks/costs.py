"""Checks of notebook 03: how many numbers a layer holds."""

import random
from collections.abc import Callable

from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
)
from alexnet_lib.learning.result import CheckResult

# (in_channels, out_channels, kernel_size, groups, bias), each there for one mistake
CONV_CASES = (
    ((2, 4, 3, 1, True), "count the weights of one kernel by hand, then its bias"),
    ((2, 4, 3, 1, False), "bias=False means that no layer output has a bias"),
    ((3, 5, 7, 1, True), "a kernel is as deep as the layer's input"),
    ((4, 6, 3, 2, True), "with two groups a kernel sees half of the input channels"),
    ((8, 8, 5, 8, True), "with as many groups as channels a kernel sees one channel"),
)
FC_CASES = (
    ((3, 2, True), "draw three inputs, two outputs, and every line between them"),
    ((3, 2, False), "bias=False leaves the lines alone"),
    ((1, 1, True), "one line and one bias"),
    ((10, 1, True), "the number of biases depends on one side only"),
)
RANDOM_CASES = 100

CONV_MISTAKES = (
    Mistake(
        name="bias forgotten",
        says="no layer had biases",
        function=lambda i, o, k, g, b=True: o * (i // g) * k * k,
    ),
    Mistake(
        name="bias always",
        says="every layer had biases, whatever `bias` says",
        function=lambda i, o, k, g, b=True: o * (i // g) * k * k + o,
    ),
    Mistake(
        name="side not squared",
        says="a kernel were a line of kernel_size weights, not a square",
        function=lambda i, o, k, g, b=True: o * (i // g) * k + b * o,
    ),
    Mistake(
        name="groups ignored",
        says="every kernel saw all input channels, in spite of the groups",
        function=lambda i, o, k, g, b=True: o * i * k * k + b * o,
    ),
    Mistake(
        name="groups divide twice",
        says="the groups divided the kernels as well as the channels a kernel sees",
        function=lambda i, o, k, g, b=True: (o // g) * (i // g) * k * k + b * o,
    ),
    Mistake(
        name="kernels without depth",
        says="a kernel were one channel deep",
        function=lambda i, o, k, g, b=True: o * k * k + b * o,
    ),
    Mistake(
        name="one bias per input",
        says="the biases belonged to the input channels",
        function=lambda i, o, k, g, b=True: o * (i // g) * k * k + b * i,
    ),
    Mistake(
        name="one bias in all",
        says="the whole layer shared one bias",
        function=lambda i, o, k, g, b=True: o * (i // g) * k * k + b,
    ),
    Mistake(
        name="true division",
        says="channels could be cut: / where // belongs",
        function=lambda i, o, k, g, b=True: o * (i / g) * k * k + b * o,
    ),
)
FC_MISTAKES = (
    Mistake(
        name="bias forgotten",
        says="no layer had biases",
        function=lambda i, o, b=True: i * o,
    ),
    Mistake(
        name="bias always",
        says="every layer had biases, whatever `bias` says",
        function=lambda i, o, b=True: i * o + o,
    ),
    Mistake(
        name="one bias per input",
        says="the biases belonged to the inputs (or the two sides had changed places)",
        function=lambda i, o, b=True: i * o + b * i,
    ),
    Mistake(
        name="one bias in all",
        says="the whole layer shared one bias",
        function=lambda i, o, b=True: i * o + b,
    ),
    Mistake(
        name="outputs only",
        says="the outputs were counted, not the weights that lead to them",
        function=lambda i, o, b=True: o + b * o,
    ),
    Mistake(
        name="added",
        says="inputs and outputs were added: each output has a weight for each input",
        function=lambda i, o, b=True: i + o + b * o,
    ),
)


def numel_of_conv(
    in_channels: int, out_channels: int, kernel_size: int, groups: int, bias=True
) -> int:
    """What torch's own layer holds; the oracle of `count_conv`."""
    from torch import nn

    layer = nn.Conv2d(  # on "meta" a tensor has a shape and no numbers
        in_channels, out_channels, kernel_size, groups=groups, bias=bias, device="meta"
    )
    return sum(parameter.numel() for parameter in layer.parameters())


def numel_of_fc(in_features: int, out_features: int, bias: bool = True) -> int:
    """What torch's own layer holds; the oracle of `count_fc`."""
    from torch import nn

    layer = nn.Linear(in_features, out_features, bias=bias, device="meta")
    return sum(parameter.numel() for parameter in layer.parameters())


def _cases(chosen: tuple, draw_one: Callable[[random.Random], tuple]) -> list[Case]:
    draw = random.Random(0)
    cases = [Case(args=args, hint=hint) for args, hint in chosen]
    hint = "draw a smaller layer of this kind and count"
    drawn = (draw_one(draw) for _ in range(RANDOM_CASES))
    return [*cases, *(Case(args=args, hint=hint) for args in drawn)]


def _draw_conv(draw: random.Random) -> tuple:
    groups = draw.choice((1, 1, 2, 3, 4))
    channels = (groups * draw.randint(1, 12), groups * draw.randint(1, 12))
    return (*channels, draw.randint(1, 11), groups, draw.random() < 0.7)


def _draw_fc(draw: random.Random) -> tuple:
    return draw.randint(1, 500), draw.randint(1, 500), draw.random() < 0.7


@exercise("count_conv")
def check_count_conv(student: Callable[..., int]) -> CheckResult:
    """`count_conv(in_channels, out_channels, kernel_size, groups, bias)`, 105 cases."""
    return check_function(
        student,
        name="count_conv",
        reference=numel_of_conv,
        cases=_cases(CONV_CASES, _draw_conv),
        mistakes=CONV_MISTAKES,
    )


@exercise("count_fc")
def check_count_fc(student: Callable[..., int]) -> CheckResult:
    """`count_fc(in_features, out_features, bias)` against torch, 104 cases."""
    return check_function(
        student,
        name="count_fc",
        reference=numel_of_fc,
        cases=_cases(FC_CASES, _draw_fc),
        mistakes=FC_MISTAKES,
    )
