"""The checks of notebook 01, with the answers a class really gives."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from alexnet_lib.architecture import reference
from alexnet_lib.architecture.variants import VARIANTS
from alexnet_lib.learning.checks import assembled, comparisons, convolution
from alexnet_lib.learning.proofs import beginnings
from alexnet_lib.training.recipes import find_recipe
from alexnet_lib.training.records import RunRecord
from alexnet_lib.training.results import EpochResult
from tests.unit.checking import EqualInt, assert_check_is_fair, raiser, stub

Loops = Callable[[np.ndarray, np.ndarray, np.ndarray, int], np.ndarray]


def loops(
    *,
    flip: bool = False,
    overwrite: bool = False,
    channels: slice = slice(None),
    bias_in_products: bool = False,
    bias_per_channel: bool = False,
    with_bias: bool = True,
    move: bool = True,
    swapped: bool = False,
    extra: int = 1,
    turned: bool = False,
    crossed: bool = False,
    own_bias: bool = True,
    mean: bool = False,
) -> Loops:
    """A learner's function, pixel by pixel, with one thing changed."""

    def conv2d_loops(image, weight, bias, stride):
        kernels, _, k, _ = weight.shape
        rows = (image.shape[1] - k) // stride + extra
        cols = (image.shape[2] - k) // stride + extra
        step = stride if move else 1
        maps = np.zeros((kernels, rows, cols))
        for o, row, col in np.ndindex(maps.shape):
            for c in range(len(image))[channels]:
                total = bias[o] if bias_per_channel else 0.0
                for i, j in np.ndindex(k, k):
                    w = weight[c, o] if swapped else weight[o, c]
                    w = w.T if turned else w
                    top, left = (col, row) if crossed else (row, col)
                    pixel = image[c, top * step + i, left * step + j]
                    total += pixel * (w[k - 1 - i, k - 1 - j] if flip else w[i, j])
                    total += bias[o] if bias_in_products else 0.0
                if overwrite:
                    maps[o, row, col] = 0
                maps[o, row, col] += total / weight[o].size if mean else total
            if with_bias and not (bias_in_products or bias_per_channel):
                maps[o, row, col] += bias[o if own_bias else 0]
        return maps

    return conv2d_loops


def channels_apart(image, weight, bias, stride):
    channels = range(len(image))
    maps = [loops()(image[[c]], weight[:, [c]], bias, stride) for c in channels]
    return np.stack(maps, axis=1)


def thinned(image, weight, bias, stride):
    return loops()(image[:, ::stride, ::stride], weight, bias, 1)


def padded(image, weight, bias, stride):
    margin = weight.shape[-1] // 2
    return reference.conv2d(image, weight, bias, stride, padding=margin)


def one_map(image, weight, bias, stride):
    """The loop over the kernels forgotten."""
    return loops()(image, weight[:1], bias[:1], stride)[0]


