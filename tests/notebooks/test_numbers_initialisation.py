"""Numbers that stand in the text of notebook 09 are those that the library computes."""

from math import log, sqrt

import pytest
import torch
from torch import nn

from alexnet_lib import data
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.deep import WIDTH
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import ALEXNET_2012, ALEXNET_QUARTER
from alexnet_lib.data.colour_pictures import photograph
from alexnet_lib.data.transforms import random_crop
from alexnet_lib.inside.examination import FEW, between_pictures, descend
from alexnet_lib.inside.recorder import ActivationRecorder
from alexnet_lib.learning import clinic, configuration
from alexnet_lib.learning.checks import clinic as cures
from alexnet_lib.learning.checks import starts
from alexnet_lib.learning.claims import claims
from alexnet_lib.learning.content import prediction
from tests.notebooks.test_numbers import text_of

pytestmark = pytest.mark.notebooks
PARAMETERS = sum(row.num_params for row in summarize(ALEXNET_2012))


def fan_ins(spec) -> dict[str, int]:
    """Of the convolutions of a network."""
    rows = summarize(spec)
    return {row.name: row.fan_in for row in rows if row.kind == "Conv2d"}


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("multiplied by {} times the weights' variance", [WIDTH]),
        ("the root of that, {:g} times 0.01, 0.1 or 1", [sqrt(WIDTH)]),
        ("at full size, {:.0f} million parameters", [PARAMETERS / 1e6]),
        ("the same ten layers, {} mini-batches of {}", [clinic.STEPS, clinic.SIZE]),
        ("over the last ten of {} steps, is under {}", [clinic.STEPS, cures.TARGET]),
        ("| 3 | **{} pictures**", [FEW]),
    ],
)
def test_the_text_has_the_number_that_is_computed(phrase, numbers):
    assert phrase.format(*numbers) in text_of("09")
    assert clinic.DEPTH == 10


def test_the_loss_of_guessing():
    assert f"{log(10):.3f}" == "2.303"
    assert "2.303" in prediction("09-cure")["question"]


def test_what_a_layer_hands_on_is_half_under_xavier_and_a_sixth_under_torch_s_own():
    torch.manual_seed(0)
    layer = nn.Linear(1000, 1000)
    shares = {"a sixth": 1000 * layer.weight.var().item() / 2}
    nn.init.xavier_uniform_(layer.weight)
    shares["half"] = 1000 * layer.weight.var().item() / 2
    assert shares["a sixth"] == pytest.approx(1 / 6, rel=0.01)
    assert shares["half"] == pytest.approx(1 / 2, rel=0.01)
    text = text_of("09")
    assert "hands on half of the mean square and torch's a sixth" in text
    assert "torch's own is older: about 1 / (3 fan_in)" in text


def test_the_code_s_number_is_kaiming_s_for_the_full_width_only():
    full, quarter = fan_ins(ALEXNET_2012), fan_ins(ALEXNET_QUARTER)
    for name in ("conv3", "conv4", "conv5"):
        assert configuration.starts()[name][0] == 0.03
        assert sqrt(2 / full[name]) == pytest.approx(0.03, rel=0.15)
        assert sqrt(2 / quarter[name]) > 1.5 * 0.03
    assert full["conv3"] == 256 * 3 * 3
    assert "256 x 3 x 3" in prediction("09-conv3")["question"]
    assert starts.right_std(256, 384, 3, 1) == pytest.approx(0.0295, abs=5e-5)
    assert "a quarter of the width it is too small" in text_of("09")


def test_xavier_and_fan_out_are_near_each_other_in_the_tutorial_s_first_layer():
    xavier = sqrt(2 / (3 * 121 + 64 * 121))
    fan_out, fan_in = sqrt(2 / (64 * 121)), sqrt(2 / (3 * 121))
    assert fan_out / xavier == pytest.approx(1, abs=0.03)
    assert fan_in > 4 * fan_out


def test_twenty_layers_have_nineteen_relus():
    assert "twenty layers in a row, with a ReLU between" in text_of("09")
    assert "in twenty layers, its twentieth power" in text_of("09")


def test_a_quarter_of_the_width_has_a_quarter_of_the_inputs_or_half():
    full, quarter = fan_ins(ALEXNET_2012), fan_ins(ALEXNET_QUARTER)
    shares = {name: quarter[name] / full[name] for name in ("conv3", "conv4", "conv5")}
    assert shares == {"conv3": 1 / 4, "conv4": 1 / 2, "conv5": 1 / 2}
    truth = claims()["a-spread-suits-an-architecture"].truth
    assert "a quarter of the inputs, or half where there were groups" in truth


def test_what_the_text_says_of_the_full_network_is_so():
    """0.01 loses the signal between conv2 and conv5, 0.03 keeps it; and the ones."""
    names = ["conv2", "conv4", "conv5", "fc8"]
    network = build_model(ALEXNET_2012).eval()
    photo = photograph(512).float().repeat(8, 1, 1, 1)
    crops = random_crop(photo, 227, torch.Generator().manual_seed(0))
    found = {}
    for start in ("paper_2012", "source_2012"):
        initialize(network, start, torch.Generator().manual_seed(0))
        with ActivationRecorder(network, names) as seen, torch.no_grad():
            network(crops - crops.mean())
        found[start] = {name: seen[name] for name in names}
    paper, source = found.values()
    assert paper["conv5"].std() < paper["conv2"].std() / 5
    kept = (source["conv5"].std() / source["conv2"].std()).item()
    assert kept == pytest.approx(1, rel=0.2)
    for name in ("conv4", "conv5"):
        assert (paper[name] > 0).float().mean() > 0.99
    assert between_pictures(paper["fc8"]) < 0.05 * paper["fc8"].std()
    assert "what arrives at fc8 is mostly the biases" in text_of("09")


@pytest.mark.needs_data
def test_the_start_cures_and_the_rate_does_not(real_data_root):
    batches = clinic.mini_batches(data.load(root=real_data_root))
    ends = {}
    for start, rate in (("normal", 0.1), ("kaiming", 0.01)):
        for seed in range(3):
            losses = descend(clinic.new_network(start, seed), batches, rate)
            ends.setdefault(start, []).append(sum(losses[-10:]) / 10)
    assert max(ends["kaiming"]) < cures.TARGET < min(ends["normal"])
    assert clinic.CAUSES["rate too small"](data.load(root=real_data_root)).rate == 1e-6
    assert "steps of a millionth" in text_of("09")
