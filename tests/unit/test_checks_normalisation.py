"""Checks of notebook 05 on the formula, with the answers that a class really gives."""

import pytest
import torch
from torch import Tensor

from alexnet_lib.architecture import reference
from alexnet_lib.learning.checks import normalisation
from alexnet_lib.learning.checks.response_norm_mistakes import torch_response_norm
from tests.unit.checking import EqualInt, EqualsEverything, assert_check_is_fair, stub


# --- response_norm --------------------------------------------------------------------
def by_loops(a: Tensor, size: int, alpha: float, beta: float, k: float) -> Tensor:
    return torch.from_numpy(
        reference.local_response_norm(a.numpy(), size, alpha, beta, k)
    )


def into_float32(a, size, alpha, beta, k):
    """The loop as most write it: torch.zeros is float32, and a is float64."""
    b = torch.zeros(a.shape)
    for c in range(len(a)):
        energy = sum(a[j] ** 2 for j in cut(c, size, len(a)))
        b[c] = a[c] / (k + alpha * energy) ** beta
    return b


def windowed(neighbours, power=2, of=lambda energy, j: energy):
    """A learner's loop: `neighbours(c, size, channels)` are the channels added up."""

    def response_norm(a, size, alpha, beta, k):
        b = torch.empty_like(a)
        for c in range(len(a)):
            window = list(neighbours(c, size, len(a)))
            energy = sum((a[j].abs() ** power for j in window), torch.zeros_like(a[c]))
            b[c] = a[c] / (k + alpha * of(energy, window)) ** beta
        return b

    return response_norm


