"""The reader's verdicts on claims, kept on this machine: the first one counts."""

from dataclasses import dataclass

from alexnet_lib.learning import progress
from alexnet_lib.learning.claims import Claim, Verdict, claims


def stamp(claim_id: str, verdict: Verdict) -> None:
    """Keep a verdict on a claim; after the proof has been seen, none is kept."""
    if claim_id not in progress.read("stamps"):
        progress.write("stamps", claim_id, verdict)


@dataclass(frozen=True)
class Stamped:
    """How the reader's first verdicts compare with the measured ones."""

    right: tuple[Claim, ...]
    fooled_by: tuple[Claim, ...]

    def __repr__(self) -> str:
        judged = len(self.right) + len(self.fooled_by)
        if not judged:
            return (
                f"no claim judged yet, of {len(claims())}: the cards at the end of "
                "each notebook keep your first verdict"
            )
        lines = [
            f"{judged} of {len(claims())} claims judged, {len(self.right)} rightly"
        ]
        lines += [
            f"  {claim.notebook}, {claim.verdict}: {claim.statement}"
            for claim in self.fooled_by
        ]
        return "\n".join(lines)


def stamped() -> Stamped:
    """The reader's own stamps; claims that the course no longer has are left out."""
    kept = progress.read("stamps")
    judged = [claim for claim in claims().values() if claim.id in kept]
    right = tuple(claim for claim in judged if kept[claim.id] == claim.verdict)
    return Stamped(right, tuple(claim for claim in judged if claim not in right))
