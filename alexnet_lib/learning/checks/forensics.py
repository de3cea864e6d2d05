"""Four checkpoint files with something wrong, and the check of who finds out what."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import Linear, ModelSpec
from alexnet_lib.architecture.variants import LENET5_RELU
from alexnet_lib.data import Batches
from alexnet_lib.learning.checks.engine import check_table, exercise, same_choice
from alexnet_lib.learning.result import CheckResult
from alexnet_lib.training import CheckpointFile, Recipe, train_steps
from alexnet_lib.training.checkpoint import (
    Checkpoint,
    Position,
    load_checkpoint,
    save_checkpoint,
)

VERDICTS = (
    "before the first step",
    "momenta lost",
    "half written",
    "another network",
)
FOUND = dict(zip("abcd", (VERDICTS[i] for i in (1, 3, 0, 2)), strict=True))
STEPS, LETTERS = 12, 26
RECIPE = Recipe(name="case", learning_rate=0.05, momentum=0.9, epochs=1, batch_size=8)


def make_files(folder: Path) -> list[Path]:
    """Train twice for a moment, and write a.safetensors to d.safetensors.

    The pictures are noise; torch's own generator is left as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        whole = _trained(folder / "whole.safetensors", LENET5_RELU)
        letters = _trained(folder / "letters.safetensors", _with_classes(LETTERS))
        fresh = build_model(LENET5_RELU)
    content = (folder / "whole.safetensors").read_bytes()
    for name, verdict in FOUND.items():
        path = folder / f"{name}.safetensors"
        match verdict:
            case "before the first step":
                save_checkpoint(path, _untrained(whole, fresh))
            case "momenta lost":
                save_checkpoint(path, _without_momenta(whole))
            case "another network":
                save_checkpoint(path, letters)
            case _:
                path.write_bytes(content[: 2 * len(content) // 3])
    for name in ("whole", "letters"):
        (folder / f"{name}.safetensors").unlink()
    return sorted(folder.glob("[a-d].safetensors"))


def _with_classes(count: int) -> ModelSpec:
    *layers, last = LENET5_RELU.layers
    assert isinstance(last, Linear)
    return replace(LENET5_RELU, layers=(*layers, replace(last, out_features=count)))


def _trained(path: Path, spec: ModelSpec) -> Checkpoint:
    """The checkpoint of a training that was left after STEPS steps."""
    images = torch.randint(256, (8 * 2 * STEPS, *spec.input_shape), dtype=torch.uint8)
    batches = Batches(images, torch.randint(10, (len(images),)), 8, shuffle=True)
    kept = CheckpointFile(path=path)
    steps = train_steps(build_model(spec), batches, RECIPE, checkpoint=kept)
    for result in steps:
        if result.step == STEPS:
            break
    steps.close()  # here the file is written
    return load_checkpoint(path)


def _without_momenta(whole: Checkpoint) -> Checkpoint:
    kept = {n: t for n, t in whole.tensors.items() if n.startswith("model.")}
    return replace(whole, tensors=kept)


def _untrained(whole: Checkpoint, fresh: nn.Module) -> Checkpoint:
    weights = {f"model.{name}": t for name, t in fresh.state_dict().items()}
    return replace(whole, tensors=weights, position=Position())


HINTS = {
    name: "look at its position, at the names of its tensors, and at their shapes"
    for name in FOUND
}
UNREADABLE = "it could be read: try load_checkpoint on it"
# what lies in the file: {what was answered: (name of the mistake, "as if ...")}
CONFUSED = {
    "before the first step": {
        "momenta lost": (
            "nothing to lose",
            "there had been momenta to lose: look at how many steps it has behind it",
        ),
        "half written": ("whole", "it could not be read to its end: it can"),
        "another network": (
            "fits",
            "its tensors did not fit LeNet: compare each name and shape",
        ),
    },
    "momenta lost": {
        "before the first step": (
            "no momenta, no steps",
            "no momenta meant that no step had been taken: its position says more",
        ),
        "half written": (
            "missing, not cut",
            "what is missing had been cut off: the file can be read to its end",
        ),
        "another network": (
            "fits",
            "its weights did not fit LeNet: compare each name and shape",
        ),
    },
    "another network": {
        "before the first step": ("steps taken", "no step had been taken: one had"),
        "momenta lost": ("momenta there", "its momenta were missing: count them"),
        "half written": ("whole", "it could not be read to its end: it can"),
    },
    "half written": {
        "before the first step": ("read as fresh", UNREADABLE),
        "momenta lost": ("read as bare", UNREADABLE),
        "another network": ("read as another", UNREADABLE),
    },
}


@exercise("verdicts")
def check_verdicts(answers: Any) -> CheckResult:
    """What is wrong with each of the four files."""
    return check_table(
        answers,
        FOUND,
        name="verdicts",
        hints=HINTS,
        mistakes={
            name: {
                mistake: (answer, says)
                for answer, (mistake, says) in CONFUSED[right].items()
            }
            for name, right in FOUND.items()
        },
        compare=same_choice(VERDICTS),
    )
