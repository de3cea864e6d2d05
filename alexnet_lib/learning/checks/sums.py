"""Checks of notebook 03: where the parameters of the whole network lie."""

from typing import Any

from alexnet_lib.architecture.arithmetic import LayerSummary, summarize
from alexnet_lib.architecture.variants import (
    ALEXNET_2012,
    ALEXNET_D2L,
    resized,
)
from alexnet_lib.learning.checks.engine import (
    check_table,
    exercise,
    same_integer,
    same_number,
)
from alexnet_lib.learning.result import CheckResult

THREE_DIGITS = 1e-3  # relative: 0.920 will do for 0.9204, 0.96 will not for 0.9617


@exercise("totals")
def check_totals(answers: Any) -> CheckResult:
    """Parameters of fc6, of both kinds, of all, and the share of the linear layers.

    Asked of d2l's network: the notebook prints the paper's own numbers.
    """
    rows = summarize(ALEXNET_D2L)
    conv, fc = _parameters(rows, "Conv2d"), _parameters(rows, "Linear")
    return check_table(
        answers,
        {
            "fc6": _named(rows, "fc6").num_params,
            "conv": conv,
            "fc": fc,
            "all": conv + fc,
            "fc_share": fc / (conv + fc),
        },
        name="totals",
        hints={
            "fc6": "its inputs are all the numbers that pool5 leaves",
            "conv": "add num_params over the rows whose kind is Conv2d",
            "fc": "add num_params over the rows whose kind is Linear",
            "all": "add num_params over all rows",
            "fc_share": "a number between 0 and 1, to three digits",
        },
        mistakes=_totals_mistakes(rows, conv, fc),
        compare=dict.fromkeys(("fc6", "conv", "fc", "all"), same_integer)
        | {"fc_share": same_number(THREE_DIGITS)},
    )


def _totals_mistakes(rows: list[LayerSummary], conv: int, fc: int) -> dict[str, dict]:
    fc6, fc8 = _named(rows, "fc6"), _named(rows, "fc8")
    biases = {row.name: row.out_shape[0] for row in rows if row.num_params}
    conv_biases = sum(biases[name] for name in biases if name.startswith("conv"))
    fc_biases = sum(biases.values()) - conv_biases
    colour = summarize(resized(ALEXNET_D2L, (3, *ALEXNET_D2L.input_shape[1:])))
    paper = summarize(ALEXNET_2012)
    paper_conv, paper_fc = _parameters(paper, "Conv2d"), _parameters(paper, "Linear")
    meant = "the paper's network were meant, not the book's"
    return {
        "fc6": {
            "bias forgotten": (fc6.macs, "fc6 had no biases"),
            "paper's network": (_named(paper, "fc6").num_params, meant),
            "channels only": (
                _named(rows, "pool5").out_shape[0] * biases["fc6"] + biases["fc6"],
                "each map of pool5 were one number",
            ),
        },
        "conv": {
            "paper's network": (paper_conv, meant),
            "colour": (_parameters(colour, "Conv2d"), "the pictures had colours"),
            "bias forgotten": (conv - conv_biases, "the convolutions had no biases"),
            "multiply-adds": (
                sum(row.macs for row in rows if row.kind == "Conv2d"),
                "the column of multiply-adds had been added",
            ),
            "kinds swapped": (fc, "the linear layers had been asked for"),
        },
        "fc": {
            "paper's network": (paper_fc, meant),
            "fc8 left out": (fc - fc8.num_params, "there were two linear layers"),
            "bias forgotten": (fc - fc_biases, "the linear layers had no biases"),
            "kinds swapped": (conv, "the convolutions had been asked for"),
        },
        "all": {
            "paper's network": (paper_conv + paper_fc, meant),
            "weights only": (
                conv + fc - conv_biases - fc_biases,
                "biases were no parameters",
            ),
        },
        "fc_share": {
            "paper's network": (paper_fc / (paper_conv + paper_fc), meant),
            "percent": (100 * fc / (conv + fc), "percent had been asked for"),
            "other share": (conv / (conv + fc), "it were the convolutions' share"),
            "ratio": (fc / conv, "the whole were the convolutions alone"),
        },
    }


def _parameters(rows: list[LayerSummary], kind: str) -> int:
    return sum(row.num_params for row in rows if row.kind == kind)


def _named(rows: list[LayerSummary], name: str) -> LayerSummary:
    return next(row for row in rows if row.name == name)
