"""Numbers that stand in the text of notebook 05 are those that the library computes."""

from math import prod

import pytest
import torch

from alexnet_lib import runtime
from alexnet_lib.architecture import arithmetic, variants
from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.architecture.spec import BatchNorm2d, Dropout
from alexnet_lib.architecture.weights import load_weights
from alexnet_lib.inside.recorder import ActivationRecorder
from alexnet_lib.learning import recorded
from alexnet_lib.learning.checks.commuting import FAR_APART
from alexnet_lib.learning.claims import claims
from alexnet_lib.learning.content import prediction
from alexnet_lib.learning.hand_schedules import RUNS
from alexnet_lib.learning.published import CONFIGURATIONS, IN_THE_PAPER, NORMALISERS
from tests.notebooks.test_numbers import text_of

pytestmark = pytest.mark.notebooks
PAPER = {row.name: row for row in arithmetic.summarize(variants.ALEXNET_2012)}
QUARTER = {row.name: row for row in arithmetic.summarize(variants.ALEXNET_QUARTER)}
LRN = LocalResponseNorm()


def points(run: str, error: str) -> str:
    """Points of error more than the paper's network made."""
    found = getattr(RUNS[run], error) - getattr(RUNS["145"], error)
    return f"{100 * found:.1f}"


def pooled(side: int, kernel_size: int) -> list[int]:
    """Sides behind three poolings, rounded down."""
    sides = []
    for _ in range(3):
        side = arithmetic.window_output_size(side, kernel_size, 2)
        sides.append(side)
    return sides


def norms() -> int:
    """How many times as many numbers the paper's order normalises as Caffe's."""
    ours, caffe = (
        sum(prod(r.out_shape) for r in arithmetic.summarize(spec) if "norm" in r.name)
        for spec in (variants.ALEXNET_2012, variants.CAFFENET)
    )
    return ours // caffe


def channels(name: str) -> int:
    return QUARTER[name].out_shape[0]


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        (
            "takes {} and {} points off the errors, overlapping pooling {} and {} (",
            [
                points(run, error)
                for run in ("148", "147")
                for error in ("top1_error", "top5_error")
            ],
        ),
        ("Behind conv1 there are {} maps.", [PAPER["conv1"].out_shape[0]]),
        (
            "n = {}, k = {:g}, alpha = {:.4f}, beta = {}:",
            [LRN.size, LRN.k, LRN.alpha, LRN.beta],
        ),
        ("never above {:.4f}", [LRN.k**-LRN.beta]),
        ("conv1 gives maps of {} x {}", PAPER["conv1"].out_shape[1:]),
        ("at least {} % apart", [100 * FAR_APART]),
        ("{} times as many numbers to compare", [(3 / 2) ** 2]),
        ("This network's conv1 gives {}, not", [QUARTER["conv1"].out_shape[1]]),
        ("leave {}, {}, {}, windows", pooled(QUARTER["conv1"].out_shape[1], 3)),
        ("windows of 2 leave {}, {}, {}.", pooled(QUARTER["conv1"].out_shape[1], 2)),
        ("6 x 6 x {} = {:,} numbers", [channels("pool5"), 36 * channels("pool5")]),
        ("5 x 5 x {} = {:,}", [channels("pool5"), QUARTER["fc6"].in_shape[0]]),
        (
            "windows of 2 rounded up give {} and not {}.",
            [CONFIGURATIONS[name].sides()["pool1"] for name in ("147", "145")],
        ),
        ("less than a {} of the numbers", [{4: "quarter"}[norms()]]),
        ("To arrive at {} again", [CONFIGURATIONS["147"].sides()["pool5"]]),
    ],
)
def test_the_text_has_the_number_that_is_computed(phrase, numbers):
    assert phrase.format(*numbers) in text_of("05")


def test_three_are_gone_and_the_paper_has_two():
    text = text_of("05")
    assert "**Three** normalisers are gone from 148" in text
    assert "the paper has a formula for two" in text
    assert (len(NORMALISERS), len(IN_THE_PAPER)) == (3, 2)
    assert CONFIGURATIONS["148"].normalisers == ()


