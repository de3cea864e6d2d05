"""Check of notebook 10: PCA colour, judged by what many draws look like."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from alexnet_lib.data.transforms import STRENGTH
from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

NUM = 8_192  # pictures: a covariance is then known to about 2 % of its largest entry
CLOSE = 0.1  # of that entry, five standard errors and more
FLAT = 1e-4  # two pixels shifted by amounts this near are shifted alike; float32
UNIFORM_UP_TO = (
    2.7  # kurtosis: 3 for normal draws, 1.8 for one even draw, 2.6 for three
)


def _directions() -> tuple[Tensor, Tensor]:
    """Eigenvalues and eigenvectors that no symmetry hides: float32."""
    generator = torch.Generator().manual_seed(10)
    square = torch.randn(3, 3, generator=generator)
    return torch.tensor([0.4, 0.2, 0.1]), torch.linalg.qr(square).Q


def _covariance(scales: Tensor, vectors: Tensor) -> Tensor:
    return (vectors * scales.square()) @ vectors.T


def _wrong_spreads() -> dict[str, tuple[Tensor, str]]:
    """Name of a mistake: the covariance that it gives the shifts, and its words."""
    values, vectors = (tensor.double() for tensor in _directions())
    printed = STRENGTH * values
    one_alpha = vectors @ printed
    return {
        "transposed": (
            _covariance(printed, vectors.T),
            "the eigenvectors were the rows: column i belongs to values[i]",
        ),
        "square root": (
            _covariance(STRENGTH * values.sqrt(), vectors),
            "alpha multiplied the root of the eigenvalue: the paper prints the "
            "eigenvalue itself",
        ),
        "eigenvalue squared": (
            _covariance(STRENGTH * values.square(), vectors),
            "alpha multiplied the square of the eigenvalue",
        ),
        "no eigenvalues": (
            _covariance(torch.full((3,), STRENGTH), vectors),
            "all three directions were equally wide: the eigenvalues are missing",
        ),
        "no eigenvectors": (
            _covariance(printed, torch.eye(3).double()),
            "red, green and blue each had a draw of their own: the eigenvectors are "
            "missing",
        ),
        "one alpha": (
            torch.outer(one_alpha, one_alpha),
            "the three directions shared one draw: each eigenvector has its own",
        ),
        "values reversed": (
            _covariance(printed.flip(0), vectors),
            "the widest direction had the smallest eigenvalue",
        ),
        "channels reversed": (
            _covariance(printed, vectors).flip((0, 1)),
            "the channels were blue, green, red",
        ),
        "strength as variance": (
            _covariance(STRENGTH**0.5 * values, vectors),
            "0.1 were the variance of alpha: it is the standard deviation",
        ),
        "no strength": (
            _covariance(values, vectors),
            "alpha had the standard deviation 1",
        ),
    }


@exercise("pca_colour")
def check_pca_colour(student: Callable[..., Tensor]) -> CheckResult:
    """`pca_colour(images, values, vectors, generator)` against the printed rule."""
    if not callable(student):
        return failed(f"pca_colour should be a function, not {type(student).__name__}")
    values, vectors = _directions()
    draw = torch.Generator().manual_seed(1)
    some = 0.3 + 0.4 * torch.rand(4, 3, 4, 6, generator=draw)
    calls = {
        "4 pictures of 4 x 6 pixels": (some, 0),
        "the same 4 pictures again": (some, 0),
        f"{NUM:,} grey pictures of 2 x 2 pixels": (torch.full((NUM, 3, 2, 2), 0.5), 2),
    }
    answers = []
    for name, (images, seed) in calls.items():
        given = images.clone()
        try:
            answer = student(given, *_directions(), torch.Generator().manual_seed(seed))
        except NotImplementedError:
            return todo("write the body of pca_colour, then run this cell again")
        except Exception as error:  # whatever the learner's code raises is the finding
            kind = type(error).__name__
            return failed(f"pca_colour of {name} raised {kind}: {error}")
        if result := _wrong_kind(answer, images, given):
            return result
        answers.append(answer.detach().double())
    shifts = answers[2] - 0.5  # (NUM, 3, 2, 2)
    return (
        _not_alike(some.double(), answers[0], shifts)
        or _not_by_the_generator(answers)
        or _wrong_draws(shifts[:, :, 0, 0], values.double(), vectors.double())
        or passed(f"{NUM:,} draws spread as the printed rule says")
    )


def _wrong(name: str, says: str) -> CheckResult:
    return failed(f"your function behaves as if {says}.", name)


def _wrong_kind(answer: Any, images: Tensor, given: Tensor) -> CheckResult | None:
    if answer is None or answer is Ellipsis:
        return failed(f"pca_colour gave {answer}: does it end with a return?")
    if type(answer) is not Tensor:
        kind = type(answer).__name__
        return failed(f"pca_colour should give a torch tensor, not {kind}")
    if answer.shape != images.shape:
        return failed(
            f"pca_colour gave the shape {tuple(answer.shape)} for pictures of "
            f"{tuple(images.shape)}: they should be the same"
        )
    if not torch.equal(given, images):
        return _wrong("in place", "it owned the pictures it is given: it changed them")
    if not bool(torch.isfinite(answer).all()):
        return failed("some numbers of pca_colour are not finite")
    return None


def _not_alike(some: Tensor, answer: Tensor, shifts: Tensor) -> CheckResult | None:
    """Pixels of one picture must move alike, whatever stands in them."""
    if not _flat(shifts):
        return _wrong(
            "one draw per pixel",
            "every pixel had a draw of its own: one draw is for the whole picture",
        )
    if _flat(answer - some):
        return None
    if _flat(answer * (1 + STRENGTH) - some):
        return _wrong(
            "divided",
            "the pictures were divided by 1.1: the 2012 code does so, not the paper",
        )
    if _flat(answer / some):
        return _wrong("multiplied", "the shift multiplied the pixels: it is added")
    return failed("pixels of one picture that differ are shifted by different amounts")


def _flat(values: Tensor) -> bool:
    """Whether each channel of each picture holds one number. Shape: (N, C, H, W)."""
    middle = values.mean(dim=(2, 3), keepdim=True)
    return bool((values - middle).abs().max() <= FLAT)


def _not_by_the_generator(answers: list[Tensor]) -> CheckResult | None:
    if not torch.equal(answers[0], answers[1]):
        return _wrong(
            "generator ignored",
            "there were no generator: the same seed gave two different results",
        )
    shifts = answers[2][:, :, 0, 0]
    if (shifts - shifts[0]).abs().max() <= FLAT:
        return _wrong(
            "one draw for all",
            "the whole batch shared one draw: each picture has its own",
        )
    return None


def _wrong_draws(shifts: Tensor, values: Tensor, vectors: Tensor) -> CheckResult | None:
    """Mean, covariance and shape of the draws. Shape of shifts: (NUM, 3)."""
    found = torch.cov(shifts.T, correction=0)
    width, axes = torch.linalg.eigh(found)
    widest = (shifts - shifts.mean(dim=0)) @ axes[:, -1] / width[-1].sqrt()
    if widest.pow(4).mean() < UNIFORM_UP_TO:
        return _wrong(
            "uniform noise", "alpha were drawn evenly from a range: it is normal"
        )
    if shifts.mean(dim=0).norm() > CLOSE * width[-1].sqrt():
        return _wrong("mean not 0", "alpha had a mean other than 0")
    if _same_spread(found, _covariance(STRENGTH * values, vectors)):
        return None
    for name, (covariance, says) in _wrong_spreads().items():
        if _same_spread(found, covariance):
            return _wrong(name, says)
    along = (shifts @ vectors).std(dim=0).tolist()
    return failed(
        "along the three eigenvectors the shifts spread by "
        f"{', '.join(f'{width:.3g}' for width in along)}: compare that with 0.1 times "
        f"the eigenvalues {', '.join(f'{value:g}' for value in values.tolist())}"
    )


def _same_spread(found: Tensor, expected: Tensor) -> bool:
    """Two covariances, compared in the unit of the printed rule's own widths."""
    values, vectors = (tensor.double() for tensor in _directions())
    units = vectors / (STRENGTH * values)  # (3, 3)
    found, expected = (units.T @ matrix @ units for matrix in (found, expected))
    return bool((found - expected).abs().max() <= CLOSE * expected.abs().max())
