"""Check of notebook 15: a grouped convolution put together from slices."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
    same_tensor,
)
from alexnet_lib.learning.result import CheckResult

# (channels, kernels, groups, kernel size, padding), each there to catch one mistake
GROUP_CASES = (
    (4, 6, 2, 1, 0, "with 1 x 1 kernels nothing but the channels is mixed"),
    (4, 6, 1, 3, 0, "one group is an ordinary convolution"),
    (4, 4, 2, 3, 1, "padding adds zeros on all sides, in every group"),
    (6, 9, 3, 3, 1, "`groups` may be 3: each group has a third of both"),
    (8, 8, 8, 3, 1, "as many groups as channels: each kernel reads one map"),
)


def grouped(
    images: Tensor, weight: Tensor, bias: Tensor, groups: int, padding: int
) -> Tensor:
    """torch's own grouped convolution; the oracle of `grouped_conv`."""
    return F.conv2d(images, weight, bias, padding=padding, groups=groups)


def _slices(total: int, groups: int) -> list[slice]:
    size = total // groups
    return [slice(g * size, (g + 1) * size) for g in range(groups)]


def by_slices(
    images: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    groups: int,
    padding: int,
    *,
    reads: Callable[[int, int], slice] | None = None,
    kernels: Callable[[int, list[slice]], slice] = lambda g, own: own[g],
    biases: Callable[[int, list[slice]], slice] = lambda g, own: own[g],
) -> list[Tensor]:
    """The results of all groups, with one choice changed for each mistake."""
    channels = _slices(images.shape[1], groups)
    outputs = _slices(len(weight), groups)
    found = []
    for g in range(groups):
        maps = images[:, reads(g, groups) if reads else channels[g]]
        mine = None if bias is None else bias[biases(g, outputs)]
        kernel = weight[kernels(g, outputs)]
        found.append(F.conv2d(maps, kernel, mine, padding=padding))
    return found


def _others_maps(x: Tensor, w: Tensor, b: Tensor, g: int, p: int) -> Tensor:
    own = _slices(x.shape[1], g)
    return torch.cat(by_slices(x, w, b, g, p, reads=lambda i, n: own[n - 1 - i]), 1)


def _every_gth(x: Tensor, w: Tensor, b: Tensor, g: int, p: int) -> Tensor:
    every = by_slices(x, w, b, g, p, reads=lambda i, n: slice(i, None, n))
    return torch.cat(every, 1)


def _first_kernels(x: Tensor, w: Tensor, b: Tensor, g: int, p: int) -> Tensor:
    return torch.cat(by_slices(x, w, b, g, p, kernels=lambda i, own: own[0]), 1)


def _first_bias(x: Tensor, w: Tensor, b: Tensor, g: int, p: int) -> Tensor:
    return torch.cat(by_slices(x, w, b, g, p, biases=lambda i, own: own[0]), 1)


GROUP_MISTAKES = (
    Mistake(
        name="summed",
        says="the groups' results were added up: they stand one behind the other",
        function=lambda x, w, b, g, p: torch.stack(by_slices(x, w, b, g, p)).sum(0),
    ),
    Mistake(
        name="others' maps",
        says="each group read the maps of another group",
        function=_others_maps,
    ),
    Mistake(
        name="order reversed",
        says="the results were put together in the wrong order",
        function=lambda x, w, b, g, p: torch.cat(by_slices(x, w, b, g, p)[::-1], 1),
    ),
    Mistake(
        name="every second map",
        says="a group took every groups-th map, not neighbouring ones",
        function=_every_gth,
    ),
    Mistake(
        name="first kernels",
        says="all groups used the kernels of the first",
        function=_first_kernels,
    ),
    Mistake(
        name="first bias",
        says="all groups used the biases of the first",
        function=_first_bias,
    ),
    Mistake(
        name="bias forgotten",
        says="there were no biases",
        function=lambda x, w, b, g, p: torch.cat(by_slices(x, w, None, g, p), 1),
    ),
    Mistake(
        name="padding forgotten",
        says="the padding were 0",
        function=lambda x, w, b, g, p: torch.cat(by_slices(x, w, b, g, 0), 1),
    ),
)


def _cases() -> list[Case]:
    generator = torch.Generator().manual_seed(0)
    cases = []
    for channels, kernels, groups, size, padding, hint in GROUP_CASES:
        shapes = ((2, channels, 5, 6), (kernels, channels // groups, size, size))
        images, weight = (
            torch.randn(shape, generator=generator, dtype=torch.float64)
            for shape in shapes
        )
        bias = torch.randn(kernels, generator=generator, dtype=torch.float64)
        call = (
            f"grouped_conv on {channels} maps, {kernels} kernels, groups {groups}, "
            f"padding {padding}"
        )
        args = (images, weight, bias, groups, padding)
        cases.append(Case(args=args, hint=hint, call=call))
    return cases


@exercise("grouped_conv")
def check_grouped_conv(student: Callable[..., Tensor]) -> CheckResult:
    """`grouped_conv(images, weight, bias, groups, padding)` against torch, 5 cases."""
    return check_function(
        student,
        name="grouped_conv",
        reference=grouped,
        cases=_cases(),
        mistakes=GROUP_MISTAKES,
        compare=same_tensor(1e-9),
    )
