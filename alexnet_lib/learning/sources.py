"""The works that the 2012 paper names, as far as notebook 01 needs them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Work:
    """A publication; `reference` is its number in the list of the 2012 paper."""

    year: int
    authors: str
    what: str
    reference: int | None
    traits: tuple[str, ...]


# Read in the paper's own list of references (transcription); what each did is in its
# title or abstract.
CITED = (
    Work(
        year=1990,
        authors="LeCun and others",
        what="a network with convolutions, trained by backpropagation, reads digits",
        reference=15,
        traits=("convolutions",),
    ),
    Work(
        year=2003,
        authors="Simard, Steinkraus, Platt",
        what="best practices for convolutional networks: distorted training pictures",
        reference=25,
        traits=("convolutions", "augmentation"),
    ),
    Work(
        year=2010,
        authors="Nair and Hinton",
        what="rectified linear units, in Boltzmann machines",
        reference=20,
        traits=("ReLU",),
    ),
    Work(
        year=2011,
        authors="Cireşan and others",
        what="convolutional networks trained on graphics cards, for objects and digits",
        reference=5,
        traits=("convolutions", "GPU"),
    ),
    Work(
        year=2012,
        authors="Krizhevsky, Sutskever, Hinton",
        what="AlexNet: all of it at once, on 1.2 million pictures",
        reference=None,
        traits=("convolutions", "GPU", "ReLU", "augmentation", "ImageNet"),
    ),
)
