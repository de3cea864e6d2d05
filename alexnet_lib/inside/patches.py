"""What the windows of a first layer can see of an enlarged picture, and what not.

Enlarging mixes every new pixel from its nearest old ones, so a window of 11 x 11 new
pixels holds fewer than 121 independent numbers. What a kernel does with the others has
no effect on any output, and gets no gradient.

Rows and columns are enlarged alike. So one line of pixels is enough: where its windows
span r dimensions of k, the windows of the picture span r * r of k * k, and a basis of
the one, taken along rows and along columns, is a basis of the other.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

TINY = 1e-9  # of the largest singular value: float64 leaves 1e-15 where there is none


def line_windows(
    small: int,
    large: int,
    kernel_size: int,
    stride: int = 1,
    padding: int | tuple[int, int] = 0,
) -> Tensor:
    """What each window sees of a line of `small` pixels, enlarged to `large`.

    [i, u, s] is the share of old pixel s in pixel u of window i. padding: zeros at both
    ends, or at the first and at the last.

    Shape: (windows, kernel_size, small), float64.
    """
    ends = (padding, padding) if isinstance(padding, int) else padding
    if not 1 <= small <= large or not 1 <= kernel_size <= large + sum(ends):
        raise ValueError(
            f"a window of {kernel_size} on a line of {small} pixels enlarged to "
            f"{large}: give 1 <= small <= large, and a window that fits"
        )
    lines = torch.eye(small, dtype=torch.float64).unsqueeze(1)  # one pixel is 1
    enlarged = F.interpolate(lines, size=large, mode="linear")
    padded = F.pad(enlarged.squeeze(1), ends)  # (small, large and padding)
    return padded.unfold(1, kernel_size, stride).permute(1, 2, 0)


def window_ranks(windows: Tensor) -> list[int]:
    """How many dimensions each window sees alone. Shape: as of `line_windows`."""
    return [dimensions(window) for window in windows]


def dimensions(rows: Tensor) -> int:
    """How many directions the rows of a matrix span, up to rounding."""
    sizes = torch.linalg.svdvals(rows.double())
    return int((sizes > TINY * sizes[0]).sum())


def line_basis(windows: Tensor) -> Tensor:
    """Directions that the windows span together, at right angles, of length 1.

    Shape: as of `line_windows` -> (kernel_size, r), float64.
    """
    sides = windows.transpose(0, 1).flatten(1)  # (kernel_size, windows * small)
    directions, sizes, _ = torch.linalg.svd(sides, full_matrices=False)
    return directions[:, sizes > TINY * sizes[0]]


def seen_part(kernels: Tensor, basis: Tensor) -> Tensor:
    """What the windows can see of each kernel: its projection on their span.

    Shape: kernels (..., k, k), basis (k, r) -> (..., k, k), dtype of the kernels.
    """
    if basis.ndim != 2 or kernels.shape[-2:] != (len(basis), len(basis)):
        raise ValueError(
            f"kernels {tuple(kernels.shape)} do not fit a basis {tuple(basis.shape)}: "
            "its first number must be the side of a kernel"
        )
    onto = basis @ basis.T  # (k, k)
    return (onto @ kernels.to(onto.dtype) @ onto).to(kernels.dtype)


def with_fresh_noise(
    kernels: Tensor, basis: Tensor, generator: torch.Generator | None = None
) -> Tensor:
    """The seen part as it is, and new random numbers where nothing is seen.

    The noise is as large as what it replaces: the same root of the mean square.

    Shape: kernels (..., k, k), basis (k, r) -> (..., k, k).
    """
    seen = seen_part(kernels, basis)
    drawn = torch.randn(kernels.shape, generator=generator, dtype=torch.float64)
    unseen = drawn - seen_part(drawn, basis)
    size = (kernels - seen).double().norm() / unseen.norm().clamp(min=1e-300)
    return seen + (size * unseen).to(kernels.dtype)


def seen_share(kernels: Tensor, basis: Tensor) -> Tensor:
    """Of each kernel's energy (sum of squares), the share that is seen, from 0 to 1.

    Shape: (N, ..., k, k) -> (N,); a kernel of zeros counts as seen.
    """
    whole = kernels.double().square().flatten(1).sum(dim=1)
    seen = seen_part(kernels.double(), basis).square().flatten(1).sum(dim=1)
    return torch.where(whole > 0, seen / whole.clamp(min=1e-300), 1.0)
