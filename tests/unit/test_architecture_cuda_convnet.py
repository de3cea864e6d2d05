"""The configuration files of 2012 read back, and what is said of a faulty one."""

import pytest

from alexnet_lib.architecture import initialisation, spec
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.cuda_convnet import (
    course_file_text,
    parse,
    read_network,
    starting_weights,
    to_layers,
)
from alexnet_lib.architecture.variants import ALEXNET_2012_SOURCE

LAYERS, PARAMS = (course_file_text(f"{n}_145.cfg") for n in ("layers", "params"))


def read(layers: str = LAYERS, params: str = PARAMS) -> spec.ModelSpec:
    return read_network(layers, params, ALEXNET_2012_SOURCE.name, (3, 224, 224))


def test_configuration_145_is_the_network_of_the_course():
    """Two tables typed apart, in two forms: neither was made from the other."""
    assert read() == ALEXNET_2012_SOURCE
    assert sum(row.num_params for row in summarize(read())) == 60_965_224


def test_the_starting_weights_are_those_of_the_initialisation():
    starts = starting_weights(LAYERS)
    stds = {
        name: initialisation.STD_SOURCE.get(name, initialisation.STD_2012)
        for name in starts
    }
    assert starts == {
        name: (std, float(name in initialisation.BIAS_ONE))
        for name, std in stds.items()
    }
    assert len(starts) == 8


def test_the_file_lists_what_the_course_leaves_out():
    types = {title: section["type"] for title, section in parse(LAYERS).items()}
    assert [t for t, kind in types.items() if kind == "rnorm"] == ["cnorm2a"]
    assert to_layers("cnorm2a", {"type": "rnorm"}) == []


@pytest.mark.parametrize(
    ("old", "new", "groups"),
    [
        ("inputs=pool1a", "inputs=pool1a,pool1b", [1, 1, 1, 2, 2]),
        ("inputs=pool2a,pool2b", "inputs=pool2a", [1, 2, 2, 2, 2]),
    ],
)
def test_groups_follow_from_what_a_layer_reads(old, new, groups):
    layers = read(LAYERS.replace(old, new)).layers
    found = [each.groups for each in layers if isinstance(each, spec.Conv2d)]
    assert found == groups


def test_a_network_without_linear_layers_is_not_flattened():
    upto = LAYERS.partition("[conv3a]")[0]
    kinds = [type(layer) for layer in read(upto).layers]
    assert spec.Flatten not in kinds
    assert len(kinds) == 8


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("filterSize=11\n", "", "conv1a lacks 'filterSize': it has type, inputs, filt"),
        ("filters=48", "filters=many", "conv1a: filters is 'many', which is no number"),
        ("inputs=norm1a", "inputs=norm9a", "pool1a reads 'norm9a', and no layer above"),
        ("inputs=conv3a", "inputs=conv5a", "conv4a reads 'conv5a', and no layer above"),
        ("type=hs", "type=dropout", "drop6a is of type 'dropout', which this reader"),
        ("[data]", "data", "this is not a file of cuda-convnet: File contains no sect"),
        ("[conv2a]", "[conv1a]", "this is not a file of cuda-convnet: While reading"),
        ("initW=0.01", "initW=small", "conv1a: initW is 'small', which is no number"),
    ],
)
def test_what_is_said_of_a_faulty_file(old, new, message):
    faulty = LAYERS.replace(old, new)
    assert faulty != LAYERS
    with pytest.raises(ValueError, match=f"^{message}"):
        starting_weights(faulty) if "initW" in old else read(faulty)


def test_the_parameter_file_is_needed():
    with pytest.raises(ValueError, match="norm1a lacks 'scale': it has type, inputs"):
        read(params="")
