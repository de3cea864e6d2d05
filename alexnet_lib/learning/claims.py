"""Claims about AlexNet, each with a proof that returns the verdict it measured.

`claims.yaml` holds one entry per claim:

    notebook: where its card is shown
    source: who says so
    statement: the claim, in our words
    verdict: true | false | depends
    truth: what is the case, in one sentence
    proof: module.function of `learning/proofs/`
    subject, decoy: what the proof is run on; the decoy gives another verdict
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Literal

import yaml

Verdict = Literal["true", "false", "depends"]


@dataclass(frozen=True)
class Finding:
    """What a proof measured: the verdict, and the evidence in one line."""

    verdict: Verdict
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    id: str
    notebook: str
    source: str
    statement: str
    verdict: Verdict
    truth: str
    proof: str
    subject: str
    decoy: str

    def prove(self, subject: str | None = None) -> Finding:
        """Run the proof, on the claim's own subject unless another is named."""
        module, _, function = self.proof.partition(".")
        proofs = import_module(f"alexnet_lib.learning.proofs.{module}")
        return getattr(proofs, function)(subject or self.subject)


@cache
def claims() -> dict[str, Claim]:
    """All claims of the course, by id."""
    path = files("alexnet_lib.learning") / "claims.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {key: Claim(id=key, **entry) for key, entry in entries.items()}


def claims_of(notebook: str) -> list[Claim]:
    """The claims whose cards one notebook shows."""
    return [claim for claim in claims().values() if claim.notebook == notebook]
