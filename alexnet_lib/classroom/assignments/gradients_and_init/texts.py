"""What stands for each `{{name}}` in the master of assignment 2."""

from alexnet_lib.classroom.assignments.gradients_and_init.curve import (
    SLOPES,
    Curve,
    chain_gradients,
)
from alexnet_lib.classroom.assignments.gradients_and_init.own import Own
from alexnet_lib.classroom.assignments.gradients_and_init.sick_run import (
    CAUSES,
    DEPTH,
    PICTURES,
    WIDTH,
    as_text,
)
from alexnet_lib.classroom.assignments.gradients_and_init.start import Reach, Start

TORCH_FORMULAS = {
    "swish": "{a} * x * torch.sigmoid({b} * x)",
    "tanh": "{a} * torch.tanh({b} * x)",
    "softsign": "{a} * x / (1 + {b} * x.abs())",
}


def texts(own: Own) -> dict[str, str]:
    return {
        **_of_curve(own.curve),
        **_of_chain(own),
        "sick_table": as_text(own.sick),
        "sick_activation": own.sick.activation,
        "sick_depth": str(DEPTH),
        "sick_width": str(WIDTH),
        "sick_pictures": str(PICTURES),
        "causes": "\n".join(f'- `"{cause}"`' for cause in CAUSES),
        "cause_names": repr(list(CAUSES)),
        "sick_cause": own.sick.cause,
        "sick_where": own.sick.where,
        "sick_ratio": repr(own.sick.ratio),
        **_of_start(own.start),
        **_of_reach(own.reach),
        "depth": str(own.depth),
    }


def _of_curve(curve: Curve) -> dict[str, str]:
    shown = [-1.0, 0.5, curve.cap + 1]
    return {
        "formula": curve.formula(),
        "torch_formula": curve.formula(TORCH_FORMULAS),
        "slope_formula": curve.formula(SLOPES),
        "cap": str(curve.cap),
        "level": str(curve.value(curve.cap)),
        "at_cap": "the slope of the level part"
        if curve.level_at_cap
        else "the slope of the formula",
        "beyond": ">=" if curve.level_at_cap else ">",
        "squashed": f"    s = 1 / (1 + exp(-{curve.b} * x))\n"
        if curve.kind == "swish"
        else "",
        "slopes": "\n".join(f"slope({x})  -> {curve.slope(x):.4f}" for x in shown),
        "slope_cases": repr([(x, round(curve.slope(x), 4)) for x in shown]),
    }


def _of_chain(own: Own) -> dict[str, str]:
    weights, x, target = own.chain
    answer = chain_gradients(own.curve, weights, x, target)
    return {
        "chain": f"{weights}, {x}, {target}",
        "chain_answer": repr([round(number, 4) for number in answer]),
    }


def _of_start(start: Start) -> dict[str, str]:
    rows = ["layer   in channels   out channels   kernel   groups"]
    fans = []
    for number, layer in enumerate(start.layers, start=1):
        rows.append(
            f"conv{number} {layer.in_channels:>13} {layer.out_channels:>14} "
            f"{layer.kernel_size:>8} {layer.groups:>8}"
        )
        fans.append(f'"conv{number}": {layer.fan(start.direction)}')
    return {
        "start_table": "\n".join(rows),
        "negative_slope": str(start.negative_slope),
        "kept_size": (
            "the outputs keep their mean square on the way forward"
            if start.direction == "forward"
            else "the gradients keep their mean square on the way back"
        ),
        "fans": ", ".join(fans),
    }


def _of_reach(reach: Reach) -> dict[str, str]:
    return {
        "steepest": str(reach.steepest),
        "weight": str(reach.weight),
        "exponent": str(reach.exponent),
    }
