"""Proofs about what a network costs."""

from alexnet_lib.architecture.arithmetic import LayerSummary, summarize
from alexnet_lib.architecture.memory import BYTES_PER_NUMBER, GB
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.learning.claims import Finding

NEARLY = 0.85  # of the number named: from here on we let "nearly" pass


def sixty_million(subject: str) -> Finding:
    """Has this variant 60 million parameters, and not yet 61?"""
    rows = summarize(find_variant(subject))
    total = sum(row.num_params for row in rows)
    fits = 60 <= total / 10**6 < 61
    return Finding("true" if fits else "false", f"{total:,} parameters")


def big_layers_take_one_gb(subject: str) -> Finding:
    """Do fc6 and fc7 take nearly 1 GB, for 'variant, float32 numbers a parameter'?"""
    name, copies = (word.strip() for word in subject.split(","))
    rows = summarize(find_variant(name))
    numbers = sum(row.num_params for row in rows if row.name in ("fc6", "fc7"))
    size = numbers * BYTES_PER_NUMBER * int(copies)
    evidence = (
        f"{numbers:,} parameters x {BYTES_PER_NUMBER} bytes x {copies} = "
        f"{size / GB:.2f} GB"
    )
    return Finding("true" if NEARLY <= size / GB <= 1 else "false", evidence)


def linear_layers_hold_95_percent(subject: str) -> Finding:
    """Do the linear layers hold 95 % or more, in each of 'variant, variant, ...'?"""
    shares = {}
    for name in (word.strip() for word in subject.split(",")):
        rows = summarize(find_variant(name))
        linear = sum(row.num_params for row in rows if row.kind == "Linear")
        shares[name] = linear / sum(row.num_params for row in rows)
    evidence = ", ".join(f"{name} {share:.2%}" for name, share in shares.items())
    found = {share >= 0.95 for share in shares.values()}
    if len(found) == 2:
        return Finding("depends", evidence)
    return Finding("true" if found == {True} else "false", evidence)


def most_weights_is_most_work(subject: str) -> Finding:
    """Is the layer with the most parameters the one with the most multiply-adds?"""
    rows = summarize(find_variant(subject))
    heaviest = max(rows, key=lambda row: row.num_params)
    busiest = max(rows, key=lambda row: row.macs)
    evidence = f"most parameters in {_costs(heaviest)}; most work in {_costs(busiest)}"
    return Finding("true" if heaviest.name == busiest.name else "false", evidence)


def _costs(row: LayerSummary) -> str:
    return f"{row.name} ({row.num_params:,} parameters, {row.macs:,} multiply-adds)"
