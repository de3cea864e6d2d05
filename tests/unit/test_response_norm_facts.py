"""What notebook 05 says of LRN and of the networks of 2012 that were compared."""

import re
from math import prod

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from alexnet_lib.architecture import reference
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.architecture.variants import ALEXNET_2012, CAFFENET
from alexnet_lib.learning.checks.normalisation import changed_channels
from alexnet_lib.learning.hand_schedules import RUNS
from alexnet_lib.learning.proofs import response_norm as proofs
from alexnet_lib.learning.published import CONFIGURATIONS, NORMALISERS

CEILING = 2**-0.75


def loud_noise(channels: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    shape = (2, channels, 3, 2)
    return 50 * torch.randn(shape, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("channels", [1, 2, 5, 12])
def test_five_times_the_alpha_makes_torch_s_layer_the_printed_formula(channels):
    """Against the loops, so that no code of the layer itself is trusted."""
    torchs = nn.LocalResponseNorm(size=5, alpha=5e-4, beta=0.75, k=2.0)
    a = loud_noise(channels)
    for ours, image in zip(torchs(a), a, strict=True):
        printed = reference.local_response_norm(image.numpy())
        np.testing.assert_allclose(ours.numpy(), printed, rtol=0, atol=1e-12)


def test_torch_s_defaults_are_the_code_s_but_for_k():
    torchs = nn.LocalResponseNorm(size=5)
    assert (torchs.alpha, torchs.beta, torchs.k) == (1e-4, 0.75, 1.0)
    a = loud_noise(8)
    code = LocalResponseNorm(k=1.0, alpha_on="mean")
    torch.testing.assert_close(code(a), torchs(a), rtol=0, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    size=st.integers(1, 9),
    scale=st.floats(1e-3, 1e4),
    alpha_on=st.sampled_from(["sum", "mean"]),
)
def test_nothing_leaves_larger_than_the_ceiling(seed, size, scale, alpha_on):
    a = loud_noise(7, seed) * scale
    b = LocalResponseNorm(size, alpha_on=alpha_on)(a)
    assert (b.abs() <= CEILING * a.abs() * (1 + 1e-12)).all()
    assert (b.sign() == a.sign()).all()


def test_the_ceiling_is_the_one_the_course_prints():
    assert f"{CEILING:.4f}" == "0.5946"
    quiet = LocalResponseNorm()(torch.full((1, 7, 1, 1), 1e-6, dtype=torch.float64))
    assert (quiet / 1e-6).min() == pytest.approx(CEILING, rel=1e-9)


def test_a_lone_number_comes_out_loudest_at_200():
    """The derivative of a / (k + alpha a^2)^(3/4) is 0 where a^2 = 2 k / alpha."""
    alone = torch.arange(1.0, 2000.0, dtype=torch.float64)
    quieted = LocalResponseNorm()(alone.reshape(-1, 1, 1, 1)).flatten()
    assert alone[quieted.argmax()] == 200 == (2 * 2.0 / 1e-4) ** 0.5
    lone = LocalResponseNorm()(torch.full((1, 1, 1, 1), 1000.0)) / 1000
    code = LocalResponseNorm(alpha_on="mean")(torch.full((1, 1, 1, 1), 1000.0)) / 1000
    assert (f"{lone.item():.3f}", f"{code.item():.3f}") == ("0.031", "0.098")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((96, 2, 5), [46, 47, 48, 49]),
        ((6, 2, 3), [2, 3]),
        ((8, 4, 5), list(range(8))),
        ((6, 3, 1), []),
    ],
)
def test_two_towers_change_only_the_channels_at_their_border(arguments, expected):
    assert changed_channels(*arguments) == expected


def test_caffe_s_order_normalises_a_fourth_of_the_numbers():
    counts = [
        sum(prod(r.out_shape) for r in summarize(spec) if r.kind == "LocalResponseNorm")
        for spec in (ALEXNET_2012, CAFFENET)
    ]
    assert counts == [477_024, 113_248]
    assert f"{counts[0] / counts[1]:.2f}" == "4.21"


def test_what_each_network_of_2012_changed():
    paper = CONFIGURATIONS["145"]
    assert paper.differences(CONFIGURATIONS["145"]) == []
    assert len(paper.differences(CONFIGURATIONS["148"])) == len(NORMALISERS) == 3
    assert paper.differences(CONFIGURATIONS["147"]) == [
        "pool size 2 instead of 3",
        "conv2 padding 1 instead of 2",
        "conv5 padding 0 instead of 1",
    ]
    back = CONFIGURATIONS["148"].differences(paper)
    assert [words.split()[0] for words in back] == ["adds"] * 3


def test_every_network_of_2012_ends_in_maps_of_6():
    rows = {row.name: row.out_shape[-1] for row in summarize(ALEXNET_2012)}
    for name, configuration in CONFIGURATIONS.items():
        assert configuration.sides()["pool5"] == rows["pool5"] == 6, name
    paper = CONFIGURATIONS["145"].sides()
    assert paper == {name: rows[name] for name in paper}
    assert list(CONFIGURATIONS["147"].sides().values()) == [
        *(55, 28, 26, 13, 13, 13, 11, 6)
    ]


@pytest.mark.parametrize(
    ("run", "top1", "top5"), [("148", "1.37", "1.15"), ("147", "0.39", "0.30")]
)
def test_points_of_the_comparisons(run, top1, top5):
    paper = RUNS["145"]
    assert f"{100 * (RUNS[run].top1_error - paper.top1_error):.2f}" == top1
    # 0.3000: from differences of floats
    assert f"{100 * (RUNS[run].top5_error - paper.top5_error):.2f}" == top5


def test_lrn_on_scaled_pictures_is_one_factor():
    generator = torch.Generator().manual_seed(0)
    images = torch.randn(4, 1, 112, 112, generator=generator)
    scaled = proofs.gains_behind_relu1(images)
    assert scaled.min() > 0.999 * CEILING
    loud = proofs.gains_behind_relu1(90 * images)
    assert loud.quantile(0.05) < 0.9 * CEILING


@pytest.mark.parametrize(
    ("claim", "subject", "said"),
    [
        ("normalises_over", "channels", "1000 more among the channels: changed by 0."),
        ("amplifies", "1, 0.75", "the largest gain is 1.0000"),
        ("torch_is_the_formula", "0.0005", "alpha 0.0005: 0.0% apart on noise"),
        ("won_by_normalising", "147, 26.2", "18.5 % top-5 error on the validation"),
        ("overlap_is_free", "3, 13", "on 13 x 13 pixels: 324 numbers compared, by 2"),
        ("removes_what_the_paper_names", "145", "it lacks "),
    ],
)
def test_the_evidence_of_the_proofs(claim, subject, said):
    assert re.search(re.escape(said), getattr(proofs, claim)(subject).evidence)
