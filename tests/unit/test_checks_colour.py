"""The check of PCA colour, with the answers a class really gives."""

import pytest
import torch

from alexnet_lib.data import transforms
from alexnet_lib.learning.checks import colour
from tests.unit.checking import assert_check_is_fair, raiser, stub


def by_matrix(images, values, vectors, generator):
    alphas = 0.1 * torch.randn(len(images), 3, generator=generator)
    return images + ((alphas * values) @ vectors.T)[:, :, None, None]


def by_library(images, values, vectors, generator):
    directions = transforms.ColourDirections(values.double(), vectors.double())
    return transforms.pca_colour(images, directions, generator)


def by_loops(images, values, vectors, generator):
    changed = images.clone()
    for image in changed:
        for number in range(3):
            alpha = 0.1 * torch.randn((), generator=generator)
            image += (alpha * values[number] * vectors[:, number])[:, None, None]
    return changed


def by_normal(images, values, vectors, generator):
    """Drawn direction by direction, for all pictures, and left in [0, 1]."""
    shifts = 0
    for value, vector in zip(values, vectors.T, strict=True):
        alphas = torch.normal(0.0, 0.1, (len(images), 1), generator=generator)
        shifts = shifts + alphas * value * vector
    return (images + shifts.reshape(-1, 3, 1, 1)).clamp(0, 1)


def drawn(alphas=None, scale=lambda values: 0.1 * values, turn=lambda vectors: vectors):
    """A pca_colour with some of its steps exchanged."""

    def pca_colour(images, values, vectors, generator):
        draws = alphas or (lambda n, draw: torch.randn(n, 3, generator=draw))
        shifts = (draws(len(images), generator) * scale(values)) @ turn(vectors).T
        return images + shifts[:, :, None, None]

    return pca_colour


def per_pixel(images, values, vectors, generator):
    alphas = 0.1 * torch.randn(*images.shape, generator=generator)
    shifts = torch.einsum("cd,ndhw->nchw", vectors * values, alphas)
    return images + shifts


def in_place(images, values, vectors, generator):
    images += by_matrix(torch.zeros_like(images), values, vectors, generator)
    return images


def divided(images, values, vectors, generator):
    return by_matrix(images, values, vectors, generator) / 1.1


def multiplied(images, values, vectors, generator):
    shifts = by_matrix(torch.zeros_like(images), values, vectors, generator)
    return images * (1 + shifts)


WRONG_COLOURS = {
    "uniform noise": drawn(lambda n, g: 2 * torch.rand(n, 3, generator=g) - 1),
    "mean not 0": drawn(lambda n, g: 1 + torch.randn(n, 3, generator=g)),
    "transposed": drawn(turn=lambda vectors: vectors.T),
    "one draw per pixel": per_pixel,
    "square root": drawn(scale=lambda values: 0.1 * values.sqrt()),
    "eigenvalue squared": drawn(scale=lambda values: 0.1 * values**2),
    "no eigenvalues": drawn(scale=lambda values: 0.1),
    "no eigenvectors": drawn(turn=lambda vectors: torch.eye(3)),
    "one alpha": drawn(
        lambda n, g: torch.randn(n, 1, generator=g).expand(-1, 3),
    ),
    "one draw for all": drawn(
        lambda n, g: torch.randn(1, 3, generator=g).expand(n, -1),
    ),
    "values reversed": drawn(scale=lambda values: 0.1 * values.flip(0)),
    "channels reversed": drawn(turn=lambda vectors: vectors.flip(0)),
    "strength as variance": drawn(scale=lambda values: 0.1**0.5 * values),
    "no strength": drawn(scale=lambda values: values),
    "generator ignored": drawn(lambda n, g: torch.randn(n, 3)),
    "in place": in_place,
    "divided": divided,
    "multiplied": multiplied,
}


def test_pca_colour():
    assert_check_is_fair(
        colour.check_pca_colour,
        right=[by_matrix, by_library, by_loops, by_normal],
        wrong=WRONG_COLOURS,
        todo=stub,
    )


@pytest.mark.parametrize(
    "alphas",
    [
        lambda n, g: 0.1 + torch.rand(n, 3, generator=g),
        lambda n, g: torch.rand(n, 3, generator=g),
        lambda n, g: torch.empty(n, 3).uniform_(-1.7, 1.7, generator=g),
    ],
)
def test_even_noise_is_named_however_it_is_scaled(alphas):
    for turn in (lambda vectors: vectors, lambda vectors: vectors.T):
        result = colour.check_pca_colour(drawn(alphas, turn=turn))
        assert result.mistake == "uniform noise"


@pytest.mark.parametrize("seed", range(5))
def test_a_right_answer_passes_whatever_it_draws(seed):
    def other_draws(images, values, vectors, generator):
        torch.randn(seed, generator=generator)
        return by_matrix(images, values, vectors, generator)

    assert colour.check_pca_colour(other_draws).status == "passed"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (3, "pca_colour should be a function, not int"),
        (raiser, "pca_colour of 4 pictures of 4 x 6 pixels raised ZeroDivisionError"),
        (lambda *args: None, "pca_colour gave None: does it end with a return?"),
        (
            lambda images, *args: images.numpy(),
            "pca_colour should give a torch tensor, not ndarray",
        ),
        (
            lambda images, *args: images[:1],
            "pca_colour gave the shape (1, 3, 4, 6) for pictures of (4, 3, 4, 6): they "
            "should be the same",
        ),
        (
            lambda images, *args: images / 0,
            "some numbers of pca_colour are not finite",
        ),
        (
            lambda images, *args: images**2,
            "pixels of one picture that differ are shifted by different amounts",
        ),
        (
            drawn(scale=lambda values: 0.2 * values),
            "along the three eigenvectors the shifts spread by 0.0792, 0.04",
        ),
    ],
)
def test_pca_colour_messages(answer, message):
    assert colour.check_pca_colour(answer).message.startswith(message)
