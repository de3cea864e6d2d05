"""Check of notebook 16: the paper's network, put together at full size."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.halves import without_groups
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import LayerSpec, ModelSpec
from alexnet_lib.architecture.variants import ALEXNET_2012, ALEXNET_TORCHVISION
from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

CLOSE = 1e-4  # of the largest logit: float32, summed in another order
BRIGHT = 60.0  # standard deviation of the pictures: where normalisation shows
Change = Callable[[list[LayerSpec]], list[LayerSpec]]


@dataclass(frozen=True, kw_only=True)
class WrongDialect:
    """A network of other sources; `says` completes "your network behaves as if ..."."""

    name: str
    says: str
    model_spec: ModelSpec


def _changed(change: Change) -> ModelSpec:
    return replace(ALEXNET_2012, layers=tuple(change(list(ALEXNET_2012.layers))))


def _each(change: Callable[[LayerSpec], LayerSpec | None]) -> ModelSpec:
    """One layer after the other changed, or left out where `change` gives None."""
    return _changed(
        lambda layers: [new for layer in layers if (new := change(layer)) is not None]
    )


def _swapped(first: type, second: type) -> ModelSpec:
    """Neighbours of these two kinds in the other order."""

    def change(layers: list[LayerSpec]) -> list[LayerSpec]:
        for k in range(len(layers) - 1):
            if isinstance(layers[k], first) and isinstance(layers[k + 1], second):
                layers[k], layers[k + 1] = layers[k + 1], layers[k]
        return layers

    return _changed(change)


def _norm(**other: Any) -> ModelSpec:
    kind = spec.LocalResponseNorm
    return _each(
        lambda each: replace(each, **other) if isinstance(each, kind) else each
    )


def _dropout_before(layers: list[LayerSpec]) -> list[LayerSpec]:
    found: list[LayerSpec] = []
    for layer in layers:
        if layer.name in ("fc6", "fc7"):
            found.append(spec.Dropout(name=f"before_{layer.name}"))
        if not isinstance(layer, spec.Dropout):
            found.append(layer)
    return found


def _ten_classes(layer: LayerSpec) -> LayerSpec:
    return replace(layer, out_features=10) if layer.name == "fc8" else layer


def _pool_by_two(layer: LayerSpec) -> LayerSpec:
    return replace(layer, kernel_size=2) if isinstance(layer, spec.MaxPool2d) else layer


WRONG = (
    WrongDialect(
        name="no groups",
        says="every kernel read all maps: conv2, conv4 and conv5 have two groups",
        model_spec=without_groups(ALEXNET_2012),
    ),
    WrongDialect(
        name="torchvision",
        says="torchvision's widths were the paper's",
        model_spec=ALEXNET_TORCHVISION,
    ),
    WrongDialect(
        name="ten classes",
        says="there were ten classes",
        model_spec=_each(_ten_classes),
    ),
    WrongDialect(
        name="pool before norm",
        says="pooling came before normalisation, as in CaffeNet",
        model_spec=_swapped(spec.LocalResponseNorm, spec.MaxPool2d),
    ),
    WrongDialect(
        name="norm before ReLU",
        says="normalisation came before the ReLU",
        model_spec=_swapped(spec.ReLU, spec.LocalResponseNorm),
    ),
    WrongDialect(
        name="no norm",
        says="there were no normalisation",
        model_spec=_each(
            lambda each: None if isinstance(each, spec.LocalResponseNorm) else each
        ),
    ),
    WrongDialect(
        name="alpha on the mean",
        says="alpha multiplied the mean of the squares, as in torch's own layer: the "
        "printed formula multiplies their sum",
        model_spec=_norm(alpha_on="mean"),
    ),
    WrongDialect(
        name="torch's defaults",
        says="k were 1 and alpha multiplied the mean: torch's defaults",
        model_spec=_norm(alpha_on="mean", k=1.0),
    ),
    WrongDialect(
        name="k left at 1",
        says="k were 1",
        model_spec=_norm(k=1.0),
    ),
    WrongDialect(
        name="no overlap",
        says="the pooling windows were 2 wide and did not overlap",
        model_spec=_each(_pool_by_two),
    ),
    WrongDialect(
        name="ReLU behind fc8",
        says="a ReLU stood behind fc8, and no logit could be negative",
        model_spec=_changed(lambda layers: [*layers, spec.ReLU(name="relu8")]),
    ),
    WrongDialect(
        name="dropout before",
        says="dropout stood before fc6 and fc7, as in torchvision: the paper drops "
        "what they put out",
        model_spec=_changed(_dropout_before),
    ),
    WrongDialect(
        name="no dropout",
        says="there were no dropout",
        model_spec=_each(lambda each: None if isinstance(each, spec.Dropout) else each),
    ),
)


@exercise("alexnet_2012")
def check_alexnet_2012(student: Any) -> CheckResult:
    """A function that builds the paper's network for 227 pixels and 1000 classes."""
    if isinstance(student, nn.Module) or not callable(student):
        return failed("alexnet_2012 should be a function that returns the network")
    try:
        with torch.device("meta"):  # shapes without numbers: nothing is drawn
            network = student()
    except NotImplementedError:
        return todo("write the body of alexnet_2012, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"alexnet_2012() raised {type(error).__name__}: {error}")
    if not isinstance(network, nn.Module):
        kind = type(network).__name__
        return failed(f"alexnet_2012() should return a torch network, not {kind}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        images = BRIGHT * torch.randn(1, *ALEXNET_2012.input_shape)
        return _compare(network, build_model(ALEXNET_2012), images)


def _compare(network: nn.Module, right: nn.Module, images: Tensor) -> CheckResult:
    weights = list(right.parameters())
    count = sum(p.numel() for p in network.parameters())
    if _shapes(network) != _shapes(right):
        for wrong in WRONG:
            if _shapes(network) == _shapes(_on_meta(wrong.model_spec)):
                return _told(wrong, f"{count:,} parameters. ")
        return failed(
            f"{count:,} parameters, in other layers than the paper's: compare widths, "
            "windows and groups line by line"
        )
    answers = list(_answers(network, weights, images))
    expected = list(_answers(right, weights, images))
    if _agree(answers, expected):
        return passed(
            f"{count:,} parameters, and the reference's outputs in both modes"
        )
    if isinstance(answers[0], str):
        return failed(f"a picture of 3 x 227 x 227 stopped it: {answers[0]}")
    for wrong in WRONG:
        other = _on_meta(wrong.model_spec)
        if _shapes(other) == _shapes(network) and _agree(
            answers, _answers(other, weights, images)
        ):
            return _told(wrong, "")
    where = "in training" if _same(answers[0], expected[0]) else "in eval mode"
    return failed(
        f"the right parameters, and other outputs {where}: compare the order of the "
        "layers, and the numbers of each, with the paper"
    )


def _told(wrong: WrongDialect, before: str) -> CheckResult:
    return failed(
        f"alexnet_2012: {before}your network behaves as if {wrong.says}.", wrong.name
    )


def _on_meta(model_spec: ModelSpec) -> nn.Module:
    with torch.device("meta"):
        return build_model(model_spec)


def _shapes(network: nn.Module) -> list[tuple[int, ...]]:
    return [tuple(parameter.shape) for parameter in network.parameters()]


def _answers(
    network: nn.Module, weights: list[nn.Parameter], images: Tensor
) -> Iterator[Tensor | str]:
    """Its outputs with these weights, in eval mode and, with one seed, in training."""
    names = [name for name, _ in network.named_parameters()]
    network.load_state_dict(dict(zip(names, weights, strict=True)), assign=True)
    for training in (False, True):
        torch.manual_seed(0)
        try:
            with torch.no_grad():
                yield network.train(training)(images)
        except Exception as error:
            yield (str(error) or type(error).__name__).splitlines()[0]


def _agree(answers: list, others: Any) -> bool:
    """Both modes alike; the second is computed only where the first agrees."""
    return all(
        _same(mine, theirs) for mine, theirs in zip(answers, others, strict=True)
    )


def _same(answer: Any, other: Any) -> bool:
    if type(answer) is not Tensor or type(other) is not Tensor:
        return False
    close = CLOSE * other.abs().max()
    return answer.shape == other.shape and bool((answer - other).abs().max() <= close)
