"""Check of notebook 14: a picture prepared as networks trained on ImageNet want it."""

from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from alexnet_lib.data import pictures
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
    same_tensor,
)
from alexnet_lib.learning.result import CheckResult

TOLERANCE = 0.02  # one grey level, divided by the smallest standard deviation
Size = tuple[int, int]


def drawn(width: int, height: int, seed: int) -> Image.Image:
    """Soft blobs of colour, different in each corner."""
    draw = np.random.default_rng(seed)
    small = draw.integers(0, 256, (5, 6, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BILINEAR)


def any_preprocess(
    *,
    size: Callable[[Image.Image], Size] | None = None,
    corner: bool = False,
    divisor: float = 255.0,
    normalise: bool = True,
    swap: bool = False,
    bgr: bool = False,
    last: bool = False,
) -> Callable[[Image.Image], Tensor]:
    """The preparation as it should be, and whatever goes wrong with one."""
    mean, std = (torch.tensor(x) for x in (pictures.IMAGENET_MEAN, _STD))
    if swap:
        mean, std = std, mean

    def wrong(picture: Image.Image) -> Tensor:
        wide, high = (size or _shorter_to(pictures.IMAGENET_RESIZE))(picture)
        resized = picture.resize((wide, high), Image.Resampling.BILINEAR)
        side = pictures.IMAGENET_CROP
        left, top = (0, 0) if corner else ((wide - side) // 2, (high - side) // 2)
        cut = resized.crop((left, top, left + side, top + side))
        pixels = torch.from_numpy(np.array(cut)).float() / divisor  # (H, W, 3)
        if bgr:
            pixels = pixels.flip(-1)
        if normalise:
            pixels = (pixels - mean) / std
        return pixels if last else pixels.movedim(-1, 0)

    return wrong


_STD = pictures.IMAGENET_STD


def _shorter_to(side: int) -> Callable[[Image.Image], Size]:
    def size(picture: Image.Image) -> Size:
        scale = side / min(picture.size)
        return int(scale * picture.width), int(scale * picture.height)

    return size


PREPROCESS_MISTAKES = (
    Mistake(
        name="BGR",
        says="blue came first: OpenCV and Caffe count so, PIL and torchvision do not",
        function=any_preprocess(bgr=True),
    ),
    Mistake(
        name="not divided",
        says="mean and deviation belonged to bytes: they are meant for 0 to 1, so "
        "divide by 255 first",
        function=any_preprocess(divisor=1.0),
    ),
    Mistake(
        name="not normalised",
        says="0 to 1 were the end of it: the network saw numbers with mean 0",
        function=any_preprocess(normalise=False),
    ),
    Mistake(
        name="mean and deviation swapped",
        says="the deviation were taken off, and the mean divided by",
        function=any_preprocess(swap=True),
    ),
    Mistake(
        name="squashed",
        says="the whole picture were squeezed into the square: nothing keeps its form",
        function=any_preprocess(size=lambda picture: (pictures.IMAGENET_CROP,) * 2),
    ),
    Mistake(
        name="squashed, then cropped",
        says="both sides became 256: only the shorter does, the other in proportion",
        function=any_preprocess(size=lambda picture: (pictures.IMAGENET_RESIZE,) * 2),
    ),
    Mistake(
        name="shorter side to the crop",
        says="the shorter side became 224: it becomes 256, so the crop leaves a margin",
        function=any_preprocess(size=_shorter_to(pictures.IMAGENET_CROP)),
    ),
    Mistake(
        name="not resized",
        says="the square were cut out of the picture at its own size",
        function=any_preprocess(size=lambda picture: picture.size),
    ),
    Mistake(
        name="corner",
        says="the square were cut out at the upper left: it is the middle one",
        function=any_preprocess(corner=True),
    ),
    Mistake(
        name="channels last",
        says="the colours were the last axis, as in PIL's arrays: torch has them first",
        function=any_preprocess(last=True),
    ),
)


@exercise("preprocess")
def check_preprocess(student: Callable[[Image.Image], Tensor]) -> CheckResult:
    """`preprocess(picture)`: what `weights.transforms()` of torchvision gives."""
    sizes = ((320, 500, "upright"), (600, 280, "wide"), (300, 301, "nearly square"))
    cases = [
        Case(
            args=(drawn(width, height, seed),),
            hint="which of the four steps is missing, or in another order",
            call=f"preprocess({words} picture, {width} x {height})",
        )
        for seed, (width, height, words) in enumerate(sizes)
    ]
    return check_function(
        student,
        name="preprocess",
        reference=pictures.imagenet_input,
        cases=cases,
        mistakes=PREPROCESS_MISTAKES,
        compare=same_tensor(TOLERANCE),
        show_answer=lambda answer: type(answer).__name__,
    )