def sliced(extra: int) -> Loops:
    """Windows cut out as slices, at too many positions: the last ones are too small."""

    def conv2d_loops(image, weight, bias, stride):
        k = weight.shape[-1]
        rows, cols = ((n - k) // stride + 1 + extra for n in image.shape[1:])
        maps = np.zeros((len(weight), rows, cols))
        for o, row, col in np.ndindex(maps.shape):
            top, left = row * stride, col * stride
            window = image[:, top : top + k, left : left + k]
            maps[o, row, col] = (window * weight[o]).sum() + bias[o]
        return maps

    return conv2d_loops


def by_unfold(image, weight, bias, stride):
    """The right answer as one matrix product."""
    k = weight.shape[-1]
    columns = F.unfold(torch.tensor(image)[None], k, stride=stride)[0].numpy()
    maps = weight.reshape(len(weight), -1) @ columns + bias[:, None]
    rows = (image.shape[1] - k) // stride + 1
    return maps.reshape(len(weight), rows, -1)


def test_conv2d_loops():
    assert_check_is_fair(
        convolution.check_conv2d_loops,
        right=[loops(), by_unfold, reference.conv2d],
        wrong={
            "kernel flipped": loops(flip=True),
            "last channel only": loops(overwrite=True),
            "first channel only": loops(channels=slice(1)),
            "channels not summed": channels_apart,
            "bias per product": loops(bias_in_products=True),
            "bias per channel": loops(bias_per_channel=True),
            "bias forgotten": loops(with_bias=False),
            "stride on the input": thinned,
            "stride ignored": loops(move=False),
            "channels swapped": loops(swapped=True),
            "kernel transposed": loops(turned=True),
            "rows and columns swapped": loops(crossed=True),
            "first bias for all": loops(own_bias=False),
            "mean": loops(mean=True),
            "one kernel only": one_map,
            "padded": padded,
            "no plus one": loops(extra=0),
        },
        todo=stub,
    )


def float32(image, weight, bias, stride):
    arrays = (each.astype(np.float32) for each in (image, weight, bias))
    return loops()(*arrays, stride)


def test_conv2d_loops_in_float32_is_right():
    assert convolution.check_conv2d_loops(float32).status == "passed"


@pytest.mark.parametrize(
    ("student", "message"),
    [
        (raiser, "raised ZeroDivisionError"),
        (lambda *args: None, "does conv2d_loops end with a return?"),
        (lambda *args: loops()(*args).tolist(), "should be a NumPy array, not list"),
        (lambda *args: loops()(*args) * 1.001, "some of its numbers differ"),
        (lambda *args: loops()(*args) * np.nan, "some of its numbers differ"),
        (
            lambda *args: loops()(*args)[..., 0],
            "its axes should be (kernels, rows, columns): 3 of them, not 2",
        ),
        (lambda *args: loops()(*args)[:, :, :-1], "Count the columns. Hint: "),
        (loops(extra=2), "Does your window leave the picture? Count the positions"),
        (sliced(extra=1), "Does your window leave the picture? Count the positions"),
        (lambda *args: loops()(*args).astype(str), "it should hold numbers"),
        (
            lambda image, weight, bias, stride: loops()(
                image[:2], weight[:, :2], bias, stride
            ),
            "some of its numbers differ",
        ),
        (17, "should be a function, not int"),
    ],
)
def test_conv2d_loops_messages(student, message):
    result = convolution.check_conv2d_loops(student)
    assert result.status == "failed"
    assert message in result.message


def test_conv2d_loops_leaves_the_arguments_alone():
    def destructive(image, weight, bias, stride):
        maps = loops()(image, weight, bias, stride)
        image[:] = weight[:] = bias[:] = 0
        return maps

    assert convolution.check_conv2d_loops(destructive).status == "passed"


class Handwritten(nn.Module):
    """LeNet as a class, with functions for what has no weights."""

    def __init__(self) -> None:
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)])
        self.linears = nn.Sequential(
            nn.LazyLinear(120),
            nn.ReLU(),
            nn.LazyLinear(84),
            nn.ReLU(),
            nn.Linear(84, 10),
        )

    def forward(self, x):
        x = F.pad(x, (2, 2, 2, 2))
        for conv in self.convs:
            x = F.max_pool2d(F.relu(conv(x)), 2)
        return self.linears(x.flatten(1))


def lenet(*, act=nn.ReLU, pool=nn.MaxPool2d, padding=2, flat=400, end=(), linear=None):
    """A learner's LeNet, with one thing changed."""
    linear = linear or act
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 6, 5, padding=padding), act(), pool(2)),
        nn.Sequential(nn.Conv2d(6, 16, 5), act(), pool(2)),
        nn.Flatten(),
        nn.Linear(flat, 120),
        linear(),
        nn.Linear(120, 84),
        linear(),
        nn.Linear(84, 10),
        *end,
    )


def three_by_three(_size):
    return nn.MaxPool2d(3, 2)


