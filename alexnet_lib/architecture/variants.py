"""Every network the course names, by name. Pure Python.

Their numbers are typed in `full_width`, `compact`, `ablations`, `small_pictures` and
`race`, one line per layer, and nowhere else in the course.
"""

from dataclasses import replace
from difflib import get_close_matches

from alexnet_lib.architecture.ablations import (
    ALEXNET_QUARTER_BN_28,
    ALEXNET_QUARTER_BN_56,
    ALEXNET_QUARTER_BN_56_DENSE,
    ALEXNET_QUARTER_DROP0,
    ALEXNET_QUARTER_DROP2,
    ALEXNET_QUARTER_DROP8,
    ALEXNET_QUARTER_LINEAR,
    ALEXNET_QUARTER_LRN,
    ALEXNET_QUARTER_POOL2,
)
from alexnet_lib.architecture.compact import (
    ALEXNET_COLOUR_32,
    ALEXNET_D2L,
    ALEXNET_MNIST,
    ALEXNET_MODERN_28,
    ALEXNET_MODERN_32,
    ALEXNET_QUARTER,
    ALEXNET_QUARTER_BN,
    LENET5,
    LENET5_RELU,
    LENET5_RELU_AVG,
    LENET5_SIGMOID_MAX,
)
from alexnet_lib.architecture.full_width import (
    ALEXNET_2012,
    ALEXNET_2012_SOURCE,
    ALEXNET_KERAS,
    ALEXNET_ONE_TOWER,
    ALEXNET_TORCHVISION,
    CAFFENET,
)
from alexnet_lib.architecture.race import RACE_RELU, RACE_SIGMOID, RACE_TANH
from alexnet_lib.architecture.small_pictures import (
    ALEXNET_SMALL_32,
    ALEXNET_SMALL_32_FC,
    ALEXNET_SMALL_32_LOW_RANK,
    ALEXNET_SMALL_32_NO_BN,
    ALEXNET_SMALL_112,
)
from alexnet_lib.architecture.spec import ModelSpec, Shape

VARIANTS: dict[str, ModelSpec] = {
    "LENET5": LENET5,
    "LENET5_RELU": LENET5_RELU,
    "LENET5_RELU_AVG": LENET5_RELU_AVG,
    "LENET5_SIGMOID_MAX": LENET5_SIGMOID_MAX,
    "ALEXNET_2012": ALEXNET_2012,
    "ALEXNET_2012_SOURCE": ALEXNET_2012_SOURCE,
    "CAFFENET": CAFFENET,
    "ALEXNET_ONE_TOWER": ALEXNET_ONE_TOWER,
    "ALEXNET_TORCHVISION": ALEXNET_TORCHVISION,
    "ALEXNET_D2L": ALEXNET_D2L,
    "ALEXNET_MNIST": ALEXNET_MNIST,
    "ALEXNET_KERAS": ALEXNET_KERAS,
    "ALEXNET_QUARTER": ALEXNET_QUARTER,
    "ALEXNET_QUARTER_BN": ALEXNET_QUARTER_BN,
    "ALEXNET_QUARTER_BN_28": ALEXNET_QUARTER_BN_28,
    "ALEXNET_QUARTER_BN_56": ALEXNET_QUARTER_BN_56,
    "ALEXNET_QUARTER_BN_56_DENSE": ALEXNET_QUARTER_BN_56_DENSE,
    "ALEXNET_QUARTER_LRN": ALEXNET_QUARTER_LRN,
    "ALEXNET_QUARTER_POOL2": ALEXNET_QUARTER_POOL2,
    "ALEXNET_QUARTER_LINEAR": ALEXNET_QUARTER_LINEAR,
    "ALEXNET_QUARTER_DROP0": ALEXNET_QUARTER_DROP0,
    "ALEXNET_QUARTER_DROP2": ALEXNET_QUARTER_DROP2,
    "ALEXNET_QUARTER_DROP8": ALEXNET_QUARTER_DROP8,
    "ALEXNET_MODERN_28": ALEXNET_MODERN_28,
    "ALEXNET_MODERN_32": ALEXNET_MODERN_32,
    "ALEXNET_COLOUR_32": ALEXNET_COLOUR_32,
    "ALEXNET_SMALL_32": ALEXNET_SMALL_32,
    "ALEXNET_SMALL_32_NO_BN": ALEXNET_SMALL_32_NO_BN,
    "ALEXNET_SMALL_32_FC": ALEXNET_SMALL_32_FC,
    "ALEXNET_SMALL_32_LOW_RANK": ALEXNET_SMALL_32_LOW_RANK,
    "ALEXNET_SMALL_112": ALEXNET_SMALL_112,
    "RACE_RELU": RACE_RELU,
    "RACE_TANH": RACE_TANH,
    "RACE_SIGMOID": RACE_SIGMOID,
}


def find_variant(name: str) -> ModelSpec:
    """The network of this name, in capitals or not; ValueError with a suggestion."""
    if name.upper() in VARIANTS:
        return VARIANTS[name.upper()]
    close = get_close_matches(name.upper(), VARIANTS, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"they are {', '.join(VARIANTS)}"
    raise ValueError(f"no variant named {name!r}: {hint}")


def resized(
    model_spec: ModelSpec,
    input_shape: Shape | None = None,
    rounding: str | None = None,
) -> ModelSpec:
    """The same layers for pictures of another shape, or rounded the other way."""
    return replace(
        model_spec,
        input_shape=input_shape or model_spec.input_shape,
        rounding=rounding or model_spec.rounding,
    )
