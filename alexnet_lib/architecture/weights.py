"""Weights files: a trained network in one safetensors file that explains itself.

The metadata of the file says what is needed to use it. Plain text: `format`, `variant`,
`dataset`. JSON: `resize` (side of the input in pixels), `normalise`, `class_names`,
`record` (the record of the run, or the name of its file). A matrix may be stored as two
factors, `fc6.weight.left` (out, r) times `fc6.weight.right` (r, in): far fewer numbers.
"""

import errno
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.low_rank import factor, multiply_factors
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import find_variant, resized

FORMAT = "alexnet-course-weights-1"
TEXT_FIELDS = ("variant", "dataset")
JSON_FIELDS = ("resize", "normalise", "class_names", "record")
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, kw_only=True)
class LoadedModel:
    """A network read from a file, and what the file says of it."""

    model: nn.Sequential  # float32, on the CPU, in eval mode
    spec: ModelSpec  # the variant, at the size it was trained for
    variant: str
    dataset: str
    resize: int  # side of the input, in pixels
    normalise: Any  # what the data room was told; None = images as they are, in [0, 1]
    class_names: tuple[str, ...]
    record: dict[str, Any] | str  # the run record, or the name of its file


def save_weights(
    path: str | Path,
    model: nn.Module,
    *,
    variant: str,
    dataset: str,
    resize: int,
    normalise: Any,
    class_names: Sequence[str],
    record: Mapping[str, Any] | str,
    dtype: torch.dtype = torch.float16,
    ranks: Mapping[str, int] | None = None,
) -> None:
    """Write a weights file, whole or not at all.

    Parameters are stored as `dtype`, buffers (running means) as they are. `ranks`, such
    as {"fc6.weight": 256}, stores these matrices as two factors of that rank. Raises
    ValueError when the model is not this variant at this size, OSError when the disk
    has no room.
    """
    path = Path(path)
    spec = _square(find_variant(variant), resize)
    state = {name: t.detach().cpu() for name, t in model.state_dict().items()}
    _check_tensors(spec, _without_numbers(spec), state, f"the model for {path.name}")
    _check_classes(spec, class_names, path)

    parameters = {name for name, _ in model.named_parameters()}
    tensors: dict[str, Tensor] = {}
    for name, tensor in state.items():
        if name in parameters:
            tensor = tensor.to(dtype)
        tensors[name] = _finite(name, tensor)
    for name, rank in (ranks or {}).items():
        if name not in state:
            raise ValueError(
                f"no tensor named {name!r} to factor: there are {_some(list(state))}"
            )
        del tensors[name]
        for part, values in factor(name, state[name], rank).items():
            tensors[part] = _finite(part, values.to(dtype))
    metadata = {
        "format": FORMAT,
        "variant": variant,
        "dataset": dataset,
        "resize": json.dumps(resize),
        "normalise": json.dumps(normalise),
        "class_names": json.dumps(list(class_names)),
        "record": json.dumps(record),
    }
    _write(path, safetensors.torch.save(tensors, metadata))


def load_weights(path: str | Path) -> LoadedModel:
    """Rebuild the network of a weights file: eval mode, float32, on the CPU.

    Raises FileNotFoundError when there is no such file and ValueError when it is not a
    whole weights file of this course.
    """
    path = Path(path)
    metadata, tensors = _read(path)
    fields = _fields(path, metadata)
    try:
        spec = _square(find_variant(fields["variant"]), fields["resize"])
        model = _without_numbers(spec)
        state = multiply_factors(tensors)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    _check_tensors(spec, model, state, path.name)
    _check_classes(spec, fields["class_names"], path)
    fields["class_names"] = tuple(fields["class_names"])

    state = {n: t.float() if t.is_floating_point() else t for n, t in state.items()}
    model.load_state_dict(state, assign=True)
    return LoadedModel(model=model.eval(), spec=spec, **fields)


def _without_numbers(spec: ModelSpec) -> nn.Sequential:
    """The network with shapes only: no time is lost on random weights."""
    with torch.device("meta"):
        return build_model(spec)


def _square(spec: ModelSpec, side: int) -> ModelSpec:
    """The same layers for square images of `side` pixels."""
    if not isinstance(side, int):
        raise TypeError(f"resize is {side!r}: it must be a whole number of pixels")
    return resized(spec, (spec.input_shape[0], side, side))


def _read(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    if not path.is_file():
        raise FileNotFoundError(
            f"no weights file {str(path)!r}: the course's own are in data/weights, "
            "yours in the folder given to `train --out`"
        )
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
            return file.metadata() or {}, tensors
    except safetensors.SafetensorError as error:
        raise ValueError(
            f"{path.name} is not a whole safetensors file ({error}): fetch or write it "
            "again"
        ) from error


def _fields(path: Path, metadata: dict[str, str]) -> dict[str, Any]:
    """The metadata, read; everything but the format."""
    if metadata.get("format") != FORMAT:
        raise ValueError(
            f"{path.name} has format {metadata.get('format')!r}, not {FORMAT!r}: it "
            "was not written by save_weights"
        )
    fields: dict[str, Any] = {}
    for field in TEXT_FIELDS + JSON_FIELDS:
        if field not in metadata:
            raise ValueError(
                f"{path.name} does not say its {field!r}: write it again with "
                "save_weights"
            )
        try:
            value = metadata[field]
            fields[field] = value if field in TEXT_FIELDS else json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError(
                f"{path.name}: {field!r} is {metadata[field]!r}, which is not JSON: "
                "write it again with save_weights"
            ) from error
    return fields


def _check_tensors(
    spec: ModelSpec, model: nn.Module, state: Mapping[str, Tensor], where: str
) -> None:
    """The tensors are those of this network, no more and no less."""
    expected = model.state_dict()
    missing = [name for name in expected if name not in state]
    extra = [name for name in state if name not in expected]
    if missing or extra:
        raise ValueError(
            f"{where} is not {spec.name!r}: missing {_some(missing)}, "
            f"unknown {_some(extra)}; name the variant that was trained"
        )
    for name, tensor in expected.items():
        if state[name].shape != tensor.shape:
            raise ValueError(
                f"{where} is not {spec.name!r} for {spec.input_shape}: {name} has "
                f"shape {tuple(state[name].shape)}, not {tuple(tensor.shape)}; check "
                "variant and resize"
            )


def _check_classes(spec: ModelSpec, class_names: Sequence[str], path: Path) -> None:
    num_classes = summarize(spec)[-1].out_shape[0]
    if len(class_names) != num_classes:
        raise ValueError(
            f"{path.name}: {len(class_names)} class names for {num_classes} outputs: "
            "give one name for each"
        )


def _finite(name: str, tensor: Tensor) -> Tensor:
    if not torch.isfinite(tensor).all():
        kind = str(tensor.dtype).removeprefix("torch.")
        raise ValueError(
            f"{name} is not finite in {kind}: save with dtype=torch.float32, or train "
            "again with a smaller learning rate"
        )
    return tensor.contiguous()


def _write(path: Path, content: bytes) -> None:
    """Replace the file at once: a reader sees the old one or the new one."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise OSError(
            f"no room for {len(content) / 1e6:.1f} MB in {str(path.parent)!r}: free "
            "some space or choose another folder"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:3]) or "nothing"
    return shown + (f" and {len(names) - 3} more" if len(names) > 3 else "")
