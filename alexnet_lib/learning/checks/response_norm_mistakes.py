"""What learners write for `response_norm` when they err: wrong functions, by name."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from alexnet_lib.learning.checks.engine import Mistake

Window = Callable[[int, int, int], list[int]]  # channel, size, channels -> neighbours


def torch_response_norm(
    a: Tensor, size: int, alpha: float, beta: float, k: float
) -> Tensor:
    """What torch makes of it, its alpha set to the printed formula's; the oracle.

    Shape: (C, H, W) -> (C, H, W).
    """
    return F.local_response_norm(a[None], size, alpha * size, beta, k)[0]


def _cut(c: int, size: int, channels: int) -> list[int]:
    half = size // 2
    return list(range(max(0, c - half), min(channels, c + half + 1)))


def _others(c: int, size: int, channels: int) -> list[int]:
    return [j for j in _cut(c, size, channels) if j != c]


def _short(c: int, size: int, channels: int) -> list[int]:
    return [j for j in _cut(c, size, channels) if j != c + size // 2]


def _before(c: int, size: int, channels: int) -> list[int]:
    return [j for j in _cut(c, size, channels) if j <= c]


def _all(c: int, size: int, channels: int) -> list[int]:
    return list(range(channels))


def _twice(c: int, size: int, channels: int) -> list[int]:
    return list(range(max(0, c - size), min(channels, c + size + 1)))


def _round(c: int, size: int, channels: int) -> list[int]:
    half = size // 2
    return [j % channels for j in range(c - half, c + half + 1)]


def _inwards(c: int, size: int, channels: int) -> list[int]:
    first = min(max(0, c - size // 2), max(0, channels - size))
    return list(range(first, min(channels, first + size)))


def _over(window: Window) -> Callable[..., Tensor]:
    """The formula, over another choice of neighbours."""

    def normalise(a, size, alpha, beta, k):
        channels = len(a)
        energies = [
            a[window(c, size, channels)].square().sum(dim=0) for c in range(channels)
        ]
        return a / (k + alpha * torch.stack(energies)) ** beta

    return normalise


def _energy(a: Tensor, size: int) -> Tensor:
    """The sum of squares in each channel's window; shape (C, H, W)."""
    n = len(a)
    return torch.stack([a[_cut(c, size, n)].square().sum(dim=0) for c in range(n)])


def _space(a, size, alpha, beta, k):
    half = size // 2
    squares = F.pad(a.square(), (half, half, half, half))
    energy = squares.unfold(1, size, 1).unfold(2, size, 1).sum(dim=(-1, -2))
    return a / (k + alpha * energy) ** beta


def _by_size(a, size, alpha, beta, k):
    return torch_response_norm(a, size, alpha / size, beta, k)


def _by_count(a, size, alpha, beta, k):
    counts = [len(_cut(c, size, len(a))) for c in range(len(a))]
    mean = _energy(a, size) / torch.tensor(counts)[:, None, None]
    return a / (k + alpha * mean) ** beta


def _no_k(a, size, alpha, beta, k):
    return torch_response_norm(a, size, alpha, beta, 0.0)


def _k_is_1(a, size, alpha, beta, k):
    return torch_response_norm(a, size, alpha, beta, 1.0)


def _no_beta(a, size, alpha, beta, k):
    return torch_response_norm(a, size, alpha, 1.0, k)


def _not_squared(a, size, alpha, beta, k):
    n = len(a)
    sums = torch.stack([a[_cut(c, size, n)].sum(dim=0) for c in range(n)])
    return a / (k + alpha * sums) ** beta


def _absolute(a, size, alpha, beta, k):
    n = len(a)
    sums = torch.stack([a[_cut(c, size, n)].abs().sum(dim=0) for c in range(n)])
    return a / (k + alpha * sums) ** beta


def _squared_sum(a, size, alpha, beta, k):
    n = len(a)
    sums = torch.stack([a[_cut(c, size, n)].sum(dim=0) for c in range(n)])
    return a / (k + alpha * sums.square()) ** beta


def _multiplied(a, size, alpha, beta, k):
    return a * (k + alpha * _energy(a, size)) ** beta


def _k_outside(a, size, alpha, beta, k):
    return a / (k + (alpha * _energy(a, size)) ** beta)


def _one_after_another(a, size, alpha, beta, k):
    b = a.clone()
    for c in range(len(b)):
        energy = b[_cut(c, size, len(b))].square().sum(dim=0)
        b[c] = b[c] / (k + alpha * energy) ** beta
    return b


def _inner_only(fill: Callable[[Tensor], Tensor]) -> Callable[..., Tensor]:
    """Only where the whole window fits; the channels at the ends get `fill`."""

    def normalise(a, size, alpha, beta, k):
        half, b = size // 2, fill(a)
        inner = slice(half, max(half, len(a) - half))
        b[inner] = torch_response_norm(a, size, alpha, beta, k)[inner]
        return b

    return normalise


MISTAKES = tuple(
    Mistake(name=name, says=says, function=function)
    for name, says, function in (
        (
            "over space",
            "the neighbours were the pixels around, in the same channel: they are the "
            "other channels, at the same pixel",
            _space,
        ),
        (
            "alpha by n",
            "alpha multiplied the mean of n squares. The printed formula has a sum "
            "(the mean is what PyTorch takes: section 3)",
            _by_size,
        ),
        (
            "alpha by the channels there",
            "alpha multiplied the mean of the channels in the window: it is a sum",
            _by_count,
        ),
        ("k forgotten", "there were no k", _no_k),
        ("k is 1", "k were 1, whatever is given", _k_is_1),
        ("beta forgotten", "beta were 1, whatever is given", _no_beta),
        (
            "edges left as they are",
            "channels whose window hangs over the end stayed as they are: their window "
            "is cut, and they are normalised, too",
            _inner_only(torch.clone),
        ),
        (
            "edges made zero",
            "channels whose window hangs over the end were nothing: their window is "
            "cut, and they are normalised, too",
            _inner_only(torch.zeros_like),
        ),
        (
            "wrapped round",
            "the first channel were a neighbour of the last: a negative index counts "
            "from the end",
            _over(_round),
        ),
        (
            "moved inwards",
            "the window moved inwards at the ends, to keep its n channels: it is cut",
            _over(_inwards),
        ),
        (
            "itself left out",
            "a channel were no member of its own window",
            _over(_others),
        ),
        (
            "last neighbour left out",
            "the window ended one channel early: range(i, j) does not contain j",
            _over(_short),
        ),
        ("only before", "no channel behind were a neighbour", _over(_before)),
        ("all channels", "every channel were in every window", _over(_all)),
        (
            "n each way",
            "the window reached n channels either way: it has n in all",
            _over(_twice),
        ),
        ("not squared", "the neighbours were added up as they are", _not_squared),
        ("absolute values", "absolute values stood for the squares", _absolute),
        (
            "square of the sum",
            "the sum were squared: each neighbour is squared, then they are added",
            _squared_sum,
        ),
        (
            "multiplied",
            "a were multiplied by the bracket: it is divided",
            _multiplied,
        ),
        (
            "k outside",
            "beta belonged to the sum alone: k stands inside the bracket, too",
            _k_outside,
        ),
        (
            "one after another",
            "channels were overwritten while their neighbours still had to read them: "
            "all read a, and only b is written",
            _one_after_another,
        ),
    )
)