def test_what_the_claims_say_of_the_runs_of_2012():
    runs, told = RUNS, claims()
    assert "trained six epochs" in told["ablation-measures-lrn"].truth
    assert runs["148"].killed - runs["145"].killed == 6
    assert (
        f"{points('148', 'top5_error')} points more" in told["lrn-made-it-work"].truth
    )
    assert "Half as many epochs again moved 145 as far" in text_of("05")
    again = runs["145 again"]
    assert (again.killed - again.first) / runs["145"].killed == pytest.approx(
        0.5, abs=0.05
    )
    assert runs["145"].top1_error - again.top1_error == pytest.approx(
        runs["147"].top1_error - runs["145"].top1_error, abs=3e-4
    )


def test_how_the_networks_of_section_7_differ():
    text = text_of("05")
    assert "LRN stands behind the first two ReLUs" in text
    lrn = [layer.name for layer in variants.find_variant("ALEXNET_QUARTER_LRN").layers]
    assert [lrn[i - 1] for i, name in enumerate(lrn) if "norm" in name] == [
        *("relu1", "relu2")
    ]
    assert "BatchNorm stands behind all five convolutions" in text
    batch = variants.ALEXNET_QUARTER_BN.layers
    norms = [i for i, layer in enumerate(batch) if isinstance(layer, BatchNorm2d)]
    assert [batch[i - 1].name for i in norms] == [f"conv{n}" for n in range(1, 6)]
    assert "comes with less dropout" in text
    most, least = (
        {layer.p for layer in spec.layers if isinstance(layer, Dropout)}
        for spec in (variants.ALEXNET_QUARTER, variants.ALEXNET_QUARTER_BN)
    )
    assert max(least) < min(most)


def test_the_10_beside_a_1000_becomes_about_a_third():
    row = torch.tensor([0.0, 3, 10, 1000, 7, 0, 4]).reshape(1, 7, 1, 1)
    found = LRN(row)[0, 2].item()
    assert f"about {found:.1f}" in prediction("05-loud")["options"]


@pytest.fixture(scope="module")
def maps() -> torch.Tensor:
    """What the shipped network's first ReLU gives for smooth pictures."""
    shipped = load_weights(runtime.course_file("weights/quarter.safetensors"))
    generator = torch.Generator().manual_seed(0)
    small = torch.rand(8, 1, 28, 28, generator=generator)
    large = torch.nn.functional.interpolate(small, size=224, mode="bilinear")
    mean, std = shipped.normalise
    with ActivationRecorder(shipped.model, ["relu1"]) as seen, torch.inference_mode():
        shipped.model((large - mean[0]) / std[0])
    return seen["relu1"]


def test_on_the_trained_maps_lrn_is_a_factor_of_about_0595(maps):
    assert "multiplies every number by about 0.595" in text_of("05")
    gains = (LRN(maps) / maps)[maps > 0]
    assert gains.quantile(0.05) > 0.594
    assert gains.max() < 0.595


def changed(maps: torch.Tensor, size: int, stride: int) -> float:
    """What of the pooled maps changes when they move by one pixel."""
    pool = torch.nn.MaxPool2d(size, stride)
    still, moved = pool(maps[..., :-1, :-1]), pool(maps[..., 1:, 1:])
    return ((moved - still).norm() / still.norm()).item()


def test_windows_of_three_are_calmer_on_noise_with_and_without_overlap(maps):
    text = text_of("05")
    assert "On noise, windows of 3 change far less than windows of 2." in text
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(maps.shape, generator=generator).relu()
    two, overlapping, apart = (
        changed(noise, *window) for window in ((2, 2), (3, 2), (3, 3))
    )
    assert overlapping < 0.7 * two
    assert apart == pytest.approx(overlapping, rel=0.05)
    assert "On the trained maps" in text
    assert "little of all this is left" in text
    assert 0.8 < changed(maps, 3, 2) / changed(maps, 2, 2) < 1


def test_what_the_exchanged_parts_bought():
    found: dict[str, list[float]] = {}
    for run in recorded.runs("parts").values():
        found.setdefault(run.variant, []).append(run.test_accuracy)
    neither, lrn, norm, two = (
        found[f"ALEXNET_QUARTER{suffix}"] for suffix in ("", "_LRN", "_BN", "_POOL2")
    )
    for part in (lrn, norm, two):
        assert recorded.against(part, neither) == "better, by every seed"
    assert max(lrn) - min(neither) < 0.005 < min(norm) - max(neither)