def test_lenet():
    without_flatten = lenet()
    del without_flatten[2]
    swapped, colour = lenet(), lenet()
    swapped[3], swapped[5] = nn.Linear(400, 84), nn.Linear(84, 120)
    swapped[7] = nn.Linear(120, 10)
    colour[0][0] = nn.Conv2d(3, 6, 5, padding=2)
    wider = lenet()
    wider[3], wider[5] = nn.Linear(400, 128), nn.Linear(128, 84)
    assert_check_is_fair(
        assembled.check_lenet,
        right=[lenet(), Handwritten(), lenet().double(), lenet().eval()],
        wrong={
            "softmax at the end": lenet(end=[nn.Softmax(dim=1)]),
            "log-softmax at the end": lenet(end=[nn.LogSoftmax(dim=-1)]),
            "ReLU at the end": lenet(end=[nn.ReLU()]),
            "padding missing": lenet(padding=0, flat=256),
            "padding missing, 400 kept": lenet(padding=0),
            "activations missing": lenet(act=nn.Identity),
            "linear activations missing": lenet(linear=nn.Identity),
            "sigmoid": lenet(act=nn.Sigmoid),
            "pooling 3/2": lenet(pool=three_by_three, flat=256),
            "pooling 3/2, 400 kept": lenet(pool=three_by_three),
            "other in training": lenet(end=[nn.Dropout(0.5)]),
            "average pooling": lenet(pool=nn.AvgPool2d),
            "sigmoid and average": lenet(act=nn.Sigmoid, pool=nn.AvgPool2d),
            "flatten missing": without_flatten,
            "linear widths swapped": swapped,
            "colour pictures": colour,
            "wrong widths": wider,
        },
        todo=None,
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (nn.Sequential, "lenet should be a torch network, not type"),
        ([nn.Linear(1, 1)], "lenet should be a torch network, not list"),
        (
            lenet(flat=100),
            "a picture of 1 x 28 x 28 stopped it: a linear layer was made for 100 "
            "numbers, and 400 reach it",
        ),
        (nn.Sequential(nn.Conv2d(3, 8, 5)), "made for 3 channels, and 1 reach it"),
        (
            nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.Linear(400, 120)),
            "maps of 6 x 28 x 28 reach a linear layer: flatten them before it",
        ),
        (nn.Sequential(nn.Flatten(), nn.Unflatten(1, (5, 5))), "stopped it: "),
        (lenet(act=nn.Tanh), "but its outputs differ: compare the kind of each act"),
        (nn.Sequential(), "0 parameters, in other layers than asked for"),
    ],
)
def test_lenet_messages(answer, message):
    result = assembled.check_lenet(answer)
    assert result.status == "failed"
    assert message in result.message


def test_checks_of_networks_draw_nothing_and_change_nothing():
    network = lenet().train()
    before = [parameter.clone() for parameter in network.parameters()]
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    assembled.check_lenet(network)
    assembled.check_repaired(repaired)
    assert torch.equal(torch.rand(3), expected)
    pairs = zip(before, network.parameters(), strict=True)
    assert all(torch.equal(old, new) for old, new in pairs)
    assert network.training


def repaired(*drop: int, flat: int = 400) -> nn.Sequential:
    layers = [nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Flatten(), nn.Linear(flat, 10)]
    return nn.Sequential(*(x for i, x in enumerate(layers) if i not in drop))


def nested() -> nn.Sequential:
    stem = nn.Sequential(nn.LazyConv2d(6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2))
    rest = nn.Sequential(nn.LazyConv2d(16, 5), nn.ReLU(), nn.MaxPool2d(2))
    return nn.Sequential(stem, rest, nn.Flatten(), nn.LazyLinear(10))


def compares() -> nn.Sequential:
    net == nn.Sequential(nn.Flatten())  # noqa: B015, F821 - the fault of the exercise
    return net  # noqa: F821


def test_repaired():
    assert_check_is_fair(
        assembled.check_repaired,
        right=[repaired, nested],
        wrong={
            "compares": compares,
            "no return": lambda: None,
            "comma too many": lambda: (repaired(),),
            "first pool lost": lambda: repaired(2),
            "second pool lost": lambda: repaired(5),
            "both pools lost": lambda: repaired(2, 5),
            "old network": lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10)),
        },
        todo=stub,
    )
    assert assembled.check_repaired(lambda: False).mistake == "compares"
    raised = assembled.check_repaired(raiser)
    assert raised.message == "repaired raised ZeroDivisionError: division by zero"
    typed = assembled.check_repaired(lambda: nn.Conv2d("a"))
    assert typed.message.startswith("repaired raised TypeError: ")
    assert "comma" not in typed.message
    misspelt = assembled.check_repaired(lambda: Conv2d(1, 6, 5))  # noqa: F821
    assert "name 'Conv2d' is not defined: is it spelt as" in misspelt.message
    assert "function, not Sequential" in assembled.check_repaired(repaired()).message


