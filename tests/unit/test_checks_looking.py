"""Checks and proofs of notebook 08: each wrong answer fails and is named."""

from functools import partial

import pytest
import torch

from alexnet_lib.architecture.arithmetic import receptive_field
from alexnet_lib.architecture.variants import ALEXNET_2012, ALEXNET_D2L
from alexnet_lib.inside.patches import line_basis, line_windows, seen_part
from alexnet_lib.inside.recorder import ActivationRecorder
from alexnet_lib.learning import shipped
from alexnet_lib.learning.checks import fields, hooks, windows
from alexnet_lib.learning.claims import claims, claims_of
from tests.unit.checking import EqualsEverything, assert_check_is_fair, raiser, stub


# --- the hook -------------------------------------------------------------------------
def with_the_recorder(network, images):
    names = [name for name, _ in network.named_children()]
    with ActivationRecorder(network, names) as recorder:
        network(images)
    return {name: recorder[name] for name in names}


def by_copying_numbers(network, images):
    found, handles = {}, []

    def listen(name):
        def hook(layer, inputs, output):
            found[name] = output.detach().numpy().copy()

        return hook

    try:
        for name, layer in network.named_children():
            handles.append(layer.register_forward_hook(listen(name)))
        network(images)
    finally:
        for handle in handles:
            handle.remove()
    return {name: torch.from_numpy(value) for name, value in found.items()}


def test_record():
    assert_check_is_fair(
        hooks.check_record,
        right=[hooks.record, with_the_recorder, by_copying_numbers],
        wrong={name: wrong for name, (_says, wrong) in hooks.HOOK_MISTAKES.items()},
        todo=stub,
    )


@pytest.mark.parametrize("name", hooks.HOOK_MISTAKES)
def test_a_wrong_hook_is_told_what_it_did(name):
    says, wrong = hooks.HOOK_MISTAKES[name]
    assert says in hooks.check_record(wrong).message


def test_detach_is_no_copy():
    result = hooks.check_record(hooks.any_record(copy=torch.detach))
    assert result.mistake == "not cloned"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ([1], "it should be a dict, not list"),
        ({"first": 1.0}, "'first' should be a tensor, not float"),
        ({"first": torch.ones(1)}, "its names are ['first'], not ['first', 'last', "),
        (dict.fromkeys(("first", "last", "relu"), torch.ones(1)), "has shape (1,)"),
        (None, "does record end with a return?"),
    ],
)
def test_odd_recordings_hear_what_is_odd(answer, says):
    assert says in hooks.check_record(lambda network, images: answer).message


def test_an_error_of_the_learners_own_is_told():
    assert "raised ZeroDivisionError" in hooks.check_record(raiser).message
    assert hooks.check_record(3).status == "failed"


# --- the rank -------------------------------------------------------------------------
def by_eigenvalues(rows):
    sizes = torch.linalg.eigvalsh(rows.T @ rows)
    return int((sizes > 1e-12 * sizes.max()).sum())


def test_count_dimensions():
    assert_check_is_fair(
        windows.check_count_dimensions,
        right=[
            windows.dimensions,
            by_eigenvalues,
            lambda rows: torch.linalg.matrix_rank(rows, rtol=1e-9).item(),
        ],
        wrong={m.name: m.function for m in windows.RANK_MISTAKES},
        todo=stub,
    )


def test_the_cases_of_the_rank_are_what_they_say():
    found = [windows.dimensions(*case.args) for case in windows.rank_cases()]
    assert found == [16, 25, 16, 25, 121, 3]


@pytest.mark.parametrize("mistake", windows.RANK_MISTAKES, ids=lambda m: m.name)
def test_a_wrong_rank_is_told_what_it_is(mistake):
    result = windows.check_count_dimensions(mistake.function)
    assert mistake.says in result.message
    assert " 16" not in result.message
    assert " 25" not in result.message


# --- the projection -------------------------------------------------------------------
def with_einsum(kernels, basis):
    return torch.einsum(
        "ai,bi,cbd,ej,dj->cae", basis, basis, kernels[:, 0], basis, basis
    )


def as_whole_windows(kernels, basis):
    both = torch.kron(basis, basis)  # (121, r * r)
    return (kernels.flatten(2) @ both @ both.T).view_as(kernels)


def test_project():
    assert_check_is_fair(
        windows.check_project,
        right=[
            windows.seen_part,
            as_whole_windows,
            lambda kernels, basis: basis @ (basis.T @ kernels @ basis) @ basis.T,
        ],
        wrong={m.name: m.function for m in windows.PROJECTION_MISTAKES},
        todo=stub,
    )


@pytest.mark.parametrize("mistake", windows.PROJECTION_MISTAKES, ids=lambda m: m.name)
def test_a_wrong_projection_is_told_what_it_is(mistake):
    assert mistake.says in windows.check_project(mistake.function).message


