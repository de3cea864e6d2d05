"""What stands for each `{{name}}` in the master of assignment 1."""

from alexnet_lib.classroom.assignments.arithmetic_and_cost import network, wrong_table
from alexnet_lib.classroom.assignments.arithmetic_and_cost.blocks import BIASES, Block
from alexnet_lib.classroom.assignments.arithmetic_and_cost.budget import (
    FORMATS,
    OPTIMISERS,
    UNITS,
    Budget,
)
from alexnet_lib.classroom.assignments.arithmetic_and_cost.network import (
    WINDOWS,
    HouseRule,
)
from alexnet_lib.classroom.assignments.arithmetic_and_cost.own import Own
from alexnet_lib.classroom.assignments.arithmetic_and_cost.wrong_table import (
    MISTAKES,
    WrongTable,
)

BLOCK_EXAMPLE = (8, 12, 3, 10)
BLOCK_LINES = {
    "strips": (
        "middle = out_channels",
        "first = middle * in_channels * kernel_size",
        "second = out_channels * middle * kernel_size",
    ),
    "depthwise": (
        "middle = in_channels",
        "first = middle * kernel_size**2",
        "second = out_channels * middle",
    ),
    "waist": (
        "middle = in_channels // {narrower}",
        "first = middle * in_channels",
        "second = out_channels * middle * kernel_size**2",
    ),
}
BIAS_LINES = dict(
    zip(BIASES, ("out_channels + middle", "out_channels", "0"), strict=True)
)


def texts(own: Own) -> dict[str, str]:
    return {
        "network": network.as_code(own.network),
        "open_sides": ", ".join(f'"{name}": None' for name in WINDOWS),
        **_of_rule(own),
        **_of_table(own.wrong),
        **_of_block(own.block),
        **_of_budget(own.budget),
    }


def _of_rule(own: Own) -> dict[str, str]:
    rule: HouseRule = own.rule
    answers = [(window, rule.positions(*window)) for window in own.examples]
    return {
        "padding_rule": (
            "`padding` zeros are put on the left and as many on the right"
            if rule.padded_sides == 2
            else "`padding` zeros are put on the right, and none on the left"
        ),
        "rounding_rule": (
            "a last step that does not fit whole is still taken"
            if rule.rounds_up
            else "a last step that does not fit whole is not taken"
        ),
        "padded_sides": str(rule.padded_sides),
        "steps": "-(-travel // stride)" if rule.rounds_up else "travel // stride",
        "examples": "\n".join(
            f"positions{window}".ljust(32) + f"-> {answer}"
            for window, answer in answers
        ),
        "example_cases": repr(answers),
    }


def _of_table(table: WrongTable) -> dict[str, str]:
    parameters, multiply_adds = table.right
    return {
        "wrong_table": wrong_table.as_text(table),
        "mistakes": "\n".join(f'- `"{name}"`' for name in MISTAKES),
        "mistake_names": repr(list(MISTAKES)),
        "wrong_layer": table.layer,
        "wrong_mistake": table.mistake,
        "right_parameters": str(parameters),
        "right_multiply_adds": str(multiply_adds),
    }


def _of_block(block: Block) -> dict[str, str]:
    lines = [*BLOCK_LINES[block.kind], "biases = " + BIAS_LINES[block.biases]]
    return {
        "block_steps": block.steps,
        "block_biases": block.biases,
        "block_example": ", ".join(map(str, BLOCK_EXAMPLE)),
        "block_cost": str(block.cost(*BLOCK_EXAMPLE)),
        "block_lines": "\n    ".join(lines).format(narrower=block.narrower),
    }


def _of_budget(budget: Budget) -> dict[str, str]:
    copies, kept = OPTIMISERS[budget.optimiser]
    power = {"GB": "10**9", "GiB": "2**30"}[budget.unit]
    return {
        "card": f"{budget.size} {budget.unit}",
        "card_unit": f"1 {budget.unit} is `{power}` = {UNITS[budget.unit]:,} bytes",
        "card_bytes": f"{budget.size} * {power}",
        "optimiser": budget.optimiser,
        "kept": kept,
        "copies": str(copies),
        "format": budget.activations,
        "format_bytes": str(FORMATS[budget.activations]),
    }