RIGHT = {
    "extra_learned_layers": 3,
    "input_side_ratio": 8,
    "first_maps_ratio": 16,
    "parameters_ratio": 60_965_224 / 61_706,
    "multiply_adds_ratio": 724_406_816 / 416_520,
    "activation": "ReLU",
    "pooling": "max 3/2",
    "dropout_layers": 2,
}


def test_differences():
    rounded = {
        "input_side_ratio": 227 / 28,
        "parameters_ratio": 988,
        "multiply_adds_ratio": 1739,
    }
    assert_check_is_fair(
        comparisons.check_differences,
        right=[RIGHT, RIGHT | rounded],
        wrong={
            "all layers": RIGHT | {"extra_learned_layers": 8},
            "poolings too": RIGHT | {"extra_learned_layers": 4},
            "ten times": RIGHT | {"input_side_ratio": 10},
            "area": RIGHT | {"input_side_ratio": 64},
            "difference": RIGHT | {"first_maps_ratio": 90},
            "torchvision": RIGHT | {"parameters_ratio": 61_100_840 / 61_706},
            "inverted": RIGHT | {"parameters_ratio": 61_706 / 60_965_224},
            "one tower": RIGHT | {"multiply_adds_ratio": 1_135_256_096 / 416_520},
            "parameters": RIGHT | {"multiply_adds_ratio": 988},
            "LeNet's": RIGHT | {"activation": "sigmoid"},
            "not overlapping": RIGHT | {"pooling": "max 2/2"},
            "every linear layer": RIGHT | {"dropout_layers": 3},
            "none": RIGHT | {"dropout_layers": 0},
        },
        todo=dict.fromkeys(RIGHT),
    )


@pytest.mark.parametrize("key", RIGHT)
def test_a_difference_that_equals_everything_is_wrong(key):
    answers = RIGHT | {key: EqualInt(1)}
    assert comparisons.check_differences(answers).status == "failed"


def test_ten_times_the_maps_is_named_as_the_tutorial():
    result = comparisons.check_differences(RIGHT | {"first_maps_ratio": 10})
    assert result.mistake == "ten times"


LOSSES = {
    "LENET5": [0.9, 0.8, 0.85],
    "LENET5_RELU": [0.30, 0.31, 0.36],
    "LENET5_RELU_AVG": [0.35, 0.40, 0.41],
    "LENET5_SIGMOID_MAX": [0.5, 0.6, 0.55],
}
ACCURACIES = {
    "LENET5": [0.70, 0.72, 0.71],
    "LENET5_RELU": [0.890, 0.889, 0.885],
    "LENET5_RELU_AVG": [0.886, 0.884, 0.883],
    "LENET5_SIGMOID_MAX": [0.885, 0.860, 0.880],
}
FIRST = 2.0  # training loss of every first epoch


def run(variant: str, seed: int) -> RunRecord:
    losses = (FIRST, LOSSES[variant][seed])
    curve = [EpochResult(n, loss, None, None, 1, 1) for n, loss in enumerate(losses, 1)]
    return RunRecord(
        recipe=replace(find_recipe("lenet_relu"), epochs=2),
        variant=variant,
        dataset="FashionMNIST",
        source="given",
        resize=None,
        seed=seed,
        train_images=1,
        epochs=2,
        test_accuracy=ACCURACIES[variant][seed],
        seconds=1.0,
        images_per_second=1.0,
        device="cpu",
        versions={},
        curve=tuple(curve),
        confusion=((1,),),
        experiment="lenet_grid",
    )


@pytest.fixture
def grid(monkeypatch):
    """Twelve drawn runs, in the place of the recorded ones; the right answer."""
    records = [run(variant, seed) for variant in LOSSES for seed in (2, 0, 1)]
    monkeypatch.setattr(beginnings, "shipped_records", lambda experiment: records)
    return {
        "train_loss": beginnings.separate_pairs(LOSSES),
        "test_accuracy": beginnings.separate_pairs(ACCURACIES),
    }


def test_recorded_goes_by_the_seeds(grid):
    assert beginnings.recorded("test_accuracy") == ACCURACIES
    assert beginnings.recorded("train_loss") == LOSSES
    assert beginnings.recorded("first_train_loss")["LENET5"] == [FIRST] * 3


