"""Shortcuts that look like proofs of the ten sentences of notebook 17."""

from dataclasses import replace

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.arithmetic import summarize, window_output_size
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import ALEXNET_2012, resized
from alexnet_lib.learning.checks.engine import Mistake

POOLS = spec.MaxPool2d | spec.AvgPool2d


def paper_on(side: int) -> ModelSpec:
    """The paper's layers, for pictures of another side."""
    name = f"the paper's layers on {side} pixels"
    return replace(ALEXNET_2012, name=name, input_shape=(3, side, side))


def _convs(table: ModelSpec) -> list[spec.Conv2d]:
    return [x for x in table.layers if isinstance(x, spec.Conv2d)]


def _sums(table: ModelSpec, field: str, kind: str = "") -> int:
    rows = summarize(table)
    return sum(getattr(row, field) for row in rows if kind in ("", row.kind))


def _fc6(table: ModelSpec, field: str = "num_params") -> int:
    return next(getattr(row, field) for row in summarize(table) if row.name == "fc6")


def _dropouts(table: ModelSpec) -> list[spec.Dropout]:
    return [x for x in table.layers if isinstance(x, spec.Dropout)]


def _side_by_rule(table: ModelSpec, padding: int | None = None) -> int:
    """The first map by rounding down, and without the zeros of another layer."""
    first = _convs(table)[0]
    padding = first.padding if padding is None else padding
    side = table.input_shape[1]
    return window_output_size(side, first.kernel_size, first.stride, padding)


def _overlaps(layer: spec.MaxPool2d | spec.AvgPool2d) -> bool:
    return layer.kernel_size > layer.stride


def _pools(table: ModelSpec) -> list[spec.MaxPool2d | spec.AvgPool2d]:
    return [x for x in table.layers if isinstance(x, POOLS)]


def _behind_norms(table: ModelSpec) -> list[type]:
    pairs = zip(table.layers, table.layers[1:], strict=False)
    return [type(y) for x, y in pairs if isinstance(x, spec.LocalResponseNorm)]


def _vacuous(table: ModelSpec) -> bool:
    last, fine = None, True
    for layer in reversed(table.layers):
        if isinstance(layer, POOLS | spec.Conv2d | spec.Linear):
            last = layer
        elif isinstance(layer, spec.LocalResponseNorm):
            fine = fine and isinstance(last, POOLS)
    return fine


def _drop_behind(table: ModelSpec, first: str, second: str) -> bool:
    names = [x.name for x in table.layers]
    between = table.layers[names.index(first) : names.index(second)]
    return any(isinstance(x, spec.Dropout) and x.p == 0.5 for x in between)


def _fits(table: ModelSpec) -> bool:
    try:
        summarize(resized(table, (table.input_shape[0], 63, 63)))
    except ValueError:
        return False
    return True


def _adapts(table: ModelSpec) -> bool:
    return any(isinstance(x, spec.AdaptiveAvgPool2d) for x in table.layers)


def _last_conv_field(table: ModelSpec) -> int:
    rows = [row for row in summarize(table) if row.kind == "Conv2d"]
    return rows[-1].receptive_field or 0


KERNELS = (
    Mistake(
        name="any layer",
        says="it were enough that some convolution has 96 kernels",
        function=lambda t: any(x.out_channels == 96 for x in _convs(t)),
    ),
    Mistake(
        name="at least",
        says="at least 64 kernels were 96",
        function=lambda t: _convs(t)[0].out_channels >= 64,
    ),
)
FIRST_MAP = (
    Mistake(
        name="rounded down",
        says="every network rounded down",
        function=lambda t: _side_by_rule(t) == 55,
    ),
    Mistake(
        name="no zeros",
        says="nobody padded",
        function=lambda t: (t.input_shape[1] - 11) / 4 + 1 == 55,
    ),
    Mistake(
        name="rounded up",
        says="every network rounded up",
        function=lambda t: -(-(t.input_shape[1] - 11) // 4) + 1 == 55,
    ),
)
OVERLAP = (
    Mistake(
        name="one pooling",
        says="one pooling that overlaps were enough",
        function=lambda t: any(map(_overlaps, _pools(t))),
    ),
    Mistake(
        name="max pooling only",
        says="an average pooling were no pooling",
        function=lambda t: all(
            _overlaps(x) for x in _pools(t) if isinstance(x, spec.MaxPool2d)
        ),
    ),
    Mistake(
        name="touching",
        says="windows that touch overlapped",
        function=lambda t: all(x.kernel_size >= x.stride for x in _pools(t)),
    ),
)
NORM = (
    Mistake(
        name="nothing to fail",
        says="a network without normalisation had them all in place",
        function=_vacuous,
    ),
    Mistake(
        name="right behind",
        says="nothing might stand between the two",
        function=lambda t: (
            bool(_behind_norms(t))
            and all(issubclass(x, POOLS) for x in _behind_norms(t))
        ),
    ),
    Mistake(
        name="order not looked at",
        says="it were enough that there are normalisations and poolings",
        function=lambda t: bool(_behind_norms(t)) and bool(_pools(t)),
    ),
)
DROPS = (
    Mistake(
        name="places not looked at",
        says="two dropouts of 0.5 might stand anywhere",
        function=lambda t: [x.p for x in _dropouts(t)] == [0.5, 0.5],
    ),
    Mistake(
        name="share not looked at",
        says="any share might be dropped",
        function=lambda t: (
            len(_dropouts(t)) == 2 and isinstance(t.layers[-2], spec.Dropout)
        ),
    ),
    Mistake(
        name="fc6 only",
        says="only what fc6 puts out mattered",
        function=lambda t: _drop_behind(t, "fc6", "fc7"),
    ),
)
FC6 = (
    Mistake(
        name="all linear layers",
        says="all linear layers together were meant",
        function=lambda t: (
            _sums(t, "num_params", "Linear") / _sums(t, "num_params") > 0.6
        ),
    ),
    Mistake(
        name="of the linear layers",
        says="only the linear layers had parameters",
        function=lambda t: _fc6(t) / _sums(t, "num_params", "Linear") > 0.6,
    ),
    Mistake(
        name="work",
        says="multiply-adds were asked for",
        function=lambda t: _fc6(t, "macs") / _sums(t, "macs") > 0.6,
    ),
)
GROUPS = (
    Mistake(
        name="some grouped",
        says="one layer with two groups were enough",
        function=lambda t: any(x.groups == 2 for x in _convs(t)),
    ),
    Mistake(
        name="others not looked at",
        says="the other layers did not matter",
        function=lambda t: all(_convs(t)[k].groups == 2 for k in (1, 3, 4)),
    ),
)
SEES = (
    Mistake(
        name="last convolution",
        says="nothing came behind the last convolution",
        function=lambda t: _last_conv_field(t) < t.input_shape[1],
    ),
    Mistake(
        name="224 for all",
        says="every picture had 224 pixels",
        function=lambda t: max(row.receptive_field or 0 for row in summarize(t)) < 224,
    ),
)
TAKES = (
    Mistake(
        name="rebuilt",
        says="fc6 were made anew for the small picture",
        function=_fits,
    ),
    Mistake(
        name="adaptive",
        says="an adaptive pooling took care of everything",
        function=_adapts,
    ),
)
WORK = (
    Mistake(
        name="parameters",
        says="parameters were asked for",
        function=lambda t: (
            _sums(t, "num_params", "Conv2d") / _sums(t, "num_params") > 0.9
        ),
    ),
    Mistake(
        name="half",
        says="more than half were enough",
        function=lambda t: _sums(t, "macs", "Conv2d") / _sums(t, "macs") > 0.5,
    ),
)
