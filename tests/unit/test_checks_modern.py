"""Checks of notebook 13: costs of stems and ends, batch statistics, one picture."""

import functools

import numpy as np
import pytest
import torch
from torch import nn

from alexnet_lib.learning.checks import batch_statistics, modern_costs, one_picture
from alexnet_lib.learning.checks.batch_statistics import MISTAKES, batch_norm
from tests.unit.checking import assert_check_is_fair, raiser, stub

# --- stem_costs -----------------------------------------------------------------------
STEM = {
    "numbers in a picture of 224": 3 * 224 * 224,
    "conv1, 11 x 11 at 224": 64 * 3 * 11 * 11 * 55 * 55,
    "conv1, 3 x 3 at 32": 64 * 3 * 3 * 3 * 32 * 32,
    "side behind pool5": 3,
    "different numbers for fc6": 256 * 9,
}
FIRST, LARGE, SMALL, SIDE, DIFFERENT = STEM


def test_stem_costs():
    assert_check_is_fair(
        modern_costs.check_stem_costs,
        right=[STEM, {key: np.int64(value) for key, value in STEM.items()}],
        wrong={
            "grey": STEM | {FIRST: 224 * 224},
            "small": STEM | {FIRST: 3 * 32 * 32},
            "no stride": STEM | {LARGE: 64 * 363 * 224 * 224},
            "grey kernels": STEM | {LARGE: 64 * 121 * 55 * 55},
            "biases": STEM | {LARGE: 64 * 364 * 55 * 55},
            "one kernel": STEM | {LARGE: 363 * 55 * 55},
            "no padding": STEM | {SMALL: 64 * 27 * 30 * 30},
            "grey small kernels": STEM | {SMALL: 64 * 9 * 32 * 32},
            "small biases": STEM | {SMALL: 64 * 28 * 32 * 32},
            "one small kernel": STEM | {SMALL: 27 * 32 * 32},
            "behind avgpool": STEM | {SIDE: 6},
            "halved": STEM | {SIDE: 4},
            "copies": STEM | {DIFFERENT: 9216},
            "one map": STEM | {DIFFERENT: 9},
        },
        todo=dict.fromkeys(STEM),
    )


def test_the_average_pool_repeats_what_is_too_small():
    maps = torch.arange(9.0).reshape(1, 1, 3, 3)
    assert len(nn.AdaptiveAvgPool2d(6)(maps).unique()) == 9


# --- end_costs ------------------------------------------------------------------------
END = {
    "fc6, fc7 and fc8": 2 * (1024 * 1024 + 1024) + 1024 * 10 + 10,
    "average, then fc8": 64 * 10 + 10,
    "fc6 of rank 32": 1024 * 32 + 32 + 32 * 1024 + 1024,
    "largest rank that saves": 511,
}
ALL, AVERAGE, THIN, RANK = END


def test_end_costs():
    assert modern_costs.right_end_costs() == END
    assert_check_is_fair(
        modern_costs.check_end_costs,
        right=[END, {key: np.int32(value) for key, value in END.items()}],
        wrong={
            "no biases": END | {ALL: 2 * 1024 * 1024 + 1024 * 10},
            "no fc8": END | {ALL: 2 * (1024 * 1024 + 1024)},
            "no pool5": END | {ALL: END[ALL] + (4096 - 1024) * 1024},
            "no bias in fc8": END | {AVERAGE: 640},
            "not averaged": END | {AVERAGE: 64 * 64 * 10 + 10},
            "thin without biases": END | {THIN: 2 * 1024 * 32},
            "one thin layer": END | {THIN: 1024 * 32 + 32},
            "one bias vector": END | {THIN: 2 * 1024 * 32 + 1024},
            "square": END | {THIN: 32 * 32 + 32},
            "even": END | {RANK: 512},
            "any rank": END | {RANK: 1023},
        },
        todo=dict.fromkeys(END),
    )


def test_one_rank_more_saves_nothing():
    whole = nn.Linear(1024, 1024)
    for rank, saves in ((511, True), (512, False)):
        thin = nn.Sequential(nn.Linear(1024, rank), nn.Linear(rank, 1024))
        kept, before = (sum(p.numel() for p in m.parameters()) for m in (thin, whole))
        assert (kept < before) == saves


# --- batch_norm -----------------------------------------------------------------------
def by_torch(x, running_mean, running_var, training):
    return nn.functional.batch_norm(x, running_mean, running_var, training=training)


