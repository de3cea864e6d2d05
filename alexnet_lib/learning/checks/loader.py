"""Check of notebook 07: a loader that needs no library but torch."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from alexnet_lib.data.resize import resize_like_pil
from alexnet_lib.learning.checks.compare import WrongKind
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
)
from alexnet_lib.learning.result import CheckResult

SIDE = 224  # pixels, what the loader is asked for
GREY_LEVEL = 1.05 / 255  # d2l's resize rounds to bytes, torch's own does not
Pairs = list[tuple[Tensor, Tensor]]


def _pictures(count: int) -> tuple[Tensor, Tensor]:
    """Random bytes, each picture with a label of its own."""
    draw = torch.Generator().manual_seed(count)
    shape = (count, 1, 28, 28)
    images = torch.randint(0, 256, shape, generator=draw, dtype=torch.uint8)
    return images, torch.randperm(count, generator=draw)


def load_at_224(images: Tensor, labels: Tensor, batch_size: int) -> Iterator:
    """What the loader should give; uint8 (N, 1, 28, 28) in."""
    for start in range(0, len(images), batch_size):
        rows = slice(start, start + batch_size)
        yield resize_like_pil(images[rows], SIDE).float() / 255, labels[rows]


def _loader(change: Callable[[Tensor], Tensor]) -> Callable:
    """A loader that treats the bytes of each batch in another way."""

    def load(images: Tensor, labels: Tensor, batch_size: int) -> Iterator:
        for start in range(0, len(images), batch_size):
            rows = slice(start, start + batch_size)
            yield change(images[rows]), labels[rows]

    return load


def _resized(images: Tensor, **how: Any) -> Tensor:
    return F.interpolate(images.float() / 255, size=(SIDE, SIDE), **how)


def _pasted(images: Tensor) -> Tensor:
    edge = (SIDE - images.shape[-1]) // 2
    return F.pad(images.float() / 255, (edge, edge, edge, edge))


def _without_last(images: Tensor, labels: Tensor, batch_size: int) -> Iterator:
    whole = len(images) // batch_size * batch_size
    return load_at_224(images[:whole], labels[:whole], batch_size)


def _all_at_once(images: Tensor, labels: Tensor, batch_size: int) -> Iterator:
    return load_at_224(images, labels, len(images))


def _labels_left_behind(images: Tensor, labels: Tensor, batch_size: int) -> Iterator:
    """Every batch gets the first labels: the slice was forgotten."""
    for batch, here in load_at_224(images, labels, batch_size):
        yield batch, labels[: len(here)]


LOADER_MISTAKES = (
    Mistake(
        name="not divided",
        says="the bytes had not been divided: the pixels should lie between 0 and 1",
        function=_loader(lambda x: resize_like_pil(x, SIDE).float()),
    ),
    Mistake(
        name="divided twice",
        says="the bytes had been divided by 255 twice",
        function=_loader(lambda x: resize_like_pil(x, SIDE).float() / 255**2),
    ),
    Mistake(
        name="standardised",
        says="the mean had been taken off: here the pixels stay between 0 and 1",
        function=_loader(lambda x: resize_like_pil(x, SIDE).float() / 255 - 0.5),
    ),
    Mistake(
        name="nearest",
        says="each pixel were repeated 8 x 8 times; d2l's Resize is bilinear",
        function=_loader(lambda x: _resized(x, mode="nearest")),
    ),
    Mistake(
        name="corners aligned",
        says="the outermost pixels' middles lay on the picture's edge (align_corners)",
        function=_loader(lambda x: _resized(x, mode="bilinear", align_corners=True)),
    ),
    Mistake(
        name="pasted",
        says="the small picture were laid on a black sheet, not enlarged",
        function=_loader(_pasted),
    ),
    Mistake(
        name="turned",
        says="rows and columns had changed places",
        function=_loader(lambda x: resize_like_pil(x.mT, SIDE).float() / 255),
    ),
    Mistake(
        name="last batch dropped",
        says="the last mini-batch did not count when it is not full",
        function=_without_last,
    ),
    Mistake(
        name="all at once",
        says="there were one mini-batch of everything",
        function=_all_at_once,
    ),
    Mistake(
        name="labels left behind",
        says="the labels had not moved on with the pictures",
        function=_labels_left_behind,
    ),
)


def same_batches(answer: Any, expected: Pairs) -> str | None:
    """The same mini-batches, in any order of the pictures; bytes may be rounded."""
    if not all(type(pair) in (tuple, list) and len(pair) == 2 for pair in answer):
        return WrongKind("each mini-batch should be a pair: images, labels")
    for pair in answer:
        if complaint := _no_batch(*pair):
            return WrongKind(complaint)
    sizes = sorted(len(labels) for _, labels in answer)
    if sizes != sorted(len(labels) for _, labels in expected):
        return f"its mini-batches have {', '.join(map(str, sizes))} pictures"
    images, labels = _sorted_by_label(answer)
    right_images, right_labels = _sorted_by_label(expected)
    if not torch.equal(labels, right_labels):
        return "some labels are missing or come twice"
    if (images - right_images).abs().max() <= GREY_LEVEL:
        return None
    low, high, mean = images.min().item(), images.max().item(), images.mean().item()
    return f"some pixels differ; yours go from {low:.3g} to {high:.3g}, mean {mean:.3f}"


def _no_batch(images: Any, labels: Any) -> str | None:
    if type(images) is not Tensor or type(labels) is not Tensor:
        kinds = f"{type(images).__name__} and {type(labels).__name__}"
        return f"each mini-batch should be two torch tensors, not {kinds}"
    if images.dtype != torch.float32:
        return f"the pixels should be torch.float32, not {images.dtype}"
    wanted = (len(labels), 1, SIDE, SIDE)
    if tuple(images.shape) != wanted:
        return f"a mini-batch has shape {tuple(images.shape)}, which should be {wanted}"
    return None


def _sorted_by_label(pairs: Pairs) -> tuple[Tensor, Tensor]:
    images, labels = (torch.cat(parts) for parts in zip(*pairs, strict=True))
    order = labels.argsort(stable=True)
    return images[order], labels[order]


@exercise("load_at_224")
def check_load_at_224(
    student: Callable[[Tensor, Tensor, int], Iterable],
) -> CheckResult:
    """`load_at_224(images, labels, batch_size)`: mini-batches for d2l's network."""
    hints = ("five pictures by two: how many come last?", "two pictures are one batch")
    return check_function(
        _listing(student),
        name="load_at_224",
        reference=_listing(load_at_224),
        cases=[
            Case(args=(*_pictures(count), 2), hint=hint, call=_call(count))
            for count, hint in zip((5, 2), hints, strict=True)
        ],
        mistakes=[
            Mistake(name=m.name, says=m.says, function=_listing(m.function))
            for m in LOADER_MISTAKES
        ],
        compare=same_batches,
        show_answer=lambda answer: f"{len(answer)} mini-batches",
    )


def _call(count: int) -> str:
    return f"load_at_224({count} pictures, {count} labels, 2)"


def _listing(loader: Any) -> Any:
    """The loader as a function that gives a list; a stub still says that it is one."""
    if not callable(loader):
        return loader

    def as_list(*args: Any) -> list | None:
        found = loader(*args)
        if found is None:
            return None
        return list(islice(found, len(args[0]) + 1))  # a loader may have no end

    return as_list
