"""Checks of notebook 01: a LeNet put together, and a cell repaired."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import LENET5_RELU
from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.checks.networks import Build, WrongNetwork, check_network
from alexnet_lib.learning.result import CheckResult, failed, todo


def _lenet(
    *,
    padding: int = 2,
    widths: Sequence[int] = (6, 16, 120, 84, 10),
    flat: int | None = None,
    act: Build = nn.ReLU,
    act_fc: Build | None = None,
    pool: Build = lambda: nn.MaxPool2d(2, 2),
    channels: int = 1,
    end: Sequence[nn.Module] = (),
    flatten: bool = True,
) -> nn.Sequential:
    """LeNet with one thing changed."""
    one, two, three, four, five = widths
    side = 5 if padding == 2 else 4
    act_fc = act_fc or act
    return nn.Sequential(
        nn.Conv2d(channels, one, 5, padding=padding),
        act(),
        pool(),
        nn.Conv2d(one, two, 5),
        act(),
        pool(),
        *([nn.Flatten()] if flatten else []),
        nn.Linear(flat or two * side * side, three),
        act_fc(),
        nn.Linear(three, four),
        act_fc(),
        nn.Linear(four, five),
        *end,
    )


# what d2l 1.0.3 prints for its LeNet on one picture
D2L_LENET = (
    ("Conv2d", (1, 6, 28, 28)),
    ("Sigmoid", (1, 6, 28, 28)),
    ("AvgPool2d", (1, 6, 14, 14)),
    ("Conv2d", (1, 16, 10, 10)),
    ("Sigmoid", (1, 16, 10, 10)),
    ("AvgPool2d", (1, 16, 5, 5)),
    ("Flatten", (1, 400)),
    ("Linear", (1, 120)),
    ("Sigmoid", (1, 120)),
    ("Linear", (1, 84)),
    ("Sigmoid", (1, 84)),
    ("Linear", (1, 10)),
)

LENET_MISTAKES = (
    WrongNetwork(
        name="softmax at the end",
        says="a softmax stood at its end: the loss takes logits and does that itself",
        build=lambda: _lenet(end=[nn.Softmax(dim=1)]),
    ),
    WrongNetwork(
        name="log-softmax at the end",
        says="a log-softmax stood at its end: the loss takes logits and does it itself",
        build=lambda: _lenet(end=[nn.LogSoftmax(dim=1)]),
    ),
    WrongNetwork(
        name="ReLU at the end",
        says="an activation stood behind the last layer: logits may be negative",
        build=lambda: _lenet(end=[nn.ReLU()]),
    ),
    WrongNetwork(
        name="padding missing",
        says="the first convolution had no zeros around the picture",
        build=lambda: _lenet(padding=0),
    ),
    WrongNetwork(
        name="padding missing, 400 kept",
        says="the first convolution had no zeros around the picture, so that fewer "
        "numbers reach the first linear layer than it was made for",
        build=lambda: _lenet(padding=0, flat=400),
    ),
    WrongNetwork(
        name="pooling 3/2",
        says="its pooling windows were 3 x 3: here they are 2 x 2, side by side",
        build=lambda: _lenet(pool=lambda: nn.MaxPool2d(3, 2), flat=256),
    ),
    WrongNetwork(
        name="pooling 3/2, 400 kept",
        says="its pooling windows were 3 x 3 (here they are 2 x 2, side by side), so "
        "that fewer numbers reach the first linear layer than it was made for",
        build=lambda: _lenet(pool=lambda: nn.MaxPool2d(3, 2)),
    ),
    WrongNetwork(
        name="activations missing",
        says="nothing stood between the layers: without activations, linear layers in "
        "a row are one linear layer",
        build=lambda: _lenet(act=nn.Identity),
    ),
    WrongNetwork(
        name="linear activations missing",
        says="the linear layers had no activations between them",
        build=lambda: _lenet(act_fc=nn.Identity),
    ),
    WrongNetwork(
        name="sigmoid",
        says="its activations were sigmoids: this one has ReLUs",
        build=lambda: _lenet(act=nn.Sigmoid),
    ),
    WrongNetwork(
        name="average pooling",
        says="it averaged each window: this one keeps the largest number",
        build=lambda: _lenet(pool=lambda: nn.AvgPool2d(2, 2)),
    ),
    WrongNetwork(
        name="sigmoid and average",
        says="it were the older LeNet, with sigmoids and average pooling",
        build=lambda: _lenet(act=nn.Sigmoid, pool=lambda: nn.AvgPool2d(2, 2)),
    ),
    WrongNetwork(
        name="flatten missing",
        says="maps went into a linear layer without being laid out in a row",
        build=lambda: _lenet(flatten=False),
    ),
    WrongNetwork(
        name="linear widths swapped",
        says="the two hidden linear layers had changed places",
        build=lambda: _lenet(widths=(6, 16, 84, 120, 10)),
    ),
    WrongNetwork(
        name="colour pictures",
        says="its pictures had three channels: Fashion-MNIST has one",
        build=lambda: _lenet(channels=3),
    ),
)


@exercise("lenet")
def check_lenet(network: Any) -> CheckResult:
    """LeNet-5 with ReLU and max pooling, for pictures of 1 x 28 x 28."""
    if network is None or network is Ellipsis:
        return todo("put the layers of lenet together, then run this cell again")
    return check_network(
        network, "lenet", (1, 28, 28), lambda: build_model(LENET5_RELU), LENET_MISTAKES
    )


def _mini(
    *, first_pool: bool = True, second_pool: bool = True, flat: int = 400
) -> nn.Sequential:
    """The network of the broken cell, repaired, or with a line lost on the way."""
    pools = [[nn.MaxPool2d(2)] if kept else [] for kept in (first_pool, second_pool)]
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.ReLU(),
        *pools[0],
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        *pools[1],
        nn.Flatten(),
        nn.Linear(flat, 10),
    )


REPAIR_MISTAKES = (
    WrongNetwork(
        name="both pools lost",
        says="the lines without a comma had been deleted, not repaired",
        build=lambda: _mini(first_pool=False, second_pool=False),
    ),
    WrongNetwork(
        name="first pool lost",
        says="the first pooling had been deleted, not repaired",
        build=lambda: _mini(second_pool=True, first_pool=False),
    ),
    WrongNetwork(
        name="second pool lost",
        says="the second pooling had been deleted, not repaired",
        build=lambda: _mini(second_pool=False),
    ),
    WrongNetwork(
        name="old network",
        says="it were the network that stood under this name before: nothing new was "
        "assigned to it",
        build=lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10)),
    ),
)


@exercise("repaired")
def check_repaired(student: Any) -> CheckResult:
    """A function whose body is the repaired cell; it returns the network."""
    if not callable(student) or isinstance(student, nn.Module):
        return failed(f"repaired should be a function, not {type(student).__name__}")
    try:
        with torch.random.fork_rng(devices=[]):
            network = student()
    except NotImplementedError:
        return todo("write the repaired cell into repaired, then run this cell again")
    except NameError as error:
        if error.name != "net":
            return failed(f"Python says {error}: is it spelt as in the broken cell?")
        return failed(
            f"{error}: a line with == compares, and gives no name to anything",
            "compares",
        )
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"repaired raised {type(error).__name__}: {error}")
    if network is None or network is Ellipsis:
        return failed("repaired gave nothing back: end it with return net", "no return")
    if isinstance(network, bool):
        return failed(
            "repaired gave True or False: that is the answer to a comparison, =="
            " where = belongs",
            "compares",
        )
    if type(network) in (tuple, list):
        return failed(
            f"repaired gave a {type(network).__name__}: a comma behind the last "
            "bracket makes one",
            "comma too many",
        )
    return check_network(network, "repaired", (1, 28, 28), _mini, REPAIR_MISTAKES)
