"""Shapes, counts and receptive fields, against torch and against measured gradients."""

import re
from itertools import product
from math import ceil

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_lib.architecture import spec
from alexnet_lib.architecture.arithmetic import (
    LayerError,
    overhang,
    receptive_field,
    same_padding,
    summarize,
    summarize_layer,
    walk,
    window_output_size,
)
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.variants import ALEXNET_2012, LENET5

# size, kernel_size, stride, padding: all of them, not a sample
WINDOWS = list(product(range(1, 26), range(1, 12), range(1, 6), range(5)))


def cuda_convnet_outputs(size: int, filter_size: int, stride: int, padding: int) -> int:
    """`layer.py:1004` of the 2012 code, with its float division."""
    return 1 + ceil((2 * padding + size - filter_size) / float(stride))


def torch_positions(size: int, kernel: int, stride: int, padding: int) -> int | None:
    try:
        row = torch.zeros(1, 1, size)
        return F.conv1d(row, torch.zeros(1, 1, kernel), None, stride, padding).shape[2]
    except RuntimeError:
        return None


def our_positions(size, kernel, stride, padding, rounding) -> int | None:
    try:
        return window_output_size(size, kernel, stride, padding, rounding)
    except ValueError:
        return None


def test_floor_counts_as_torch_does():
    expected = {window: torch_positions(*window) for window in WINDOWS}
    assert {window: our_positions(*window, "floor") for window in WINDOWS} == expected
    assert None in expected.values()
    fitting = [window for window in WINDOWS if expected[window]]
    assert len(fitting) > 5000
    assert {overhang(*window, "floor") for window in fitting} == {0}


def test_ceil_counts_as_cuda_convnet_does():
    fitting = [(n, k, s, p) for n, k, s, p in WINDOWS if k <= n + 2 * p]
    for window in fitting:
        assert our_positions(*window, "ceil") == cuda_convnet_outputs(*window)
    outside = set(WINDOWS) - set(fitting)
    assert {our_positions(*window, "ceil") for window in outside} == {None}


def test_the_overhang_is_what_torch_must_add_to_count_as_ceil():
    for size, kernel, stride, padding in WINDOWS:
        if kernel <= size + 2 * padding:
            over = overhang(size, kernel, stride, padding, "ceil")
            widened = torch_positions(size + 2 * padding + over, kernel, stride, 0)
            assert widened == cuda_convnet_outputs(size, kernel, stride, padding)
            assert 0 <= over < stride


