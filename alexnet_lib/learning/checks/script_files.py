"""Two parts of notebook 12's script: who is set aside, and what is written."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import Tensor, nn

from alexnet_lib.data import DataSet
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

NUM_TRAIN, NUM_TEST, NUM_VALID = 3_000, 1_200, 1_000
LABELS = 10


def _numbered(start: int, count: int) -> tuple[Tensor, Tensor]:
    """Pictures whose pixels are their own number, and labels made from it."""
    numbers = torch.arange(start, start + count)
    images = torch.stack([numbers // 256, numbers % 256], dim=1)
    return images.to(torch.uint8).view(count, 1, 1, 2), numbers % LABELS


def made_up_data() -> DataSet:
    """A data set in which every picture can be recognised."""
    train, test = _numbered(0, NUM_TRAIN), _numbered(NUM_TRAIN, NUM_TEST)
    return DataSet(
        name="MNIST",
        source="stand-in",
        note="made up for a check",
        class_names=tuple("0123456789"),
        train_images=train[0],
        train_labels=train[1],
        test_images=test[0],
        test_labels=test[1],
        root=None,
    )


def _numbers(images: Tensor) -> Tensor:
    pixels = images.reshape(len(images), 2).long()
    return pixels[:, 0] * 256 + pixels[:, 1]


def check_set_aside(student: Callable[[DataSet], Any]) -> CheckResult:
    """`set_aside(pictures)`: training and validation, the test pictures left alone."""
    if not callable(student):
        return failed(f"set_aside should be a function, not {type(student).__name__}")
    call = "set_aside(pictures)"
    try:
        answer = student(made_up_data())
    except NotImplementedError:
        return todo("write the body of set_aside, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"{call} raised {type(error).__name__}: {error}")
    if type(answer) not in (tuple, list) or len(answer) != 4:
        return failed(f"{call} should give four tensors: images, labels, twice")
    if any(type(part) is not Tensor for part in answer):
        return failed(f"{call} should give four torch tensors")
    images, labels, valid_images, valid_labels = answer
    shapes = [tuple(part.shape[1:]) for part in answer]
    if shapes != [(1, 1, 2), (), (1, 1, 2), ()]:
        return failed(f"{call} gave the parts in another order: images, labels, twice")
    train, valid = _numbers(images), _numbers(valid_images)
    if (train >= NUM_TRAIN).any() or (valid >= NUM_TRAIN).any():
        return failed(
            f"{call} took test pictures: your function behaves as if they were there "
            "to choose by. What they say after that choice is no longer a test",
            "test set",
        )
    if torch.isin(valid, train).any():
        return failed(
            f"{call}: some validation pictures are training pictures, too, which the "
            "network will know by heart",
            "overlap",
        )
    for name, numbers, given in (
        ("training", train, labels),
        ("validation", valid, valid_labels),
    ):
        if len(numbers) != len(given) or (numbers % LABELS != given).any():
            return failed(
                f"{call}: the {name} labels are not those of the pictures", "labels"
            )
    if len(valid) != NUM_VALID:
        return failed(
            f"{call} set {len(valid):,} pictures aside: {NUM_VALID:,} were asked for",
            "count",
        )
    if len(train.unique()) != NUM_TRAIN - NUM_VALID:
        return failed(
            f"{call} left {len(train.unique()):,} different pictures to train on: "
            "every picture that is not set aside belongs there",
            "lost",
        )
    return passed("set_aside leaves the test pictures alone")


def check_keep(student: Callable[[nn.Module, Path, int], Any]) -> CheckResult:
    """`keep(model, folder, epoch)`: numbers in a file, one for each epoch."""
    if not callable(student):
        return failed(f"keep should be a function, not {type(student).__name__}")
    with (
        torch.random.fork_rng(devices=[]),
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary,
    ):
        model = nn.Sequential(nn.Linear(3, 2))
        folder = Path(temporary) / "runs" / "kept"
        return _kept_in(student, model, folder)


def _kept_in(student: Callable, model: nn.Module, folder: Path) -> CheckResult:
    files: list[Path] = []
    for epoch in (1, 2):
        call = f"keep(model, folder, {epoch})"
        try:
            answer = student(model, folder, epoch)
        except NotImplementedError:
            return todo("write the body of keep, then run this cell again")
        except FileExistsError:
            return failed(
                f"{call}: the folder was there from epoch 1, and your function "
                "behaves as if it never were: see exist_ok",
                "folder there",
            )
        except Exception as error:  # whatever the learner's code raises is the finding
            if not folder.is_dir():
                return failed(
                    f"{call} found no folder to write into, and a whole epoch would "
                    "be lost: make it, with those above it, before you write",
                    "missing folder",
                )
            return failed(f"{call} raised {type(error).__name__}: {error}")
        if answer is None:
            return failed(f"{call} gave None: does keep end with a return?")
        if not isinstance(answer, str | Path) or not Path(answer).is_file():
            return failed(f"{call} should give the path of the file it has written")
        files.append(Path(answer))
    if files[0] == files[1]:
        return failed(
            "keep wrote epoch 2 over epoch 1: the number belongs in the name",
            "overwritten",
        )
    return _holds_weights(files[0], model)


def _holds_weights(file: Path, model: nn.Module) -> CheckResult:
    try:
        if file.suffix == ".safetensors":
            found: Any = safetensors.torch.load_file(file)
        else:
            found = torch.load(file, weights_only=True)
    except Exception:  # a refusal, whatever its class
        return failed(
            f"{file.name} cannot be opened without running what is in it: your "
            "function behaves as if the whole network had to be kept; its weights "
            "are model.state_dict()",
            "whole network",
        )
    here = model.state_dict()
    if not isinstance(found, Mapping) or found.keys() != here.keys():
        return failed(f"{file.name} does not hold the weights by their names", "names")
    if not all(torch.equal(found[name], here[name]) for name in here):
        return failed(f"{file.name} holds other weights than the network", "weights")
    return passed("keep writes the weights, and only them")
