"""Checks of notebook 08: what windows can see, counted, and taken out of a kernel."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from alexnet_lib.inside.patches import dimensions, line_basis, line_windows, seen_part
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
    same_integer,
    same_tensor,
)
from alexnet_lib.learning.result import CheckResult

TOLERANCE = 1e-5  # of the projection, stated in the notebook


# --- the rank -------------------------------------------------------------------------
def picture_windows(
    count: int, padding: int, scale: float = 1.0, large: int = 224
) -> Tensor:
    """Windows of random pictures, enlarged from 28. Shape: (n, 121), float64."""
    draw = torch.Generator().manual_seed(count)
    small = torch.rand(count, 1, 28, 28, generator=draw, dtype=torch.float64)
    enlarged = F.interpolate(small, size=large, mode="bilinear")
    windows = F.unfold(enlarged, 11, padding=padding, stride=4)
    return scale * windows.transpose(1, 2).flatten(0, 1)[:3000]


def few_rows() -> Tensor:
    """Five rows in three dimensions: fewer rows than numbers in each."""
    draw = torch.Generator().manual_seed(5)
    left = torch.randn(5, 3, generator=draw, dtype=torch.float64)
    return left @ torch.randn(3, 121, generator=draw, dtype=torch.float64)


def sizes(rows: Tensor) -> Tensor:
    return torch.linalg.svdvals(rows)


def rank_cases() -> list[Case]:
    """Windows of several kinds, each there to catch one mistake."""
    kinds = (
        ("2 pictures, padding 0", picture_windows(2, 0), "where do the sizes drop"),
        ("2 pictures, padding 1", picture_windows(2, 1), "the edge's zeros are new"),
        ("divided by a million", picture_windows(2, 0, 1e-6), "small is not 0"),
        ("times a million", picture_windows(2, 1, 1e6), "compare with the first"),
        ("not enlarged", picture_windows(9, 0, 1.0, 28), "these fill the window"),
        ("5 rows in 3 dimensions", few_rows(), "fewer rows than columns"),
    )
    return [
        Case(args=(rows,), hint=hint, call=f"count_dimensions({words})")
        for words, rows, hint in kinds
    ]


RANK_MISTAKES = (
    Mistake(
        name="every size counted",
        says="a singular value of 1e-15 counted, so that the shorter side of the "
        "matrix comes out: rounding leaves such where there is nothing",
        function=lambda rows: int((sizes(rows) > 0).sum()),
    ),
    Mistake(
        name="fixed threshold",
        says="the smallest size were the same for all windows: divided by a million, "
        "windows span as much as before",
        function=lambda rows: int((sizes(rows) > 1e-6).sum()),
    ),
    Mistake(
        name="share of the energy",
        says="what carries 99 % of the energy were all: a direction may be faint and "
        "yet be there",
        function=lambda rows: (
            int(
                (
                    sizes(rows).square().cumsum(0) < 0.99 * sizes(rows).square().sum()
                ).sum()
            )
            + 1
        ),
    ),
    Mistake(
        name="columns",
        says="all columns counted, whatever is in them",
        function=lambda rows: rows.shape[1],
    ),
    Mistake(
        name="root",
        says="you counted along one line only: a window has rows and columns",
        function=lambda rows: int(dimensions(rows) ** 0.5),
    ),
)


@exercise("count_dimensions")
def check_count_dimensions(student: Callable[[Tensor], int]) -> CheckResult:
    """`count_dimensions(windows)`: how many dimensions the rows span."""
    return check_function(
        student,
        name="count_dimensions",
        reference=dimensions,
        cases=rank_cases(),
        mistakes=RANK_MISTAKES,
        compare=same_integer,
    )


# --- the projection -------------------------------------------------------------------
def some_kernels(count: int, channels: int) -> Tensor:
    draw = torch.Generator().manual_seed(10 * count + channels)
    return torch.randn(count, channels, 11, 11, generator=draw, dtype=torch.float64)


def some_basis(padding: int) -> Tensor:
    return line_basis(line_windows(28, 224, 11, 4, padding))


# number of kernels, their channels, padding, and what to think of
PROJECTION_CASES = (
    (3, 1, 1, "rows and columns are enlarged alike"),
    (2, 1, 0, "the same with four directions"),
    (2, 3, 1, "each colour by itself"),
)
PROJECTION_MISTAKES = (
    Mistake(
        name="columns only",
        says="only the columns had been enlarged: project along the rows as well",
        function=lambda kernels, basis: basis @ basis.T @ kernels,
    ),
    Mistake(
        name="rows only",
        says="only the rows had been enlarged: project along the columns as well",
        function=lambda kernels, basis: kernels @ basis @ basis.T,
    ),
    Mistake(
        name="coordinates",
        says="the coordinates were the kernel: they say how much of each direction, "
        "which must be put together again",
        function=lambda kernels, basis: basis.T @ kernels @ basis,
    ),
    Mistake(
        name="the rest",
        says="you kept what cannot be seen, and threw the seen part away",
        function=lambda kernels, basis: kernels - seen_part(kernels, basis),
    ),
    Mistake(
        name="twice the seen part",
        says="the directions were added for rows and for columns: take one behind the "
        "other, as products",
        function=lambda kernels, basis: (
            basis @ basis.T @ kernels + kernels @ basis @ basis.T
        ),
    ),
)


@exercise("project")
def check_project(student: Callable[[Tensor, Tensor], Tensor]) -> CheckResult:
    """`project(kernels, basis)`: what the windows can see of each kernel."""
    return check_function(
        student,
        name="project",
        reference=seen_part,
        cases=[
            Case(
                args=(some_kernels(count, channels), some_basis(padding)),
                hint=hint,
                call=f"project({count} kernels of {channels} x 11 x 11, basis)",
            )
            for count, channels, padding, hint in PROJECTION_CASES
        ],
        mistakes=PROJECTION_MISTAKES,
        compare=same_tensor(TOLERANCE),
        show_answer=lambda answer: f"a {type(answer).__name__}",
    )
