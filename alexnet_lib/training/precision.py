"""Which numbers the multiply-adds are done in, and why."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

PrecisionName = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class Precision:
    """What was picked, and the reason in a sentence."""

    name: PrecisionName
    reason: str


def pick_precision(name: str = "auto", device: torch.device | str = "cpu") -> Precision:
    """'auto' is bfloat16 where the processor multiplies it natively, else float32.

    Read from the processor's own flags and not from a stopwatch, so that the same
    machine always picks the same and a seed repeats its run. Raises ValueError for
    another name.
    """
    if name in ("float32", "bfloat16"):
        return Precision(name, "as asked for")
    if name != "auto":
        raise ValueError(
            f"no precision named {name!r}: choose auto, float32 or bfloat16"
        )
    unit = _native_bfloat16(torch.device(device))
    if unit:
        return Precision("bfloat16", f"{unit} multiplies bfloat16 natively")
    return Precision(
        "float32", f"nothing on this {device} multiplies bfloat16 natively"
    )


def as_precision(name: str) -> PrecisionName:
    """The name, checked; 'auto' must have become one of the two by now."""
    if name == "auto":
        raise ValueError(
            "precision is 'auto': pass the .name of pick_precision('auto', device)"
        )
    return pick_precision(name).name


def autocast(precision: PrecisionName, device: torch.device) -> torch.autocast:
    """Convolutions and matrix products in this precision; weights stay float32."""
    enabled = precision == "bfloat16"
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=enabled)


def lay_out_model(model: nn.Module, precision: PrecisionName) -> None:
    """Store the weights the way this precision is fast; the values stay the same.

    bfloat16 convolutions want channels last: on a two-core AMD EPYC (avx512_bf16) a
    quarter-width AlexNet at 224 pixels trains at 1.4 times the speed for it. float32
    keeps torch's own order, and with it the very bits of a loop written by hand.
    """
    if precision == "bfloat16":
        model.to(memory_format=torch.channels_last)


def lay_out_images(images: Tensor, precision: PrecisionName) -> Tensor:
    """The same images in the layout of `lay_out_model`. Shape: (N, C, H, W)."""
    if precision == "bfloat16" and images.ndim == 4:
        return images.contiguous(memory_format=torch.channels_last)
    return images


def _native_bfloat16(device: torch.device) -> str:
    """The name of the unit that multiplies bfloat16, or an empty string."""
    if device.type == "cuda":
        # Emulated on cards before Ampere, and slower there than float32.
        capability = torch.cuda.get_device_capability(device)
        return torch.cuda.get_device_name(device) if capability >= (8, 0) else ""
    if device.type == "cpu":
        # Underscored in torch 2.6 to 2.15; there is no public question for it in 2.6.
        for flag in ("amx_tile", "avx512_bf16"):
            supported = getattr(torch.cpu, f"_is_{flag}_supported", lambda: False)
            if supported():
                return flag
    return ""
