"""The errors of the contest of 2012, as the paper prints them (section 6, Table 2)."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row; errors in per cent; top5_test is None where none was printed."""

    networks: int  # whose answers were averaged
    pretrained: int  # of these, on 15 million pictures of 22,000 kinds
    top1_valid: float
    top5_valid: float
    top5_test: float | None = None


RESULTS = (
    Entry(networks=1, pretrained=0, top1_valid=40.7, top5_valid=18.2),
    Entry(networks=5, pretrained=0, top1_valid=38.1, top5_valid=16.4, top5_test=16.4),
    Entry(networks=1, pretrained=1, top1_valid=39.0, top5_valid=16.6),
    Entry(networks=7, pretrained=2, top1_valid=36.7, top5_valid=15.4, top5_test=15.3),
)