def test_a_projection_that_is_a_little_off_fails():
    def off(kernels, basis):
        return windows.seen_part(kernels, basis) + 2 * windows.TOLERANCE

    assert "some of its numbers differ" in windows.check_project(off).message
    assert "its shape is" in windows.check_project(with_einsum).message


# --- the field ------------------------------------------------------------------------
def by_walking_forward(windows, position):
    first, jump, size = 0, 1, 1
    for kernel, stride, padding in windows:
        first -= padding * jump
        size += (kernel - 1) * jump
        jump *= stride
    return first + position * jump, first + position * jump + size - 1


def test_field():
    assert_check_is_fair(
        fields.check_field,
        right=[fields.field, by_walking_forward],
        wrong={m.name: m.function for m in fields.FIELD_MISTAKES},
        todo=stub,
    )


@pytest.mark.parametrize("mistake", fields.FIELD_MISTAKES, ids=lambda m: m.name)
def test_a_wrong_field_is_told_what_it_is(mistake):
    assert mistake.says in fields.check_field(mistake.function).message


def test_fields_are_as_large_as_the_arithmetic_says():
    for spec, layer in ((ALEXNET_2012, "conv5"), (ALEXNET_D2L, "pool5")):
        first, last = fields.field(fields.windows_of(spec, layer), 3)
        assert last - first + 1 == receptive_field(spec, layer)
    with pytest.raises(ValueError, match="has no layer 'conv9'"):
        fields.windows_of(ALEXNET_D2L, "conv9")


def test_a_field_is_a_pair_of_whole_numbers():
    assert "it should be a pair" in fields.check_field(lambda w, p: 3).message
    assert "whole number" in fields.check_field(lambda w, p: (1.5, 2)).message
    cheat = partial(lambda w, p: (EqualsEverything(), EqualsEverything()))
    assert fields.check_field(cheat).status == "failed"


# --- what is shipped ------------------------------------------------------------------
def test_the_first_of_the_shipped_networks_is_taken():
    found = shipped.first_shipped("no_such_network", "quarter", "lenet")
    assert found.name == "quarter"
    assert found.network.variant == "ALEXNET_QUARTER_BN"
    assert "from weights/quarter.safetensors; history of its filters: " in str(found)
    lenet = shipped.first_shipped("lenet")
    assert lenet.history is None
    assert str(lenet).endswith("history of its filters: not shipped")
    with pytest.raises(FileNotFoundError, match="the course ships none of a, b: `pyth"):
        shipped.first_shipped("a", "b")


def test_the_start_of_a_shipped_network_can_be_drawn_again():
    """What the pictures cannot see is still there, number for number."""
    network = shipped.first_shipped("quarter").network
    state = torch.get_rng_state()
    start = shipped.beginning(network).conv1.weight.detach()
    assert torch.equal(torch.get_rng_state(), state)
    end = network.model.conv1.weight.detach()
    basis = line_basis(line_windows(28, 224, 11, 4, 1))
    was, now = (kernels - seen_part(kernels, basis) for kernels in (start, end))
    cosine = torch.nn.functional.cosine_similarity
    assert cosine(was.flatten(), now.flatten(), dim=0) > 0.999
    assert cosine(start.flatten(), end.flatten(), dim=0) < 0.95


def test_pictures_are_prepared_as_in_training():
    network = shipped.first_shipped("quarter").network
    images = torch.full((2, 1, 28, 28), 255, dtype=torch.uint8)
    prepared = shipped.prepare(network, images)
    assert prepared.shape == (2, 1, 224, 224)
    (mean,), (std,) = network.normalise
    assert prepared[0, 0, 0, 0].item() == pytest.approx((1 - mean) / std)


# --- the proofs -----------------------------------------------------------------------
@pytest.mark.parametrize("claim", claims_of("08"), ids=lambda claim: claim.id)
def test_every_claim_is_proved_and_its_decoy_told_apart(claim):
    assert claim.prove().verdict == claim.verdict
    assert claim.prove(claim.decoy).verdict != claim.verdict


@pytest.mark.parametrize(
    ("claim", "subject", "says"),
    [
        ("filters-are-learned-whole", None, "span 25 of 121 dimensions"),
        ("filters-are-learned-whole", "28, 224, 11, 4, 0", "span 16 of 121 dim"),
        (
            "deep-filters-are-pictures",
            None,
            "a filter of conv2 in ALEXNET_2012 reads 96",
        ),
        ("last-convolution-sees-all", None, "a unit sees 195 x 195 of 227 x 227"),
        (
            "bright-saliency-is-cause",
            None,
            "saliency is 5 and 1; covered with black, a costs 0 and b 1",
        ),
    ],
)
def test_proofs_say_what_they_measured(claim, subject, says):
    assert says in claims()[claim].prove(subject).evidence
