"""Check of notebook 13: one picture, whatever its size, and the name it is given."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

NAMES = ("airplane", "cat", "frog", "ship")
SCALE = ([0.5, 0.45, 0.4], [0.25, 0.2, 0.3])  # mean, deviation; in units of [0, 1]
CLOSE = 0.01  # of a probability
Scale = tuple[Sequence[float], Sequence[float]]
Predict = Callable[[nn.Module, Image.Image, Scale, Sequence[str]], tuple[str, float]]


def small_network() -> nn.Sequential:
    """Four classes; in train mode it answers otherwise than in eval mode."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(4)
        network = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride=2),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(8, len(NAMES)),
        )
        norm, last = network[1], network[5]
        norm.running_mean.uniform_(-0.3, 0.3)
        norm.running_var.uniform_(0.3, 1.0)
        nn.init.normal_(last.weight, std=1.5)
    return network.requires_grad_(False)


def pictures() -> dict[str, Image.Image]:
    """One for each thing that can go wrong; none is of one colour."""
    noise = np.random.default_rng(2).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    noise[..., 2] //= 3  # more red than blue: exchanged colours show
    colour = Image.fromarray(noise)
    return {
        "a picture of 32 x 32": colour.resize((32, 32), Image.Resampling.NEAREST),
        "a grey picture": colour.convert("L").resize((32, 32)),
        "a picture of 60 x 40": colour.resize((60, 40), Image.Resampling.NEAREST),
    }


def prepared(picture: Image.Image) -> Tensor:
    """The numbers of a picture of the right size, 0 to 255. Shape: (3, 32, 32)."""
    small = picture.convert("RGB").resize((32, 32), Image.Resampling.BILINEAR)
    return torch.from_numpy(np.array(small)).movedim(-1, 0).float()


def standard(pixels: Tensor) -> Tensor:
    mean, std = (torch.tensor(each).reshape(3, 1, 1) for each in SCALE)
    return (pixels / 255 - mean) / std


def shares_of(network: nn.Module, inputs: Tensor) -> Tensor:
    with torch.no_grad():
        return network(inputs[None])[0].softmax(dim=0)


@exercise("predict_picture")
def check_predict_picture(student: Predict) -> CheckResult:
    """`predict_picture(network, picture, scale, names)`: name and probability."""
    if not callable(student):
        kind = type(student).__name__
        return failed(f"predict_picture should be a function, not {kind}")
    for name, picture in pictures().items():
        network = small_network()
        before = network[1].running_mean.clone()
        try:
            answer: Any = student(network, picture.copy(), SCALE, NAMES)
        except NotImplementedError:
            return todo("write the body of predict_picture, then run this cell again")
        except Exception as error:  # whatever the learner's code raises is the finding
            return failed(
                f"for {name} ({picture.mode}) it raised {type(error).__name__}: {error}"
            )
        if not torch.equal(before, network[1].running_mean):
            return failed(
                "the running statistics have moved: the network came in train mode, "
                "and your one picture was normalised by itself",
                "train mode",
            )
        if (fault := _fault(answer, name, picture)) is not None:
            return fault
    return passed(f"{len(pictures())} pictures, each with its name and probability")


def _fault(answer: Any, name: str, picture: Image.Image) -> CheckResult | None:
    if answer is None or answer is Ellipsis:
        return failed(f"predict_picture gave {answer}: does it end with a return?")
    if type(answer) is not tuple or len(answer) != 2:
        return failed("it should give two things, a name and a probability")
    said, share = answer
    if type(share) is Tensor and share.numel() == 1:
        share = share.item()
    if type(said) is not str:
        return failed(
            "the name should be a text: a number of a class tells a reader nothing",
            "class number",
        )
    if said not in NAMES:
        return failed(f"{said!r:.30} is not among the names that came with the call")
    if type(share) is not float or not math.isfinite(share):
        return failed(f"the probability should be a number, not {type(share).__name__}")
    network, pixels = small_network().eval(), prepared(picture)
    right = shares_of(network, standard(pixels))
    if said == NAMES[int(right.argmax())] and abs(share - right.max()) < _near(picture):
        return None
    for mistake, (inputs, says) in _mistakes(pixels).items():
        wrong = shares_of(network, inputs)
        same = said == NAMES[int(wrong.argmax())]
        if same and abs(share - wrong.max()) < CLOSE:
            return failed(f"for {name} you answered as if {says}", mistake)
    logit = network(standard(pixels)[None]).max().item()
    if not 0 <= share <= 1 or abs(share - logit) < CLOSE:
        return failed(
            f"{share:.2f} is no probability: what the network puts out are logits",
            "logit",
        )
    return failed(
        f"for {name} the answer differs from that of the network in eval mode"
    )


def _near(picture: Image.Image) -> float:
    """Resizing has several good rules, which give slightly different pixels."""
    return CLOSE if picture.size == (32, 32) else 0.1


def _mistakes(pixels: Tensor) -> dict[str, tuple[Tensor, str]]:
    mean, std = (torch.tensor(each).reshape(3, 1, 1) for each in SCALE)
    return {
        "not standardised": (
            pixels / 255,
            "the network had learned from numbers in 0 to 1: its training pictures "
            "had their mean taken away and were divided by their deviation",
        ),
        "bytes": (
            (pixels - mean) / std,
            "the numbers could go from 0 to 255: in training they went from 0 to 1, "
            "before mean and deviation were used",
        ),
        "colours exchanged": (
            standard(pixels.flip(0)),
            "the channels were blue, green, red",
        ),
    }
