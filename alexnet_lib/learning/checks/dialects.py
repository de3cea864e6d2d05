"""Checks of notebook 16: a model that breaks off, zeros, the words of LRN."""

from typing import Any

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.variants import ALEXNET_2012, ALEXNET_KERAS
from alexnet_lib.learning.checks.engine import (
    check_table,
    exercise,
    same_choice,
    same_integer,
    same_number,
)
from alexnet_lib.learning.result import CheckResult

ROWS = {row.name: row for row in summarize(ALEXNET_KERAS)}
RETURNS = ("a model", "None", "a NameError")
ORDERS = (
    "as in the paper",
    "as in layer 1 of the released code",
    "as in CaffeNet",
)
FRAGMENT = {
    "names never imported": 4,
    "with all imported, it returns": "None",
    "side behind the zeros": ROWS["pad1"].out_shape[1],
    "side of the first maps": ROWS["conv1"].out_shape[1],
    "its normalisation and ReLU": ORDERS[1],
}


@exercise("fragment")
def check_fragment(answers: Any) -> CheckResult:
    """Five questions about a Keras model that stops after its first layer."""
    before = ROWS["pad1"].in_shape[1]
    return check_table(
        answers,
        FRAGMENT,
        name="fragment",
        hints={
            "names never imported": "go through the listing, and tick off each name "
            "that is in the import line or is an argument",
            "with all imported, it returns": "what does a function give back that ends "
            "without saying so",
            "side behind the zeros": "((top, bottom), (left, right)): count the rows",
            "side of the first maps": "the rule of notebook 02, without padding now",
            "its normalisation and ReLU": "which of the two comes first in each source",
        },
        mistakes={
            "names never imported": {
                "tf forgotten": (3, "tf, or the Activation, had been imported"),
                "two": (2, "half of them had been imported"),
                "imported ones": (8, "the imported names were asked for"),
            },
            "with all imported, it returns": {
                "a model": ("a model", "a function returned its last x by itself"),
                "NameError": ("a NameError", "names were missing still"),
            },
            "side behind the zeros": {
                "both sides": (before + 6, "there were three zeros on either side"),
                "no zeros": (before, "the zeros added nothing"),
            },
            "side of the first maps": {
                "no zeros": (54, "the zeros were not there"),
                "both sides": (56, "there were three zeros on either side"),
            },
            "its normalisation and ReLU": {
                "the paper": (ORDERS[0], "the paper normalised before its ReLU"),
                "CaffeNet": (ORDERS[2], "CaffeNet normalised before its ReLU"),
            },
        },
        compare={
            "names never imported": same_integer,
            "with all imported, it returns": same_choice(RETURNS),
            "side behind the zeros": same_integer,
            "side of the first maps": same_integer,
            "its normalisation and ReLU": same_choice(ORDERS),
        },
    )


# letter -> zeros (left, right, top, bottom)
PICTURES = {
    "A": (0, 3, 0, 3),
    "B": (0, 0, 3, 3),
    "C": (2, 2, 2, 2),
    "D": (3, 0, 3, 0),
}
LETTERS = same_choice(tuple(PICTURES))
PADDINGS = {
    "ZeroPadding2D(((3, 0), (3, 0)))": "D",
    "the released code, rounding up": "A",
    "torchvision, padding=2": "C",
}


@exercise("pictures")
def check_pictures(answers: Any) -> CheckResult:
    """Which of four pictures shows the zeros of each source."""
    keras, code, torchvision = PADDINGS
    return check_table(
        answers,
        PADDINGS,
        name="pictures",
        hints={
            keras: "two pairs: rows first, then columns; in a pair, the side that is "
            "counted from comes first",
            code: "the last window hangs over: at which edges",
            torchvision: "one number for all sides",
        },
        mistakes={
            keras: {
                "other side": ("A", "a pair were (end, beginning)"),
                "pairs as sides": ("B", "both pairs were about rows"),
                "all sides": ("C", "one number stood for all sides"),
            },
            code: {
                "Keras's side": ("D", "windows were laid from the bottom right"),
                "rows only": ("B", "windows hung over above and below"),
                "all sides": ("C", "padding were 2"),
            },
            torchvision: {
                "far side": ("A", "zeros were added at the end only"),
                "near side": ("D", "zeros were added at the beginning only"),
                "rows only": ("B", "zeros were added to the rows only"),
            },
        },
        compare=LETTERS,
    )


def _paper_norm() -> spec.LocalResponseNorm:
    kind = spec.LocalResponseNorm
    return next(each for each in ALEXNET_2012.layers if isinstance(each, kind))


NORM = _paper_norm()
LRN_WORDS = {
    "depth_radius": NORM.size // 2,
    "bias": NORM.k,
    "alpha": NORM.alpha,
    "beta": NORM.beta,
    "alpha for torch": NORM.alpha * NORM.size,
    "alpha of the released code": NORM.alpha / NORM.size,
}


@exercise("lrn_words")
def check_lrn_words(answers: Any) -> CheckResult:
    """The paper's n, k, alpha and beta in TensorFlow's words, and two alphas more."""
    alphas = {
        "multiplied": (NORM.alpha * NORM.size, "TensorFlow took a mean, as torch does"),
        "divided": (NORM.alpha / NORM.size, "the paper's alpha multiplied a mean"),
        "default": (1.0, "TensorFlow's default stood here"),
    }
    return check_table(
        answers,
        LRN_WORDS,
        name="lrn_words",
        hints={
            "depth_radius": "how many channels on each side, besides the own one",
            "bias": "what is added before the power",
            "alpha": "does TensorFlow add or average",
            "beta": "the power",
            "alpha for torch": "torch divides alpha by the window",
            "alpha of the released code": "its 1e-4 multiplies a mean; what multiplies "
            "the sum, which TensorFlow takes",
        },
        mistakes={
            "depth_radius": {
                "window": (NORM.size, "a radius were a diameter"),
                "no middle": (NORM.size / 2, "the own channel had no place"),
            },
            "bias": {"default": (1.0, "TensorFlow's default stood here")},
            "alpha": alphas,
            "beta": {"default": (0.5, "TensorFlow's default stood here")},
            "alpha for torch": {
                "unchanged": (NORM.alpha, "torch added up, as TensorFlow does"),
                "divided": (NORM.alpha / NORM.size, "alpha had to be made smaller"),
            },
            "alpha of the released code": {
                "unchanged": (NORM.alpha, "the released code added up"),
                "multiplied": (NORM.alpha * NORM.size, "alpha had to be made larger"),
            },
        },
        compare={
            "depth_radius": same_number(),
            **dict.fromkeys(list(LRN_WORDS)[1:], same_number()),
        },
    )
