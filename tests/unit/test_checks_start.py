"""Checks and proofs of notebook 00: each wrong answer fails and is named."""

import hashlib
from math import prod

import numpy as np
import pytest
import torch

from alexnet_lib.data import CLASS_NAMES, DataSet
from alexnet_lib.learning.checks.start import (
    NUMBER_MISTAKES,
    check_count_numbers,
    check_pixel_facts,
    checksum,
    pixel_facts,
)
from alexnet_lib.learning.claims import claims_of
from alexnet_lib.learning.content import notebook_content
from alexnet_lib.learning.proofs import start as proofs
from alexnet_lib.runtime import course_file
from alexnet_lib.training.records import load_record
from tests.unit.checking import EqualsEverything, assert_check_is_fair, stub

NAMES = CLASS_NAMES["FashionMNIST"]


@pytest.fixture(scope="module")
def clothes() -> DataSet:
    """Forty tiny pictures of noise: dark training pictures, lighter test pictures."""
    draw = torch.Generator().manual_seed(0)
    train = torch.randint(0, 256, (40, 1, 28, 28), generator=draw, dtype=torch.uint8)
    train[torch.rand(train.shape, generator=draw) < 0.5] = 0
    test = torch.randint(9, 250, (20, 1, 28, 28), generator=draw, dtype=torch.uint8)
    return DataSet(
        name="FashionMNIST",
        source="stand-in",
        note="noise",
        class_names=NAMES,
        train_images=train,
        train_labels=torch.arange(40) % 10,
        test_images=test,
        test_labels=torch.arange(20) % 10,
        root=None,
    )


# --- count_numbers --------------------------------------------------------------------
def by_loop(shape):
    total = 1
    for size in shape:
        total *= size
    return total


def test_count_numbers():
    assert_check_is_fair(
        check_count_numbers,
        right=[by_loop, prod, lambda shape: torch.zeros(shape).numel(), np.prod],
        wrong={mistake.name: mistake.function for mistake in NUMBER_MISTAKES},
        todo=stub,
    )


@pytest.mark.parametrize("mistake", NUMBER_MISTAKES, ids=lambda mistake: mistake.name)
def test_count_numbers_says_what_the_mistake_does(mistake):
    assert mistake.says in check_count_numbers(mistake.function).message


def test_count_numbers_says_nothing_of_the_answer():
    for wrong in (lambda shape: 0, lambda shape: 3.0 * shape[1], lambda shape: None):
        result = check_count_numbers(wrong)
        assert result.status == "failed"
        assert "784" not in result.message


def test_count_numbers_wants_a_whole_number():
    result = check_count_numbers(lambda shape: float(prod(shape)))

    assert result.status == "failed"
    assert "whole number (int), not float" in result.message


@pytest.mark.parametrize("cheat", [784, None])
def test_count_numbers_wants_a_function(cheat):
    assert check_count_numbers(cheat).status == "failed"


# --- pixel_facts ----------------------------------------------------------------------
EMPTY = {"smallest": None, "largest": None, "mean": None, "md5": None}


def by_torch(images):
    pixels = images / 255
    return {
        "smallest": pixels.min(),
        "largest": pixels.max(),
        "mean": pixels.mean(),
        "md5": hashlib.md5(images.numpy().tobytes()).hexdigest(),
    }


def by_numpy(images):
    flat = images.numpy().ravel() / np.float64(255)
    digits = hashlib.md5(bytes(images.flatten().tolist())).hexdigest().upper()
    return {
        "smallest": float(flat.min()),
        "largest": np.float32(flat.max()),
        "mean": flat.sum() / flat.size,
        "md5": digits,
    }


FACT_MISTAKES = {
    ("smallest", "extremes swapped"): lambda c: 1.0,
    ("smallest", "black left out"): lambda c: 1 / 255,
    ("largest", "not divided"): lambda c: c.train_images.max(),
    ("largest", "divided by 256"): lambda c: c.train_images.max().item() / 256,
    ("largest", "percent"): lambda c: 100.0,
    ("mean", "not divided"): lambda c: c.train_images.float().mean(),
    ("mean", "divided by 256"): lambda c: c.train_images.float().mean().item() / 256,
    ("mean", "percent"): lambda c: 100 * (c.train_images / 255).mean(),
    ("mean", "first picture"): lambda c: (c.train_images[0] / 255).mean(),
    ("mean", "test pictures"): lambda c: (c.test_images / 255).mean(),
    ("mean", "middle"): lambda c: 0.5,
    ("mean", "black left out"): lambda c: (
        c.train_images[c.train_images > 0].float().mean() / 255
    ),
    ("md5", "test pictures"): lambda c: checksum(c.test_images),
    ("md5", "first picture"): lambda c: checksum(c.train_images[0]),
    ("md5", "labels"): lambda c: checksum(c.train_labels),
    ("md5", "divided"): lambda c: checksum(c.train_images / 255),
    ("md5", "floats"): lambda c: checksum(c.train_images.float()),
}