def by_loop(x, running_mean, running_var, training):
    y = torch.empty_like(x)
    for c in range(x.shape[1]):
        mean, var = running_mean[c].clone(), running_var[c].clone()
        if training:
            mean, var = x[:, c].mean(), x[:, c].var(unbiased=False)
            running_mean[c] += 0.1 * (mean - running_mean[c])
            running_var[c] += 0.1 * (x[:, c].var() - running_var[c])
        y[:, c] = (x[:, c] - mean) / (var + 1e-5).sqrt()
    return y


def test_batch_norm():
    assert_check_is_fair(
        batch_statistics.check_batch_norm,
        right=[by_torch, by_loop, batch_norm],
        wrong={name: functools.partial(batch_norm, fault=name) for name in MISTAKES},
        todo=stub,
    )


def over_the_batch_alone(x, running_mean, running_var, training):
    """A mean for each place, (C, H, W), which broadcasts and is not asked for."""
    return (x - x.mean(dim=0)) / (x.var(dim=0, unbiased=False) + 1e-5).sqrt()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([], "batch_norm should be a function, not list"),
        (raiser, "batch_norm raised ZeroDivisionError"),
        (lambda *args: None, "batch_norm gave None: does it end with a return?"),
        (lambda *args: 3, "it should give a torch tensor, not int"),
        (lambda x, *rest: x.flatten(1), "for shape (4, 3, 2, 2) it gives (4, 12)"),
        (over_the_batch_alone, "in train mode the outputs differ from those of"),
    ],
)
def test_batch_norm_messages(answer, message):
    result = batch_statistics.check_batch_norm(answer)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


# --- predict_picture ------------------------------------------------------------------
def predict(
    network,
    picture,
    scale,
    names,
    *,
    training=False,
    standardise=True,
    divisor=255,
    flip=False,
    logits=False,
):
    """The right answer, or one with a fault."""
    pixels = np.array(picture.convert("RGB").resize((32, 32)), dtype=np.float32)
    x = torch.from_numpy(pixels / divisor).movedim(-1, 0)
    x = x.flip(0) if flip else x
    mean, std = (torch.tensor(each)[:, None, None] for each in scale)
    x = (x - mean) / std if standardise else x
    with torch.no_grad():
        answer = network.train(training)(x[None])[0]
    shares = answer if logits else answer.softmax(dim=0)
    return names[int(shares.argmax())], float(shares.max())


def by_torchvision(network, picture, scale, names):
    from torchvision.transforms import v2

    prepare = v2.Compose(
        [
            v2.RGB(),
            v2.Resize((32, 32)),
            v2.PILToTensor(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(*scale),
        ]
    )
    with torch.inference_mode():
        shares = network.eval()(prepare(picture.convert("RGB"))[None]).softmax(dim=1)
    return names[shares.argmax()], shares.max()


def number_for_name(*args):
    name, share = predict(*args)
    return one_picture.NAMES.index(name), share


def faulty(**fault):
    return functools.partial(predict, **fault)


def test_predict_picture():
    assert_check_is_fair(
        one_picture.check_predict_picture,
        right=[predict, by_torchvision],
        wrong={
            "train mode": faulty(training=True),
            "class number": number_for_name,
            "not standardised": faulty(standardise=False),
            "bytes": faulty(divisor=1),
            "colours exchanged": faulty(flip=True),
            "logit": faulty(logits=True),
        },
        todo=stub,
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (3, "predict_picture should be a function, not int"),
        (raiser, "for a picture of 32 x 32 (RGB) it raised ZeroDivisionError"),
        (lambda *args: None, "predict_picture gave None: does it end with a return?"),
        (lambda *args: "frog", "it should give two things, a name and a probability"),
        (lambda *args: ("dog", 0.5), "'dog' is not among the names that came with"),
        (lambda *args: ("frog", "0.5"), "the probability should be a number, not str"),
        (lambda *args: ("frog", 0.123), "the answer differs from that of the network"),
    ],
)
def test_predict_picture_messages(answer, message):
    result = one_picture.check_predict_picture(answer)
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message


def test_a_grey_picture_that_is_not_made_colour_is_named():
    def no_convert(network, picture, scale, names):
        assert np.array(picture).ndim == 3, "no channels"
        return predict(network, picture, scale, names)

    result = one_picture.check_predict_picture(no_convert)
    assert result.message.startswith("for a grey picture (L) it raised AssertionError")
