"""What stands for each `{{name}}` in the master of assignment 3."""

from alexnet_lib.classroom.assignments.lrn_and_dropout import (
    colleague,
    dropping,
    normalisation,
)
from alexnet_lib.classroom.assignments.lrn_and_dropout.normalisation import (
    EDGES,
    SHARES,
    Maps,
    Rule,
    flat,
)
from alexnet_lib.classroom.assignments.lrn_and_dropout.own import Own
from alexnet_lib.classroom.assignments.lrn_and_dropout.places import FORMULAS, Row
from alexnet_lib.classroom.assignments.lrn_and_dropout.printed import Printed

SEEN = {  # the channels of a window, in the solution
    "cut": "[s for s in around if 0 <= s < len(maps)]",
    "round": "[s % len(maps) for s in around]",
    "repeat": "[min(max(s, 0), len(maps) - 1) for s in around]",
}
DIVIDED = {"sum": "", "n": " / N", "there": " / len(seen)"}
WHICH = {  # the draw that decides, in the solution
    "number": "(c * len(rows) + i) * len(row) + j",
    "map": "c",
    "place": "i * len(row) + j",
}
WAYS = {  # from somebody's alpha to the other one, in the solution of part 2
    "printed": ("ALPHA", "N * ALPHA"),
    "torch": ("ALPHA / N", "ALPHA / N"),
}


def texts(own: Own) -> dict[str, str]:
    report, task = own.report, own.task
    return {
        **_of_rule(own.rule, own.example),
        **_of_printed(own.printed),
        **_of_row(own.row),
        **_of_drop(own),
        "report": colleague.as_text(report),
        "report_p": str(report.p),
        "mistakes": "\n".join(f'- `"{name}"`' for name in colleague.MISTAKES),
        "mistake_names": repr(list(colleague.MISTAKES)),
        "report_mistake": report.mistake,
        "report_factor": repr(report.factor),
        "points": str(task.points),
        "numbers": str(task.numbers),
        "task_p": str(task.p),
        "task_seed": str(task.seed),
    }


def _rounded(maps: Maps) -> list[float]:
    return [round(x, 4) for x in flat(maps)]


def _of_rule(rule: Rule, example: Maps) -> dict[str, str]:
    after = rule.normalise(example)
    rows = ["channel    before              after"]
    for channel, ((before,), (now,)) in enumerate(zip(example, after, strict=True)):
        numbers = "".join(f"{x:9.1f}" for x in before)
        numbers += "  " + "".join(f"{x:10.4f}" for x in now)
        rows.append(f"{channel:>4} {numbers}")
    wrong = normalisation.mistakes(rule, example).items()
    return {
        "n": str(rule.n),
        "k": str(rule.k),
        "alpha": str(rule.alpha),
        "beta": str(rule.beta),
        "edge": EDGES[rule.edge],
        "share": SHARES[rule.share],
        "example": ",\n    ".join(map(repr, example)),
        "example_rows": "\n".join(rows),
        "example_maps": repr(example),
        "example_flat": repr(_rounded(after)),
        "example_wrong": repr([(hint, _rounded(maps)) for hint, maps in wrong]),
        "seen": SEEN[rule.edge],
        "divided": DIVIDED[rule.share],
    }


def _of_printed(printed: Printed) -> dict[str, str]:
    on_the_sum, other = WAYS[printed.given]
    numbers = f"n = {printed.n}, k = {printed.k}, beta = {printed.beta}"
    layer = (
        f"`torch.nn.LocalResponseNorm({printed.n}, alpha={printed.alpha}, "
        f"beta={printed.beta}, k={printed.k})`"
    )
    from_paper = (
        f"A paper prints the formula of notebook 05, alpha times the **sum** of the n "
        f"squares, with {numbers} and alpha = {printed.alpha}. Which alpha must "
        f"`torch.nn.LocalResponseNorm` get to compute the same?"
    )
    from_torch = (
        f"Somebody's network holds {layer}. A paper is to print the formula of "
        f"notebook 05, alpha times the **sum** of the n squares, for this very layer. "
        f"Which alpha must it name?"
    )
    return {
        "other_alpha_text": from_paper if printed.given == "printed" else from_torch,
        "lone": str(printed.lone),
        "of_printed": f"N, K, ALPHA, BETA = {printed.n}, {printed.k}, {printed.alpha}, "
        f"{printed.beta}",
        "on_the_sum": on_the_sum,
        "other_alpha": other,
    }


def _of_row(row: Row) -> dict[str, str]:
    known = row.commutes()
    way = "(side - window)"
    steps = f"-(-{way} // STRIDE)" if row.rounds_up else f"{way} // STRIDE"
    return {
        "act": FORMULAS[row.act].format(s=row.slope),
        "window": str(row.window),
        "stride": str(row.stride),
        "reduce_word": "largest" if row.reduce == "max" else "mean",
        "reduced": "max(seen)" if row.reduce == "max" else "sum(seen) / WINDOW**2",
        "channels": str(row.channels),
        "side": str(row.side),
        "rounding": "up" if row.rounds_up else "down",
        "steps": steps,
        **{
            f"order_{number}": "True" if commutes else "noise"
            for number, commutes in enumerate(known.values())
        },
    }


def _of_drop(own: Own) -> dict[str, str]:
    rule, (maps, draws, p, training) = own.drop, own.call
    wrong = dropping.mistakes(rule, own.call).items()
    today = rule.year == "today"
    scaled = "[[[(1 - p) * x for x in row] for row in rows] for rows in maps]"
    right = rule.apply(*own.call)
    return {
        "unit": dropping.UNITS[rule.unit],
        "drops": dropping.SIDES[rule.low_drops],
        "year": dropping.YEARS[rule.year],
        "call_maps": _indented(maps),
        "call_draws": _folded(draws),
        "call_p": str(p),
        "call_right": _indented([[_short(row) for row in rows] for rows in right]),
        "call": f"{maps}, {draws}, {p}, {training}",
        "call_flat": repr(_rounded(right)),
        "call_wrong": repr([(hint, _rounded(each)) for hint, each in wrong]),
        "tested": "maps" if today else scaled,
        "which": WHICH[rule.unit],
        "gone": "< p" if rule.low_drops else ">= 1 - p",
        "kept": "x / (1 - p)" if today else "x",
    }


def _short(row: list[float]) -> list[float]:
    return [round(x, 4) for x in row]


def _indented(maps: Maps) -> str:
    """Nested lists, a channel on each line."""
    return ",\n    ".join(map(repr, maps))


def _folded(numbers: list[float], on_a_line: int = 9) -> str:
    """A long list, some numbers on each line."""
    starts = range(0, len(numbers), on_a_line)
    lines = [", ".join(map(str, numbers[s : s + on_a_line])) for s in starts]
    return ",\n    ".join(lines)
