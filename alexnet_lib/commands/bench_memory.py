"""How much memory a training step takes, measured in a process of its own.

    python -m alexnet_lib.commands.bench_memory ALEXNET_D2L 128 cpu

prints the bytes by which two steps made the process grow, as JSON.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from alexnet_lib.architecture.memory import training_memory
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import LENET5, find_variant
from alexnet_lib.commands.bench_rounds import Budget, NoTimeError
from alexnet_lib.training import find_recipe, train


def compare_memory(
    variant: str, batch_size: int, device: torch.device, budget: Budget
) -> dict[str, Any]:
    """Bytes measured and bytes predicted by `training_memory`, in float32.

    Raises NoTimeError when it is not done when its time is up.
    """
    seconds = budget.until - budget.now()
    if seconds < 1:
        raise NoTimeError("it was used up before")
    command = [sys.executable, "-m", __name__, variant, str(batch_size), device.type]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoTimeError(f"it needs more than {seconds:.0f} s") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"the measurement of the memory failed: {last}")
    measured = json.loads(done.stdout.splitlines()[-1])["bytes"]
    predicted = training_memory(find_variant(variant)).total(batch_size)
    return {
        "measured_bytes": measured,
        "predicted_bytes": predicted,
        "ratio": round(measured / predicted, 3),
        "compared": (
            f"a training step on {find_variant(variant).name}, mini-batch of "
            f"{batch_size}, float32, SGD with momentum: the growth of a process of its "
            "own beyond torch and its code, against architecture.memory"
        ),
    }


def growth(model_spec: ModelSpec, batch_size: int, device: torch.device) -> int:
    """Bytes by which the peak of this process, or of its GPU, grows in two steps.

    The first, of one image, makes the momentum; the second has it beside all the rest.
    A small network goes before: torch's first step loads 180 MB of torch's own code.
    """
    _two_steps(LENET5, 1, device)
    before = _peak_bytes(device)
    _two_steps(model_spec, batch_size, device)
    return _peak_bytes(device) - before


def _two_steps(model_spec: ModelSpec, batch_size: int, device: torch.device) -> None:
    images = torch.rand(batch_size, *model_spec.input_shape)
    labels = torch.zeros(batch_size, dtype=torch.int64)
    recipe = replace(find_recipe("d2l"), momentum=0.9, epochs=1)
    batches = [(images[:1], labels[:1]), (images, labels)]
    for _ in train(build_model(model_spec), batches, recipe, device=device):
        pass


def _peak_bytes(device: torch.device) -> int:
    """The most memory that was ever in use."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    try:
        # On Linux ru_maxrss of a child begins at the size of the process that started
        # it; this does not.
        status = Path("/proc/self/status").read_text()
    except OSError:
        import resource  # not on Windows

        in_use = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return in_use if sys.platform == "darwin" else in_use * 1024
    kibibytes = status.partition("VmHWM:")[2].split()[0]
    return int(kibibytes) * 1024


def main(argv: Sequence[str]) -> None:
    """Measure, and print one JSON object."""
    variant, batch_size, device = argv
    found = growth(find_variant(variant), int(batch_size), torch.device(device))
    print(json.dumps({"bytes": found}))


if __name__ == "__main__":
    main(sys.argv[1:])