def test_separate(grid):
    everything = {frozenset((a, b)) for a in LOSSES for b in LOSSES if a != b}
    by_loss, by_accuracy = grid["train_loss"], grid["test_accuracy"]
    assert (len(by_loss), len(by_accuracy)) == (5, 3)
    best_run = {pair for pair in everything if "LENET5_RELU" in pair}
    as_lists = {key: [sorted(pair) for pair in pairs] for key, pairs in grid.items()}
    assert_check_is_fair(
        comparisons.check_separate,
        right=[grid, as_lists],
        wrong={
            "means differ": grid | {"train_loss": everything},
            "overlapping": grid | {"train_loss": everything - by_loss},
            "first epoch": grid | {"train_loss": set()},
            "other measure": grid | {"test_accuracy": by_loss},
            "best run": grid | {"test_accuracy": best_run},
        },
        todo=dict.fromkeys(grid),
        at_least=3,
    )
    named = comparisons.check_separate(grid | {"train_loss": by_accuracy})
    assert named.mistake == "other measure"


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ({("LENET5", "LENET5")}, "a network makes no pair with itself: LENET5"),
        ({"LENET5_RELU"}, "each entry is a pair of two names, got ['LENET5_RELU']"),
        ({(1, 2)}, "each entry is a pair of two names, got [1, 2]"),
        ({("LENET5", "LeNet")}, "there are no runs of 'LeNet'"),
        (
            {("LENET5_RELU", "LENET5_RELU_AVG")},
            "the ranges of LENET5_RELU and LENET5_RELU_AVG overlap",
        ),
        ({("LENET5", "LENET5_RELU_AVG")}, "there are more pairs than those"),
        ("LENET5", "it should be a set or a list of pairs, not str"),
    ],
)
def test_separate_messages(grid, pairs, message):
    result = comparisons.check_separate(grid | {"test_accuracy": pairs})
    assert result.status == "failed"
    assert message in result.message


def test_one_run_decides_only_where_ranges_are_apart(grid):
    assert beginnings.one_run_decides("test_accuracy").verdict == "false"
    evidence = beginnings.one_run_decides("test_accuracy").evidence
    assert evidence.startswith("by test accuracy, in 3 of 6 pairs every run")
    assert beginnings.one_run_decides("first_train_loss").verdict == "false"
    two = beginnings.one_run_decides("train_loss: LENET5, LENET5_RELU")
    assert two.verdict == "true"
    assert two.evidence.startswith("by train loss, in 1 of 1 pairs")


def test_the_recorded_grid_is_whole():
    accuracies, losses = map(beginnings.recorded, ("test_accuracy", "train_loss"))
    assert sorted(accuracies) == sorted(name for name in VARIANTS if "LENET5" in name)
    assert {len(found) for found in (*accuracies.values(), *losses.values())} == {3}


def test_one_recorded_run_stays_long_where_guessing_is():
    """Notebook 01 says so of the three runs of the oldest network."""
    runs = [
        r for r in beginnings.shipped_records("lenet_grid") if r.variant == "LENET5"
    ]
    stuck = [sum(epoch.train_loss > 2 for epoch in run.curve) for run in runs]
    assert max(stuck) > 2 * sorted(stuck)[1]


@pytest.mark.needs_extra("d2l")
def test_recorded_shapes_are_what_d2l_prints(capsys):
    from d2l import torch as d2l

    d2l.LeNet().layer_summary((1, 1, 28, 28))
    printed = capsys.readouterr().out.splitlines()
    assert printed == [
        f"{kind} output shape:\t {torch.Size(shape)}"
        for kind, shape in assembled.D2L_LENET
    ]


@pytest.mark.parametrize(
    "check",
    [
        convolution.check_conv2d_loops,
        assembled.check_lenet,
        assembled.check_repaired,
        comparisons.check_differences,
    ],
)
def test_no_check_shows_the_answer(check: Callable):
    for answer in (lambda *args: -1, dict.fromkeys(RIGHT, 1), 17, nn.Sequential()):
        message = check(answer).message
        for secret in ("61,706", "61706", "988", "1739", "max 3/2, "):
            assert secret not in message
