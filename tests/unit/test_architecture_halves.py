"""A network cut into two halves, counted and built."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.exchange import (
    HandOver,
    ReadBoth,
    SharedDropout,
    Wire,
    mask_seed,
    share_masks,
)
from alexnet_lib.architecture.half_network import build_half, join_halves, rows_of
from alexnet_lib.architecture.halves import (
    cut_in_two,
    half_as_many_kernels,
    narrowed,
    without_groups,
)
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.spec import Conv2d, Linear
from alexnet_lib.architecture.variants import (
    ALEXNET_2012,
    ALEXNET_2012_SOURCE,
    ALEXNET_ONE_TOWER,
    LENET5,
)

TABLE = {row.name: row for row in cut_in_two(ALEXNET_2012_SOURCE)}
SMALL = narrowed(ALEXNET_2012_SOURCE, 8)


def total(counts: str, variant=ALEXNET_2012_SOURCE) -> tuple[int, int]:
    rows = [getattr(row, counts) for row in cut_in_two(variant)]
    return sum(first for first, _ in rows), sum(second for _, second in rows)


# --- the table ---
def test_parameters_of_each_tower_as_counted_from_the_released_code():
    first, second = total("num_params")
    assert (first, second) == (28_434_112 + 4_097_000, 28_434_112)
    assert first + second == 60_965_224
    assert f"{first / 60_965_224:.1%} {second / 60_965_224:.1%}" == "53.4% 46.6%"


def test_what_each_layer_reads():
    depths = {row.name: row.in_depth for row in TABLE.values() if row.in_depth}
    assert depths == {
        **{"conv1": 3, "conv2": 48, "conv3": 256, "conv4": 192, "conv5": 192},
        **{"fc6": 9216, "fc7": 4096, "fc8": 4096},
    }
    both = [row.name for row in TABLE.values() if row.reads == "both halves"]
    assert both == ["conv3", "fc6", "fc7", "fc8"]
    assert [row.name for row in TABLE.values() if row.reads == "picture"] == ["conv1"]


def test_numbers_that_cross_for_one_picture():
    crossing = {n: row.received for n, row in TABLE.items() if any(row.received)}
    assert crossing == {
        "conv3": (128 * 13 * 13, 128 * 13 * 13),
        "fc6": (128 * 6 * 6, 128 * 6 * 6),
        "fc7": (2048, 2048),
        "fc8": (2048, 0),
    }


def test_the_halves_add_up_to_the_whole():
    for variant in (ALEXNET_2012_SOURCE, ALEXNET_ONE_TOWER, SMALL):
        rows = summarize(variant)
        assert sum(total("num_params", variant)) == sum(r.num_params for r in rows)
        assert sum(total("macs", variant)) == sum(r.macs for r in rows)


def test_without_groups_every_layer_behind_the_first_reads_both():
    rows = cut_in_two(ALEXNET_ONE_TOWER)
    weighted = [row for row in rows if row.in_depth]
    assert [row.reads for row in weighted] == ["picture"] + ["both halves"] * 7


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        (ALEXNET_2012, "norm1 has 1 group, and a tower holds half of the maps"),
        (
            replace(ALEXNET_2012_SOURCE, layers=ALEXNET_2012_SOURCE.layers[:-1]),
            "drop7: the last layer should be linear, for one tower to hold it",
        ),
        (
            replace(LENET5, layers=(Conv2d(name="odd", out_channels=5, kernel_size=3),
                                    *LENET5.layers[2:])),
            "odd: 5 kernels do not divide between two towers: choose an even number",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_cut_is_said(variant, message):
    with pytest.raises(ValueError, match=message):
        cut_in_two(variant)


def test_the_one_card_network_of_the_paper_s_comparison():
    """As counted from `layers-145-half.cfg`."""
    rows = summarize(half_as_many_kernels(ALEXNET_2012_SOURCE))
    assert sum(row.num_params for row in rows) == 59_798_312
    assert sum(row.macs for row in rows) == 391_514_384
    widths = [row.out_shape[0] for row in rows if row.kind == "Conv2d"]
    assert widths == [48, 128, 192, 192, 256]


def test_without_groups_the_widths_stay_and_the_traffic_grows():
    rows = summarize(without_groups(ALEXNET_2012_SOURCE))
    assert sum(row.num_params for row in rows) == 62_378_344
    assert sum(row.macs for row in rows) == 1_135_256_096
    assert total("received", without_groups(ALEXNET_2012_SOURCE)) == (130_224, 128_176)


def test_narrowed_keeps_the_structure():
    assert [type(layer) for layer in SMALL.layers] == [
        type(layer) for layer in ALEXNET_2012_SOURCE.layers
    ]
    widths = [layer.out_channels for layer in SMALL.layers if isinstance(layer, Conv2d)]
    assert widths == [12, 32, 48, 48, 32]
    sizes = [layer.out_features for layer in SMALL.layers if isinstance(layer, Linear)]
    assert sizes == [512, 512, 125]
    pairs = zip(summarize(SMALL), summarize(ALEXNET_2012_SOURCE), strict=True)
    assert all(small.out_shape[1:] == whole.out_shape[1:] for small, whole in pairs)


# --- the modules ---
def test_the_layers_of_each_half():
    first, second = (build_half(SMALL, Wire(rank)) for rank in range(2))
    names = [name for name, _ in first.named_children()]
    fetches = [name for name in names if name.startswith("both_")]
    assert fetches == ["both_conv3", "both_fc6", "both_fc7", "both_fc8"]
    assert names[-2:] == ["both_fc8", "fc8"]
    assert [name for name, _ in second.named_children()] == names[:-1]
    assert repr(first.both_conv3) == "ReadBoth(for conv3)"
    assert repr(first.both_fc8) == "HandOver(for fc8)"
    assert isinstance(first.both_fc7, ReadBoth)
    assert isinstance(second.both_fc8, HandOver)
    assert repr(second.drop6) == "SharedDropout(p=0.5, part 1 of 2)"


def test_each_half_has_the_parameters_that_were_counted():
    for rank in range(2):
        half = build_half(SMALL, Wire(rank))
        counted = total("num_params", SMALL)[rank]
        assert sum(p.numel() for p in half.parameters()) == counted


def test_rows_cut_the_weights_and_join_puts_them_together():
    whole = build_model(SMALL).state_dict()
    halves = []
    for rank in range(2):
        found = {
            name: rows_of(tuple(tensor.shape), name.partition(".")[0], "fc8", rank)
            for name, tensor in whole.items()
        }
        kept = {name: rows for name, rows in found.items() if rows is not None}
        halves.append({name: whole[name][rows] for name, rows in kept.items()})
        build_half(SMALL, Wire(rank)).load_state_dict(halves[-1])
    joined = join_halves(*halves)
    assert joined.keys() == whole.keys()
    assert all(torch.equal(joined[name], whole[name]) for name in whole)


# --- masks that two processes share ---
def test_two_halves_draw_the_mask_of_the_whole():
    ones = torch.ones(3, 10)
    whole = SharedDropout(0.5, seed=4)(ones)
    halves = [SharedDropout(0.5, 4, part, 2)(ones[:, :5]) for part in range(2)]
    assert torch.equal(torch.cat(halves, dim=1), whole)
    assert set(whole.flatten().tolist()) == {0.0, 2.0}


def test_the_mask_has_the_rate_changes_each_time_and_rests_in_eval():
    layer = SharedDropout(0.2, seed=0)
    ones = torch.ones(100, 100, dtype=torch.float64)
    first, second = layer(ones), layer(ones)
    assert first.dtype == torch.float64
    assert (first == 0).double().mean().item() == pytest.approx(0.2, abs=0.02)
    assert not torch.equal(first, second)
    assert layer.eval()(ones) is ones


def test_share_masks_takes_the_place_of_every_dropout():
    model = build_model(SMALL)
    share_masks(model, seed=2)
    assert not any(isinstance(layer, nn.Dropout) for layer in model)
    assert isinstance(model.drop6, SharedDropout)
    assert mask_seed(2, "drop6") != mask_seed(2, "drop7")