def cut(c, size, channels):
    return range(max(0, c - size // 2), min(channels - 1, c + size // 2) + 1)


def with_constants(**fixed):
    def response_norm(a, size, alpha, beta, k):
        return by_loops(a, size, **{"alpha": alpha, "beta": beta, "k": k} | fixed)

    return response_norm


def over_pixels(a, size, alpha, beta, k):
    half, b = size // 2, torch.empty_like(a)
    for row in range(a.shape[1]):
        for col in range(a.shape[2]):
            near = a[
                :,
                max(0, row - half) : row + half + 1,
                max(0, col - half) : col + half + 1,
            ]
            energy = near.square().sum(dim=(1, 2))
            b[:, row, col] = a[:, row, col] / (k + alpha * energy) ** beta
    return b


def inner_channels_only(start):
    def response_norm(a, size, alpha, beta, k):
        b = start(a)
        for c in range(size // 2, len(a) - size // 2):
            energy = a[c - size // 2 : c + size // 2 + 1].square().sum(dim=0)
            b[c] = a[c] / (k + alpha * energy) ** beta
        return b

    return response_norm


def in_place(a, size, alpha, beta, k):
    for c in range(len(a)):
        energy = sum(a[j] ** 2 for j in cut(c, size, len(a)))
        a[c] = a[c] / (k + alpha * energy) ** beta
    return a


def multiplied(a, size, alpha, beta, k):
    return a * a / by_loops(a, size, alpha, beta, k)


def k_outside(a, size, alpha, beta, k):
    energies = [sum(a[j] ** 2 for j in cut(c, size, len(a))) for c in range(len(a))]
    return a / (k + (alpha * torch.stack(energies)) ** beta)


def inwards(c, size, channels):
    first = max(0, min(c - size // 2, channels - size))
    return range(first, min(channels, first + size))


def signed_sum(a, size, alpha, beta, k):
    sums = [sum(a[j] for j in cut(c, size, len(a))) for c in range(len(a))]
    return a / (k + alpha * torch.stack(sums)) ** beta


def signed_sum_squared(a, size, alpha, beta, k):
    sums = [sum(a[j] for j in cut(c, size, len(a))) ** 2 for c in range(len(a))]
    return a / (k + alpha * torch.stack(sums)) ** beta


def test_response_norm():
    assert_check_is_fair(
        normalisation.check_response_norm,
        right=[
            by_loops,
            windowed(cut),
            torch_response_norm,
            into_float32,
            lambda a, *rest: by_loops(a.float(), *rest),
        ],
        wrong={
            "over space": over_pixels,
            "alpha by n": lambda a, n, *rest: by_loops(a, n, rest[0] / n, *rest[1:]),
            "alpha by the channels there": windowed(cut, of=lambda e, w: e / len(w)),
            "k forgotten": with_constants(k=0.0),
            "k is 1": with_constants(k=1.0),
            "beta forgotten": with_constants(beta=1.0),
            "edges left as they are": inner_channels_only(torch.clone),
            "edges made zero": inner_channels_only(torch.zeros_like),
            "wrapped round": windowed(
                lambda c, n, m: [(c + d) % m for d in range(-(n // 2), n // 2 + 1)]
            ),
            "moved inwards": windowed(inwards),
            "itself left out": windowed(lambda c, n, m: set(cut(c, n, m)) - {c}),
            "last neighbour left out": windowed(
                lambda c, n, m: range(max(0, c - n // 2), min(m, c + n // 2))
            ),
            "only before": windowed(lambda c, n, m: range(max(0, c - n // 2), c + 1)),
            "all channels": windowed(lambda c, n, m: range(m)),
            "n each way": windowed(lambda c, n, m: cut(c, 2 * n + 1, m)),
            "not squared": signed_sum,
            "absolute values": windowed(cut, power=1),
            "square of the sum": signed_sum_squared,
            "multiplied": multiplied,
            "k outside": k_outside,
            "one after another": in_place,
        },
        todo=stub,
    )


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            lambda a, *rest: a[1:-1],
            "response_norm of a (5, 1, 1), size 3, beta 0.75, k 2.0 gave a Tensor: its "
            "shape is (3, 1, 1), which should be (5, 1, 1): at the ends the window is "
            "cut, no channel is lost",
        ),
        (lambda a, *rest: a.tolist(), "it should be a torch tensor, not list"),
        (
            lambda a, *rest: (a - 9) ** 0.75,
            "one of these is no number: a negative one raised to a fraction?",
        ),
        (
            lambda a, *rest: a * 3,
            "some of its numbers differ. Hint: one pixel: go through its channels on",
        ),
        (
            lambda a, *rest: by_loops(a, *rest) * 1.0001,
            "some of its numbers differ. Hint: one pixel: go through its channels on",
        ),
        (lambda a, *rest: None, "gave None: does response_norm end with a return?"),
        (lambda a: a, "raised TypeError"),
        (3, "response_norm should be a function, not int"),
    ],
)
def test_response_norm_messages(function, message):
    result = normalisation.check_response_norm(function)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


def test_the_picture_that_a_check_hands_over_is_a_copy():
    assert normalisation.check_response_norm(in_place).mistake == "one after another"
    assert normalisation.check_response_norm(by_loops).status == "passed"


# --- torch_alpha ----------------------------------------------------------------------
def test_torch_alpha():
    assert_check_is_fair(
        normalisation.check_torch_alpha,
        right=[5e-4, 5 * 1e-4, torch.tensor(0.0005)],
        wrong={
            "the same alpha": 1e-4,
            "divided again": 1e-4 / 5,
            "a square of pixels": 25e-4,
            "half a window": 2e-4,
        },
        todo=None,
        at_least=3,
    )


@pytest.mark.parametrize("answer", ["5e-4", 5.1e-4, 0, True, [5e-4]])
def test_torch_alpha_is_one_number(answer):
    assert normalisation.check_torch_alpha(answer).status == "failed"


# --- at_the_border --------------------------------------------------------------------
def test_at_the_border():
    assert_check_is_fair(
        normalisation.check_at_the_border,
        right=[[46, 47, 48, 49], range(46, 50), {49, 48, 47, 46}],
        wrong={
            "counted from 1": [47, 48, 49, 50],
            "one each side": [47, 48],
            "n each way": list(range(43, 53)),
            "one too many": [45, 46, 47, 48, 49, 50],
            "first tower only": [46, 47],
            "second tower only": [48, 49],
            "outer ends": [0, 1, 94, 95],
            "all ends": [0, 1, 46, 47, 48, 49, 94, 95],
        },
        todo=None,
        at_least=3,
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (46, "it should be a list of numbers, not int"),
        ([46.0, 47], "each channel is a whole number, counted from 0"),
        ([EqualsEverything()], "each channel is a whole number, counted from 0"),
        ([EqualInt(3)], "those are other channels. Hint: the towers meet between"),
        ([], "those are other channels"),
    ],
)
def test_at_the_border_messages(answer, message):
    result = normalisation.check_at_the_border(answer)
    assert result.status == "failed"
    assert message in result.message