@pytest.mark.parametrize("key", EMPTY)
def test_pixel_facts(key, clothes):
    facts = pixel_facts(clothes.train_images)
    wrong = {m: f(clothes) for (k, m), f in FACT_MISTAKES.items() if k == key}

    assert_check_is_fair(
        lambda answers: check_pixel_facts(answers, clothes),
        right=[make(clothes.train_images) for make in (by_torch, by_numpy)],
        wrong={mistake: facts | {key: value} for mistake, value in wrong.items()},
        todo=EMPTY,
        at_least=2,
    )


def test_the_largest_of_the_first_picture_is_named(clothes):
    first = clothes.train_images.clone()
    first[0] = 100
    dark_start = DataSet(**{**vars(clothes), "train_images": first})
    answers = pixel_facts(first) | {"largest": 100 / 255}

    assert check_pixel_facts(answers, dark_start).mistake == "first picture"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (hashlib.md5(b"x"), "it should be a text (str)"),
        (hashlib.md5(b"x").digest(), "`.hexdigest()` gives one"),
        (hashlib.sha256(b"x").hexdigest(), "32 hexadecimal digits, this text has 64"),
        (hashlib.md5(b"x").hexdigest(), "these bytes have another checksum"),
    ],
)
def test_a_checksum_of_another_kind_is_told_apart(wrong, says, clothes):
    answers = pixel_facts(clothes.train_images) | {"md5": wrong}

    result = check_pixel_facts(answers, clothes)

    assert result.status == "failed"
    assert says in result.message


def test_pixel_facts_never_shows_the_answer(clothes):
    right = pixel_facts(clothes.train_images)
    for key in right:
        result = check_pixel_facts(right | {key: "nonsense"}, clothes)
        assert result.status == "failed"
        assert str(right["md5"]) not in result.message
        assert str(right["mean"])[:6] not in result.message


def test_half_of_the_pixel_facts_is_still_to_do(clothes):
    half = EMPTY | {"smallest": 0.0}
    assert "'largest'] is still open" in check_pixel_facts(half, clothes).message


@pytest.mark.parametrize("key", EMPTY)
def test_pixel_facts_cannot_be_cheated(key, clothes):
    answers = pixel_facts(clothes.train_images) | {key: EqualsEverything()}

    assert check_pixel_facts(answers, clothes).status == "failed"
    assert check_pixel_facts(EqualsEverything(), clothes).status == "failed"


# --- words and claims -----------------------------------------------------------------
def test_both_exercises_have_hints_and_both_bets_their_options():
    content = notebook_content("00")

    assert set(content["hints"]) == {"count_numbers", "pixel_facts"}
    assert content["predictions"]["00-conv1-side"]["options"][:3] == ["54", "55", "56"]
    assert len(content["predictions"]["00-shirt"]["options"]) == 4


def test_the_bet_on_shirts_can_be_won():
    row = load_record(course_file(proofs.RECORD)).confusion[NAMES.index("Shirt")]
    wrong = {name: n for name, n in zip(NAMES, row, strict=True) if name != "Shirt"}
    bet = notebook_content("00")["predictions"]["00-shirt"]

    assert f"{sum(row):,} pictures labelled Shirt" in bet["question"]
    assert max(wrong, key=wrong.get) in bet["options"]


@pytest.mark.parametrize("claim", claims_of("00"), ids=lambda claim: claim.id)
def test_each_claim_has_its_verdict_and_its_decoy_another(claim):
    assert claim.prove().verdict == claim.verdict
    assert claim.prove(claim.decoy).verdict != claim.verdict


def test_the_card_says_what_the_record_says():
    card, confusion = (
        notebook_content("00")["who_is_right"],
        load_record(course_file(proofs.RECORD)).confusion,
    )
    rows = {name: confusion[NAMES.index(name)] for name in ("Sneaker", "Ankle boot")}
    found = {name: row[NAMES.index(name)] for name, row in rows.items()}

    assert found["Sneaker"] > found["Ankle boot"]
    for row in rows.values():
        assert f"{sum(row):,}" in card["question"]


def test_the_evidence_names_what_was_counted():
    finding = proofs.eight_layers_with_weights("ALEXNET_2012, LENET5")

    assert finding.evidence == (
        "convolutions + linear: ALEXNET_2012: 5 + 3; LENET5: 2 + 3"
    )
