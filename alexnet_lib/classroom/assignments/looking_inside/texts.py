"""What stands for each `{{name}}` in the master of assignment 5."""

from collections.abc import Iterable

from alexnet_lib.classroom.assignments.looking_inside import own as drawn
from alexnet_lib.classroom.assignments.looking_inside import sight
from alexnet_lib.classroom.assignments.looking_inside.enlarged import (
    Enlargement,
    Spread,
    Tolerance,
)
from alexnet_lib.classroom.assignments.looking_inside.own import Own
from alexnet_lib.classroom.assignments.looking_inside.posted_map import (
    MISTAKES,
    PostedMap,
)
from alexnet_lib.classroom.assignments.looking_inside.surgery import VOTES

CHANNELS_OF_RUN = 6
COPIED = "[pixel for pixel in line for _ in range({factor})]"
ENLARGE = {
    "copied": ("return " + COPIED,),
    "smoothed": (
        "copied = " + COPIED,
        "return [(a + b) / 2 for a, b in zip(copied, [*copied[1:], copied[-1]])]",
    ),
    "mixed": (
        "longer, last = [], len(line) - 1",
        "for place in range({factor} * len(line)):",
        "    where = min(max((place + 0.5) / {factor} - 0.5, 0), last)",
        "    left = int(where)",
        "    right = line[min(left + 1, last)]",
        "    longer.append((1 - where + left) * line[left] + (where - left) * right)",
        "return longer",
    ),
}
ONE_EACH = "[c for i, c in enumerate(calls) if c[0] not in [o[0] for o in {others}]]"
KEPT = {
    "every": "calls",
    "first": ONE_EACH.format(others="calls[:i]"),
    "last": ONE_EACH.format(others="calls[i + 1 :]"),
}
VOTE_TEXTS = dict(
    zip(
        VOTES,
        (
            "the logit of the class that is named",
            "the lead over the runner-up (the logit of the class that is named, minus "
            "that of the class that comes second in the uncut network)",
            "the lead over the rest (the logit of the class that is named, minus the "
            "mean of the other classes' logits)",
        ),
        strict=True,
    )
)
VOTE_WEIGHTS = dict(
    zip(
        VOTES,
        (
            "w[said]",
            "w[said] - w[order[1]]",
            "w[said] - np.delete(w, said, axis=0).mean(axis=0)",
        ),
        strict=True,
    )
)


def texts(own: Own) -> dict[str, str]:
    return {
        **_of_listening(own),
        **_of_sight(own),
        **_of_enlargement(own.enlargement),
        **_of_tolerance(own.tolerance, own.spread),
        **_of_surgery(own),
        **_of_map(own.map),
        "channels": str(CHANNELS_OF_RUN),
        "steps": str(drawn.STEPS),
        "rate": str(drawn.RATE),
        "decay": str(own.decay),
    }


def _of_listening(own: Own) -> dict[str, str]:
    rule, case = own.listening, own.heard
    layers, order, numbers, names = case.args
    calls = {
        "every": "one for every call",
        "first": "only for the first call of each layer",
        "last": "only for the last call of each layer",
    }
    given = rule.moment == "given"
    return {
        "moment": "is given" if given else "gives",
        "calls": calls[rule.calls],
        "direction": (
            "the latest call first" if rule.latest_first else "the earliest call first"
        ),
        "heard_layers": _lines(layers),
        "heard_order": str(order),
        "heard_numbers": str(numbers),
        "heard_names": str(names),
        "heard_answer": _lines(rule.record(case)),
        "hook_takes": "layer, given" if given else "layer, given, result",
        "hook_keeps": "given" if given else "result",
        "register": "register_forward_pre_hook" if given else "register_forward_hook",
        "kept_calls": KEPT[rule.calls],
        "kept_order": "kept[::-1]" if rule.latest_first else "kept",
    }


def _of_sight(own: Own) -> dict[str, str]:
    unit = own.unit
    windows, size, pixel = own.watched
    return {
        "watched": f"{_lists(windows)}, {size}, {pixel}",
        "watchers": str(sight.watchers(windows, size, pixel)),
        "height": str(unit.height),
        "width": str(unit.width),
        "unit_windows": _lists(unit.windows),
        "unit_row": str(unit.row),
        "unit_column": str(unit.column),
    }


def _lists(windows: sight.Windows) -> str:
    return str([list(window) for window in windows])


def _of_enlargement(enlargement: Enlargement) -> dict[str, str]:
    lines = "\n    ".join(ENLARGE[enlargement.kind])
    return {
        "small": str(enlargement.small),
        "factor": str(enlargement.factor),
        "window_kernel": str(enlargement.kernel),
        "window_stride": str(enlargement.stride),
        "window_place": str(enlargement.place),
        "enlarge_lines": lines.format(factor=enlargement.factor),
    }


def _of_tolerance(tolerance: Tolerance, spread: Spread) -> dict[str, str]:
    least = tolerance.least
    by_largest = tolerance.measure == "largest"
    return {
        "counts_when": (
            f"its singular value is more than {least} of the largest one"
            if by_largest
            else f"the square of its singular value is more than {least} of the sum of "
            f"all their squares"
        ),
        "counted": (
            f"sizes > {least} * sizes[0]"
            if by_largest
            else f"sizes**2 > {least} * (sizes**2).sum()"
        ),
        "spread_rows": _lines([_short(row, 4) for row in spread.rows]),
        "spread_kernel": str(spread.kernel),
        "spread_length": str(len(spread.kernel)),
        "spread_dimensions": str(spread.dimensions),
        "spread_part": str(_short(spread.part, 2)),
    }


def _of_surgery(own: Own) -> dict[str, str]:
    rule, head = own.surgery, own.head
    channels, share = rule.operate(head)
    return {
        "level": str(rule.level),
        "vote_for": VOTE_TEXTS[rule.votes],
        "vote_weights": VOTE_WEIGHTS[rule.votes],
        "head_weights": _lines(head.weights),
        "head_biases": str(head.biases),
        "head_active": str(head.active),
        "head_answer": str([channels, round(share, 4)]),
    }


def _of_map(posted: PostedMap) -> dict[str, str]:
    looker = posted.looker
    return {
        "map_size": str(len(looker.picture)),
        "map_picture": _lines(looker.picture),
        "map_detectors": _lines(
            [
                "[" + ", ".join(str((list(r), list(c))) for r, c in pairs) + "]"
                for pairs in looker.detectors
            ]
        ),
        "map_cover": str(looker.cover),
        "map_side": str(looker.side),
        "map_step": str(looker.step),
        "map_positions": str(len(posted.posted)),
        "posted": posted.as_text(),
        "map_mistakes": "\n".join(f'- `"{name}"`' for name in MISTAKES),
        "map_mistake_names": repr(list(MISTAKES)),
        "map_mistake": posted.mistake,
    }


def _short(numbers: Iterable[float], digits: int) -> list[float]:
    return [round(number, digits) + 0.0 for number in numbers]  # no -0.0


def _lines(entries: Iterable) -> str:
    """A list as code, one entry a line."""
    return "\n".join(["[", *(f"    {entry}," for entry in entries), "]"])
