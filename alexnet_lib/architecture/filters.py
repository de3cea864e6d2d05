"""The first layer's kernels at moments of a training, in one small file."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

FORMAT = "alexnet-course-filters-1"
NUM_MOMENTS = 40


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a filter file holds; the first moment is before any step."""

    variant: str
    fractions: tuple[float, ...]  # of the training that was done, rising from 0
    kernels: Tensor  # float32 (moments, out_channels, in_channels, k, k)


class FilterHistory:
    """Writes a filter file while its network is trained, from before the first step.

    The moments lie denser at the beginning, where filters move most: the i-th of 40 is
    at (i / 39) squared of the training. Of fewer steps each is a moment.
    """

    def __init__(self, path: Path, variant: str, layer: nn.Conv2d):
        self.path, self.variant, self.layer = path, variant, layer
        self.moments = [
            (index / (NUM_MOMENTS - 1)) ** 2 for index in range(NUM_MOMENTS)
        ]
        self._fractions: list[float] = []
        self._kernels: list[Tensor] = []

    def start(self) -> None:
        """Begin a new file with the kernels of now."""
        self._fractions, self._kernels = [], []
        self._keep(0.0, self.layer.weight)

    def go_on(self, fraction: float, kernels: Tensor) -> None:
        """Take up the file of a training that goes on from here with these kernels.

        The training may have been stopped after a step, but before that was noted.
        """
        if not self.path.is_file():
            raise FileNotFoundError(
                f"{self.path.name} is missing, but its training is under way: bring it "
                "back, or remove the checkpoint to start again"
            )
        found = load_filters(self.path)
        if found.variant != self.variant or found.kernels[0].shape != kernels.shape:
            raise ValueError(
                f"{self.path.name} is of {found.variant}, kernels "
                f"{tuple(found.kernels[0].shape)}, not of {self.variant}, "
                f"{tuple(kernels.shape)}: name another folder"
            )
        self._fractions, self._kernels = list(found.fractions), list(found.kernels)
        self.note(fraction, kernels)

    def note(self, fraction: float, kernels: Tensor | None = None) -> None:
        """Keep the kernels, by default the layer's, if the next moment has come."""
        while len(self._fractions) > 1 and self._fractions[-1] >= fraction:
            # The training was taken up again before this moment was reached.
            self._fractions.pop()
            self._kernels.pop()
        done = len(self._fractions)
        if done < NUM_MOMENTS and fraction >= self.moments[done] - 1e-9:
            self._keep(fraction, self.layer.weight if kernels is None else kernels)

    def _keep(self, fraction: float, weight: Tensor) -> None:
        self._fractions.append(fraction)
        self._kernels.append(weight.detach().cpu().float().clone())
        kernels = torch.stack(self._kernels).to(torch.float16).contiguous()
        metadata = {
            "format": FORMAT,
            "variant": self.variant,
            "fractions": json.dumps(self._fractions),
        }
        content = safetensors.torch.save({"kernels": kernels}, metadata)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        try:
            unfinished.write_bytes(content)
            os.replace(unfinished, self.path)
        finally:
            unfinished.unlink(missing_ok=True)


def load_filters(path: str | Path) -> Filters:
    """Read a filter file; ValueError when it is not one of this course."""
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no filter file {str(path)!r}: see data/weights")
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            kernels = file.get_tensor("kernels") if "kernels" in file.keys() else None  # noqa: SIM118 - not a dict
    except safetensors.SafetensorError as error:
        raise ValueError(
            f"{path.name} is not a whole filter file ({error}): fetch it again"
        ) from error
    if metadata.get("format") != FORMAT:
        raise ValueError(
            f"{path.name} has format {metadata.get('format')!r}, not {FORMAT!r}: it is "
            "no filter file of this course"
        )
    fractions = json.loads(metadata.get("fractions", "[]"))
    if kernels is None or len(kernels) != len(fractions) or "variant" not in metadata:
        raise ValueError(
            f"{path.name} does not say which kernels it holds: fetch it again"
        )
    return Filters(
        variant=metadata["variant"], fractions=tuple(fractions), kernels=kernels.float()
    )