def layers_of(kind):
    """Random layers; the name comes later, by position."""
    windows = {
        "kernel_size": st.integers(1, 7),
        "stride": st.integers(1, 4),
    }
    if kind is spec.Conv2d:
        groups = st.sampled_from([1, 2, 3])
        channels = st.sampled_from([1, 2, 4, 6])
        padding = st.integers(0, 3)
        return st.builds(
            lambda **fields: lambda name: spec.Conv2d(name=name, **fields),
            out_channels=channels,
            padding=padding,
            groups=groups,
            **windows,
        )
    return st.builds(
        lambda kernel_size, stride, half: (
            lambda name: kind(
                name=name,
                kernel_size=kernel_size,
                stride=stride,
                padding=min(half, kernel_size // 2),  # torch allows no more
            )
        ),
        half=st.integers(0, 2),
        **windows,
    )


SPECS = st.builds(
    lambda side, layers: ModelSpec(
        name="random",
        input_shape=(2, side, side + 3),
        layers=tuple(make(f"layer{n}") for n, make in enumerate(layers)),
    ),
    st.integers(4, 40),
    st.lists(
        st.one_of(
            layers_of(spec.Conv2d), layers_of(spec.MaxPool2d), layers_of(spec.AvgPool2d)
        ),
        min_size=1,
        max_size=4,
    ),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(SPECS)
def test_random_networks_have_the_shapes_torch_gives(model_spec):
    """Each row that is yielded is right, and a walk that stops names the layer."""
    images = torch.zeros(1, *model_spec.input_shape)
    rows, stopped_at = [], None
    try:
        for row in walk(model_spec):
            rows.append(row)
    except LayerError as error:
        stopped_at = error.layer
    names = [*(layer.name for layer in model_spec.layers), None]
    assert stopped_at == names[len(rows)]
    fitting = ModelSpec(
        name="fits",
        input_shape=model_spec.input_shape,
        layers=model_spec.layers[: len(rows)],
    )
    with torch.no_grad():
        model = build_model(fitting)
    for module, row in zip(model, summarize(fitting), strict=True):
        images = module(images)
        assert tuple(images.shape[1:]) == row.out_shape
        assert sum(p.numel() for p in module.parameters()) == row.num_params


def test_macs_of_a_convolution_are_counted_by_hand():
    """3x3 kernels over 2 maps, 4 outputs of 5x5: 18 products for each of 100."""
    layer = spec.Conv2d(name="conv", out_channels=4, kernel_size=3)
    row = summarize_layer(layer, (2, 7, 7))
    assert (row.macs, row.num_params) == (1800, 76)


# layer, field, jump: worked out with r += (k - 1) * j and j *= s, row by row
ALEXNET_FIELDS = (
    ("conv1", 11, 4),
    ("norm1", 11, 4),
    ("pool1", 19, 8),
    ("conv2", 51, 8),
    ("norm2", 51, 8),
    ("pool2", 67, 16),
    ("conv3", 99, 16),
    ("conv4", 131, 16),
    ("conv5", 163, 16),
    ("pool5", 195, 32),
    ("flatten", 195, 32),
    ("fc6", None, None),
    ("fc8", None, None),
)
LENET_FIELDS = (
    ("conv1", 5, 1),
    ("pool1", 6, 2),
    ("conv2", 14, 2),
    ("pool2", 16, 4),
    ("flatten", 16, 4),
    ("fc3", None, None),
)


@pytest.mark.parametrize(
    ("model_spec", "fields"),
    [(ALEXNET_2012, ALEXNET_FIELDS), (LENET5, LENET_FIELDS)],
    ids=["alexnet", "lenet"],
)
def test_receptive_fields_and_jumps_of_the_table(model_spec, fields):
    rows = {row.name: row for row in summarize(model_spec)}
    for name, field, jump in fields:
        assert (rows[name].receptive_field, rows[name].jump) == (field, jump)
        assert receptive_field(model_spec, name) == field


def measure_field(model, side: int) -> tuple[int, int]:
    """Which input pixels move the middle output, and its neighbour: field and jump."""
    for parameter in model.parameters():
        torch.nn.init.ones_(parameter)
    image = torch.zeros(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    output = model.double()(image)
    middle = output.shape[-1] // 2
    first_columns, field = [], 0
    for column in (middle, middle + 1):
        (gradient,) = torch.autograd.grad(
            output[0, 0, middle, column], image, retain_graph=True
        )
        columns = gradient[0, 0].any(dim=0).nonzero().flatten()
        first_columns.append(int(columns[0]))
        field = int(columns[-1] - columns[0]) + 1
    return field, first_columns[1] - first_columns[0]


@pytest.mark.parametrize(
    ("windows", "side"),
    [
        (((5, 1, 2), (2, 2, 0), (5, 1, 0), (2, 2, 0)), 60),
        (((3, 2, 1), (3, 2, 1), (4, 3, 0)), 120),
        # AlexNet from conv1 to pool5, one map wide
        (
            (
                ((11, 4, 0), (3, 2, 0), (5, 1, 2), (3, 2, 0))
                + ((3, 1, 1),) * 3
                + ((3, 2, 0),)
            ),
            611,
        ),
    ],
    ids=["lenet", "strides", "alexnet"],
)
def test_receptive_field_and_jump_are_what_gradients_reach(windows, side):
    layers = tuple(
        spec.Conv2d(name=f"conv{n}", out_channels=1, kernel_size=k, stride=s, padding=p)
        for n, (k, s, p) in enumerate(windows)
    )
    model_spec = ModelSpec(name="ones", input_shape=(1, side, side), layers=layers)
    last = summarize(model_spec)[-1]
    measured = measure_field(build_model(model_spec), side)
    assert measured == (last.receptive_field, last.jump)


def test_an_adaptive_pool_of_the_same_size_changes_no_field():
    pool = spec.AdaptiveAvgPool2d(name="avgpool", output_size=6)
    same = summarize_layer(pool, (2, 6, 6), 195, 32)
    assert (same.receptive_field, same.jump) == (195, 32)
    other = summarize_layer(pool, (2, 7, 7), 195, 32)
    assert (other.receptive_field, other.jump) == (None, None)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: window_output_size(5, 11),
            "a window of 11 does not fit in 5 pixels (5, plus 0 of padding on each "
            "side): try a larger input or smaller window",
        ),
        (
            lambda: window_output_size(5, 0, 1, -1),
            "a window needs kernel_size >= 1, stride >= 1 and padding >= 0, got 0, 1 "
            "and -1",
        ),
        (
            lambda: summarize_layer(
                spec.Conv2d(name="conv", out_channels=4, kernel_size=1, groups=2),
                (3, 5, 5),
            ),
            "3 input and 4 output channels do not divide into 2 groups: choose numbers "
            "that 2 divides",
        ),
        (
            lambda: summarize_layer(spec.Linear(name="fc", out_features=10), (3, 5, 5)),
            "a linear layer takes a row of numbers, got shape (3, 5, 5): put a Flatten "
            "before it",
        ),
        (
            lambda: summarize_layer(
                spec.LocalResponseNorm(name="norm", groups=2), (3, 5, 5)
            ),
            "3 channels do not divide into 2 groups",
        ),
        (
            lambda: summarize_layer(spec.MaxPool2d(name="pool"), (400,)),
            "needs maps of shape (C, H, W), got shape (400,): it cannot stand behind a "
            "flattened layer",
        ),
        (
            lambda: receptive_field(LENET5, "conv9"),
            "no layer named 'conv9': layers are conv1, sigmoid1, pool1, conv2, "
            "sigmoid2, pool2, flatten, fc3, sigmoid3, fc4, sigmoid4, fc5",
        ),
        (
            lambda: ModelSpec(
                name="twice",
                input_shape=(1, 5, 5),
                layers=(spec.ReLU(name="relu"), spec.ReLU(name="relu")),
            ),
            "two layers are named 'relu': give each layer its own name",
        ),
        (
            lambda: ModelSpec(
                name="up", input_shape=(1, 5, 5), layers=(), rounding="up"
            ),
            "rounding is 'up': it must be 'floor' or 'ceil'",
        ),
    ],
)
def test_errors_say_what_to_do(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


def test_a_layer_that_does_not_fit_is_named():
    layers = (spec.MaxPool2d(name="pool1"), spec.MaxPool2d(name="pool2"))
    small = ModelSpec(name="small", input_shape=(1, 4, 4), layers=layers)
    rows = walk(small)
    assert next(rows).out_shape == (1, 1, 1)
    with pytest.raises(LayerError, match="pool2: a window of 3 does not") as caught:
        next(rows)
    assert caught.value.layer == "pool2"
    assert caught.value.reason.startswith("a window of 3 does not fit in 1 pixels")


@given(st.integers(1, 256), st.integers(1, 15), st.integers(1, 6))
@settings(max_examples=500, deadline=None)
def test_same_padding_gives_every_stride_its_position(size, kernel_size, stride):
    left, right = same_padding(size, kernel_size, stride)
    assert 0 <= right - left <= 1  # the odd zero stands on the right
    row = F.pad(torch.empty(1, 1, size, device="meta"), (left, right))
    kernel = torch.empty(1, 1, kernel_size, device="meta")
    assert F.conv1d(row, kernel, stride=stride).shape[-1] == ceil(size / stride)


def test_same_padding_is_torch_s_own_where_torch_has_it():
    row, kernel = torch.randn(1, 1, 20), torch.randn(1, 1, 5)
    ours = F.conv1d(F.pad(row, same_padding(20, 5, 1)), kernel)
    torch.testing.assert_close(ours, F.conv1d(row, kernel, padding="same"))
