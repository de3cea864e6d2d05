"""Every claim is settled by its proof; with another verdict its test would fail."""

from dataclasses import replace
from functools import cache

import pytest

from alexnet_lib.learning.claims import Claim, Finding, claims

VERDICTS = ("true", "false", "depends")
ALL = pytest.mark.parametrize("claim", claims().values(), ids=lambda claim: claim.id)


@cache
def measured(claim_id: str, subject: str) -> Finding:
    """What a proof found; each is run once, for all the tests that ask."""
    return claims()[claim_id].prove(subject)


def assert_proved(claim: Claim) -> None:
    """The verdict is the measured one, and the decoy has another."""
    assert measured(claim.id, claim.subject).verdict == claim.verdict
    assert measured(claim.id, claim.decoy).verdict != claim.verdict


@ALL
def test_claim_is_proved_and_its_decoy_is_not(claim: Claim):
    assert_proved(claim)
    assert measured(claim.id, claim.subject).evidence.strip()


@ALL
def test_a_flipped_verdict_fails(claim: Claim):
    for verdict in VERDICTS:
        if verdict != claim.verdict:
            with pytest.raises(AssertionError):
                assert_proved(replace(claim, verdict=verdict))


@ALL
def test_claim_is_complete(claim: Claim):
    for field in ("source", "statement", "truth", "subject", "decoy"):
        assert getattr(claim, field).strip(), field
    assert claim.verdict in VERDICTS
    assert claim.subject != claim.decoy
    assert claim.truth.endswith((".", "!"))


def test_the_course_has_sixty_claims_and_no_two_say_the_same():
    statements = [claim.statement for claim in claims().values()]
    assert len(statements) >= 60
    assert len(set(statements)) == len(statements)
    assert {claim.verdict for claim in claims().values()} == set(VERDICTS)
