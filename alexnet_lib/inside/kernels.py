"""Numbers to sort first-layer kernels by: how large, how fine, which way they run."""

import torch
from torch import Tensor

SIDE = 32  # of the spectrum; kernels are smaller


def norms(kernels: Tensor) -> Tensor:
    """Root of the sum of squares. Shape: (N, C, k, k) -> (N,)."""
    return kernels.double().flatten(1).norm(dim=1)


def frequencies(kernels: Tensor) -> Tensor:
    """How fine the pattern is on the whole, in cycles per pixel: 0 even, 0.5 finest.

    The mean over the kernel's spectrum, each frequency weighed by its power.

    Shape: (N, C, k, k) -> (N,).
    """
    power, down, across = _spectrum(kernels)
    total = power.flatten(1).sum(dim=1).clamp(min=1e-300)
    return (power * (down**2 + across**2).sqrt()).flatten(1).sum(dim=1) / total


def orientations(kernels: Tensor) -> Tensor:
    """The way the stripes run, in degrees: 0 lying, 90 standing, below 180.

    The mean over the spectrum, of doubled angles, because 0 and 180 degrees are the
    same way. Kernels without stripes get a number that means nothing.

    Shape: (N, C, k, k) -> (N,).
    """
    power, down, across = _spectrum(kernels)
    doubled = 2 * torch.atan2(down, across)
    sine, cosine = (
        (power * part).flatten(1).sum(dim=1) for part in (doubled.sin(), doubled.cos())
    )
    change = torch.rad2deg(torch.atan2(sine, cosine) / 2)  # the way the values change
    return (90 - change) % 180  # rows count downwards; stripes run across the change


def _spectrum(kernels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Power at each frequency but 0; cycles per pixel down, and across."""
    if kernels.ndim != 4 or kernels.shape[-1] > SIDE:
        raise ValueError(
            f"expected kernels (N, C, k, k) of at most {SIDE} pixels, got "
            f"{tuple(kernels.shape)}"
        )
    power = torch.fft.fft2(kernels.double(), s=(SIDE, SIDE)).abs().square().sum(dim=1)
    power[:, 0, 0] = 0
    cycles = torch.fft.fftfreq(SIDE, dtype=torch.float64)
    down, across = torch.meshgrid(cycles, cycles, indexing="ij")
    return power, down, across
